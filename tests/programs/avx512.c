/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * AVX-512 state as far as 32-bit code can see it: ZMM0-7, whose upper halves are component 6, and the opmask registers
 * K0-7, component 5. (ZMM8-31 exist in 64-bit mode only.)
 */
#include "program.h"

#define KEEPS 3

struct avx512 {
	u8 zmm[8][64];
	u64 k[8];
};

static void load(const struct avx512 *state)
{
	asm volatile("vmovups 0x000(%0), %%zmm0\n\t"
		     "vmovups 0x040(%0), %%zmm1\n\t"
		     "vmovups 0x080(%0), %%zmm2\n\t"
		     "vmovups 0x0c0(%0), %%zmm3\n\t"
		     "vmovups 0x100(%0), %%zmm4\n\t"
		     "vmovups 0x140(%0), %%zmm5\n\t"
		     "vmovups 0x180(%0), %%zmm6\n\t"
		     "vmovups 0x1c0(%0), %%zmm7"
		     :
		     : "r"(state->zmm)
		     : "memory");
}

static void store(struct avx512 *state)
{
	asm volatile("vmovups %%zmm0, 0x000(%0)\n\t"
		     "vmovups %%zmm1, 0x040(%0)\n\t"
		     "vmovups %%zmm2, 0x080(%0)\n\t"
		     "vmovups %%zmm3, 0x0c0(%0)\n\t"
		     "vmovups %%zmm4, 0x100(%0)\n\t"
		     "vmovups %%zmm5, 0x140(%0)\n\t"
		     "vmovups %%zmm6, 0x180(%0)\n\t"
		     "vmovups %%zmm7, 0x1c0(%0)"
		     :
		     : "r"(state->zmm)
		     : "memory");
}

/* The opmask registers have 64 bits where there is AVX512BW, else 16, and each width has its own instruction. */
static void load_masks(const struct avx512 *state, bool wide)
{
	if (wide)
		asm volatile("kmovq 0x00(%0), %%k0\n\t"
			     "kmovq 0x08(%0), %%k1\n\t"
			     "kmovq 0x10(%0), %%k2\n\t"
			     "kmovq 0x18(%0), %%k3\n\t"
			     "kmovq 0x20(%0), %%k4\n\t"
			     "kmovq 0x28(%0), %%k5\n\t"
			     "kmovq 0x30(%0), %%k6\n\t"
			     "kmovq 0x38(%0), %%k7"
			     :
			     : "r"(state->k)
			     : "memory");
	else
		asm volatile("kmovw 0x00(%0), %%k0\n\t"
			     "kmovw 0x08(%0), %%k1\n\t"
			     "kmovw 0x10(%0), %%k2\n\t"
			     "kmovw 0x18(%0), %%k3\n\t"
			     "kmovw 0x20(%0), %%k4\n\t"
			     "kmovw 0x28(%0), %%k5\n\t"
			     "kmovw 0x30(%0), %%k6\n\t"
			     "kmovw 0x38(%0), %%k7"
			     :
			     : "r"(state->k)
			     : "memory");
}

static void store_masks(struct avx512 *state, bool wide)
{
	if (wide)
		asm volatile("kmovq %%k0, 0x00(%0)\n\t"
			     "kmovq %%k1, 0x08(%0)\n\t"
			     "kmovq %%k2, 0x10(%0)\n\t"
			     "kmovq %%k3, 0x18(%0)\n\t"
			     "kmovq %%k4, 0x20(%0)\n\t"
			     "kmovq %%k5, 0x28(%0)\n\t"
			     "kmovq %%k6, 0x30(%0)\n\t"
			     "kmovq %%k7, 0x38(%0)"
			     :
			     : "r"(state->k)
			     : "memory");
	else
		asm volatile("kmovw %%k0, 0x00(%0)\n\t"
			     "kmovw %%k1, 0x08(%0)\n\t"
			     "kmovw %%k2, 0x10(%0)\n\t"
			     "kmovw %%k3, 0x18(%0)\n\t"
			     "kmovw %%k4, 0x20(%0)\n\t"
			     "kmovw %%k5, 0x28(%0)\n\t"
			     "kmovw %%k6, 0x30(%0)\n\t"
			     "kmovw %%k7, 0x38(%0)"
			     :
			     : "r"(state->k)
			     : "memory");
}

static void test_kept(bool wide)
{
	u32 mask_size = wide ? 8 : 2;
	struct avx512 expected, actual;

	fill(&expected, sizeof(expected), seed());
	load(&expected);
	load_masks(&expected, wide);
	live_through_switches();
	store(&actual);
	store_masks(&actual, wide);
	for (u32 i = 0; i < 8; i++)
		check_bytes(text("ZMM%u", i), expected.zmm[i], actual.zmm[i], sizeof(expected.zmm[i]));
	for (u32 i = 0; i < 8; i++)
		check_bytes(text("K%u", i), &expected.k[i], &actual.k[i], mask_size);
}

int main(int argc, char **argv)
{
	struct cpuid features = cpuid(7, 0);

	(void)argc;
	(void)argv;
	if (!(features.ebx & CPUID_7_EBX_AVX512F) || (cpu_xcr0() & XCR0_AVX512) != XCR0_AVX512)
		skip("no AVX-512: the CPU lacks it, or the kernel has not enabled it in XCR0");
	for (u32 i = 0; i < KEEPS; i++)
		test_kept(features.ebx & CPUID_7_EBX_AVX512BW);
	return verdict();
}
