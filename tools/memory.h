/* SPDX-License-Identifier: GPL-2.0-only */
/* A task's memory as addresses and bytes, between an image and a core file. */
#ifndef TOOLS_MEMORY_H
#define TOOLS_MEMORY_H

#include "image.h"

/* The first address that is not a task's own: cr86's TASK_SIZE. */
#define MEMORY_END 0xc0000000u

/* One mapping. `bytes` has all of it; what nobody has written there is zero, and costs no memory. */
struct segment {
	u32 start, end; /* page-aligned; [start, end) */
	u32 flags;	/* VM_READ, VM_WRITE, VM_EXEC */
	u8 *bytes;
};

struct memory {
	struct segment *segments; /* in rising order */
	u32 count;
};

/* Adds a mapping of zeros, which must be pages below MEMORY_END. Returns 0, -EEXIST: it overlaps one, or -ENOMEM. */
int memory_add(struct memory *memory, u32 start, u32 end, u32 flags);
/* Lets a mapping begin below, with zeros, where nothing else is. False: no memory. */
bool memory_extend(struct segment *s, u32 start);

void memory_free(struct memory *memory);

/* The mapping that `address` lies in, or NULL. */
struct segment *memory_segment(const struct memory *memory, u32 address);

/* Where the bytes from `address` on stand, or NULL where they are not all in one mapping. */
u8 *memory_at(const struct memory *memory, u32 address, u32 count);

/* The word at `address`. False: it has none. */
bool memory_word(const struct memory *memory, u32 address, u32 *word);

/* All of an image's memory. Returns 0 or -ENOMEM. */
int memory_from_image(struct memory *memory, const struct image *image);

/* And back: VMAs with their pages, without those that are all zero. */
int memory_write(struct cr_ctx *ctx, const struct memory *memory);

#endif
