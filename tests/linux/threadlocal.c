/* SPDX-License-Identifier: GPL-2.0-only */
/* Thread-local variables, initialised, zero and aligned, through gs; errno is one of them. */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

static __thread int counter = 40;
static __thread char zeros[3000];
static __thread double fraction = 0.125;
static __thread int aligned __attribute__((aligned(64))) = 7;
__thread const char *text = "a text";

static __attribute__((noinline)) void work(int n)
{
	counter += n & 3;
	zeros[(unsigned)n % sizeof(zeros)]++;
	fraction = fraction * 0.75 + n;
	aligned ^= n;
	if (n % 1000 == 0)
		close(-1);
}

int main(void)
{
	int sum = 0;

	printf("%d %d %g %d %s\n", counter, zeros[0] + zeros[2999], fraction, aligned, text);
	for (int n = 0; n < 200000; n++)
		work(n);
	for (unsigned n = 0; n < sizeof(zeros); n++)
		sum += zeros[n];
	printf("%d %d %.17g %d %s\n", counter, sum, fraction, aligned, text);
	printf("aligned: %d, errno: %d\n", (int)((uintptr_t)&aligned % 64), errno == EBADF);
	return 0;
}
