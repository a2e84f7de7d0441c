/* SPDX-License-Identifier: GPL-2.0-only */
/* The reader, in a file of its own: the kernel has no use for it, nor for its words. */
#include "armour.h"
#include "armour_lines.h"
#include "base64.h"
#include "crc32.h"
#include "printf.h"
#include "string.h"

#define MARK " CR86 IMAGE " /* a line with this in it, but no valid BEGIN, is a damaged one */

static int refuse(struct armour_reader *r, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Notes what is wrong with the line that was fed last. The image that it damaged is given up. */
static int refuse(struct armour_reader *r, const char *format, ...)
{
	int length = lib_snprintf(r->error, sizeof(r->error), "line %u: ", r->line);
	va_list args;

	va_start(args, format);
	lib_vsnprintf(r->error + length, sizeof(r->error) - (u32)length, format, args);
	va_end(args);
	r->begin_line = 0;
	return -EINVAL;
}

/* A place in a line that is being taken apart. Each step either passes over what it expects or clears `ok`. */
struct scan {
	const char *at;
	const char *end;
	bool ok;
};

static void expect(struct scan *s, const char *text)
{
	size_t length = strlen(text);

	if (s->ok && (size_t)(s->end - s->at) >= length && memcmp(s->at, text, length) == 0)
		s->at += length;
	else
		s->ok = false;
}

/* A name up to the next blank. */
static void expect_name(struct scan *s, char name[ARMOUR_NAME_SIZE])
{
	u32 length = 0;

	while (s->ok && s->at < s->end && name_char(*s->at) && length + 1 < ARMOUR_NAME_SIZE)
		name[length++] = *s->at++;
	name[length] = '\0';
	if (length == 0)
		s->ok = false;
}

/* A decimal number of 32 bits, spelled without leading zeros. */
static void expect_decimal(struct scan *s, u32 *value)
{
	const char *start = s->at;

	for (*value = 0; s->ok && s->at < s->end && *s->at >= '0' && *s->at <= '9'; s->at++) {
		u32 digit = (u32)(*s->at - '0');

		if (*value > (0xffffffffu - digit) / 10)
			s->ok = false;
		else
			*value = *value * 10 + digit;
	}
	if (s->at == start || (*start == '0' && s->at > start + 1))
		s->ok = false;
}

/* Eight hexadecimal digits, lower case. */
static void expect_hex(struct scan *s, u32 *value)
{
	static const char digits[] = "0123456789abcdef";

	*value = 0;
	for (u32 n = 0; n < 8 && s->ok; n++) {
		const char *digit = s->at < s->end && *s->at ? strchr(digits, *s->at) : NULL;

		if (!digit) {
			s->ok = false;
			return;
		}
		*value = *value << 4 | (u32)(digit - digits);
		s->at++;
	}
}

static bool scan_done(const struct scan *s)
{
	return s->ok && s->at == s->end;
}

static bool starts_with(const char *line, u32 length, const char *text)
{
	return length >= strlen(text) && memcmp(line, text, strlen(text)) == 0;
}

static bool contains(const char *line, u32 length, const char *text)
{
	for (; length; line++, length--)
		if (starts_with(line, length, text))
			return true;
	return false;
}

static int read_begin(struct armour_reader *r, const char *line, u32 length)
{
	struct scan s = {line, line + length, true};

	expect(&s, BEGIN);
	expect_name(&s, r->name);
	expect(&s, " ");
	expect_decimal(&s, &r->size);
	expect(&s, DASHES);
	if (!scan_done(&s))
		return refuse(r, "expected " BEGIN "name bytes" DASHES);
	r->begin_line = r->line;
	r->received = 0;
	r->crc = 0;
	return ARMOUR_BEGIN;
}

static int read_outside(struct armour_reader *r, const char *line, u32 length)
{
	if (starts_with(line, length, END))
		return refuse(r, "END of an image whose BEGIN line is missing or damaged");
	if (contains(line, length, MARK))
		return read_begin(r, line, length);
	return ARMOUR_TEXT;
}

static int read_end_line(struct armour_reader *r, const char *line, u32 length)
{
	struct scan s = {line, line + length, true};
	char name[ARMOUR_NAME_SIZE];
	u32 crc = 0;

	expect(&s, END);
	expect_name(&s, name);
	expect(&s, " crc32 ");
	expect_hex(&s, &crc);
	expect(&s, DASHES);
	if (!scan_done(&s))
		return refuse(r, "expected " END "%s crc32 xxxxxxxx" DASHES, r->name);
	if (strcmp(name, r->name) != 0)
		return refuse(r, "END of image %s inside image %s, begun on line %u", name, r->name, r->begin_line);
	if (r->received != r->size)
		return refuse(r, "image %s, begun on line %u, ends after %u of %u bytes: lines are missing", r->name,
			      r->begin_line, r->received, r->size);
	if (crc != r->crc)
		return refuse(r, "image %s, lines %u to %u: its bytes have CRC-32 %08x, expected %08x", r->name,
			      r->begin_line, r->line, r->crc, crc);
	r->begin_line = 0;
	return ARMOUR_END;
}

/* A line of base64. Its length is known beforehand, so that a lost or an additional character shows at once. */
static int read_bytes(struct armour_reader *r, const char *line, u32 length)
{
	u32 left = r->size - r->received;
	u32 count = left < ARMOUR_LINE_BYTES ? left : ARMOUR_LINE_BYTES;
	s32 got;

	if (count == 0)
		return refuse(r, "more than the %u bytes of image %s, begun on line %u", r->size, r->name,
			      r->begin_line);
	if (length != BASE64_LENGTH(count))
		return refuse(r, "%u characters, expected %u of base64 (image %s, begun on line %u)", length,
			      BASE64_LENGTH(count), r->name, r->begin_line);
	got = base64_decode(r->bytes, line, length);
	if (got < 0)
		return refuse(r, "character %d is not base64 (image %s, begun on line %u)", -got, r->name,
			      r->begin_line);
	if ((u32)got != count)
		return refuse(r, "%d bytes, expected %u (image %s, begun on line %u)", got, count, r->name,
			      r->begin_line);
	r->count = count;
	r->received += count;
	r->crc = crc32_update(r->crc, r->bytes, count);
	return ARMOUR_BYTES;
}

int armour_read_line(struct armour_reader *r, const char *line, u32 length)
{
	r->line++;
	r->count = 0;
	if (length && line[length - 1] == '\n')
		length--;
	if (length && line[length - 1] == '\r')
		length--;
	if (!r->begin_line)
		return read_outside(r, line, length);
	if (starts_with(line, length, BEGIN))
		return refuse(r, "BEGIN of an image inside image %s, begun on line %u", r->name, r->begin_line);
	if (starts_with(line, length, DASHES))
		return read_end_line(r, line, length);
	return read_bytes(r, line, length);
}

int armour_read_end(struct armour_reader *r)
{
	u32 begin_line = r->begin_line;

	if (!begin_line)
		return 0;
	return refuse(r, "the log ends inside image %s, begun on line %u, after %u of %u bytes", r->name, begin_line,
		      r->received, r->size);
}
