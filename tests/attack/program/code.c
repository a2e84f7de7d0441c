/* SPDX-License-Identifier: GPL-2.0-only */
/* Instructions at random, with registers at random. */
#include "hostile.h"

void attack_code(void)
{
	static struct {
		struct registers registers;
		u32 stack[64];
	} start;

	for (u32 n = 0; n < sizeof(start) / sizeof(u32); n++)
		((u32 *)&start)[n] = one_in(2) ? pointer() : edge();
	start.registers.eflags = any();
	start.registers.esp = CODE_PAGE + below(PAGE_SIZE); /* RET takes it for EIP, and what follows is the stack */
	asm volatile("mov %0, %%esp\n\tpopal\n\tpopfl\n\tret" : : "r"(&start) : "memory");
	__builtin_unreachable();
}
