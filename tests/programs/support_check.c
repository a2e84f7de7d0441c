/* SPDX-License-Identifier: GPL-2.0-only */
/* Checks: what was expected, what was found, and at the end one verdict. */
#include "program.h"

#define FAILURES_SHOWN 20 /* a wrong register tends to be wrong again: enough to see, not so much as to bury */
#define CHUNK	       16 /* bytes of a wide register that are shown in a line */

static u32 checks, failures;

/* Counts a check. Returns whether its failure is still to be shown. */
static bool count(bool holds)
{
	checks++;
	if (holds)
		return false;
	failures++;
	return failures <= FAILURES_SHOWN;
}

bool check(const char *what, u32 expected, u32 actual)
{
	if (count(expected == actual))
		print("%s: expected %08x, found %08x", what, expected, actual);
	return expected == actual;
}

bool check_that(const char *claim, bool holds)
{
	if (count(holds))
		print("not so: %s", claim);
	return holds;
}

/* A register's bytes as one reads a number: the most significant first. */
static const char *hex(const u8 *bytes, u32 size)
{
	static char buffers[2][2 * CHUNK + 1];
	static u32 next;
	char *buffer = buffers[next++ % 2];
	char *end = buffer;

	for (u32 i = size; i-- > 0;) {
		*end++ = "0123456789abcdef"[bytes[i] >> 4];
		*end++ = "0123456789abcdef"[bytes[i] & 0xf];
	}
	*end = '\0';
	return buffer;
}

bool check_bytes(const char *what, const void *expected, const void *actual, u32 size)
{
	const u8 *want = expected;
	const u8 *have = actual;
	bool same = memcmp(want, have, size) == 0;
	bool shown = count(same);

	for (u32 at = 0; shown && at < size; at += CHUNK) {
		u32 length = size - at < CHUNK ? size - at : CHUNK;

		if (memcmp(want + at, have + at, length) == 0)
			continue;
		print("%s, bytes %u to %u: expected %s, found %s", what, at + length - 1, at, hex(want + at, length),
		      hex(have + at, length));
	}
	return same;
}

int verdict(void)
{
	if (failures || !checks) {
		print("%u of %u checks failed", failures, checks);
		return EXIT_FAILED;
	}
	print("%u checks passed", checks);
	return EXIT_PASSED;
}

_Noreturn void skip(const char *reason)
{
	print("skipped: %s", reason);
	exit(EXIT_SKIPPED);
}
