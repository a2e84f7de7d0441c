/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's own names - which function an address of its text lies in - and those that Linux has for its system calls.
 * kernel/make-symbols writes the tables.
 */
#ifndef KERNEL_SYMBOLS_H
#define KERNEL_SYMBOLS_H

#include "types.h"

#define SYMBOL_SIZE 80 /* of a buffer for any symbol's text */

/* "c0105ba0 trap+0x20"; the number alone where `address` is not in the kernel's text. */
void symbol_format(char *buf, u32 size, u32 address);

/* Linux's name of a system call of i386, valid until the next question; or "(unknown)". */
const char *syscall_name(u32 number);

/* "f00d...": the build's id in 40 hexadecimal digits, as `readelf -n build/kernel` shows it. */
void build_id_format(char *buf, u32 size);

/* Whether `address` lies in the kernel's text. */
bool symbol_is_text(u32 address);

#endif
