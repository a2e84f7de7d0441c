/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * snprintf for the kernel. A subset of C's, and where it does the same as C's the result is the same:
 *
 *   %d %u %x %X %s %c %p %%   flags 0 and -   a field width, also *   a precision for %s   modifiers l ll z
 *
 * Any other conversion is copied to the output as it stands, so that it shows. (The compiler's check of the format
 * against its arguments does not know the subset.)
 */
#ifndef LIB_PRINTF_H
#define LIB_PRINTF_H

#include <stdarg.h>
#include "types.h"

/* Both write at most `size` bytes with the NUL, and return the length that a large enough buffer would have got. */
int lib_vsnprintf(char *buf, size_t size, const char *format, va_list args) __attribute__((format(printf, 3, 0)));
int lib_snprintf(char *buf, size_t size, const char *format, ...) __attribute__((format(printf, 3, 4)));

#endif
