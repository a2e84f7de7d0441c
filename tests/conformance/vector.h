/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A test vector: all of a task's state that a case can speak of, as the records of an image hold it, and its memory.
 * Pure code over memory: the kernel and the native runner share it.
 */
#ifndef CONFORMANCE_VECTOR_H
#define CONFORMANCE_VECTOR_H

#include "case.h"
#include "checkpoint.h"
#include "registers.h"

#define VECTOR_LDT	  8
#define VECTOR_COMPONENTS (XSTATE_PKRU + 1)
#define VECTOR_COMPONENT  512 /* bytes of the largest that 32-bit code can reach: ZMM_Hi256 */
#define VECTOR_MEMORY	  (CASE_END - CASE_DATA)
#define VECTOR_PAGES	  (VECTOR_MEMORY / PAGE_SIZE)

/*
 * Most cases use no extended state and little memory. What is blank - all zeros, or, in a mask, all ones - is not written
 * out, and looked at by nobody. vector_find() and vector_memory() write it out where it is to be changed or told.
 */
struct vector {
	struct cr_hdr_cpu cpu; /* x87 and SSE state always as an FXSAVE image */
	u64 tls[CR_TLS_ENTRIES];
	u64 ldt[VECTOR_LDT];
	u32 cr2;  /* after a #PF */
	u32 fill; /* each byte of what is blank */

	u32 components; /* of xstate[] that are there; all others are blank */
	u8 xstate[VECTOR_COMPONENTS][VECTOR_COMPONENT] __attribute__((aligned(4)));
	const u8 *page[VECTOR_PAGES]; /* NULL: blank; else in memory[], or the pages of a task that stands still */
	u8 memory[VECTOR_MEMORY] __attribute__((aligned(4)));
};

/* What a case expects: the values, and which of their bits count (a mask). */
struct expectation {
	struct vector value, care;
	u32 checks; /* how many fields count */
};

/* The default task: distinct values in the general registers, no FPU state of its own, memory of zeros. */
void vector_init(struct vector *v, u32 cs, u32 ss);

/* A mask in which all counts. */
void vector_init_mask(struct vector *v);

void vector_copy(struct vector *to, const struct vector *from);

/* The place of a register of the table in a vector. NULL: a vector has none (64-bit registers, record fields). */
void *vector_find(struct vector *v, const struct cr_register *r);

/* The bytes of a component, where they can be changed. */
u8 *vector_component(struct vector *v, u32 n);

/* Bytes of memory, at an offset from CASE_DATA, where they can be changed. */
u8 *vector_memory(struct vector *v, u32 offset, u32 size);

/* A register by its name as cases write it, or NULL. */
const struct cr_register *vector_register(const char *name, u32 length);

/* How many LDT entries are in use, counted from the first. */
u32 vector_nldt(const struct vector *v);

/* The components beyond x87 and SSE that are not all zero: a subset of v->components. */
u32 vector_components(const struct vector *v);

/*
 * x87 and SSE state out of a record, in whatever form, as an FXSAVE image; the initial state where the task has none.
 */
void vector_set_legacy(struct vector *v, const struct cr_hdr_cpu *from);

/* A difference: a register, with the names of its bits that are wrong (none: as a whole), or "data", at part[0]. */
struct vector_difference {
	const char *name;
	const char *part[32];
	u32 parts;
	const char *found, *expected;
};

/* Whom to tell the differences, one by one. */
struct vector_report {
	void (*field)(void *cookie, const struct vector_difference *d);
	void *cookie;
};

/* Whether two states are the same in all bits of the mask. */
bool vector_same(struct vector *a, struct vector *b, struct vector *care);

/* Tells all that differs and counts. */
void vector_compare(struct vector *found, struct expectation *expected, const struct vector_report *report);

/* How many registers, and other fields, have bits that count. */
u32 vector_checks(struct vector *care);

#endif
