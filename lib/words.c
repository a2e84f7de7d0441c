/* SPDX-License-Identifier: GPL-2.0-only */
#include "words.h"
#include "string.h"

/* What is kept is never longer than what was read: so `to` never gets ahead of `from`. */
bool words_split(const char *from, char *to, struct words *words)
{
	char quote = '\0';
	bool in_word = false;

	words->text = to;
	words->count = 0;
	for (; *from; from++) {
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
	words->size = (u32)(to - words->text);
	return !quote;
}

const char *words_next(const struct words *words, const char *word)
{
	u32 at = word ? (u32)(word - words->text) + strlen(word) + 1 : 0;

	return at < words->size ? words->text + at : NULL;
}
