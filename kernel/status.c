/* SPDX-License-Identifier: GPL-2.0-only */
#include "status.h"
#include "clock.h"
#include "console.h"
#include "cpu.h"
#include "fpu.h"
#include "printf.h"
#include "screen.h"
#include "string.h"
#include "version.h"

/* The screen's rows from the top: title, machine, groups, what is under way, all results, then the console's text. */
enum {
	TITLE = 0,
	MACHINE = 1,
	LETTER_ROWS = 5,	       /* the verdict, in large letters, stands beside the machine */
	PARTS = MACHINE + LETTER_ROWS, /* firmware, memory, and what is missing: in a row of its own */
	GROUPS,
	GROUP_ROWS = 5,
	GROUPS_ACROSS = 3,
	UNDER_WAY = GROUPS + GROUP_ROWS,
	TOTAL,
	ROWS,
};
_Static_assert(ROWS == STATUS_ROWS, "where the console's text begins");

enum {
	GROUP_WIDTH = 27,
	NAME_WIDTH = 10,
	BAR = NAME_WIDTH + 1, /* the column of a group where its bar begins */
	BAR_WIDTH = 5,
	TOTAL_WIDTH = 12, /* of the bar of all; behind it five numbers of seven digits have room */
	LETTERS = 52,	  /* the column where the verdict begins */
	LETTER_WIDTH = 7,
	TIME_LEFT = 67,
};

struct count {
	u32 expected, done, failed, skipped;
};

static struct group {
	char name[NAME_WIDTH + 1];
	struct count count;
} group[GROUP_ROWS * GROUPS_ACROSS];
static u32 groups;
static struct count all;
static u32 began; /* when the first result was awaited, by clock_running() */

/* --- text at its place --- */

static u32 vprint(u32 row, u32 column, u8 attribute, const char *format, va_list args)
{
	char text[SCREEN_COLUMNS + 1];

	lib_vsnprintf(text, sizeof(text), format, args);
	return screen_write(row, column, text, strlen(text), attribute);
}

static u32 print(u32 row, u32 column, u8 attribute, const char *format, ...) __attribute__((format(printf, 4, 5)));

static u32 print(u32 row, u32 column, u8 attribute, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	column = vprint(row, column, attribute, format, args);
	va_end(args);
	return column;
}

void status_title(const char *title)
{
	screen_clear(TITLE, print(TITLE, 1, SCREEN_TITLE, "%s", title), SCREEN_TITLE);
	screen_put(TITLE, 0, ' ', SCREEN_TITLE);
}

__cold void status_init(void)
{
	status_title(CR86_RELEASE ": does this CPU keep a task's state?");
	console_window(STATUS_ROWS);
}

/* --- the machine --- */

static const struct {
	u8 bit;
	char name[6];
} feature[] = {{0, "FPU"}, {4, "TSC"}, {6, "PAE"}, {23, "MMX"}, {24, "FXSR"}, {25, "SSE"}, {26, "SSE2"}};

static void print_model(u32 row)
{
	u32 column = print(row, 0, SCREEN_PLAIN, "family %u model %u stepping %u", cpu.family, cpu.model, cpu.stepping);

	if (cpu.microcode)
		print(row, column, SCREEN_PLAIN, " microcode %x", cpu.microcode);
}

static void print_features(u32 row)
{
	u32 column = 0;

	for (u32 n = 0; n < ARRAY_SIZE(feature); n++)
		if (cpu.features_edx >> feature[n].bit & 1)
			column = print(row, column, SCREEN_PLAIN, "%s ", feature[n].name);
	if (cpu.has_xsave)
		print(row, column, SCREEN_PLAIN, "XSAVE%s%s", cpu.has_xsaveopt ? " XSAVEOPT" : "",
		      cpu.has_xsavec ? " XSAVEC" : "");
}

/* In two rows, where one has no room for all. */
static void print_components(u32 row)
{
	const struct xstate_layout *layout = fpu_layout();
	u32 column = print(row, 0, SCREEN_PLAIN, "FPU state by %s", fpu_method());
	char text[32];

	for (u32 n = XSTATE_AVX; layout->xcr0 >> n; n++) {
		if (!(layout->xcr0 >> n & 1))
			continue;
		lib_snprintf(text, sizeof(text), "%s:%u", xstate_component_name(n) ?: "?", layout->component[n].size);
		if (column + 1 + strlen(text) > LETTERS) {
			row++;
			column = 0;
		}
		column = print(row, column, SCREEN_PLAIN, "%s%s", column ? " " : "", text);
	}
}

static u32 parts_column; /* where that row goes on */

__cold void status_machine(const char *firmware, u32 memory_mib)
{
	print(MACHINE, 0, SCREEN_BRIGHT, "%s", *cpu.brand ? cpu.brand : cpu.vendor);
	print_model(MACHINE + 1);
	print_features(MACHINE + 2);
	print_components(MACHINE + 3);
	parts_column = print(PARTS, 0, SCREEN_PLAIN, "%s, %u MiB", firmware, memory_mib);
}

void status_part(const char *format, ...)
{
	va_list args;

	parts_column = print(PARTS, parts_column, SCREEN_BRIGHT, ", ");
	va_start(args, format);
	parts_column = vprint(PARTS, parts_column, SCREEN_BRIGHT, format, args);
	va_end(args);
	if (parts_column == SCREEN_COLUMNS)
		print(PARTS, SCREEN_COLUMNS - 3, SCREEN_BRIGHT, "...");
}

/* --- groups --- */

static u32 word_length(const char *name)
{
	u32 n = 0;

	while (n < NAME_WIDTH && name[n] && !strchr(" .:", name[n]))
		n++;
	return n;
}

/* The group that a name belongs to: a new one, or the last where there are too many. */
static struct group *find_group(const char *name)
{
	u32 length = word_length(name);

	for (u32 n = 0; n < groups; n++)
		if (strlen(group[n].name) == length && strncmp(group[n].name, name, length) == 0)
			return &group[n];
	if (groups == ARRAY_SIZE(group))
		return &group[groups - 1];
	memcpy(group[groups].name, name, length);
	return &group[groups++];
}

/* What was skipped says nothing of the CPU, neither good nor bad. */
static u8 colour_of(const struct count *c)
{
	if (c->failed)
		return SCREEN_BAD;
	return c->done > c->skipped ? SCREEN_GOOD : SCREEN_PLAIN;
}

static u32 print_bar(u32 row, u32 column, u32 width, const struct count *c)
{
	u32 full = c->expected ? c->done * width / c->expected : width;

	for (u32 n = 0; n < width; n++)
		screen_put(row, column + n, n < full ? '#' : '.', colour_of(c));
	return column + width;
}

static bool letters; /* they stand in the place of the bars */

static void show_group(const struct group *g)
{
	const struct count *c = &g->count;
	u32 n = (u32)(g - group), row = GROUPS + n % GROUP_ROWS, column = n / GROUP_ROWS * GROUP_WIDTH;

	print(row, column, SCREEN_PLAIN, "%s", g->name);
	column = letters ? print(row, column + BAR, SCREEN_TITLE, "  %c  ", 'a' + n)
			 : print_bar(row, column + BAR, BAR_WIDTH, c);
	if (c->failed)
		print(row, column, SCREEN_BAD, c->failed < 1000 ? " %u wrong" : " %-9u", c->failed);
	else if (c->skipped == c->done)
		print(row, column, SCREEN_PLAIN, " skipped");
	else
		print(row, column, SCREEN_PLAIN, " %-9u", c->done - c->skipped);
}

__cold void status_letters(bool on)
{
	letters = on;
	for (u32 n = 0; n < groups; n++)
		show_group(&group[n]);
}

static void show_total(void)
{
	u32 column = print_bar(TOTAL, 0, TOTAL_WIDTH, &all);

	column = print(TOTAL, column, SCREEN_PLAIN, " %u of %u: %u passed, ", all.done,
		       all.expected > all.done ? all.expected : all.done, all.done - all.failed - all.skipped);
	column = print(TOTAL, column, all.failed ? SCREEN_BAD : SCREEN_PLAIN, "%u failed", all.failed);
	print(TOTAL, column, SCREEN_PLAIN, ", %u skipped", all.skipped);
}

void status_expect(const char *name, u32 times)
{
	find_group(name)->count.expected += times;
	all.expected += times;
}

/* As the results that came took so long, so will those that are to come. Not before it can be told. */
static void format_time_left(char text[], u32 size, u32 now)
{
	u32 seconds = now - began, done = all.done, left = all.expected - done;

	*text = '\0';
	if (seconds < 2 || done > all.expected)
		return;
	for (; left >> 24; left >>= 1)
		done = done >> 1 | 1;
	seconds = seconds * ((left << 8) / done) >> 8;
	lib_snprintf(text, size, "%u:%02u left", seconds / 60, seconds % 60);
}

void status_paused(u32 since)
{
	began += clock_running() - since;
}

/* The text below may come faster than anybody can read: it is drawn once a second, or now and then. */
static void hold_text(u32 now)
{
	static u32 drawn;

	if (now != drawn || all.done % 256 == 0)
		screen_hold(SCREEN_ROWS);
	drawn = now;
	screen_hold(STATUS_ROWS);
}

void status_under_way(const char *name)
{
	static const char head[] = "now: ";
	char left[24];
	u32 column = screen_write(UNDER_WAY, 0, head, strlen(head), SCREEN_BRIGHT), now = clock_running();

	if (!all.done)
		began = now;
	hold_text(now);
	column = screen_write(UNDER_WAY, column, name, strlen(name), SCREEN_BRIGHT);
	while (column < TIME_LEFT)
		screen_put(UNDER_WAY, column++, ' ', SCREEN_PLAIN);
	format_time_left(left, sizeof(left), now);
	screen_clear(UNDER_WAY, screen_write(UNDER_WAY, column, left, strlen(left), SCREEN_BRIGHT), SCREEN_PLAIN);
}

static void count_result(struct count *c, bool ok, bool skipped)
{
	c->done++;
	c->failed += !ok;
	c->skipped += skipped;
}

/* To draw each of many results would take longer than many cases. The last of a group is not kept back. */
static bool worth_drawing(const struct group *g)
{
	return g->count.done >= g->count.expected || all.done % 16 == 0;
}

void status_result(const char *name, bool ok, bool skipped)
{
	struct group *g = find_group(name);

	count_result(&g->count, ok, skipped);
	count_result(&all, ok, skipped);
	if (worth_drawing(g)) {
		show_group(g);
		show_total();
	}
}

__cold void status_again(void)
{
	memset(group, 0, sizeof(group));
	groups = 0;
	all = (struct count){0};
	for (u32 row = GROUPS; row < STATUS_ROWS; row++)
		screen_clear(row, 0, SCREEN_PLAIN);
	for (u32 row = MACHINE; row < MACHINE + LETTER_ROWS; row++)
		screen_clear(row, LETTERS, SCREEN_PLAIN);
}

const char *status_group_name(u32 n)
{
	return n < groups ? group[n].name : NULL;
}

/* --- the verdict --- */

static bool hidden;

void status_hide(void)
{
	hidden = true;
}

/* A byte a row, bit 7 the leftmost column. */
static const struct {
	char letter;
	u8 row[LETTER_ROWS];
} large[] = {
	{'P', {0xf0, 0x88, 0xf0, 0x80, 0x80}}, {'A', {0x70, 0x88, 0xf8, 0x88, 0x88}},
	{'S', {0x78, 0x80, 0x70, 0x08, 0xf0}}, {'F', {0xf8, 0x80, 0xf0, 0x80, 0x80}},
	{'I', {0xf8, 0x20, 0x20, 0x20, 0xf8}}, {'L', {0x80, 0x80, 0x80, 0x80, 0xf8}},
};

static void print_large(char letter, u32 column, u8 attribute)
{
	u32 n = 0;

	while (large[n].letter != letter)
		n++;
	for (u32 row = 0; row < LETTER_ROWS; row++)
		for (u32 bit = 0; bit < LETTER_WIDTH; bit++)
			screen_put(MACHINE + row, column + bit, large[n].row[row] & 0x80 >> bit ? '#' : ' ', attribute);
}

__cold void status_verdict(bool passed, u32 checksum)
{
	const char *word = passed ? "PASS" : "FAIL";

	screen_hold(SCREEN_ROWS);
	if (hidden || !all.done) /* what could not begin says nothing of the CPU */
		return;
	for (u32 n = 0; word[n]; n++)
		print_large(word[n], LETTERS + LETTER_WIDTH * n, passed ? SCREEN_PASS : SCREEN_FAIL);
	screen_clear(UNDER_WAY, print(UNDER_WAY, 0, SCREEN_BRIGHT, "checksum of all results: %08x", checksum),
		     SCREEN_PLAIN);
	show_total();
}
