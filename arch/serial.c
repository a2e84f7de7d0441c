/* SPDX-License-Identifier: GPL-2.0-only */
#include "serial.h"
#include "port.h"

/* 16550 registers, from the port's base */
enum {
	COM1 = 0x3f8,
	UART_DATA = COM1,
	UART_IER = COM1 + 1,
	UART_FCR = COM1 + 2,
	UART_LCR = COM1 + 3,
	UART_MCR = COM1 + 4,
	UART_LSR = COM1 + 5,
	UART_SCRATCH = COM1 + 7,

	LCR_8N1 = 0x03,
	LCR_DIVISOR = 0x80,
	FCR_ENABLE = 0x07, /* FIFO on, both directions cleared */
	MCR_DTR_RTS = 0x03,
	LSR_THRE = 0x20, /* the transmitter takes bytes */
	LSR_TEMT = 0x40, /* ... and has sent all of them */
	DIVISOR_115200 = 1,
	FIFO_BYTES = 16,
};

static bool present;

bool serial_init(void)
{
	outb(UART_SCRATCH, 0xa5);
	present = inb(UART_SCRATCH) == 0xa5;
	if (!present)
		return false;
	outb(UART_IER, 0);
	outb(UART_LCR, LCR_DIVISOR);
	outb(UART_DATA, DIVISOR_115200);
	outb(UART_IER, 0);
	outb(UART_LCR, LCR_8N1);
	outb(UART_FCR, FCR_ENABLE);
	outb(UART_MCR, MCR_DTR_RTS);
	return true;
}

/* False: a port that never gets ready. It loses text, but not the machine. */
static bool wait_for(u8 status)
{
	for (u32 patience = 1000000; patience; patience--)
		if (inb(UART_LSR) & status)
			return true;
	return false;
}

/* An empty transmitter takes a whole FIFO's worth. */
void serial_write(const char *text, u32 count)
{
	while (present && count) {
		if (!wait_for(LSR_THRE))
			return;
		for (u32 n = 0; n < FIFO_BYTES && count; n++, count--)
			outb(UART_DATA, (u8)*text++);
	}
}

void serial_drain(void)
{
	if (present)
		wait_for(LSR_TEMT);
}
