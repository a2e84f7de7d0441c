/* SPDX-License-Identifier: GPL-2.0-only */
/* The first serial port, COM1, 115200 baud, 8N1. */
#ifndef ARCH_SERIAL_H
#define ARCH_SERIAL_H

#include "types.h"

/* Finds and sets up the port. Without one, serial_write does nothing. */
bool serial_init(void);
void serial_write(const char *text, u32 count);

/* Waits until the last byte has left the port. */
void serial_drain(void);

#endif
