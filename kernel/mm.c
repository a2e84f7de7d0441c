/* SPDX-License-Identifier: GPL-2.0-only */
#include "mm.h"
#include "string.h"
#include "trap.h"

struct mm *mm_create(void)
{
	struct mm *mm = frame_alloc();

	if (!mm)
		return NULL;
	memset(mm, 0, offsetof(struct mm, vmas.vma));
	mm->directory = paging_create();
	if (!mm->directory) {
		frame_free(mm);
		return NULL;
	}
	return mm;
}

void mm_destroy(struct mm *mm)
{
	if (!mm)
		return;
	paging_destroy(mm->directory);
	if (mm->ldt)
		frame_free(mm->ldt);
	frame_free(mm);
}

int mm_add(struct mm *mm, u32 start, u32 end, u32 flags)
{
	if (start % PAGE_SIZE || end % PAGE_SIZE || start >= end || end > TASK_SIZE)
		return -EINVAL;
	return vma_add(&mm->vmas, start, end, flags);
}

/* Takes the pages of a range away. */
static void mm_forget(struct mm *mm, u32 start, u32 end)
{
	while ((start = paging_next(mm->directory, start, end)) < end)
		mm_drop_page(mm, start);
}

void mm_discard(struct mm *mm, u32 start, u32 end)
{
	for (; (start = paging_next(mm->directory, start, end)) < end; start += PAGE_SIZE)
		if (!(vma_find(&mm->vmas, start)->flags & VM_FILE))
			mm_drop_page(mm, start);
}

int mm_map(struct mm *mm, u32 start, u32 end, u32 flags)
{
	int ret = vma_set(&mm->vmas, start, end, flags);

	if (!ret)
		mm_forget(mm, start, end);
	return ret;
}

int mm_unmap(struct mm *mm, u32 start, u32 end)
{
	return mm_map(mm, start, end, VMA_NONE);
}

int mm_protect(struct mm *mm, u32 start, u32 end, u32 flags)
{
	int ret = vma_set(&mm->vmas, start, end, flags);

	if (ret)
		return ret;
	while ((start = paging_next(mm->directory, start, end)) < end) {
		paging_protect(mm->directory, start, flags);
		start += PAGE_SIZE;
	}
	return 0;
}

/* Pages in [from, from + size) go to `to`. -ENOMEM: some have gone. */
static int move_pages(struct mm *mm, u32 from, u32 size, u32 to)
{
	for (u32 at = from; (at = paging_next(mm->directory, at, from + size)) < from + size;)
		if (paging_move(mm->directory, at, to + (at - from)) < 0)
			return -ENOMEM;
	return 0;
}

int mm_move(struct mm *mm, u32 from, u32 size, u32 to, u32 new_size)
{
	u32 flags = vma_find(&mm->vmas, from)->flags & VM_ACCESS, keep = size < new_size ? size : new_size;

	if (vma_set(&mm->vmas, to, to + new_size, flags) < 0)
		return -ENOMEM;
	if (vma_set(&mm->vmas, from, from + size, VMA_NONE) == 0) {
		if (move_pages(mm, from, keep, to) == 0) {
			mm_forget(mm, from, from + size);
			return 0;
		}
		/* The tables that the pages came from are still there, and so is the room for the VMA. */
		move_pages(mm, to, keep, from);
		vma_set(&mm->vmas, from, from + size, flags);
	}
	vma_set(&mm->vmas, to, to + new_size, VMA_NONE);
	return -ENOMEM;
}

/* All frames before any table, so that they are likely to lie together. */
u32 mm_new_pages(struct mm *mm, const u32 *address, u8 **frame, u32 count)
{
	u32 flags = vma_find(&mm->vmas, address[0])->flags & VM_ACCESS, got = 0, mapped;

	while (got < count && (frame[got] = frame_alloc()))
		got++;
	mapped = paging_map(mm->directory, address, frame, got, flags);
	while (got > mapped)
		frame_free(frame[--got]);
	return mapped;
}

void *mm_page(struct mm *mm, u32 address)
{
	u8 *frame = paging_frame(mm->directory, address);

	if (frame)
		return frame;
	return mm_new_pages(mm, &address, &frame, 1) ? memset(frame, 0, PAGE_SIZE) : NULL;
}

void mm_drop_page(struct mm *mm, u32 address)
{
	void *frame = paging_unmap(mm->directory, address);

	if (frame)
		frame_free(frame);
}

int mm_write(struct mm *mm, u32 address, const void *from, u32 count)
{
	while (count) {
		u32 offset = address % PAGE_SIZE;
		u32 part = count < PAGE_SIZE - offset ? count : PAGE_SIZE - offset;
		u8 *page;

		if (!vma_find(&mm->vmas, address))
			return -EFAULT;
		page = mm_page(mm, address);
		if (!page)
			return -ENOMEM;
		memcpy(page + offset, from, part);
		address += part;
		from = (const u8 *)from + part;
		count -= part;
	}
	return 0;
}

/* A page that is there already cannot be made better: the access broke its protection. */
int mm_fault(struct mm *mm, u32 address, u32 error)
{
	const struct vma *vma = vma_find(&mm->vmas, address);

	if (!vma || !(vma->flags & VM_ACCESS) || error & PF_PRESENT)
		return -EFAULT;
	if (error & PF_WRITE && !(vma->flags & VM_WRITE))
		return -EFAULT;
	if (error & PF_FETCH && !(vma->flags & VM_EXEC))
		return -EFAULT;
	return mm_page(mm, address) ? 0 : -ENOMEM;
}
