/* SPDX-License-Identifier: GPL-2.0-only */
/* Interrupts that nobody asked for: NMIs and spurious ones. They are told and counted, and harm nobody. */
#ifndef KERNEL_STRAY_H
#define KERNEL_STRAY_H

#include "trap.h"

/*
 * An NMI may come in the middle of anything in the kernel, so this only takes a note; stray_tell() prints it, from the
 * next timer tick that finds the kernel at rest.
 */
void stray_nmi(const struct trap_frame *frame);
void stray_tell(void);

/* Any other interrupt but the timer's. The first of each vector is told. */
void stray_interrupt(u32 vector);

/* How many there were, if any. */
void stray_sum(void);

#endif
