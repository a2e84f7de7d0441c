/* SPDX-License-Identifier: GPL-2.0-only */
/* cr86 diff: memory, by VMA and by page. */
#include <stdio.h>
#include <string.h>

#include "comparison.h"

/* A place in an image's memory: a walk over VMAs, or over the pages of all VMAs. Both stand in rising order. */
struct cursor {
	const struct image *image;
	struct record record;
	bool valid;
	u32 page; /* within record, a PGARR */
};

/* The next record of the type, from the first on where *cursor is new. */
static void cursor_seek(struct cursor *cursor, s32 type)
{
	do
		cursor->valid = image_next(cursor->image, cursor->valid ? &cursor->record : NULL, &cursor->record);
	while (cursor->valid && cursor->record.hdr.type != type);
}

static struct cr_hdr_vma cursor_vma(const struct cursor *cursor)
{
	struct cr_hdr_vma vma;

	memcpy(&vma, cursor->record.payload, sizeof(vma));
	return vma;
}

static void vma_format(char text[32], const struct cr_hdr_vma *vma)
{
	char access[4];

	describe_vma_flags(access, vma->vm_flags);
	snprintf(text, 32, "%08llx-%08llx %s", (unsigned long long)vma->vm_start, (unsigned long long)vma->vm_end,
		 access);
}

/* Both walks go on to the lower start; where both have one there, they are the same VMA or a changed one. */
static void compare_vmas(struct comparison *c)
{
	struct cursor a = {.image = &c->a.image}, b = {.image = &c->b.image};

	cursor_seek(&a, CR_HDR_VMA);
	cursor_seek(&b, CR_HDR_VMA);
	while (a.valid || b.valid) {
		struct cr_hdr_vma x = {0}, y = {0};
		char text_x[32] = "none", text_y[32] = "none";
		bool only_a, only_b;

		if (a.valid)
			x = cursor_vma(&a);
		if (b.valid)
			y = cursor_vma(&b);
		only_a = !b.valid || (a.valid && x.vm_start < y.vm_start);
		only_b = !a.valid || (b.valid && y.vm_start < x.vm_start);
		if (!only_b)
			vma_format(text_x, &x);
		if (!only_a)
			vma_format(text_y, &y);
		if (strcmp(text_x, text_y) != 0) {
			printf("VMA: A=%s B=%s\n", text_x, text_y);
			c->differences++;
		}
		if (!only_b)
			cursor_seek(&a, CR_HDR_VMA);
		if (!only_a)
			cursor_seek(&b, CR_HDR_VMA);
	}
}

/* Past the pages of this PGARR lie those of the next that has any. */
static void cursor_next_page(struct cursor *cursor)
{
	struct pages pages;

	cursor->page++;
	while (!cursor->valid || cursor->page >= (pages = record_pages(&cursor->record)).count) {
		cursor->page = 0;
		cursor_seek(cursor, CR_HDR_PGARR);
		if (!cursor->valid)
			return;
	}
}

static u32 cursor_address(const struct cursor *cursor)
{
	struct pages pages = record_pages(&cursor->record);

	return page_address(&pages, cursor->page);
}

static const u8 *cursor_contents(const struct cursor *cursor)
{
	return record_pages(&cursor->record).contents + cursor->page * PAGE_SIZE;
}

static void compare_page(struct comparison *c, u32 address, const u8 *a, const u8 *b)
{
	u32 first = 0, count = 0;

	for (u32 n = 0; n < PAGE_SIZE; n++) {
		if (a[n] == b[n])
			continue;
		if (!count)
			first = n;
		count++;
	}
	if (!count)
		return;
	printf("memory at %08x: A=%02x B=%02x", address + first, a[first], b[first]);
	if (count > 1)
		printf("  the first of %u differing bytes in its page", count);
	putchar('\n');
	c->differences++;
}

static void compare_pages(struct comparison *c)
{
	struct cursor a = {.image = &c->a.image}, b = {.image = &c->b.image};

	cursor_next_page(&a);
	cursor_next_page(&b);
	while (a.valid || b.valid) {
		bool only_a = !b.valid || (a.valid && cursor_address(&a) < cursor_address(&b));
		bool only_b = !a.valid || (b.valid && cursor_address(&b) < cursor_address(&a));

		compare_page(c, cursor_address(only_b ? &b : &a), only_b ? comparison_zeros : cursor_contents(&a),
			     only_a ? comparison_zeros : cursor_contents(&b));
		if (!only_b)
			cursor_next_page(&a);
		if (!only_a)
			cursor_next_page(&b);
	}
}

/* Whether memory is a file's is a matter of writing it down; but not, which file. */
static void compare_programs(struct comparison *c)
{
	const char *a = c->a.image.cr.vmas.program.name, *b = c->b.image.cr.vmas.program.name;

	if (!*a || !*b)
		return;
	if (strcmp(a, b) != 0) {
		printf("PROGRAM: A=%s B=%s\n", a, b);
		c->differences++;
	}
	compare_fields(c, CR_HDR_PROGRAM);
}

void compare_memory(struct comparison *c)
{
	bool a = c->a.image.cr.has_mm, b = c->b.image.cr.has_mm;

	if (a != b) {
		printf("MM: A=%s B=%s\n", a ? "memory" : "registers only", b ? "memory" : "registers only");
		c->differences++;
	}
	if (!a || !b)
		return;
	compare_fields(c, CR_HDR_MM);
	compare_vmas(c);
	compare_programs(c);
	compare_pages(c);
}
