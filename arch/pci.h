/* SPDX-License-Identifier: GPL-2.0-only */
/* PCI's configuration space, by mechanism #1 (PCI Local Bus 3.0 §3.2.2.3.2). */
#ifndef ARCH_PCI_H
#define ARCH_PCI_H

#include "types.h"

/*
 * The first device of this class (base class and sub-class, as 0x0700 for a serial port). Gives its first base address
 * register: with bit 0 set an I/O port, else an address in memory, of 64 bits where it says so. False: there is no such
 * device, or no PCI.
 */
bool pci_find(u16 class, u64 *bar);

#endif
