/* SPDX-License-Identifier: GPL-2.0-only */
#include "journal.h"
#include "frames.h"
#include "screen.h"
#include "string.h"

#define LARGEST (1u << 20) /* of memory; and no more than an eighth of what is free */

static char *text;
static u32 size, used;

void journal_init(void)
{
	u32 frames = frames_available() / 8;

	if (frames > LARGEST / PAGE_SIZE)
		frames = LARGEST / PAGE_SIZE;
	text = frames_alloc(frames);
	size = text ? frames * PAGE_SIZE : 0;
}

void journal_write(const char *from, u32 count)
{
	if (count > size - used)
		count = size - used;
	memcpy(text + used, from, count);
	used += count;
}

void journal_clear(void)
{
	used = 0;
}

const char *journal_text(u32 *count)
{
	*count = used;
	return text;
}

/* The end of the line that begins at `from`: its '\n', or the end of the text. */
static u32 line_end(u32 from)
{
	while (from < used && text[from] != '\n')
		from++;
	return from;
}

static u32 previous(u32 from)
{
	if (from)
		from--;
	while (from && text[from - 1] != '\n')
		from--;
	return from;
}

static u32 next(u32 from)
{
	u32 end = line_end(from) + 1;

	return end < used ? end : from;
}

u32 journal_move(u32 from, s32 lines)
{
	if (from > used)
		from = used;
	for (u32 last = used + 1; lines > 0 && from != last; lines--)
		from = next(last = from);
	for (; lines < 0 && from; lines++)
		from = previous(from);
	return from;
}

void journal_show(u32 from, u32 top, u32 rows)
{
	for (u32 row = top; row < top + rows; row++) {
		u32 end = line_end(from), count = end - from < SCREEN_COLUMNS ? end - from : SCREEN_COLUMNS;

		screen_clear(row, screen_write(row, 0, text + from, count, SCREEN_PLAIN), SCREEN_PLAIN);
		from += count;
		if (from == end && end < used)
			from++;
	}
}
