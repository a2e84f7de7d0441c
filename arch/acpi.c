/* SPDX-License-Identifier: GPL-2.0-only */
#include "acpi.h"
#include "paging.h"
#include "string.h"

/* ACPI 6.4 §5.2.5.3: what the firmware leaves for the operating system to find */
struct rsdp {
	char signature[8];
	u8 checksum, oem[6], revision;
	u32 rsdt;
	u32 length; /* from here on: revision 2 */
	u64 xsdt;
} __attribute__((packed));

enum {
	BIOS_START = 0xe0000,
	BIOS_END = 0x100000,
	MAX_TABLE = 1 << 20,
};

/* The root table, and how long an address in it is: 4 bytes in the RSDT, 8 in the XSDT (ACPI 6.4 §5.2.7, §5.2.8). */
static const struct acpi_table *root;
static u32 width = 4;

static const struct rsdp *find_rsdp(void)
{
	for (u32 at = BIOS_START; at < BIOS_END; at += 16)
		if (memcmp(phys_to_virt(at), "RSD PTR ", 8) == 0)
			return phys_to_virt(at);
	return NULL;
}

const void *acpi_map(u64 address, const char *signature, u32 size)
{
	const struct acpi_table *t = address ? paging_map_device(address, sizeof(*t)) : NULL;

	if (!t || memcmp(t->signature, signature, 4) != 0 || t->length < size || t->length > MAX_TABLE)
		return NULL;
	return paging_map_device(address, t->length);
}

/* UEFI's may have no RSDT any more. */
void acpi_init(const void *given)
{
	const struct rsdp *rsdp = given ? given : find_rsdp();

	if (!rsdp)
		return;
	root = acpi_map(rsdp->rsdt, "RSDT", sizeof(*root));
	if (root || rsdp->revision < 2)
		return;
	root = acpi_map(rsdp->xsdt, "XSDT", sizeof(*root));
	width = 8;
}

const void *acpi_find(const char *signature, u32 size)
{
	const u8 *entry = (const u8 *)(root + 1);

	for (u32 n = 0; root && n < (root->length - sizeof(*root)) / width; n++) {
		u64 address = 0;
		const void *table;

		memcpy(&address, entry + n * width, width);
		table = acpi_map(address, signature, size);
		if (table)
			return table;
	}
	return NULL;
}

/* ACPI 6.4 §5.2.12: behind two words come structures of a type and a length; of each CPU, one with its flags */
struct madt {
	struct acpi_table header;
	u32 apic_address, flags;
};

enum { MADT_TYPE = 0, MADT_LENGTH = 1, LOCAL_APIC = 0, LOCAL_X2APIC = 9, APIC_FLAGS = 4, X2APIC_FLAGS = 8 };
#define CPU_ENABLED BIT(0)

static bool is_cpu(const u8 *structure)
{
	u8 type = structure[MADT_TYPE], flags = type == LOCAL_APIC ? APIC_FLAGS : X2APIC_FLAGS;

	return (type == LOCAL_APIC || type == LOCAL_X2APIC) && structure[MADT_LENGTH] > flags &&
	       structure[flags] & CPU_ENABLED;
}

u32 acpi_cpus(void)
{
	const struct madt *madt = acpi_find("APIC", sizeof(*madt));
	u32 cpus = 0;

	for (u32 at = sizeof(*madt), length; madt && at + MADT_LENGTH < madt->header.length; at += length) {
		const u8 *structure = (const u8 *)madt + at;

		length = structure[MADT_LENGTH];
		if (length <= MADT_LENGTH || at + length > madt->header.length)
			break;
		cpus += is_cpu(structure);
	}
	return cpus;
}
