/* SPDX-License-Identifier: GPL-2.0-only */
#include "base64.h"
#include "string.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

u32 base64_encode(char *to, const void *from, u32 count)
{
	const u8 *byte = from;
	char *start = to;

	for (; count; byte += 3) {
		u32 present = count < 3 ? count : 3;
		u32 group = (u32)byte[0] << 16;

		if (present > 1)
			group |= (u32)byte[1] << 8;
		if (present > 2)
			group |= byte[2];
		*to++ = alphabet[group >> 18];
		*to++ = alphabet[group >> 12 & 0x3f];
		*to++ = present > 1 ? alphabet[group >> 6 & 0x3f] : '=';
		*to++ = present > 2 ? alphabet[group & 0x3f] : '=';
		count -= present;
	}
	return (u32)(to - start);
}

/* The six bits that a character stands for, or -1. */
static s32 sextet(char c)
{
	const char *found = c ? strchr(alphabet, c) : NULL;

	return found ? (s32)(found - alphabet) : -1;
}

/* How many of the four characters are padding: 0, 1 or 2, and only at the very end of the text. */
static u32 padding(const char *from, bool last)
{
	if (!last || from[3] != '=')
		return 0;
	return from[2] == '=' ? 2 : 1;
}

s32 base64_decode(u8 *to, const char *from, u32 length)
{
	u8 *start = to;

	for (u32 at = 0; at < length; at += 4) {
		u32 present = 4 - padding(from + at, at + 4 == length);
		u32 group = 0;

		for (u32 n = 0; n < present; n++) {
			s32 bits = sextet(from[at + n]);

			if (bits < 0)
				return -1 - (s32)(at + n);
			group |= (u32)bits << (18 - 6 * n);
		}
		/* The last character's spare bits must be 0, or one text could be spelled in several ways. */
		if (group & 0xffffffu >> 8 * (present - 1))
			return -1 - (s32)(at + present - 1);
		for (u32 n = 0; n + 1 < present; n++)
			*to++ = (u8)(group >> (16 - 8 * n));
	}
	return (s32)(to - start);
}
