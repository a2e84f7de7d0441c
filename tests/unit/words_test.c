/* SPDX-License-Identifier: GPL-2.0-only */
/* Lines as words: the kernel's command line, and the values of run= and env=. */
#include <stdio.h>

#include "tap.h"
#include "words.h"

/* The words in <>, or what is wrong. */
static const char *split(const char *line)
{
	static char text[256];
	char copy[128];
	struct words words;
	u32 at = 0, count = 0;

	snprintf(copy, sizeof(copy), "%s", line);
	if (!words_split(copy, copy, &words))
		return "no end";
	text[0] = '\0';
	for (const char *word = NULL; (word = words_next(&words, word)); count++)
		at += (u32)snprintf(text + at, sizeof(text) - at, "<%s>", word);
	return count == words.count ? text : "a wrong count";
}

int main(void)
{
	is_text(split(""), "", "nothing");
	is_text(split("   "), "", "spaces");
	is_text(split(" a  bc "), "<a><bc>", "words");
	is_text(split("a 'b c' d"), "<a><b c><d>", "'...'");
	is_text(split("a \"b c\" d"), "<a><b c><d>", "\"...\"");
	is_text(split("run=\"a b\" x"), "<run=a b><x>", "a quotation within a word");
	is_text(split("\"run=a b\" x"), "<run=a b><x>", "a quotation around a word, as GRUB writes it");
	is_text(split("a '' \"\" b"), "<a><><><b>", "empty words");
	is_text(split("a\\ b \\'c \\\\"), "<a b><'c><\\>", "a backslash");
	is_text(split("'a\\b' \"a\\\"b\" \"\\'\""), "<a\\b><a\"b><'>", "a backslash within '...' and \"...\"");
	is_text(split("'a\"b' \"a'b\""), "<a\"b><a'b>", "one quote within the other");
	is_text(split("a\\"), "<a\\>", "a backslash at the end");
	is_text(split("a 'b c"), "no end", "'... without an end");
	is_text(split("a \"b c'"), "no end", "\"... without an end");
	is_text(split(split("x=\"run 'a b' c\"")), "<<x=run><a b><c>>", "a line of words in a word");
	return done_testing();
}
