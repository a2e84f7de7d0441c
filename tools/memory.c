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

void memory_free(struct memory *memory)
{
	for (u32 n = 0; n < memory->count; n++)
		free(memory->segments[n].bytes);
	free(memory->segments);
	*memory = (struct memory){NULL, 0};
}

struct segment *memory_segment(const struct memory *memory, u32 address)
{
	for (u32 n = 0; n < memory->count; n++)
		if (address >= memory->segments[n].start && address < memory->segments[n].end)
			return &memory->segments[n];
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

static void write_page(struct cr_ctx *ctx, const struct segment *s, u32 address)
{
	const u8 *page = s->bytes + (address - s->start);

	if (xstate_is_zero(page, PAGE_SIZE))
		return;
	cr_write_pgarr(ctx, &address, 1);
	cr_kwrite(ctx, page, PAGE_SIZE);
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
		for (u32 address = s->start; address < s->end; address += PAGE_SIZE)
			write_page(ctx, s, address);
		cr_write_pgarr(ctx, NULL, 0);
	}
	return ctx->error.error;
}
