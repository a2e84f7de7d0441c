/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Fixed-width integers under the names that the RFC and Linux use. Every structure of the image format is built from
 * these alone, so that it has one layout whatever compiles it: the kernel (32 or 64 bits) or the host.
 */
#ifndef LIB_TYPES_H
#define LIB_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int16_t s16;
typedef int32_t s32;
typedef int64_t s64;

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define BIT(n)	      (1u << (n))

/* Of a function that runs once, or never: it is to be small, not fast, and what calls it need not be, either. */
#define __cold __attribute__((cold))

#define PAGE_SIZE 4096u

#endif
