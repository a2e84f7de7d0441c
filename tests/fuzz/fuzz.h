/* SPDX-License-Identifier: GPL-2.0-only */
/* What every fuzz target has: libFuzzer calls it, and it says what must not be. */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include "types.h"

/* Defined by a target: tries one input. Returns 0; whatever is wrong ends the process. */
int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

/* Defined by a target that knows the form of its inputs: changes one in place, and returns its new size. */
size_t LLVMFuzzerCustomMutator(u8 *data, size_t size, size_t max, unsigned seed);
/* Or makes one of two. */
size_t LLVMFuzzerCustomCrossOver(const u8 *a, size_t a_size, const u8 *b, size_t b_size, u8 *out, size_t max,
				 unsigned seed);

/* libFuzzer's own way to change bytes that have no form. */
size_t LLVMFuzzerMutate(u8 *data, size_t size, size_t max);

/* Ends the process, with what did not hold, where `holds` is false: libFuzzer keeps the input. */
void require(bool holds, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
