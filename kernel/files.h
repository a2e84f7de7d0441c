/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A task's descriptors. There is no file system; what can be opened is
 *
 *   /module/NAME  a Multiboot module, to read
 *   /image/NAME   an image in the store, to read; or to write one by checkpoint(2), with the task's memory
 *   /regs/NAME    the same without memory: registers only
 *
 * write(2) puts any bytes into a new image instead: it is whole, and has its name, when it is closed. Whether they are
 * an image is for restart(2) to judge.
 */
#ifndef KERNEL_FILES_H
#define KERNEL_FILES_H

#include "errno.h"
#include "store.h"

#define FILES 8

/* open(2)'s flags, Linux's values */
#define O_RDONLY 0u
#define O_WRONLY 1u
#define O_CREAT	 0100u

struct file {
	enum file_kind { FILE_CLOSED, FILE_STDIN, FILE_CONSOLE, FILE_IMAGE, FILE_NEW_IMAGE } kind;
	char name[STORE_NAME]; /* FILE_NEW_IMAGE: of the image that a checkpoint will make */
	bool has_mm;	       /* FILE_NEW_IMAGE: with memory */
	struct image *image;   /* FILE_NEW_IMAGE: what was written to it, or NULL: nothing yet */
	int error;	       /* FILE_NEW_IMAGE: of a write; there will be no image */
	u32 id;		       /* FILE_IMAGE */
	u32 pos;	       /* FILE_IMAGE: where the next read begins */
};

/* 0 is an empty standard input, 1 and 2 are the console. */
void files_init(struct file file[FILES]);

/* A descriptor, or -ENOENT (no such file, or a bad name), -EINVAL (flags that the path does not allow), -EMFILE. */
s32 files_open(struct file file[FILES], const char *path, u32 flags);

/* 0, -EBADF, or -ENOSPC: what was written did not fit, and there is no image. */
s32 files_close(struct file file[FILES], u32 fd);

/* Closes all; what was being written came to nothing. */
void files_drop(struct file file[FILES]);

/* Appends bytes to a new image. 0 or -ENOSPC, which stays. */
int files_write(struct file *new_image, const void *bytes, u32 count);

/* The file behind a descriptor of that kind, or NULL. */
struct file *files_get(struct file file[FILES], u32 fd, enum file_kind kind);

#endif
