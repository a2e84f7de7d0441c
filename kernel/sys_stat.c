/* SPDX-License-Identifier: GPL-2.0-only */
/* What a file is, and where a link leads. */
#include "string.h"
#include "sys.h"
#include "sys_files.h"
#include "usercopy.h"

enum { S_IFCHR = 0020000, S_IFREG = 0100000 };
enum { AT_SYMLINK_NOFOLLOW = 0x100, AT_NO_AUTOMOUNT = 0x800, AT_EMPTY_PATH = 0x1000, AT_STATX_SYNC_TYPE = 0x6000 };

/* All that there is to know of a file; the other fields of stat64 and statx are always the same. */
struct about {
	u32 mode, inode, size;
};

#define BLOCK_SIZE 4096u
#define SECTORS(a) (((a)->size + 511) / 512)

static struct about describe(const struct file *f)
{
	const struct image *image = f->kind == FILE_IMAGE ? store_get(f->id) : NULL;

	switch (f->kind) {
	case FILE_NULL:
		return (struct about){S_IFCHR | 0666, 1, 0};
	case FILE_CONSOLE:
		return (struct about){S_IFCHR | 0620, 2, 0};
	case FILE_NEW_IMAGE:
		return (struct about){S_IFREG | 0200, 3, 0};
	default:
		return (struct about){S_IFREG | 0444, 3 + f->id, image ? store_size(image) : 0};
	}
}

/* The file that a descriptor and a path name together. 0 or an errno. */
static int about_at(struct about *about, u32 directory, u32 from, u32 flags)
{
	char path[PATH_SIZE];
	struct file f;
	int ret = path_from_user(path, from);

	if (!ret && !*path && flags & AT_EMPTY_PATH) {
		const struct file *open = files_any(current->file, directory);

		if (!open)
			return -EBADF;
		*about = describe(open);
		return 0;
	}
	if (!ret)
		ret = check_directory(directory, path);
	if (!ret)
		ret = file_lookup(&f, path, O_RDONLY);
	if (!ret)
		*about = describe(&f);
	return ret;
}

/* Linux i386's struct stat64 */
struct stat64 {
	u64 dev;
	u32 _padding, short_ino;
	u32 mode, nlink, uid, gid;
	u64 rdev;
	u32 _padding2;
	u64 size;
	u32 blksize;
	u64 blocks;
	u32 times[6];
	u64 ino;
} __attribute__((packed));
_Static_assert(sizeof(struct stat64) == 96, "as Linux i386 has it");

static s32 put_stat64(u32 to, const struct about *about)
{
	const struct stat64 stat = {
		.dev = 1,
		.short_ino = about->inode,
		.mode = about->mode,
		.nlink = 1,
		.size = about->size,
		.blksize = BLOCK_SIZE,
		.blocks = SECTORS(about),
		.ino = about->inode,
	};

	return copy_to_user(to, &stat, sizeof(stat));
}

s32 sys_fstat64(struct trap_frame *f)
{
	const struct file *file = files_any(current->file, f->ebx);
	struct about about;

	if (!file)
		return -EBADF;
	about = describe(file);
	return put_stat64(f->ecx, &about);
}

s32 sys_stat64(struct trap_frame *f)
{
	struct about about;
	int ret = about_at(&about, (u32)AT_FDCWD, f->ebx, 0);

	return ret ? ret : put_stat64(f->ecx, &about);
}

s32 sys_fstatat64(struct trap_frame *f)
{
	struct about about;
	int ret;

	if (f->esi & ~(u32)(AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | AT_EMPTY_PATH))
		return -EINVAL;
	ret = about_at(&about, f->ebx, f->ecx, f->esi);
	return ret ? ret : put_stat64(f->edx, &about);
}

/* Linux's struct statx */
struct statx {
	u32 mask, blksize;
	u64 attributes;
	u32 nlink, uid, gid;
	u16 mode, _padding;
	u64 ino, size, blocks, attributes_mask;
	u64 times[4][2];
	u32 rdev_major, rdev_minor, dev_major, dev_minor;
	u64 rest[14];
};
_Static_assert(sizeof(struct statx) == 256, "as Linux has it");

#define STATX_BASIC_STATS 0x7ffu
#define STATX__RESERVED	  0x80000000u

s32 sys_statx(struct trap_frame *f)
{
	u32 flags = f->edx, known = AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | AT_EMPTY_PATH | AT_STATX_SYNC_TYPE;
	struct about about;
	struct statx stat;
	int ret;

	if (f->esi & STATX__RESERVED || flags & ~known || (flags & AT_STATX_SYNC_TYPE) == AT_STATX_SYNC_TYPE)
		return -EINVAL;
	ret = about_at(&about, f->ebx, f->ecx, flags);
	if (ret)
		return ret;
	stat = (struct statx){
		.mask = STATX_BASIC_STATS,
		.blksize = BLOCK_SIZE,
		.nlink = 1,
		.mode = (u16)about.mode,
		.ino = about.inode,
		.size = about.size,
		.blocks = SECTORS(&about),
		.dev_minor = 1,
	};
	return copy_to_user(f->edi, &stat, sizeof(stat));
}

/* The one link there is leads to the program that the task runs. */
static s32 read_link(u32 directory, u32 from, u32 to, u32 size)
{
	char path[PATH_SIZE], target[8 + CR_TASK_COMM_LEN] = "/module/";
	u32 length = 8 + strlen(current->comm);
	int ret = path_from_user(path, from);
	struct file f;

	if ((s32)size <= 0)
		return -EINVAL;
	if (!ret)
		ret = check_directory(directory, path);
	if (ret)
		return ret;
	if (strcmp(path, "/proc/self/exe") != 0) {
		ret = file_lookup(&f, path, O_RDONLY);
		return ret ? ret : -EINVAL;
	}
	memcpy(target + 8, current->comm, length - 8);
	if (length > size)
		length = size;
	return copy_to_user(to, target, length) < 0 ? -EFAULT : (s32)length;
}

s32 sys_readlink(struct trap_frame *f)
{
	return read_link((u32)AT_FDCWD, f->ebx, f->ecx, f->edx);
}

s32 sys_readlinkat(struct trap_frame *f)
{
	return read_link(f->ebx, f->ecx, f->edx, f->esi);
}
