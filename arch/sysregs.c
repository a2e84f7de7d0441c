/* SPDX-License-Identifier: GPL-2.0-only */
#include "sysregs.h"
#include "cpu.h"
#include "x86.h"

#define CPUID_SEP	BIT(11) /* of CPUID.1:EDX */
#define MSR_SYSENTER_CS 0x174

/* A 486 without CPUID may have no CR4. */
void sysregs_save(struct sysregs *to)
{
	u32 edx;

	to->cr0 = read_cr0();
	to->cr4 = cpu.has_cpuid ? read_cr4() : 0;
	to->xcr0 = 0;
	if (to->cr4 & CR4_OSXSAVE)
		__asm__ volatile("xgetbv" : "=a"(to->xcr0), "=d"(edx) : "c"(0));
}

/*
 * DR7 first: with GD set, every other access would raise #DB. CR4 before XCR0: XSETBV needs OSXSAVE.
 * SYSENTER leads nowhere in this kernel.
 */
void sysregs_restore(const struct sysregs *from)
{
	__asm__ volatile("mov %0, %%db7\n\tmov %1, %%db6" : : "r"(0), "r"(DR6_RESET));
	write_cr0(from->cr0);
	if (!cpu.has_cpuid)
		return;
	write_cr4(from->cr4);
	if (from->cr4 & CR4_OSXSAVE)
		__asm__ volatile("xsetbv" : : "c"(0), "a"(from->xcr0), "d"(0));
	if (cpu.features_edx & CPUID_SEP)
		__asm__ volatile("wrmsr" : : "c"(MSR_SYSENTER_CS), "a"(0), "d"(0));
}
