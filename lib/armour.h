/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The armour (docs/FORMAT.md §5): an image as lines of text, so that a log of a serial console gives it back.
 *
 *   -----BEGIN CR86 IMAGE name bytes-----
 *   base64, lines of 76 characters, the last may be shorter
 *   -----END CR86 IMAGE name crc32 xxxxxxxx-----
 *
 * The writer takes an image from a source and gives lines to a sink, so that nobody needs a buffer of the image's size;
 * the reader is fed line by line and gives bytes back.
 */
#ifndef LIB_ARMOUR_H
#define LIB_ARMOUR_H

#include "checkpoint.h"

#define ARMOUR_NAME_SIZE  32  /* with the NUL */
#define ARMOUR_LINE_CHARS 76  /* of base64 */
#define ARMOUR_LINE_BYTES 57  /* that a line of that length holds */
#define ARMOUR_LINE_SIZE  96  /* of a buffer for any line of an armour, with the NUL */
#define ARMOUR_ERROR_SIZE 160 /* of a buffer for any error message */

/* 1 to 31 of A-Z a-z 0-9 . _ - */
bool armour_name_valid(const char *name);

/* Takes one line, without its end. Returns 0, or a negative errno, after which it is not called again. */
typedef int (*armour_line_fn)(void *cookie, const char *line);

/*
 * Writes an image of `size` bytes. Returns 0; -EINVAL for a bad name, -EPIPE where the source ends early, or the
 * error of source or sink.
 */
int armour_write(const char *name, u32 size, cr_source_fn source, void *source_cookie, armour_line_fn sink,
		 void *sink_cookie);

/* The reader. Clear it to begin a log; the fields may be read, not written. */
struct armour_reader {
	u32 line; /* number of the line that was fed last, from 1 */
	char name[ARMOUR_NAME_SIZE];
	u32 size;	/* of the image, as BEGIN says */
	u32 begin_line; /* 0: not inside an image */
	u32 received;	/* bytes of it so far */
	u32 crc;
	u8 bytes[ARMOUR_LINE_BYTES]; /* what the last line held */
	u32 count;
	char error[ARMOUR_ERROR_SIZE]; /* "line 12: ..." once a line has been refused */
};

enum armour_event {
	ARMOUR_TEXT = 0, /* a line of other output, outside an image */
	ARMOUR_BEGIN,	 /* name and size are known */
	ARMOUR_BYTES,	 /* bytes and count hold the next bytes of the image */
	ARMOUR_END,	 /* the image is complete and its CRC-32 is right */
};

/*
 * Feeds the next line, `length` characters; a \r or \r\n at its end is ignored. Returns an armour_event, or -EINVAL for
 * a line that must not be there: the log is damaged, and `error` says how.
 */
int armour_read_line(struct armour_reader *r, const char *line, u32 length);

/* The log has ended. Returns 0, or -EINVAL with `error` set where it ended inside an image. */
int armour_read_end(struct armour_reader *r);

#endif
