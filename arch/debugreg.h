/* SPDX-License-Identifier: GPL-2.0-only */
/* The debug registers of a task (SDM 3 §17.2). */
#ifndef ARCH_DEBUGREG_H
#define ARCH_DEBUGREG_H

#include "x86.h"

struct debugregs {
	u32 dr[4]; /* linear addresses */
	u32 dr6;   /* status bits alone, collected from the task's #DBs until the task clears them */
	u32 dr7;   /* without the bit that reads as 1 */
};

/* Arms what `to` has enabled, after whatever task armed its own before. */
void debugregs_load(const struct debugregs *to);

/*
 * After a #DB: adds what it reports to the task's DR6 and resets the CPU's, which the CPU itself never does. Reports of
 * breakpoints that the task has not enabled are dropped: DR0 to DR3 may still hold another task's addresses.
 * Returns the status bits of this #DB.
 */
u32 debugregs_collect(struct debugregs *task);

/* After a #DB: whether it tells of a single step; with `take`, it does not any more. */
bool debugregs_stepped(bool take);

/* After a #DB in ring 0: adds all that DR6 reports and resets nothing; DR7 is as the CPU has it now. */
void debugregs_read(struct debugregs *task);

/* Whether those status bits tell of an execute breakpoint: a fault, raised before its instruction. */
bool debugregs_execute_hit(const struct debugregs *task, u32 status);

#endif
