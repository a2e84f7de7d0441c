/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Counts in every register at once, for show-me mode: whenever it is interrupted, each register holds a value that tells
 * whose it is, and another one than the last time. Two of these run side by side, and each sees in the end whether
 * anything disturbed it.
 *
 * With process id p, eax begins as pa000000 and so on to edi, pf000000, and ebp as p0000000; ST0 to ST7 as the numbers
 * 16 p to 16 p + 7, and so do all four parts of XMM0 to XMM7.
 */
#include "program.h"
#include "support_counter.h"

#define ROUNDS	     80000u  /* at a time; a multiple of eight, which x87 registers take turns in */
#define MICROSECONDS 200000u /* so long it counts */

static u32 pid;

static u32 now(void)
{
	struct {
		u32 seconds, microseconds;
	} time;

	system_call(SYS_GETTIMEOFDAY, address(&time), 0, 0, 0);
	return time.seconds * 1000000 + time.microseconds;
}

/* Two segments of its own, and a watchpoint on a word that nothing touches. */
static void hold_segments_and_breakpoint(void)
{
	static u32 untouched;
	struct user_desc segment = {
		.entry_number = ANY_ENTRY, .base_addr = address(&untouched), .limit = 15 + pid, .seg_32bit = 1};

	if (set_thread_area(&segment) == 0)
		load_fs(SELECTOR(segment.entry_number, 3));
	segment.entry_number = ANY_ENTRY;
	segment.limit += 0x10;
	if (set_thread_area(&segment) == 0)
		load_gs(SELECTOR(segment.entry_number, 3));
	debug_write(pid & 3, address(&untouched));
	debug_write(DR7, dr7_enable(pid & 3, DR_RW_WRITE, 4));
}

/* A number from 1 to 2^24 - 1 as a float (SDM 1 §4.2.2). */
static u32 float_of(u32 n)
{
	u32 exponent = 127 + 23;

	while (n < BIT(23)) {
		n <<= 1;
		exponent--;
	}
	return exponent << 23 | (n & (BIT(23) - 1));
}

/* What eight vector registers hold that have counted so far; the upper halves do not count. */
static void vectors_at(u8 vectors[8][32], u32 rounds)
{
	fill(vectors, 8 * 32, pid);
	for (u32 n = 0; n < 8; n++) {
		u32 part = float_of(16 * pid + n + rounds);

		for (u32 i = 0; i < 4; i++)
			memcpy(&vectors[n][4 * i], &part, sizeof(part));
	}
}

static void load_numbers(void)
{
	asm volatile("fninit");
	for (u32 n = 8; n--;) {
		u32 number = 16 * pid + n;

		asm volatile("fildl %0" : : "m"(number));
	}
}

static void check_numbers(u32 rounds)
{
	for (u32 n = 0; n < 8; n++) {
		u32 number;

		asm volatile("fistpl %0" : "=m"(number));
		check(text("ST%u", n), 16 * pid + n + rounds / 8, number);
	}
}

/* All are loaded, count so many rounds, and are looked at. */
static void count(u32 rounds)
{
	const struct counters start = {.eax = pid << 28 | 0xa000000,
				       .ebx = pid << 28 | 0xb000000,
				       .ecx = pid << 28 | 0xc000000,
				       .edx = pid << 28 | 0xd000000,
				       .esi = pid << 28 | 0xe000000,
				       .edi = pid << 28 | 0xf000000,
				       .ebp = pid << 28,
				       .rounds = rounds};
	u8 vectors[8][32], expected[8][32];
	u32 bytes = vector_bytes();

	counters = start;
	vectors_at(vectors, 0);
	vectors_at(expected, rounds);
	if (cpu_has_fpu())
		load_numbers();
	vectors_load(bytes, vectors);
	(bytes ? count_all : cpu_has_fpu() ? count_x87 : count_integers)();
	vectors_store(bytes, vectors);
	check("eax", start.eax + rounds, counters.eax);
	check("ebx", start.ebx + rounds, counters.ebx);
	check("ecx", start.ecx + rounds, counters.ecx);
	check("edx", start.edx + rounds, counters.edx);
	check("esi", start.esi + rounds, counters.esi);
	check("edi", start.edi + rounds, counters.edi);
	check("ebp", start.ebp + rounds, counters.ebp);
	if (cpu_has_fpu())
		check_numbers(rounds);
	for (u32 n = 0; n < 8; n++)
		check_bytes(text("vector register %u", n), expected[n], vectors[n], bytes);
}

int main(int argc, char **argv)
{
	u32 start = now();

	(void)argc;
	(void)argv;
	pid = (getpid() - 1) % 8 + 1;
	hold_segments_and_breakpoint();
	do
		count(ROUNDS);
	while (now() - start < MICROSECONDS);
	return verdict();
}
