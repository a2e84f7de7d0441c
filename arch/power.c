/* SPDX-License-Identifier: GPL-2.0-only */
#include "power.h"
#include "acpi.h"
#include "port.h"
#include "string.h"

enum {
	SLP_TYP_SHIFT = 10, /* PM1 control, ACPI 6.4 table 4.16 */
	SLP_EN = 1 << 13,
	SCI_EN = 1 << 0,

	KEYBOARD_COMMAND = 0x64,
	PULSE_RESET = 0xfe,
	RESET_CONTROL = 0xcf9, /* PCI chip sets': full reset */
	RESET_FULL = 0x0e,
};

static u16 control_port;
static u16 sleep_type;

/*
 * The DSDT is a program. But the object \_S5, which says what to write, is always the same few bytes of it: NameOp, the
 * name, PackageOp, a length of 1 to 4 bytes, the number of elements; then SLP_TYPa as ZeroOp, OneOp, or BytePrefix and a
 * byte (ACPI 6.4 §20.2).
 */
static bool find_s5(const struct acpi_table *dsdt)
{
	const u8 *at = (const u8 *)dsdt, *end = at + dsdt->length - 16;

	while (at < end && memcmp(at, "_S5_\x12", 5) != 0)
		at++;
	if (at >= end)
		return false;
	at += 5;
	at += 1 + (*at >> 6) + 1;
	sleep_type = *at == 0x0a ? at[1] : *at;
	return sleep_type < 8;
}

bool power_init(void)
{
	const struct acpi_fadt *fadt = acpi_find("FACP", sizeof(*fadt));
	const struct acpi_table *dsdt = fadt ? acpi_map(fadt->dsdt, "DSDT", sizeof(*dsdt)) : NULL;

	if (!dsdt || !find_s5(dsdt))
		return false;
	control_port = (u16)fadt->pm1a_control_block;
	return control_port;
}

void power_off(void)
{
	if (control_port)
		outw(control_port, (u16)((inw(control_port) & SCI_EN) | sleep_type << SLP_TYP_SHIFT | SLP_EN));
}

/* One way after the other; the last is an exception that nobody can serve. */
void power_reset(void)
{
	struct {
		u16 limit;
		u32 base;
	} __attribute__((packed)) none = {0, 0};

	outb(KEYBOARD_COMMAND, PULSE_RESET);
	for (u32 n = 0; n < 100000; n++)
		inb(KEYBOARD_COMMAND);
	outb(RESET_CONTROL, RESET_FULL);
	__asm__ volatile("lidt %0\n\tint3" : : "m"(none));
	__builtin_unreachable();
}
