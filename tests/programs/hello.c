/* SPDX-License-Identifier: GPL-2.0-only */
/* The smallest program: one line, and a clean end. */
#include "program.h"

int main(int argc, char **argv)
{
	print("hello from ring 3, I am %s", argc ? argv[0] : "without a name");
	return EXIT_PASSED;
}
