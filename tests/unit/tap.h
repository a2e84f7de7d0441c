/* SPDX-License-Identifier: GPL-2.0-only */
/* The Test Anything Protocol: one line a test, the plan at the end, so that a test that dies early has none. */
#ifndef TESTS_UNIT_TAP_H
#define TESTS_UNIT_TAP_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static int tap_count, tap_failed;

/* One test. Returns `passed`, so that a caller can say more with note(). */
static inline bool __attribute__((format(printf, 2, 3))) ok(bool passed, const char *format, ...)
{
	va_list args;

	printf("%sok %d - ", passed ? "" : "not ", ++tap_count);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
	tap_failed += !passed;
	return passed;
}

/* Says what was found, where a test failed. */
static inline void __attribute__((format(printf, 1, 2))) note(const char *format, ...)
{
	va_list args;

	printf("# ");
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
}

static inline void is_number(unsigned long long got, unsigned long long expected, const char *what)
{
	if (!ok(got == expected, "%s", what))
		note("got 0x%llx, expected 0x%llx", got, expected);
}

static inline void is_text(const char *got, const char *expected, const char *what)
{
	if (!ok(strcmp(got, expected) == 0, "%s", what))
		note("got \"%s\", expected \"%s\"", got, expected);
}

/* The plan, and the program's exit status. */
static inline int done_testing(void)
{
	printf("1..%d\n", tap_count);
	return tap_failed || !tap_count || fflush(stdout) != 0;
}

#endif
