/* SPDX-License-Identifier: GPL-2.0-only */
/* Files by descriptor: opening, reading, writing, seeking. */
#include "sys_files.h"
#include "console.h"
#include "sys.h"
#include "usercopy.h"

/* Bytes pass through the kernel in pieces of this size; no call moves more than Linux's MAX_RW_COUNT. */
#define PIECE	 256u
#define MOST	 0x7ffff000u
#define IOV_MOST 1024u

/* Nobody else runs meanwhile, and the console is slow: one call writes no more. Linux, too, may write less than it is asked. */
#define WRITE_MAX PAGE_SIZE

static s32 read_image(struct file *from, u32 to, u32 count)
{
	const struct image *image = store_get(from->id);
	u8 piece[PIECE];
	u32 done = 0;

	if (!image)
		return -EBADF;
	while (done < count) {
		u32 part = count - done < PIECE ? count - done : PIECE;
		s32 got = store_read((void *)image, from->pos, piece, part);

		if (got <= 0)
			break;
		if (copy_to_user(to + done, piece, (u32)got) < 0)
			return done ? (s32)done : -EFAULT;
		from->pos += (u32)got;
		done += (u32)got;
	}
	return (s32)done;
}

static int write_piece(struct file *to, const char *piece, u32 count)
{
	if (to->kind == FILE_NEW_IMAGE)
		return files_write(to, piece, count);
	console_task_output(current->pid, current->comm, &current->column, piece, count);
	return 0;
}

static s32 write_pieces(struct file *to, u32 from, u32 count)
{
	u32 size = count < WRITE_MAX ? count : WRITE_MAX;
	char piece[PIECE];

	if (!user_range_ok(from, count))
		return -EFAULT;
	for (u32 done = 0, part; done < size; done += part) {
		part = size - done < PIECE ? size - done : PIECE;
		if (copy_from_user(piece, from + done, part) < 0)
			return done ? (s32)done : -EFAULT;
		if (write_piece(to, piece, part) < 0)
			return to->error;
	}
	return (s32)size;
}

static s32 read_file(struct file *f, u32 to, u32 count)
{
	if (!f || (f->flags & O_ACCMODE) == O_WRONLY)
		return -EBADF;
	if (count > MOST)
		count = MOST;
	return f->kind == FILE_IMAGE ? read_image(f, to, count) : 0;
}

static s32 write_file(struct file *f, u32 from, u32 count)
{
	if (!f || (f->flags & O_ACCMODE) == O_RDONLY)
		return -EBADF;
	if (count > MOST)
		count = MOST;
	return f->kind == FILE_NULL ? (s32)count : write_pieces(f, from, count);
}

s32 sys_read(struct trap_frame *f)
{
	return read_file(files_any(current->file, f->ebx), f->ecx, f->edx);
}

s32 sys_write(struct trap_frame *f)
{
	return write_file(files_any(current->file, f->ebx), f->ecx, f->edx);
}

/* readv and writev: buffer by buffer, until one of them is not done as a whole. */
static s32 vector(struct trap_frame *f, s32 (*one)(struct file *, u32, u32))
{
	struct file *file = files_any(current->file, f->ebx);
	u32 done = 0;

	if (f->edx > IOV_MOST)
		return -EINVAL;
	for (u32 n = 0; n < f->edx; n++) {
		struct {
			u32 base, length;
		} iov;
		s32 ret;

		if (copy_from_user(&iov, f->ecx + n * sizeof(iov), sizeof(iov)) < 0)
			return done ? (s32)done : -EFAULT;
		if ((s32)iov.length < 0)
			return done ? (s32)done : -EINVAL;
		if (iov.length > MOST - done)
			iov.length = MOST - done;
		ret = one(file, iov.base, iov.length);
		if (ret < 0)
			return done ? (s32)done : ret;
		done += (u32)ret;
		if ((u32)ret < iov.length)
			break;
	}
	return file ? (s32)done : -EBADF;
}

s32 sys_readv(struct trap_frame *f)
{
	return vector(f, read_file);
}

s32 sys_writev(struct trap_frame *f)
{
	return vector(f, write_file);
}

int path_from_user(char path[PATH_SIZE], u32 from)
{
	for (u32 n = 0; n < PATH_SIZE; n++) {
		if (copy_from_user(&path[n], from + n, 1) < 0)
			return -EFAULT;
		if (!path[n])
			return 0;
	}
	return -ENAMETOOLONG;
}

int check_directory(u32 directory, const char *path)
{
	if (!*path)
		return -ENOENT;
	if (directory == (u32)AT_FDCWD || *path == '/')
		return 0;
	return files_any(current->file, directory) ? -ENOTDIR : -EBADF;
}

static s32 open_at(u32 directory, u32 from, u32 flags)
{
	char path[PATH_SIZE];
	int ret = path_from_user(path, from);

	if (!ret)
		ret = check_directory(directory, path);
	return ret ? ret : files_open(current->file, path, flags);
}

s32 sys_open(struct trap_frame *f)
{
	return open_at((u32)AT_FDCWD, f->ebx, f->ecx);
}

s32 sys_openat(struct trap_frame *f)
{
	return open_at(f->ebx, f->ecx, f->edx);
}

s32 sys_close(struct trap_frame *f)
{
	return files_close(current->file, f->ebx);
}

/* The new position, or an errno. An image's end can be passed; there is nothing to read behind it. */
static s64 seek(u32 fd, s64 offset, u32 whence)
{
	enum { SEEK_SET, SEEK_CUR, SEEK_END };
	struct file *f = files_any(current->file, fd);
	const struct image *image;

	if (!f)
		return -EBADF;
	if (f->kind == FILE_NULL)
		return 0;
	image = f->kind == FILE_IMAGE ? store_get(f->id) : NULL;
	if (!image)
		return -ESPIPE;
	if (whence > SEEK_END)
		return -EINVAL;
	offset += whence == SEEK_CUR ? f->pos : whence == SEEK_END ? store_size(image) : 0;
	if (offset < 0 || offset > 0xffffffff)
		return -EINVAL;
	f->pos = (u32)offset;
	return offset;
}

s32 sys_lseek(struct trap_frame *f)
{
	s64 pos = seek(f->ebx, (s32)f->ecx, f->edx);

	return pos > 0x7fffffff ? -EOVERFLOW : (s32)pos;
}

s32 sys_llseek(struct trap_frame *f)
{
	s64 pos = seek(f->ebx, (s64)((u64)f->ecx << 32 | f->edx), f->edi);

	return pos < 0 ? (s32)pos : copy_to_user(f->esi, &pos, sizeof(pos));
}

/* Nothing here is a terminal. */
s32 sys_ioctl(struct trap_frame *f)
{
	return files_any(current->file, f->ebx) ? -ENOTTY : -EBADF;
}
