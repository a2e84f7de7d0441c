/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Runs until somebody ends it, holding a state in which everything differs from the initial one: for tests that need a
 * task to checkpoint at any moment. The state never changes (the loop is one jump), so two checkpoints of the same spin
 * must have the same registers.
 */
#include "program.h"

#define AREA_SIZE 64

static u8 area[AREA_SIZE] __attribute__((aligned(AREA_SIZE)));

static void hold_segments(void)
{
	struct user_desc segment = {
		.entry_number = ANY_ENTRY, .base_addr = address(area), .limit = AREA_SIZE - 1, .seg_32bit = 1};

	if (set_thread_area(&segment) == 0)
		load_fs(SELECTOR(segment.entry_number, 3));
	segment.entry_number = ANY_ENTRY;
	segment.limit = AREA_SIZE / 2;
	if (set_thread_area(&segment) == 0)
		load_gs(SELECTOR(segment.entry_number, 3));
}

static void hold_vectors(void)
{
	u8 vectors[8][32];

	if (!vector_bytes())
		return;
	fill(vectors, sizeof(vectors), seed());
	vectors_load(vector_bytes(), vectors);
	mxcsr_load(MXCSR_MASKS | MXCSR_RC_ZERO | MXCSR_PE);
}

int main(int argc, char **argv)
{
	struct fsave fpu;

	(void)argc;
	(void)argv;
	hold_segments();
	debug_write(0, address(area));
	debug_write(DR7, dr7_enable(0, DR_RW_WRITE, 4));
	if (cpu_has_fpu()) {
		fpu_unusual(&fpu, seed());
		fpu_load(&fpu);
	}
	hold_vectors();
	asm volatile("1: jmp 1b" : : "a"(seed()), "b"(seed()), "c"(seed()), "d"(seed()), "S"(seed()), "D"(seed()));
	__builtin_unreachable();
}
