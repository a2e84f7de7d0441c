/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef LIB_CRC32_H
#define LIB_CRC32_H

#include "types.h"

/* zlib's CRC-32 (that of ISO 3309, Ethernet and gzip): start with 0 and pass the result on from piece to piece. */
u32 crc32_update(u32 crc, const void *buf, u32 count);

#endif
