/* SPDX-License-Identifier: GPL-2.0-only */
#include "glob.h"

static bool matches(const char *pattern, const char *name)
{
	if (*pattern == '*')
		return matches(pattern + 1, name) || (*name && matches(pattern, name + 1));
	if (!*pattern || !*name)
		return *pattern == *name;
	return (*pattern == '?' || *pattern == *name) && matches(pattern + 1, name + 1);
}

bool glob_next(const char **patterns, char *pattern, u32 size)
{
	u32 n = 0;

	if (!**patterns)
		return false;
	for (; **patterns && **patterns != ','; ++*patterns)
		if (n < size - 1)
			pattern[n++] = **patterns;
	pattern[n] = '\0';
	*patterns += **patterns == ',';
	return true;
}

bool glob_list(const char *patterns, const char *name)
{
	char pattern[64];

	while (glob_next(&patterns, pattern, sizeof(pattern)))
		if (matches(pattern, name))
			return true;
	return false;
}
