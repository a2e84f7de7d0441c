/* SPDX-License-Identifier: GPL-2.0-only */
/* An image in memory that the reader has accepted, and a walk over its records. */
#ifndef TOOLS_IMAGE_H
#define TOOLS_IMAGE_H

#include "checkpoint.h"
#include "file.h"
#include "registers.h"

#define IMAGE_COMM_SIZE (4 * CR_TASK_COMM_LEN + 1)

struct image {
	const char *path;
	char comm[IMAGE_COMM_SIZE]; /* the task's name, fit for a terminal */
	struct file file;
	struct cr_image cr;
};

/* Reads and validates. Complains and returns false where the file is no image, or more than one. */
bool image_open(struct image *image, const char *path);
void image_close(struct image *image);

/* The same over bytes that stand somewhere in memory: returns the reader's result, *error the details. */
int image_validate(const u8 *data, u32 size, struct cr_image *cr, struct cr_error *error);

/* A record and the raw bytes that belong to it but stand behind its payload. */
struct record {
	u32 offset;
	u32 size; /* of all of it */
	struct cr_hdr hdr;
	const u8 *payload;
	const u8 *raw;
	u32 raw_size;
};

/* The record after `previous`, or the first where that is NULL. Returns false after TAIL. */
bool image_next(const struct image *image, const struct record *previous, struct record *next);

/* A VMA's pages in one PGARR record. */
struct pages {
	u32 count;
	const u8 *addresses; /* 4 bytes each */
	const u8 *contents;  /* PAGE_SIZE bytes each */
};
struct pages record_pages(const struct record *pgarr);
u32 page_address(const struct pages *pages, u32 n);

/*
 * A plain field of a record, for printing and comparing. (The registers in CPU, THREAD and XSTATE have a table of their
 * own: registers.h.)
 */
struct field {
	s16 record;
	u16 offset;
	u16 size;
	const char *name;
	enum { FIELD_DECIMAL, FIELD_HEX, FIELD_TEXT, FIELD_TIME, FIELD_SIGNED } kind;
	bool writer; /* says something about the writing, not about the task */
};
extern const struct field fields[];
extern const u32 field_count;

#define FIELD_TEXT_SIZE 260 /* 64 bytes of text, each as \xNN at worst */

/* The field's value in words; `payload` is its record's. */
void field_format(char text[FIELD_TEXT_SIZE], const struct field *field, const u8 *payload);

#endif
