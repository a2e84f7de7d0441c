/* SPDX-License-Identifier: GPL-2.0-only */
/* Linux's selectors, which are not the same under a 32-bit and a 64-bit kernel. */
#include <sys/syscall.h>
#include <unistd.h>

#include "native.h"

#define GDT_MAP	   32 /* entries that the maps are about */
#define NOT_MAPPED 0xff

static u8 to_image[GDT_MAP], to_linux[GDT_MAP];
static u32 tls_first;

/* The entries of the GDT that programs know. A 64-bit kernel answers get_thread_area for its own TLS entries only. */
static void find_entries(struct selectors *s)
{
	struct user_desc d = {.entry_number = GDT_ENTRY_TLS_MIN};
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
