/* SPDX-License-Identifier: GPL-2.0-only */
#include "words.h"
#include "string.h"

/* What is kept is never longer than what was read, so that there is always room for it. */
bool words_split(char *line, struct words *words)
{
	char *to = line, quote = '\0';
	bool in_word = false;

	words->text = line;
	words->count = 0;
	for (const char *from = line; *from; from++) {
		if (!quote && *from == ' ') {
			if (in_word)
				*to++ = '\0';
			words->count += in_word;
			in_word = false;
			continue;
		}
		in_word = true;
		if (*from == '\\' && quote != '\'' && from[1])
			*to++ = *++from;
		else if (quote ? *from == quote : *from == '"' || *from == '\'')
			quote = quote ? '\0' : *from;
		else
			*to++ = *from;
	}
	if (in_word)
		*to++ = '\0';
	words->count += in_word;
	words->size = (u32)(to - line);
	return !quote;
}

char *words_next(const struct words *words, const char *word)
{
	u32 at = word ? (u32)(word - words->text) + strlen(word) + 1 : 0;

	return at < words->size ? words->text + at : NULL;
}
