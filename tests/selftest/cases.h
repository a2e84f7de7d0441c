/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tests that run inside the kernel at boot, before any program. A test is a row in a file's table; a file's table is a
 * row in the kernel's tables.c. A test returns NULL, or what did not hold.
 */
#ifndef SELFTEST_CASES_H
#define SELFTEST_CASES_H

#include "types.h"

struct selftest_case {
	const char *name;
	const char *(*run)(void);
};

#define CHECK(condition)                                                                                               \
	do {                                                                                                           \
		if (!(condition))                                                                                      \
			return #condition;                                                                             \
	} while (0)

/* The tables of this kernel, and after the last NULL. Each ends with a row of NULLs. */
extern const struct selftest_case *const selftest_tables[];

#endif
