/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * SSE state: MXCSR with each rounding mode, flags raised, exceptions unmasked, FTZ, and DAZ where the CPU has it; eight
 * XMM registers with different values. Only instructions of the first SSE, so that a Pentium III can run it.
 */
#include "program.h"

/* Single-precision numbers, as bits */
#define ONE		0x3f800000u
#define MINUS_ONE	0xbf800000u
#define THREE		0x40400000u
#define TWO		0x40000000u
#define HALF		0x3f000000u
#define SMALLEST_NORMAL 0x00800000u /* 2^-126 */
#define DENORMAL	0x00400000u /* 2^-127 */

static u32 divide(u32 a, u32 b)
{
	asm volatile("movss %0, %%xmm0\n\t"
		     "divss %1, %%xmm0\n\t"
		     "movss %%xmm0, %0"
		     : "+m"(a)
		     : "m"(b));
	return a;
}

static u32 multiply(u32 a, u32 b)
{
	asm volatile("movss %0, %%xmm0\n\t"
		     "mulss %1, %%xmm0\n\t"
		     "movss %%xmm0, %0"
		     : "+m"(a)
		     : "m"(b));
	return a;
}

/* 1/3 and -1/3 lie between two numbers each; which of the two comes out is different for every rounding mode. */
static const struct {
	const char *name;
	u32 third, minus_third;
} roundings[4] = {
	{"to nearest", 0x3eaaaaab, 0xbeaaaaab},
	{"down", 0x3eaaaaaa, 0xbeaaaaab},
	{"up", 0x3eaaaaab, 0xbeaaaaaa},
	{"to zero", 0x3eaaaaaa, 0xbeaaaaaa},
};

/* MXCSR is not only still there: it still governs. Changes XMM0 and raises flags. */
static void test_effect(u32 rounding, bool ftz, bool daz)
{
	check(text("1/3, rounding %s", roundings[rounding].name), roundings[rounding].third, divide(ONE, THREE));
	check(text("-1/3, rounding %s", roundings[rounding].name), roundings[rounding].minus_third,
	      divide(MINUS_ONE, THREE));
	check(ftz ? "2^-126 / 2 with FTZ" : "2^-126 / 2", ftz ? 0 : DENORMAL, multiply(SMALLEST_NORMAL, HALF));
	check(daz ? "2^-127 * 2 with DAZ" : "2^-127 * 2", daz ? 0 : SMALLEST_NORMAL, multiply(DENORMAL, TWO));
}

static void test_kept(u32 rounding, bool ftz, bool daz)
{
	u32 mxcsr = rounding << MXCSR_RC_SHIFT | MXCSR_PM | MXCSR_UM | MXCSR_DM; /* #I, #Z and #O are not masked ... */
	u8 expected[8][16], actual[8][16];

	mxcsr |= rounding & 1 ? MXCSR_PE : MXCSR_DE; /* ... and a flag is up already */
	mxcsr |= (ftz ? MXCSR_FTZ : 0) | (daz ? MXCSR_DAZ : 0);
	fill(expected, sizeof(expected), seed());
	mxcsr_load(mxcsr);
	xmm_load(expected);
	live_through_switches();
	xmm_store(actual);
	check("MXCSR", mxcsr, mxcsr_store());
	for (u32 i = 0; i < 8; i++)
		check_bytes(text("XMM%u", i), expected[i], actual[i], sizeof(expected[i]));
	test_effect(rounding, ftz, daz);
}

int main(int argc, char **argv)
{
	bool has_daz;

	(void)argc;
	(void)argv;
	if (!cpu_has_sse())
		skip("no SSE: the CPU lacks it, or the kernel does not save it");
	has_daz = cpu_mxcsr_mask() & MXCSR_DAZ;
	for (u32 rounding = 0; rounding < 4; rounding++)
		test_kept(rounding, rounding & 2, has_daz && rounding >= 2);
	if (has_daz)
		test_kept(0, false, true);
	return verdict();
}
