/* SPDX-License-Identifier: GPL-2.0-only */
#include "string.h"
#include "x86.h"

static const char *const names[] = {"#DE", "#DB", "NMI", "#BP", "#OF", "#BR", "#UD", "#NM", "#DF", "#CSO", "#TS",
				    "#NP", "#SS", "#GP", "#PF", "#15", "#MF", "#AC", "#MC", "#XM", "#VE",  "#CP"};

const char *trap_name(u32 vector)
{
	return vector < ARRAY_SIZE(names) ? names[vector] : "interrupt";
}

bool trap_by_name(const char *name, u32 length, u32 *vector)
{
	for (u32 n = 0; n < ARRAY_SIZE(names); n++) {
		if (strlen(names[n]) != length || strncmp(names[n], name, length) != 0)
			continue;
		*vector = n;
		return true;
	}
	return false;
}
