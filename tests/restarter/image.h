/* SPDX-License-Identifier: GPL-2.0-only */
/* Images as bytes: from files and to files, and where their records stand. */
#ifndef IMAGE_H
#define IMAGE_H

#include "program.h"
#include "record.h"

#define IMAGE_MAX 20480 /* with any of its records twice */

struct image {
	u8 bytes[IMAGE_MAX] __attribute__((aligned(8)));
	u32 size;
};

/* "/regs/NAME-PID": the process's id keeps instances of the program apart. */
const char *image_path(const char *directory, const char *name);

bool image_read(struct image *image, const char *path);

/* Makes a file of it, and returns a descriptor to read that from. */
s32 image_write(const struct image *image, const char *path);

bool image_same(const struct image *a, const struct image *b);

#define RECORDS_MAX 32
u32 image_records(const struct image *image, struct cr_record record[RECORDS_MAX]);

/* Where the payload of the first record of that type stands. */
u32 image_payload(const struct image *image, s16 type);

/* Adds one of `from`'s records. */
void image_add(struct image *to, const struct image *from, const struct cr_record *record);

/*
 * The n-th image that has the records in another order: each removed, each twice, each pair swapped. False: there are no
 * more.
 */
bool image_reorder(struct image *to, const struct image *from, u32 n);

#endif
