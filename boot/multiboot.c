/* SPDX-License-Identifier: GPL-2.0-only */
/* Multiboot 1 (specification 0.6.96, §3.3) and Multiboot 2 (2.0, §3.6): either boot information into one struct. */
#include "boot_info.h"
#include "frames.h"
#include "string.h"

#define MB1_MAGIC 0x2badb002u
#define MB2_MAGIC 0x36d76289u

extern const u8 kernel_start[], kernel_end[];

/* A physical range as the kernel sees it, or NULL where the linear map does not reach. */
static const void *physical(u64 address, u64 size)
{
	return address + size <= LINEAR_SIZE ? phys_to_virt((u32)address) : NULL;
}

/* Copies a text of at most `size` - 1 bytes. */
static void copy_text(char *to, u32 size, const char *from)
{
	u32 n = 0;

	for (; from[n] && n + 1 < size; n++)
		to[n] = from[n];
	to[n] = '\0';
}

/*
 * A module's name: the value of a word "name=..." in its string, else the last path component of the first word (QEMU
 * puts the file's path there).
 */
static void module_name(char *name, const char *text)
{
	const char *from = text, *word = text;
	u32 length = 0;

	for (; *word && *word != ' '; word++)
		if (*word == '/')
			from = word + 1;
	for (word = strchr(text, ' '); word; word = strchr(word + 1, ' '))
		if (strncmp(word, " name=", 6) == 0)
			from = word + 6;
	if (strncmp(text, "name=", 5) == 0)
		from = text + 5;
	while (from[length] && from[length] != ' ' && length < BOOT_NAME - 1)
		length++;
	memcpy(name, from, length);
	name[length] = '\0';
}

static const char *add_module(struct boot_info *info, u32 start, u32 end, const char *text)
{
	struct boot_module *m = &info->module[info->modules];

	if (info->modules == BOOT_MODULES)
		return "there are more than 32 modules";
	if (end < start)
		return "a module ends before it starts";
	if (start < virt_to_phys(kernel_end) && end > virt_to_phys(kernel_start))
		return "a module overlaps the kernel";
	m->start = physical(start, end - start);
	if (!m->start)
		return "a module lies above 768 MiB, where the kernel does not reach";
	m->size = end - start;
	module_name(m->name, text);
	info->modules++;
	return NULL;
}

/* One range of the memory map. What is not known is not used; one that runs over the end of all addresses is nonsense. */
static void add_memory(struct boot_info *info, u64 start, u64 length, bool usable)
{
	if (info->ranges == BOOT_RANGES || start + length < start)
		return;
	info->memory[info->ranges++] = (struct boot_range){start, start + length, usable};
}

/* The parts of the Multiboot 1 information that cr86 uses. `flags` says which of them are there. */
struct mb1_info {
	u32 flags;
	u32 mem_lower, mem_upper; /* KiB */
	u32 boot_device;
	u32 cmdline;
	u32 mods_count, mods_addr;
	u32 syms[4];
	u32 mmap_length, mmap_addr;
	u32 drives_length, drives_addr;
	u32 config_table;
	u32 boot_loader_name;
};
enum { MB1_MEMORY = BIT(0), MB1_CMDLINE = BIT(2), MB1_MODULES = BIT(3), MB1_MMAP = BIT(6), MB1_LOADER = BIT(9) };
enum { MEMORY_AVAILABLE = 1 };

struct mb1_module {
	u32 start, end, string, reserved;
};

struct mb1_range {
	u32 size; /* of the rest */
	u64 start, length;
	u32 type;
} __attribute__((packed));

/* The command line's first word is the kernel's file, as QEMU and most others have it; but GRUB 2 leaves it out. */
static const char *mb1_options(const struct mb1_info *mb)
{
	const char *line = physical(mb->cmdline, BOOT_COMMAND_LINE);

	if (mb->flags & MB1_LOADER && physical(mb->boot_loader_name, 16) &&
	    strncmp(physical(mb->boot_loader_name, 16), "GRUB 2", 6) == 0)
		return line;
	while (*line && *line != ' ')
		line++;
	return line;
}

static const char *read_mb1(const struct mb1_info *mb, struct boot_info *info)
{
	if (mb->flags & MB1_CMDLINE && physical(mb->cmdline, BOOT_COMMAND_LINE))
		copy_text(info->command_line, sizeof(info->command_line), mb1_options(mb));

	if (mb->flags & MB1_MODULES) {
		const struct mb1_module *m = physical(mb->mods_addr, (u64)mb->mods_count * sizeof(*m));
		const char *error = m || !mb->mods_count ? NULL : "the list of modules lies above 768 MiB";

		for (u32 n = 0; n < mb->mods_count && !error; n++)
			error = add_module(info, m[n].start, m[n].end,
					   m[n].string && physical(m[n].string, 256) ? physical(m[n].string, 256) : "");
		if (error)
			return error;
	}

	if (mb->flags & MB1_MMAP) {
		const u8 *at = physical(mb->mmap_addr, mb->mmap_length);
		const u8 *end = at + mb->mmap_length;

		for (; at && at < end; at += ((const struct mb1_range *)at)->size + sizeof(u32)) {
			const struct mb1_range *r = (const void *)at;

			add_memory(info, r->start, r->length, r->type == MEMORY_AVAILABLE);
		}
	} else if (mb->flags & MB1_MEMORY) {
		add_memory(info, 0, (u64)mb->mem_lower << 10, true);
		add_memory(info, 1 << 20, (u64)mb->mem_upper << 10, true);
	}
	return NULL;
}

/* Multiboot 2: a total size, then tags, each aligned to 8 bytes. */
struct mb2_info {
	u32 total_size, reserved;
};

struct mb2_tag {
	u32 type;
	u32 size; /* this head included */
};
enum {
	MB2_END = 0,
	MB2_CMDLINE = 1,
	MB2_MODULE = 3,
	MB2_MMAP = 6,
	MB2_FRAMEBUFFER = 8,
	MB2_EFI32 = 11, /* the firmware's system table: there is one, by UEFI */
	MB2_EFI64 = 12,
	MB2_ACPI_OLD = 14,
	MB2_ACPI_NEW = 15
};

struct mb2_module {
	struct mb2_tag tag;
	u32 start, end;
	char string[];
};

struct mb2_mmap {
	struct mb2_tag tag;
	u32 entry_size, entry_version;
	struct {
		u64 start, length;
		u32 type, reserved;
	} entry[];
};

static void read_mb2_mmap(const struct mb2_mmap *map, struct boot_info *info)
{
	u32 count = map->entry_size ? (map->tag.size - (u32)sizeof(*map)) / map->entry_size : 0;

	for (u32 n = 0; n < count; n++) {
		const typeof(map->entry[0]) *e = (const void *)((const u8 *)map->entry + n * map->entry_size);

		add_memory(info, e->start, e->length, e->type == MEMORY_AVAILABLE);
	}
}

struct mb2_framebuffer {
	struct mb2_tag tag;
	u64 address;
	u32 pitch, width, height;
	u8 bits, type;
	u16 reserved;
	union {
		struct {
			u8 red, reds, green, greens, blue, blues;
		};
		struct {
			u16 colours; /* the specification's text has 32 bits here; its multiboot2.h, and GRUB, have 16 */
			struct colour palette[256];
		};
	};
} __attribute__((packed));
enum { FRAMEBUFFER_PALETTE = 0, FRAMEBUFFER_RGB = 1, FRAMEBUFFER_TEXT = 2 };

/* The colours are copied, too: see copy_rsdp(). Returns how many there are. */
static __cold u32 copy_palette(const struct mb2_framebuffer *f, struct boot_info *info)
{
	u32 colours = f->colours < ARRAY_SIZE(info->palette) ? f->colours : ARRAY_SIZE(info->palette);

	memcpy(info->palette, f->palette, colours * sizeof(*info->palette));
	return colours;
}

static __cold void read_mb2_framebuffer(const struct mb2_framebuffer *f, struct boot_info *info)
{
	if (f->type == FRAMEBUFFER_TEXT)
		return;
	info->has_framebuffer = true;
	info->framebuffer = (struct framebuffer){
		.address = f->address,
		.pitch = f->pitch,
		.width = f->width,
		.height = f->height,
		.bits = f->type <= FRAMEBUFFER_RGB ? f->bits : 0, /* of what else there may be, nothing is known */
		.red = f->red,
		.green = f->green,
		.blue = f->blue,
		.reds = f->reds,
		.greens = f->greens,
		.blues = f->blues,
		.palette = info->palette,
		.colours = f->type == FRAMEBUFFER_PALETTE ? copy_palette(f, info) : 0,
	};
}

/* A copy: what the boot loader left lies in memory that will be put to use. Of two, the longer one says more. */
static void copy_rsdp(const struct mb2_tag *tag, struct boot_info *info)
{
	u32 size = tag->size - (u32)sizeof(*tag);

	if (size > sizeof(info->rsdp))
		size = sizeof(info->rsdp);
	if (size <= info->rsdp_size)
		return;
	info->rsdp_size = size;
	memcpy(info->rsdp, tag + 1, size);
}

static const char *read_mb2(const struct mb2_info *mb, struct boot_info *info)
{
	const u8 *at = (const u8 *)(mb + 1), *end = (const u8 *)mb + mb->total_size;
	const char *error = NULL;

	while (at + sizeof(struct mb2_tag) <= end && !error) {
		const struct mb2_tag *tag = (const void *)at;
		const struct mb2_module *m = (const void *)tag;

		if (tag->type == MB2_END || tag->size < sizeof(*tag))
			break;
		if (tag->type == MB2_CMDLINE)
			copy_text(info->command_line, sizeof(info->command_line), (const char *)(tag + 1));
		else if (tag->type == MB2_MODULE)
			error = add_module(info, m->start, m->end, m->string);
		else if (tag->type == MB2_MMAP)
			read_mb2_mmap((const void *)tag, info);
		else if (tag->type == MB2_FRAMEBUFFER)
			read_mb2_framebuffer((const void *)tag, info);
		else if (tag->type == MB2_EFI32 || tag->type == MB2_EFI64)
			info->firmware = tag->type == MB2_EFI32 ? FIRMWARE_UEFI_32 : FIRMWARE_UEFI_64;
		else if (tag->type == MB2_ACPI_OLD || tag->type == MB2_ACPI_NEW)
			copy_rsdp(tag, info);
		at += (tag->size + 7) & ~7u;
	}
	return error;
}

static bool in_memory(const struct boot_info *info, u32 start, u32 size)
{
	for (u32 n = 0; n < info->ranges; n++)
		if (info->memory[n].usable && start >= info->memory[n].start &&
		    start + (u64)size <= info->memory[n].end)
			return true;
	return false;
}

/* QEMU puts modules one behind the other, whether there is memory or not. */
static const char *check_modules(const struct boot_info *info)
{
	for (u32 n = 0; n < info->modules; n++)
		if (!in_memory(info, virt_to_phys(info->module[n].start), info->module[n].size))
			return "too little memory: a module lies where there is none";
	return NULL;
}

const char *boot_read(u32 magic, u32 address, struct boot_info *info)
{
	const struct mb2_info *mb2 = physical(address, sizeof(struct mb1_info)); /* the longer one */
	const char *error;

	if (magic != MB1_MAGIC && magic != MB2_MAGIC)
		return "it was not started by a Multiboot 1 or 2 boot loader";
	if (!mb2)
		return "the boot information lies above 768 MiB, where the kernel does not reach";
	if (magic == MB2_MAGIC && !physical(address, mb2->total_size))
		return "the boot information ends above 768 MiB, where the kernel does not reach";
	error = magic == MB1_MAGIC ? read_mb1((const void *)mb2, info) : read_mb2(mb2, info);
	return error ? error : check_modules(info);
}
