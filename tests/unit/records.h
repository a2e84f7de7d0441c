/* SPDX-License-Identifier: GPL-2.0-only */
/* An image as a row of records, good or not: what is tried on it is tried record by record. */
#ifndef TESTS_UNIT_RECORDS_H
#define TESTS_UNIT_RECORDS_H

#include "samples.h"

/* A record, from its header to the end of the raw bytes behind its payload. */
struct span {
	u32 at;
	u32 size;
};

static inline s16 record_type(const struct buffer *b, const struct span *span)
{
	struct cr_hdr h = {0};

	memcpy(&h, b->data + span->at, span->size < sizeof(h) ? span->size : sizeof(h));
	return h.type;
}

/* The size that a record with these bytes claims, of which `left` are there. */
static inline u64 record_size(const u8 *bytes, u32 left)
{
	u64 word = 0, size;
	struct cr_hdr h;

	if (left <= sizeof(h))
		return left;
	memcpy(&h, bytes, sizeof(h));
	memcpy(&word, bytes + sizeof(h), left < sizeof(h) + sizeof(u32) ? left - sizeof(h) : sizeof(u32));
	size = sizeof(h) + (h.len > 0 ? (u64)h.len : 0);
	if (h.type == CR_HDR_THREAD)
		size += CR_TLS_ENTRIES * sizeof(u64);
	if (h.type == CR_HDR_PGARR)
		size += word * (sizeof(u32) + PAGE_SIZE);
	if (h.type == CR_HDR_MM_CONTEXT)
		size += (word >> 16) * CR_LDT_ENTRY_SIZE;
	return size;
}

/*
 * The records, by type, length and counts alone, `max` of them at most. Whatever the bytes are, the spans follow each
 * other to the end of the image: the last is cut off there.
 */
static inline u32 find_records(const struct buffer *b, struct span *spans, u32 max)
{
	u32 count = 0;

	for (u32 at = 0; at < b->size && count < max; at += spans[count++].size) {
		u64 size = record_size(b->data + at, b->size - at);

		spans[count] = (struct span){at, size < b->size - at ? (u32)size : b->size - at};
	}
	return count;
}

#endif
