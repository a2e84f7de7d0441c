/* SPDX-License-Identifier: GPL-2.0-only */
/* lib_snprintf against the C library's own: the same text and the same length for everything in the subset. */
#include <limits.h>
#include <stdint.h>

#include "printf.h"
#include "tap.h"

static const char *const flags[] = {"", "0", "-", "-0", "0-"};
static const char *const widths[] = {"", "1", "4", "12", "25"};

/* One format given to both; the tests below differ in the type of the argument only. */
#define COMPARE(format, ...)                                                                                           \
	do {                                                                                                           \
		char ours[128], libc[128];                                                                             \
		int our_length = lib_snprintf(ours, sizeof(ours), format, __VA_ARGS__);                                \
		int libc_length = snprintf(libc, sizeof(libc), format, __VA_ARGS__);                                   \
		if (our_length != libc_length || strcmp(ours, libc) != 0) {                                            \
			note("\"%s\": got \"%s\" (%d), expected \"%s\" (%d)", format, ours, our_length, libc,          \
			     libc_length);                                                                             \
			good = false;                                                                                  \
		}                                                                                                      \
	} while (0)

/* The formats are put together here, so the compiler cannot check them. */
#pragma GCC diagnostic ignored "-Wpragmas" /* gcc and clang do not know all of each other's */
#pragma GCC diagnostic ignored "-Wunknown-warning-option"
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
#pragma GCC diagnostic ignored "-Wformat"
#pragma GCC diagnostic ignored "-Wformat-truncation"

static const char *make_format(char format[32], const char *flag, const char *width, const char *conversion)
{
	snprintf(format, 32, "<%%%s%s%s>", flag, width, conversion);
	return format;
}

#define EACH_FORMAT(conversion)                                                                                        \
	for (size_t f = 0; f < ARRAY_SIZE(flags); f++)                                                                 \
		for (size_t w = 0; w < ARRAY_SIZE(widths); w++)                                                        \
			if (make_format(format, flags[f], widths[w], conversion))

static void test_int(void)
{
	static const int values[] = {0, 1, -1, 9, 10, -10, 4095, 65536, 1000000007, INT_MAX, INT_MIN, INT_MIN + 1};
	static const char *const conversions[] = {"d", "u", "x", "X"};
	char format[32];

	for (size_t c = 0; c < ARRAY_SIZE(conversions); c++) {
		bool good = true;

		EACH_FORMAT(conversions[c])
		for (size_t v = 0; v < ARRAY_SIZE(values); v++)
			COMPARE(format, values[v]);
		ok(good, "%%%s", conversions[c]);
	}
}

static const long long long_values[] = {
	0,
	1,
	-1,
	10,
	99999,
	0xffffffff,
	0x100000000,
	-0x100000000,
	4294967295999,
	1000000000000000000,
	LLONG_MAX,
	LLONG_MIN,
	LLONG_MIN + 1,
	0x0123456789abcdef,
	-10000000000000000,
};

static void test_long(void)
{
	static const char *const conversions[] = {"lld", "llu", "llx", "llX"};
	char format[32];

	for (size_t c = 0; c < ARRAY_SIZE(conversions); c++) {
		bool good = true;

		EACH_FORMAT(conversions[c])
		for (size_t v = 0; v < ARRAY_SIZE(long_values); v++)
			COMPARE(format, long_values[v]);
		ok(good, "%%%s", conversions[c]);
	}
}

static void test_native(void)
{
	char format[32];
	bool good = true;

	EACH_FORMAT("ld")
	for (size_t v = 0; v < ARRAY_SIZE(long_values); v++)
		COMPARE(format, (long)long_values[v]);
	EACH_FORMAT("lx")
	for (size_t v = 0; v < ARRAY_SIZE(long_values); v++)
		COMPARE(format, (unsigned long)long_values[v]);
	ok(good, "%%ld and %%lx");
	good = true;
	EACH_FORMAT("zu")
	for (size_t v = 0; v < ARRAY_SIZE(long_values); v++)
		COMPARE(format, (size_t)long_values[v]);
	EACH_FORMAT("zd")
	for (size_t v = 0; v < ARRAY_SIZE(long_values); v++)
		COMPARE(format, (ssize_t)long_values[v]);
	ok(good, "%%zu and %%zd");
}

static void test_string(void)
{
	static const char *const text_flags[] = {"", "-"}; /* 0 with %s is undefined in C */
	static const char *const values[] = {"", "a", "cr86", "a text that is longer than any width"};
	static const char *const precisions[] = {"s", ".0s", ".2s", ".s", ".40s"};
	const char *volatile null = NULL; /* volatile: the compiler would object */
	const char unended[3] = {'a', 'b', 'c'};
	char format[32];
	bool good = true;

	for (size_t f = 0; f < ARRAY_SIZE(text_flags); f++)
		for (size_t w = 0; w < ARRAY_SIZE(widths); w++)
			for (size_t p = 0; p < ARRAY_SIZE(precisions); p++)
				for (size_t v = 0; v < ARRAY_SIZE(values); v++)
					COMPARE(make_format(format, text_flags[f], widths[w], precisions[p]),
						values[v]);
	COMPARE("%.3s|", unended);
	COMPARE("%s", null);
	ok(good, "%%s with width and precision");
	good = true;
	for (size_t f = 0; f < ARRAY_SIZE(text_flags); f++)
		for (size_t w = 0; w < ARRAY_SIZE(widths); w++)
			COMPARE(make_format(format, text_flags[f], widths[w], "c"), 'x');
	ok(good, "%%c");
}

static void test_rest(void)
{
	bool good = true;
	char buf[16];

	COMPARE("%p", (void *)0x08048000);
	COMPARE("%p", (void *)UINTPTR_MAX);
	ok(good, "%%p");
	COMPARE("100 %% of %d", 1);
	COMPARE("%s", "");
	COMPARE("%d%s%c%x", 1, "2", '3', 4);
	ok(good, "%%%% and conversions side by side");
	COMPARE("%*d|%-*d|%*d", 6, 1, 6, 2, -6, 3);
	COMPARE("%.*s|", 2, "abc");
	ok(good, "width and precision from the arguments");
	lib_snprintf(buf, sizeof(buf), "%d%", 7);
	is_text(buf, "7%", "a lone %% at the end is copied");
	lib_snprintf(buf, sizeof(buf), "%q %5y");
	is_text(buf, "%q %5y", "an unknown conversion is copied");
}

static void test_size(void)
{
	char buf[8];

	for (size_t size = 0; size <= sizeof(buf); size++) {
		bool rest_untouched = true;
		char libc[8];
		int length;

		memset(buf, '#', sizeof(buf));
		memset(libc, '#', sizeof(libc));
		length = lib_snprintf(buf, size, "%s%u", "abc", 1234u);
		snprintf(libc, size, "%s%u", "abc", 1234u);
		rest_untouched = memcmp(buf, libc, sizeof(buf)) == 0;
		ok(length == 7 && rest_untouched, "a buffer of %zu bytes for a text of 7", size);
	}
}

int main(void)
{
	test_int();
	test_long();
	test_native();
	test_string();
	test_rest();
	test_size();
	return done_testing();
}
