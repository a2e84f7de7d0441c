/* SPDX-License-Identifier: GPL-2.0-only */
#include "picture.h"
#include "printf.h"
#include "string.h"

/* A register, or of one that is wider than an x87 register eight bytes; where its three values stand. */
struct cell {
	const struct cr_register *r;
	u32 at, size;
	u32 page, row, column;
};

enum { CELLS = 256, NARROW = 8 /* digits; two such registers share a row */, SECOND = SCREEN_COLUMNS / 2 };

static struct cell cell[CELLS];
static u32 cells;

/* --- where each one stands --- */

static bool is_narrow(const struct cr_register *r)
{
	return r->digits <= NARROW;
}

static u32 pieces(const struct cr_register *r)
{
	return r->size > 10 ? r->size / 8u : 1;
}

static bool exists(const struct snapshot *s, const struct cr_register *r)
{
	for (u32 n = 0; n < HOLDERS; n++)
		if (snapshot_find(&s->holder[n], r))
			return true;
	return false;
}

/* The cells of one group of a table; the most significant piece of a register first. */
static void add_group(const struct snapshot *s, const struct cr_register *table, u32 count, u32 group)
{
	for (const struct cr_register *r = table; r < table + count; r++) {
		if (r->group != group || !exists(s, r))
			continue;
		for (u32 n = pieces(r); n-- && cells < CELLS;)
			cell[cells++] = (struct cell){.r = r, .at = 8 * n, .size = pieces(r) > 1 ? 8 : r->size};
	}
}

/* Puts the cells from `first` on into the rows from `row` on, counted through all pages. Returns how many rows they take. */
static u32 place(u32 first, u32 row)
{
	u32 used = 0;
	bool beside = false; /* the row has room for another narrow one */

	for (struct cell *c = cell + first; c < cell + cells; c++) {
		bool second = beside && is_narrow(c->r);

		used += !second;
		beside = is_narrow(c->r) && !second;
		c->page = (row + used - 1) / PICTURE_ROWS;
		c->row = (row + used - 1) % PICTURE_ROWS;
		c->column = second ? SECOND : 0;
	}
	return used;
}

/* A group that would be torn apart begins a page. */
u32 picture_layout(const struct snapshot *now)
{
	static const u8 groups[] = {CR_GROUP_GENERAL, CR_GROUP_SEGMENTS, CR_GROUP_DEBUG, GROUP_KERNEL,
				    CR_GROUP_TLS,     CR_GROUP_X87,	 CR_GROUP_SSE,	 CR_GROUP_XSTATE};
	u32 row = 0; /* counted through all pages */

	cells = 0;
	for (u32 n = 0; n < ARRAY_SIZE(groups); n++) {
		u32 first = cells, used;

		add_group(now, cr_registers, cr_register_count, groups[n]);
		add_group(now, kernel_registers, kernel_register_count, groups[n]);
		used = place(first, row);
		if (row % PICTURE_ROWS + used > PICTURE_ROWS) {
			row += PICTURE_ROWS - row % PICTURE_ROWS;
			place(first, row);
		}
		row += used;
	}
	return (row + PICTURE_ROWS - 1) / PICTURE_ROWS;
}

u32 picture_rows(u32 page)
{
	u32 rows = 0;

	for (const struct cell *c = cell; c < cell + cells; c++)
		if (c->page == page && c->row >= rows)
			rows = c->row + 1;
	return rows;
}

/* --- what stands there --- */

void line_put(struct line *line, u32 column, const char *text, u8 attribute)
{
	for (; line->length < column && line->length < SCREEN_COLUMNS; line->length++) {
		line->text[line->length] = ' ';
		line->attribute[line->length] = SCREEN_PLAIN;
	}
	for (; *text && line->length < SCREEN_COLUMNS; text++, line->length++) {
		line->text[line->length] = *text;
		line->attribute[line->length] = attribute;
	}
	line->text[line->length] = '\0';
}

static const u8 *value(const struct snapshot *s, u32 holder, const struct cell *c)
{
	const u8 *at = snapshot_find(&s->holder[holder], c->r);

	return at ? at + c->at : NULL;
}

static bool same(const u8 *a, const u8 *b, u32 size)
{
	return a && b ? memcmp(a, b, size) == 0 : a == b;
}

static bool changed(const struct snapshot *now, const struct snapshot *before, u32 holder, const struct cell *c)
{
	return !same(value(now, holder, c), value(before, holder, c), c->size);
}

/* A task's values have its colour, and so has what the CPU holds of it, if of it alone. */
static u8 colour(const struct snapshot *s, u32 holder, const struct cell *c)
{
	const u8 *cpu = value(s, CPU, c);
	bool of_leaving = same(cpu, value(s, LEAVES, c), c->size), of_coming = same(cpu, value(s, COMES, c), c->size);

	if (holder == LEAVES || (holder == CPU && of_leaving && !of_coming))
		return COLOUR_LEAVES;
	if (holder == COMES || (holder == CPU && of_coming && !of_leaving))
		return COLOUR_COMES;
	return SCREEN_PLAIN;
}

static void format(char *buf, u32 size, const struct cell *c, const u8 *at)
{
	struct cr_register piece = *c->r;

	if (c->size < piece.size) {
		piece.size = (u16)c->size;
		piece.digits = (u8)(2 * c->size);
	}
	if (at)
		cr_value_format(buf, size, &piece, at);
	else
		lib_snprintf(buf, size, "-");
}

/* Columns, from that of the register's name on: of its values. */
static u32 value_column(const struct cell *c, u32 holder)
{
	static const struct {
		u8 name, value;
	} narrow = {9, 8}, wide = {12, 16}, x87 = {6, 21};
	typeof(narrow) *w = is_narrow(c->r) ? &narrow : c->size > 8 ? &x87 : &wide;

	return c->column + w->name + holder * (w->value + 2u);
}

static void put_cell(struct line *line, const struct snapshot *now, const struct snapshot *before, const struct cell *c)
{
	char text[CR_VALUE_SIZE];

	if (c->at + c->size == c->r->size)
		line_put(line, c->column, c->r->name, SCREEN_BRIGHT);
	for (u32 n = 0; n < HOLDERS; n++) {
		const u8 *at = value(now, n, c);
		bool mark = changed(now, before, n, c);

		format(text, sizeof(text), c, at);
		line_put(line, value_column(c, n), text, colour(now, n, c) | (mark ? COLOUR_CHANGED : 0));
		if (mark)
			line_put(line, 0, "*", SCREEN_BRIGHT);
		if (n < COMES && at && same(at, value(now, n + 1, c), c->size))
			line_put(line, value_column(c, n + 1) - 1, "=", SCREEN_PLAIN);
	}
}

void picture_line(struct line *line, const struct snapshot *now, const struct snapshot *before, u32 page, u32 row)
{
	line->length = 0;
	line->text[0] = '\0';
	for (const struct cell *c = cell; c < cell + cells; c++)
		if (c->page == page && c->row == row)
			put_cell(line, now, before, c);
}

u32 picture_page(const struct snapshot *now, const struct snapshot *before)
{
	u32 marks = 0, most = 0, page = 0, best = 0;

	for (const struct cell *c = cell; c < cell + cells; c++) {
		marks = c->page == page ? marks : 0;
		page = c->page;
		for (u32 n = 0; n < HOLDERS; n++)
			marks += changed(now, before, n, c);
		if (marks > most) {
			most = marks;
			best = page;
		}
	}
	return best;
}
