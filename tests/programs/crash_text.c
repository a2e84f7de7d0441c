/* SPDX-License-Identifier: GPL-2.0-only */
/* Writes to its own code, which is mapped read-only. The kernel has to end this program with a report. */
#include "program.h"

int main(int argc, char **argv)
{
	volatile u8 *code = (volatile u8 *)(uintptr_t)main;

	(void)argc;
	(void)argv;
	*code = 0;
	print("wrote to my own code");
	return EXIT_FAILED;
}
