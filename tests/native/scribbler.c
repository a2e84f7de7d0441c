/* SPDX-License-Identifier: GPL-2.0-only */
/* The other process, which overwrites every register that it can: conformance/scribble.asm, as in the kernel. */
#include <string.h>
#include <sys/mman.h>

#include "native.h"
#include "printf.h"

#define HOME	    0x20000000u /* its code, and behind it its stack */
#define HOME_STACK  (HOME + PAGE_SIZE)
#define HOME_END    (HOME + 2 * PAGE_SIZE)
#define TOUCHES_X87 BIT(31) /* as scribble.asm has it */

extern const u8 scribble[], scribble_end[], scribble_constants_end[];

static struct process scribbler;
static struct vector start;

static u32 touches(void)
{
	u32 may = (u32)machine_layout()->xcr0 & ~XSTATE_LEGACY_MASK;

	if (platform_has_fpu())
		may |= TOUCHES_X87;
	return platform_mxcsr_mask() ? may | BIT(XSTATE_SSE) : may;
}

/* Breakpoints at what nearly every case does, and TLS segments that are one page up: whoever meets these sees it. */
static void describe(struct vector *v)
{
	vector_init(v, platform_selectors.user_cs, platform_selectors.user_ds);
	for (u32 n = 0; n < CR_TLS_ENTRIES; n++)
		v->tls[n] = desc_pack(0x1000, 0xfffff, 0xf2, 0xc);
	v->cpu.debugreg0 = CASE_CODE;
	v->cpu.debugreg1 = CASE_CODE + 1;
	v->cpu.debugreg2 = CASE_END - 4;
	v->cpu.debugreg3 = CASE_DATA + 0x100;
	v->cpu.debugreg7 = 0x55 | (DR_RW_WRITE | 3 << 2) << 24 | (DR_RW_ACCESS | 3 << 2) << 28;
	v->cpu.ip = HOME;
	v->cpu.sp = HOME_END;
	v->cpu.bx = touches();
	v->cpu.dx = platform_selectors.tls + 8;
}

const char *scribble_create(void)
{
	static u8 code[PAGE_SIZE];
	const struct mapping mappings[] = {
		{HOME, PAGE_SIZE, PROT_READ | PROT_WRITE | PROT_EXEC, code},
		{HOME_STACK, PAGE_SIZE, PROT_READ | PROT_WRITE, NULL},
		{CASE_DATA, CASE_END - CASE_DATA, PROT_READ | PROT_WRITE, NULL},
	};
	const char *wrong;

	memcpy(code, scribble, (u32)(scribble_constants_end - scribble));
	describe(&start);
	wrong = process_create(&scribbler, mappings, ARRAY_SIZE(mappings), &start);
	if (!wrong)
		return NULL;
	/* Without breakpoints, where Linux has none to give. */
	start.cpu.debugreg7 = 0;
	return process_create(&scribbler, mappings, ARRAY_SIZE(mappings), &start);
}

const char *scribble_run(void)
{
	static char why[96];
	struct stopped s;

	if (process_set_general(&scribbler, &start.cpu))
		return "the scribbler's registers cannot be set";
	process_run(&scribbler, false, &s);
	if (s.how == STOPPED_TRAP && s.trap.vector == TRAP_BP && s.trap.eip == HOME + (u32)(scribble_end - scribble))
		return NULL;
	lib_snprintf(why, sizeof(why), "the scribbler met %s(%x) at %08x that is not its own",
		     s.how == STOPPED_TRAP ? trap_name(s.trap.vector) : "its end", s.trap.error, s.trap.eip);
	return why;
}

void scribble_destroy(void)
{
	process_kill(&scribbler);
}
