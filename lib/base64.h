/* SPDX-License-Identifier: GPL-2.0-only */
/* Base64 with padding, RFC 4648 §4. No line ends: lines are the armour's matter. */
#ifndef LIB_BASE64_H
#define LIB_BASE64_H

#include "types.h"

/* Characters that `count` bytes take. */
#define BASE64_LENGTH(count) (((count) + 2) / 3 * 4)

/* Writes BASE64_LENGTH(count) characters, no NUL, and returns how many. */
u32 base64_encode(char *to, const void *from, u32 count);

/*
 * Decodes `length` characters, a multiple of 4, and returns the number of bytes (at most length / 4 * 3). Each byte
 * sequence has exactly one spelling: anything else gives -1 - n, where n is the index of the first wrong character.
 */
s32 base64_decode(u8 *to, const char *from, u32 length);

#endif
