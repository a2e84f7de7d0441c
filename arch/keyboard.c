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

/* A controller that always has one more byte is stuck. */
bool keyboard_init(void)
{
	u32 patience = 256;

	present = inb(KEYBOARD_STATUS) != STATUS_ABSENT;
	while (present && inb(KEYBOARD_STATUS) & STATUS_OUTPUT) {
		inb(KEYBOARD_DATA);
		if (!--patience)
			present = false;
	}
	return present;
}

bool keyboard_present(void)
{
	return present;
}

u8 keyboard_read(void)
{
	u8 status, code;

	if (!present)
		return KEY_NONE;
	status = inb(KEYBOARD_STATUS);
	if (!(status & STATUS_OUTPUT))
		return KEY_NONE;
	code = inb(KEYBOARD_DATA);
	if (status & STATUS_MOUSE || code >= ARRAY_SIZE(key_of))
		return KEY_NONE; /* a key that is released has bit 7 set */
	return key_of[code];
}
