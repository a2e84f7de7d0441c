/* SPDX-License-Identifier: GPL-2.0-only */
#include "canary.h"
#include "cpu.h"

#define CPUID_TSC    BIT(4)  /* of CPUID.1:EDX */
#define CPUID_RDRAND BIT(30) /* of CPUID.1:ECX */

/* The compilers know it by this name. */
extern u32 __stack_chk_guard;
u32 __stack_chk_guard = 0x1badcafe;

/* Whoever has the old one on its stack may not return any more: this function has none, kernel_main() does not return. */
__attribute__((no_stack_protector)) void canary_init(void)
{
	u32 low = 0, high = 0, random = 0;

	if (cpu.features_edx & CPUID_TSC)
		__asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
	if (cpu_cpuid(1, 0).ecx & CPUID_RDRAND)
		__asm__ volatile("rdrand %0" : "=r"(random));
	/* The product spreads the counter's low bits, which nobody can guess, over all. */
	__stack_chk_guard ^= random ^ low * 0x9e3779b1 ^ high;
}
