/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * x87 state: all eight registers with values of every kind, TOP in the middle of the stack, flags and condition codes
 * set, precision and rounding other than the default. Once kept still and compared bit by bit, and once at work.
 */
#include "program.h"

#define KEEPS	   3
#define MAP_ROUNDS 40000u
#define MAP_BURST  5000u /* rounds between two system calls */

/* The state stays in the FPU while time goes by; nothing here executes an x87 instruction meanwhile. */
static void test_kept(void)
{
	for (u32 i = 0; i < KEEPS; i++) {
		struct fsave wanted, expected, actual;

		fpu_unusual(&wanted, seed());
		fpu_load(&wanted);
		fpu_store(&expected);
		check_bytes("the values just loaded", wanted.st, expected.st, sizeof(wanted.st));
		check("FCW just loaded", wanted.fcw, expected.fcw);
		check("FSW just loaded", wanted.fsw, expected.fsw);
		check("FTW just loaded", wanted.ftw, expected.ftw);
		live_through_switches();
		fpu_store(&actual);
		check_fpu("after switches", &expected, &actual);
	}
}

/*
 * The map x -> 1 - a x^2 with a = 1.9 is chaotic on [-1, 1]: a difference in the last bit has grown to the whole value
 * after a hundred rounds. Eight orbits run in the eight registers at once, never stored, FINCSTP turning the stack.
 */
static const u64 map_a = 0x3ffe666666666666; /* 1.9 as a double */
static const u32 map_one = 0x3f800000;	     /* 1.0 as a single */

static void map_in_registers(u32 rounds)
{
	asm volatile("1:\n\t"
		     ".rept 8\n\t"
		     "fmul %%st(0), %%st\n\t"
		     "fmull %1\n\t"
		     "fsubrs %2\n\t"
		     "fincstp\n\t"
		     ".endr\n\t"
		     "dec %0\n\t"
		     "jnz 1b"
		     : "+r"(rounds)
		     : "m"(map_a), "m"(map_one)
		     : "cc");
}

/* The same for one orbit, with the value in memory and the control word set anew for every single round. */
static void map_in_memory(u8 value[10], u16 fcw, u32 rounds)
{
	asm volatile("1:\n\t"
		     "fninit\n\t"
		     "fldcw %3\n\t"
		     "fldt (%4)\n\t"
		     "fmul %%st(0), %%st\n\t"
		     "fmull %1\n\t"
		     "fsubrs %2\n\t"
		     "fstpt (%4)\n\t"
		     "dec %0\n\t"
		     "jnz 1b"
		     : "+r"(rounds)
		     : "m"(map_a), "m"(map_one), "m"(fcw), "r"(value)
		     : "cc", "memory");
}

/* Eight numbers in [0.5, 1), all 64 bits of the significand in use; an empty tag word means all are valid. */
static struct fsave orbits(u16 fcw)
{
	struct fsave state = {.fcw = fcw};

	for (u32 i = 0; i < 8; i++) {
		u64 significand;

		fill(&significand, sizeof(significand), seed());
		fpu_value(state.st[i], EXP_OF_ONE - 1, LEADING | significand);
	}
	return state;
}

static void test_at_work(const char *name, u16 control)
{
	struct fsave start = orbits(FCW_FIXED | FCW_MASKS | control);
	struct fsave end;

	fpu_load(&start);
	for (u32 round = 0; round < MAP_ROUNDS; round += MAP_BURST) {
		map_in_registers(MAP_BURST);
		sched_yield();
	}
	fpu_store(&end);
	check(text("%s, FCW", name), start.fcw, end.fcw);
	check(text("%s, TOP", name), FSW_TOP(0), end.fsw & FSW_TOP(7));
	for (u32 i = 0; i < 8; i++) {
		map_in_memory(start.st[i], start.fcw, MAP_ROUNDS);
		check_bytes(text("%s, ST(%u)", name, i), start.st[i], end.st[i], sizeof(end.st[i]));
	}
}

int main(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	if (!cpu_has_fpu())
		skip("this CPU has no x87");
	test_kept();
	test_at_work("53 bits, rounding up", FCW_PC_53 | FCW_RC_UP);
	test_at_work("24 bits, rounding down", FCW_PC_24 | FCW_RC_DOWN);
	return verdict();
}
