/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command.h"
#include "file.h"
#include "xstate.h"

#define FILE_BLOCK 4096u /* as file systems have them */

/* Doubles the buffer. */
static bool grow(struct file *file, u32 *capacity)
{
	u32 larger = *capacity ? *capacity * 2 : 1u << 16;
	u8 *data = realloc(file->data, larger);

	if (!data)
		return false;
	file->data = data;
	*capacity = larger;
	return true;
}

/* Gives back what the file does not fill, so that a read past its end is one past the buffer's, too. */
static void trim(struct file *file)
{
	u8 *data = realloc(file->data, file->size ? file->size : 1);

	if (data)
		file->data = data;
}

/* All of the descriptor. Returns 0 or an errno. */
static int read_all(int fd, struct file *file)
{
	u32 capacity = 0;
	ssize_t got;

	for (;;) {
		if (file->size == capacity && capacity >= FILE_SIZE_MAX)
			return EFBIG;
		if (file->size == capacity && !grow(file, &capacity))
			return ENOMEM;
		got = read(fd, file->data + file->size, capacity - file->size);
		if (got == 0)
			return 0;
		if (got > 0)
			file->size += (u32)got;
		else if (errno != EINTR)
			return errno;
	}
}

bool file_read(const char *path, struct file *file)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int error;

	*file = (struct file){NULL, 0};
	if (fd < 0) {
		trouble("%s: %s", path, strerror(errno));
		return false;
	}
	error = read_all(fd, file);
	close(fd);
	if (!error) {
		trim(file);
		return true;
	}
	file_free(file);
	trouble("%s: %s", path, strerror(error));
	return false;
}

void file_free(struct file *file)
{
	free(file->data);
	*file = (struct file){NULL, 0};
}

bool file_append(struct file *file, const void *data, u32 size)
{
	bool fits = size <= FILE_SIZE_MAX - file->size;
	u8 *larger = fits ? realloc(file->data, file->size + size) : NULL;

	if (!larger) {
		trouble("%s", strerror(fits ? ENOMEM : EFBIG));
		return false;
	}
	memcpy(larger + file->size, data, size);
	file->data = larger;
	file->size += size;
	return true;
}

/* Returns 0 or an errno. */
static int write_block(int fd, const u8 *data, u32 size)
{
	while (size) {
		ssize_t put = write(fd, data, size);

		if (put >= 0) {
			data += put;
			size -= (u32)put;
		} else if (errno != EINTR) {
			return errno;
		}
	}
	return 0;
}

/* Writes to a new file and closes it. Whole blocks of zeros are holes in it. Returns 0 or an errno. */
static int write_all(int fd, const u8 *data, u32 size)
{
	int error = ftruncate(fd, size) == 0 ? 0 : errno;

	for (u32 at = 0, count; at < size && !error; at += count) {
		count = size - at < FILE_BLOCK ? size - at : FILE_BLOCK;
		if (xstate_is_zero(data + at, count))
			continue;
		if (lseek(fd, at, SEEK_SET) < 0)
			error = errno;
		else
			error = write_block(fd, data + at, count);
	}
	if (close(fd) != 0 && !error)
		error = errno;
	return error;
}

/* What a file that open() creates would be allowed: mkstemp's are private. */
static mode_t default_mode(void)
{
	mode_t mask = umask(0);

	umask(mask);
	return 0666 & ~mask;
}

bool file_write(const char *path, const void *data, u32 size)
{
	char *temporary;
	int error, fd;

	if (asprintf(&temporary, "%s.XXXXXX", path) < 0) {
		trouble("%s: %s", path, strerror(ENOMEM));
		return false;
	}
	fd = mkstemp(temporary);
	error = fd < 0 ? errno : write_all(fd, data, size);
	if (!error && (chmod(temporary, default_mode()) != 0 || rename(temporary, path) != 0))
		error = errno;
	if (error && fd >= 0)
		unlink(temporary);
	free(temporary);
	if (error)
		trouble("%s: %s", path, strerror(error));
	return error == 0;
}
