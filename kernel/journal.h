/* SPDX-License-Identifier: GPL-2.0-only */
/* The lines that the screen has shown, so that none is lost when others take its place. */
#ifndef KERNEL_JOURNAL_H
#define KERNEL_JOURNAL_H

#include "types.h"

/* Puts memory aside. Without, nothing is kept. */
void journal_init(void);

/* Keeps a piece of text. When the memory is full, the rest is on the serial line alone. */
void journal_write(const char *text, u32 count);

/* Empties it. */
void journal_clear(void);

/* All that was kept. */
const char *journal_text(u32 *size);

/* Lines are shown in rows of the screen's width; at most so many rows from the line at `from` on are drawn, the first of
 * them at row `top`. */
void journal_show(u32 from, u32 top, u32 rows);

#define JOURNAL_END 0xffffffffu /* for journal_move: behind the last line */

/* The beginning of the line that stands `lines` lines behind (or before, if negative) the one that begins at `from`. */
u32 journal_move(u32 from, s32 lines);

#endif
