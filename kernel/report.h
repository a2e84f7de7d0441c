/* SPDX-License-Identifier: GPL-2.0-only */
/* What is told of a task that the kernel ends. */
#ifndef KERNEL_REPORT_H
#define KERNEL_REPORT_H

#include "task.h"

/* Which exception, where, and every register of the task by name. */
void report_fault(struct task *t, const struct trap_frame *frame, u32 cr2);

#endif
