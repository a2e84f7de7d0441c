/* SPDX-License-Identifier: GPL-2.0-only */
/* The VGA text screen, 80 by 25. */
#ifndef ARCH_VGA_H
#define ARCH_VGA_H

#include "types.h"

void vga_init(void);

/* What is written from here on stands out: white on red. */
void vga_alarm(void);
void vga_write(const char *text, u32 count);

#endif
