/* SPDX-License-Identifier: GPL-2.0-only */
/* malloc, realloc and free in no order, small and large (mmap and mremap): what was written is there as long as it is. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "digest.h"

#define BLOCKS 64
#define ROUNDS 800

static struct {
	unsigned char *at;
	size_t size;
	unsigned char fill;
} block[BLOCKS];

static size_t random_size(uint32_t *state)
{
	uint32_t kind = next_random(state) % 16;

	return 1 + next_random(state) % (kind == 0 ? 1000000 : kind < 4 ? 40000 : 500);
}

static unsigned wrong(int n, size_t size)
{
	unsigned count = 0;

	for (size_t i = 0; i < size; i++)
		count += block[n].at[i] != block[n].fill;
	return count;
}

int main(void)
{
	uint32_t state = 1;
	unsigned bad = 0;
	size_t total = 0;

	for (int round = 0; round < ROUNDS; round++) {
		int n = (int)(next_random(&state) % BLOCKS);
		size_t size = random_size(&state), keep = size < block[n].size ? size : block[n].size;

		if (next_random(&state) % 4 == 0) {
			free(block[n].at);
			block[n].at = NULL;
			block[n].size = 0;
			continue;
		}
		block[n].at = realloc(block[n].at, size);
		if (!block[n].at) {
			printf("no memory for %zu bytes\n", size);
			return 1;
		}
		bad += wrong(n, keep);
		block[n].size = size;
		block[n].fill = (unsigned char)round;
		memset(block[n].at, block[n].fill, size);
		total += size;
		if (round % 200 == 0)
			printf("round %d: %zu bytes so far, %u wrong\n", round, total, bad);
	}
	for (int n = 0; n < BLOCKS; n++) {
		bad += wrong(n, block[n].size);
		free(block[n].at);
	}
	printf("%zu bytes in all, %u wrong\n", total, bad);
	return bad != 0;
}
