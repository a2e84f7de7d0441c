/* SPDX-License-Identifier: GPL-2.0-only */
/* The state of a task that the CPU holds while the task runs, and the switch from one to the next. */
#ifndef ARCH_CONTEXT_H
#define ARCH_CONTEXT_H

#include "debugreg.h"
#include "fpu.h"
#include "gdt.h"
#include "paging.h"
#include "trap.h"

struct context {
	struct trap_frame *frame; /* at the top of the task's kernel stack: general registers and segments */
	struct page_table *directory;
	u64 tls[CR_TLS_ENTRIES];
	const u64 *ldt;
	u32 nldt;
	struct debugregs debug;
	struct fpu fpu;
};

/*
 * The context switch, all but the general registers and segments: those change hands when trap() returns the other
 * task's frame. `from` NULL: the one before is gone, or its state is to be dropped.
 */
void context_switch(struct context *from, struct context *to);

#endif
