/* SPDX-License-Identifier: GPL-2.0-only */
/* In the place of arch/port.h: a machine whose devices are functions of the test. */
#ifndef ARCH_PORT_H
#define ARCH_PORT_H

#include "types.h"

u8 inb(u16 port);
void outb(u16 port, u8 value);
u32 inl(u16 port);
void outl(u16 port, u32 value);

#endif
