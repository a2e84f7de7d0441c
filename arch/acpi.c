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

/* All that the root table names, as far as there is room: firmware of servers has some fifty. Each is mapped once, for good. */
static const struct acpi_table *tables[128];
static u32 tables_there;

static const struct rsdp *find_rsdp(void)
{
	for (u32 at = BIOS_START; at < BIOS_END; at += 16)
		if (memcmp(phys_to_virt(at), "RSD PTR ", 8) == 0)
			return phys_to_virt(at);
	return NULL;
}

/* How long a table is, its header says. */
static const struct acpi_table *map(u64 address)
{
	const struct acpi_table *t = address ? paging_map_device(address, sizeof(*t)) : NULL;

	if (!t || t->length < sizeof(*t) || t->length > MAX_TABLE)
		return NULL;
	return paging_map_device(address, t->length);
}

static bool is(const struct acpi_table *t, const char *signature, u32 size)
{
	return t && memcmp(t->signature, signature, sizeof(t->signature)) == 0 && t->length >= size;
}

const void *acpi_map(u64 address, const char *signature, u32 size)
{
	const struct acpi_table *t = map(address);

	return is(t, signature, size) ? t : NULL;
}

/* Behind the root table's header are addresses: of 4 bytes in the RSDT, of 8 in the XSDT (ACPI 6.4 §5.2.7, §5.2.8). */
static void map_tables(const struct acpi_table *root, u32 width)
{
	const u8 *entry = (const u8 *)(root + 1), *end = (const u8 *)root + root->length;

	for (; entry + width <= end && tables_there < ARRAY_SIZE(tables); entry += width) {
		u64 address = 0;

		memcpy(&address, entry, width);
		tables[tables_there] = map(address);
		tables_there += tables[tables_there] != NULL;
	}
}

/* UEFI's may have no RSDT any more. */
void acpi_init(const void *given)
{
	const struct rsdp *rsdp = given ? given : find_rsdp();
	const struct acpi_table *root;
	u32 width = sizeof(u32);

	if (!rsdp)
		return;
	root = acpi_map(rsdp->rsdt, "RSDT", sizeof(*root));
	if (!root && rsdp->revision >= 2) {
		root = acpi_map(rsdp->xsdt, "XSDT", sizeof(*root));
		width = sizeof(u64);
	}
	if (root)
		map_tables(root, width);
}

const void *acpi_find(const char *signature, u32 size)
{
	for (u32 n = 0; n < tables_there; n++)
		if (is(tables[n], signature, size))
			return tables[n];
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
