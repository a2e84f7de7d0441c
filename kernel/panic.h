/* SPDX-License-Identifier: GPL-2.0-only */
/* The kernel's own end. */
#ifndef KERNEL_PANIC_H
#define KERNEL_PANIC_H

#include "trap.h"

/* Prints why and where, and ends the run as failed. */
void panic(const char *why, const struct trap_frame *frame, u32 cr2) __attribute__((noreturn));

#endif
