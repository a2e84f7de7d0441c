/* SPDX-License-Identifier: GPL-2.0-only */
/* Tasks to try things on, and to see that nothing happens to. They never run. */
#ifndef HOSTILE_SAMPLE_H
#define HOSTILE_SAMPLE_H

#include "task.h"

/* What a sample has besides general registers, segments, descriptors, breakpoints, memory and files. */
enum {
	SAMPLE_FPU = BIT(0),
	SAMPLE_XSTATE = SAMPLE_FPU | BIT(1),
	SAMPLE_SIGNALS = BIT(2),
};

/* The pages that are there. */
#define SAMPLE_PAGES 3
extern const u32 sample_page[SAMPLE_PAGES];

/*
 * A task with every kind of state: general registers, segments, three TLS slots, an LDT, four breakpoints, memory with
 * pages that are there and pages that are not, a part of a program that is not here, an open module; and what `extras`
 * ask for: as far as the CPU has it, x87 and SSE state, and extended state; signals' actions, masks and pending ones.
 * Different seeds, different values. Not runnable. NULL: no memory left, or no module hello.
 */
struct task *sample_task(u32 seed, u32 extras);

#endif
