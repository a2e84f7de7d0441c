/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Integer registers and flags: a distinct value in each of the eight, the stack pointer included, and every flag that
 * a program may change, kept through long loops (support_integers.asm) and through system calls.
 */
#include "program.h"
#include "support_integers.h"

#define COUNT_ROUNDS 500000u
#define RING_TURNS   2000u
#define YIELDS	     500u

#define ARITHMETIC (EFLAGS_CF | EFLAGS_PF | EFLAGS_AF | EFLAGS_ZF | EFLAGS_SF | EFLAGS_OF)

/* EFLAGS.ID can be set only where there is CPUID. AC is safe to set: none of the loops accesses memory. */
static const struct {
	const char *name;
	u32 flags;
} flag_sets[] = {
	{"no flag set", 0},
	{"all flags set", ARITHMETIC | EFLAGS_DF | EFLAGS_NT | EFLAGS_AC | EFLAGS_ID},
	{"CF AF SF DF set", EFLAGS_CF | EFLAGS_AF | EFLAGS_SF | EFLAGS_DF},
	{"PF ZF OF AC set", EFLAGS_PF | EFLAGS_ZF | EFLAGS_OF | EFLAGS_AC},
	{"NT ID set", EFLAGS_NT | EFLAGS_ID},
};

static struct registers start_values(u32 flags)
{
	struct registers start;

	fill(&start, sizeof(start), seed());
	start.eflags = flags | EFLAGS_USER_ALWAYS;
	if (!cpu_has_cpuid())
		start.eflags &= ~EFLAGS_ID;
	return start;
}

/* Every register has counted the rounds; ECX has counted them down. */
static void test_count(const char *name, u32 flags)
{
	struct registers expected = start_values(flags);

	expected.ecx = COUNT_ROUNDS;
	integer_registers = expected;
	integer_count();
	expected.eax += COUNT_ROUNDS;
	expected.ebx += COUNT_ROUNDS;
	expected.ecx = 0;
	expected.edx += COUNT_ROUNDS;
	expected.esi += COUNT_ROUNDS;
	expected.edi += COUNT_ROUNDS;
	expected.ebp += COUNT_ROUNDS;
	expected.esp += COUNT_ROUNDS;
	check_registers(text("counting, %s", name), &expected, &integer_registers);
}

/* After whole turns of the ring all is as it was: only OF, which RCL sets in each round, is left out. */
static void test_ring(const char *name, u32 flags)
{
	struct registers expected = start_values(flags & ~EFLAGS_OF);

	expected.ecx = RING_TURNS * RING_BITS;
	integer_registers = expected;
	integer_ring();
	expected.ecx = 0;
	integer_registers.eflags &= ~EFLAGS_OF;
	check_registers(text("ring, %s", name), &expected, &integer_registers);
}

/* A system call changes EAX alone. */
static void test_yield(const char *name, u32 flags)
{
	struct registers expected = start_values(flags);

	for (u32 i = 0; i < YIELDS; i++) {
		expected.eax = SYS_SCHED_YIELD;
		integer_registers = expected;
		integer_system_call();
		expected.eax = 0;
		check_registers(text("sched_yield, %s", name), &expected, &integer_registers);
	}
}

int main(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	for (u32 i = 0; i < ARRAY_SIZE(flag_sets); i++) {
		test_count(flag_sets[i].name, flag_sets[i].flags);
		test_ring(flag_sets[i].name, flag_sets[i].flags);
		test_yield(flag_sets[i].name, flag_sets[i].flags);
	}
	return verdict();
}
