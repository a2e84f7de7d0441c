/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where the records of an image stand, with the raw bytes that follow some of them. For images that the reader has
 * accepted: nothing is checked here.
 */
#ifndef LIB_RECORD_H
#define LIB_RECORD_H

#include "checkpoint_hdr.h"
#include "string.h"

struct cr_record {
	struct cr_hdr hdr;
	u32 pos;      /* of the header; the payload follows */
	u32 raw_size; /* of the raw bytes behind the payload */
	u32 size;     /* of all of it */
	u32 pages;    /* where the contents of memory begin; elsewhere the record's end */
};

static inline u32 cr_payload(const struct cr_record *r)
{
	return r->pos + sizeof(r->hdr);
}

static inline struct cr_record cr_record_at(const u8 *image, u32 pos)
{
	struct cr_record r = {.pos = pos};
	struct cr_hdr_mm_context context;
	struct cr_hdr_pgarr pgarr;
	u32 contents = 0;

	memcpy(&r.hdr, image + pos, sizeof(r.hdr));
	switch (r.hdr.type) {
	case CR_HDR_THREAD:
		r.raw_size = CR_TLS_ENTRIES * sizeof(u64);
		break;
	case CR_HDR_MM_CONTEXT:
		memcpy(&context, image + cr_payload(&r), sizeof(context));
		r.raw_size = (u32)context.nldt * CR_LDT_ENTRY_SIZE;
		break;
	case CR_HDR_PGARR:
		memcpy(&pgarr, image + cr_payload(&r), sizeof(pgarr));
		contents = (u32)pgarr.nr_pages * PAGE_SIZE;
		r.raw_size = (u32)pgarr.nr_pages * (u32)sizeof(u32) + contents;
		break;
	}
	r.size = (u32)sizeof(r.hdr) + (u32)r.hdr.len + r.raw_size;
	r.pages = pos + r.size - contents;
	return r;
}

/* All records of an image of `size` bytes, `max` at most. Returns how many there are. */
static inline u32 cr_records(const u8 *image, u32 size, struct cr_record *record, u32 max)
{
	u32 count = 0;

	for (u32 pos = 0; pos < size && count < max; pos += record[count++].size)
		record[count] = cr_record_at(image, pos);
	return count;
}

#endif
