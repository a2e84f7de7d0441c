/* SPDX-License-Identifier: GPL-2.0-only */
/* Physical memory in frames of 4 KiB, seen through the kernel's linear map: the only allocator there is. */
#ifndef ARCH_FRAMES_H
#define ARCH_FRAMES_H

#include "types.h"

#define KERNEL_BASE 0xc0000000u
#define LINEAR_SIZE (768u << 20) /* physical memory that the linear map shows; memory above is not used */

static inline void *phys_to_virt(u32 address)
{
	return (void *)(address + KERNEL_BASE);
}

static inline u32 virt_to_phys(const void *pointer)
{
	return (u32)pointer - KERNEL_BASE;
}

/*
 * At first no frame is free. Physical ranges, in bytes; only whole frames within [start, end) are freed, and every
 * frame that it touches is reserved.
 */
void frames_add(u64 start, u64 end);
void frames_reserve(u64 start, u64 end);

/* One frame, or `count` consecutive ones, or NULL. frame_alloc_zero clears it. */
void *frame_alloc(void);
void *frame_alloc_zero(void);
void *frames_alloc(u32 count);

/* Memory to put aside: `most` bytes, but no more than one `part`-th of what is free; *size is how many. NULL: none. */
void *frames_share(u32 part, u32 most, u32 *size);

/* For tests: the allocation that fails, counted from 1, whatever is free; it counts down to 0, which is none. */
extern u32 frames_fail_at;

void frame_free(void *frame);
void frames_free(void *frame, u32 count);

/* How many are free. */
u32 frames_available(void);

#endif
