/* SPDX-License-Identifier: GPL-2.0-only */
/* Memory of the running task, at addresses that the task gave: nothing about them is believed. */
#ifndef ARCH_USERCOPY_H
#define ARCH_USERCOPY_H

#include "errno.h"
#include "paging.h"

/* In usercopy.asm. Returns the number of bytes that could not be copied. */
u32 user_copy(void *to, const void *from, u32 count);

static inline bool user_range_ok(u32 address, u32 count)
{
	return address <= TASK_SIZE && count <= TASK_SIZE - address;
}

/* 0, or -EFAULT where not every byte is the task's to read or write. */
static inline int copy_from_user(void *to, u32 from, u32 count)
{
	return user_range_ok(from, count) && !user_copy(to, (const void *)from, count) ? 0 : -EFAULT;
}

static inline int copy_to_user(u32 to, const void *from, u32 count)
{
	return user_range_ok(to, count) && !user_copy((void *)to, from, count) ? 0 : -EFAULT;
}

#endif
