/* SPDX-License-Identifier: GPL-2.0-only */
#include "tss.h"
#include "gdt.h"
#include "paging.h"

/* SDM 3 figure 7-2 */
struct tss {
	u32 link;
	const void *esp0;
	u32 ss0, unused[4];
	u32 cr3, eip, eflags;
	u32 eax, ecx, edx, ebx, esp, ebp, esi, edi;
	u32 es, cs, ss, ds, fs, gs, ldt;
	u16 trap, io_map_base;
};
_Static_assert(sizeof(struct tss) == 104, "SDM 3 figure 7-2");

extern const u8 double_fault_stack_top[]; /* boot/entry.asm */

static struct tss tss = {.ss0 = KERNEL_DS, .io_map_base = sizeof(tss)};

static struct tss df_tss = {
	.eip = (u32)double_fault,
	.eflags = EFLAGS_FIXED,
	.esp = (u32)double_fault_stack_top,
	.es = KERNEL_DS,
	.cs = KERNEL_CS,
	.ss = KERNEL_DS,
	.ds = KERNEL_DS,
	.io_map_base = sizeof(df_tss),
};

void tss_init(void)
{
	df_tss.cr3 = virt_to_phys(&kernel_directory);
	gdt_set_tss(GDT_ENTRY_TSS, &tss, sizeof(tss));
	gdt_set_tss(GDT_ENTRY_DF_TSS, &df_tss, sizeof(df_tss));
	__asm__ volatile("ltr %w0" : : "r"(SELECTOR(GDT_ENTRY_TSS, 0)));
}

void tss_set_stack(const void *top)
{
	tss.esp0 = top;
}

const void *tss_stack(void)
{
	return tss.esp0;
}

/* The switch to the double fault's task stored all of them there (SDM 3 §7.3, step 7), but CR2 and CR3. */
void tss_interrupted(struct trap_frame *frame)
{
	*frame = (struct trap_frame){
		.gs = tss.gs,
		.fs = tss.fs,
		.es = tss.es,
		.ds = tss.ds,
		.edi = tss.edi,
		.esi = tss.esi,
		.ebp = tss.ebp,
		.ebx = tss.ebx,
		.edx = tss.edx,
		.ecx = tss.ecx,
		.eax = tss.eax,
		.vector = TRAP_DF,
		.eip = tss.eip,
		.cs = tss.cs,
		.eflags = tss.eflags,
		.esp = tss.esp,
		.ss = tss.ss,
	};
}
