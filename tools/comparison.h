/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * cr86 diff in four parts: plain fields and the command (diff.c), registers (diff_registers.c), memory (diff_memory.c),
 * descriptors (diff_files.c).
 *
 * Two images hold the same state where a task restarted from the one could not tell that it was not restarted from the
 * other; so what an image leaves out (a page, a component, a descriptor) is compared as what it stands for: zeros.
 */
#ifndef TOOLS_COMPARISON_H
#define TOOLS_COMPARISON_H

#include "describe.h"

/* One side: an image, and its registers where they can be compared byte by byte with the other's. */
struct side {
	struct image image;
	struct cr_hdr_cpu cpu; /* x87 and SSE in the form that both sides have */
};

struct comparison {
	struct side a, b;
	bool all;	 /* what the writer says of itself, too */
	u32 differences; /* lines printed */
};

/* What stands for anything that an image leaves out. */
extern const u8 comparison_zeros[PAGE_SIZE];

/* The fields of the first record of a type. */
void compare_fields(struct comparison *c, s32 type);

/* VMAs, the contents of all pages, the fields of MM. */
void compare_memory(struct comparison *c);

/* The descriptors that are open, and where they lead. */
void compare_files(struct comparison *c);

/* LDT and TLS descriptors, the registers in CPU, extended state. */
void compare_ldt(struct comparison *c);
void compare_tls(struct comparison *c);
void compare_cpu(struct comparison *c);
void compare_xstate(struct comparison *c);

#endif
