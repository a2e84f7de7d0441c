/* SPDX-License-Identifier: GPL-2.0-only */
/* lib_snprintf beside the C library's: one conversion of the subset, any value, any size of the buffer. */
#include <stdio.h>
#include <string.h>

#include "fuzz.h"
#include "printf.h"

struct choice {
	u8 flags, width, precision, conversion, modifier, size;
	u64 value;
	char text[16]; /* need not end */
};

#pragma GCC diagnostic ignored "-Wformat-nonliteral"

/* The format is put together here, so no compiler can check it; both get the same arguments. */
#define BOTH(...)                                                                                                      \
	do {                                                                                                           \
		ours_length = lib_snprintf(ours, c.size, format, __VA_ARGS__);                                         \
		libc_length = snprintf(libc, c.size, format, __VA_ARGS__);                                             \
	} while (0)

static const char *const modifiers[] = {"", "l", "ll", "z"};

/* Flags, width and precision as far as C defines them for the conversion. (ASan takes %.0s for %s.) */
static void make_format(char format[32], const struct choice *c, char conversion)
{
	bool number = strchr("duxX", conversion);
	int length = snprintf(format, 32, "<%%%s%s", c->flags & 1 ? "-" : "", c->flags & 2 && number ? "0" : "");

	if (c->flags & 4)
		length += snprintf(format + length, 32 - (size_t)length, "%u", 1 + c->width % 200u);
	if (conversion == 's')
		length += snprintf(format + length, 32 - (size_t)length, ".%u", 1 + c->precision % 16u);
	snprintf(format + length, 32 - (size_t)length, "%s%c>", number ? modifiers[c->modifier % 4] : "", conversion);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	char format[32], ours[256] = "", libc[256] = "", conversion;
	int ours_length, libc_length;
	struct choice c = {0};

	memcpy(&c, data, size < sizeof(c) ? size : sizeof(c));
	conversion = "duxXscp"[c.conversion % 7];
	make_format(format, &c, conversion);
	if (conversion == 's')
		BOTH(c.text);
	else if (conversion == 'c')
		BOTH((int)(c.value % 255 + 1));
	else if (conversion == 'p')
		BOTH((void *)(uintptr_t)(c.value | 1)); /* of NULL glibc says (nil) */
	else if (c.modifier % 4)
		BOTH(c.value);
	else
		BOTH((unsigned)c.value);
	require(ours_length == libc_length && memcmp(ours, libc, sizeof(ours)) == 0,
		"%s: got \"%s\" (%d), expected \"%s\" (%d)", format, ours, ours_length, libc, libc_length);
	return 0;
}
