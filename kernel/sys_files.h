/* SPDX-License-Identifier: GPL-2.0-only */
/* Paths, as several system calls take them. */
#ifndef KERNEL_SYS_FILES_H
#define KERNEL_SYS_FILES_H

#include "task.h"

/* A path is a text that ends within this many bytes. */
#define PATH_SIZE 64

#define AT_FDCWD (-100)

/* Copies a path. 0, -EFAULT or -ENAMETOOLONG. */
int path_from_user(char path[PATH_SIZE], u32 from);

/*
 * Whether a path can be looked up from a directory's descriptor: 0; -ENOENT for an empty one; -EBADF or
 * -ENOTDIR, since no descriptor is one of a directory.
 */
int check_directory(u32 directory, const char *path);

#endif
