/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Layouts of the XSAVE area, conversion between FSAVE and FXSAVE images, the canonical form. Expected values are the
 * manuals' and those that CPUs report, never computed from the code under test.
 */
#include "tap.h"
#include "xstate.h"

/*
 * --- CPUID leaf 0DH of real CPUs ---
 *
 * Zen 2, Zen 3 and Sapphire Rapids are from published dumps. The others are put together from what is known of them, and
 * wait for one.
 */

struct cpuid_leaf {
	u32 subleaf;
	struct cpuid_result regs;
};

struct known_cpu {
	const char *name;
	u64 legal;	       /* the largest XCR0 */
	u32 size;	       /* of the area with that XCR0: what CPUID.0DH.0:ECX says */
	const u32 *components; /* that XCR0 enables, each with offset and size; ends with 0 */
	struct cpuid_leaf leaf[20];
};

/* AVX alone: the same on all CPUs of both vendors. */
static const u32 avx_only[] = {XSTATE_AVX, 576, 256, 0};

static const struct known_cpu cpus[] = {
	{"Intel Sandy Bridge", 0x7, 0x340, avx_only, {{0, {0x7, 0x340, 0x340, 0}}, {2, {0x100, 0x240, 0, 0}}}},
	{"Intel Haswell", 0x7, 0x340, avx_only, {{0, {0x7, 0x340, 0x340, 0}}, {2, {0x100, 0x240, 0, 0}}}},
	/* A supervisor component (8, Processor Trace) has a sub-leaf, but no offset and no bit in XCR0. */
	{"Intel Skylake-SP",
	 0x2ff,
	 0xa88,
	 (const u32[]){XSTATE_AVX,
		       576,
		       256,
		       XSTATE_BNDREGS,
		       960,
		       64,
		       XSTATE_BNDCSR,
		       1024,
		       64,
		       XSTATE_OPMASK,
		       1088,
		       64,
		       XSTATE_ZMM_HI256,
		       1152,
		       512,
		       XSTATE_HI16_ZMM,
		       1664,
		       1024,
		       XSTATE_PKRU,
		       2688,
		       8,
		       0},
	 {{0, {0x2ff, 0xa88, 0xa88, 0}},
	  {2, {0x100, 0x240, 0, 0}},
	  {3, {0x40, 0x3c0, 0, 0}},
	  {4, {0x40, 0x400, 0, 0}},
	  {5, {0x40, 0x440, 0, 0}},
	  {6, {0x200, 0x480, 0, 0}},
	  {7, {0x400, 0x680, 0, 0}},
	  {8, {0x80, 0, 1, 0}},
	  {9, {0x8, 0xa80, 0, 0}}}},
	/* No MPX any more, but the gap where it was; AMX after PKRU, aligned to 64. */
	{"Intel Sapphire Rapids",
	 0x602e7,
	 0x2b00,
	 (const u32[]){XSTATE_AVX,
		       576,
		       256,
		       XSTATE_OPMASK,
		       1088,
		       64,
		       XSTATE_ZMM_HI256,
		       1152,
		       512,
		       XSTATE_HI16_ZMM,
		       1664,
		       1024,
		       XSTATE_PKRU,
		       2688,
		       8,
		       XSTATE_XTILECFG,
		       2752,
		       64,
		       XSTATE_XTILEDATA,
		       2816,
		       8192,
		       0},
	 {{0, {0x602e7, 0x2b00, 0x2b00, 0}},
	  {1, {0x1f, 0x2d00, 0xdd00, 0}},
	  {2, {0x100, 0x240, 0, 0}},
	  {5, {0x40, 0x440, 0, 0}},
	  {6, {0x200, 0x480, 0, 0}},
	  {7, {0x400, 0x680, 0, 0}},
	  {8, {0x80, 0, 1, 0}},
	  {9, {0x8, 0xa80, 0, 0}},
	  {10, {0x8, 0, 1, 0}},
	  {11, {0x10, 0, 1, 0}},
	  {12, {0x18, 0, 1, 0}},
	  {14, {0x30, 0, 1, 0}},
	  {15, {0x328, 0, 1, 0}},
	  {17, {0x40, 0xac0, 2, 0}},
	  {18, {0x2000, 0xb00, 6, 0}}}},
	/* PKRU straight after AVX, and 64 bytes of it. */
	{"AMD Zen 2 (EPYC 7402P)",
	 0x207,
	 0x380,
	 (const u32[]){XSTATE_AVX, 576, 256, XSTATE_PKRU, 832, 64, 0},
	 {{0, {0x207, 0x340, 0x380, 0}}, {1, {0xf, 0x340, 0, 0}}, {2, {0x100, 0x240, 0, 0}}, {9, {0x40, 0x340, 0, 0}}}},
	/* PKRU where Zen 4 has it, too: behind a gap for AVX-512 that this CPU does not have. */
	{"AMD Zen 3",
	 0x207,
	 0x988,
	 (const u32[]){XSTATE_AVX, 576, 256, XSTATE_PKRU, 2432, 8, 0},
	 {{0, {0x207, 0x988, 0x988, 0}},
	  {1, {0xf, 0x348, 0x1800, 0}},
	  {2, {0x100, 0x240, 0, 0}},
	  {9, {0x8, 0x980, 0, 0}},
	  {11, {0x10, 0, 1, 0}},
	  {12, {0x18, 0, 1, 0}}}},
	/* No gap for MPX before the opmasks. */
	{"AMD Zen 4",
	 0x2e7,
	 0x988,
	 (const u32[]){XSTATE_AVX, 576, 256, XSTATE_OPMASK, 832, 64, XSTATE_ZMM_HI256, 896, 512, XSTATE_HI16_ZMM, 1408,
		       1024, XSTATE_PKRU, 2432, 8, 0},
	 {{0, {0x2e7, 0x988, 0x988, 0}},
	  {2, {0x100, 0x240, 0, 0}},
	  {5, {0x40, 0x340, 0, 0}},
	  {6, {0x200, 0x380, 0, 0}},
	  {7, {0x400, 0x580, 0, 0}},
	  {9, {0x8, 0x980, 0, 0}}}},
};

static const struct known_cpu *current_cpu;

static struct cpuid_result recorded_cpuid(u32 leaf, u32 subleaf)
{
	for (u32 n = 0; leaf == 0xd && n < ARRAY_SIZE(current_cpu->leaf); n++)
		if (current_cpu->leaf[n].subleaf == subleaf)
			return current_cpu->leaf[n].regs;
	return (struct cpuid_result){0, 0, 0, 0};
}

static void test_layout(const struct known_cpu *cpu)
{
	struct xstate_layout layout;
	u64 enabled = XSTATE_LEGACY_MASK;

	current_cpu = cpu;
	if (!ok(xstate_legal_xcr0(recorded_cpuid(0xd, 0).eax) == cpu->legal, "%s: largest XCR0", cpu->name))
		note("got 0x%llx", (unsigned long long)xstate_legal_xcr0(recorded_cpuid(0xd, 0).eax));
	memset(&layout, 0xff, sizeof(layout));
	xstate_layout_init(&layout, cpu->legal, recorded_cpuid);
	if (!ok(layout.xcr0 == cpu->legal && layout.size == cpu->size, "%s: size of the area", cpu->name))
		note("got %u, expected %u", layout.size, cpu->size);
	for (const u32 *c = cpu->components; *c; c += 3) {
		enabled |= (u64)1 << c[0];
		if (!ok(layout.component[c[0]].offset == c[1] && layout.component[c[0]].size == c[2],
			"%s: %s at %u, %u bytes", cpu->name, xstate_component_name(c[0]), c[1], c[2]))
			note("got %u, %u bytes", layout.component[c[0]].offset, layout.component[c[0]].size);
	}
	ok(enabled == cpu->legal, "%s: no component untested", cpu->name);
	for (u32 n = 0; n < XSTATE_COMPONENTS; n++)
		if (!(enabled >> n & 1) && layout.component[n].size)
			ok(false, "%s: component %u is not enabled, so it has no place", cpu->name, n);
}

static void test_partial_layout(void)
{
	struct xstate_layout layout;

	current_cpu = &cpus[2];
	xstate_layout_init(&layout, 0x7, recorded_cpuid);
	is_number(layout.size, 832, "Skylake-SP with XCR0 = 7: the area ends after AVX");
	is_number(layout.component[XSTATE_PKRU].size, 0, "Skylake-SP with XCR0 = 7: no PKRU");
	xstate_layout_init(&layout, 0x3, recorded_cpuid);
	is_number(layout.size, 576, "XCR0 = 3: legacy region and header (SDM 1 §13.4)");
	xstate_layout_init(&layout, 0, recorded_cpuid);
	is_number(layout.size, 0, "no XSAVE: no area");
}

/* SDM 1 §13.3 and SDM 2, XSETBV: which bits may be set together. */
static void test_legal_xcr0(void)
{
	static const struct {
		u64 supported, legal;
		const char *what;
	} rows[] = {
		{0x0, 0x1, "x87 is always enabled"},
		{0x1, 0x1, "x87 alone"},
		{0x5, 0x1, "AVX needs SSE"},
		{0xe5, 0x1, "AVX-512 goes where AVX goes"},
		{0xe3, 0x3, "AVX-512 needs AVX"},
		{0x27, 0x7, "opmask alone"},
		{0xc7, 0x7, "AVX-512 without opmask"},
		{0xe7, 0xe7, "AVX-512"},
		{0xf, 0x7, "BNDREGS needs BNDCSR"},
		{0x17, 0x7, "BNDCSR needs BNDREGS"},
		{0x1b, 0x1b, "MPX needs no AVX"},
		{0x203, 0x203, "PKRU stands alone"},
		{0x20007, 0x7, "XTILECFG needs XTILEDATA"},
		{0x40007, 0x7, "XTILEDATA needs XTILECFG"},
		{0x60007, 0x60007, "AMX"},
		{0x80007, 0x80007, "a component that cr86 has no name for is state, too"},
		{0x8000000000000007, 0x7, "bit 63 is no component"},
	};

	for (u32 n = 0; n < ARRAY_SIZE(rows); n++)
		is_number(xstate_legal_xcr0(rows[n].supported), rows[n].legal, rows[n].what);
}

static void test_names(void)
{
	is_text(xstate_component_name(2), "AVX", "component 2");
	is_text(xstate_component_name(6), "ZMM_Hi256", "component 6");
	is_text(xstate_component_name(9), "PKRU", "component 9");
	is_text(xstate_component_name(18), "XTILEDATA", "component 18");
	ok(!xstate_component_name(8) && !xstate_component_name(62) && !xstate_component_name(63) &&
		   !xstate_component_name(0xffffffff),
	   "components without a name");
}

/* --- Tags --- */

enum tag { VALID, ZERO, SPECIAL, EMPTY };

/* One value of each kind: SDM 1 table 8-3 and §8.2.2; its tag: table 10-3. Significand, then sign and exponent. */
static const struct value {
	const char *name;
	u64 significand;
	u16 exponent;
	enum tag tag;
} values[] = {
	{"1.0", 0x8000000000000000, 0x3fff, VALID},
	{"-pi", 0xc90fdaa22168c235, 0xc000, VALID},
	{"smallest normal", 0x8000000000000000, 0x0001, VALID},
	{"largest normal", 0xffffffffffffffff, 0x7ffe, VALID},
	{"+0", 0, 0x0000, ZERO},
	{"-0", 0, 0x8000, ZERO},
	{"denormal", 1, 0x0000, SPECIAL},
	{"pseudo-denormal", 0x8000000000000000, 0x0000, SPECIAL},
	{"unnormal", 0x7fffffffffffffff, 0x4000, SPECIAL},
	{"unnormal zero", 0, 0x1234, SPECIAL},
	{"infinity", 0x8000000000000000, 0x7fff, SPECIAL},
	{"-infinity", 0x8000000000000000, 0xffff, SPECIAL},
	{"QNaN with payload", 0xc000000000001234, 0x7fff, SPECIAL},
	{"SNaN with payload", 0x800000000000abcd, 0xffff, SPECIAL},
	{"pseudo-infinity", 0, 0x7fff, SPECIAL},
	{"pseudo-NaN", 0x4000000000000001, 0x7fff, SPECIAL},
};

static void put_value(u8 to[10], const struct value *v)
{
	memcpy(to, &v->significand, 8);
	memcpy(to + 8, &v->exponent, 2);
}

static void test_tag_of_each_value(void)
{
	for (u32 n = 0; n < ARRAY_SIZE(values); n++) {
		struct fxsave fx = {.ftw = 0x01}; /* TOP 0: ST(0) is R0 */

		put_value(fx.st[0].value, &values[n]);
		if (!ok(fxsave_tag_word(&fx) == (0xfffc | values[n].tag), "tag of %s", values[n].name))
			note("got %04x", fxsave_tag_word(&fx));
	}
}

/* --- Conversion --- */

/* An FSAVE image with TOP and with value (r + turn) in physical register r, or r empty where `empty` has bit r. */
static struct fsave sample_fsave(u32 top, u32 turn, u8 empty)
{
	struct fsave fs = {
		.fcw = 0x0f7a,
		.fsw = (u16)(0x4701 | top << 11),
		.fip = 0x08048123,
		.fcs = 0x73,
		.fop = 0x5ad,
		.fdp = 0xbffffe00,
		.fds = 0x7b,
	};

	for (u32 r = 0; r < 8; r++) {
		const struct value *v = &values[(r + turn) % ARRAY_SIZE(values)];

		/* Empty registers keep their bytes: they are part of the image, too. */
		put_value(fs.st[(r + 8 - top) % 8], v);
		fs.ftw |= (u16)((empty >> r & 1 ? EMPTY : v->tag) << 2 * r);
	}
	return fs;
}

static void test_conversion(u32 top, u8 empty)
{
	bool fields = true, tags = true, registers = true, back = true, clean = true;

	for (u32 turn = 0; turn < ARRAY_SIZE(values); turn++) {
		struct fsave fs = sample_fsave(top, turn, empty), again;
		struct fxsave fx;

		memset(&fx, 0xee, sizeof(fx));
		memset(&again, 0xee, sizeof(again));
		fsave_to_fxsave(&fx, &fs);
		fields &= fx.fcw == 0x0f7a && fx.fsw == (0x4701 | top << 11) && fx.fip == 0x08048123 &&
			  fx.fcs == 0x73 && fx.fop == 0x5ad && fx.fdp == 0xbffffe00 && fx.fds == 0x7b;
		fields &= fx.mxcsr == 0x1f80;
		tags &= fx.ftw == 0xff - empty && fxsave_tag_word(&fx) == fs.ftw;
		for (u32 n = 0; n < 8; n++)
			registers &= memcmp(fx.st[n].value, fs.st[n], 10) == 0;
		clean &= fxsave_stray_byte(&fx) == -1;
		back &= fxsave_to_fsave(&again, &fx) && memcmp(&again, &fs, sizeof(fs)) == 0;
	}
	ok(fields, "TOP %u, empty %02x: control, status and pointers, MXCSR 1F80H", top, empty);
	ok(tags, "TOP %u, empty %02x: tags in both forms", top, empty);
	ok(registers, "TOP %u, empty %02x: ST(n) stays ST(n)", top, empty);
	ok(clean, "TOP %u, empty %02x: nothing in reserved bytes", top, empty);
	ok(back, "TOP %u, empty %02x: and back, the same bytes", top, empty);
}

/* Where the two forms keep things: SDM 1 table 10-2 and figure 8-9. */
static void test_places(void)
{
	u8 fsave_bytes[108] = {0}, fxsave_bytes[512];
	struct fsave fs;
	struct fxsave fx;

	for (u32 n = 0; n < sizeof(fsave_bytes); n++)
		fsave_bytes[n] = (u8)(n + 1);
	memcpy(&fs, fsave_bytes, sizeof(fs));
	fsave_to_fxsave(&fx, &fs);
	memcpy(fxsave_bytes, &fx, sizeof(fx));
	ok(fxsave_bytes[0] == 1 && fxsave_bytes[1] == 2, "FCW: FSAVE 0, FXSAVE 0");
	ok(fxsave_bytes[2] == 5 && fxsave_bytes[3] == 6, "FSW: FSAVE 4, FXSAVE 2");
	ok(fxsave_bytes[4] == 0xff, "FTW: FSAVE 8 (0A09H: no register empty), FXSAVE 4");
	ok(fxsave_bytes[6] == 19 && fxsave_bytes[7] == (20 & 7), "FOP: FSAVE 18, 11 bits, FXSAVE 6");
	ok(fxsave_bytes[8] == 13 && fxsave_bytes[11] == 16, "FIP: FSAVE 12, FXSAVE 8");
	ok(fxsave_bytes[12] == 17 && fxsave_bytes[13] == 18, "FCS: FSAVE 16, FXSAVE 12");
	ok(fxsave_bytes[16] == 21 && fxsave_bytes[19] == 24, "FDP: FSAVE 20, FXSAVE 16");
	ok(fxsave_bytes[20] == 25 && fxsave_bytes[21] == 26, "FDS: FSAVE 24, FXSAVE 20");
	ok(fxsave_bytes[32] == 29 && fxsave_bytes[41] == 38 && fxsave_bytes[42] == 0, "ST(0): FSAVE 28, FXSAVE 32");
	ok(fxsave_bytes[144] == 99 && fxsave_bytes[153] == 108, "ST(7): FSAVE 98, FXSAVE 144");
	ok(fxsave_bytes[24] == 0x80 && fxsave_bytes[25] == 0x1f, "MXCSR: FXSAVE 24");
}

static void test_lossy_conversion(void)
{
	struct fsave fs;
	struct fxsave fx;

	fxsave_init(&fx);
	ok(fxsave_to_fsave(&fs, &fx), "FXSAVE to FSAVE: SSE in its initial state");
	fx.mxcsr = 0x1f81;
	ok(!fxsave_to_fsave(&fs, &fx), "FXSAVE to FSAVE refuses: MXCSR is not 1F80H");
	fx.mxcsr = 0x1f80;
	fx.xmm[0][0] = 1;
	ok(!fxsave_to_fsave(&fs, &fx), "FXSAVE to FSAVE refuses: the first byte of XMM0 is not 0");
	fx.xmm[0][0] = 0;
	fx.xmm[7][15] = 0x80;
	ok(!fxsave_to_fsave(&fs, &fx), "FXSAVE to FSAVE refuses: the last byte of XMM7 is not 0");
}

/* --- The initial and the canonical form --- */

static void test_init(void)
{
	static const u8 fsave_start[12] = {0x7f, 0x03, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0};
	struct fxsave fx, converted;
	struct fsave fs;

	memset(&fx, 0xee, sizeof(fx));
	memset(&fs, 0xee, sizeof(fs));
	fxsave_init(&fx);
	fsave_init(&fs);
	ok(fx.fcw == 0x37f && fx.fsw == 0 && fx.ftw == 0 && fx.mxcsr == 0x1f80, "initial FXSAVE image");
	ok(memcmp(&fs, fsave_start, sizeof(fsave_start)) == 0, "initial FSAVE image: FCW 037FH, FTW FFFFH");
	ok(xstate_is_zero((u8 *)&fs + 12, sizeof(fs) - 12), "initial FSAVE image: the rest is 0");
	fsave_to_fxsave(&converted, &fs);
	ok(memcmp(&converted, &fx, sizeof(fx)) == 0, "the initial images are each other's conversion");
}

/* Which bytes of an image of all ones are state: the rest becomes 0, and is found when it is not. */
static void test_canonical(void)
{
	u8 expected[512], bytes[512];
	struct fxsave fx;
	bool found = true;

	memset(expected, 0xff, sizeof(expected));
	expected[5] = 0;
	expected[7] = 0x07; /* FOP has 11 bits */
	memset(expected + 14, 0, 2);
	memset(expected + 22, 0, 2);
	memset(expected + 28, 0, 4); /* MXCSR_MASK */
	for (u32 n = 0; n < 8; n++)
		memset(expected + 32 + 16 * n + 10, 0, 6);
	memset(expected + 288, 0, 512 - 288); /* XMM8 to XMM15, reserved, software */
	memset(&fx, 0xff, sizeof(fx));
	is_number((unsigned long long)fxsave_stray_byte(&fx), 5, "FXSAVE image of ones: the first stray byte");
	fxsave_canonical(&fx);
	ok(memcmp(&fx, expected, sizeof(fx)) == 0, "FXSAVE image of ones: what is not state becomes 0");
	is_number((unsigned long long)fxsave_stray_byte(&fx), (unsigned long long)-1, "and then nothing is stray");
	for (u32 n = 0; n < 512; n++) {
		s32 stray;

		memset(bytes, 0, sizeof(bytes));
		bytes[n] = 0x80; /* the highest bit: reserved in FOP */
		memcpy(&fx, bytes, sizeof(fx));
		stray = fxsave_stray_byte(&fx);
		if (stray != (expected[n] == 0xff ? -1 : (s32)n)) {
			note("byte %u: got %d", n, stray);
			found = false;
		}
	}
	ok(found, "FXSAVE image: each stray byte is found, and no other");
}

static void test_fsave_canonical(void)
{
	struct fsave fs;
	u8 expected[108];

	memset(expected, 0xff, sizeof(expected));
	memset(expected + 2, 0, 2);
	memset(expected + 6, 0, 2);
	memset(expected + 10, 0, 2);
	expected[19] = 0x07;
	memset(expected + 26, 0, 2);
	memset(&fs, 0xff, sizeof(fs));
	is_number((unsigned long long)fsave_stray_byte(&fs), 2, "FSAVE image of ones: the first stray byte");
	fsave_canonical(&fs);
	ok(memcmp(&fs, expected, sizeof(fs)) == 0, "FSAVE image of ones: what is not state becomes 0");
	is_number((unsigned long long)fsave_stray_byte(&fs), (unsigned long long)-1, "and then nothing is stray");
}

static void test_is_zero(void)
{
	u8 bytes[65] = {0};

	bytes[64] = 1;
	ok(xstate_is_zero(bytes, 0), "no bytes are zero");
	ok(xstate_is_zero(bytes, 64), "64 zeros");
	ok(!xstate_is_zero(bytes, 65), "the last of 65 bytes is not 0");
	bytes[0] = 1;
	ok(!xstate_is_zero(bytes, 64), "the first of 64 bytes is not 0");
}

int main(void)
{
	for (u32 n = 0; n < ARRAY_SIZE(cpus); n++)
		test_layout(&cpus[n]);
	test_partial_layout();
	test_legal_xcr0();
	test_names();
	test_tag_of_each_value();
	for (u32 top = 0; top < 8; top++) {
		test_conversion(top, 0x00);
		test_conversion(top, 0x81);
		test_conversion(top, 0xff);
	}
	test_places();
	test_lossy_conversion();
	test_init();
	test_canonical();
	test_fsave_canonical();
	test_is_zero();
	return done_testing();
}
