/* SPDX-License-Identifier: GPL-2.0-only */
#include "mm.h"
#include "string.h"
#include "trap.h"

struct mm *mm_create(void)
{
	struct mm *mm = frame_alloc();

	if (!mm)
		return NULL;
	memset(mm, 0, sizeof(*mm));
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
	u32 count = mm->info.map_count, n = count;

	if (start % PAGE_SIZE || end % PAGE_SIZE || start >= end || end > TASK_SIZE)
		return -EINVAL;
	if (count == MM_VMAS)
		return -ENOMEM;
	while (n && mm->vma[n - 1].start >= start)
		n--;
	if ((n && mm->vma[n - 1].end > start) || (n < count && mm->vma[n].start < end))
		return -EEXIST;
	memmove(&mm->vma[n + 1], &mm->vma[n], (count - n) * sizeof(mm->vma[0]));
	mm->vma[n] = (struct vma){start, end, flags};
	mm->info.map_count++;
	return 0;
}

const struct vma *mm_vma(const struct mm *mm, u32 address)
{
	for (u32 n = 0; n < mm->info.map_count; n++)
		if (address >= mm->vma[n].start && address < mm->vma[n].end)
			return &mm->vma[n];
	return NULL;
}

void *mm_new_page(struct mm *mm, u32 address)
{
	void *frame = frame_alloc();

	if (!frame)
		return NULL;
	if (paging_map(mm->directory, address, frame, mm_vma(mm, address)->flags) < 0) {
		frame_free(frame);
		return NULL;
	}
	return frame;
}

void *mm_page(struct mm *mm, u32 address)
{
	void *frame = paging_frame(mm->directory, address);

	if (frame)
		return frame;
	frame = mm_new_page(mm, address);
	return frame ? memset(frame, 0, PAGE_SIZE) : NULL;
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

		if (!mm_vma(mm, address))
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
bool mm_fault(struct mm *mm, u32 address, u32 error)
{
	const struct vma *vma = mm_vma(mm, address);

	if (!vma || error & PF_PRESENT)
		return false;
	if (error & PF_WRITE && !(vma->flags & VM_WRITE))
		return false;
	if (error & PF_FETCH && !(vma->flags & VM_EXEC))
		return false;
	return mm_page(mm, address);
}
