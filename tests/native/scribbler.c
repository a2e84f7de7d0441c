/* SPDX-License-Identifier: GPL-2.0-only */
/* The other process, which overwrites every register that it can: conformance/scribble.asm, as in the kernel. */
#include <string.h>
#include <sys/mman.h>

#include "native.h"
#include "printf.h"
#include "scribble.h"

static struct process scribbler;
static struct vector start;

const char *scribble_create(void)
{
	static u8 code[PAGE_SIZE];
	const struct mapping mappings[] = {
		{SCRIBBLE_HOME, PAGE_SIZE, PROT_READ | PROT_WRITE | PROT_EXEC, code},
		{SCRIBBLE_HOME_STACK, PAGE_SIZE, PROT_READ | PROT_WRITE, NULL},
		{CASE_DATA, CASE_END - CASE_DATA, PROT_READ | PROT_WRITE, NULL},
	};
	const char *wrong;

	memcpy(code, scribble, (u32)(scribble_constants_end - scribble));
	scribble_describe(&start, (u32)machine_layout()->xcr0);
	wrong = process_create(&scribbler, mappings, ARRAY_SIZE(mappings), &start);
	if (!wrong)
		return NULL;
	/* Without breakpoints, where Linux has none to give. */
	start.cpu.debugreg7 = 0;
	return process_create(&scribbler, mappings, ARRAY_SIZE(mappings), &start);
}

const char *scribble_run(bool with_fpu)
{
	static char why[96];
	struct cr_hdr_cpu cpu = start.cpu;
	struct stopped s;

	if (!with_fpu)
		cpu.bx = 0;
	if (process_set_general(&scribbler, &cpu))
		return "the scribbler's registers cannot be set";
	process_run(&scribbler, false, &s);
	if (s.how == STOPPED_TRAP && s.trap.vector == TRAP_BP && s.trap.eip == scribble_done())
		return NULL;
	lib_snprintf(why, sizeof(why), "the scribbler met %s(%x) at %08x that is not its own",
		     s.how == STOPPED_TRAP ? trap_name(s.trap.vector) : "its end", s.trap.error, s.trap.eip);
	return why;
}

void scribble_destroy(void)
{
	process_kill(&scribbler);
}
