/* SPDX-License-Identifier: GPL-2.0-only */
#include "machine.h"
#include "string.h"

/* What LGDT and LIDT load (SDM 3 figure 2-6). */
struct table_register {
	u16 limit;
	u32 base;
} __attribute__((packed));

void machine_read(struct machine *m)
{
	struct table_register gdtr, idtr;

	memset(m, 0, sizeof(*m));
	sysregs_save(&m->sysregs);
	__asm__ volatile("sgdt %0\n\tsidt %1" : "=m"(gdtr), "=m"(idtr));
	__asm__ volatile("sldt %0\n\tstr %1" : "=m"(m->ldtr), "=m"(m->tr));
	__asm__ volatile("mov %%cr3, %0" : "=r"(m->cr3));
	__asm__ volatile("mov %%db0, %0" : "=r"(m->debug[0]));
	__asm__ volatile("mov %%db1, %0" : "=r"(m->debug[1]));
	__asm__ volatile("mov %%db2, %0" : "=r"(m->debug[2]));
	__asm__ volatile("mov %%db3, %0" : "=r"(m->debug[3]));
	__asm__ volatile("mov %%db7, %0" : "=r"(m->dr7));
	m->gdtr_limit = gdtr.limit;
	m->gdtr_base = gdtr.base;
	m->idtr_limit = idtr.limit;
	m->idtr_base = idtr.base;
	if (gdtr.limit == sizeof(m->gdt) - 1)
		memcpy(m->gdt, (const void *)gdtr.base, sizeof(m->gdt));
	if (idtr.limit == sizeof(m->idt) - 1)
		memcpy(m->idt, (const void *)idtr.base, sizeof(m->idt));
	memcpy(m->tss, (const void *)desc_base(m->gdt[GDT_ENTRY_TSS]), sizeof(m->tss));
}

#define DIFFER(field)                                                                                                  \
	if (memcmp(&before->field, &now->field, sizeof(now->field)) != 0)                                              \
		return #field;

const char *machine_differs(const struct machine *before, const struct machine *now)
{
	DIFFER(sysregs.cr0)
	DIFFER(sysregs.cr4)
	DIFFER(sysregs.xcr0)
	DIFFER(cr3)
	DIFFER(debug)
	DIFFER(dr7)
	DIFFER(ldtr)
	DIFFER(tr)
	DIFFER(gdtr_limit)
	DIFFER(gdtr_base)
	DIFFER(idtr_limit)
	DIFFER(idtr_base)
	DIFFER(gdt)
	DIFFER(idt)
	DIFFER(tss)
	return NULL;
}
