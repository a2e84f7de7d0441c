/* SPDX-License-Identifier: GPL-2.0-only */
#include "list.h"

bool list_next(const char **list, char *name, u32 size)
{
	u32 n = 0;

	if (!*list || !**list)
		return false;
	for (; **list && **list != ','; ++*list)
		if (n < size - 1)
			name[n++] = **list;
	name[n] = '\0';
	*list += **list == ',';
	return true;
}
