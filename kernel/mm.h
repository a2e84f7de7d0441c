/* SPDX-License-Identifier: GPL-2.0-only */
/* The memory of a task: its VMAs, its pages, its LDT. Pages come into being when they are first touched. */
#ifndef KERNEL_MM_H
#define KERNEL_MM_H

#include "checkpoint_hdr.h"
#include "paging.h"

#define MM_VMAS 64

struct vma {
	u32 start, end; /* page-aligned; [start, end) */
	u32 flags;	/* VM_READ, VM_WRITE, VM_EXEC */
};

struct mm {
	struct page_table *directory;
	struct cr_hdr_mm info;	 /* as it goes into an image; map_count counts vma[] */
	struct vma vma[MM_VMAS]; /* in rising order */
	u64 *ldt;		 /* a frame, or NULL */
	u32 nldt;
};
_Static_assert(sizeof(struct mm) <= PAGE_SIZE, "a struct mm lives in one frame");

/* A memory without VMAs, or NULL: no memory left. */
struct mm *mm_create(void);
void mm_destroy(struct mm *mm);

/* Adds a VMA. -EEXIST: it overlaps one that is there; -EINVAL: not pages of user space; -ENOMEM: more than MM_VMAS. */
int mm_add(struct mm *mm, u32 start, u32 end, u32 flags);

/* The VMA that `address` lies in, or NULL. */
const struct vma *mm_vma(const struct mm *mm, u32 address);

/*
 * The frame behind the page of `address`, which lies in a VMA: the one there is, or a new one, all zeros. NULL: no
 * memory left.
 */
void *mm_page(struct mm *mm, u32 address);

/* The same for a page that is not there yet and that the caller fills: its bytes are whatever the frame held before. */
void *mm_new_page(struct mm *mm, u32 address);

/* Takes a page away, if it is there: it is all zeros when it is next touched. */
void mm_drop_page(struct mm *mm, u32 address);

/*
 * Copies bytes to user addresses of a memory that need not be the active one, whatever the pages allow. 0, -EFAULT or
 * -ENOMEM.
 */
int mm_write(struct mm *mm, u32 address, const void *from, u32 count);

/*
 * A page fault at `address`. True: the page is there now, go on. False: the access was not allowed, or no memory is
 * left.
 */
bool mm_fault(struct mm *mm, u32 address, u32 error);

#endif
