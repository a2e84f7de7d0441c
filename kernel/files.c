/* SPDX-License-Identifier: GPL-2.0-only */
#include "files.h"
#include "armour.h"
#include "printf.h"
#include "string.h"

/* Flags that change nothing where there are no links, terminals or other programs: O_NOCTTY, O_NONBLOCK, O_LARGEFILE, ... */
#define O_WITHOUT_EFFECT (0400u | 04000u | 0100000u | 0400000u | 01000000u | 02000000u)

static const char *const directories[] = {
	[STORE_MODULE] = "/module/",
	[STORE_REGISTERS] = "/regs/",
	[STORE_MEMORY] = "/image/",
};

void files_init(struct file file[FILES])
{
	memset(file, 0, FILES * sizeof(*file));
	if (file_lookup(&file[0], "/module/stdin", O_RDONLY) < 0)
		file_lookup(&file[0], "/dev/null", O_RDONLY);
	for (u32 fd = 1; fd <= 2; fd++)
		file_lookup(&file[fd], "/dev/console", O_WRONLY);
}

struct file *files_any(struct file file[FILES], u32 fd)
{
	return fd < FILES && file[fd].kind != FILE_CLOSED ? &file[fd] : NULL;
}

struct file *files_get(struct file file[FILES], u32 fd, enum file_kind kind)
{
	return fd < FILES && file[fd].kind == kind ? &file[fd] : NULL;
}

static int lookup_stored(struct file *f, const char *name, enum store_kind kind, u32 flags)
{
	const struct image *image = store_find(name, kind);

	if (flags == (O_WRONLY | O_CREAT) && kind != STORE_MODULE) {
		if (!armour_name_valid(name))
			return -ENOENT;
		f->kind = FILE_NEW_IMAGE;
	} else if (flags == O_RDONLY) {
		if (!image)
			return -ENOENT;
		f->kind = FILE_IMAGE;
		f->id = store_id(image);
	} else {
		return kind == STORE_MODULE ? -EROFS : -EINVAL;
	}
	memcpy(f->name, name, strlen(name));
	f->store = kind;
	return 0;
}

static int lookup_device(struct file *f, const char *path)
{
	if (strcmp(path, "/dev/null") == 0)
		f->kind = FILE_NULL;
	else if (strcmp(path, "/dev/console") == 0)
		f->kind = FILE_CONSOLE;
	else
		return -ENOENT;
	return 0;
}

int file_lookup(struct file *f, const char *path, u32 flags)
{
	flags &= ~O_WITHOUT_EFFECT;
	*f = (struct file){.flags = flags};
	if (flags & O_DIRECTORY)
		return -ENOTDIR;
	if (*path && *path != '/')
		return lookup_stored(f, path, STORE_MODULE, flags);
	for (u32 kind = STORE_MODULE; kind < ARRAY_SIZE(directories); kind++) {
		u32 length = strlen(directories[kind]);

		if (strncmp(path, directories[kind], length) == 0)
			return lookup_stored(f, path + length, kind, flags);
	}
	return lookup_device(f, path);
}

void file_path(const struct file *f, char path[FILE_PATH])
{
	switch (f->kind) {
	case FILE_IMAGE:
	case FILE_NEW_IMAGE:
		lib_snprintf(path, FILE_PATH, "%s%s", directories[f->store], f->name);
		break;
	default:
		lib_snprintf(path, FILE_PATH, "/dev/%s", f->kind == FILE_CONSOLE ? "console" : "null");
	}
}

s32 files_open(struct file file[FILES], const char *path, u32 flags)
{
	for (s32 fd = 0; fd < FILES; fd++) {
		struct file f;
		int ret;

		if (file[fd].kind != FILE_CLOSED)
			continue;
		ret = file_lookup(&f, path, flags);
		if (ret < 0)
			return ret;
		file[fd] = f;
		return fd;
	}
	return -EMFILE;
}

/* What was written is no image, and never was. */
static void drop(struct file *f)
{
	if (f->image)
		store_abort(f->image);
	f->image = NULL;
}

int files_write(struct file *f, const void *bytes, u32 count)
{
	if (f->error)
		return f->error;
	if (!f->image)
		f->image = store_begin();
	f->error = f->image ? store_append(f->image, bytes, count) : -ENOSPC;
	if (f->error)
		drop(f);
	return f->error;
}

s32 files_close(struct file file[FILES], u32 fd)
{
	struct file *f = files_any(file, fd);

	if (!f)
		return -EBADF;
	f->kind = FILE_CLOSED;
	if (f->image)
		store_commit(f->image, f->name, f->store);
	f->image = NULL; /* it is the store's now, whatever becomes of the task */
	return f->error;
}

void files_drop(struct file file[FILES])
{
	for (struct file *f = file; f < file + FILES; f++) {
		drop(f);
		f->kind = FILE_CLOSED;
	}
}
