/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * AVX state: eight YMM registers with different values, beside a non-default MXCSR. The upper halves are a state
 * component of their own (2) while the lower ones are SSE's (1): a kernel that saves only one of the two is found out.
 */
#include "program.h"

#define KEEPS 3

static void test_kept(void)
{
	const u32 mxcsr = MXCSR_MASKS | MXCSR_RC_ZERO | MXCSR_FTZ;
	u8 expected[8][32], actual[8][32];

	fill(expected, sizeof(expected), seed());
	mxcsr_load(mxcsr);
	ymm_load(expected);
	live_through_switches();
	ymm_store(actual);
	check("MXCSR", mxcsr, mxcsr_store());
	for (u32 i = 0; i < 8; i++)
		check_bytes(text("YMM%u", i), expected[i], actual[i], sizeof(expected[i]));
}

/* With the upper halves zero again, AVX is in its initial state and XSAVE may leave it out: zero it must come back. */
static void test_initial(void)
{
	u8 expected[8][32] = {{0}};
	u8 actual[8][32];

	for (u32 i = 0; i < 8; i++)
		fill(expected[i], 16, seed());
	ymm_load(expected);
	asm volatile("vzeroupper");
	live_through_switches();
	ymm_store(actual);
	for (u32 i = 0; i < 8; i++)
		check_bytes(text("YMM%u after VZEROUPPER", i), expected[i], actual[i], sizeof(expected[i]));
}

int main(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	if (!cpu_has_avx())
		skip("no AVX: the CPU lacks it, or the kernel has not enabled it in XCR0");
	for (u32 i = 0; i < KEEPS; i++)
		test_kept();
	test_initial();
	return verdict();
}
