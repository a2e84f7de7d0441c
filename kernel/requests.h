/* SPDX-License-Identifier: GPL-2.0-only */
/* What a trap asks for and the safe point does: a system call, a timer tick or the command line only mark the task. */
#ifndef KERNEL_REQUESTS_H
#define KERNEL_REQUESTS_H

#include "task.h"

/* Does one thing of what the task's `work` says. The task may be another afterwards, or gone. */
void requests_serve(struct task *t);

#endif
