/* SPDX-License-Identifier: GPL-2.0-only */
/* setjmp and longjmp out of deep calls, with integer and floating-point values that must survive. */
#include <setjmp.h>
#include <stdio.h>

static jmp_buf back;
static volatile double sum;
static volatile int out = 1; /* the compiler is not to know that nobody ever returns */

static void descend(int depth, double value)
{
	volatile char frame[64];

	frame[0] = (char)depth;
	if (depth > 0)
		descend(depth - 1, value * 1.01 + frame[0]);
	else if (out)
		longjmp(back, 1 + frame[0]);
	sum += value;
}

int main(void)
{
	volatile int jumps = 0;
	volatile double before = 1.5;

	for (volatile int n = 0; n < 4000; n++) {
		int result = setjmp(back);

		if (result == 0) {
			before = before * 1.0001 + n;
			descend(n % 100, before);
			printf("descend came back\n");
		}
		jumps += result;
		if (before > 1e6)
			before /= 1e5;
	}
	printf("%d jumps, %.17g, %g\n", jumps, before, sum);
	return 0;
}
