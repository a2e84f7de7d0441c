/* SPDX-License-Identifier: GPL-2.0-only */
/* support_counter.asm: loops that count in all registers. */
#ifndef SUPPORT_COUNTER_H
#define SUPPORT_COUNTER_H

#include "types.h"

/* What the loops begin with, and what they end with. In the order in which PUSHAD leaves the registers. */
struct counters {
	u32 edi, esi, ebp, esp, ebx, edx, ecx, eax;
	u32 rounds; /* counts down to 0 */
};
extern struct counters counters;

/*
 * A round adds 1 to seven general registers (ESP stays the stack's); then also to one of the x87 registers, in turn; then
 * also to the four parts of all XMM registers, as floats.
 */
void count_integers(void);
void count_x87(void);
void count_all(void);

#endif
