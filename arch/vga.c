/* SPDX-License-Identifier: GPL-2.0-only */
#include "vga.h"
#include "frames.h"
#include "port.h"
#include "string.h"

enum {
	COLUMNS = 80,
	ROWS = 25,
	TEXT_BUFFER = 0xb8000,
	BLANK = 0x0720, /* a light grey space on black */

	CRTC_INDEX = 0x3d4,
	CRTC_DATA = 0x3d5,
	CRTC_CURSOR_START = 0x0a,
	CURSOR_OFF = 0x20,
	CRTC_START_HIGH = 0x0c, /* where in the buffer the screen begins, in characters */
	CRTC_START_LOW = 0x0d,
	BUFFER_ROWS = 200, /* the buffer has 32 KiB */
};

#define PAIRS (COLUMNS / 2)

/* Two characters at a time: each access to the buffer is work for an emulator, however wide it is. */
static u32 *screen;
static u32 row, column; /* in the buffer */
static u32 top;		/* the row that the screen begins with */
static bool ended;	/* the row's line has ended: the next character begins a new one */

/* The row, which goes to the buffer when all that is to be written stands in it. */
static union {
	u16 character[COLUMNS];
	u32 pair[PAIRS];
} line;

static void clear_line(void)
{
	for (u32 n = 0; n < PAIRS; n++)
		line.pair[n] = BLANK << 16 | BLANK;
}

/* The row's characters from `from` on; from 0, with the blanks behind them, where another row's text may have been. */
static void show_line(u32 from)
{
	u32 end = from ? (column + 1) / 2 : PAIRS;

	for (u32 n = from / 2; n < end; n++)
		screen[row * PAIRS + n] = line.pair[n];
}

static void write_crtc(u32 index, u32 value)
{
	outb(CRTC_INDEX, (u8)index);
	outb(CRTC_DATA, (u8)value);
}

void vga_init(void)
{
	screen = phys_to_virt(TEXT_BUFFER);
	clear_line();
	for (row = ROWS; row--;)
		show_line(0);
	row = 0;
	write_crtc(CRTC_CURSOR_START, CURSOR_OFF);
}

/*
 * The screen moves down the buffer, and goes back to its beginning when it comes to the end. To move the text instead
 * at every line is slow.
 */
static void scroll(void)
{
	if (row == BUFFER_ROWS) {
		memmove(screen, screen + (top + 1) * PAIRS, (ROWS - 1) * PAIRS * sizeof(*screen));
		row = ROWS - 1;
		top = 0;
	} else {
		top++;
	}
	write_crtc(CRTC_START_HIGH, top * COLUMNS >> 8);
	write_crtc(CRTC_START_LOW, top * COLUMNS & 0xff);
}

static void new_line(void)
{
	column = 0;
	clear_line();
	if (++row - top >= ROWS)
		scroll();
}

void vga_write(const char *text, u32 count)
{
	u32 from = column;

	for (; count; text++, count--) {
		bool end = *text == '\n';

		if (!end && (u8)*text < ' ')
			continue;
		if (ended || (column == COLUMNS && !end)) {
			show_line(from);
			new_line();
			from = 0;
		}
		ended = end;
		if (!end)
			line.character[column++] = (BLANK & 0xff00) | (u8)*text;
	}
	show_line(from);
}
