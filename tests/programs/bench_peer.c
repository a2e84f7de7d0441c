/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The other task of bench's yields: does nothing but yield as well, longer than bench measures, and then ends. Called
 * "..._fpu" it uses the FPU in between.
 */
#include "program.h"
#include "support_bench.h"

#define YIELDS 4096

int main(int argc, char **argv)
{
	const char *name = argc ? argv[0] : "";
	size_t length = strlen(name);

	if (length < 4 || strcmp(name + length - 4, "_fpu") != 0)
		bench_peer(YIELDS);
	else if (cpu_has_fpu())
		bench_peer_fpu(YIELDS);
	else
		skip("this CPU has no x87");
	return EXIT_PASSED;
}
