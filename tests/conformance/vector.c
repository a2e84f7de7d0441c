/* SPDX-License-Identifier: GPL-2.0-only */
#include "vector.h"
#include "printf.h"
#include "string.h"

/* What is never blank, with room for an even number of comparisons. */
#define FIXED offsetof(struct vector, components)
_Static_assert(FIXED % 16 == 0, "compared 16 bytes at a time");

static struct fxsave *legacy(struct vector *v)
{
	return (struct fxsave *)v->cpu.xstate;
}

/* Registers are never zero by themselves, so that one that gets lost is seen in every case. */
void vector_init(struct vector *v, u32 cs, u32 ss)
{
	memset(v, 0, FIXED);
	v->components = 0;
	memset(v->page, 0, sizeof(v->page));
	v->cpu.ax = 0xa0a1a2a3;
	v->cpu.cx = 0xc0c1c2c3;
	v->cpu.dx = 0xd0d1d2d3;
	v->cpu.bx = 0xb0b1b2b3;
	v->cpu.bp = 0xe0e1e2e3;
	v->cpu.si = 0x51525354;
	v->cpu.di = 0xd4d5d6d7;
	v->cpu.sp = CASE_END;
	v->cpu.ip = CASE_CODE;
	v->cpu.flags = EFLAGS_USER_ALWAYS;
	v->cpu.orig_ax = 0xffffffff;
	v->cpu.cs = cs;
	v->cpu.ss = v->cpu.ds = v->cpu.es = ss;
	fxsave_init(legacy(v));
}

void vector_init_mask(struct vector *v)
{
	memset(v, 0xff, FIXED);
	v->components = 0;
	memset(v->page, 0, sizeof(v->page));
}

void vector_copy(struct vector *to, const struct vector *from)
{
	memcpy(to, from, FIXED);
	to->components = from->components;
	for (u32 n = 0; from->components >> n; n++)
		if (from->components >> n & 1)
			memcpy(to->xstate[n], from->xstate[n], VECTOR_COMPONENT);
	for (u32 n = 0; n < VECTOR_PAGES; n++) {
		to->page[n] = NULL;
		if (from->page[n])
			memcpy(vector_memory(to, n * PAGE_SIZE, PAGE_SIZE), from->page[n], PAGE_SIZE);
	}
}

u8 *vector_component(struct vector *v, u32 n)
{
	if (!(v->components >> n & 1))
		memset(v->xstate[n], (int)v->fill, VECTOR_COMPONENT);
	v->components |= BIT(n);
	return v->xstate[n];
}

u8 *vector_memory(struct vector *v, u32 offset, u32 size)
{
	for (u32 n = offset / PAGE_SIZE; n * PAGE_SIZE < offset + size; n++) {
		u8 *own = v->memory + n * PAGE_SIZE;

		if (!v->page[n])
			memset(own, (int)v->fill, PAGE_SIZE);
		else if (v->page[n] != own)
			memcpy(own, v->page[n], PAGE_SIZE);
		v->page[n] = own;
	}
	return v->memory + offset;
}

void *vector_find(struct vector *v, const struct cr_register *r)
{
	switch (r->record) {
	case CR_HDR_THREAD:
		return (u8 *)v->tls + r->offset;
	case CR_HDR_XSTATE:
		return vector_component(v, r->component) + r->offset;
	default:
		if (r->form == CR_FORM_FSAVE || r->group == CR_GROUP_GENERAL_64 || r->group == CR_GROUP_RECORD)
			return NULL;
		return (u8 *)&v->cpu + r->offset;
	}
}

/* Cases name registers so often that looking through the table each time is felt: an index by a hash of the name. */
#define BUCKETS 512

static u32 hash(const char *name, u32 length)
{
	u32 h = length;

	while (length--)
		h = h * 31 + (u8)*name++;
	return h % BUCKETS;
}

/* The bucket of a name: its own, or the first free one behind that. */
static const struct cr_register **bucket(const char *name, u32 length)
{
	static const struct cr_register *buckets[BUCKETS];
	u32 n = hash(name, length);

	while (buckets[n] && (strncmp(buckets[n]->name, name, length) != 0 || buckets[n]->name[length]))
		n = (n + 1) % BUCKETS;
	return &buckets[n];
}

const struct cr_register *vector_register(const char *name, u32 length)
{
	static bool filled;

	for (u32 n = 0; !filled && n < cr_register_count; n++)
		if (cr_registers[n].form != CR_FORM_FSAVE)
			*bucket(cr_registers[n].name, strlen(cr_registers[n].name)) = &cr_registers[n];
	filled = true;
	return *bucket(name, length);
}

u32 vector_nldt(const struct vector *v)
{
	u32 n = VECTOR_LDT;

	while (n && !v->ldt[n - 1])
		n--;
	return n;
}

u32 vector_components(const struct vector *v)
{
	u32 components = 0;

	for (u32 n = XSTATE_AVX; n < VECTOR_COMPONENTS; n++)
		if (v->components >> n & 1 && !xstate_is_zero(v->xstate[n], VECTOR_COMPONENT))
			components |= BIT(n);
	return components;
}

void vector_set_legacy(struct vector *v, const struct cr_hdr_cpu *from)
{
	if (!from->used_math)
		fxsave_init(legacy(v));
	else if (from->has_fxsr)
		memcpy(v->cpu.xstate, from->xstate, sizeof(v->cpu.xstate));
	else
		fsave_to_fxsave(legacy(v), (const struct fsave *)from->xstate);
}

/* --- comparing --- */

static bool differs(const u8 *found, const u8 *expected, const u8 *care, u32 size)
{
	for (u32 n = 0; n < size; n++)
		if ((found[n] ^ expected[n]) & care[n])
			return true;
	return false;
}

/* The same four words at a time, for what is mostly the same; `size` is a multiple of that. */
static bool area_differs(const void *found, const void *expected, const void *care, u32 size)
{
	const u32 *is = found, *should = expected, *mask = care;

	for (; size; is += 4, should += 4, mask += 4, size -= 16) {
		if (!((is[0] ^ should[0]) | (is[1] ^ should[1]) | (is[2] ^ should[2]) | (is[3] ^ should[3])))
			continue;
		for (u32 n = 0; n < 4; n++)
			if ((is[n] ^ should[n]) & mask[n])
				return true;
	}
	return false;
}

/* Do any bits that count differ, but for memory? Nearly always none do, and this is known soon. */
static bool records_differ(struct vector *found, struct vector *should, struct vector *care)
{
	u32 components = found->components | should->components;

	if (area_differs(found, should, care, FIXED))
		return true;
	for (u32 n = XSTATE_AVX; components >> n; n++)
		if (components >> n & 1 && area_differs(vector_component(found, n), vector_component(should, n),
							vector_component(care, n), VECTOR_COMPONENT))
			return true;
	return false;
}

static const u8 *page_bytes(const struct vector *v, u32 page)
{
	static const u8 zeros[PAGE_SIZE] __attribute__((aligned(4)));

	return v->page[page] ? v->page[page] : zeros;
}

static bool page_differs(u32 page, const struct vector *found, const struct vector *should, struct vector *care)
{
	if (!found->page[page] && !should->page[page])
		return false;
	return area_differs(page_bytes(found, page), page_bytes(should, page),
			    vector_memory(care, page * PAGE_SIZE, PAGE_SIZE), PAGE_SIZE);
}

bool vector_same(struct vector *a, struct vector *b, struct vector *care)
{
	for (u32 page = 0; page < VECTOR_PAGES; page++)
		if (page_differs(page, a, b, care))
			return false;
	return !records_differ(a, b, care);
}

/* A register that has named bits is reported with those that are wrong; another, or one wrong elsewhere, as a whole. */
static void report_register(const struct cr_register *r, const u8 *found, const u8 *expected, const u8 *care,
			    const struct vector_report *report)
{
	char is[CR_VALUE_SIZE], should[CR_VALUE_SIZE];
	struct vector_difference d = {.name = r->name, .found = is, .expected = should};

	cr_value_format(is, sizeof(is), r, found);
	cr_value_format(should, sizeof(should), r, expected);
	for (const struct cr_bits *b = r->bits; b && b->name; b++)
		if ((cr_bits_value(b, r, found) ^ cr_bits_value(b, r, expected)) & cr_bits_value(b, r, care))
			d.part[d.parts++] = b->name;
	report->field(report->cookie, &d);
}

#define RUN 8 /* bytes that are told together */

/* Bytes as a case's text has them: a number in which the last one stands first. */
static void format_bytes(char text[2 * RUN + 1], const u8 *bytes, u32 size)
{
	for (u32 n = 0; n < size; n++)
		lib_snprintf(text + 2 * n, 3, "%02x", bytes[size - 1 - n]);
}

static void report_memory(u32 offset, const u8 *found, const u8 *expected, u32 size, const struct vector_report *report)
{
	char name[16], is[2 * RUN + 1], should[2 * RUN + 1];
	const struct vector_difference d = {"data", {name}, 1, is, should};

	lib_snprintf(name, sizeof(name), "[%x]", offset);
	format_bytes(is, found, size);
	format_bytes(should, expected, size);
	report->field(report->cookie, &d);
}

/* The first runs of wrong bytes are enough to be told. */
static void compare_page(u32 page, const struct vector *found, const struct vector *expected, struct vector *mask,
			 const struct vector_report *report)
{
	const u8 *is = page_bytes(found, page), *should = page_bytes(expected, page);
	const u8 *care = vector_memory(mask, page * PAGE_SIZE, PAGE_SIZE);

	for (u32 at = 0, told = 0, size; at < PAGE_SIZE && told < 4; at += size ? size : 1) {
		for (size = 0; size < RUN && at + size < PAGE_SIZE; size++)
			if (!((is[at + size] ^ should[at + size]) & care[at + size]))
				break;
		if (!size)
			continue;
		told++;
		report_memory(page * PAGE_SIZE + at, is + at, should + at, size, report);
	}
}

static void compare_number(const char *name, u64 found, u64 expected, u64 care, const struct vector_report *report)
{
	char is[20], should[20];
	const struct vector_difference d = {.name = name, .found = is, .expected = should};

	if (!((found ^ expected) & care))
		return;
	lib_snprintf(is, sizeof(is), "%08llx", (unsigned long long)found);
	lib_snprintf(should, sizeof(should), "%08llx", (unsigned long long)expected);
	report->field(report->cookie, &d);
}

static void compare_records(struct vector *found, struct expectation *expected, const struct vector_report *report)
{
	static const char *const entry[VECTOR_LDT] = {"ldt0", "ldt1", "ldt2", "ldt3", "ldt4", "ldt5", "ldt6", "ldt7"};

	u32 components = found->components | expected->value.components;

	for (u32 n = 0; n < cr_register_count; n++) {
		const struct cr_register *r = &cr_registers[n];
		const u8 *is, *should, *care;

		if (r->record == CR_HDR_XSTATE && !(components >> r->component & 1))
			continue;
		is = vector_find(found, r);
		should = vector_find(&expected->value, r);
		if (!is || memcmp(is, should, r->size) == 0)
			continue;
		care = vector_find(&expected->care, r);
		if (differs(is, should, care, r->size))
			report_register(r, is, should, care, report);
	}
	for (u32 n = 0; n < VECTOR_LDT; n++)
		compare_number(entry[n], found->ldt[n], expected->value.ldt[n], expected->care.ldt[n], report);
	compare_number("cr2", found->cr2, expected->value.cr2, expected->care.cr2, report);
}

void vector_compare(struct vector *found, struct expectation *expected, const struct vector_report *report)
{
	struct vector *should = &expected->value, *care = &expected->care;

	if (records_differ(found, should, care))
		compare_records(found, expected, report);
	for (u32 page = 0; page < VECTOR_PAGES; page++)
		if (page_differs(page, found, should, care))
			compare_page(page, found, should, care, report);
}

u32 vector_checks(struct vector *care)
{
	u32 checks = VECTOR_LDT + VECTOR_PAGES + (care->cr2 != 0);

	for (u32 n = 0; n < cr_register_count; n++) {
		const struct cr_register *r = &cr_registers[n];
		const u8 *bits = r->record == CR_HDR_XSTATE && !(care->components >> r->component & 1)
					 ? (const u8 *)&care->fill
					 : vector_find(care, r);

		checks += bits && (*bits || !xstate_is_zero(bits, r->size));
	}
	return checks;
}
