/* SPDX-License-Identifier: GPL-2.0-only */
/* Linux's view of descriptors, and its selectors, which are not the same under a 32-bit and a 64-bit kernel. */
#include <sys/syscall.h>
#include <unistd.h>

#include "native.h"

/* The bits of user_desc's last word */
enum {
	SEG_32BIT = BIT(0),
	CONTENTS_SHIFT = 1, /* 0 data, 1 data, expand-down, 2 code, 3 conforming code */
	READ_EXEC_ONLY = BIT(3),
	LIMIT_IN_PAGES = BIT(4),
	SEG_NOT_PRESENT = BIT(5),
	USEABLE = BIT(6),
	EMPTY = READ_EXEC_ONLY | SEG_NOT_PRESENT,
};

#define DESC_AVL BIT(20) /* in the upper half */
#define DESC_D	 BIT(22)

struct linux_desc linux_desc_of(u32 entry, u64 descriptor)
{
	u32 high = (u32)(descriptor >> 32), type = DESC_TYPE(descriptor);
	struct linux_desc d = {entry, desc_base(descriptor), desc_raw_limit(descriptor), 0};

	d.flags = (type >> 2) << CONTENTS_SHIFT | (type & DESC_TYPE_WRITABLE ? 0 : READ_EXEC_ONLY);
	d.flags |= descriptor & DESC_P ? 0 : SEG_NOT_PRESENT;
	d.flags |= descriptor & DESC_G ? LIMIT_IN_PAGES : 0;
	d.flags |= high & DESC_D ? SEG_32BIT : 0;
	d.flags |= high & DESC_AVL ? USEABLE : 0;
	return d;
}

/* Linux sets the accessed bit from the start. */
u64 linux_desc_pack(const struct linux_desc *d)
{
	u32 type = (d->flags >> CONTENTS_SHIFT & 3) << 2 | (d->flags & READ_EXEC_ONLY ? 0 : 2) | 1;
	u32 access = type | 1 << 4 | 3 << 5 | (d->flags & SEG_NOT_PRESENT ? 0 : 1 << 7);
	u32 flags = (d->flags & USEABLE ? 1 : 0) | (d->flags & SEG_32BIT ? 4 : 0) | (d->flags & LIMIT_IN_PAGES ? 8 : 0);

	if (!d->base && !d->limit && (d->flags & 0x7f) == EMPTY)
		return 0;
	return desc_pack(d->base, d->limit, access, flags);
}

/* --- selectors --- */

#define GDT_MAP	   32 /* entries that the maps are about */
#define NOT_MAPPED 0xff

static u8 to_image[GDT_MAP], to_linux[GDT_MAP];
static u32 tls_first;

/* The entries of the GDT that programs know. A 64-bit kernel answers get_thread_area for its own TLS entries only. */
static void find_entries(struct selectors *s)
{
	struct linux_desc d = {.entry = GDT_ENTRY_TLS_MIN};
	u16 cs, ds;

	__asm__("mov %%cs, %0\n\tmov %%ds, %1" : "=r"(cs), "=r"(ds));
	tls_first = syscall(SYS_get_thread_area, &d) == 0 ? GDT_ENTRY_TLS_MIN : 12;
	*s = (struct selectors){cs, ds, SELECTOR(tls_first, 3)};
}

static void map(u32 linux_index, u32 image_index)
{
	to_image[linux_index] = (u8)image_index;
	to_linux[image_index] = (u8)linux_index;
}

/* The maps are one to one, so that a selector which means nothing stays one, and comes back as it was. */
static void map_rest(void)
{
	u32 unused = 0;

	for (u32 n = 0; n < GDT_MAP; n++)
		if (to_image[n] == NOT_MAPPED && to_linux[n] == NOT_MAPPED)
			map(n, n);
	for (u32 n = 0; n < GDT_MAP; n++) {
		if (to_image[n] != NOT_MAPPED)
			continue;
		while (to_linux[unused] != NOT_MAPPED)
			unused++;
		map(n, unused);
	}
}

void descriptors_init(struct selectors *s)
{
	find_entries(s);
	for (u32 n = 0; n < GDT_MAP; n++)
		to_image[n] = to_linux[n] = NOT_MAPPED;
	for (u32 n = 0; n < CR_TLS_ENTRIES; n++)
		map(tls_first + n, GDT_ENTRY_TLS_MIN + n);
	map(SELECTOR_INDEX(s->user_cs), GDT_ENTRY_USER_CS);
	map(SELECTOR_INDEX(s->user_ds), GDT_ENTRY_USER_DS);
	map_rest();
}

u32 linux_tls_entry(u32 slot)
{
	return tls_first + slot;
}

static void translate(u64 *selector, const u8 *table)
{
	u32 index = SELECTOR_INDEX((u32)*selector);

	if (*selector <= 0xffff && !(*selector & SELECTOR_TI) && index < GDT_MAP)
		*selector = SELECTOR(table[index], (u32)*selector & 7);
}

static void translate_all(struct vector *v, const u8 *table)
{
	u64 *all[] = {&v->cpu.cs, &v->cpu.ss, &v->cpu.ds, &v->cpu.es, &v->cpu.fs, &v->cpu.gs};

	for (u32 n = 0; n < ARRAY_SIZE(all); n++)
		translate(all[n], table);
}

void selectors_to_image(struct vector *v)
{
	translate_all(v, to_image);
}

void selectors_to_linux(struct vector *v)
{
	translate_all(v, to_linux);
}
