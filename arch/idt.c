/* SPDX-License-Identifier: GPL-2.0-only */
#include "trap.h"

struct fixup {
	u32 fault, landing;
};
extern const struct fixup fixup_table[], fixup_table_end[];
extern const u32 trap_stubs[TRAP_VECTORS];

/* A 32-bit interrupt gate, which clears IF on the way in: the kernel is never interrupted (SDM 3 §6.11). */
#define GATE_INTERRUPT 0x8e00ull
#define GATE_DPL3      0x6000ull

static u64 idt[TRAP_VECTORS];

void idt_init(void)
{
	struct {
		u16 limit;
		const void *base;
	} __attribute__((packed)) idtr = {sizeof(idt) - 1, idt};

	for (u32 v = 0; v < TRAP_VECTORS; v++) {
		u32 stub = trap_stubs[v];
		u64 attributes = GATE_INTERRUPT;

		if (v == TRAP_BP || v == TRAP_OF || v == TRAP_SYSCALL)
			attributes |= GATE_DPL3;
		idt[v] = (stub & 0xffff) | KERNEL_CS << 16 | (attributes | (stub & 0xffff0000)) << 32;
	}
	__asm__ volatile("lidt %0" : : "m"(idtr));
}

u32 trap_fixup(u32 eip)
{
	for (const struct fixup *f = fixup_table; f < fixup_table_end; f++)
		if (f->fault == eip)
			return f->landing;
	return 0;
}
