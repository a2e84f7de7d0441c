/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Two snapshots as text: each register by name, with the values of the task that leaves, of the CPU, and of the task that
 * comes. A star marks what has changed since the snapshot before, "=" what is the same as the value to its right.
 */
#ifndef SHOWME_PICTURE_H
#define SHOWME_PICTURE_H

#include "screen.h"
#include "snapshot.h"

enum { PICTURE_ROWS = 19 };

/* A line of text, with the attribute of each character. */
struct line {
	char text[SCREEN_COLUMNS + 1];
	u8 attribute[SCREEN_COLUMNS];
	u32 length;
};

/* At a column, or behind what there is; what does not fit is left out. */
void line_put(struct line *line, u32 column, const char *text, u8 attribute);

enum { COLOUR_LEAVES = 0x0b, COLOUR_COMES = 0x0e, COLOUR_CHANGED = 0x10 /* added */ };

/* Lays out all registers that there are. Returns the number of pages. */
u32 picture_layout(const struct snapshot *now);

/* One row of a page. */
void picture_line(struct line *line, const struct snapshot *now, const struct snapshot *before, u32 page, u32 row);

/* How many rows of a page are in use; and the page where most has changed. */
u32 picture_rows(u32 page);
u32 picture_page(const struct snapshot *now, const struct snapshot *before);

#endif
