/* SPDX-License-Identifier: GPL-2.0-only */
#include "vma.h"
#include "string.h"

/* The place of the first VMA that ends above `address`: of all, if none does. */
static u32 place(const struct vmas *v, u32 address)
{
	u32 low = 0, high = v->count;

	while (low < high) {
		u32 middle = (low + high) / 2;

		if (v->vma[middle].end > address)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

const struct vma *vma_above(const struct vmas *v, u32 address)
{
	u32 n = place(v, address);

	return n < v->count ? &v->vma[n] : NULL;
}

const struct vma *vma_find(const struct vmas *v, u32 address)
{
	const struct vma *vma = vma_above(v, address);

	return vma && vma->start <= address ? vma : NULL;
}

bool vma_is_free(const struct vmas *v, u32 start, u32 end)
{
	const struct vma *vma = vma_above(v, start);

	return !vma || vma->start >= end;
}

u32 vma_hole(const struct vmas *v, u32 start, u32 end)
{
	for (u32 n = place(v, start); n < v->count && v->vma[n].start <= start && start < end; n++)
		start = v->vma[n].end;
	return start < end ? start : end;
}

u32 vma_gap(const struct vmas *v, u32 size, u32 floor, u32 top)
{
	for (u32 n = v->count;; n--) {
		u32 base = n && v->vma[n - 1].end > floor ? v->vma[n - 1].end : floor;

		if (base <= top && top - base >= size)
			return top - size;
		if (base == floor)
			return 0;
		if (v->vma[n - 1].start < top)
			top = v->vma[n - 1].start;
	}
}

/* The VMAs from place `first` up to `last` give way to `count` others. */
static int replace(struct vmas *v, u32 first, u32 last, const struct vma *by, u32 count)
{
	if (v->count - (last - first) + count > MM_VMAS)
		return -ENOMEM;
	memmove(&v->vma[first + count], &v->vma[last], (v->count - last) * sizeof(v->vma[0]));
	memcpy(&v->vma[first], by, count * sizeof(*by));
	v->count += count - (last - first);
	return 0;
}

int vma_add(struct vmas *v, u32 start, u32 end, u32 flags)
{
	const struct vma vma = {start, end, flags};
	u32 n = place(v, start);

	return vma_is_free(v, start, end) ? replace(v, n, n, &vma, 1) : -EEXIST;
}

/* Puts one more behind `count` others, or makes the last of them longer. Returns how many there are now. */
static u32 append(struct vma *to, u32 count, u32 start, u32 end, u32 flags)
{
	if (start >= end || flags == VMA_NONE)
		return count;
	if (count && to[count - 1].end == start && to[count - 1].flags == flags)
		to[--count].end = end;
	else
		to[count] = (struct vma){start, end, flags};
	return count + 1;
}

/* From the VMA that ends at `start` or above to the one that begins at `end` or below: those parts stay, and may join. */
int vma_set(struct vmas *v, u32 start, u32 end, u32 flags)
{
	u32 first = start ? place(v, start - 1) : 0, last = first, count = 0;
	struct vma by[3];

	while (last < v->count && v->vma[last].start <= end)
		last++;
	for (u32 n = first; n < last && v->vma[n].start < start; n++)
		count = append(by, count, v->vma[n].start, v->vma[n].end < start ? v->vma[n].end : start,
			       v->vma[n].flags);
	count = append(by, count, start, end, flags);
	for (u32 n = first; n < last; n++)
		if (v->vma[n].end > end)
			count = append(by, count, v->vma[n].start > end ? v->vma[n].start : end, v->vma[n].end,
				       v->vma[n].flags);
	return replace(v, first, last, by, count);
}
