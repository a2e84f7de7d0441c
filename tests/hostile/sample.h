/* SPDX-License-Identifier: GPL-2.0-only */
/* Tasks to try things on, and to see that nothing happens to. They never run. */
#ifndef HOSTILE_SAMPLE_H
#define HOSTILE_SAMPLE_H

#include "task.h"

enum sample_fpu { SAMPLE_UNUSED, SAMPLE_FPU, SAMPLE_XSTATE };

/* The pages that are there. */
#define SAMPLE_PAGES 3
extern const u32 sample_page[SAMPLE_PAGES];

/*
 * A task with every kind of state: general registers, segments, three TLS slots, an LDT, four breakpoints, memory with
 * pages that are there and pages that are not; and, as far as the CPU has it, x87 and SSE state, and extended state.
 * Different seeds, different values. Not runnable. NULL: no memory left.
 */
struct task *sample_task(u32 seed, enum sample_fpu fpu);

#endif
