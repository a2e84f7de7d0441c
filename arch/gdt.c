/* SPDX-License-Identifier: GPL-2.0-only */
#include "gdt.h"

enum {
	ACCESS_CODE = 0x9b, /* P, S, execute/read, accessed: so that the processor need not write the GDT */
	ACCESS_DATA = 0x93, /* P, S, read/write, accessed */
	ACCESS_TSS = 0x89,  /* P, available 32-bit TSS */
	ACCESS_LDT = 0x82,  /* P, LDT */
	ACCESS_DPL3 = 0x60,
	FLAGS_FLAT = 0xc, /* 32-bit, limit in pages */
	LIMIT_FLAT = 0xfffff,
};

static u64 gdt[GDT_ENTRIES];

/* For entry.asm: the stack that espfix() prepares, as LSS loads it, and how far its offsets are below the addresses. */
struct far_stack {
	u32 esp;
	u16 ss;
} __attribute__((packed));
extern struct far_stack espfix_stack;
extern u32 espfix_base;
struct far_stack espfix_stack = {.ss = SELECTOR(GDT_ENTRY_ESPFIX, 0)};
u32 espfix_base;
_Static_assert(KERNEL_DS == 0x68 && USER_DS == 0x7b, "entry.asm");

void gdt_init(void)
{
	struct {
		u16 limit;
		const void *base;
	} __attribute__((packed)) gdtr = {sizeof(gdt) - 1, gdt};

	gdt[GDT_ENTRY_KERNEL_CS] = desc_pack(0, LIMIT_FLAT, ACCESS_CODE, FLAGS_FLAT);
	gdt[GDT_ENTRY_KERNEL_DS] = desc_pack(0, LIMIT_FLAT, ACCESS_DATA, FLAGS_FLAT);
	gdt[GDT_ENTRY_USER_CS] = desc_pack(0, LIMIT_FLAT, ACCESS_CODE | ACCESS_DPL3, FLAGS_FLAT);
	gdt[GDT_ENTRY_USER_DS] = desc_pack(0, LIMIT_FLAT, ACCESS_DATA | ACCESS_DPL3, FLAGS_FLAT);

	/* LDTR too: after reset it holds a table of 64 KiB at 0, where tasks have their memory (SDM 3 table 9-1). */
	__asm__ volatile("lgdt %0\n\t"
			 "mov %1, %%ds\n\t"
			 "mov %1, %%es\n\t"
			 "mov %1, %%ss\n\t"
			 "mov %2, %%fs\n\t"
			 "mov %2, %%gs\n\t"
			 "ljmp %3, $1f\n"
			 "1:\n\t"
			 "lldt %w2"
			 :
			 : "m"(gdtr), "r"(KERNEL_DS), "r"(0), "i"(KERNEL_CS)
			 : "memory");
}

void gdt_load_tls(const u64 tls[CR_TLS_ENTRIES])
{
	for (u32 n = 0; n < CR_TLS_ENTRIES; n++)
		gdt[GDT_ENTRY_TLS_MIN + n] = tls[n];
}

void gdt_read_tls(u64 tls[CR_TLS_ENTRIES])
{
	for (u32 n = 0; n < CR_TLS_ENTRIES; n++)
		tls[n] = gdt[GDT_ENTRY_TLS_MIN + n];
}

void gdt_load_ldt(const u64 *ldt, u32 entries)
{
	static u32 loaded; /* entries; most tasks have none, and LLDT is slow */

	if (!entries && !loaded)
		return;
	loaded = entries;
	if (entries)
		gdt[GDT_ENTRY_LDT] = desc_pack((u32)ldt, entries * sizeof(*ldt) - 1, ACCESS_LDT, 0);
	__asm__ volatile("lldt %w0" : : "r"(entries ? SELECTOR(GDT_ENTRY_LDT, 0) : 0));
}

u32 gdt_read_ldtr(void)
{
	u32 selector;

	__asm__ volatile("sldt %0" : "=r"(selector));
	return selector & 0xffff;
}

void espfix(const struct iret_frame *frame)
{
	espfix_stack.esp = (frame->esp & 0xffff0000) | ((u32)frame & 0xffff);
	espfix_base = (u32)frame - espfix_stack.esp;
	gdt[GDT_ENTRY_ESPFIX] = desc_pack(espfix_base, LIMIT_FLAT, ACCESS_DATA, FLAGS_FLAT);
}

void gdt_set_tss(u32 entry, const void *tss, u32 size)
{
	gdt[entry] = desc_pack((u32)tss, size - 1, ACCESS_TSS, 0);
}
