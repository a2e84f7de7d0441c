/* SPDX-License-Identifier: GPL-2.0-only */
/* A serial port: a 16550 or its like, at an I/O port or in memory; 8 bits, no parity, 1 stop bit. */
#ifndef ARCH_SERIAL_H
#define ARCH_SERIAL_H

#include "types.h"

struct serial_port {
	enum { SERIAL_IO, SERIAL_MEMORY, SERIAL_PCI, SERIAL_NONE } kind;
	u32 address; /* I/O port, or physical address; PCI: the first serial port there is */
	u32 baud;    /* 50 to 115200 */
};

#define SERIAL_COM1 ((struct serial_port){SERIAL_IO, 0x3f8, 115200})

/*
 * Finds and sets up the port; what was written so far was kept. Ports in memory can be had once paging_map_device works.
 * Where there is none, serial_write does nothing.
 */
void serial_init(const struct serial_port *port);

/* There is a port, and it takes what is written: one that does not send any more is given up. */
bool serial_is_there(void);

/*
 * What is written waits in a queue until the port takes it, and nobody waits for the port as long as there is room: 115200
 * baud are 11520 bytes a second. It goes out as more is written, and with each serial_pump.
 */
void serial_write(const char *text, u32 count);

/* The queue has 4096 bytes; now it is this memory, which must not be smaller. */
void serial_queue(char *memory, u32 size);

/* From now on serial_write returns when all is out. */
void serial_wait(void);

/* Gives the port what it takes at once. Before serial_init, COM1 is taken: somebody may listen there. */
void serial_pump(void);

/* Waits until the last byte has left the port. */
void serial_drain(void);

#endif
