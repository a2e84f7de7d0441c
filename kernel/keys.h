/* SPDX-License-Identifier: GPL-2.0-only */
/* What the keyboard does: during a run, and when it is over. No key is ever needed. */
#ifndef KERNEL_KEYS_H
#define KERNEL_KEYS_H

#include "types.h"

/* The next key, a letter, a digit or one of KEY_ (keyboard.h); waits for it. KEY_NONE: there is no keyboard (any longer). */
u8 keys_wait(void);

/* Between two results: a space stops the run until the next one. */
void keys_poll(void);

/*
 * After a run, until a key asks for another one: with all cases again, or with those of `cases` (options.h). What did not
 * come to its end cannot be repeated: something is missing, or does not work.
 */
void keys_stay(bool ended);

#endif
