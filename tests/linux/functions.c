/* SPDX-License-Identifier: GPL-2.0-only */
/* Transcendental functions of float and double, over arguments of all sizes. */
#include <math.h>
#include <stdio.h>

#include "digest.h"

#define ARGUMENTS 200

static const struct {
	const char *name;
	double (*of)(double);
	float (*of_float)(float);
} functions[] = {
	{"sin", sin, sinf},	     {"cos", cos, cosf},    {"tan", tan, tanf},	      {"asin", asin, asinf},
	{"acos", acos, acosf},	     {"sinh", sinh, sinhf}, {"cosh", cosh, coshf},    {"tanh", tanh, tanhf},
	{"asinh", asinh, asinhf},    {"exp", exp, expf},    {"exp2", exp2, exp2f},    {"expm1", expm1, expm1f},
	{"log", log, logf},	     {"log2", log2, log2f}, {"log10", log10, log10f}, {"log1p", log1p, log1pf},
	{"sqrt", sqrt, sqrtf},	     {"cbrt", cbrt, cbrtf}, {"erf", erf, erff},	      {"tgamma", tgamma, tgammaf},
	{"lgamma", lgamma, lgammaf}, {"atan", atan, atanf}, {"j0", j0, j0f},	      {"rint", rint, rintf},
};

int main(void)
{
	for (unsigned n = 0; n < sizeof(functions) / sizeof(functions[0]); n++) {
		uint64_t sum = DIGEST_START, sum_float = DIGEST_START;
		double y = 0, x = 0x1p-30;

		for (int i = 0; i < ARGUMENTS; i++, x *= -1.13) {
			float z = functions[n].of_float((float)x);

			y = functions[n].of(x);
			if (!isnan(y))
				sum = digest(sum, &y, sizeof(y));
			if (!isnan(z))
				sum_float = digest(sum_float, &z, sizeof(z));
			if (i == 90)
				printf("%s(%.17g) = %.17g, %.9g\n", functions[n].name, x, y, z);
		}
		printf("%s: %016llx %016llx\n", functions[n].name, (unsigned long long)sum,
		       (unsigned long long)sum_float);
	}
	printf("pow %.17g fmod %.17g hypot %.17g atan2 %.17g\n", pow(1.7, 33.3), fmod(1e10, 7.7), hypot(3e200, 4e200),
	       atan2(-1, -3));
	return 0;
}
