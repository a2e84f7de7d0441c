/* SPDX-License-Identifier: GPL-2.0-only */
/* VGA's text mode, in which a PC's BIOS and most emulators start. Known to screen.c alone. */
#ifndef ARCH_VGA_H
#define ARCH_VGA_H

#include "types.h"

/* Turns the cursor off. False: there is no VGA, for its register does not hold what is written. */
bool vga_init(void);

/* Draws a cell: its character, and its attribute in the high byte, which are VGA's own. What stood there does not matter. */
void vga_draw(u32 row, u32 column, u16 cell, u16 before);

#endif
