/* SPDX-License-Identifier: GPL-2.0-only */
/* The stack of a new process. */
#ifndef KERNEL_STACK_H
#define KERNEL_STACK_H

#include "task.h"
#include "words.h"

/* What the auxiliary vector says of the program. */
struct stack_program {
	u32 phdr, phent, phnum; /* its program headers, in memory */
	u32 entry;
	bool executable; /* it wants to execute code on its stack */
};

/*
 * Adds the stack to `mm`: argc, argv, environment and auxiliary vector, and texts above them. ESP is to point at
 * mm->info.start_stack. Returns 0 or a negative errno.
 */
int stack_build(struct mm *mm, const struct stack_program *program, const struct words *argv,
		const struct words *environment);

#endif
