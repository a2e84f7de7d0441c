/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * float, double and long double in all rounding modes: results, exceptions, and how printf shows them. The same chain of
 * operations goes on through all of it, so that a bit lost anywhere is one lost in all that follows.
 */
#include <fenv.h>
#include <float.h>
#include <stdio.h>
#include <string.h>

#include "digest.h"

#define ROUNDS 3000

static const struct {
	int mode;
	const char *name;
} modes[] = {{FE_TONEAREST, "nearest"}, {FE_UPWARD, "upward"}, {FE_DOWNWARD, "downward"}, {FE_TOWARDZERO, "to zero"}};

/* The bytes that are the value's: ten of a long double. */
#define ADD(sum, value) digest(sum, &(value), sizeof(value) > 8 ? 10 : sizeof(value))

/* Those of IEEE 754. x87's sixth, for denormal operands, only some C libraries tell of. */
#define EXCEPTIONS (FE_INVALID | FE_DIVBYZERO | FE_OVERFLOW | FE_UNDERFLOW | FE_INEXACT)

static uint64_t exceptions(uint64_t sum)
{
	int raised = fetestexcept(EXCEPTIONS);

	feclearexcept(FE_ALL_EXCEPT);
	return digest(sum, &raised, sizeof(raised));
}

#define CHAIN(type, name, smallest)                                                                                    \
	static void name(const char *mode, const char *format)                                                         \
	{                                                                                                              \
		volatile type a = (type)1.1, b = (type)0.7, c = (type)3, tiny = smallest;                              \
		uint64_t sum = DIGEST_START;                                                                           \
		char text[128];                                                                                        \
                                                                                                                       \
		for (int n = 0; n < ROUNDS; n++) {                                                                     \
			a = a * b + c / (type)(n + 1);                                                                 \
			b = (b + a) / (c + (type)1.25);                                                                \
			c = c - a * (type)0.5 + b;                                                                     \
			if (c > (type)1e6 || c < (type)-1e6)                                                           \
				c = (type)3;                                                                           \
			tiny = tiny * (type)1.5 / (type)1.5;                                                           \
			sum = ADD(sum, a);                                                                             \
			sum = ADD(sum, b);                                                                             \
			sum = ADD(sum, tiny);                                                                          \
			if (n % 1000 == 0)                                                                             \
				sum = exceptions(sum);                                                                 \
			if (n % 100 == 0) {                                                                            \
				snprintf(text, sizeof(text), format, a, b, c, tiny);                                   \
				sum = digest(sum, text, strlen(text));                                                 \
			}                                                                                              \
			if (n % 1000 == 0)                                                                             \
				printf("%s %s: %s\n", #type, mode, text);                                              \
		}                                                                                                      \
		printf("%s %s: %016llx\n", #type, mode, (unsigned long long)sum);                                      \
	}

CHAIN(float, chain_float, FLT_MIN / 8)
CHAIN(double, chain_double, DBL_MIN / 8)
CHAIN(long double, chain_long_double, LDBL_MIN / 8)

static void conversions(const char *mode)
{
	static const double values[] = {0.5, -0.5, 1.5, 2.5, -2.5, 1e9 + 0.7, -1e9 - 0.3, 0x1p-1074, 1.0 / 3};
	volatile double value;

	for (unsigned n = 0; n < sizeof(values) / sizeof(values[0]); n++) {
		value = values[n];
		printf("%s: %.0f %.17g %a %.3e %g %lld\n", mode, value, value, value, (float)value, (float)value,
		       (long long)value);
	}
}

static void specials(void)
{
	volatile double zero = 0, one = 1, big = DBL_MAX, small = DBL_TRUE_MIN;

	printf("%f %f %f %f\n", one / zero, -one / zero, zero / zero, -zero);
	printf("%g %g %g %g\n", big * 2, small / 2, big + 1, small * small);
	printf("%La %La %La\n", LDBL_MAX, LDBL_MIN, LDBL_TRUE_MIN);
	printf("%d %d %d\n", zero / zero == zero / zero, one / zero > big, -zero == zero);
}

int main(void)
{
	specials();
	for (unsigned n = 0; n < sizeof(modes) / sizeof(modes[0]); n++) {
		fesetround(modes[n].mode);
		chain_float(modes[n].name, "%.9g %a %.3e %g");
		chain_double(modes[n].name, "%.17g %a %.3e %g");
		chain_long_double(modes[n].name, "%.21Lg %La %.3Le %Lg");
		conversions(modes[n].name);
		printf("the mode is still %d\n", fegetround() == modes[n].mode);
	}
	return 0;
}
