/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef CONFORMANCE_CATALOGUE_H
#define CONFORMANCE_CATALOGUE_H

#include "types.h"

/* What to run: globs, comma-separated; NULL: all. */
struct catalogue_options {
	const char *cases, *paths;
	u32 part, parts; /* every parts-th of them, from the part-th on; 1 and 1: all */
	u32 resume;	 /* the case that a machine died in, which is passed over with all before it; 0: none did */
	u32 repeat;	 /* how often to run each */
};

/* Runs the selected cases on the selected paths; a result each. */
void catalogue_run(const struct catalogue_options *options);

/* Prints their names, with what they need, prove and refer to. */
void catalogue_list(const struct catalogue_options *options);

#endif
