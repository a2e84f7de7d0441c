/* SPDX-License-Identifier: GPL-2.0-only */
#include "console.h"
#include "journal.h"
#include "printf.h"
#include "serial.h"
#include "string.h"
#include "screen.h"

static u32 line_owner; /* the task whose line stands unfinished on the console; 0: none does */

static bool muted;

void console_mute(bool on)
{
	muted = on;
}

/*
 * The part of the screen that shows the console's text. Lines do not move up when it is full: the next one replaces the
 * oldest, at the top again, and a blank line stands between them. A line is then drawn once, however slow the screen.
 */
static struct {
	u32 top, row, column;
	u8 attribute;
	bool closed; /* what comes is for journal and serial line alone */
} window = {.attribute = SCREEN_PLAIN};

static u32 row_below(u32 row)
{
	return row + 1 < SCREEN_ROWS ? row + 1 : window.top;
}

static void window_new_line(void)
{
	screen_clear(window.row, window.column, SCREEN_PLAIN);
	window.row = row_below(window.row);
	window.column = 0;
	screen_clear(row_below(window.row), 0, SCREEN_PLAIN);
}

/* How many bytes there are before the next control character; at most so many. */
static u32 printable(const char *text, u32 most)
{
	u32 count = 0;

	while (count < most && (u8)text[count] >= ' ')
		count++;
	return count;
}

/* As much of a line at a time as there is room for: no byte needs more than a column. */
static void window_write(const char *text, u32 count)
{
	while (count && !window.closed) {
		u32 room, piece;

		if (*text == '\n' || window.column == SCREEN_COLUMNS)
			window_new_line();
		room = SCREEN_COLUMNS - window.column;
		piece = printable(text, count < room ? count : room);
		window.column = screen_write(window.row, window.column, text, piece, window.attribute);
		piece += !piece; /* a control character is passed over */
		text += piece;
		count -= piece;
	}
}

static void out(const char *text, u32 count)
{
	if (muted)
		return;
	journal_write(text, count);
	serial_write(text, count);
	window_write(text, count);
}

static void end_line(void)
{
	line_owner = 0;
	if (muted)
		return;
	journal_write("\n", 1);
	serial_write("\r\n", 2);
	window_write("\n", 1);
}

static void break_line(void)
{
	if (line_owner)
		end_line();
}

void console_init(void)
{
	screen_init();
}

void console_window(u32 top)
{
	window.top = window.row = top;
	window.column = 0;
	for (u32 row = top; row < SCREEN_ROWS; row++)
		screen_clear(row, 0, SCREEN_PLAIN);
}

void console_alarm(void)
{
	screen_hide(false);
	screen_hold(SCREEN_ROWS);
	window.attribute = SCREEN_FAIL;
	console_window(0);
}

void console_log(const char *line)
{
	break_line();
	if (muted)
		return;
	journal_log(line);
	serial_write(line, strlen(line));
	serial_write("\r\n", 2);
}

void console_detail(const char *line)
{
	break_line();
	window.closed = true;
	console_print("%s", line);
	window.closed = false;
}

void console_line(const char *line)
{
	break_line();
	out(line, strlen(line));
	end_line();
}

void console_print(const char *format, ...)
{
	char line[512] = "# ";
	va_list args;

	va_start(args, format);
	lib_vsnprintf(line + 2, sizeof(line) - 2, format, args);
	va_end(args);
	console_line(line);
}

static void start_task_line(u32 pid, const char *comm, bool goes_on)
{
	char prefix[48];
	int n = lib_snprintf(prefix, sizeof(prefix), "[%u %.15s]%s ", pid, comm, goes_on ? "+" : "");

	if (line_owner == pid)
		return;
	break_line();
	out(prefix, (u32)n);
	line_owner = pid;
}

void console_task_output(u32 pid, const char *comm, u32 *column, const char *text, u32 count)
{
	while (count) {
		u32 n = 0;

		while (n < count && text[n] != '\n')
			n++;
		start_task_line(pid, comm, *column);
		out(text, n);
		*column += n;
		if (n < count) {
			end_line();
			*column = 0;
			n++;
		}
		text += n;
		count -= n;
	}
}
