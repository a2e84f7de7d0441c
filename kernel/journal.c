/* SPDX-License-Identifier: GPL-2.0-only */
#include "journal.h"
#include "frames.h"
#include "screen.h"
#include "string.h"

enum { LARGEST = 1 << 20, PART = 8 }; /* bytes of memory at most, and what part of all that is free */

#define QUIET '\1' /* begins a line that the screen has not shown */

static char early[4096]; /* until there is memory: has room for all options, and which one was wrong */
static char *text = early;
static u32 size = sizeof(early), used;

void journal_init(void)
{
	u32 bytes;
	char *memory = frames_share(PART, LARGEST, &bytes);

	if (!memory)
		return;
	memcpy(memory, text, used);
	text = memory;
	size = bytes;
}

void journal_write(const char *from, u32 count)
{
	if (count > size - used)
		count = size - used;
	memcpy(text + used, from, count);
	used += count;
}

/* The last quarter is for what the screen shows. */
void journal_log(const char *line)
{
	static const char mark[] = {QUIET};

	if (used > size / 4 * 3)
		return;
	journal_write(mark, sizeof(mark));
	journal_write(line, strlen(line));
	journal_write("\n", 1);
}

void journal_clear(void)
{
	used = 0;
}

/* The end of the line that begins at `from`: its '\n', or the end of the text. */
static u32 line_end(u32 from)
{
	while (from < used && text[from] != '\n')
		from++;
	return from;
}

/* In the middle of a line a task may have written what the mark is. */
static bool is_quiet(u32 from)
{
	return from < used && text[from] == QUIET && (!from || text[from - 1] == '\n');
}

static u32 previous(u32 from)
{
	do {
		if (from)
			from--;
		while (from && text[from - 1] != '\n')
			from--;
	} while (from && is_quiet(from));
	return from;
}

/* Behind the lines from here on that the screen has not shown. */
static u32 skip_quiet(u32 from)
{
	while (is_quiet(from))
		from = line_end(from) + 1;
	return from;
}

static u32 next(u32 from)
{
	u32 end = skip_quiet(line_end(from) + 1);

	return end < used ? end : from;
}

const char *journal_line(u32 *from, u32 *length)
{
	u32 start = *from + is_quiet(*from), end = line_end(start);

	if (*from >= used)
		return NULL;
	*from = end + 1;
	*length = end - start;
	return text + start;
}

u32 journal_move(u32 from, s32 lines)
{
	for (u32 last = used + 1; lines > 0 && from != last; lines--)
		from = next(last = from);
	for (; lines < 0 && from; lines++)
		from = previous(from);
	return from;
}

__cold u32 journal_last(u32 rows)
{
	u32 from = used, before, needed;

	for (; from; from = before, rows -= needed) {
		before = previous(from);
		needed = (line_end(before) - before + SCREEN_COLUMNS - 1) / SCREEN_COLUMNS;
		if (needed > rows)
			break;
	}
	return from;
}

void journal_show(u32 from, u32 top, u32 rows)
{
	for (u32 row = top; row < top + rows; row++) {
		u32 end = line_end(from), count = end - from < SCREEN_COLUMNS ? end - from : SCREEN_COLUMNS;

		screen_clear(row, screen_write(row, 0, text + from, count, SCREEN_PLAIN), SCREEN_PLAIN);
		from += count;
		if (from == end && end < used)
			from = skip_quiet(end + 1);
	}
}
