/* SPDX-License-Identifier: GPL-2.0-only */
#include <stdlib.h>
#include <string.h>

#include "memory.h"

int memory_add(struct memory *memory, u32 start, u32 end, u32 flags)
{
	struct segment *segments = realloc(memory->segments, (memory->count + 1) * sizeof(*segments));
	u32 n = memory->count;
	u8 *bytes;

	if (!segments)
		return -ENOMEM;
	memory->segments = segments;
	while (n && segments[n - 1].start >= end)
		n--;
	if (n && segments[n - 1].end > start)
		return -EEXIST;
	bytes = calloc(1, end - start);
	if (!bytes)
		return -ENOMEM;
	memmove(&segments[n + 1], &segments[n], (memory->count - n) * sizeof(*segments));
	segments[n] = (struct segment){start, end, flags, bytes};
	memory->count++;
	return 0;
}

bool memory_extend(struct segment *s, u32 start)
{
	u8 *bytes = calloc(1, s->end - start);

	if (!bytes)
		return false;
	memcpy(bytes + (s->start - start), s->bytes, s->end - s->start);
	free(s->bytes);
	s->bytes = bytes;
	s->start = start;
	return true;
}

void memory_free(struct memory *memory)
{
	for (u32 n = 0; n < memory->count; n++)
		free(memory->segments[n].bytes);
	free(memory->segments);
	*memory = (struct memory){NULL, 0};
}

struct segment *memory_segment(const struct memory *memory, u32 address)
{
	u32 low = 0, high = memory->count;

	while (low < high) {
		u32 middle = (low + high) / 2;
		struct segment *s = &memory->segments[middle];

		if (address < s->start)
			high = middle;
		else if (address >= s->end)
			low = middle + 1;
		else
			return s;
	}
	return NULL;
}

u8 *memory_at(const struct memory *memory, u32 address, u32 count)
{
	struct segment *s = memory_segment(memory, address);

	return s && count <= s->end - address ? s->bytes + (address - s->start) : NULL;
}

bool memory_word(const struct memory *memory, u32 address, u32 *word)
{
	const u8 *bytes = memory_at(memory, address, sizeof(*word));

	if (bytes)
		memcpy(word, bytes, sizeof(*word));
	return bytes;
}

/* --- From an image, and back --- */

int memory_from_image(struct memory *memory, const struct image *image)
{
	struct record record, *previous = NULL;
	int ret = 0;

	for (; !ret && image_next(image, previous, &record); previous = &record) {
		if (record.hdr.type == CR_HDR_VMA) {
			struct cr_hdr_vma vma;

			memcpy(&vma, record.payload, sizeof(vma));
			ret = memory_add(memory, (u32)vma.vm_start, (u32)vma.vm_end, (u32)vma.vm_flags);
		} else if (record.hdr.type == CR_HDR_PGARR) {
			struct pages pages = record_pages(&record);

			for (u32 n = 0; n < pages.count; n++)
				memcpy(memory_at(memory, page_address(&pages, n), PAGE_SIZE),
				       pages.contents + n * PAGE_SIZE, PAGE_SIZE);
		}
	}
	return ret;
}

enum { PGARR_PAGES = 128 }; /* in one record */

static void write_pgarr(struct cr_ctx *ctx, const struct segment *s, const u32 *addresses, u32 nr_pages)
{
	if (nr_pages)
		cr_write_pgarr(ctx, addresses, nr_pages);
	for (u32 n = 0; n < nr_pages; n++)
		cr_kwrite(ctx, s->bytes + (addresses[n] - s->start), PAGE_SIZE);
}

/* The pages that are not all zero, then the record that ends the VMA's. */
static void write_pages(struct cr_ctx *ctx, const struct segment *s)
{
	u32 addresses[PGARR_PAGES], nr_pages = 0;

	for (u32 address = s->start; address < s->end; address += PAGE_SIZE) {
		if (xstate_is_zero(s->bytes + (address - s->start), PAGE_SIZE))
			continue;
		addresses[nr_pages++] = address;
		if (nr_pages == PGARR_PAGES) {
			write_pgarr(ctx, s, addresses, nr_pages);
			nr_pages = 0;
		}
	}
	write_pgarr(ctx, s, addresses, nr_pages);
	cr_write_pgarr(ctx, NULL, 0);
}

int memory_write(struct cr_ctx *ctx, const struct memory *memory)
{
	for (u32 n = 0; n < memory->count; n++) {
		const struct segment *s = &memory->segments[n];
		struct cr_hdr_vma vma = {.vma_type = CR_VMA_ANON,
					 .vm_start = s->start,
					 .vm_end = s->end,
					 .vm_flags = s->flags,
					 .vm_page_prot = cr_page_prot(s->flags)};

		cr_write_vma(ctx, &vma);
		write_pages(ctx, s);
	}
	return ctx->error.error;
}
