/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The traveller's vectors on a CPU without SSE: the map x -> 1 - a x^2 in single precision, every operation rounded
 * towards zero, computed with integers. Rounding towards zero is cutting off, which is what makes this short.
 */
#include "support_traveller.h"

#define SIGN	      0x80000000u
#define ONE	      0x3f800000u
#define BIAS	      127
#define FRACTION_BITS 23 /* of a single, without the leading 1 */
#define FRACTION_MASK 0x007fffffu
#define SPARE_BITS    8 /* below a significand whose leading 1 is bit 31 */

struct magnitude {
	u32 significand; /* 24 bits, at the top of 32 */
	s32 exponent;	 /* of the leading bit */
};

static struct magnitude magnitude_of(u32 single)
{
	return (struct magnitude){
		.significand = SIGN | single << SPARE_BITS,
		.exponent = (s32)(single >> FRACTION_BITS & 0xff) - BIAS,
	};
}

/* The upper half of the product has 30 or 31 bits that are right: more than the 24 that are kept. */
static struct magnitude multiply(struct magnitude a, struct magnitude b)
{
	u32 product = (u32)((u64)a.significand * b.significand >> 32);
	bool carried = product >> 31; /* the significands' product is 2 or more */

	if (!carried)
		product <<= 1;
	return (struct magnitude){product >> SPARE_BITS << SPARE_BITS, a.exponent + b.exponent + carried};
}

/* `difference` in units of 2^-24. */
static u32 single_from(u32 sign, u32 difference)
{
	u32 exponent = BIAS - 1;

	if (!difference)
		return 0;
	for (; !(difference >> FRACTION_BITS); difference <<= 1)
		exponent--;
	return sign | exponent << FRACTION_BITS | (difference & FRACTION_MASK);
}

/*
 * 1 - m for a magnitude below 2. Only where m is below 1/2 it has bits that the result has no room for; the result is
 * cut off, so what is subtracted is rounded up.
 */
static u32 one_minus(struct magnitude m)
{
	const u32 one = 1u << (FRACTION_BITS + 1);
	u32 value = m.significand >> SPARE_BITS; /* in units of 2^-23, if the exponent is 0 */
	u32 below = (u32)-m.exponent - 1;	 /* binary places lost in units of 2^-24 */

	if (m.exponent == 0)
		return single_from(SIGN, 2 * value - one);
	if (below > FRACTION_BITS)
		return single_from(0, one - 1);
	return single_from(0, one - ((value + (1u << below) - 1) >> below));
}

static u32 map(u32 x, u32 minus_a)
{
	struct magnitude m = magnitude_of(x);

	return x ? one_minus(multiply(multiply(m, m), magnitude_of(minus_a))) : ONE;
}

void traveller_map_lanes(u32 vector)
{
	for (u32 lane = 0; lane < LANES; lane++) {
		u32 x = traveller_lanes[vector][lane];

		traveller_vector_input[lane] = x;
		traveller_lanes[vector][lane] = map(x, traveller_minus_a[vector][lane]);
	}
}
