/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The VMAs of a memory: which pages of user space a task may use, and how. Pure arithmetic over a table in rising order;
 * pages and page tables are mm.c's. All addresses are page-aligned, all ranges are [start, end).
 */
#ifndef KERNEL_VMA_H
#define KERNEL_VMA_H

#include "checkpoint_hdr.h"
#include "errno.h"

#define MM_VMAS 320

/*
 * A VMA's flags: what may be done with it, by its task (none of them: nothing, PROT_NONE); and whether it is a part of the
 * task's program, unchanged. Then the upper bits have the distance from a place in the file to its address: it is the same
 * for all parts of a segment, so such VMAs can be split and joined as all others.
 */
#define VM_ACCESS   (VM_READ | VM_WRITE | VM_EXEC)
#define VM_FILE	    0x8u
#define VM_DISTANCE (~(u32)PAGE_SIZE + 1)

struct vma {
	u32 start, end;
	u32 flags;
};

/* The flags of file bytes that begin at `offset`, mapped at `start`; both at a page's begin. And where `start` is in it. */
static inline u32 vma_file_flags(u32 access, u32 start, u32 offset)
{
	return access | VM_FILE | (start - offset);
}

static inline u32 vma_file_offset(const struct vma *vma)
{
	return vma->start - (vma->flags & VM_DISTANCE);
}

struct vmas {
	u32 count;
	struct vma vma[MM_VMAS];
};

/* The first VMA that ends above `address`, or NULL: `address` lies in it, or it is the next one up. */
const struct vma *vma_above(const struct vmas *v, u32 address);

/* The VMA that `address` lies in, or NULL. */
const struct vma *vma_find(const struct vmas *v, u32 address);

/* Whether no VMA has any of the range. */
bool vma_is_free(const struct vmas *v, u32 start, u32 end);

/* Where the range's first hole begins: the first address in it that no VMA has, or `end`. */
u32 vma_hole(const struct vmas *v, u32 start, u32 end);

/* The highest free range of `size` bytes in [floor, top): where it begins, or 0: there is none. */
u32 vma_gap(const struct vmas *v, u32 size, u32 floor, u32 top);

/* Adds a VMA as it is. -EEXIST: it overlaps one that is there; -ENOMEM: more than MM_VMAS. */
int vma_add(struct vmas *v, u32 start, u32 end, u32 flags);

/*
 * Makes the range one VMA with these flags, whatever was there, or with VMA_NONE nobody's. What lies on both sides of
 * `start` or `end` is split there; neighbours with the same flags become one. -ENOMEM: there would be more than MM_VMAS,
 * and nothing has changed.
 */
#define VMA_NONE 0xffffffffu
int vma_set(struct vmas *v, u32 start, u32 end, u32 flags);

#endif
