/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The long run: all programs that are modules run side by side, the timer comes after random times, and at each tick a
 * task chosen at random is checkpointed, destroyed and restarted. That may be the one that was interrupted, at whatever
 * instruction, or one that waits. Programs check themselves; one that ends well is begun again. After the last round they
 * are let run to their ends.
 */
#include "console.h"
#include "cr.h"
#include "crc32.h"
#include "elf.h"
#include "options.h"
#include "printf.h"
#include "random.h"
#include "store.h"
#include "string.h"
#include "tap.h"
#include "timer.h"
#include "watch.h"
#include "witness.h"

#define PROGRESS 1000 /* rounds from one line to the next, and from one search for lost frames to the next */

static struct {
	struct random random;
	u32 frames; /* free when there is no task and no image */
	u32 rounds, ended;
	char again[TASKS][CR_TASK_COMM_LEN]; /* programs to begin again at the next tick */
	u32 agains;
	u32 trace;	     /* a checksum of which tasks were restarted, and where */
	const char *trouble; /* NULL: none so far */
} soak;

static void fail(const char *why)
{
	if (!soak.trouble)
		soak.trouble = why;
}

static void destroy_all(void)
{
	while (current)
		task_destroy(current);
}

static bool is_program(const struct image *i)
{
	return store_kind(i) == STORE_MODULE && elf_is(store_module(i), store_size(i));
}

static void load(const struct image *module)
{
	const struct words argv = word(store_name(module));
	const char *why;
	struct task *t = elf_load(&argv, store_module(module), store_size(module), &why);

	if (t)
		task_start(t);
	else
		fail(why);
}

/* The kernel has started the programs already; so they are begun once more, when it is known how much there is without. */
static void begin(void)
{
	soak.random = random_from(options.seed);
	destroy_all();
	soak.frames = frames_available() + store_frames();
	witness_machine();
	for (const struct image *i = store_next(NULL); i; i = store_next(i))
		if (is_program(i))
			load(i);
}

static void end(void)
{
	tap_result(!soak.trouble, "soak: %u rounds, %u programs ended%s%s", soak.rounds, soak.ended,
		   soak.trouble ? " # " : "", soak.trouble ? soak.trouble : "");
	console_print("trace %08x", soak.trace);
	if (soak.trouble)
		console_print("repeat: seed=%u repeat=%u", options.seed, soak.rounds);
	tap_end();
}

static bool all_rounds_done(void)
{
	return soak.rounds >= options.repeat;
}

/* A program that was skipped would be so again. */
bool watch_end(const struct task *t, bool passed, const char *why)
{
	if (!passed)
		fail("a program found a fault, or met one");
	else if (!why && !all_rounds_done())
		memcpy(soak.again[soak.agains++], t->comm, CR_TASK_COMM_LEN);
	soak.ended += passed && !why;
	if (passed && all_rounds_done() && t->next == t)
		end();
	return passed && !why;
}

static void begin_again(void)
{
	while (soak.agains)
		load(store_find(soak.again[--soak.agains], STORE_MODULE));
}

/* Its image is the store's only one. */
static const struct image *checkpoint(struct task *t, const char *name)
{
	s32 id = checkpoint_task(t, name, true);

	if (id < 0)
		fail("a checkpoint failed");
	return id < 0 ? NULL : store_get((u32)id);
}

static void restart(const struct image *image)
{
	if (image && !restart_new(image))
		fail("a restart was refused");
}

static struct task *any_task(void)
{
	struct task *t = current;

	for (u32 n = random_below(&soak.random, TASKS); n; n--)
		t = t->next;
	return t;
}

static void one_round(void)
{
	struct task *t = any_task();
	const u32 where[] = {t->pid, t->context.frame->eip};
	const struct image *image = checkpoint(t, "soak");
	const char *differs = witness_machine_differs();

	soak.trace = crc32_update(soak.trace, where, sizeof(where));
	if (differs)
		fail(differs);
	if (image && !restart_replace(t, image))
		fail("a restart was refused");
}

/* With all tasks in images there is nobody else to have the frames that are missing. */
static void all_at_once(void)
{
	const struct image *image[TASKS];
	u32 count = 0;

	while (current) {
		char name[16];

		lib_snprintf(name, sizeof(name), "soak%u", count);
		image[count++] = checkpoint(current, name);
		task_destroy(current);
	}
	if (frames_available() + store_frames() != soak.frames)
		fail("frames are lost");
	for (u32 n = 0; n < count; n++)
		restart(image[n]);
}

/* From no time at all, as the kernel's way out takes the shortest, to some milliseconds, in which something happens. */
static u32 random_period(void)
{
	return 2 + random_below(&soak.random, 4u << random_below(&soak.random, 14));
}

static void next_round(void)
{
	begin_again();
	if (current)
		one_round();
	else
		fail("no program is left");
	if (++soak.rounds % PROGRESS && !all_rounds_done())
		return;
	all_at_once();
	console_print("soak: %u of %u rounds, %u programs ended", soak.rounds, options.repeat, soak.ended);
}

void watch_tick(void)
{
	if (!soak.frames)
		begin();
	if (!all_rounds_done())
		next_round();
	if (soak.trouble)
		end();
	timer_period(random_period()); /* at last: the time that all this took is not the tasks' */
}
