/* SPDX-License-Identifier: GPL-2.0-only */
#include "symbols.h"
#include "printf.h"

/*
 * The tables are made from the kernel linked without them, and put behind the text, which stays where it was. Of each
 * function, in rising order: the distance from the one before, or from the text's begin; and its name, whose bytes are
 * letters, or stand for a pair of such bytes each. Behind these, the names of Linux's system calls, by number.
 */
extern const u16 symbol_distances[] __attribute__((weak));
extern const u8 symbol_pairs[][2] __attribute__((weak)), symbol_names[] __attribute__((weak));
extern const u32 symbol_count __attribute__((weak)), syscall_count __attribute__((weak));

/* The ELF note that ld --build-id writes. */
extern const struct {
	u32 name_size, id_size, type;
	char name[4];
	u8 id[20];
} build_id;

extern const u8 kernel_start[], kernel_text_end[];

bool symbol_is_text(u32 address)
{
	return address >= (u32)kernel_start && address < (u32)kernel_text_end;
}

static char *expand(char *to, const char *end, u8 byte)
{
	const u8 *pair = symbol_pairs[byte];

	if (pair[0]) {
		to = expand(to, end, pair[0]);
		to = expand(to, end, pair[1]);
	} else if (to < end) {
		*to++ = (char)byte;
	}
	return to;
}

/* The name at place `n`. */
static void read_name(char *buf, u32 size, u32 n)
{
	const u8 *name = symbol_names;
	char *to = buf;

	for (; n; n--)
		while (*name++)
			;
	while (*name)
		to = expand(to, buf + size - 1, *name++);
	*to = '\0';
}

void symbol_format(char *buf, u32 size, u32 address)
{
	char name[SYMBOL_SIZE - sizeof("c0100000 +0x00000")];
	u32 at = (u32)kernel_start, n = 0;

	lib_snprintf(buf, size, "%08x", address);
	if (!symbol_is_text(address))
		return;
	while (n < symbol_count && at + symbol_distances[n] <= address)
		at += symbol_distances[n++];
	if (!n)
		return;
	read_name(name, sizeof(name), n - 1);
	lib_snprintf(buf, size, "%08x %s+0x%x", address, name, address - at);
}

const char *syscall_name(u32 number)
{
	static char name[32];

	name[0] = '\0';
	if (number < syscall_count)
		read_name(name, sizeof(name), symbol_count + number);
	return name[0] ? name : "(unknown)";
}

void build_id_format(char *buf, u32 size)
{
	for (u32 n = 0; n < sizeof(build_id.id); n++)
		lib_snprintf(buf + 2 * n, size - 2 * n, "%02x", build_id.id[n]);
}
