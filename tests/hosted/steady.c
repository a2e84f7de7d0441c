/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A program of the C library, for tests/core.t: prints LINES lines, each of which depends on all before it, by way of
 * the x87 stack, a thread-local variable (gs) and the heap. After line STOP it is stopped in one of two ways:
 *
 *   steady LINES STOP abort   raises SIGABRT, so that Linux writes a core
 *   steady LINES STOP poll    waits for nothing, so that somebody finds it in a system call
 *   steady LINES 0 -          not at all
 */
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { TABLE = 4096, ROUNDS = 20000, WAIT_MS = 60000 };

static __thread unsigned checksum = 2166136261u; /* FNV-1a, 32 bits */
static long double x = 1;

static void one_line(unsigned n, unsigned *table)
{
	struct timespec now;

	for (unsigned i = 0; i < ROUNDS; i++) {
		x = x > 1e6L ? x / 1e6L : x * 1.0001L + 1e-9L;
		table[i % TABLE] += (unsigned)x * (i + 1);
		checksum = (checksum ^ table[i % TABLE]) * 16777619u;
	}
	clock_gettime(CLOCK_REALTIME, &now); /* whatever it says, but it must come back */
	printf("%u %.20Lg %08x\n", n, x, checksum);
	fflush(stdout);
}

int main(int argc, char **argv)
{
	unsigned lines = argc == 4 ? (unsigned)atoi(argv[1]) : 0, stop = argc == 4 ? (unsigned)atoi(argv[2]) : 0;
	unsigned *table = calloc(TABLE, sizeof(*table));

	for (unsigned n = 1; n <= lines && table; n++) {
		one_line(n, table);
		if (n != stop)
			continue;
		if (strcmp(argv[3], "abort") == 0)
			raise(SIGABRT);
		else
			poll(NULL, 0, WAIT_MS);
	}
	return !lines;
}
