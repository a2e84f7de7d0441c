/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A case of the conformance catalogue, as the directives of tests/cases/case.inc emit it: strings that read like the
 * manual, and a few instructions. docs/CASES.md lists all cases; HACKING.md says how to write one.
 */
#ifndef CONFORMANCE_CASE_H
#define CONFORMANCE_CASE_H

#include "types.h"

/*
 * Every case runs in three pages of its own; the pages around them are not there. The last one may be executed, too, for
 * code at the end of memory. case.inc has the same numbers.
 */
#define CASE_CODE  0x10000000u
#define CASE_DATA  0x10001000u
#define CASE_STACK 0x10002000u
#define CASE_END   0x10003000u /* ESP begins here */

struct case_label {
	const char *name;
	u32 offset; /* in the code */
};

#define CASE_RING0  BIT(0) /* a probe: the code runs in ring 0, on path plain alone */
#define CASE_NOSTEP BIT(1) /* single steps would change what is tested: interrupted at its points only */
#define CASE_PLAIN  BIT(2) /* not to be interrupted at all */
/* Without these, the scribbler uses the FPU at each point, and first of all before the case's first instruction. */
#define CASE_OTHER_IDLE BIT(3) /* it never does */
#define CASE_OTHER_LATE BIT(4) /* not before the first instruction */

/* The order of case.inc's finish_case. */
struct case_vector {
	const char *name;   /* FAMILY.SUBJECT.VARIANT */
	const char *manual; /* "SDM 1 §8.1.8" */
	const char *proves; /* in words */
	const char *needs;  /* features (features.c), blank-separated; "!name" for one that must be missing */
	const char *before; /* the task's state where it differs from the default task's: see text.h */
	const char *ends;   /* the traps, in order: "#DB@watched #BP" */
	const char *after;  /* what differs from the state before */
	u32 flags;
	const u8 *code, *code_end; /* the INT3 that ends each case is the last byte */
	const struct case_label *labels, *labels_end;
};

/* All cases, in the order of the link: family by family. */
extern const struct case_vector __start_cases[], __stop_cases[];

#define for_each_case(c) for (const struct case_vector *c = __start_cases; c < __stop_cases; c++)

#endif
