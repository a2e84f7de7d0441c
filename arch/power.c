/* SPDX-License-Identifier: GPL-2.0-only */
#include "power.h"
#include "paging.h"
#include "port.h"
#include "string.h"

/* ACPI 6.4 §5.2.5.3: what the firmware leaves for the operating system to find */
struct rsdp {
	char signature[8];
	u8 checksum, oem[6], revision;
	u32 rsdt;
	u32 length; /* from here on: revision 2 */
	u64 xsdt;
} __attribute__((packed));

/* ACPI 6.4 §5.2.6: what all other tables begin with */
struct table {
	char signature[4];
	u32 length;
	u8 rest[28];
};

/* ACPI 6.4 §5.2.9, as far as it matters here */
struct fadt {
	struct table header;
	u32 facs, dsdt;
	u8 unused[20];
	u32 pm1a_control_block;
};

enum {
	BIOS_START = 0xe0000,
	BIOS_END = 0x100000,
	SLP_TYP_SHIFT = 10, /* PM1 control, ACPI 6.4 table 4.16 */
	SLP_EN = 1 << 13,
	SCI_EN = 1 << 0,
	MAX_TABLE = 1 << 20,

	KEYBOARD_COMMAND = 0x64,
	PULSE_RESET = 0xfe,
	RESET_CONTROL = 0xcf9, /* PCI chip sets': full reset */
	RESET_FULL = 0x0e,
};

static u16 control_port;
static u16 sleep_type;

static const struct rsdp *find_rsdp(void)
{
	for (u32 at = BIOS_START; at < BIOS_END; at += 16)
		if (memcmp(phys_to_virt(at), "RSD PTR ", 8) == 0)
			return phys_to_virt(at);
	return NULL;
}

/* A table that has this signature, or NULL. Tables may lie anywhere below 4 GiB. */
static const struct table *map_table(u32 address, const char *signature)
{
	const struct table *t = address ? paging_map_device(address, sizeof(*t)) : NULL;

	if (!t || memcmp(t->signature, signature, 4) != 0 || t->length < sizeof(*t) || t->length > MAX_TABLE)
		return NULL;
	return paging_map_device(address, t->length);
}

/* The root table has the addresses of all others: the RSDT in 4 bytes each, the XSDT in 8 (ACPI 6.4 §5.2.7, §5.2.8). */
static const struct fadt *find_fadt(const struct table *root, u32 width)
{
	const u8 *entry = (const u8 *)(root + 1);

	for (u32 n = 0; root && n < (root->length - sizeof(*root)) / width; n++) {
		u64 address = 0;
		const struct table *t;

		memcpy(&address, entry + n * width, width);
		t = address >> 32 ? NULL : map_table((u32)address, "FACP");
		if (t && t->length >= sizeof(struct fadt))
			return (const struct fadt *)t;
	}
	return NULL;
}

/* UEFI's may have no RSDT any more. */
static const struct fadt *find_root(const struct rsdp *rsdp)
{
	const struct table *rsdt = map_table(rsdp->rsdt, "RSDT");

	if (rsdt || rsdp->revision < 2 || rsdp->xsdt >> 32)
		return find_fadt(rsdt, 4);
	return find_fadt(map_table((u32)rsdp->xsdt, "XSDT"), 8);
}

/*
 * The DSDT is a program. But the object \_S5, which says what to write, is always the same few bytes of it: NameOp, the
 * name, PackageOp, a length of 1 to 4 bytes, the number of elements; then SLP_TYPa as ZeroOp, OneOp, or BytePrefix and a
 * byte (ACPI 6.4 §20.2).
 */
static bool find_s5(const struct table *dsdt)
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

bool power_init(const void *given)
{
	const struct rsdp *rsdp = given ? given : find_rsdp();
	const struct fadt *fadt = rsdp ? find_root(rsdp) : NULL;
	const struct table *dsdt = fadt ? map_table(fadt->dsdt, "DSDT") : NULL;

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
