/* SPDX-License-Identifier: GPL-2.0-only */
/* A linear framebuffer, as UEFI's graphics output has it: a cell is a glyph of 8 by 16 pixels, enlarged to fill the screen. */
#ifndef ARCH_FRAMEBUFFER_H
#define ARCH_FRAMEBUFFER_H

#include "types.h"

struct colour {
	u8 red, green, blue;
};

struct framebuffer {
	u64 address;		      /* physical */
	u32 pitch, width, height;     /* bytes from line to line; pixels */
	u32 bits;		      /* of a pixel */
	u8 red, green, blue;	      /* a colour's lowest bit in a pixel ... */
	u8 reds, greens, blues;	      /* ... and how many bits it has */
	const struct colour *palette; /* or a pixel is a number of one of these, */
	u32 colours;		      /* of which there are so many; 0: there is no palette */
};

/* NULL, or what is in the way of using it, for the user. */
const char *framebuffer_refused(const struct framebuffer *fb);

/* It has less than the 640 by 400 pixels that all cells take: those of its upper left corner are shown. */
bool framebuffer_is_small(const struct framebuffer *fb);

/* Maps it and clears it. It was not refused. False: there is no memory for that. */
bool framebuffer_init(const struct framebuffer *fb);

/*
 * Draws a cell of the screen: an ASCII character, and a VGA attribute in the high byte; `before` is the cell that stands
 * there, or FFFFH: nobody knows what does.
 */
void framebuffer_draw(u32 row, u32 column, u16 cell, u16 before);

#endif
