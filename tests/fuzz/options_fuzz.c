/* SPDX-License-Identifier: GPL-2.0-only */
/* The kernel's command line: a line is refused with a reason, or all options are within their ranges afterwards. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "options.h"
#include "pieces.h"
#include "timer.h"

/* --- What the parser needs of the kernel --- */

static char said[8192]; /* since it was emptied, a line each */

void console_print(const char *format, ...) __attribute__((format(printf, 1, 2)));

void console_print(const char *format, ...)
{
	size_t length = strlen(said);
	va_list args;

	va_start(args, format);
	vsnprintf(said + length, sizeof(said) - length - 1, format, args);
	va_end(args);
	strcat(said, "\n");
}

/* --- Lines that are nearly right: words of the parser's own list --- */

static u32 find_words(const struct buffer *b, struct span *spans, u32 max)
{
	u32 count = 0;

	for (u32 at = 0, end; at < b->size && count < max; at = end) {
		for (end = at + 1; end < b->size && b->data[end - 1] != ' ';)
			end++;
		spans[count++] = (struct span){at, end - at};
	}
	return count;
}

/* The list of options, "  key=values" each, that an unknown one is answered with. */
static const char *list_of_options(void)
{
	static char list[sizeof(said)];
	char line[] = "?";

	if (!list[0]) {
		said[0] = '\0';
		options_parse(line);
		strcpy(list, said);
	}
	return list;
}

/* A key of it, "=", and something that stands in its values: a word or a number; or one of everywhere. */
static u32 compose(struct pieces *p, char *word, u32 size)
{
	static const char *const values[] = {
		"a@1", "a@0,b@1000000,c@7", "1/2",	  "0", "1",	   "999999999999", "yes", "none",
		"*",   "x87.*,y",	    "4294967296", "@", "1001/1000"};
	const char *list = list_of_options(), *row = list;
	const char *value;
	u32 key;

	for (u32 skip = pieces_random(p, 64); skip && (row = strchr(row, '\n')); skip--)
		row = row[1] ? row + 1 : list;
	while (row && (*row == ' ' || (*row != '\n' && !strchr(row, '='))))
		row++;
	if (!row)
		return 0;
	key = (u32)strcspn(row, "= \n");
	value = row + key + strspn(row + key, "=");
	for (u32 skip = pieces_random(p, 8); skip; skip--) {
		const char *next = value + strcspn(value, "|:, \n");

		if (*next == '\n')
			break;
		value = next + 1;
	}
	if (pieces_random(p, 2))
		return (u32)snprintf(word, size, "%.*s=%s ", key, row, values[pieces_random(p, ARRAY_SIZE(values))]);
	return (u32)snprintf(word, size, "%.*s=%.*s ", key, row, (int)strcspn(value, "|:, \n"), value);
}

size_t LLVMFuzzerCustomMutator(u8 *data, size_t size, size_t max, unsigned seed)
{
	static struct pieces line;
	char word[128];
	u32 length;

	pieces_init(&line, data, size, max, seed, find_words);
	if (pieces_random(&line, 2)) {
		pieces_mutate(&line);
		return line.b.size;
	}
	length = compose(&line, word, sizeof(word));
	if (length < sizeof(word))
		pieces_splice(&line, pieces_any(&line).at, 0, word, length);
	return line.b.size;
}

/* --- The test --- */

/* A word of the line, not empty, and ended in it. */
static void require_word(const char *word, const char *line, size_t size, const char *what)
{
	require(!word || (word > line && word < line + size && *word &&
			  memchr(word, 0, (size_t)(line + size + 1 - word))),
		"%s is a word of the line", what);
}

static void require_ranges(const struct options *o, const char *line, size_t size)
{
	require(o->runs <= OPTION_RUNS, "%u programs", o->runs);
	for (u32 n = 0; n < o->runs; n++)
		require_word(o->run[n], line, size, "run");
	require_word(o->restart, line, size, "restart");
	require_word(o->cases, line, size, "case");
	require_word(o->paths, line, size, "path");
	require_word(o->xstate, line, size, "xstate");
	require(o->checkpoints <= OPTION_CHECKPOINTS, "%u checkpoints", o->checkpoints);
	for (u32 n = 0; n < o->checkpoints; n++) {
		require(o->checkpoint[n].name[0] && memchr(o->checkpoint[n].name, 0, OPTION_NAME), "a name");
		require(o->checkpoint[n].ticks <= 1000000, "%u ticks", o->checkpoint[n].ticks);
	}
	require((u32)o->after <= AFTER_RESTART && (u32)o->fpu <= FPU_LAZY, "after, fpu");
	require(o->hz >= HZ_MIN && o->hz <= HZ_MAX, "hz=%u", o->hz);
	require(!o->store || (o->store >= 8 && o->store <= 1048576), "store=%u", o->store);
	require(o->parts >= 1 && o->parts <= 1000 && o->part >= 1 && o->part <= o->parts, "part=%u/%u", o->part,
		o->parts);
	require(o->repeat >= 1 && o->repeat <= 100000000 && o->resume <= 1000000, "repeat, resume");
	require(o->seed <= 100000000, "seed=%u", o->seed);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	static struct options fresh;
	static bool kept;
	char *line = calloc(size + 1, 1);

	if (!kept)
		fresh = options;
	kept = true;
	list_of_options();
	memcpy(line, data, size);
	options = fresh;
	said[0] = '\0';
	if (options_parse(line)) {
		require(!said[0], "nothing is said of a good line: %s", said);
		require_ranges(&options, line, size);
	} else {
		require(strstr(said, "expected ") || strstr(said, "unknown option '") ||
				strstr(said, "a quotation has no end"),
			"the reason: %s", said);
	}
	free(line);
	return 0;
}
