/* SPDX-License-Identifier: GPL-2.0-only */
/* ACPI's tables (ACPI 6.4 §5.2), as far as they matter here. */
#ifndef ARCH_ACPI_H
#define ARCH_ACPI_H

#include "types.h"

/* ACPI 6.4 §5.2.6: what all tables begin with */
struct acpi_table {
	char signature[4];
	u32 length;
	u8 rest[28];
};

/* ACPI 6.4 §5.2.9; its signature is FACP */
struct acpi_fadt {
	struct acpi_table header;
	u32 facs, dsdt;
	u8 unused[20];
	u32 pm1a_control_block, pm1b_control_block, pm2_control_block;
	u32 pm_timer_block; /* a port; 0: there is no such timer */
};

/*
 * `rsdp` as the boot loader handed it on; NULL: it is looked for where a BIOS has it. Once paging_map_device works, and
 * before there is a task. Without, there are no tables.
 */
void acpi_init(const void *rsdp);

/* The table at an address, of at least so many bytes, if it has that signature; or the first such one that there is. Or NULL. */
const void *acpi_map(u64 address, const char *signature, u32 size);
const void *acpi_find(const char *signature, u32 size);

/* How many CPUs there are to use, by the table APIC (ACPI 6.4 §5.2.12). 0: it does not say. */
u32 acpi_cpus(void);

#endif
