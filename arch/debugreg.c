/* SPDX-License-Identifier: GPL-2.0-only */
#include "debugreg.h"

#define WRITE_DR(n, value) __asm__ volatile("mov %0, %%db" #n : : "r"(value))
#define READ_DR(n, value)  __asm__ volatile("mov %%db" #n ", %0" : "=r"(value))

static bool armed; /* the CPU's DR7 enables something */

/*
 * DR7 is what arms the rest. So it is cleared before an address changes (else the old condition could meet the new
 * address) and written last. Where neither task uses breakpoints, the CPU's registers are left alone: they are slow.
 */
void debugregs_load(const struct debugregs *to)
{
	bool arm = to->dr7 & DR7_ENABLE;

	if (armed)
		WRITE_DR(7, 0);
	if (arm) {
		WRITE_DR(0, to->dr[0]);
		WRITE_DR(1, to->dr[1]);
		WRITE_DR(2, to->dr[2]);
		WRITE_DR(3, to->dr[3]);
		WRITE_DR(7, to->dr7);
	}
	armed = arm;
}

static u32 enabled_breakpoints(u32 dr7)
{
	u32 enabled = 0;

	for (u32 n = 0; n < 4; n++)
		if (DR7_ENABLED(dr7, n))
			enabled |= DR6_B(n);
	return enabled;
}

u32 debugregs_collect(struct debugregs *task)
{
	u32 dr6;

	READ_DR(6, dr6);
	WRITE_DR(6, DR6_RESET);
	dr6 &= DR6_BD | DR6_BS | DR6_BT | enabled_breakpoints(task->dr7);
	task->dr6 |= dr6;
	return dr6;
}

bool debugregs_stepped(bool take)
{
	u32 dr6;

	READ_DR(6, dr6);
	if (take)
		WRITE_DR(6, dr6 & ~DR6_BS);
	return dr6 & DR6_BS;
}

void debugregs_read(struct debugregs *task)
{
	u32 dr6, dr7;

	READ_DR(6, dr6);
	READ_DR(7, dr7);
	task->dr6 |= dr6 & DR6_STATUS;
	task->dr7 = dr7 & ~DR7_FIXED;
}

bool debugregs_execute_hit(const struct debugregs *task, u32 status)
{
	for (u32 n = 0; n < 4; n++)
		if (status & DR6_B(n) && DR7_RW(task->dr7, n) == DR_RW_EXECUTE)
			return true;
	return false;
}
