/* SPDX-License-Identifier: GPL-2.0-only */
/* What the boot loader said, in one form. Nothing beyond this folder knows Multiboot. */
#ifndef BOOT_BOOT_INFO_H
#define BOOT_BOOT_INFO_H

#include "framebuffer.h"

#define BOOT_MODULES	  32
#define BOOT_RANGES	  128
#define BOOT_NAME	  32
#define BOOT_COMMAND_LINE 1024

struct boot_module {
	char name[BOOT_NAME];
	const u8 *start; /* through the kernel's linear map */
	u32 size;
};

struct boot_info {
	char command_line[BOOT_COMMAND_LINE];
	struct boot_module module[BOOT_MODULES];
	u32 modules;
	struct boot_range {
		u64 start, end; /* physical */
		bool usable;	/* memory, whatever lies in it; else it is not, whatever other ranges say */
	} memory[BOOT_RANGES];
	u32 ranges;
	enum boot_firmware { FIRMWARE_BIOS, FIRMWARE_UEFI_32, FIRMWARE_UEFI_64 } firmware;
	u8 rsdp[36];	      /* ACPI's root pointer, where the boot loader hands it on, ... */
	u32 rsdp_size;	      /* ... and how much of it there is; 0: none */
	bool has_framebuffer; /* the screen shows pixels, not VGA's text */
	struct framebuffer framebuffer;
	struct colour palette[256]; /* where its pixels choose from one */
};

/*
 * Reads the information at physical address `address` in the version that `magic` names. Returns NULL, or the reason
 * why this machine can't be used, as a sentence for the user.
 */
const char *boot_read(u32 magic, u32 address, struct boot_info *info);

#endif
