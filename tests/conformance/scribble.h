/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the other task is that runs between a case's instructions: scribble.asm, which overwrites every register that it
 * can, and the state that it begins with.
 */
#ifndef CONFORMANCE_SCRIBBLE_H
#define CONFORMANCE_SCRIBBLE_H

#include "vector.h"

#define SCRIBBLE_HOME	    0x20000000u /* its code, and behind it its stack */
#define SCRIBBLE_HOME_STACK (SCRIBBLE_HOME + PAGE_SIZE)
#define SCRIBBLE_HOME_END   (SCRIBBLE_HOME + 2 * PAGE_SIZE)

extern const u8 scribble[], scribble_end[], scribble_constants_end[];

/* Where it ends: EIP behind its INT3. */
static inline u32 scribble_done(void)
{
	return SCRIBBLE_HOME + (u32)(scribble_end - scribble);
}

/* What it may touch where these XSAVE components are saved (0: no XSAVE): its EBX. */
u32 scribble_touches(u32 components);

/* Whether a case lets it touch them; `first`: before the case's first instruction. Else EBX is 0. */
bool scribble_with_fpu(const struct case_vector *c, bool first);

/* Its state at the beginning, with that EBX. */
void scribble_describe(struct vector *v, u32 components);

#endif
