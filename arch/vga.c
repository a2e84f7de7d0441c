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
	ALARM = 0x4f00, /* white on red */

	CRTC_INDEX = 0x3d4,
	CRTC_DATA = 0x3d5,
	CRTC_CURSOR_START = 0x0a,
	CURSOR_OFF = 0x20,
	CRTC_START_HIGH = 0x0c, /* where in the buffer the screen begins, in characters */
	CRTC_START_LOW = 0x0d,
	BUFFER_ROWS = 200, /* the buffer has 32 KiB */
};

static u16 *screen;
static u16 colour = BLANK & 0xff00;
static u32 row, column; /* in the buffer */
static u32 top;		/* the row that the screen begins with */

static void blank(u32 from, u32 to)
{
	for (u32 n = from; n < to; n++)
		screen[n] = BLANK;
}

static void write_crtc(u32 index, u32 value)
{
	outb(CRTC_INDEX, (u8)index);
	outb(CRTC_DATA, (u8)value);
}

void vga_alarm(void)
{
	colour = ALARM;
}

void vga_init(void)
{
	screen = phys_to_virt(TEXT_BUFFER);
	blank(0, ROWS * COLUMNS);
	write_crtc(CRTC_CURSOR_START, CURSOR_OFF);
}

/*
 * The screen moves down the buffer, and goes back to its beginning when it comes to the end. To move the text instead
 * at every line is slow: in an emulator each access to the buffer is work.
 */
static void scroll(void)
{
	if (row == BUFFER_ROWS) {
		memmove(screen, screen + (top + 1) * COLUMNS, (ROWS - 1) * COLUMNS * sizeof(*screen));
		row = ROWS - 1;
		top = 0;
	} else {
		top++;
	}
	blank(row * COLUMNS, (row + 1) * COLUMNS);
	write_crtc(CRTC_START_HIGH, top * COLUMNS >> 8);
	write_crtc(CRTC_START_LOW, top * COLUMNS & 0xff);
}

static void new_line(void)
{
	column = 0;
	if (++row - top >= ROWS)
		scroll();
}

void vga_write(const char *text, u32 count)
{
	for (; count; text++, count--) {
		if (*text == '\n' || column == COLUMNS)
			new_line();
		if ((u8)*text >= ' ')
			screen[row * COLUMNS + column++] = colour | (u8)*text;
	}
}
