/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the kernel put on a new process's stack (i386 ABI figure 3-31): from start_stack up argc, the pointers of argv
 * and a zero, those of the environment and a zero, the auxiliary vector; above it the strings.
 */
#ifndef TOOLS_INITIAL_STACK_H
#define TOOLS_INITIAL_STACK_H

#include "memory.h"

/* The auxiliary vector with AT_NULL, and its size; NULL: there is none above start_stack, or an empty one. */
const u8 *initial_stack_auxv(const struct memory *memory, u32 start_stack, u32 *size);

/*
 * The other way: looks for a copy of the vector in memory, and fills start_stack, arg_start, arg_end, env_start and
 * env_end. Leaves them 0 where there is none with an argc, argv and environment before it.
 */
void initial_stack_find(struct cr_hdr_mm *mm, const struct memory *memory, const u8 *auxv, u32 size);

#endif
