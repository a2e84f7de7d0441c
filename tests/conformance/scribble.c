/* SPDX-License-Identifier: GPL-2.0-only */
#include "scribble.h"
#include "features.h"
#include "platform.h"

#define TOUCHES_X87 BIT(31) /* as scribble.asm has it */

/* The components that the CPU has instructions for. Asked once: it does not change, and CPUID is slow. */
static u32 known_components(void)
{
	static const struct {
		const char *feature;
		u32 components;
	} table[] = {
		{"avx", BIT(XSTATE_AVX)},
		{"mpx", BIT(XSTATE_BNDREGS)},
		{"avx512f", BIT(XSTATE_OPMASK) | BIT(XSTATE_ZMM_HI256)},
		{"pku", BIT(XSTATE_PKRU)},
	};
	static u32 known, asked; /* of table[] */
	const char *missing;
	u32 length;

	for (; asked < ARRAY_SIZE(table); asked++)
		if (features_met(table[asked].feature, &missing, &length))
			known |= table[asked].components;
	return known;
}

u32 scribble_touches(u32 components)
{
	u32 may = components & known_components();

	if (platform_has_fpu())
		may |= TOUCHES_X87;
	return platform_mxcsr_mask() ? may | BIT(XSTATE_SSE) : may;
}

bool scribble_with_fpu(const struct case_vector *c, bool first)
{
	return !(c->flags & (first ? CASE_OTHER_IDLE | CASE_OTHER_LATE : CASE_OTHER_IDLE));
}

/*
 * Breakpoints at what nearly every case does: its first instructions, its stack, its data. And TLS segments that are flat
 * but one page up. Whoever meets one of these sees it.
 */
void scribble_describe(struct vector *v, u32 components)
{
	vector_init(v, platform_selectors.user_cs, platform_selectors.user_ds);
	for (u32 n = 0; n < CR_TLS_ENTRIES; n++)
		v->tls[n] = desc_pack(0x1000, 0xfffff, 0xf2, 0xc);
	v->cpu.debugreg0 = CASE_CODE;
	v->cpu.debugreg1 = CASE_CODE + 1;
	v->cpu.debugreg2 = CASE_END - 4;
	v->cpu.debugreg3 = CASE_DATA + 0x100;
	v->cpu.debugreg7 = 0x55u | (DR_RW_WRITE | 3u << 2) << 24 | (DR_RW_ACCESS | 3u << 2) << 28;
	v->cpu.ip = SCRIBBLE_HOME;
	v->cpu.sp = SCRIBBLE_HOME_END;
	v->cpu.bx = scribble_touches(components);
	v->cpu.dx = platform_selectors.tls + 8; /* the second slot's */
}
