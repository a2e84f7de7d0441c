/* SPDX-License-Identifier: GPL-2.0-only */
#include "text.h"
#include "printf.h"
#include "string.h"

/* A word, or a part of one. */
struct word {
	const char *start;
	u32 length;
};

#define VALUE_BYTES 64

static bool wrong(const struct text *t, struct word word, const char *expected)
{
	char text[64] = "";

	memcpy(text, word.start, word.length < sizeof(text) ? word.length : sizeof(text) - 1);
	lib_snprintf(t->why, t->why_size, "'%s': expected %s", text, expected);
	return false;
}

static bool next_word(const char **text, struct word *word)
{
	while (**text == ' ')
		++*text;
	word->start = *text;
	while (**text && **text != ' ')
		++*text;
	word->length = (u32)(*text - word->start);
	return word->length;
}

/* Splits at the first `c`: the part before it stays in *word, the part behind it is returned (NULL start: no `c`). */
static struct word split(struct word *word, char c)
{
	for (u32 n = 0; n < word->length; n++) {
		struct word rest = {word->start + n + 1, word->length - n - 1};

		if (word->start[n] != c)
			continue;
		word->length = n;
		return rest;
	}
	return (struct word){NULL, 0};
}

static bool begins(struct word word, const char *text)
{
	u32 n = 0;

	while (n < word.length && text[n] && word.start[n] == text[n])
		n++;
	return !text[n];
}

static bool is(struct word word, const char *text)
{
	return begins(word, text) && !text[word.length];
}

/* --- values --- */

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Little-endian bytes of hexadecimal digits; *digits says how many there were. */
static bool parse_hex(struct word word, u8 bytes[VALUE_BYTES], u32 *digits)
{
	u32 n = 0;

	memset(bytes, 0, VALUE_BYTES);
	for (u32 at = word.length; at--;) {
		int digit = hex_digit(word.start[at]);

		if (word.start[at] == '_')
			continue;
		if (digit < 0 || n == 2 * VALUE_BYTES)
			return false;
		bytes[n / 2] |= (u8)(digit << 4 * (n & 1));
		n++;
	}
	*digits = n;
	return n;
}

static bool parse_decimal(struct word word, u64 *value)
{
	bool negative = word.length && *word.start == '-';

	*value = 0;
	for (u32 n = negative; n < word.length; n++) {
		if (word.start[n] < '0' || word.start[n] > '9')
			return false;
		*value = *value * 10 + (u64)(word.start[n] - '0');
	}
	if (negative)
		*value = -*value;
	return word.length > negative;
}

static bool find_label(const struct text *t, struct word name, u32 *value)
{
	for (const struct case_label *l = t->c->labels; l < t->c->labels_end; l++) {
		if (!is(name, l->name))
			continue;
		*value = CASE_CODE + l->offset;
		return true;
	}
	return false;
}

/* code, data, tls1, ...: a name that stands for an address or a selector. */
static bool find_name(const struct text *t, struct word name, u32 *value)
{
	const struct selectors *s = t->selectors;
	const struct {
		const char *name;
		u32 value;
	} names[] = {
		{"code", CASE_CODE},	 {"data", CASE_DATA},	  {"stack", CASE_END},
		{"user_cs", s->user_cs}, {"user_ds", s->user_ds}, {"tls0", s->tls},
		{"tls1", s->tls + 8},	 {"tls2", s->tls + 16},	  {"tls_entry", s->tls >> 3},
	};

	for (u32 n = 0; n < ARRAY_SIZE(names); n++) {
		if (!is(name, names[n].name))
			continue;
		*value = names[n].value;
		return true;
	}
	if (!begins(name, "sel") || name.length != 4 || name.start[3] < '0' || name.start[3] > '7')
		return false;
	*value = SELECTOR((u32)(name.start[3] - '0'), SELECTOR_TI | 3);
	return true;
}

static bool parse_sum(const struct text *t, struct word word, u32 *value)
{
	struct word minus = split(&word, '-'), plus = split(&word, '+'), offset = plus.start ? plus : minus;
	u8 bytes[VALUE_BYTES];
	u32 digits, difference = 0;

	if (offset.start) {
		if (!parse_hex(offset, bytes, &digits) || digits > 8)
			return false;
		memcpy(&difference, bytes, 4);
	}
	if (begins(word, "@") ? !find_label(t, (struct word){word.start + 1, word.length - 1}, value)
			      : !find_name(t, word, value))
		return false;
	*value += plus.start ? difference : -difference;
	return true;
}

/* Any VALUE but "?", as bytes; *digits says how many hexadecimal digits it has. */
static bool parse_value(const struct text *t, struct word word, u8 bytes[VALUE_BYTES], u32 *digits)
{
	u32 value;
	u64 wide;

	if (begins(word, "#")) {
		if (!parse_decimal((struct word){word.start + 1, word.length - 1}, &wide))
			return false;
		memset(bytes, 0, VALUE_BYTES);
		memcpy(bytes, &wide, sizeof(wide));
		*digits = 16;
		return true;
	}
	if (parse_hex(word, bytes, digits))
		return true;
	if (!parse_sum(t, word, &value))
		return false;
	memset(bytes, 0, VALUE_BYTES);
	memcpy(bytes, &value, sizeof(value));
	*digits = 8;
	return true;
}

/* --- settings --- */

/* Where a NAME stands in a vector: as bytes, or as a field of bits in them. */
struct place {
	u8 *value, *care; /* care is NULL for a state before */
	u32 size;
	u32 shift, width; /* of a field of bits; width 0: all of it */
};

static void set_bytes(u8 *to, const u8 *bytes, const struct place *p)
{
	u64 all = 0, mask = (((u64)1 << p->width) - 1) << p->shift, value = 0;
	u32 size = p->size < sizeof(all) ? p->size : sizeof(all);

	if (!p->width) {
		memcpy(to, bytes, p->size);
		return;
	}
	memcpy(&all, to, size);
	memcpy(&value, bytes, sizeof(value));
	all = (all & ~mask) | (value << p->shift & mask);
	memcpy(to, &all, size);
}

static void set_care(const struct place *p, bool care)
{
	u8 bytes[VALUE_BYTES];

	memset(bytes, care ? 0xff : 0, sizeof(bytes));
	set_bytes(p->care, bytes, p);
}

/* The value must not have bits that the place has no room for. */
static bool fits(const u8 *bytes, const struct place *p)
{
	u64 value;

	for (u32 n = p->size; n < VALUE_BYTES; n++)
		if (bytes[n])
			return false;
	memcpy(&value, bytes, sizeof(value));
	return !p->width || value >> p->width == 0;
}

static bool set_place(const struct text *t, struct word word, struct word value, struct place *p)
{
	u8 bytes[VALUE_BYTES];
	u32 digits;

	if (is(value, "?")) {
		if (!p->care)
			return wrong(t, word, "a value: the state before cannot be anything");
		set_care(p, false);
		return true;
	}
	if (!parse_value(t, value, bytes, &digits))
		return wrong(t, word, "a value: digits, #decimal, @label, a name, with +n or -n");
	if (!fits(bytes, p))
		return wrong(t, word, "a value that fits");
	set_bytes(p->value, bytes, p);
	if (p->care)
		set_care(p, true);
	return true;
}

/* [OFFSET]=digits, [FIRST:COUNT]=byte or ? */
static bool set_memory(const struct text *t, struct word word, struct word name, struct word value, struct vector *v,
		       struct vector *care)
{
	struct word first = {name.start + 1, name.length - 2}, count = split(&first, ':');
	u32 offset = 0, size, digits;
	u8 bytes[VALUE_BYTES], *to;

	if (name.start[name.length - 1] != ']' || !parse_hex(first, bytes, &digits) || digits > 4)
		return wrong(t, word, "[OFFSET] or [FIRST:COUNT]");
	memcpy(&offset, bytes, 4);
	if (count.start) {
		if (!parse_hex(count, bytes, &digits) || digits > 4)
			return wrong(t, word, "[FIRST:COUNT]");
		memcpy(&size, bytes, 4);
	} else if (parse_value(t, value, bytes, &digits)) {
		size = digits / 2;
	} else {
		return wrong(t, word, "digits, or [FIRST:COUNT]=?");
	}
	if (!size || offset + size > VECTOR_MEMORY)
		return wrong(t, word, "an offset into data and stack, and pairs of digits");
	if (is(value, "?") && care) {
		memset(vector_memory(care, offset, size), 0, size);
		return true;
	}
	if (!parse_value(t, value, bytes, &digits))
		return wrong(t, word, "digits");
	to = vector_memory(v, offset, size);
	for (u32 n = 0; n < size; n++)
		to[n] = bytes[count.start ? 0 : n];
	if (care)
		memset(vector_memory(care, offset, size), 0xff, size);
	return true;
}

static const struct cr_bits *find_bits(const struct cr_register *r, struct word name)
{
	for (const struct cr_bits *b = r->bits; b && b->name; b++)
		if (is(name, b->name))
			return b;
	return NULL;
}

static bool set_register(const struct text *t, struct word word, struct word name, struct word value, struct vector *v,
			 struct vector *care)
{
	struct word field = split(&name, '.');
	const struct cr_register *r = vector_register(name.start, name.length);
	const struct cr_bits *bits = r && field.start ? find_bits(r, field) : NULL;
	struct place p;

	if (!r || !vector_find(v, r) || (field.start && !bits))
		return wrong(t, word, "a register, or REGISTER.FIELD");
	p = (struct place){.value = vector_find(v, r), .care = care ? vector_find(care, r) : NULL, .size = r->size};
	if (bits) {
		p.shift = bits->shift;
		p.width = bits->width;
	}
	return set_place(t, word, value, &p);
}

static bool set(const struct text *t, struct word word, struct vector *v, struct vector *care)
{
	struct word name = word, value = split(&name, '=');
	struct place p = {.value = (u8 *)&v->cr2, .care = care ? (u8 *)&care->cr2 : NULL, .size = 4};

	if (!value.start || !value.length || !name.length)
		return wrong(t, word, "NAME=VALUE");
	if (begins(name, "["))
		return set_memory(t, word, name, value, v, care);
	if (is(name, "cr2"))
		return set_place(t, word, value, &p);
	if (begins(name, "ldt") && name.length == 4 && name.start[3] >= '0' && name.start[3] <= '7') {
		u32 entry = (u32)(name.start[3] - '0');

		p.value = (u8 *)&v->ldt[entry];
		p.care = care ? (u8 *)&care->ldt[entry] : NULL;
		p.size = 8;
		return set_place(t, word, value, &p);
	}
	return set_register(t, word, name, value, v, care);
}

static bool set_all(const struct text *t, const char *text, struct vector *v, struct vector *care)
{
	struct word word;

	while (next_word(&text, &word))
		if (!set(t, word, v, care))
			return false;
	return true;
}

bool text_before(const struct text *t, struct vector *before)
{
	vector_init(before, t->selectors->user_cs, t->selectors->user_ds);
	return set_all(t, t->c->before, before, NULL);
}

/* --- ends --- */

static bool parse_end(const struct text *t, struct word word, struct end *end)
{
	struct word name = word, label = split(&name, '@'), error = split(&name, '(');
	u8 bytes[VALUE_BYTES] = {0};
	u32 digits;

	*end = (struct end){.eip = CASE_CODE + (u32)(t->c->code_end - t->c->code)};
	if (!trap_by_name(name.start, name.length, &end->vector))
		return wrong(t, word, "#XX, #XX(ERROR), #XX@LABEL");
	if (error.start) {
		if (error.start[error.length - 1] != ')' ||
		    !parse_value(t, (struct word){error.start, error.length - 1}, bytes, &digits))
			return wrong(t, word, "(ERROR)");
		memcpy(&end->error, bytes, 4);
	}
	if (!label.start)
		return is(name, "#BP") || wrong(t, word, "@LABEL: where EIP points");
	label = (struct word){label.start - 1, label.length + 1};
	return parse_sum(t, label, &end->eip) || wrong(t, word, "a label of the case");
}

u32 text_ends(const struct text *t, struct end ends[TEXT_ENDS], const char **refused)
{
	const char *text = *t->c->ends ? t->c->ends : "#BP";
	struct word word;
	u32 n = 0;

	*refused = NULL;
	while (next_word(&text, &word)) {
		if (begins(word, "refused:")) {
			*refused = word.start + strlen("refused:");
			return 1;
		}
		if (n == TEXT_ENDS) {
			wrong(t, word, "fewer ends");
			return 0;
		}
		if (!parse_end(t, word, &ends[n++]))
			return 0;
	}
	return n;
}

/* What counts only where a case names it: see text.h. */
static void forget(struct expectation *e, const char *name, u32 mask)
{
	const struct cr_register *r = vector_register(name, strlen(name));
	u8 *care = vector_find(&e->care, r);
	u32 bytes = 0;

	memcpy(&bytes, care, r->size < 4 ? r->size : 4);
	bytes &= ~mask;
	memcpy(care, &bytes, r->size < 4 ? r->size : 4);
}

bool text_after(const struct text *t, const struct vector *before, struct expectation *expected)
{
	static const char *const pointers[] = {"FIP", "FCS", "FDP", "FDS", "FOP"};
	struct end ends[TEXT_ENDS];
	const char *refused;
	u32 n = text_ends(t, ends, &refused);

	if (!n)
		return false;
	vector_copy(&expected->value, before);
	vector_init_mask(&expected->care);
	expected->care.cr2 = 0;
	for (u32 p = 0; p < ARRAY_SIZE(pointers); p++)
		forget(expected, pointers[p], 0xffffffff);
	forget(expected, "eflags", EFLAGS_RF);
	if (!refused)
		expected->value.cpu.ip = ends[n - 1].eip;
	if (!set_all(t, t->c->after, &expected->value, &expected->care))
		return false;
	expected->checks = vector_checks(&expected->care);
	return true;
}
