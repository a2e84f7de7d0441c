/* SPDX-License-Identifier: GPL-2.0-only */
/* A test that watches the tasks from inside the kernel (tests/hostile/, tests/soak/) and is linked with it; else NULL. */
#ifndef KERNEL_WATCH_H
#define KERNEL_WATCH_H

#include "task.h"

/* Last of all that is done for a tick: the test may checkpoint tasks, take them away, and make others. */
void watch_tick(void) __attribute__((weak));

/*
 * A task is about to end, as report_end() was told. True: that is no result of its own. To make a task is too early here:
 * the system call that ends the old one still writes into the frame that the new one might have.
 */
bool watch_end(const struct task *t, bool passed, const char *why) __attribute__((weak));

/*
 * A #DB that is not the task's own doing may be a step of whoever watches the kernel itself (kernel/showme/). True: it was,
 * and the task does not hear of it.
 */
bool watch_step(struct trap_frame *frame) __attribute__((weak));

#endif
