/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The machine's screen: 25 lines of 80 characters everywhere, so that every photograph of it has the same form. VGA's
 * text mode or a framebuffer is under it, or nothing.
 */
#ifndef ARCH_SCREEN_H
#define ARCH_SCREEN_H

#include "framebuffer.h"

enum { SCREEN_ROWS = 25, SCREEN_COLUMNS = 80 };

/* Attributes, as VGA's text mode has them: the foreground's colour in the low half, the background's in the high one. */
enum {
	SCREEN_PLAIN = 0x07,
	SCREEN_BRIGHT = 0x0f,
	SCREEN_GOOD = 0x0a,
	SCREEN_BAD = 0x0c,
	SCREEN_TITLE = 0x1f,
	SCREEN_PASS = 0x2f,
	SCREEN_FAIL = 0x4f,
};

#define SCREEN_SECTION 0x15 /* the section sign in the PC's own character set; all other characters are ASCII */

/* Text mode, until a framebuffer takes its place. All is blank. */
void screen_init(void);

/* What was written so far, and what will be, is shown there. NULL: there is nothing that shows it. */
void screen_attach(const struct framebuffer *fb);

/* What is written from now on is not shown; or all of it is, again. */
void screen_hide(bool on);

/*
 * What is written to this row and those below it is not drawn for now, so that what comes and goes soon costs nothing; it
 * is shown when a later row is named. SCREEN_ROWS: all is drawn at once, as it is in the beginning.
 */
void screen_hold(u32 row);

/* Whether anything shows it. */
bool screen_is_there(void);

/* A character at its place. What is there already costs nothing. */
void screen_put(u32 row, u32 column, u8 character, u8 attribute);

/*
 * `count` bytes of text from a column on, as far as they fit into the row. Returns the column behind them. Of UTF-8 there
 * is the section sign alone, C2 A7.
 */
u32 screen_write(u32 row, u32 column, const char *text, u32 count, u8 attribute);

/* All that is seen, to be put back later. */
struct screen {
	u16 cells[SCREEN_ROWS][SCREEN_COLUMNS];
};
void screen_save(struct screen *to);
void screen_restore(const struct screen *from);

/* Blanks a row from a column on. */
void screen_clear(u32 row, u32 column, u8 attribute);

#endif
