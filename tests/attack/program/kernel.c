/* SPDX-License-Identifier: GPL-2.0-only */
/* What only ring 0 may do. One step, since each must end in a fault. */
#include "hostile.h"

static u32 at(void)
{
	return KERNEL_START + (one_in(4) ? below(64) : any() & 0x3fffffff);
}

static void read_kernel(void)
{
	*(volatile u8 *)(uintptr_t)at();
}

static void write_kernel(void)
{
	*(volatile u8 *)(uintptr_t)at() = 0;
}

static void call_kernel(void)
{
	((void (*)(void))(uintptr_t)at())();
}

/* A push, whose address no operand names. */
static void push_into_kernel(void)
{
	asm volatile("mov %%esp, %%ecx\n\tmov %0, %%esp\n\tpushl $0\n\tmov %%ecx, %%esp"
		     :
		     : "r"(at())
		     : "ecx", "memory");
}

static void write_text(void)
{
	*(volatile u8 *)(uintptr_t)address(main) = 0;
}

#define INSTRUCTION(name, text)                                                                                        \
	static void name(void)                                                                                         \
	{                                                                                                              \
		asm volatile(text                                                                                      \
			     :                                                                                         \
			     : "a"(any()), "b"(any()), "c"(any()), "d"(any()), "m"(playground[0])                      \
			     : "memory", "cc");                                                                        \
	}

/* 0x174: SYSENTER_CS */
INSTRUCTION(do_cli, "cli")
INSTRUCTION(do_sti, "sti")
INSTRUCTION(do_hlt, "hlt")
INSTRUCTION(do_in, "inb %%dx, %%al")
INSTRUCTION(do_in_fixed, "inl $0x20, %%eax")
INSTRUCTION(do_out, "outb %%al, %%dx")
INSTRUCTION(do_out_exit, "outb %%al, $0xf4")
INSTRUCTION(do_ins, "mov %%ebx, %%edi\n\tinsb")
INSTRUCTION(do_lgdt, "lgdt %4")
INSTRUCTION(do_lidt, "lidt %4")
INSTRUCTION(do_lldt, "lldt %%ax")
INSTRUCTION(do_ltr, "ltr %%ax")
INSTRUCTION(do_lmsw, "lmsw %%ax")
INSTRUCTION(do_clts, "clts")
INSTRUCTION(do_invd, "invd")
INSTRUCTION(do_wbinvd, "wbinvd")
INSTRUCTION(do_invlpg, "invlpg %4")
INSTRUCTION(do_read_cr0, "mov %%cr0, %%eax")
INSTRUCTION(do_read_cr2, "mov %%cr2, %%eax")
INSTRUCTION(do_write_cr0, "mov %%eax, %%cr0")
INSTRUCTION(do_write_cr3, "mov %%eax, %%cr3")
INSTRUCTION(do_write_cr4, "mov %%eax, %%cr4")
INSTRUCTION(do_rdmsr, "mov $0x174, %%ecx\n\trdmsr")
INSTRUCTION(do_wrmsr, "mov $0x174, %%ecx\n\twrmsr")
INSTRUCTION(do_rdpmc, "rdpmc")
INSTRUCTION(do_xsetbv, "xor %%ecx, %%ecx\n\txsetbv")
INSTRUCTION(do_sysenter, "sysenter")
INSTRUCTION(do_sysexit, "sysexit")
INSTRUCTION(do_syscall, ".byte 0x0f, 0x05")
INSTRUCTION(do_sysret, ".byte 0x0f, 0x07")
INSTRUCTION(do_timer_interrupt, "int $0x20")
INSTRUCTION(do_page_fault, "int $14")
INSTRUCTION(do_double_fault, "int $8")
INSTRUCTION(do_nmi, "int $2")
INSTRUCTION(do_beyond_idt, "int $0xff")

static void (*const ways[])(void) = {
	read_kernel,
	read_kernel,
	write_kernel,
	write_kernel,
	call_kernel,
	push_into_kernel,
	write_text,
	do_cli,
	do_sti,
	do_hlt,
	do_in,
	do_in_fixed,
	do_out,
	do_out_exit,
	do_ins,
	do_lgdt,
	do_lidt,
	do_lldt,
	do_ltr,
	do_lmsw,
	do_clts,
	do_invd,
	do_wbinvd,
	do_invlpg,
	do_read_cr0,
	do_read_cr2,
	do_write_cr0,
	do_write_cr3,
	do_write_cr4,
	do_rdmsr,
	do_wrmsr,
	do_rdpmc,
	do_xsetbv,
	do_sysenter,
	do_sysexit,
	do_syscall,
	do_sysret,
	do_page_fault,
	do_nmi,
	do_beyond_idt,
	do_timer_interrupt,
	do_double_fault,
};

void attack_kernel(void)
{
	ways[below(ARRAY_SIZE(ways))]();
	breach("ring 3 did what only ring 0 may");
}
