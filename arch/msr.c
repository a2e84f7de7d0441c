/* SPDX-License-Identifier: GPL-2.0-only */
#include "msr.h"
#include "trap.h"

bool msr_read(u32 msr, u64 *value)
{
	u32 failed = 1;

	__asm__ volatile("1:\trdmsr\n\t"
			 "xorl %0, %0\n"
			 "2:\t" TRAP_FIXUP("1b", "2b")
			 : "+r"(failed), "+A"(*value)
			 : "c"(msr));
	return !failed;
}

bool msr_write(u32 msr, u64 value)
{
	u32 failed = 1;

	__asm__ volatile("1:\twrmsr\n\t"
			 "xorl %0, %0\n"
			 "2:\t" TRAP_FIXUP("1b", "2b")
			 : "+r"(failed)
			 : "c"(msr), "A"(value));
	return !failed;
}
