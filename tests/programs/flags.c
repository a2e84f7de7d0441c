/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The flags register, in every way that ring 3 can look at it and set it: what somebody who runs this program in single
 * steps must keep from it. Short, so that such a run does not take long.
 */
#include "program.h"

#define FLAGS (EFLAGS_TF | EFLAGS_IF | EFLAGS_DF | EFLAGS_NT | EFLAGS_RF | EFLAGS_AC)

static void clear_hits(void)
{
	if (on_cr86())
		debug_hits();
}

static u32 hits(void)
{
	return on_cr86() ? debug_hits() : 0;
}

/* `instructions` leave the flags on the stack. */
#define PUSHED(instructions)                                                                                           \
	({                                                                                                             \
		u32 flags, scratch;                                                                                    \
		asm volatile(instructions "\n\tpop %0" : "=&r"(flags), "=&r"(scratch) : : "memory", "cc");             \
		flags &FLAGS;                                                                                          \
	})

static void test_pushf(void)
{
	check("PUSHF", EFLAGS_IF, PUSHED("pushf"));
	check("PUSHF of 16 bits", EFLAGS_IF, PUSHED("xor %1, %1\n\tpushfw\n\tpop %w1\n\tpush %1"));
	check("PUSHF behind prefixes", EFLAGS_IF, PUSHED(".byte 0x2e, 0xf2, 0x9c"));
	check("PUSHF behind MOV SS", EFLAGS_IF, PUSHED("mov %%ss, %1\n\tmov %1, %%ss\n\tpushf"));
	check("PUSHF behind MOV SS from memory", EFLAGS_IF,
	      PUSHED("push %%ss\n\tmov (%%esp), %%ss\n\tpushf\n\tpop %1\n\tadd $4, %%esp\n\tpush %1"));
	check("PUSHF behind POP SS", EFLAGS_IF, PUSHED("push %%ss\n\tpop %%ss\n\tpushf"));
}

/* With SMAP, QEMU 7.2 makes IRET in ring 3 fault (docs/DEFECTS.md, qemu-smap-ring3-stack). */
static bool iret_works(void)
{
	return !(cpu_is_tcg() && cpuid(7, 0).ebx & CPUID_7_EBX_SMAP);
}

/* POPF and IRET take TF as they find it: clear here. What they set besides comes back. */
static void test_popf(void)
{
	check("POPF", EFLAGS_IF | EFLAGS_DF, PUSHED("pushf\n\torl $0x400, (%%esp)\n\tpopf\n\tpushf\n\tcld"));
	if (!iret_works())
		return;
	check("IRET", EFLAGS_IF | EFLAGS_DF,
	      PUSHED("pushf\n\torl $0x400, (%%esp)\n\tpush %%cs\n\tpush $1f\n\tiret\n1:\tpushf\n\tcld"));
}

static void test_int(void)
{
	u32 result = 20; /* getpid */

	check("PUSHF behind INT", EFLAGS_IF, PUSHED("push %%eax\n\tmov $20, %%eax\n\tint $0x80\n\tpop %%eax\n\tpushf"));
	asm volatile("int $0x80" : "+a"(result));
	check("INT's result", getpid(), result);
}

/* The program's own TF: one step, and it knows. */
static void test_own_step(void)
{
	if (!on_cr86())
		return; /* there the signal would end it */
	clear_hits();
	check("PUSHF in one's own step", EFLAGS_IF | EFLAGS_TF,
	      PUSHED("pushf\n\torl $0x100, (%%esp)\n\tpopf\n\tpushf\n\tmov (%%esp), %1\n\tandl $~0x100, "
		     "(%%esp)\n\tpopf\n\tpush %1"));
	check("DR6 after one's own step", DR6_BS, hits());
}

int main(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	clear_hits();
	test_pushf();
	test_popf();
	test_int();
	check("DR6", 0, hits());
	test_own_step();
	return verdict();
}
