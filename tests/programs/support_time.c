/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Time for the kernel to switch tasks. At 100 timer interrupts a second an emulator executes half a million to ten
 * million instructions between two of them: the loop below meets at least one or two in the slowest case for an engine
 * that is fast, and dozens in one that is slow. Voluntary switches come in between, at places where they hurt: right
 * after a timer interrupt and several in a row.
 */
#include "program.h"

#define STRETCHES	  8
#define ROUNDS_OF_STRETCH 400000u
#define YIELDS_OF_STRETCH 5

void spin_for(u32 rounds)
{
	asm volatile("1: dec %0\n\tjnz 1b" : "+r"(rounds) : : "cc");
}

void live_through_switches(void)
{
	for (u32 stretch = 0; stretch < STRETCHES; stretch++) {
		spin_for(ROUNDS_OF_STRETCH);
		for (u32 i = 0; i < YIELDS_OF_STRETCH; i++)
			sched_yield();
	}
}
