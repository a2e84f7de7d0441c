/* SPDX-License-Identifier: GPL-2.0-only */
/* All that belongs to the kernel alone, and that no image may change. */
#ifndef HOSTILE_MACHINE_H
#define HOSTILE_MACHINE_H

#include "gdt.h"
#include "sysregs.h"
#include "trap.h"

#define TSS_SIZE 104

struct machine {
	struct sysregs sysregs; /* CR0, CR4, XCR0 */
	u32 cr3;
	u32 debug[4], dr7;
	u16 ldtr, tr, gdtr_limit, idtr_limit;
	u32 gdtr_base, idtr_base;
	u64 gdt[GDT_ENTRIES], idt[TRAP_VECTORS]; /* what stands there */
	u8 tss[TSS_SIZE];
};

/* Reads it all from the CPU, and the tables from where the CPU finds them. */
void machine_read(struct machine *m);

/* NULL, or what of `now` is not as it was in `before`. */
const char *machine_differs(const struct machine *before, const struct machine *now);

#endif
