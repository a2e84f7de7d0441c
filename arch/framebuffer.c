/* SPDX-License-Identifier: GPL-2.0-only */
#include "framebuffer.h"
#include "font.h"
#include "paging.h"
#include "screen.h"
#include "string.h"

enum {
	WIDTH = SCREEN_COLUMNS * FONT_WIDTH,
	HEIGHT = SCREEN_ROWS * FONT_HEIGHT,
	LARGEST_SCALE = 2, /* so that drawing takes no large part of a run; 16 by 32 pixels can be read on any screen */
};

static struct framebuffer fb;
static u8 *origin;	  /* of the first cell */
static u32 scale;	  /* a pixel of the font is so many wide and high */
static u32 bytes;	  /* of a pixel */
static u32 rows, columns; /* of cells that there is room for */
static u32 colour[16];	  /* VGA's, as pixels */

__cold const char *framebuffer_refused(const struct framebuffer *f)
{
	if (!paging_reaches(f->address, (u64)f->pitch * f->height))
		return "it lies above 4 GiB, out of the reach of this CPU's paging";
	if (f->colours ? f->bits != 8 : f->bits < 15 || f->bits > 32)
		return "its pixels are not colours of 15 to 32 bits, nor 8 of a palette";
	return NULL;
}

bool framebuffer_is_small(const struct framebuffer *f)
{
	return f->width < WIDTH || f->height < HEIGHT;
}

static u32 smaller(u32 a, u32 b)
{
	return a < b ? a : b;
}

/* Bits 2, 1, 0 of a VGA colour are red, green and blue; bit 3 makes it bright. */
static __cold struct colour colour_of(u32 vga)
{
	u8 on = vga & 8 ? 0xff : 0xaa, off = vga & 8 ? 0x55 : 0;

	return (struct colour){vga & 4 ? on : off, vga & 2 ? on : off, vga & 1 ? on : off};
}

static __cold u32 square(s32 n)
{
	return (u32)(n * n);
}

/* The number of the colour in the palette that is least unlike this one. */
static __cold u32 nearest(struct colour c)
{
	u32 best = 0, least = ~0u;

	for (u32 n = 0; n < fb.colours; n++) {
		const struct colour *p = &fb.palette[n];
		u32 unlike = square(p->red - c.red) + square(p->green - c.green) + square(p->blue - c.blue);

		if (unlike < least) {
			least = unlike;
			best = n;
		}
	}
	return best;
}

static __cold u32 component(u32 value, u32 lowest, u32 bits)
{
	return value >> (8 - bits) << lowest;
}

static __cold u32 pixel_of(struct colour c)
{
	if (fb.colours)
		return nearest(c);
	return component(c.red, fb.red, fb.reds) | component(c.green, fb.green, fb.greens) |
	       component(c.blue, fb.blue, fb.blues);
}

/*
 * Half a row of a glyph, 4 pixels, is one of 16 patterns: as they look in memory, enlarged, in the colours of the last cell.
 * Whatever a pixel's format is, 4 of them are whole words.
 */
enum { HALF = FONT_WIDTH / 2, LARGEST_PIXEL = 4 };
static u8 pattern[1 << HALF][HALF * LARGEST_SCALE * LARGEST_PIXEL];
static u32 pattern_words;	  /* of each */
static u32 pattern_colours = ~0u; /* an attribute: none so far */

static __cold void make_pattern(u8 *at, u32 bits, u32 foreground, u32 background)
{
	for (u32 bit = 1 << (HALF - 1); bit; bit >>= 1)
		for (u32 n = 0; n < scale; n++, at += bytes)
			memcpy(at, bits & bit ? &foreground : &background, bytes);
}

static __cold void choose_colours(u32 attribute)
{
	if (pattern_colours == attribute)
		return;
	pattern_colours = attribute;
	for (u32 bits = 0; bits < ARRAY_SIZE(pattern); bits++)
		make_pattern(pattern[bits], bits, colour[attribute & 15], colour[attribute >> 4]);
}

/* Returns the place behind it. */
static inline u8 *draw_pattern(u8 *at, const u8 *from, u32 words)
{
	__asm__ volatile("rep movsl" : "+D"(at), "+S"(from), "+c"(words) : : "memory");
	return at;
}

/* A row of a glyph, in as many lines as it is enlarged to. */
static void draw_row(u8 *at, u32 bits)
{
	const u8 *left = pattern[bits >> HALF], *right = pattern[bits & (ARRAY_SIZE(pattern) - 1)];

	for (u32 n = 0; n < scale; n++, at += fb.pitch)
		draw_pattern(draw_pattern(at, left, pattern_words), right, pattern_words);
}

__cold bool framebuffer_init(const struct framebuffer *f)
{
	u8 *start = paging_map_framebuffer(f->address, (u64)f->pitch * f->height);

	if (!start)
		return false;
	fb = *f;
	bytes = (fb.bits + 7) / 8;
	scale = framebuffer_is_small(f) ? 1 : smaller(LARGEST_SCALE, smaller(fb.width / WIDTH, fb.height / HEIGHT));
	pattern_words = HALF * scale * bytes / 4;
	rows = smaller(fb.height / FONT_HEIGHT, SCREEN_ROWS);
	columns = smaller(fb.width / FONT_WIDTH, SCREEN_COLUMNS);
	origin = start + (fb.height - rows * FONT_HEIGHT * scale) / 2 * fb.pitch +
		 (fb.width - columns * FONT_WIDTH * scale) / 2 * bytes;
	for (u32 n = 0; n < ARRAY_SIZE(colour); n++)
		colour[n] = pixel_of(colour_of(n));
	memset(start, (int)colour[0], fb.pitch * fb.height);
	return true;
}

static const u8 *glyph_of(u32 character)
{
	if (character == SCREEN_SECTION)
		return font[FONT_SECTION];
	return font[character - FONT_FIRST < FONT_SECTION ? character - FONT_FIRST : '?' - FONT_FIRST];
}

/* Half of a letter's rows are as those of the letter before, and stay. */
void framebuffer_draw(u32 row, u32 column, u16 cell, u16 before)
{
	const u8 *glyph = glyph_of(cell & 0xff), *old = glyph_of(before & 0xff);
	bool recoloured = cell >> 8 != before >> 8;
	u8 *at = origin + row * FONT_HEIGHT * scale * fb.pitch + column * FONT_WIDTH * scale * bytes;

	if (row >= rows || column >= columns)
		return;
	choose_colours(cell >> 8);
	for (u32 n = 0; n < FONT_HEIGHT; n++, at += scale * fb.pitch)
		if (recoloured || glyph[n] != old[n])
			draw_row(at, glyph[n]);
	/* Nothing of it stays in the CPU's buffers: the machine may freeze next, and is to show where. */
	__asm__ volatile("lock addl $0, (%%esp)" : : : "memory", "cc");
}
