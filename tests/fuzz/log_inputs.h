/* SPDX-License-Identifier: GPL-2.0-only */
/* For a target whose inputs are logs: how libFuzzer makes more of them. */
#include "pieces.h"

size_t LLVMFuzzerCustomMutator(u8 *data, size_t size, size_t max, unsigned seed)
{
	return mutate_log(data, size, max, seed);
}
