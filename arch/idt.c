/* SPDX-License-Identifier: GPL-2.0-only */
#include "trap.h"

struct fixup {
	u32 fault, landing;
};
extern const struct fixup fixup_table[], fixup_table_end[];
extern const u32 trap_stubs[TRAP_IRQ_END];
extern const u8 trap_stub_syscall[], trap_stub_stray[];
extern const u8 trap_stepping[]; /* stepping.asm */
extern u32 trap_stepped;
u32 trap_stepped; /* the stub that it goes on to */

/*
 * Gates (SDM 3 §6.11). A 32-bit interrupt gate clears IF on the way in: the kernel is never interrupted. A task gate
 * switches to the task whose TSS it names, and with it to a stack that does not depend on ESP.
 */
#define GATE_INTERRUPT 0x8e00u
#define GATE_TASK      0x8500u
#define GATE_DPL3      0x6000u

static u64 idt[TRAP_VECTORS];

static u64 gate(u32 selector, u32 offset, u32 attributes)
{
	return (offset & 0xffff) | selector << 16 | (u64)(attributes | (offset & 0xffff0000)) << 32;
}

static u32 stub(u32 vector)
{
	if (vector < TRAP_IRQ_END)
		return trap_stubs[vector];
	return (u32)(vector == TRAP_SYSCALL ? trap_stub_syscall : trap_stub_stray);
}

void idt_init(void)
{
	struct {
		u16 limit;
		const void *base;
	} __attribute__((packed)) idtr = {sizeof(idt) - 1, idt};

	for (u32 v = 0; v < TRAP_VECTORS; v++) {
		bool ring3 = v == TRAP_BP || v == TRAP_OF || v == TRAP_SYSCALL;

		idt[v] = gate(KERNEL_CS, stub(v), GATE_INTERRUPT | (ring3 ? GATE_DPL3 : 0));
	}
	idt[TRAP_DF] = gate(SELECTOR(GDT_ENTRY_DF_TSS, 0), 0, GATE_TASK);
	__asm__ volatile("lidt %0" : : "m"(idtr));
}

void idt_step(u32 vector, bool on)
{
	trap_stepped = stub(vector);
	idt[vector] = gate(KERNEL_CS, on ? (u32)trap_stepping : trap_stepped, GATE_INTERRUPT);
}

u32 trap_fixup(u32 eip)
{
	for (const struct fixup *f = fixup_table; f < fixup_table_end; f++)
		if (f->fault == eip)
			return f->landing;
	return 0;
}
