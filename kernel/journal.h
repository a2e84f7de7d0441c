/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * All lines of a run: those that the screen has shown, so that none is lost when others take its place; and those that went
 * to the serial line alone, for whoever connects one only later.
 */
#ifndef KERNEL_JOURNAL_H
#define KERNEL_JOURNAL_H

#include "types.h"

/* Puts memory aside. Without, only the first 4 KiB are kept. */
void journal_init(void);

/* Keeps a piece of text that the screen shows. When the memory is full, the rest is on the serial line alone. */
void journal_write(const char *text, u32 count);

/* Keeps a line that it does not show. Of these there are none any more when a quarter of the memory is left. */
void journal_log(const char *line);

/* Empties it. */
void journal_clear(void);

/* The line that begins at *from, 0 for the first one, without its end; *from is the next one's. NULL: there is none. */
const char *journal_line(u32 *from, u32 *length);

/* Lines are shown in rows of the screen's width; at most so many rows from the line at `from` on are drawn, the first of
 * them at row `top`. */
void journal_show(u32 from, u32 top, u32 rows);

/* The beginning of the line that stands `lines` lines behind (or before, if negative) the one that begins at `from`. */
u32 journal_move(u32 from, s32 lines);

/* The beginning of the first line of the last page: that and all behind it have room in so many rows. */
u32 journal_last(u32 rows);

#endif
