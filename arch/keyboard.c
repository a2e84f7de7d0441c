/* SPDX-License-Identifier: GPL-2.0-only */
#include "keyboard.h"
#include "port.h"

/* The 8042's ports, and bits of its status */
enum {
	KEYBOARD_DATA = 0x60,
	KEYBOARD_STATUS = 0x64,
	STATUS_OUTPUT = 0x01, /* a byte can be read */
	STATUS_MOUSE = 0x20,  /* ... and it is the mouse's */
	STATUS_ABSENT = 0xff, /* what is read where nothing is */
};

/* Scan codes of set 1, to which the 8042 translates. What has no entry is ignored. */
static const u8 key_of[] = {
	[0x02] = '1', '2',	     '3',
	'4',	      '5',	     '6',
	'7',	      '8',	     '9',
	'0',	      [0x10] = 'q',  'w',
	'e',	      'r',	     't',
	'y',	      'u',	     'i',
	'o',	      'p',	     [0x1c] = '\n',
	[0x1e] = 'a', 's',	     'd',
	'f',	      'g',	     'h',
	'j',	      'k',	     'l',
	[0x2c] = 'z', 'x',	     'c',
	'v',	      'b',	     'n',
	'm',	      [0x39] = ' ',  [0x47] = KEY_HOME,
	KEY_UP,	      KEY_PAGE_UP,   [0x4f] = KEY_END,
	KEY_DOWN,     KEY_PAGE_DOWN,
};

static bool present;
static u32 in_a_row; /* bytes that were there without a pause */

enum { STUCK = 256 }; /* nobody types so many between two looks; a controller that has them is stuck */

/* Is there a byte to read? `status` tells whose. */
static bool has_byte(u8 *status)
{
	*status = inb(KEYBOARD_STATUS);
	in_a_row = *status & STATUS_OUTPUT ? in_a_row + 1 : 0;
	if (*status == STATUS_ABSENT || in_a_row == STUCK)
		present = false;
	return present && in_a_row;
}

bool keyboard_init(void)
{
	u8 status;

	present = true;
	in_a_row = 0;
	while (has_byte(&status))
		inb(KEYBOARD_DATA);
	return present;
}

bool keyboard_is_there(void)
{
	return present;
}

u8 keyboard_read(void)
{
	u8 status, code;

	if (!present || !has_byte(&status))
		return KEY_NONE;
	code = inb(KEYBOARD_DATA);
	if (status & STATUS_MOUSE || code >= ARRAY_SIZE(key_of))
		return KEY_NONE; /* a key that is released has bit 7 set */
	return key_of[code];
}
