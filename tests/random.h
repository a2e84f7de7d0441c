/* SPDX-License-Identifier: GPL-2.0-only */
/* Numbers that look random, the same for the same seed, in kernel and program alike: George Marsaglia's xorshift32. */
#ifndef TESTS_RANDOM_H
#define TESTS_RANDOM_H

#include "types.h"

struct random {
	u32 state; /* never 0 */
};

static inline u32 random_u32(struct random *r)
{
	r->state ^= r->state << 13;
	r->state ^= r->state >> 17;
	r->state ^= r->state << 5;
	return r->state;
}

/* 0 to n - 1. The upper half is the better one. */
static inline u32 random_below(struct random *r, u32 n)
{
	return (u32)((u64)random_u32(r) * n >> 32);
}

/* Neighbouring seeds, 0 among them, are to begin in unlike ways: the multiplier is Knuth's, and odd. */
static inline struct random random_from(u32 seed)
{
	struct random r = {(seed + 1) * 2654435761u};

	if (!r.state)
		r.state = 1;
	for (u32 n = 0; n < 8; n++)
		random_u32(&r);
	return r;
}

#endif
