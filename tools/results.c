/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE
#include "results.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "crc32.h"

/* Firmware and boot loaders send the terminal's control sequences (ECMA-48 §5.4), which may stand before a line's text. */
static void skip_control(const char **line, u32 *length)
{
	while (*length && (**line < ' ' || **line == 0x7f)) {
		u32 n = 1;

		if (*length > 1 && (*line)[0] == '\033' && (*line)[1] == '[')
			for (n = 2; n < *length && !isalpha((u8)(*line)[n - 1]);)
				n++;
		*line += n;
		*length -= n;
	}
}

static bool begins(const char *line, u32 length, const char *with)
{
	return length >= strlen(with) && memcmp(line, with, strlen(with)) == 0;
}

static bool begin_run(struct results *r)
{
	struct results_run *run = realloc(r->run, (r->count + 1) * sizeof(*run));

	if (!run) {
		trouble("%s", strerror(ENOMEM));
		return false;
	}
	r->run = run;
	run[r->count++] = (struct results_run){0};
	return true;
}

static void count_result(struct results_run *run, const char *line, u32 length)
{
	bool failed = begins(line, length, "not ok ");

	if (!failed && !begins(line, length, "ok "))
		return;
	run->results++;
	run->failed += failed;
	run->checksum = crc32_update(run->checksum, line, length);
}

/* The verdict ends in ", checksum XXXXXXXX". */
static bool conclude(struct results_run *run, const char *path, u32 number, const char *line, u32 length)
{
	static const char word[] = ", checksum ";
	const char *at = memmem(line, length, word, strlen(word));
	char digits[9];

	snprintf(digits, sizeof(digits), "%08x", run->checksum);
	run->concluded = true;
	if (at && (u32)(line + length - at) == strlen(word) + 8 && memcmp(at + strlen(word), digits, 8) == 0)
		return true;
	trouble("%s: line %u: the verdict's checksum is not that of the %u results above, %s: the log is damaged", path,
		number, run->results, digits);
	return false;
}

bool results_line(struct results *r, const char *path, u32 number, const char *line, u32 length)
{
	struct results_run *run;

	while (length && (line[length - 1] == '\n' || line[length - 1] == '\r'))
		length--;
	skip_control(&line, &length);
	if (begins(line, length, "TAP version ") && !begin_run(r))
		return false;
	run = r->count ? &r->run[r->count - 1] : NULL;
	if (!run || run->concluded)
		return true;
	if (!file_append(&run->text, line, length) || !file_append(&run->text, "\n", 1))
		return false;
	count_result(run, line, length);
	if (begins(line, length, "# PASSED: ") || begins(line, length, "# FAILED: "))
		return conclude(run, path, number, line, length);
	return true;
}

bool results_write(const struct results *r, const char *directory)
{
	for (u32 n = 0; n < r->count; n++) {
		const struct results_run *run = &r->run[n];
		char path[4096], suffix[16] = "";

		if (n)
			snprintf(suffix, sizeof(suffix), "-%u", n + 1);
		if (snprintf(path, sizeof(path), "%s/results%s.tap", directory, suffix) >= (int)sizeof(path)) {
			trouble("%s: %s", directory, strerror(ENAMETOOLONG));
			return false;
		}
		if (!file_write(path, run->text.data, run->text.size))
			return false;
		printf("%s: %u results, %u of them failed%s\n", path, run->results, run->failed,
		       run->concluded ? "" : "; the log has no verdict");
	}
	return true;
}

void results_free(struct results *r)
{
	for (u32 n = 0; n < r->count; n++)
		file_free(&r->run[n].text);
	free(r->run);
}
