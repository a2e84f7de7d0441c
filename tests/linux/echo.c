/* SPDX-License-Identifier: GPL-2.0-only */
/* Standard input, line by line and with a number; its position is part of what a checkpoint has to keep. */
#include <stdio.h>
#include <unistd.h>

int main(void)
{
	char line[256];
	unsigned n = 0, spin;

	setvbuf(stdin, NULL, _IOFBF, 64);
	setvbuf(stdout, NULL, _IOFBF, 50); /* lines are cut anywhere */
	while (fgets(line, sizeof(line), stdin)) {
		for (spin = 0; spin < 5000; spin++)
			__asm__ volatile("" : : : "memory");
		printf("%u: %s", ++n, line);
	}
	printf("%u lines\n", n);
	return 0;
}
