/* SPDX-License-Identifier: GPL-2.0-only */
/* support_traveller.asm: the traveller's inner loop, in three versions that compute the same. */
#ifndef SUPPORT_TRAVELLER_H
#define SUPPORT_TRAVELLER_H

#include "program.h"

/* The sizes, as in support_traveller.asm. */
#define TABLE_BYTES	  16384 /* of memory: four pages */
#define STACK_TABLE_BYTES 4096	/* that the loop uses from ESP upwards */
#define TLS_TABLE_BYTES	  1024	/* that it uses of the segments in fs and gs */
#define VECTORS		  8
#define LANES		  8 /* single-precision numbers in a vector: as many as a YMM register has */

/* The integer registers while the loop runs; in between, here. ESI points into the table, ECX counts the rounds. */
extern struct registers traveller_registers;

extern u32 traveller_table[TABLE_BYTES / sizeof(u32)];

/* The vectors, as far as they are not in registers: all of them without SSE, the upper halves without AVX. */
extern u32 traveller_lanes[VECTORS][LANES];

/* The map's parameter for each lane, negative. */
extern u32 traveller_minus_a[VECTORS][LANES];

/* ECX rounds. x87 stack, vector registers, fs and gs are used as they are. */
void traveller_with_integers(void);
void traveller_with_sse(void);
void traveller_with_avx(void);

/* For traveller_with_integers: the map for all lanes of a vector, whose values before it are left in ..._input. */
void traveller_map_lanes(u32 vector);
extern u32 traveller_vector_input[LANES];

/* A place for an execution breakpoint. */
void traveller_milestone(void);

#endif
