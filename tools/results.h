/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The results in a log of the serial line: TAP, from the line "TAP version 13" to the verdict, which has a checksum of all
 * result lines. Boots and repeated runs each begin anew.
 */
#ifndef TOOLS_RESULTS_H
#define TOOLS_RESULTS_H

#include <stdbool.h>

#include "file.h"

struct results_run {
	struct file text; /* the lines, each with a '\n' */
	u32 results, failed;
	u32 checksum; /* of the result lines so far */
	bool concluded;
};

/* Clear it to begin a log. */
struct results {
	struct results_run *run;
	u32 count;
};

/*
 * Takes the log's next line, which is number `number`, without what is the armour's. Complains and returns false where the
 * verdict's checksum is another than that of the lines: the log is damaged; or without memory.
 */
bool results_line(struct results *r, const char *path, u32 number, const char *line, u32 length);

/* Writes each run to DIR/results.tap, DIR/results-2.tap, ..., and says what it holds. Complains and returns false. */
bool results_write(const struct results *r, const char *directory);

void results_free(struct results *r);

#endif
