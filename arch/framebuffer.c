/* SPDX-License-Identifier: GPL-2.0-only */
#include "framebuffer.h"
#include "font.h"
#include "paging.h"
#include "screen.h"
#include "string.h"

enum { WIDTH = SCREEN_COLUMNS * FONT_WIDTH, HEIGHT = SCREEN_ROWS * FONT_HEIGHT };

static struct framebuffer fb;
static u8 *origin;     /* of the first cell */
static u32 scale;      /* a pixel of the font is so many wide and high */
static u32 colour[16]; /* VGA's, as pixels */

const char *framebuffer_refused(const struct framebuffer *f)
{
	if (f->address + (u64)f->pitch * f->height > 1ull << 32)
		return "it lies above 4 GiB";
	if (f->bits != 24 && f->bits != 32)
		return "its pixels have neither 24 nor 32 bits";
	if (f->width < WIDTH || f->height < HEIGHT)
		return "it has less than 640 by 400 pixels";
	return NULL;
}

static u32 component(u32 value, u32 lowest, u32 bits)
{
	return value >> (8 - bits) << lowest;
}

/* Bits 2, 1, 0 of a VGA colour are red, green and blue; bit 3 makes it bright. */
static u32 pixel_of(u32 vga)
{
	u32 on = vga & 8 ? 0xff : 0xaa, off = vga & 8 ? 0x55 : 0;

	return component(vga & 4 ? on : off, fb.red, fb.reds) | component(vga & 2 ? on : off, fb.green, fb.greens) |
	       component(vga & 1 ? on : off, fb.blue, fb.blues);
}

bool framebuffer_init(const struct framebuffer *f)
{
	u8 *start = paging_map_device(f->address, f->pitch * f->height);

	if (!start)
		return false;
	fb = *f;
	scale = fb.width / WIDTH < fb.height / HEIGHT ? fb.width / WIDTH : fb.height / HEIGHT;
	origin = start + (fb.height - HEIGHT * scale) / 2 * fb.pitch + (fb.width - WIDTH * scale) / 2 * (fb.bits / 8);
	for (u32 n = 0; n < ARRAY_SIZE(colour); n++)
		colour[n] = pixel_of(n);
	memset(start, 0, fb.pitch * fb.height);
	return true;
}

static u8 *draw_pixel(u8 *at, u32 pixel)
{
	for (u32 n = 0; n < scale; n++, at += fb.bits / 8) {
		if (fb.bits == 32) {
			*(volatile u32 *)at = pixel;
			continue;
		}
		((volatile u8 *)at)[0] = (u8)pixel;
		((volatile u8 *)at)[1] = (u8)(pixel >> 8);
		((volatile u8 *)at)[2] = (u8)(pixel >> 16);
	}
	return at;
}

static void draw_row(u8 *at, u8 bits, u32 foreground, u32 background)
{
	for (u32 n = 0; n < FONT_WIDTH; n++)
		at = draw_pixel(at, bits & 0x80 >> n ? foreground : background);
}

static const u8 *glyph_of(u32 character)
{
	if (character == SCREEN_SECTION)
		return font[FONT_SECTION];
	return font[character - FONT_FIRST < FONT_SECTION ? character - FONT_FIRST : '?' - FONT_FIRST];
}

void framebuffer_draw(u32 row, u32 column, u16 cell)
{
	const u8 *glyph = glyph_of(cell & 0xff);
	u8 *at = origin + row * FONT_HEIGHT * scale * fb.pitch + column * FONT_WIDTH * scale * (fb.bits / 8);

	for (u32 n = 0; n < FONT_HEIGHT * scale; n++, at += fb.pitch)
		draw_row(at, glyph[n / scale], colour[cell >> 8 & 15], colour[cell >> 12]);
}
