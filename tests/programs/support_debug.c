/* SPDX-License-Identifier: GPL-2.0-only */
/* One's own debug registers, by ptrace as a debugger would use it on Linux; cr86 allows it on oneself. */
#include "program.h"

static s32 ptrace(u32 request, u32 pid, u32 offset, u32 data)
{
	return system_call(SYS_PTRACE, request, pid, offset, data);
}

/* The system call stores the value where `data` points; it is libc that makes a return value of it. */
static s32 peek(u32 number, u32 *value)
{
	return ptrace(PTRACE_PEEKUSR, getpid(), USER_DEBUGREG(number), address(value));
}

bool on_cr86(void)
{
	u32 value;

	return peek(DR6, &value) == 0;
}

s32 debug_write(u32 number, u32 value)
{
	return ptrace(PTRACE_POKEUSR, getpid(), USER_DEBUGREG(number), value);
}

u32 debug_read(u32 number)
{
	u32 value = 0;

	check(text("ptrace to read DR%u", number), 0, (u32)peek(number, &value));
	return value;
}

u32 debug_hits(void)
{
	u32 hits = debug_read(DR6);

	if (hits)
		check("ptrace to clear DR6", 0, (u32)debug_write(DR6, 0));
	return hits;
}
