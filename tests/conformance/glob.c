/* SPDX-License-Identifier: GPL-2.0-only */
#include "glob.h"
#include "list.h"

static bool matches(const char *pattern, const char *name)
{
	if (*pattern == '*')
		return matches(pattern + 1, name) || (*name && matches(pattern, name + 1));
	if (!*pattern || !*name)
		return *pattern == *name;
	return (*pattern == '?' || *pattern == *name) && matches(pattern + 1, name + 1);
}

bool glob_list(const char *patterns, const char *name)
{
	char pattern[64];

	while (list_next(&patterns, pattern, sizeof(pattern)))
		if (matches(pattern, name))
			return true;
	return false;
}
