/* SPDX-License-Identifier: GPL-2.0-only */
/* The armour's reader on any text: an image that comes out of it is written to the very lines that it was read from. */
#include <stdio.h>
#include <string.h>

#include "armour.h"
#include "log_inputs.h"

/* An image under way: its bytes, and its lines without their ends. */
struct armoured {
	struct buffer image;
	struct buffer text;
};

static void take_line(struct armoured *a, const char *line, u32 length)
{
	if (length && line[length - 1] == '\n')
		length--;
	if (length && line[length - 1] == '\r')
		length--;
	buffer_sink(&a->text, line, length);
	buffer_sink(&a->text, "\n", 1);
}

static void require_same_lines(const struct armour_reader *r, const struct armoured *a)
{
	struct buffer text = {0};

	require(a->image.size == r->size, "as many bytes as BEGIN says");
	require(armour_name_valid(r->name), "a valid name: %s", r->name);
	require(armour_write(r->name, a->image.size, buffer_source, (void *)&a->image, put_line, &text) == 0,
		"it can be written");
	require(text.size == a->text.size && memcmp(text.data, a->text.data, text.size) == 0,
		"to the lines that it was read from");
	buffer_free(&text);
}

static void require_message(const struct armour_reader *r)
{
	char where[32];

	snprintf(where, sizeof(where), "line %u: ", r->line);
	require(strncmp(r->error, where, strlen(where)) == 0, "the message says where: %s", r->error);
	require(strlen(r->error) < ARMOUR_ERROR_SIZE, "and ends");
}

/* One line. Returns false where the log is refused. */
static bool read_line(struct armour_reader *r, struct armoured *a, const char *line, u32 length)
{
	int event = armour_read_line(r, line, length);

	if (event == ARMOUR_BEGIN) {
		buffer_free(&a->image);
		buffer_free(&a->text);
	}
	if (event == ARMOUR_BYTES)
		buffer_sink(&a->image, r->bytes, r->count);
	if (event > ARMOUR_TEXT)
		take_line(a, line, length);
	if (event == ARMOUR_END)
		require_same_lines(r, a);
	if (event < 0)
		require_message(r);
	return event >= 0;
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct armour_reader reader = {0};
	struct armoured a = {0};
	const char *log = (const char *)data, *end = log + size;

	for (const char *line = log, *next; line < end; line = next) {
		next = memchr(line, '\n', (size_t)(end - line));
		next = next ? next + 1 : end;
		if (!read_line(&reader, &a, line, (u32)(next - line)))
			break;
	}
	if (armour_read_end(&reader) < 0)
		require_message(&reader);
	buffer_free(&a.image);
	buffer_free(&a.text);
	return 0;
}
