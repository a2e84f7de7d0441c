/* SPDX-License-Identifier: GPL-2.0-only */
#include "keys.h"
#include "clock.h"
#include "conformance.h"
#include "console.h"
#include "journal.h"
#include "keyboard.h"
#include "options.h"
#include "power.h"
#include "printf.h"
#include "screen.h"
#include "serial.h"
#include "status.h"
#include "string.h"

enum { HELP = SCREEN_ROWS - 1, ROWS = HELP - STATUS_ROWS, PAGE = ROWS / 2 };

/* Where in the journal the part begins that is shown. */
static u32 shown;

static void help(const char *text)
{
	screen_clear(HELP, screen_write(HELP, 0, text, strlen(text), SCREEN_TITLE), SCREEN_TITLE);
}

/*
 * KEY_NONE: there is no keyboard, or no longer. To ask now and then will do: without a break it would keep an emulator
 * from all else. Meanwhile the serial port gets what it has not got yet.
 */
u8 keys_wait(void)
{
	u8 key;

	do {
		serial_pump();
		for (u32 n = 0; n < 1000; n++)
			__asm__ volatile("pause");
	} while ((key = keyboard_read()) == KEY_NONE && keyboard_is_there());
	return key;
}

static void show(u32 from)
{
	shown = from;
	journal_show(shown, STATUS_ROWS, ROWS);
}

/* A key that moves about in what the screen has shown, as far as the last page. */
static __cold void move(u8 key)
{
	static const struct {
		u8 key;
		s32 lines;
	} moves[] = {
		{KEY_UP, -1},	       {KEY_DOWN, 1},		{KEY_PAGE_UP, -PAGE},
		{KEY_PAGE_DOWN, PAGE}, {KEY_HOME, -0x7fffffff}, {KEY_END, 0x7fffffff},
	};

	for (u32 n = 0; n < ARRAY_SIZE(moves); n++) {
		if (moves[n].key == key) {
			u32 to = journal_move(shown, moves[n].lines), last = journal_last(ROWS);

			show(to < last ? to : last);
		}
	}
}

void keys_poll(void)
{
	u32 since;

	if (keyboard_read() != ' ')
		return;
	since = clock_running();
	screen_hold(SCREEN_ROWS);
	help("paused: space goes on; arrows, page up and down, home, end");
	show(journal_last(ROWS));
	for (u8 key; (key = keys_wait()) != ' ' && keyboard_is_there();)
		move(key);
	screen_clear(HELP, 0, SCREEN_PLAIN);
	status_paused(since);
}

/* The journal once more, for whoever connects a serial line only now. */
static void dump(void)
{
	u32 at = 0, length;

	for (const char *line; (line = journal_line(&at, &length));) {
		serial_write(line, length);
		serial_write("\r\n", 2);
	}
}

static char family[32]; /* the one that was chosen, as options.cases */

/* The menu of families. True: one was chosen. */
static __cold bool choose_family(void)
{
	u32 n;

	help("which family? its letter; space: none");
	status_letters(true);
	n = (u32)keys_wait() - 'a';
	status_letters(false);
	if (!status_group_name(n))
		return false;
	lib_snprintf(family, sizeof(family), "%s.*", status_group_name(n));
	options.cases = family;
	return true;
}

/* Not before the serial line has the verdict, too. */
static void leave(u8 key)
{
	help("as soon as the serial line has all of the text");
	serial_drain();
	if (key == 'b')
		power_reset();
	power_off();
}

__cold void keys_stay(bool ended)
{
	static const char *all; /* what the command line wants */
	bool again = ended && conformance;

	if (options.cases != family)
		all = options.cases;
	shown = journal_last(ROWS);
	if (ended)
		show(shown);
	for (;;) {
		u8 key;

		help(again ? "r repeat  f a family  s to the serial line  b reboot  o off  arrows, pages"
			   : "s to the serial line  b reboot  o off  arrows, page up and down, home, end");
		key = keys_wait();
		if (key == 'b' || key == 'o')
			leave(key);
		if (key == 's')
			dump();
		if (again && key == 'f' && choose_family())
			return;
		if (again && key == 'r') {
			options.cases = all;
			return;
		}
		move(key);
	}
}
