/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The table of registers: every byte of a record that means something has exactly one row in each form, every byte that
 * does not has none. And how values are printed.
 */
#include "registers.h"
#include "tap.h"
#include "xstate.h"

/* --- Coverage --- */

/* Bytes that must be 0 by docs/FORMAT.md §1 and §3 or that the manuals reserve, as half-open ranges of a record. */
struct gap {
	u32 start, end;
};

/* DR4 and DR5 are aliases of DR6 and DR7, not registers (SDM 3 §17.2.2). */
#define CPU_GAPS                                                                                                       \
	{232, 248},                                                                                                    \
	{                                                                                                              \
		270, 272                                                                                               \
	}

/* SDM 1 table 10-2, at 272: reserved 5, 14, 22; MXCSR_MASK 28; six bytes behind each ST; XMM8 to 15 and the rest from 288 */
static const struct gap fxsave_gaps[] = {
	CPU_GAPS,   {277, 278}, {286, 288}, {294, 296}, {300, 304}, {314, 320}, {330, 336}, {346, 352},
	{362, 368}, {378, 384}, {394, 400}, {410, 416}, {426, 432}, {560, 784}, {0, 0},
};

/* SDM 1 figure 8-9, at 272: the upper halves of FCW, FSW, FTW and FDS; and all behind 108 bytes */
static const struct gap fsave_gaps[] = {
	CPU_GAPS, {274, 276}, {278, 280}, {282, 284}, {298, 300}, {380, 784}, {0, 0},
};

static bool in_gap(const struct gap *gaps, u32 at)
{
	for (; gaps && gaps->end; gaps++)
		if (at >= gaps->start && at < gaps->end)
			return true;
	return false;
}

static bool row_of(const struct cr_register *r, s16 record, u32 component, enum cr_form form)
{
	return r->record == record && r->component == component && (r->form == CR_FORM_ANY || r->form == form);
}

static void test_coverage(s16 record, u32 component, enum cr_form form, u32 size, const struct gap *gaps,
			  const char *what)
{
	bool good = true;

	for (u32 at = 0; at < size; at++) {
		u32 rows = 0;

		for (u32 n = 0; n < cr_register_count; n++) {
			const struct cr_register *r = &cr_registers[n];

			rows += row_of(r, record, component, form) && at >= r->offset && at < (u32)r->offset + r->size;
		}
		if (rows != !in_gap(gaps, at)) {
			note("byte %u has %u rows", at, rows);
			good = false;
		}
	}
	for (u32 n = 0; n < cr_register_count; n++) {
		const struct cr_register *r = &cr_registers[n];

		if (row_of(r, record, component, form) && (u32)r->offset + r->size > size) {
			note("%s ends at %u of %u", r->name, r->offset + r->size, size);
			good = false;
		}
	}
	ok(good, "%s: each of %u bytes has one row, or none where it means nothing", what, size);
}

static void test_all_coverage(void)
{
	static const struct gap bndcsr_gaps[] = {{16, 64}, {0, 0}}, pkru_gaps[] = {{4, 8}, {0, 0}};

	test_coverage(CR_HDR_CPU, 0, CR_FORM_FXSAVE, 784, fxsave_gaps, "CPU with FXSAVE");
	test_coverage(CR_HDR_CPU, 0, CR_FORM_FSAVE, 784, fsave_gaps, "CPU with FSAVE");
	test_coverage(CR_HDR_THREAD, 0, CR_FORM_ANY, 24, NULL, "the TLS descriptors");
	/* Of AVX and ZMM_Hi256 i386 has the lower half. */
	test_coverage(CR_HDR_XSTATE, XSTATE_AVX, CR_FORM_ANY, 128, NULL, "AVX");
	test_coverage(CR_HDR_XSTATE, XSTATE_BNDREGS, CR_FORM_ANY, 64, NULL, "BNDREGS");
	test_coverage(CR_HDR_XSTATE, XSTATE_BNDCSR, CR_FORM_ANY, 64, bndcsr_gaps, "BNDCSR");
	test_coverage(CR_HDR_XSTATE, XSTATE_OPMASK, CR_FORM_ANY, 64, NULL, "opmask");
	test_coverage(CR_HDR_XSTATE, XSTATE_ZMM_HI256, CR_FORM_ANY, 256, NULL, "ZMM_Hi256");
	test_coverage(CR_HDR_XSTATE, XSTATE_PKRU, CR_FORM_ANY, 8, pkru_gaps, "PKRU");
}

/* --- Order, names, bits --- */

static void test_rows(void)
{
	bool sorted = true, records = true, bits = true, named = true;

	for (u32 n = 0; n < cr_register_count; n++) {
		const struct cr_register *r = &cr_registers[n];

		sorted &= n == 0 || r->group >= cr_registers[n - 1].group;
		records &= r->record == CR_HDR_CPU || r->record == CR_HDR_THREAD || r->record == CR_HDR_XSTATE;
		records &= (r->record == CR_HDR_XSTATE) == (r->component >= XSTATE_AVX);
		records &= (r->record == CR_HDR_THREAD) == (r->group == CR_GROUP_TLS);
		named &= r->group < CR_GROUPS && cr_group_name[r->group] && r->name[0] && r->field[0];
		named &= r->size * 2 >= r->digits;
		for (const struct cr_bits *b = r->bits; b && b->name; b++)
			bits &= b->width && b->shift + b->width <= 8 * r->size &&
				(!b[1].name || b[1].shift >= b->shift + b->width);
	}
	ok(sorted, "the rows stand group by group");
	ok(records, "each row's record, component and group agree");
	ok(named, "each row has a name, a field, a group, and no more digits than bytes");
	ok(bits, "fields of bits rise, do not overlap and fit in their register");
}

static void test_unique(void)
{
	bool names = true, fields = true;

	for (u32 n = 0; n < cr_register_count; n++)
		for (u32 m = 0; m < n; m++) {
			const struct cr_register *r = &cr_registers[n], *s = &cr_registers[m];

			if (r->form != s->form && r->form && s->form)
				continue; /* FCW is FCW in both forms */
			names &= strcmp(r->name, s->name) != 0;
			fields &= r->record != s->record || r->component != s->component ||
				  strcmp(r->field, s->field) != 0;
		}
	ok(names, "no name twice");
	ok(fields, "no field twice");
}

/* --- Single rows, against the manuals --- */

static const struct cr_register *find(const char *name, enum cr_form form)
{
	for (u32 n = 0; n < cr_register_count; n++)
		if (strcmp(cr_registers[n].name, name) == 0 &&
		    (cr_registers[n].form == CR_FORM_ANY || cr_registers[n].form == form))
			return &cr_registers[n];
	return NULL;
}

static void test_places(void)
{
	static const struct {
		const char *name;
		enum cr_form form;
		u32 offset, size;
	} rows[] = {
		{"eax", CR_FORM_ANY, 80, 8},	   {"ebx", CR_FORM_ANY, 40, 8},
		{"ecx", CR_FORM_ANY, 88, 8},	   {"edx", CR_FORM_ANY, 96, 8},
		{"esi", CR_FORM_ANY, 104, 8},	   {"edi", CR_FORM_ANY, 112, 8},
		{"ebp", CR_FORM_ANY, 32, 8},	   {"esp", CR_FORM_ANY, 152, 8},
		{"eip", CR_FORM_ANY, 128, 8},	   {"eflags", CR_FORM_ANY, 144, 8},
		{"orig_eax", CR_FORM_ANY, 120, 8}, {"r8", CR_FORM_ANY, 72, 8},
		{"r15", CR_FORM_ANY, 0, 8},	   {"cs", CR_FORM_ANY, 136, 8},
		{"ss", CR_FORM_ANY, 160, 8},	   {"gs", CR_FORM_ANY, 192, 8},
		{"gdt8", CR_FORM_ANY, 16, 8},	   {"DR3", CR_FORM_ANY, 224, 8},
		{"DR6", CR_FORM_ANY, 248, 8},	   {"DR7", CR_FORM_ANY, 256, 8},
		{"FCW", CR_FORM_FSAVE, 272, 2},	   {"FSW", CR_FORM_FSAVE, 276, 2},
		{"FTW", CR_FORM_FSAVE, 280, 2},	   {"FIP", CR_FORM_FSAVE, 284, 4},
		{"FCS", CR_FORM_FSAVE, 288, 2},	   {"FOP", CR_FORM_FSAVE, 290, 2},
		{"FDP", CR_FORM_FSAVE, 292, 4},	   {"FDS", CR_FORM_FSAVE, 296, 2},
		{"ST0", CR_FORM_FSAVE, 300, 10},   {"ST7", CR_FORM_FSAVE, 370, 10},
		{"FCW", CR_FORM_FXSAVE, 272, 2},   {"FSW", CR_FORM_FXSAVE, 274, 2},
		{"FTW", CR_FORM_FXSAVE, 276, 1},   {"FOP", CR_FORM_FXSAVE, 278, 2},
		{"FIP", CR_FORM_FXSAVE, 280, 4},   {"FCS", CR_FORM_FXSAVE, 284, 2},
		{"FDP", CR_FORM_FXSAVE, 288, 4},   {"FDS", CR_FORM_FXSAVE, 292, 2},
		{"MXCSR", CR_FORM_FXSAVE, 296, 4}, {"ST0", CR_FORM_FXSAVE, 304, 10},
		{"ST7", CR_FORM_FXSAVE, 416, 10},  {"XMM0", CR_FORM_FXSAVE, 432, 16},
		{"XMM7", CR_FORM_FXSAVE, 544, 16}, {"YMM7_Hi128", CR_FORM_ANY, 112, 16},
		{"BND3", CR_FORM_ANY, 48, 16},	   {"BNDSTATUS", CR_FORM_ANY, 8, 8},
		{"K7", CR_FORM_ANY, 56, 8},	   {"ZMM7_Hi256", CR_FORM_ANY, 224, 32},
		{"PKRU", CR_FORM_ANY, 0, 4},	   {"has_fxsr", CR_FORM_ANY, 268, 2},
	};

	for (u32 n = 0; n < ARRAY_SIZE(rows); n++) {
		const struct cr_register *r = find(rows[n].name, rows[n].form);

		if (!ok(r && r->offset == rows[n].offset && r->size == rows[n].size, "%s at %u, %u bytes", rows[n].name,
			rows[n].offset, rows[n].size) &&
		    r)
			note("got %u, %u bytes", r->offset, r->size);
	}
}

/* Little-endian values up to 64 bits, and the line that each must give. */
static void test_lines(void)
{
	static const struct {
		const char *name;
		enum cr_form form;
		u64 value;
		const char *line;
	} rows[] = {
		{"eax", CR_FORM_ANY, 0, "eax 00000000"},
		{"eax", CR_FORM_ANY, 0x123456789, "eax 123456789"},
		{"r8", CR_FORM_ANY, 1, "r8 0000000000000001"},
		{"cs", CR_FORM_ANY, 0x73, "cs 0073"},
		{"eflags", CR_FORM_ANY, 0x246, "eflags 00000246 PF ZF IF"},
		{"eflags", CR_FORM_ANY, 0x257fd7, "eflags 00257fd7 CF PF AF ZF SF TF IF DF OF IOPL=3 NT RF AC ID"},
		{"eflags", CR_FORM_ANY, 0x1a0002, "eflags 001a0002 VM VIF VIP"},
		{"gdt6", CR_FORM_ANY, 0x12c0f2345000000full,
		 "gdt6 12c0f2345000000f limit_15_0=f base_23_0=345000 type=2 S DPL=3 P D G base_31_24=12"},
		{"DR6", CR_FORM_ANY, 0xe00f, "DR6 0000e00f B0 B1 B2 B3 BD BS BT"},
		{"DR7", CR_FORM_ANY, 0xd0000f02, "DR7 d0000f02 G0 LE GE R/W3=1 LEN3=3"},
		{"FCW", CR_FORM_FXSAVE, 0x0f7f, "FCW 0f7f IM DM ZM OM UM PM PC=3 RC=3"},
		{"FSW", CR_FORM_FXSAVE, 0xffff, "FSW ffff IE DE ZE OE UE PE SF ES C0 C1 C2 TOP=7 C3 B"},
		{"FTW", CR_FORM_FXSAVE, 0x81, "FTW 81 R0 R7"},
		{"FTW", CR_FORM_FSAVE, 0xc001, "FTW c001 TAG0=1 TAG7=3"},
		{"MXCSR", CR_FORM_FXSAVE, 0x1f80, "MXCSR 00001f80 IM DM ZM OM UM PM"},
		{"MXCSR", CR_FORM_FXSAVE, 0x2e07f, "MXCSR 0002e07f IE DE ZE OE UE PE DAZ RC=3 FZ MM"},
		{"BNDCFGU", CR_FORM_ANY, 0x5003, "BNDCFGU 0000000000005003 EN BNDPRESERVE BASE=5"},
		{"BNDSTATUS", CR_FORM_ANY, 0x9, "BNDSTATUS 0000000000000009 EC=1 ABD=2"},
		{"PKRU", CR_FORM_ANY, 0x80000006, "PKRU 80000006 WD0 AD1 WD15"},
		{"has_fxsr", CR_FORM_ANY, 1, "has_fxsr 1"},
	};

	for (u32 n = 0; n < ARRAY_SIZE(rows); n++) {
		const struct cr_register *r = find(rows[n].name, rows[n].form);
		char line[CR_LINE_SIZE] = "";

		if (r)
			cr_register_format(line, sizeof(line), r, &rows[n].value);
		is_text(line, rows[n].line, rows[n].line);
	}
}

static void test_long_values(void)
{
	u8 bytes[32];
	char text[CR_VALUE_SIZE], line[CR_LINE_SIZE];

	for (u32 n = 0; n < sizeof(bytes); n++)
		bytes[n] = (u8)n;
	cr_value_format(text, sizeof(text), find("ST3", CR_FORM_FXSAVE), bytes);
	is_text(text, "0908_0706050403020100", "an x87 register: sign and exponent, then the significand");
	cr_value_format(text, sizeof(text), find("XMM3", CR_FORM_FXSAVE), bytes);
	is_text(text, "0f0e0d0c0b0a0908_0706050403020100", "an XMM register");
	cr_register_format(line, sizeof(line), find("ZMM3_Hi256", CR_FORM_ANY), bytes);
	is_text(line, "ZMM3_Hi256 1f1e1d1c1b1a1918_1716151413121110_0f0e0d0c0b0a0908_0706050403020100",
		"half a ZMM register");
}

/* The longest lines there are must fit the buffers that registers.h offers, and no shorter buffer may overflow. */
static void test_buffers(void)
{
	u8 ones[64];
	bool fits = true, bounded = true;

	memset(ones, 0xff, sizeof(ones));
	for (u32 n = 0; n < cr_register_count; n++) {
		char line[2 * CR_LINE_SIZE];

		fits &= cr_register_format(line, CR_LINE_SIZE, &cr_registers[n], ones) < CR_LINE_SIZE;
		for (u32 size = 1; size < 80; size++) {
			memset(line, '#', sizeof(line));
			cr_value_format(line, size, &cr_registers[n], ones);
			bounded &= strlen(line) < size && line[size] == '#';
			memset(line, '#', sizeof(line));
			cr_bits_format(line, size, &cr_registers[n], ones);
			bounded &= strlen(line) < size && line[size] == '#';
			memset(line, '#', sizeof(line));
			cr_register_format(line, size, &cr_registers[n], ones);
			bounded &= strlen(line) < size && line[size] == '#';
		}
	}
	ok(fits, "every register's line fits in CR_LINE_SIZE");
	ok(bounded, "a short buffer is not overrun");
}

int main(void)
{
	test_all_coverage();
	test_rows();
	test_unique();
	test_places();
	test_lines();
	test_long_values();
	test_buffers();
	return done_testing();
}
