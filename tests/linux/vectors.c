/* SPDX-License-Identifier: GPL-2.0-only */
/* SSE2 and AVX numerics: long chains in which every lane of many registers is live at once. */
#include <stdio.h>

#include "digest.h"

#define ROUNDS 40000

typedef float v4 __attribute__((vector_size(16)));
typedef double v2 __attribute__((vector_size(16)));
typedef int i4 __attribute__((vector_size(16)));
typedef float v8 __attribute__((vector_size(32)));
typedef double d4 __attribute__((vector_size(32)));

static void show(const char *name, const void *bytes, size_t count)
{
	printf("%s: %016llx\n", name, (unsigned long long)digest(DIGEST_START, bytes, count));
}

__attribute__((target("sse2"), noinline)) static void sse(void)
{
	v4 a = {1, 2, 3, 4}, b = {0.1f, 0.2f, 0.3f, 0.4f};
	v2 c = {1.25, -3.5}, d = {0.001, 1.002};
	i4 e = {1, 2, 3, 4}, f = {0x1234567, -5, 77, 0x7fffffff};

	for (int n = 0; n < ROUNDS; n++) {
		a = a * (v4){0.999f, 0.998f, 1.001f, 0.5f} + b;
		b = b - a * (v4){0.0001f, 0.0002f, 0.0003f, 0.25f};
		c = c / (d + (v2){1.5, 2.5}) + (v2){0.25, 0.125};
		d = d * (v2){0.5, -0.5} + c;
		e = e * f + (e ^ (f << 3));
		f = f + (e >> 5);
	}
	show("SSE float", &(v4[2]){a, b}, sizeof(v4[2]));
	show("SSE double", &(v2[2]){c, d}, sizeof(v2[2]));
	show("SSE integer", &(i4[2]){e, f}, sizeof(i4[2]));
}

__attribute__((target("avx"), noinline)) static void avx(void)
{
	v8 a = {1, 2, 3, 4, 5, 6, 7, 8}, b = a * 0.1f;
	d4 c = {1.25, -3.5, 7, 9.75}, d = {0.001, 1.002, 3, -8};

	for (int n = 0; n < ROUNDS; n++) {
		a = a * 0.997f + b;
		b = b * 0.5f - a * 0.001f;
		c = c / (d * d + 1.5) + 0.25;
		d = d * -0.5 + c;
	}
	show("AVX float", &(v8[2]){a, b}, sizeof(v8[2]));
	show("AVX double", &(d4[2]){c, d}, sizeof(d4[2]));
}

int main(void)
{
	sse();
	if (__builtin_cpu_supports("avx"))
		avx();
	else
		printf("no AVX\n");
	return 0;
}
