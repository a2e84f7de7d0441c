/* SPDX-License-Identifier: GPL-2.0-only */
#include "random.h"
#include "options.h"

/* A counter in steps of the golden ratio, its bits mixed until each depends on every other. */
static u8 next(void)
{
	static u32 count;
	u32 n = (options.seed + 1) * 0x85ebca6b + ++count * 0x9e3779b9;

	n = (n ^ n >> 16) * 0x85ebca6b;
	n = (n ^ n >> 13) * 0xc2b2ae35;
	return (u8)(n >> 24);
}

void random_bytes(void *to, u32 count)
{
	for (u32 n = 0; n < count; n++)
		((u8 *)to)[n] = next();
}
