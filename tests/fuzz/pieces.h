/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Inputs in pieces: the records of an image, the lines of a log, the words of a command line. What is tried on a whole
 * input is tried piece by piece, so that what comes out is nearly right, and gets past the first look at it.
 */
#ifndef TESTS_FUZZ_PIECES_H
#define TESTS_FUZZ_PIECES_H

#include "fuzz.h"
#include "records.h"

#define PIECES_MAX 2048

struct pieces {
	struct buffer b; /* the input; there is room for `max` bytes */
	u32 max;
	u64 random;
	u32 (*find)(const struct buffer *b, struct span *spans, u32 max);
	struct span span[PIECES_MAX];
	u32 count;
};

void pieces_init(struct pieces *p, u8 *data, size_t size, size_t max, unsigned seed,
		 u32 (*find)(const struct buffer *b, struct span *spans, u32 max));

/* 0 to below - 1, by the seed alone. */
u32 pieces_random(struct pieces *p, u32 below);

/* Any of them; there is one at least, if only an empty one. */
struct span pieces_any(struct pieces *p);

/* Puts `count` bytes in the place of `old` ones, if there is room. They may be the input's own. */
void pieces_splice(struct pieces *p, u32 at, u32 old, const void *bytes, u32 count);

/* One change that knows of no more than pieces: one removed, doubled, moved, exchanged, changed, cut off. */
void pieces_mutate(struct pieces *p);

/* --- Inputs by their form, for LLVMFuzzerCustomMutator: each changes one in place and returns its new size --- */

/* One image, or several. */
size_t mutate_image(u8 *data, size_t size, size_t max, unsigned seed);
/* A record of the one in the place of one of the other's, of the same type if there is one. */
size_t cross_images(const u8 *a, size_t a_size, const u8 *b, size_t b_size, u8 *out, size_t max, unsigned seed);

/* armour_write's sink into a struct buffer. */
int put_line(void *buffer, const char *line);

/* A log with images in armour, or a capture with images as they are. */
size_t mutate_log(u8 *data, size_t size, size_t max, unsigned seed);

#endif
