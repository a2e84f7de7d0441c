/* SPDX-License-Identifier: GPL-2.0-only */
/* The framebuffer's font, ASCII and then the section sign: a byte a row, bit 7 the leftmost pixel. make-font makes it. */
#ifndef ARCH_FONT_H
#define ARCH_FONT_H

#include "types.h"

enum { FONT_FIRST = 0x20, FONT_SECTION = 95, FONT_GLYPHS, FONT_WIDTH = 8, FONT_HEIGHT = 16 };

extern const u8 font[FONT_GLYPHS][FONT_HEIGHT];

#endif
