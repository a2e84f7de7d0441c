/* SPDX-License-Identifier: GPL-2.0-only */
/* The machine as a whole: leaving the emulator, stopping, and the debug port. */
#ifndef ARCH_MACHINE_H
#define ARCH_MACHINE_H

#include "types.h"

/*
 * Asks an emulator to end with the verdict: QEMU's isa-debug-exit at port 0xf4 (exit status 33: passed, 35: failed),
 * Bochs' shutdown port. Returns where there is neither, as on a real machine.
 */
void machine_exit(bool passed);

/* Stops for good. */
void machine_halt(void) __attribute__((noreturn));

/* System control port B: what the chipset says of an NMI (ICH data sheets, NMI_SC). */
u8 nmi_reason(void);
#define NMI_PARITY	  BIT(7)
#define NMI_CHANNEL_CHECK BIT(6)

/* Bytes for the debug port 0xe9. Where there is none they go nowhere. */
void debug_port_write(const void *bytes, u32 count);

#endif
