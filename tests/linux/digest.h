/* SPDX-License-Identifier: GPL-2.0-only */
/* A number that depends on every byte that it was given, and their order (FNV-1a). */
#ifndef TESTS_LINUX_DIGEST_H
#define TESTS_LINUX_DIGEST_H

#include <stddef.h>
#include <stdint.h>

#define DIGEST_START 0xcbf29ce484222325ull

static inline uint64_t digest(uint64_t so_far, const volatile void *bytes, size_t count)
{
	const volatile unsigned char *b = bytes;

	while (count--)
		so_far = (so_far ^ *b++) * 0x100000001b3ull;
	return so_far;
}

/* Numbers without an order that one sees, always the same ones. */
static inline uint32_t next_random(uint32_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	return *state ^= *state << 5;
}

#endif
