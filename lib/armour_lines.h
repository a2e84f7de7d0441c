/* SPDX-License-Identifier: GPL-2.0-only */
/* What an armour's lines are made of, for its writer and its reader. */
#ifndef LIB_ARMOUR_LINES_H
#define LIB_ARMOUR_LINES_H

#include "types.h"

#define BEGIN  "-----BEGIN CR86 IMAGE "
#define END    "-----END CR86 IMAGE "
#define DASHES "-----"

static inline bool name_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
	       c == '-';
}

#endif
