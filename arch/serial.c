/* SPDX-License-Identifier: GPL-2.0-only */
#include "serial.h"
#include "paging.h"
#include "pci.h"
#include "port.h"
#include "string.h"

/* 16550 registers */
enum {
	UART_DATA = 0,
	UART_IER = 1,
	UART_FCR = 2, /* written */
	UART_IIR = 2, /* read */
	UART_LCR = 3,
	UART_MCR = 4,
	UART_LSR = 5,
	UART_SCRATCH = 7,
	UART_REGISTERS = 8,

	LCR_8N1 = 0x03,
	LCR_DIVISOR = 0x80,
	FCR_ENABLE = 0x07, /* FIFO on, both directions cleared */
	MCR_DTR_RTS = 0x03,
	LSR_THRE = 0x20, /* the transmitter takes bytes */
	LSR_TEMT = 0x40, /* ... and has sent all of them */
	CLOCK = 115200,	 /* baud at divisor 1 */
	IIR_FIFO = 0xc0, /* a FIFO that works: the 8250 has none, that of the first 16550 loses bytes */
	FIFO_BYTES = 16,

	PCI_SERIAL = 0x0700,
	BAR_IO = 0x1,
};

static enum { UNKNOWN, ABSENT, PRESENT } state;
static u16 io;		    /* the first register's port ... */
static volatile u8 *memory; /* ... or where it is in memory */

static u32 patience;	/* how often its state is read before it is given up: far longer than it takes to send a FIFO */
static u32 at_once = 1; /* so many bytes an empty transmitter takes */

/* What was written and has not gone out, in a ring: the first byte, and how many there are. */
static char early[4096];
static struct {
	char *bytes;
	u32 size, first, used;
} queue = {early, sizeof(early), 0, 0};

static bool waits; /* serial_write returns when all is out */

static void set(u32 reg, u8 value)
{
	if (memory)
		memory[reg] = value;
	else
		outb((u16)(io + reg), value);
}

static u8 get(u32 reg)
{
	return memory ? memory[reg] : inb((u16)(io + reg));
}

static bool locate(const struct serial_port *port)
{
	u64 address = port->address;
	bool in_memory = port->kind == SERIAL_MEMORY;

	if (port->kind == SERIAL_NONE || (port->kind == SERIAL_PCI && !pci_find(PCI_SERIAL, &address)))
		return false;
	if (port->kind == SERIAL_PCI) {
		in_memory = !(address & BAR_IO);
		address &= in_memory ? ~0xfull : ~0x3ull;
	}
	io = (u16)address;
	memory = in_memory ? paging_map_device(address, UART_REGISTERS) : NULL;
	return !in_memory || memory;
}

static void set_up(u32 baud)
{
	u32 divisor = CLOCK / baud;

	patience = 400000 + divisor * 10000;
	set(UART_IER, 0);
	set(UART_LCR, LCR_DIVISOR);
	set(UART_DATA, (u8)divisor);
	set(UART_IER, (u8)(divisor >> 8));
	set(UART_LCR, LCR_8N1);
	set(UART_FCR, FCR_ENABLE);
	set(UART_MCR, MCR_DTR_RTS);
	at_once = (get(UART_IIR) & IIR_FIFO) == IIR_FIFO ? FIFO_BYTES : 1;
}

/* Where no port is, the scratch register does not hold what was written. */
static bool is_there(void)
{
	set(UART_SCRATCH, 0xa5);
	return get(UART_SCRATCH) == 0xa5;
}

/* A port that never gets ready is given up: it loses text, but does not hold up the machine a second time. */
static bool wait_for(u8 status)
{
	for (u32 n = 0; n < patience; n++)
		if (get(UART_LSR) & status)
			return true;
	state = ABSENT;
	return false;
}

static char take(void)
{
	char byte = queue.bytes[queue.first];

	queue.first = queue.first + 1 < queue.size ? queue.first + 1 : 0;
	queue.used--;
	return byte;
}

/* The transmitter is empty. */
static void fill_transmitter(void)
{
	for (u32 n = 0; n < at_once && queue.used; n++)
		set(UART_DATA, (u8)take());
}

static void send_all(void)
{
	while (state == PRESENT && queue.used && wait_for(LSR_THRE))
		fill_transmitter();
}

void serial_init(const struct serial_port *port)
{
	state = locate(port) && is_there() ? PRESENT : ABSENT;
	if (state == ABSENT)
		return;
	set_up(port->baud);
	serial_pump();
}

bool serial_is_there(void)
{
	return state == PRESENT;
}

void serial_queue(char *memory, u32 size)
{
	u32 used = 0;

	while (queue.used)
		memory[used++] = take();
	queue = (typeof(queue)){memory, size, 0, used};
}

void serial_wait(void)
{
	waits = true;
	send_all();
}

/* Where there is no room, the oldest bytes have to go first; or, with no port yet, the new ones are lost. */
static bool make_room(void)
{
	if (queue.used == queue.size && state == PRESENT && wait_for(LSR_THRE))
		fill_transmitter();
	return queue.used < queue.size;
}

static void put(char byte)
{
	u32 free = queue.first + queue.used++;

	queue.bytes[free < queue.size ? free : free - queue.size] = byte;
}

void serial_write(const char *text, u32 count)
{
	while (state != ABSENT && count-- && make_room())
		put(*text++);
	if (waits)
		send_all();
	else
		serial_pump();
}

void serial_pump(void)
{
	if (state == UNKNOWN)
		serial_init(&SERIAL_COM1);
	while (state == PRESENT && queue.used && get(UART_LSR) & LSR_THRE)
		fill_transmitter();
}

void serial_drain(void)
{
	serial_pump();
	send_all();
	if (state == PRESENT)
		wait_for(LSR_TEMT);
}
