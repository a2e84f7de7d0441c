/* SPDX-License-Identifier: GPL-2.0-only */
/* support_integers.asm: loops that leave no integer register to the compiler. */
#ifndef SUPPORT_INTEGERS_H
#define SUPPORT_INTEGERS_H

#include "program.h"

/* Each function below starts with these values in the registers and leaves here what it ended with. */
extern struct registers integer_registers;

/* ECX rounds in which every other register counts up by one. No flag changes. */
void integer_count(void);

/* ECX rounds in which CF and all registers but ECX, taken as one ring of RING_BITS bits, turn by one bit. */
void integer_ring(void);
#define RING_BITS (7 * 32 + 1)

/* One INT 80H. */
void integer_system_call(void);

#endif
