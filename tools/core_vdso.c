/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The vDSO of a process: code that Linux lends to it, and pages behind it in which Linux keeps the time. The C library
 * has its addresses in many places, so it goes with the process, as ordinary memory. Two things cannot go on as they are.
 *
 * __kernel_vsyscall enters the kernel by sysenter or syscall where the CPU has these; cr86 has int 0x80 alone. That
 * follows in Linux's code, where Linux returns to (arch/x86/entry/vdso/vdso32/system_call.S), so without the entry, and
 * the move that prepares it, the code goes on to it with all registers as they should be:
 *
 *     push ecx; push edx; push ebp; [mov ebp, esp; sysenter | mov ebp, ecx; syscall]; int 0x80; pop ebp; ...
 *
 * The clocks' pages are not memory, and in no core. Zeros in their place say "no clock that user space can read", and
 * clock_gettime and gettimeofday make a system call then.
 */
#include <string.h>

#include "command.h"
#include "process.h"

enum { ENTRY_SIZE = 4, CLOCK_PAGES = 16, NOP = 0x90 };

static const u8 sysenter_entry[ENTRY_SIZE] = {0x89, 0xe5, 0x0f, 0x34}; /* mov ebp, esp; sysenter */
static const u8 syscall_entry[ENTRY_SIZE] = {0x89, 0xcd, 0x0f, 0x05};  /* mov ebp, ecx; syscall */

/* Whether one of these stands at `code`, and then, maybe after NOPs, int 0x80. */
static bool is_entry(const u8 *code, const u8 *end)
{
	if (end - code < ENTRY_SIZE ||
	    (memcmp(code, sysenter_entry, ENTRY_SIZE) != 0 && memcmp(code, syscall_entry, ENTRY_SIZE) != 0))
		return false;
	code += ENTRY_SIZE;
	while (code < end && *code == NOP)
		code++;
	return end - code >= 2 && code[0] == 0xcd && code[1] == 0x80;
}

/* Stopped between the two instructions: ebp has been prepared already; what was in it is on the stack. */
static void undo_preparation(struct process *p, u32 entry)
{
	u32 ebp;

	if (p->image.cpu.ip == entry + 2 && memory_word(&p->memory, (u32)p->image.cpu.sp, &ebp))
		p->image.cpu.bp = ebp;
}

static void patch_entry(struct process *p, const struct segment *vdso)
{
	const u8 *end = vdso->bytes + (vdso->end - vdso->start);

	for (u8 *code = vdso->bytes; code < end; code++) {
		u32 address = vdso->start + (u32)(code - vdso->bytes);

		if (!is_entry(code, end))
			continue;
		fprintf(p->remarks, "vDSO: NOPs for %s at %08x, int 0x80 follows\n",
			code[3] == sysenter_entry[3] ? "sysenter" : "syscall", address);
		undo_preparation(p, address);
		memset(code, NOP, ENTRY_SIZE);
	}
}

/* Where the core names these pages they are zeros already, since it has no contents for them. */
static bool add_clock_pages(struct process *p, u32 vdso)
{
	u32 start = vdso;

	while (start > PAGE_SIZE && vdso - start < CLOCK_PAGES * PAGE_SIZE &&
	       !memory_segment(&p->memory, start - PAGE_SIZE))
		start -= PAGE_SIZE;
	if (start == vdso)
		return true;
	if (memory_add(&p->memory, start, vdso, VM_READ) < 0) {
		trouble("%s: %s", p->path, strerror(ENOMEM));
		return false;
	}
	fprintf(p->remarks, "vDSO: zeros at %08x for Linux's clocks: system calls tell the time\n", start);
	return true;
}

bool process_vdso(struct process *p)
{
	const struct segment *vdso = memory_segment(&p->memory, p->vdso);

	if (!p->vdso || !vdso)
		return true;
	patch_entry(p, vdso);
	return add_clock_pages(p, vdso->start);
}
