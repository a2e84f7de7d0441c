/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How `cr86 show` puts an image on paper: the walk over the image (show.c) knows what there is to say, a printer how it
 * looks. There are two, and both say all of it.
 */
#ifndef TOOLS_PRINTER_H
#define TOOLS_PRINTER_H

#include "describe.h"

struct printer {
	void (*image_begin)(const struct image *image);
	void (*record_begin)(const struct record *record, const char *name);
	void (*field)(const char *name, const char *text, bool number);
	void (*registers_begin)(const char *title);
	void (*reg)(const struct cr_register *r, const void *value, const struct note notes[NOTES]);
	void (*registers_end)(void);
	void (*pages)(const struct pages *pages);
	void (*bytes)(const u8 *bytes, u32 count); /* state that has no register of its own */
	void (*record_end)(void);
	void (*image_end)(void);
};

extern const struct printer text_printer, json_printer;

#endif
