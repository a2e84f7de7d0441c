/* SPDX-License-Identifier: GPL-2.0-only */
#include "screen.h"
#include "string.h"
#include "vga.h"

/* What should be seen. The hardware gets the differences alone: in an emulator, and on a slow bus, each write is dear. */
static u16 cells[SCREEN_ROWS][SCREEN_COLUMNS];

static void draw_nothing(u32 row, u32 column, u16 cell)
{
	(void)row, (void)column, (void)cell;
}

static void (*draw)(u32 row, u32 column, u16 cell) = draw_nothing;

static bool hidden; /* nothing is drawn, and comes when it is shown again */

static void draw_all(void)
{
	if (hidden)
		return;
	for (u32 row = 0; row < SCREEN_ROWS; row++)
		for (u32 column = 0; column < SCREEN_COLUMNS; column++)
			draw(row, column, cells[row][column]);
}

static bool there;

void screen_init(void)
{
	there = vga_init();
	draw = there ? vga_draw : draw_nothing;
	for (u32 row = 0; row < SCREEN_ROWS; row++)
		screen_clear(row, 0, SCREEN_PLAIN);
}

void screen_attach(const struct framebuffer *fb)
{
	there = fb && framebuffer_init(fb);
	draw = there ? framebuffer_draw : draw_nothing;
	draw_all();
}

bool screen_is_there(void)
{
	return there;
}

void screen_hide(bool on)
{
	hidden = on;
	draw_all();
}

void screen_put(u32 row, u32 column, u8 character, u8 attribute)
{
	u16 cell = (u16)(attribute << 8 | character);

	if (cells[row][column] == cell)
		return;
	cells[row][column] = cell;
	if (!hidden)
		draw(row, column, cell);
}

u32 screen_write(u32 row, u32 column, const char *text, u32 count, u8 attribute)
{
	for (; count && column < SCREEN_COLUMNS; text++, count--)
		if ((u8)*text != 0xc2)
			screen_put(row, column++, (u8)*text == 0xa7 ? SCREEN_SECTION : (u8)*text, attribute);
	return column;
}

void screen_clear(u32 row, u32 column, u8 attribute)
{
	while (column < SCREEN_COLUMNS)
		screen_put(row, column++, ' ', attribute);
}

void screen_save(struct screen *to)
{
	memcpy(to->cells, cells, sizeof(cells));
}

void screen_restore(const struct screen *from)
{
	for (u32 row = 0; row < SCREEN_ROWS; row++)
		for (u32 column = 0; column < SCREEN_COLUMNS; column++)
			screen_put(row, column, (u8)from->cells[row][column], from->cells[row][column] >> 8);
}
