/* SPDX-License-Identifier: GPL-2.0-only */
/* Files as a whole: read into memory, or written so that no half of one is ever seen. */
#ifndef TOOLS_FILE_H
#define TOOLS_FILE_H

#include "types.h"

/* Nothing that cr86 reads or writes comes near it; a mistaken argument (a disk image, /dev/zero) does. */
#define FILE_SIZE_MAX (1u << 30)

struct file {
	u8 *data;
	u32 size;
};

/* Reads all of the file (or pipe). Complains and returns false where it cannot; `file` is then empty. */
bool file_read(const char *path, struct file *file);
void file_free(struct file *file);

/* Adds bytes at the end of what is in memory. Complains and returns false where it cannot. */
bool file_append(struct file *file, const void *data, u32 size);

/* Writes the file under a temporary name until it is complete. Complains and returns false where it cannot. */
bool file_write(const char *path, const void *data, u32 size);

#endif
