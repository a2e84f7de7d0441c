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
};

static u16 *screen;
static u32 row, column;

static void blank(u32 from, u32 to)
{
	for (u32 n = from; n < to; n++)
		screen[n] = BLANK;
}

void vga_init(void)
{
	screen = phys_to_virt(TEXT_BUFFER);
	blank(0, ROWS * COLUMNS);
	outb(CRTC_INDEX, CRTC_CURSOR_START);
	outb(CRTC_DATA, CURSOR_OFF);
}

static void new_line(void)
{
	column = 0;
	if (++row < ROWS)
		return;
	row = ROWS - 1;
	memmove(screen, screen + COLUMNS, row * COLUMNS * sizeof(*screen));
	blank(row * COLUMNS, ROWS * COLUMNS);
}

void vga_write(const char *text, u32 count)
{
	for (; count; text++, count--) {
		if (*text == '\n' || column == COLUMNS)
			new_line();
		if ((u8)*text >= ' ')
			screen[row * COLUMNS + column++] = (BLANK & 0xff00) | (u8)*text;
	}
}
