/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef CONFORMANCE_GLOB_H
#define CONFORMANCE_GLOB_H

#include "types.h"

/* Whether `name` matches one of the comma-separated patterns, in which * stands for any text and ? for any character. */
bool glob_list(const char *patterns, const char *name);

#endif
