/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * MPX, of which only the registers matter here: BND0-3 (component 3) and BNDCFGU (component 4). Until BNDCFGU enables
 * MPX its instructions do nothing, and no instruction but XRSTOR writes BNDCFGU: so the registers are loaded from an
 * XSAVE area built here, and looked at by BNDMOV.
 */
#include "program.h"
#include "xstate.h"

#define KEEPS 4

#define XSTATE_BV 0 /* offset in the header that follows the 512 legacy bytes */

/* BNDCFGU: enabled; registers kept across branches without a BND prefix, which is all branches of ours. */
#define BNDCFGU_EN	 BIT(0)
#define BNDCFGU_PRESERVE BIT(1)

#define AREA_SIZE 4096 /* more than any CPU with MPX uses: checked */

struct bound {
	u32 lower, upper; /* BNDMOV's 32-bit form; the register holds the upper one inverted, which it undoes */
};

static u8 area[AREA_SIZE] __attribute__((aligned(64)));

/* Where the CPU keeps a component in the area. */
static u8 *component(u32 number)
{
	struct cpuid where = cpuid(0xd, number);

	check_that("the component lies inside the area", where.ebx + where.eax <= AREA_SIZE);
	return area + where.ebx;
}

static void xrstor(u32 components)
{
	asm volatile("xrstor (%0)" : : "r"(area), "a"(components), "d"(0) : "memory");
}

static void xsave(u32 components)
{
	asm volatile("xsave (%0)" : : "r"(area), "a"(components), "d"(0) : "memory");
}

void mpx_store_bounds(struct bound bounds[4]); /* support_mpx.asm */

static void test_kept(void)
{
	u64 bounds[4][2] = {{0}};
	struct bound found[4] = {{0}};
	u32 bndcfgu = BNDCFGU_EN | BNDCFGU_PRESERVE;

	memset(area, 0, sizeof(area));
	for (u32 i = 0; i < 4; i++) {
		bounds[i][0] = seed();
		bounds[i][1] = seed();
	}
	memcpy(component(XSTATE_BNDREGS), bounds, sizeof(bounds));
	memcpy(component(XSTATE_BNDCSR), &bndcfgu, sizeof(bndcfgu));
	area[XSAVE_HEADER_OFFSET + XSTATE_BV] = XCR0_MPX;
	xrstor(XCR0_MPX);
	live_through_switches();
	mpx_store_bounds(found);
	memset(area, 0, sizeof(area));
	xsave(XCR0_MPX);
	for (u32 i = 0; i < 4; i++) {
		check(text("BND%u, lower bound", i), (u32)bounds[i][0], found[i].lower);
		check(text("BND%u, upper bound", i), (u32)bounds[i][1], found[i].upper);
	}
	check_bytes("BND0 to BND3 by XSAVE", bounds, component(XSTATE_BNDREGS), sizeof(bounds));
	check_bytes("BNDCFGU by XSAVE", &bndcfgu, component(XSTATE_BNDCSR), sizeof(bndcfgu));
}

int main(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	if (!(cpuid(7, 0).ebx & CPUID_7_EBX_MPX) || (cpu_xcr0() & XCR0_MPX) != XCR0_MPX)
		skip("no MPX: the CPU lacks it, or the kernel has not enabled it in XCR0");
	for (u32 i = 0; i < KEEPS; i++)
		test_kept();
	return verdict();
}
