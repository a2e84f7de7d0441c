/* SPDX-License-Identifier: GPL-2.0-only */
#include "panic.h"
#include "console.h"
#include "tap.h"

void panic(const char *why, const struct trap_frame *f, u32 cr2)
{
	console_print("kernel panic: %s: %s, error %x, cr2 %08x", why, trap_name(f->vector), f->error, cr2);
	console_print("eip %08x cs %04x eflags %08x", f->eip, f->cs, f->eflags);
	console_print("eax %08x ebx %08x ecx %08x edx %08x", f->eax, f->ebx, f->ecx, f->edx);
	console_print("esi %08x edi %08x ebp %08x esp %08x", f->esi, f->edi, f->ebp, (u32)&f->esp);
	console_print("ds %04x es %04x fs %04x gs %04x", f->ds & 0xffff, f->es & 0xffff, f->fs & 0xffff,
		      f->gs & 0xffff);
	tap_bail_out("kernel panic: %s: %s at %08x", why, trap_name(f->vector), f->eip);
}
