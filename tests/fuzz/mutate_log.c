/* SPDX-License-Identifier: GPL-2.0-only */
/* Logs: lines are moved about and changed; or an image in one is, and put into armour again. */
#define _GNU_SOURCE
#include <string.h>

#include "armour.h"
#include "pieces.h"

static u32 find_lines(const struct buffer *b, struct span *spans, u32 max)
{
	u32 count = 0;

	for (u32 at = 0; at < b->size && count < max; at += spans[count++].size) {
		const u8 *end = memchr(b->data + at, '\n', b->size - at);

		spans[count] = (struct span){at, end ? (u32)(end + 1 - b->data) - at : b->size - at};
	}
	return count;
}

/* The first image that stands whole in the log's armour, and the lines that it takes. */
static struct buffer find_armoured(const struct pieces *log, char name[ARMOUR_NAME_SIZE], struct span *lines)
{
	struct armour_reader reader = {0};
	struct buffer image = {0};

	for (u32 n = 0; n < log->count; n++) {
		const struct span *line = &log->span[n];
		int event = armour_read_line(&reader, (const char *)log->b.data + line->at, line->size);

		if (event == ARMOUR_BEGIN)
			lines->at = line->at;
		if (event == ARMOUR_BYTES)
			buffer_sink(&image, reader.bytes, reader.count);
		lines->size = line->at + line->size - lines->at;
		if (event == ARMOUR_END) {
			memcpy(name, reader.name, ARMOUR_NAME_SIZE);
			return image;
		}
	}
	buffer_free(&image);
	return image;
}

/* The next place in a line where one thing could be spelled in two ways: a number's first digit, base64's last character. */
static u32 ambiguous_place(const struct pieces *log, const struct span *line, u32 at)
{
	const u8 *bytes = log->b.data;

	for (u32 n = at; n + 1 < line->at + line->size; n++)
		if (bytes[n + 1] == '=' || (n > line->at && bytes[n - 1] == ' ' && bytes[n] >= '0' && bytes[n] <= '9'))
			return n;
	return at;
}

/* In any line, or in a BEGIN or END line, which are few. */
static void misspell(struct pieces *log)
{
	struct span line = pieces_any(log);
	bool frame = pieces_random(log, 2);
	u32 at;
	u8 other;

	for (u32 n = 0; n < log->count && frame && log->b.data[line.at] != '-'; n++)
		line = log->span[n];
	if (!line.size)
		return;
	at = ambiguous_place(log, &line, line.at + pieces_random(log, line.size));
	other = log->b.data[at] + (pieces_random(log, 2) ? 1 : -1);
	pieces_splice(log, at, pieces_random(log, 2), pieces_random(log, 2) ? "0" : (const char *)&other, 1);
}

int put_line(void *cookie, const char *line)
{
	return buffer_sink(cookie, line, (u32)strlen(line)) || buffer_sink(cookie, "\n", 1);
}

static void mutate_armoured(struct pieces *log, unsigned seed)
{
	char name[ARMOUR_NAME_SIZE];
	struct span lines = {0, 0};
	struct buffer image = find_armoured(log, name, &lines), text = {0};
	u32 room = image.size + 2 * PAGE_SIZE;

	if (!image.size)
		return;
	image.data = realloc(image.data, room);
	image.size = (u32)mutate_image(image.data, image.size, room, seed);
	armour_write(name, image.size, buffer_source, &image, put_line, &text);
	pieces_splice(log, lines.at, lines.size, text.data, text.size);
	buffer_free(&image);
	buffer_free(&text);
}

size_t mutate_log(u8 *data, size_t size, size_t max, unsigned seed)
{
	static const u8 head[] = {CR_HDR_HEAD, 0, sizeof(struct cr_hdr_head), 0, 0, 0, 0, 0};
	static struct pieces log;
	u8 *capture = memmem(data, size, head, sizeof(head));

	if (capture) {
		size_t before = (size_t)(capture - data);

		return before + mutate_image(capture, size - before, max - before, seed);
	}
	pieces_init(&log, data, size, max, seed, find_lines);
	switch (pieces_random(&log, 4)) {
	case 0:
		misspell(&log);
		break;
	case 1:
		pieces_mutate(&log);
		break;
	default:
		mutate_armoured(&log, seed);
		break;
	}
	return log.b.size;
}
