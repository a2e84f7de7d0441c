/* SPDX-License-Identifier: GPL-2.0-only */
/* Uses more stack than there is, and runs into the guard page below it. The kernel has to end it with a report. */
#include "program.h"

#define FRAME	 1024
#define TOO_DEEP (64 * 1024 * 1024 / FRAME) /* far beyond cr86's 64 KiB and Linux's 8 MiB */

/* Not optimised into a loop: the frame is used after the call. */
static u32 descend(u32 depth)
{
	volatile u8 frame[FRAME];

	frame[0] = (u8)depth;
	if (depth == TOO_DEEP)
		return frame[0];
	return descend(depth + 1) + frame[0];
}

int main(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	print("the stack has no end: %u", descend(0));
	return EXIT_FAILED;
}
