/* SPDX-License-Identifier: GPL-2.0-only */
#include "pci.h"
#include "port.h"

enum {
	CONFIG_ADDRESS = 0xcf8,
	CONFIG_DATA = 0xcfc,
	CONFIG_ENABLE = BIT(31),

	PCI_ID = 0x00,
	PCI_COMMAND = 0x04, /* bits 0 and 1: the device answers in I/O space, in memory space */
	PCI_CLASS = 0x08,   /* class code in the upper three bytes */
	PCI_BAR0 = 0x10,
	PCI_BAR1 = 0x14,
	BAR_TYPE = 7, /* bit 0: I/O; bits 1 and 2, of memory: an address of 64 bits, the upper half in the next one */
	BAR_64 = 4,
	FUNCTIONS = 256 * 32 * 8, /* buses, devices, functions */
};

static void select(u32 function, u32 reg)
{
	outl(CONFIG_ADDRESS, CONFIG_ENABLE | function << 8 | reg);
}

static u32 config_read(u32 function, u32 reg)
{
	select(function, reg);
	return inl(CONFIG_DATA);
}

/* Where nothing is, all bits are read as ones. */
bool pci_find(u16 class, u64 *bar)
{
	outl(CONFIG_ADDRESS, CONFIG_ENABLE);
	if (inl(CONFIG_ADDRESS) != CONFIG_ENABLE)
		return false; /* no PCI: the port does not hold what was written */
	for (u32 function = 0; function < FUNCTIONS; function++) {
		if (config_read(function, PCI_ID) == 0xffffffff || config_read(function, PCI_CLASS) >> 16 != class)
			continue;
		*bar = config_read(function, PCI_BAR0);
		if ((*bar & BAR_TYPE) == BAR_64)
			*bar |= (u64)config_read(function, PCI_BAR1) << 32;
		select(function, PCI_COMMAND);
		outl(CONFIG_DATA, (inl(CONFIG_DATA) & 0xffff) | 3);
		return true;
	}
	return false;
}
