/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A task's descriptors. There is no file system; what can be opened is
 *
 *   /module/NAME  a Multiboot module, to read; a path that does not begin with / is one of these, too
 *   /image/NAME   an image in the store, to read; or to write one by checkpoint(2), with the task's memory
 *   /regs/NAME    the same without memory: registers only
 *   /dev/null, /dev/console
 *
 * write(2) puts any bytes into a new image instead: it is whole, and has its name, when it is closed. Whether they are
 * an image is for restart(2) to judge.
 */
#ifndef KERNEL_FILES_H
#define KERNEL_FILES_H

#include "errno.h"
#include "store.h"

#define FILES	  8
#define FILE_PATH 48 /* bytes of the longest path, with its end */

/* open(2)'s flags, Linux's values */
#define O_ACCMODE   03u
#define O_RDONLY    00u
#define O_WRONLY    01u
#define O_RDWR	    02u
#define O_CREAT	    0100u
#define O_DIRECTORY 0200000u

struct file {
	enum file_kind { FILE_CLOSED, FILE_NULL, FILE_CONSOLE, FILE_IMAGE, FILE_NEW_IMAGE } kind;
	u32 flags;	       /* open(2)'s, those that mean something here */
	char name[STORE_NAME]; /* FILE_IMAGE; FILE_NEW_IMAGE: of the image that a checkpoint will make */
	enum store_kind store; /* of which kind that is */
	struct image *image;   /* FILE_NEW_IMAGE: what was written to it, or NULL: nothing yet */
	int error;	       /* FILE_NEW_IMAGE: of a write; there will be no image */
	u32 id;		       /* FILE_IMAGE */
	u32 pos;	       /* FILE_IMAGE: where the next read begins */
};

/* 0 is the module called stdin, or empty; 1 and 2 are the console. */
void files_init(struct file file[FILES]);

/*
 * Fills `f` for a path. 0, or -ENOENT (no such file, or a bad name), -ENOTDIR, -EROFS (a module to be written), -EINVAL
 * (flags that the path does not allow).
 */
int file_lookup(struct file *f, const char *path, u32 flags);

/* The path that file_lookup makes the same file of. */
void file_path(const struct file *f, char path[FILE_PATH]);

/* A descriptor, or file_lookup's error, or -EMFILE. */
s32 files_open(struct file file[FILES], const char *path, u32 flags);

/* 0, -EBADF, or -ENOSPC: what was written did not fit, and there is no image. */
s32 files_close(struct file file[FILES], u32 fd);

/* Closes all; what was being written came to nothing. */
void files_drop(struct file file[FILES]);

/* Appends bytes to a new image. 0 or -ENOSPC, which stays. */
int files_write(struct file *new_image, const void *bytes, u32 count);

/* The file behind a descriptor, of any kind or of that kind, or NULL. */
struct file *files_any(struct file file[FILES], u32 fd);
struct file *files_get(struct file file[FILES], u32 fd, enum file_kind kind);

#endif
