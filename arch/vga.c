/* SPDX-License-Identifier: GPL-2.0-only */
#include "vga.h"
#include "frames.h"
#include "port.h"
#include "screen.h"

enum {
	TEXT_BUFFER = 0xb8000,
	CRTC_INDEX = 0x3d4,
	CRTC_DATA = 0x3d5,
	CRTC_CURSOR_START = 0x0a,
	CURSOR_OFF = 0x20,
};

bool vga_init(void)
{
	outb(CRTC_INDEX, CRTC_CURSOR_START);
	outb(CRTC_DATA, CURSOR_OFF);
	return inb(CRTC_DATA) == CURSOR_OFF;
}

void vga_draw(u32 row, u32 column, u16 cell, u16 before)
{
	volatile u16 *buffer = phys_to_virt(TEXT_BUFFER);

	(void)before;
	buffer[row * SCREEN_COLUMNS + column] = cell;
}
