/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The texts of a case: what a task's state is before and after, and how the code ends.
 *
 * State is words NAME=VALUE between blanks. NAME is
 *   a register of the table in lib/registers.c       eax  gdt6  DR7  FCW  XMM3  YMM0_Hi128  K1
 *   a field of its bits                              eflags.AC  FSW.TOP  DR7.R/W0  MXCSR.RC
 *   bytes of memory, at an offset from DATA          [10]  [1ffc]   as many as VALUE has pairs of digits
 *   a range of it, FIRST:COUNT, all bytes alike      [40:1b0]=5a
 *   an entry of the LDT                              ldt0 ... ldt7
 *   cr2                                              (after)
 * VALUE is
 *   hexadecimal digits, _ between them as one likes  3fff_8000000000000000
 *   #DECIMAL                                         what `tls` and `ldt` of case.inc make
 *   @LABEL                                           the address of a place in the code
 *   code data stack                                  CODE, DATA, the end of the stack's page
 *   user_cs user_ds tls0 ... tls2 sel0 ... sel7      selectors: flat code and data, TLS slots, LDT entries; RPL 3
 *   each of these with +HEX or -HEX behind           data+10  stack-4  tls0-3 (RPL 0)
 *   ?                                                (after) anything: the manual leaves it open
 *
 * After: what is not named must be as before, but for
 *   eip, which follows from the end;
 *   FIP FCS FDP FDS FOP and eflags.RF, which count only where `after` names them.
 *
 * Ends are words #XX@LABEL or #XX(ERROR)@LABEL in the order in which they come: the exception, its error code (a VALUE)
 * and where EIP points then. Without (ERROR) the code must be 0. Without @LABEL, #BP stands for the end of the code.
 * All but the last are stops on the way, after which the task goes on. "refused:RECORD.field" alone: no task comes into
 * being, because restart refuses that field.
 */
#ifndef CONFORMANCE_TEXT_H
#define CONFORMANCE_TEXT_H

#include "vector.h"

/* What the words user_cs, tls0, ... stand for: they differ between operating systems. */
struct selectors {
	u32 user_cs, user_ds, tls; /* the first TLS slot's */
};

/* A text that is being read, for the case that it belongs to. */
struct text {
	const struct case_vector *c;
	const struct selectors *selectors;
	char *why; /* where to say what is wrong with it */
	u32 why_size;
};

/* The state before: settings applied to the default task. False: the text is wrong, and `why` says how. */
bool text_before(const struct text *t, struct vector *before);

/* What must hold after: the state before, the settings of `after`, and the EIP of the last end. */
bool text_after(const struct text *t, const struct vector *before, struct expectation *expected);

/* One trap that must come. */
struct end {
	u32 vector, error, eip;
};
#define TEXT_ENDS 16

static inline bool end_same(const struct end *a, const struct end *b)
{
	return a->vector == b->vector && a->error == b->error && a->eip == b->eip;
}

/* Whether a trap is a `point` of the case: an INT3 that stands within its code and is not the end that is expected. */
static inline bool case_point(const struct case_vector *c, u32 vector, u32 eip, const struct end *expected)
{
	return vector == TRAP_BP && eip != expected->eip && eip > CASE_CODE &&
	       eip < CASE_CODE + (u32)(c->code_end - c->code);
}

/*
 * The traps that must come, in their order; returns how many, 0: the text is wrong. Where it says "refused:FIELD",
 * *refused is FIELD, else NULL.
 */
u32 text_ends(const struct text *t, struct end ends[TEXT_ENDS], const char **refused);

#endif
