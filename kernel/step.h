/* SPDX-License-Identifier: GPL-2.0-only */
/* Single steps that the task does not notice. */
#ifndef KERNEL_STEP_H
#define KERNEL_STEP_H

#include "task.h"

/* The last thing before the task goes on: it comes back after one instruction, or earlier with a trap of its own. */
void step_begin(struct task *t);

/*
 * The first thing after a trap, unless t->step is STEP_NONE: the task's frame, the flags that it may have pushed and the
 * CPU's DR6 are now as if there was no step. t->step is STEP_DONE where an instruction was completed, else STEP_NONE. A
 * #DB then stands for what is left in DR6, if anything is.
 */
void step_end(struct task *t);

#endif
