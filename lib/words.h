/* SPDX-License-Identifier: GPL-2.0-only */
/* A line as words, as a shell reads it: parted by spaces, with '...', "..." and \ to keep a space or a quote in a word. */
#ifndef LIB_WORDS_H
#define LIB_WORDS_H

#include "string.h"
#include "types.h"

/* Words stand one behind the other, each ended by a NUL. */
struct words {
	const char *text;
	u32 size; /* bytes, with all the NULs */
	u32 count;
};

/* A word alone. */
static inline struct words word(const char *text)
{
	return (struct words){text, strlen(text) + 1, 1};
}

/*
 * Copies the words of `line` to `to`, which has room for as many bytes as the line has with its end, and may be the line
 * itself. Within '...' every character stands for itself, within "..." all but \ do; behind a \ any does. A quotation may
 * begin and end within a word: run="NAME ARG" is one. False: the last quotation has no end.
 */
bool words_split(const char *line, char *to, struct words *words);

/* The word behind `word`, or the first for NULL; NULL behind the last. */
const char *words_next(const struct words *words, const char *word);

#endif
