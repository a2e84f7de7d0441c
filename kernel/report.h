/* SPDX-License-Identifier: GPL-2.0-only */
/* What is told of a task that ends. */
#ifndef KERNEL_REPORT_H
#define KERNEL_REPORT_H

#include "task.h"

/* Which exception, where, and every register of the task by name. */
void report_fault(struct task *t, const struct trap_frame *frame, u32 cr2);

/*
 * The task's result, "run NAME", and that of a checkpoint which it did not live to see; then the task is gone. `why`
 * may be NULL; with "SKIP ..." and passed it is a skip.
 */
void report_end(struct task *t, bool passed, const char *why);

#endif
