/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * PKRU, the rights by protection key: XSAVE component 9. Every page has key 0 here, whose two bits stay 0 so that
 * memory remains accessible whatever the paging mode makes of keys; the other thirty bits hold the pattern.
 */
#include "program.h"

#define KEEPS	  4
#define KEY0_BITS 3u

static u32 read_pkru(void)
{
	u32 value;

	asm volatile("rdpkru" : "=a"(value) : "c"(0) : "edx");
	return value;
}

static void write_pkru(u32 value)
{
	asm volatile("wrpkru" : : "a"(value), "c"(0), "d"(0) : "memory");
}

int main(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	if (!(cpuid(7, 0).ecx & CPUID_7_ECX_OSPKE) || !(cpu_xcr0() & XCR0_PKRU))
		skip("no PKRU: the CPU lacks protection keys, or the kernel has not enabled them");
	for (u32 i = 0; i < KEEPS; i++) {
		u32 expected = seed() & ~KEY0_BITS;

		write_pkru(expected);
		live_through_switches();
		check("PKRU", expected, read_pkru());
	}
	write_pkru(0);
	return verdict();
}
