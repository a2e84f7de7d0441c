/* SPDX-License-Identifier: GPL-2.0-only */
#include "screen.h"
#include "string.h"
#include "vga.h"

/* What should be seen, and what is. The hardware gets the differences alone: in an emulator, and on a slow bus, each is dear. */
static u16 cells[SCREEN_ROWS][SCREEN_COLUMNS], drawn[SCREEN_ROWS][SCREEN_COLUMNS];

typedef void draw_fn(u32 row, u32 column, u16 cell, u16 before);

static void draw_nothing(u32 row, u32 column, u16 cell, u16 before)
{
	(void)row, (void)column, (void)cell, (void)before;
}

static draw_fn *draw = draw_nothing;

static bool there;
static bool hidden;
static u32 held = SCREEN_ROWS; /* the first row that is not drawn for now */

static void update(u32 row, u32 column)
{
	u16 cell = cells[row][column], before = drawn[row][column];

	if (hidden || row >= held || before == cell)
		return;
	drawn[row][column] = cell;
	draw(row, column, cell, before);
}

static void update_all(void)
{
	for (u32 row = 0; row < SCREEN_ROWS; row++)
		for (u32 column = 0; column < SCREEN_COLUMNS; column++)
			update(row, column);
}

/* Nobody knows what it shows. No cell of ours is FFFFH, so all will be drawn. */
static void set_hardware(bool is_there, draw_fn *draw_cell)
{
	there = is_there;
	draw = there ? draw_cell : draw_nothing;
	memset(drawn, 0xff, sizeof(drawn));
}

__cold void screen_init(void)
{
	set_hardware(vga_init(), vga_draw);
	for (u32 row = 0; row < SCREEN_ROWS; row++)
		screen_clear(row, 0, SCREEN_PLAIN);
}

__cold void screen_attach(const struct framebuffer *fb)
{
	set_hardware(fb && framebuffer_init(fb), framebuffer_draw);
	update_all();
}

bool screen_is_there(void)
{
	return there;
}

void screen_hide(bool on)
{
	hidden = on;
	update_all();
}

void screen_hold(u32 row)
{
	bool more = row > held;

	held = row;
	if (more)
		update_all();
}

void screen_put(u32 row, u32 column, u8 character, u8 attribute)
{
	cells[row][column] = (u16)(attribute << 8 | character);
	update(row, column);
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
