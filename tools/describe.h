/* SPDX-License-Identifier: GPL-2.0-only */
/* What can be said of a value beyond its digits and bit names. */
#ifndef TOOLS_DESCRIBE_H
#define TOOLS_DESCRIBE_H

#include "image.h"

#define NOTES 3

struct note {
	const char *key; /* NULL: no more */
	char text[48];
};

/*
 * What is worth saying of a register: of descriptors that are not zero base, limit and type, of x87 data registers the tag. `cpu` is the record that it
 * belongs to, or NULL.
 */
void describe_register(struct note notes[NOTES], const struct cr_register *r, const void *value,
		       const struct cr_hdr_cpu *cpu);

/* "r-x": a VMA's flags, or "rwx" */
void describe_vma_flags(char text[4], u64 vm_flags);

/* The row for an LDT descriptor: that of a TLS descriptor under another name. */
struct ldt_row {
	struct cr_register row;
	char name[12];
};
void ldt_row_init(struct ldt_row *ldt, u32 index);

/* The name of component n: "AVX", or "component 19". */
void describe_component(char text[24], u32 component);

/* "SIGUSR1" and "handler 08049000, flags 04000000, mask 0000000000000000, restorer 08049100" and where it is pending from. */
#define SIGNAL_TEXT_SIZE 160
void describe_signal(char name[12], char text[SIGNAL_TEXT_SIZE], const struct cr_hdr_signal *signal, u32 signo);

/* Whether the row stands in this CPU record, given its form of x87 and SSE state. */
bool register_in_form(const struct cr_register *r, const struct cr_hdr_cpu *cpu);

#endif
