/* SPDX-License-Identifier: GPL-2.0-only */
/* The kernel's own end. */
#ifndef KERNEL_PANIC_H
#define KERNEL_PANIC_H

#include "trap.h"

/*
 * The panic screen: why, where, all registers, the way there, and what to report. Ends the run as failed. `frame` is of
 * a trap out of the kernel, of a double fault (tss_interrupted), or of a machine check, wherever it came.
 */
void panic(const char *why, const struct trap_frame *frame) __attribute__((noreturn));

/* Panics from where there is no trap, by raising one, so that the screen has all registers. */
void panic_here(const char *why) __attribute__((noreturn));

/* Why panic_here() raised its trap; NULL: it did not. */
extern const char *panic_reason;

#endif
