/* SPDX-License-Identifier: GPL-2.0-only */
#include "every.h"
#include "cr.h"
#include "options.h"
#include "string.h"
#include "tap.h"

/* Numbers that look random, the same for the same seed (xorshift, 32 bits: never 0). */
static u32 random(void)
{
	u32 *x = &options.every.random;

	*x ^= *x << 13;
	*x ^= *x >> 17;
	*x ^= *x << 5;
	return *x;
}

/*
 * The next stretch: ticks, during which the task runs freely, then instructions, one by one. At random that is up to 3
 * ticks and 1 to 256 instructions more: all instructions are reached, and most of the time nothing is stepped.
 *
 * The first tick does not count: it ends what is left of a period, which may be nothing, if it has come while the restart
 * was under way. Else a task whose restart takes that long would never run at all.
 */
static void next_stretch(struct task *t)
{
	u32 ticks = options.every.random ? random() % 4 : options.every.ticks;

	t->every.ticks = ticks ? ticks + 1 : 0;
	t->every.insns = options.every.random ? 1 + random() % 256 : options.every.insns;
	if (!t->every.ticks && t->every.insns)
		t->work |= WORK_STEP;
}

void every_start(struct task *t)
{
	t->every = (struct every){0};
	next_stretch(t);
}

void every_tick(struct task *t)
{
	if (!t->every.ticks || --t->every.ticks)
		return;
	t->work |= t->every.insns ? WORK_STEP : WORK_EVERY;
}

void every_insn(struct task *t)
{
	if (t->work & WORK_STEP && !--t->every.insns)
		t->work ^= WORK_STEP | WORK_EVERY;
}

void every_restart(struct task *t)
{
	char comm[CR_TASK_COMM_LEN];
	s32 id = checkpoint_task(t, "every", true);

	memcpy(comm, t->comm, sizeof(comm));
	t->work &= ~(u32)WORK_EVERY;
	if (id >= 0)
		t = restart_replace(t, store_get((u32)id));
	if (id < 0 || !t) {
		tap_result(false, "restart %s # %s", comm, t ? "no image could be made" : "its image was refused");
		return;
	}
	t->every.restarts++;
	next_stretch(t);
}
