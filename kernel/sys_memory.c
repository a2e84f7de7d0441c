/* SPDX-License-Identifier: GPL-2.0-only */
/* brk, mmap, munmap, mprotect, mremap: Linux's rules for their arguments; mm.c does the work. */
#include "sys.h"
#include "task.h"
#include "usercopy.h"

enum { PROT_READ = 1, PROT_WRITE = 2, PROT_EXEC = 4, PROT_SEM = 8 };
enum {
	MAP_SHARED = 0x01,
	MAP_PRIVATE = 0x02,
	MAP_TYPE = 0x0f,
	MAP_FIXED = 0x10,
	MAP_ANONYMOUS = 0x20,
	MAP_FIXED_NOREPLACE = 0x100000,
};
enum { MREMAP_MAYMOVE = 1, MREMAP_FIXED = 2 };

_Static_assert(VM_READ == PROT_READ && VM_WRITE == PROT_WRITE && VM_EXEC == PROT_EXEC, "the bits are the same");

static bool in_user_space(u32 start, u32 size)
{
	return start <= TASK_SIZE && size <= TASK_SIZE - start;
}

/*
 * Pages come into being when they are touched, and a task for whose page there is no memory is ended. So what can never
 * be given is refused here, as Linux does unless it was told otherwise. Memory that cannot be written costs nothing.
 */
static bool can_ever_be_given(u32 size, u32 flags)
{
	return !(flags & VM_WRITE) || size / PAGE_SIZE <= frames_available();
}

/* As in Linux, the result is the break, moved or not; the page behind it stays free. */
s32 sys_brk(struct trap_frame *f)
{
	struct mm *mm = current->mm;
	u32 wanted = f->ebx, old = page_align((u32)mm->info.brk), new = page_align(wanted);
	int ret = 0;

	if (wanted < mm->info.start_brk || wanted > MMAP_TOP)
		return (s32)mm->info.brk;
	if (new < old)
		ret = mm_unmap(mm, new, old);
	else if (new > old)
		ret = can_ever_be_given(new - old, VM_WRITE) && vma_is_free(&mm->vmas, old, new + PAGE_SIZE)
			      ? mm_map(mm, old, new, VM_READ | VM_WRITE)
			      : -ENOMEM;
	if (!ret)
		mm->info.brk = wanted;
	return (s32)mm->info.brk;
}

/* Where a mapping without MAP_FIXED goes: where the hint says, if that is free, else as high as possible. 0: nowhere. */
static u32 choose(const struct mm *mm, u32 hint, u32 size)
{
	hint = page_align(hint);
	if (hint && hint < USER_FLOOR)
		hint = USER_FLOOR;
	if (hint && in_user_space(hint, size) && vma_is_free(&mm->vmas, hint, hint + size))
		return hint;
	return vma_gap(&mm->vmas, size, USER_FLOOR, MMAP_TOP);
}

static s32 check_fixed(const struct mm *mm, u32 start, u32 size, u32 flags)
{
	if (!in_user_space(start, size))
		return -ENOMEM;
	if (start % PAGE_SIZE)
		return -EINVAL;
	if (start < USER_FLOOR)
		return -EPERM;
	return flags & MAP_FIXED_NOREPLACE && !vma_is_free(&mm->vmas, start, start + size) ? -EEXIST : 0;
}

/* Memory only: there is no file that could be mapped. Nobody else can see a task's memory, so shared is as private. */
static s32 map(u32 start, u32 length, u32 prot, u32 flags, u32 fd)
{
	u32 size = page_align(length), vm_flags = prot & (VM_READ | VM_WRITE | VM_EXEC);
	s32 ret = 0;

	if (!(flags & MAP_ANONYMOUS))
		return fd < FILES && current->file[fd].kind != FILE_CLOSED ? -ENODEV : -EBADF;
	if (!length || ((flags & MAP_TYPE) != MAP_SHARED && (flags & MAP_TYPE) != MAP_PRIVATE))
		return -EINVAL;
	if (!size || !can_ever_be_given(size, vm_flags))
		return -ENOMEM;
	if (flags & (MAP_FIXED | MAP_FIXED_NOREPLACE))
		ret = check_fixed(current->mm, start, size, flags);
	else
		start = choose(current->mm, start, size);
	if (!ret)
		ret = start ? mm_map(current->mm, start, start + size, vm_flags) : -ENOMEM;
	return ret < 0 ? ret : (s32)start;
}

s32 sys_mmap2(struct trap_frame *f)
{
	return map(f->ebx, f->ecx, f->edx, f->esi, f->edi);
}

/* The first form: a pointer to the six arguments, the last of them in bytes. */
s32 sys_mmap(struct trap_frame *f)
{
	u32 arguments[6];

	if (copy_from_user(arguments, f->ebx, sizeof(arguments)) < 0)
		return -EFAULT;
	if (arguments[5] % PAGE_SIZE)
		return -EINVAL;
	return map(arguments[0], arguments[1], arguments[2], arguments[3], arguments[4]);
}

s32 sys_munmap(struct trap_frame *f)
{
	u32 start = f->ebx, size = page_align(f->ecx);

	if (start % PAGE_SIZE || !size || !in_user_space(start, f->ecx))
		return -EINVAL;
	return mm_unmap(current->mm, start, start + size);
}

/* Up to the first hole it takes effect, also where it then fails. */
s32 sys_mprotect(struct trap_frame *f)
{
	u32 start = f->ebx, size = page_align(f->ecx), end = start + size, hole;
	u32 flags = f->edx & (VM_READ | VM_WRITE | VM_EXEC);
	s32 ret = 0;

	if (start % PAGE_SIZE || f->edx & ~(flags | PROT_SEM))
		return -EINVAL;
	if (!f->ecx)
		return 0;
	if (end <= start)
		return -ENOMEM;
	hole = vma_hole(&current->mm->vmas, start, end);
	if (hole > start)
		ret = mm_protect(current->mm, start, hole, flags);
	return ret ? ret : hole < end ? -ENOMEM : 0;
}

/* A mapping's place for `size` bytes more than it has: where it is, or elsewhere. */
static s32 grow(struct mm *mm, const struct vma *vma, u32 from, u32 old_size, u32 new_size, bool may_move)
{
	u32 end = from + old_size, to;

	if (!can_ever_be_given(new_size - old_size, vma->flags))
		return -ENOMEM;
	if (end == vma->end && in_user_space(from, new_size) && vma_is_free(&mm->vmas, end, from + new_size))
		return mm_map(mm, end, from + new_size, vma->flags & VM_ACCESS) < 0 ? -ENOMEM : (s32)from;
	to = may_move ? choose(mm, 0, new_size) : 0;
	if (!to || mm_move(mm, from, old_size, to, new_size) < 0)
		return -ENOMEM;
	return (s32)to;
}

static s32 move_to(struct mm *mm, u32 from, u32 old_size, u32 to, u32 new_size)
{
	if (to % PAGE_SIZE || !in_user_space(to, new_size) || (from < to + new_size && to < from + old_size))
		return -EINVAL;
	if (to < USER_FLOOR)
		return -EPERM;
	if (mm_unmap(mm, to, to + new_size) < 0 || mm_move(mm, from, old_size, to, new_size) < 0)
		return -ENOMEM;
	return (s32)to;
}

s32 sys_mremap(struct trap_frame *f)
{
	u32 from = f->ebx, old_size = page_align(f->ecx), new_size = page_align(f->edx), flags = f->esi;
	struct mm *mm = current->mm;
	const struct vma *vma = vma_find(&mm->vmas, from);

	if (flags & ~(u32)(MREMAP_MAYMOVE | MREMAP_FIXED) || flags == MREMAP_FIXED || from % PAGE_SIZE || !new_size)
		return -EINVAL;
	if (!vma)
		return -EFAULT;
	if (!(flags & MREMAP_FIXED) && old_size >= new_size)
		return old_size > new_size && mm_unmap(mm, from + new_size, from + old_size) < 0 ? -ENOMEM : (s32)from;
	if (!old_size)
		return -EINVAL;
	if (old_size > vma->end - from)
		return -EFAULT;
	if (flags & MREMAP_FIXED)
		return move_to(mm, from, old_size, f->edi, new_size);
	return grow(mm, vma, from, old_size, new_size, flags & MREMAP_MAYMOVE);
}

/* What was written may be forgotten: with MADV_DONTNEED it has to be. All else is advice that changes nothing here. */
s32 sys_madvise(struct trap_frame *f)
{
	enum { MADV_DONTNEED = 4, MADV_FREE = 8 };
	u32 start = f->ebx, size = page_align(f->ecx), advice = f->edx, end = start + size;

	if (start % PAGE_SIZE || advice > MADV_FREE || end < start || (f->ecx && !size))
		return -EINVAL;
	if (advice == MADV_DONTNEED)
		mm_discard(current->mm, start, end < TASK_SIZE ? end : TASK_SIZE);
	return vma_hole(&current->mm->vmas, start, end) < end ? -ENOMEM : 0;
}
