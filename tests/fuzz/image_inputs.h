/* SPDX-License-Identifier: GPL-2.0-only */
/* For a target whose inputs are images: how libFuzzer makes more of them. */
#include "pieces.h"

size_t LLVMFuzzerCustomMutator(u8 *data, size_t size, size_t max, unsigned seed)
{
	return mutate_image(data, size, max, seed);
}

size_t LLVMFuzzerCustomCrossOver(const u8 *a, size_t a_size, const u8 *b, size_t b_size, u8 *out, size_t max,
				 unsigned seed)
{
	return cross_images(a, a_size, b, b_size, out, max, seed);
}
