/* SPDX-License-Identifier: GPL-2.0-only */
#include "crc32.h"

/*
 * Four bits at a time: a table of 16 entries is a good trade between the bitwise form (slow over a serial console's
 * worth of pages) and the usual 1 KiB. Entry n is n divided by the polynomial 04C11DB7H, bits reversed.
 */
static const u32 nibble_table[16] = {
	0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4, 0x4db26158, 0x5005713c,
	0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c, 0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c,
};

u32 crc32_update(u32 crc, const void *buf, u32 count)
{
	const u8 *byte = buf;

	crc = ~crc;
	while (count--) {
		crc ^= *byte++;
		crc = crc >> 4 ^ nibble_table[crc & 0xf];
		crc = crc >> 4 ^ nibble_table[crc & 0xf];
	}
	return ~crc;
}
