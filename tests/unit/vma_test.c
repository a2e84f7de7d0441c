/* SPDX-License-Identifier: GPL-2.0-only */
/* VMAs against a model that knows each page by itself. */
#include <stdlib.h>
#include <string.h>

#include "tap.h"
#include "vma.h"

#define PAGES 48

static u32 model[PAGES]; /* the flags of each page, or VMA_NONE */

static u32 page(u32 n)
{
	return n * PAGE_SIZE;
}

static u32 flags_in(const struct vmas *v, u32 n)
{
	const struct vma *vma = vma_find(v, page(n) + 5);

	return vma ? vma->flags : VMA_NONE;
}

static bool agrees(const struct vmas *v)
{
	for (u32 n = 0; n < PAGES; n++)
		if (flags_in(v, n) != model[n])
			return false;
	return true;
}

/* Rising, not empty, not overlapping; neighbours with the same flags are one. */
static bool is_canonical(const struct vmas *v)
{
	for (u32 n = 0; n < v->count; n++) {
		const struct vma *vma = &v->vma[n];

		if (vma->start >= vma->end)
			return false;
		if (n && vma[-1].end > vma->start)
			return false;
		if (n && vma[-1].end == vma->start && vma[-1].flags == vma->flags)
			return false;
	}
	return true;
}

static bool model_is_free(u32 first, u32 last)
{
	for (u32 n = first; n < last; n++)
		if (model[n] != VMA_NONE)
			return false;
	return true;
}

static u32 model_hole(u32 first, u32 last)
{
	while (first < last && model[first] != VMA_NONE)
		first++;
	return first;
}

static u32 model_gap(u32 pages, u32 floor, u32 top)
{
	for (u32 n = top; n >= floor + pages; n--)
		if (model_is_free(n - pages, n))
			return n - pages;
	return 0;
}

static void test_against_model(void)
{
	static const u32 flags[] = {VMA_NONE, VMA_NONE, 0, VM_READ, VM_READ | VM_WRITE};
	static struct vmas v;
	u32 wrong[5] = {0};

	srand(1);
	for (u32 n = 0; n < PAGES; n++)
		model[n] = VMA_NONE;
	for (u32 round = 0; round < 20000; round++) {
		u32 first = (u32)rand() % PAGES, last = first + 1 + (u32)rand() % (PAGES - first);
		u32 to = flags[(u32)rand() % ARRAY_SIZE(flags)], pages = 1 + (u32)rand() % 8;

		wrong[0] += vma_is_free(&v, page(first), page(last)) != model_is_free(first, last);
		wrong[1] += vma_hole(&v, page(first), page(last)) != page(model_hole(first, last));
		wrong[2] += vma_gap(&v, page(pages), page(2), page(PAGES - 3)) != page(model_gap(pages, 2, PAGES - 3));
		if (round % 3)
			last = first + 1;
		vma_set(&v, page(first), page(last), to);
		for (u32 n = first; n < last; n++)
			model[n] = to;
		wrong[3] += !agrees(&v);
		wrong[4] += !is_canonical(&v);
	}
	is_number(wrong[0], 0, "vma_is_free");
	is_number(wrong[1], 0, "vma_hole");
	is_number(wrong[2], 0, "vma_gap: the highest range within its bounds");
	is_number(wrong[3], 0, "vma_set, vma_find: every page has the flags that it was given last");
	is_number(wrong[4], 0, "vma_set: VMAs are in order, and neighbours alike are one");
}

static void test_add(void)
{
	struct vmas v = {.count = 0};

	is_number((u32)vma_add(&v, page(4), page(6), VM_READ), 0, "vma_add: a VMA");
	is_number((u32)vma_add(&v, page(6), page(7), VM_READ), 0, "vma_add: another behind it");
	is_number(v.count, 2, "vma_add: a VMA stays as it is, neighbours alike or not");
	is_number((u32)vma_add(&v, page(5), page(9), VM_READ), (u32)-EEXIST, "vma_add: one that overlaps two");
	is_number((u32)vma_add(&v, page(3), page(5), VM_READ), (u32)-EEXIST, "vma_add: one that overlaps the first");
	is_number((u32)vma_add(&v, page(2), page(4), VM_READ), 0, "vma_add: one that ends where the first begins");
	is_number(v.vma[0].start, page(2), "vma_add: in rising order");
	ok(vma_above(&v, page(7)) == NULL && vma_above(&v, page(6)) == &v.vma[2], "vma_above: the last, and beyond");
}

/* Every other page, until no more go in. */
static void test_full(void)
{
	static struct vmas v, before;

	for (u32 n = 0; n < MM_VMAS; n++)
		vma_set(&v, page(2 * n + 1), page(2 * n + 2), VM_READ);
	is_number(v.count, MM_VMAS, "a full table");
	before = v;
	is_number((u32)vma_set(&v, page(2 * MM_VMAS + 1), page(2 * MM_VMAS + 2), VM_READ), (u32)-ENOMEM,
		  "vma_set: one too many");
	is_number((u32)vma_add(&v, page(2 * MM_VMAS + 1), page(2 * MM_VMAS + 2), VM_READ), (u32)-ENOMEM,
		  "vma_add: one too many");
	is_number((u32)vma_set(&v, page(2), page(3), VM_WRITE), (u32)-ENOMEM, "vma_set: one too many in between");
	ok(memcmp(&v, &before, sizeof(v)) == 0, "nothing has changed");
	is_number((u32)vma_set(&v, page(2), page(3), VM_READ), 0, "vma_set: one that joins two is none more");
	is_number(v.count, MM_VMAS - 1, "it makes one of three");
	is_number((u32)vma_set(&v, page(2), page(3), VMA_NONE), 0, "vma_set: and back");
	ok(memcmp(&v, &before, sizeof(v)) == 0, "to what it was");
	v = (struct vmas){.count = 0};
	vma_set(&v, page(10), page(20), VM_READ);
	for (u32 n = 1; n < MM_VMAS; n++)
		vma_set(&v, page(2 * n + 20), page(2 * n + 21), VM_READ);
	is_number((u32)vma_set(&v, page(12), page(13), VMA_NONE), (u32)-ENOMEM, "vma_set: a hole that would split one");
	is_number(v.vma[0].end, page(20), "nothing has changed");
}

int main(void)
{
	test_against_model();
	test_add();
	test_full();
	return done_testing();
}
