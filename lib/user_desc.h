/* SPDX-License-Identifier: GPL-2.0-only */
/* Linux's struct user_desc (asm/ldt.h): a segment descriptor as system calls and core files have it. */
#ifndef LIB_USER_DESC_H
#define LIB_USER_DESC_H

#include "x86.h"

struct user_desc {
	u32 entry_number; /* in the GDT or LDT */
	u32 base_addr;
	u32 limit; /* 20 bits: bytes or pages, less one */
	u32 flags;
};
_Static_assert(sizeof(struct user_desc) == 16, "asm/ldt.h");

/* The bits of `flags` */
enum {
	SEG_32BIT = BIT(0),
	CONTENTS_SHIFT = 1, /* 0 data, 1 data, expand-down, 2 code, 3 conforming code */
	READ_EXEC_ONLY = BIT(3),
	LIMIT_IN_PAGES = BIT(4),
	SEG_NOT_PRESENT = BIT(5),
	USEABLE = BIT(6),
};
#define CONTENTS(flags) ((flags) >> CONTENTS_SHIFT & 3)

/*
 * The descriptor, DPL 3, or 0 for the one that Linux calls empty. The accessed bit is set from the start, so that the
 * CPU never changes a descriptor behind our back.
 */
u64 user_desc_to_descriptor(const struct user_desc *d);

/* And back. The accessed bit is lost. */
struct user_desc user_desc_from_descriptor(u32 entry, u64 descriptor);

#endif
