/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Executes an instruction that ring 3 must not: HLT or UD2 when the program's name ends so, else CLI (CLI and HLT
 * are a #GP, UD2 is a #UD). The kernel has to end it with a report.
 */
#include "program.h"

static bool ends_with(const char *name, const char *end)
{
	size_t length = strlen(name), wanted = strlen(end);

	return length >= wanted && strcmp(name + length - wanted, end) == 0;
}

int main(int argc, char **argv)
{
	const char *name = argc ? argv[0] : "";

	if (ends_with(name, "hlt"))
		asm volatile("hlt");
	else if (ends_with(name, "ud2"))
		asm volatile("ud2");
	else
		asm volatile("cli");
	print("executed what ring 3 must not execute");
	return EXIT_FAILED;
}
