/* SPDX-License-Identifier: GPL-2.0-only */
/* Devices that are not there, or stuck, as no emulator has them: the keyboard's controller, serial ports, clocks. */
#include "acpi.h"
#include "apic.h"
#include "cpu.h"
#include "keyboard.h"
#include "measure.h"
#include "paging.h"
#include "port.h"
#include "serial.h"
#include "string.h"
#include "tap.h"

/* --- the machine: what its ports give; what is written to them is kept --- */

static u8 (*reads)(u16 port);
static u32 read_count;
static char sent[4096]; /* to a serial port's data register */
static u32 sent_size;
static u8 scratch;

u8 inb(u16 port)
{
	read_count++;
	return reads(port);
}

/* At 2f8: a 16550's data and scratch registers; its divisor is not looked at. */
static u8 line_control;

void outb(u16 port, u8 value)
{
	if (port == 0x2fb)
		line_control = value;
	if (port == 0x2f8 && !(line_control & 0x80) && sent_size < sizeof(sent) - 1)
		sent[sent_size++] = (char)value;
	if (port == 0x2ff)
		scratch = value;
}

/* A device in memory, or none; and where somebody believes that it lies. */
static void *device;
static u64 device_address;

void *paging_map_device(u64 address, u64 size)
{
	(void)size;
	device_address = address;
	return device;
}

/* PCI's configuration space: on bus 3 there is a card, whose registers these are; the mechanism's own port holds what was written. */
enum { CARD_REGISTERS = 8 };
#define CARD (0x80000000u | 3 << 16 | 1 << 11)
static u32 card[CARD_REGISTERS] = {0x12345678, 0, 0x07000200};
static u32 selected;

void outl(u16 port, u32 value)
{
	if (port == 0xcf8)
		selected = value;
	else if (port == 0xcfc && selected - CARD < sizeof(card))
		card[(selected - CARD) / 4] = value;
}

/* ACPI's timer has gone on whenever it is read. */
enum { PM_TIMER = 0x608 };
static u32 pm_timer, pm_timer_speed;

u32 inl(u16 port)
{
	if (port == PM_TIMER)
		return (pm_timer += pm_timer_speed) & 0xffffff;
	if (port == 0xcf8)
		return selected;
	return selected - CARD < sizeof(card) ? card[(selected - CARD) / 4] : 0xffffffff;
}

/* --- the keyboard --- */

static u8 nothing(u16 port)
{
	(void)port;
	return 0xff;
}

/* A byte that never goes away: the key "a", or a space, which would stop the run. */
static u8 stuck_byte;

static u8 stuck(u16 port)
{
	return port == 0x64 ? 0x01 : stuck_byte;
}

static u8 stuck_mouse(u16 port)
{
	return port == 0x64 ? 0x21 : 0x39;
}

/* Nothing to read at first; later "x" is pressed, and the controller then gives it for ever. */
static bool pressed;

static u8 stuck_later(u16 port)
{
	return port == 0x64 ? pressed : 0x2d;
}

/* One byte from before, then keys as they are pressed and released. */
static const u8 *typed;

static u8 typing(u16 port)
{
	if (port == 0x64)
		return *typed ? 0x1d : 0x1c;
	return *typed ? *typed++ : 0xff;
}

static void test_no_keyboard(const char *what, u8 (*machine)(u16))
{
	reads = machine;
	read_count = 0;
	ok(!keyboard_init(), "%s: there is none", what);
	ok(read_count < 10000, "%s: that is found out soon", what);
	read_count = 0;
	is_number(keyboard_read(), KEY_NONE, "no key");
	is_number(read_count, 0, "and it costs nothing");
}

static void test_keyboard(void)
{
	static const u8 bytes[] = {0x1e, 0x9e, 0xe0, 0x48, 0xe0, 0xc8, 0x39, 0xb9, 0xfa, 0};
	u32 keys = 0;

	test_no_keyboard("no controller", nothing);
	stuck_byte = 0x1e;
	test_no_keyboard("a key for ever", stuck);
	stuck_byte = 0x39;
	test_no_keyboard("a space for ever", stuck);
	test_no_keyboard("a mouse for ever", stuck_mouse);

	typed = (const u8[]){0x10, 0};
	reads = typing;
	ok(keyboard_init(), "a keyboard with a byte from before");
	typed = bytes;
	is_number(keyboard_read(), 'a', "a");
	is_number(keyboard_read(), KEY_NONE, "a is released");
	is_number(keyboard_read(), KEY_NONE, "a prefix");
	is_number(keyboard_read(), KEY_UP, "up");
	for (u32 n = 0; n < 8; n++)
		keys += keyboard_read() == ' ';
	is_number(keys, 1, "and one space");

	reads = stuck_later;
	ok(keyboard_init(), "a controller that is in order so far");
	pressed = true;
	for (u32 n = keys = 0; n < 10000; n++)
		keys += keyboard_read() != KEY_NONE;
	ok(keys < 1000 && !keyboard_is_there(), "one that gets stuck in the run is given up");
}

/* --- serial ports --- */

static u8 line_status;
static u8 fifo;	  /* what it says of its FIFO */
static u32 takes; /* so many bytes more, and then it is not ready */

static u8 uart(u16 port)
{
	switch (port) {
	case 0x2fa:
		return fifo;
	case 0x2fd:
		return takes && sent_size >= takes ? 0 : line_status;
	case 0x2ff:
		return scratch;
	default:
		return 0;
	}
}

static const struct serial_port com2 = {SERIAL_IO, 0x2f8, 115200}, pci_card = {SERIAL_PCI, 0, 9600};

static void test_serial(void)
{
	serial_write("early ", 6);
	reads = nothing;
	read_count = 0;
	serial_init(&com2);
	ok(!serial_is_there(), "no serial port");
	serial_write("lost", 4);
	ok(read_count < 10, "and writing to it costs nothing");

	reads = uart;
	line_status = 0x60;
	serial_init(&com2);
	ok(serial_is_there(), "a serial port");
	serial_write("text", 4);
	is_text(sent, "early text", "it gets what was written before it was there");

	card[4] = 0x2f8 | 1;
	serial_init(&pci_card);
	ok(serial_is_there(), "one on a PCI card");
	is_number(card[1] & 3, 3, "which is told to answer");
}

/* How many bytes go out for one look at a transmitter that is empty just then. */
static u32 bytes_at_once(u8 says)
{
	fifo = says;
	line_status = 0x60;
	serial_init(&com2);
	sent_size = 0;
	takes = 1;
	serial_write("0123456789abcdefghijklmnopqrstuvwxyz", 36);
	takes = 0;
	return sent_size;
}

static void test_fifo(void)
{
	is_number(bytes_at_once(0xc1), 16, "a FIFO of 16 bytes is filled");
	is_number(bytes_at_once(0x81), 1, "that of the first 16550 is not used");
	is_number(bytes_at_once(0x01), 1, "an 8250 takes one byte");
}

/* One that takes ten bytes, and then no more for now, keeps nobody waiting. */
static void test_queue(void)
{
	static const char text[] = "The quick brown fox jumps over the lazy dog. ";
	static char memory[4096];

	fifo = 0;
	reads = uart;
	serial_init(&com2);
	memset(sent, 0, sizeof(sent));
	sent_size = 0;
	takes = 10;
	read_count = 0;
	serial_write(text, 20);
	serial_write(text + 20, 20);
	is_text(sent, "The quick ", "a queue: what the port takes goes out");
	ok(read_count < 20, "and nobody waits");
	serial_pump();
	is_number(sent_size, 10, "for what does not");
	takes = 15;
	serial_pump();
	is_text(sent, "The quick brown", "until the port takes more");
	serial_queue(memory, sizeof(memory));
	takes = 0;
	serial_write(text + 40, 5);
	is_text(sent, text, "and all is sent in its order, from one queue and the next");
}

static void test_stuck(void)
{
	static const char zeros[4096];
	u32 first;

	takes = sent_size + 5;
	read_count = 0;
	serial_write(zeros, sizeof(zeros));
	serial_write("12345", 5);
	ok(read_count < 20 && serial_is_there(), "a port that is stuck is not waited for as long as there is room");
	serial_write("6", 1);
	ok(read_count > 1000 && !serial_is_there(), "and then is given up");
	takes = sent_size = 0;
	serial_init(&com2);
	serial_drain();
	is_number(sent_size, sizeof(sent) - 1, "what had room goes out once it works again");

	serial_wait();
	line_status = 0;
	read_count = 0;
	serial_write("stuck", 5);
	first = read_count;
	serial_write("stuck", 5);
	ok(first > 1000 && read_count == first, "one that is to be waited for is given up, and not waited for again");
	ok(!serial_is_there(), "and counts as none");
}

static void test_serial_in_memory(void)
{
	u8 registers[8] = {[5] = 0x60};
	const struct serial_port port = {SERIAL_MEMORY, 0xfe000000, 115200};

	reads = nothing; /* that is of I/O ports */
	serial_init(&port);
	ok(!serial_is_there(), "a serial port in memory that cannot be seen");
	device = registers;
	serial_init(&port);
	ok(serial_is_there(), "a serial port in memory");
	serial_write("x", 1);
	is_number(registers[0], 'x', "it gets what is written");
	is_number(registers[3], 0x03, "with 8 bits, no parity, 1 stop bit");
	is_number((u32)device_address, 0xfe000000, "where it was said to be");

	card[4] = 0xfd000000;
	card[5] = 7; /* another one's */
	serial_init(&pci_card);
	ok(serial_is_there() && device_address == 0xfd000000, "one in the memory of a PCI card");
	card[4] = 0x2345600c; /* of 64 bits, may be read ahead */
	serial_init(&pci_card);
	ok(device_address == 0x723456000, "above 4 GiB");
}

/* --- clocks: the local APIC's timer counts 70 where ACPI's counts 1 --- */

static u32 hpet[0x100];

/* ACPI 6.4 §5.2.9: PM_TMR_BLK; IA-PC HPET 1.0a §3.2.4: at 28H the kind of address, at 2CH the address, here FED00000H */
static u8 facp[0x74] = {[0x4c] = PM_TIMER & 0xff, [0x4d] = PM_TIMER >> 8};
static u8 hpet_table[0x38] = {[0x2e] = 0xd0, [0x2f] = 0xfe};
static bool has_facp, has_hpet;
static struct cpuid_result crystal;

const void *acpi_find(const char *signature, u32 size)
{
	if (has_facp && strcmp(signature, "FACP") == 0 && size <= sizeof(facp))
		return facp;
	return has_hpet && strcmp(signature, "HPET") == 0 && size <= sizeof(hpet_table) ? hpet_table : NULL;
}

struct cpuid_result cpu_cpuid(u32 leaf, u32 subleaf)
{
	(void)subleaf;
	return leaf == 0x15 ? crystal : (struct cpuid_result){0};
}

static u32 timer_began;

void apic_timer_start(u32 counts, u8 vector)
{
	timer_began = counts == ~0u && !vector ? pm_timer : 0;
}

u32 apic_timer_count(void)
{
	return ~0u - 70 * (pm_timer - timer_began);
}

/* ACPI's timer counts three times in each of the 8192 counts of the PIT's clock; a read of it may come late. */
static void is_by_pm_timer(const char *what)
{
	u32 counts = measure_apic_timer(), expected = 70 * 3 * 8192;

	if (!ok(counts >= expected && counts < expected + expected / 1000, "%s: ACPI's timer is the clock", what))
		note("got %u, expected %u", counts, expected);
}

static void test_odd_hpet(const char *what, u8 space, u32 period)
{
	hpet_table[0x28] = space;
	hpet[1] = period;
	hpet[4] = 0;
	is_by_pm_timer(what);
	ok(!hpet[4], "%s: it is left alone", what);
}

static void test_clocks(void)
{
	device = hpet;
	has_facp = true;
	pm_timer = 0xffff00;
	pm_timer_speed = 5;
	is_by_pm_timer("no HPET");
	has_hpet = true;
	test_odd_hpet("an HPET of period 0", 0, 0);
	test_odd_hpet("an HPET of more than 100 ns", 0, 100000001);
	test_odd_hpet("an HPET on ports", 1, 69841279);
	hpet_table[0x28] = 0;
	is_by_pm_timer("an HPET that stands still");
	is_number(hpet[4], 1, "it was made to count");
	is_number((u32)device_address, 0xfed00000, "where the table has it");

	pm_timer_speed = 0;
	is_number(measure_apic_timer(), 0, "both stand still: there is no clock");
	crystal = (struct cpuid_result){.eax = 2, .ebx = 216, .ecx = 24000000};
	is_number(measure_apic_timer(), 164776, "a crystal of 24 MHz"); /* 24 MHz * 8192 / 1193182 Hz */
	crystal.ebx = 0;
	is_number(measure_apic_timer(), 0, "a crystal whose ratio is not enumerated is no clock");
}

int main(void)
{
	test_keyboard();
	test_serial();
	test_fifo();
	test_serial_in_memory();
	test_queue();
	test_stuck();
	test_clocks();
	return done_testing();
}
