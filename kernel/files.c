/* SPDX-License-Identifier: GPL-2.0-only */
#include "files.h"
#include "armour.h"
#include "string.h"

void files_init(struct file file[FILES])
{
	memset(file, 0, FILES * sizeof(*file));
	file[0].kind = FILE_STDIN;
	file[1].kind = file[2].kind = FILE_CONSOLE;
}

struct file *files_get(struct file file[FILES], u32 fd, enum file_kind kind)
{
	return fd < FILES && file[fd].kind == kind ? &file[fd] : NULL;
}

/* What stands behind a directory's name in a path, or NULL where the path begins otherwise. */
static const char *in_directory(const char *path, const char *directory)
{
	u32 length = strlen(directory);

	return strncmp(path, directory, length) == 0 ? path + length : NULL;
}

static int open_new_image(struct file *f, const char *name, bool has_mm)
{
	if (!armour_name_valid(name))
		return -ENOENT;
	*f = (struct file){.kind = FILE_NEW_IMAGE, .has_mm = has_mm};
	memcpy(f->name, name, strlen(name));
	return 0;
}

static int open_stored(struct file *f, const char *name, enum store_kind kind)
{
	const struct image *image = store_find(name, kind);

	if (!image)
		return -ENOENT;
	*f = (struct file){.kind = FILE_IMAGE, .id = store_id(image)};
	return 0;
}

static int open_path(struct file *f, const char *path, u32 flags)
{
	const char *module = in_directory(path, "/module/");
	const char *image = in_directory(path, "/image/");
	const char *regs = in_directory(path, "/regs/");

	if (flags == O_RDONLY)
		return module  ? open_stored(f, module, STORE_MODULE)
		       : image ? open_stored(f, image, STORE_MEMORY)
		       : regs  ? open_stored(f, regs, STORE_REGISTERS)
			       : -ENOENT;
	if (flags == (O_WRONLY | O_CREAT) && (image || regs))
		return open_new_image(f, image ? image : regs, image);
	return module || image || regs ? -EINVAL : -ENOENT;
}

s32 files_open(struct file file[FILES], const char *path, u32 flags)
{
	for (s32 fd = 0; fd < FILES; fd++) {
		int ret;

		if (file[fd].kind != FILE_CLOSED)
			continue;
		ret = open_path(&file[fd], path, flags);
		return ret < 0 ? ret : fd;
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
	struct file *f = &file[fd];

	if (fd >= FILES || f->kind == FILE_CLOSED)
		return -EBADF;
	f->kind = FILE_CLOSED;
	if (f->image)
		store_commit(f->image, f->name, f->has_mm ? STORE_MEMORY : STORE_REGISTERS);
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
