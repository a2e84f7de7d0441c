/* SPDX-License-Identifier: GPL-2.0-only */
#include "scribbler.h"
#include "case.h"
#include "cpu.h"
#include "features.h"
#include "printf.h"
#include "string.h"

#define HOME	    0x20000000u /* its code, and behind it its stack */
#define HOME_STACK  (HOME + PAGE_SIZE)
#define HOME_END    (HOME + 2 * PAGE_SIZE)
#define TOUCHES_X87 BIT(31) /* as scribble.asm has it */

extern const u8 scribble[], scribble_end[], scribble_constants_end[];

static struct trap_frame start;
static u32 known; /* components */

/* Its own pages lie where the cases have theirs, too: the same linear addresses, other memory. */
static int map(struct mm *mm)
{
	int ret = mm_add(mm, HOME, HOME_END, VM_READ | VM_WRITE | VM_EXEC);

	if (!ret)
		ret = mm_add(mm, CASE_DATA, CASE_END, VM_READ | VM_WRITE);
	if (!ret)
		ret = mm_write(mm, HOME, scribble, (u32)(scribble_constants_end - scribble));
	return ret;
}

/*
 * Breakpoints at what nearly every case does: its first instructions, its stack, its data. They are the scribbler's, so
 * they must never be met.
 */
static void arm(struct debugregs *debug)
{
	const u32 at[] = {CASE_CODE, CASE_CODE + 1, CASE_END - 4, CASE_DATA + 0x100};
	const u32 kind[] = {DR_RW_EXECUTE, DR_RW_EXECUTE, DR_RW_WRITE, DR_RW_ACCESS};

	for (u32 n = 0; n < 4; n++) {
		u32 length = kind[n] == DR_RW_EXECUTE ? 0 : 3;

		debug->dr[n] = at[n];
		debug->dr7 |= BIT(2 * n) | (kind[n] | length << 2) << (16 + 4 * n);
	}
}

/* The components that the CPU has instructions for. */
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
	const char *missing;
	u32 known = 0, length;

	for (u32 n = 0; n < ARRAY_SIZE(table); n++)
		if (features_met(table[n].feature, &missing, &length))
			known |= table[n].components;
	return known;
}

/* Of those, what the kernel saves at present. */
static u32 touches(void)
{
	u32 may = known & (u32)fpu_layout()->xcr0;

	if (cpu.has_fpu)
		may |= TOUCHES_X87;
	return fpu_mxcsr_mask() ? may | BIT(XSTATE_SSE) : may;
}

struct task *scribbler_create(void)
{
	struct task *t = task_create("scribbler");
	struct mm *mm = mm_create();

	if (!t || !mm || map(mm) < 0)
		return NULL;
	task_set_mm(t, mm);
	known = known_components();
	for (u32 n = 0; n < CR_TLS_ENTRIES; n++) /* flat, but one page up: whoever sees one of these reads elsewhere */
		t->context.tls[n] = desc_pack(0x1000, 0xfffff, 0xf2, 0xc);
	arm(&t->context.debug);
	t->context.frame->eip = HOME;
	t->context.frame->esp = HOME_END;
	t->context.frame->edx = SELECTOR(GDT_ENTRY_TLS_MIN + 1, 3);
	start = *t->context.frame;
	task_start(t);
	return t;
}

const char *scribbler_run(struct task *t)
{
	static char why[96];
	struct trap_frame *f = t->context.frame;

	*f = start;
	f->ebx = touches();
	task_switch(t);
	do
		f = trap_run(f);
	while (f->vector == TRAP_TIMER);
	if (f->vector == TRAP_BP && f->eip == HOME + (u32)(scribble_end - scribble) && !t->context.debug.dr6)
		return NULL;
	lib_snprintf(why, sizeof(why), "the scribbler met %s(%x) at %08x that is not its own", trap_name(f->vector),
		     f->error, f->eip);
	return why;
}
