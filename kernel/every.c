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
 */
static void next_stretch(struct task *t)
{
	t->every.ticks = options.every.ticks;
	t->every.insns = options.every.insns;
	if (options.every.random) {
		t->every.ticks = random() % 4;
		t->every.insns = 1 + random() % 256;
	}
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

/* What is known of the task's run, but is not the task's, goes from the old to the new one. */
void every_restart(struct task *t)
{
	struct task old = *t;
	s32 id = checkpoint_task(t, "every", true);

	t->work &= ~(u32)WORK_EVERY;
	if (id < 0) {
		tap_result(false, "restart %s # no image could be made", t->comm);
		return;
	}
	task_destroy(t);
	t = restart_new(store_get((u32)id));
	if (!t) {
		tap_result(false, "restart %s # its image was refused", old.comm);
		return;
	}
	t->ticks = old.ticks;
	t->checkpoint_at = old.checkpoint_at;
	t->every.restarts = old.every.restarts + 1;
	next_stretch(t);
}
