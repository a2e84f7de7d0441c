/* SPDX-License-Identifier: GPL-2.0-only */
#include "machine.h"
#include "port.h"

enum {
	NMI_STATUS = 0x61,
	DEBUG_PORT = 0xe9,
	QEMU_EXIT = 0xf4, /* exit status is 2 * value + 1 */
	QEMU_PASSED = 0x10,
	QEMU_FAILED = 0x11,
	BOCHS_SHUTDOWN = 0x8900,
};

void machine_exit(bool passed)
{
	outb(QEMU_EXIT, passed ? QEMU_PASSED : QEMU_FAILED);
	for (const char *s = "Shutdown"; *s; s++)
		outb(BOCHS_SHUTDOWN, (u8)*s);
}

void machine_halt(void)
{
	for (;;)
		__asm__ volatile("cli\n\thlt");
}

u8 nmi_reason(void)
{
	return inb(NMI_STATUS);
}

void debug_port_write(const void *bytes, u32 count)
{
	outsb(DEBUG_PORT, bytes, count);
}
