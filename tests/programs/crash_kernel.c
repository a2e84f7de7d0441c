/* SPDX-License-Identifier: GPL-2.0-only */
/* Reads the kernel's memory. The kernel has to end this program with a report, and nothing else may notice. */
#include "program.h"

#define SOMEWHERE_IN_THE_KERNEL (KERNEL_START + 0x100000)

int main(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	print("read the kernel's memory: %08x", *(volatile u32 *)SOMEWHERE_IN_THE_KERNEL);
	return EXIT_FAILED;
}
