/* SPDX-License-Identifier: GPL-2.0-only */
/* The PS/2 keyboard, or a USB keyboard that the firmware shows as one. It is asked, and never interrupts. */
#ifndef ARCH_KEYBOARD_H
#define ARCH_KEYBOARD_H

#include "types.h"

/* Keys that give no character. */
enum { KEY_NONE = 0, KEY_UP = 0x80, KEY_DOWN, KEY_PAGE_UP, KEY_PAGE_DOWN, KEY_HOME, KEY_END };

/* False: there is none, or its controller is stuck. Then keyboard_read gives nothing, and costs nothing. */
bool keyboard_init(void);

/* As keyboard_init said; but one that gets stuck later is given up. */
bool keyboard_is_there(void);

/* The key that was pressed last and not yet read: a lower-case letter, a digit, a space, '\n', a KEY_; or KEY_NONE. */
u8 keyboard_read(void);

#endif
