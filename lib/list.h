/* SPDX-License-Identifier: GPL-2.0-only */
/* Lists "a,b,c" in a string, as options have them. */
#ifndef LIB_LIST_H
#define LIB_LIST_H

#include "types.h"

/*
 * The next name of the list at *list, which moves behind it, copied to `name`, a buffer of `size` bytes; false at the end,
 * or where *list is NULL. A longer name is cut.
 */
bool list_next(const char **list, char *name, u32 size);

#endif
