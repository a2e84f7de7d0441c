/* SPDX-License-Identifier: GPL-2.0-only */
/* The memory of a task: its VMAs, its pages, its LDT. Pages come into being when they are first touched. */
#ifndef KERNEL_MM_H
#define KERNEL_MM_H

#include "checkpoint.h"
#include "paging.h"
#include "vma.h"

/*
 * Where things lie in user space. The stack ends a page below the kernel, so that running over its end faults as running
 * under it does; mmap places memory from a page below the stack downwards; nothing lies where null pointers point.
 */
#define USER_FLOOR 0x10000u /* Linux's vm.mmap_min_addr */
#define PIE_BASE   0x56555000u
#define STACK_TOP  (TASK_SIZE - PAGE_SIZE)
#define STACK_SIZE (8u << 20) /* Linux's RLIMIT_STACK; its pages come when they are touched */
#define MMAP_TOP   (STACK_TOP - STACK_SIZE - PAGE_SIZE)

static inline u32 page_align(u32 address)
{
	return (address + PAGE_SIZE - 1) & -PAGE_SIZE;
}

struct mm {
	struct page_table *directory;
	struct cr_hdr_mm info; /* as it goes into an image, but for map_count */
	struct cr_program program;
	u64 *ldt; /* a frame, or NULL */
	u32 nldt;
	struct vmas vmas;
};
_Static_assert(sizeof(struct mm) <= PAGE_SIZE, "a struct mm lives in one frame");

/* A memory without VMAs, or NULL: no memory left. */
struct mm *mm_create(void);
void mm_destroy(struct mm *mm);

/* Adds a VMA. -EEXIST: it overlaps one that is there; -EINVAL: not pages of user space; -ENOMEM: more than MM_VMAS. */
int mm_add(struct mm *mm, u32 start, u32 end, u32 flags);

/*
 * What mmap, munmap, mprotect and mremap do, on whole pages of user space; each returns 0 or -ENOMEM, and then nothing has
 * changed.
 *
 * mm_map: new memory, in place of whatever was there. mm_protect: all of the range must be mapped. mm_move: what was at
 * `from` is then at `to`, a range that does not overlap it and of which nothing is mapped; `new_size` of it is mapped
 * there, and of what was beyond that nothing is left.
 */
int mm_map(struct mm *mm, u32 start, u32 end, u32 flags);
int mm_unmap(struct mm *mm, u32 start, u32 end);
int mm_protect(struct mm *mm, u32 start, u32 end, u32 flags);
int mm_move(struct mm *mm, u32 from, u32 size, u32 to, u32 new_size);

/*
 * The frame behind the page of `address`, which lies in a VMA: the one there is, or a new one, all zeros. NULL: no
 * memory left.
 */
void *mm_page(struct mm *mm, u32 address);

/*
 * The same for `count` pages of one VMA, in rising order, that are not there yet and that the caller fills: their bytes
 * are whatever the frames held before. Returns how many of them there was memory for.
 */
u32 mm_new_pages(struct mm *mm, const u32 *address, u8 **frame, u32 count);

/* Forgets what was written to a range, whatever of it is mapped. */
void mm_discard(struct mm *mm, u32 start, u32 end);

/* Takes a page away, if it is there: it is all zeros when it is next touched. */
void mm_drop_page(struct mm *mm, u32 address);

/*
 * Copies bytes to user addresses of a memory that need not be the active one, whatever the pages allow. 0, -EFAULT or
 * -ENOMEM.
 */
int mm_write(struct mm *mm, u32 address, const void *from, u32 count);

/* A page fault at `address`. 0: the page is there now, go on. -EFAULT: the access was not allowed. -ENOMEM. */
int mm_fault(struct mm *mm, u32 address, u32 error);

#endif
