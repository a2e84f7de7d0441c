/* SPDX-License-Identifier: GPL-2.0-only */
#include "user_desc.h"

/* How Linux says "empty": a descriptor of nothing, read-only and not present. */
static bool is_empty(const struct user_desc *d)
{
	return !d->base_addr && !d->limit && (d->flags & 0x7f) == (READ_EXEC_ONLY | SEG_NOT_PRESENT);
}

u64 user_desc_to_descriptor(const struct user_desc *d)
{
	u32 type = CONTENTS(d->flags) << 2 | (d->flags & READ_EXEC_ONLY ? 0 : 2) | 1;
	u32 access = type | 1 << 4 | 3 << 5 | (d->flags & SEG_NOT_PRESENT ? 0 : 1 << 7);
	u32 flags = (d->flags & USEABLE ? 1 : 0) | (d->flags & SEG_32BIT ? 4 : 0) | (d->flags & LIMIT_IN_PAGES ? 8 : 0);

	return is_empty(d) ? 0 : desc_pack(d->base_addr, d->limit, access, flags);
}

struct user_desc user_desc_from_descriptor(u32 entry, u64 descriptor)
{
	u32 high = (u32)(descriptor >> 32), type = DESC_TYPE(descriptor);
	struct user_desc d = {
		.entry_number = entry,
		.base_addr = desc_base(descriptor),
		.limit = desc_raw_limit(descriptor),
	};

	d.flags = (type >> 2) << CONTENTS_SHIFT | (type & 2 ? 0 : READ_EXEC_ONLY);
	d.flags |= descriptor & DESC_P ? 0 : SEG_NOT_PRESENT;
	d.flags |= high & BIT(20) ? USEABLE : 0;
	d.flags |= high & BIT(22) ? SEG_32BIT : 0;
	d.flags |= high & BIT(23) ? LIMIT_IN_PAGES : 0;
	return d;
}
