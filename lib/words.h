/* SPDX-License-Identifier: GPL-2.0-only */
/* A line as words, as a shell reads it: parted by spaces, with '...', "..." and \ to keep a space or a quote in a word. */
#ifndef LIB_WORDS_H
#define LIB_WORDS_H

#include "types.h"

/* Words stand one behind the other, each ended by a NUL. */
struct words {
	char *text;
	u32 size; /* bytes, with all the NULs */
	u32 count;
};

/*
 * Splits `line` in place. Within '...' every character stands for itself, within "..." all but \ do; behind a \ any does.
 * A quotation may begin and end within a word: run="NAME ARG" is one. False: the last quotation has no end.
 */
bool words_split(char *line, struct words *words);

/* The word behind `word`, or the first for NULL; NULL behind the last. */
char *words_next(const struct words *words, const char *word);

#endif
