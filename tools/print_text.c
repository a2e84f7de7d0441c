/* SPDX-License-Identifier: GPL-2.0-only */
#include <stdio.h>

#include "printer.h"

static void image_begin(const struct image *image)
{
	printf("%s: task %s, id %u, %u bytes, %u pages\n", image->path, image->comm, image->cr.pid, image->cr.size,
	       image->cr.vmas.nr_pages);
}

static void record_begin(const struct record *record, const char *name)
{
	printf("\n%s at offset %u, %d bytes", name, record->offset, record->hdr.len);
	if (record->raw_size)
		printf(" and %u raw", record->raw_size);
	if (record->hdr.parent)
		printf(", parent %u", record->hdr.parent);
	putchar('\n');
}

static void field(const char *name, const char *text, bool number)
{
	(void)number;
	printf("    %-21s %s\n", name, text);
}

static void registers_begin(const char *title)
{
	printf("    %s\n", title);
}

static void reg(const struct cr_register *r, const void *value, const struct note notes[NOTES])
{
	char text[CR_VALUE_SIZE], bits[CR_LINE_SIZE];

	cr_value_format(text, sizeof(text), r, value);
	printf("        %-13s %s", r->name, text);
	if (cr_bits_format(bits, sizeof(bits), r, value))
		printf("  %s", bits);
	for (int n = 0; n < NOTES && notes[n].key; n++)
		printf("%s%s %s", n ? ", " : "  ", notes[n].key, notes[n].text);
	putchar('\n');
}

static void pages(const struct pages *p)
{
	for (u32 n = 0; n < p->count; n++)
		printf("%s%08x%s", n % 8 ? " " : "        ", page_address(p, n),
		       n % 8 == 7 || n + 1 == p->count ? "\n" : "");
}

static void bytes(const u8 *b, u32 count)
{
	for (u32 n = 0; n < count; n++) {
		if (n % 16 == 0)
			printf("        %04x ", n);
		printf(" %02x%s", b[n], n % 16 == 15 || n + 1 == count ? "\n" : "");
	}
}

static void nothing(void)
{
}

const struct printer text_printer = {
	.image_begin = image_begin,
	.record_begin = record_begin,
	.field = field,
	.registers_begin = registers_begin,
	.reg = reg,
	.registers_end = nothing,
	.pages = pages,
	.bytes = bytes,
	.record_end = nothing,
	.image_end = nothing,
};
