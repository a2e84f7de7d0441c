/* SPDX-License-Identifier: GPL-2.0-only */
#include "sysregs.h"
#include "cpu.h"
#include "msr.h"
#include "x86.h"

#define CPUID_SEP	BIT(11) /* of CPUID.1:EDX */
#define MSR_SYSENTER_CS 0x174

/* A 486 without CPUID may have no CR4. */
void sysregs_save(struct sysregs *to)
{
	u32 edx;

	to->cr0 = read_cr0();
	to->cr3 = read_cr3();
	to->cr4 = cpu.has_cpuid ? read_cr4() : 0;
	to->xcr0 = 0;
	if (to->cr4 & CR4_OSXSAVE)
		__asm__ volatile("xgetbv" : "=a"(to->xcr0), "=d"(edx) : "c"(0));
	__asm__ volatile("mov %%db0, %0\n\tmov %%db1, %1\n\tmov %%db2, %2\n\tmov %%db3, %3"
			 : "=r"(to->dr[0]), "=r"(to->dr[1]), "=r"(to->dr[2]), "=r"(to->dr[3]));
	__asm__ volatile("mov %%db6, %0\n\tmov %%db7, %1" : "=r"(to->dr6), "=r"(to->dr7));
}

void sysregs_unprotect(void)
{
	if (cpu.has_cpuid)
		write_cr4(read_cr4() & ~(CR4_SMEP | CR4_SMAP));
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
		msr_write(MSR_SYSENTER_CS, 0);
}
