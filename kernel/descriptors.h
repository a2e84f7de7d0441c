/* SPDX-License-Identifier: GPL-2.0-only */
/* set_thread_area, get_thread_area and modify_ldt: Linux's struct user_desc, to and from descriptors. */
#ifndef KERNEL_DESCRIPTORS_H
#define KERNEL_DESCRIPTORS_H

#include "task.h"

/*
 * Each takes a user address and returns Linux's result: 0 or a count, -EFAULT, -EINVAL, -ESRCH (no free TLS slot),
 * -ENOMEM. A task whose cs or ss cannot be loaded afterwards is ended.
 */
s32 set_thread_area(struct task *t, u32 user_desc);
s32 get_thread_area(struct task *t, u32 user_desc);

/* func 0 reads the LDT, 1 and 0x11 write one entry (1 knows neither AVL nor conforming code). */
s32 modify_ldt(struct task *t, u32 func, u32 pointer, u32 count);

#endif
