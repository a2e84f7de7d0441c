/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * JSON (RFC 8259). Values of registers are strings of hexadecimal digits, since JSON's numbers need not hold 64 bits;
 * counts, sizes and offsets are numbers.
 */
#include <stdio.h>
#include <string.h>

#include "printer.h"

/* Whether something stands before the next element, so that it needs a comma. */
static bool comma;

static void separate(void)
{
	if (comma)
		putchar(',');
	comma = true;
}

static void open(char bracket)
{
	putchar(bracket);
	comma = false;
}

static void close(char bracket)
{
	putchar(bracket);
	comma = true;
}

/* Bytes beyond ASCII are passed as Latin-1: a task's name may be anything, JSON must be UTF-8. */
static void string(const char *s)
{
	putchar('"');
	for (; *s; s++) {
		if (*s == '"' || *s == '\\')
			printf("\\%c", *s);
		else if ((unsigned char)*s < 0x20 || (unsigned char)*s > 0x7e)
			printf("\\u%04x", (unsigned char)*s);
		else
			putchar(*s);
	}
	putchar('"');
}

static void key(const char *name)
{
	separate();
	string(name);
	putchar(':');
}

static void text_member(const char *name, const char *text)
{
	key(name);
	string(text);
}

static void number_member(const char *name, u32 value)
{
	key(name);
	printf("%u", value);
}

static void image_begin(const struct image *image)
{
	comma = false;
	open('{');
	text_member("file", image->path);
	text_member("comm", image->comm);
	number_member("pid", image->cr.pid);
	number_member("size", image->cr.size);
	number_member("pages", image->cr.vmas.nr_pages);
	key("records");
	open('[');
}

static void record_begin(const struct record *record, const char *name)
{
	separate();
	putchar('\n');
	open('{');
	text_member("record", name);
	number_member("offset", record->offset);
	number_member("len", (u32)record->hdr.len);
	number_member("raw", record->raw_size);
	number_member("parent", record->hdr.parent);
}

static void field(const char *name, const char *text, bool number)
{
	key(name);
	if (number)
		fputs(text, stdout);
	else
		string(text);
}

static void registers_begin(const char *title)
{
	key(title);
	open('{');
}

static void reg(const struct cr_register *r, const void *value, const struct note notes[NOTES])
{
	char text[CR_VALUE_SIZE];

	cr_value_format(text, sizeof(text), r, value);
	key(r->name);
	open('{');
	text_member("field", r->field);
	text_member("value", text);
	if (r->bits) {
		key("bits");
		open('{');
		for (const struct cr_bits *b = r->bits; b->name; b++) {
			key(b->name);
			printf("%llu", (unsigned long long)cr_bits_value(b, r, value));
		}
		close('}');
	}
	for (int n = 0; n < NOTES && notes[n].key; n++)
		text_member(notes[n].key, notes[n].text);
	close('}');
}

static void registers_end(void)
{
	close('}');
}

static void pages(const struct pages *p)
{
	key("addresses");
	open('[');
	for (u32 n = 0; n < p->count; n++) {
		separate();
		printf("\"%08x\"", page_address(p, n));
	}
	close(']');
}

static void bytes(const u8 *b, u32 count)
{
	key("bytes");
	putchar('"');
	for (u32 n = 0; n < count; n++)
		printf("%02x", b[n]);
	putchar('"');
}

static void record_end(void)
{
	close('}');
}

static void image_end(void)
{
	close(']');
	close('}');
	putchar('\n');
}

const struct printer json_printer = {
	.image_begin = image_begin,
	.record_begin = record_begin,
	.field = field,
	.registers_begin = registers_begin,
	.reg = reg,
	.registers_end = registers_end,
	.pages = pages,
	.bytes = bytes,
	.record_end = record_end,
	.image_end = image_end,
};
