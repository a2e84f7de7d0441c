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

/* Leaves that no CPU has, but hypervisors may show; and one that is right. The area's size is in leaf 0's ECX. */
static void test_usable_xcr0(void)
{
	static const struct known_cpu rows[] = {
		{"all is right", 0x207,
		 .leaf = {{0, {0x207, 576, 840, 0}}, {2, {256, 576, 0, 0}}, {9, {8, 832, 0, 0}}}},
		{"no leaf 0DH", 0, .leaf = {{0, {0}}}},
		{"no SSE", 0, .leaf = {{0, {0x5, 576, 832, 0}}, {2, {256, 576, 0, 0}}}},
		{"no size", 0, .leaf = {{0, {0x3, 0, 0, 0}}}},
		{"less than the header", 0, .leaf = {{0, {0x3, 512, 512, 0}}}},
		{"AVX without a sub-leaf", 0x3, .leaf = {{0, {0x7, 576, 832, 0}}}},
		{"AVX in the header", 0x3, .leaf = {{0, {0x7, 576, 832, 0}}, {2, {256, 512, 0, 0}}}},
		{"AVX behind the area", 0x3, .leaf = {{0, {0x7, 576, 576, 0}}, {2, {256, 576, 0, 0}}}},
		{"an offset near 4 GiB", 0x3, .leaf = {{0, {0x7, 576, 832, 0}}, {2, {256, 0xffffff80, 0, 0}}}},
		{"a size near 4 GiB", 0x3, .leaf = {{0, {0x7, 576, 832, 0}}, {2, {0xffffffff, 576, 0, 0}}}},
		{"PKRU within AVX", 0x7,
		 .leaf = {{0, {0x207, 576, 840, 0}}, {2, {256, 576, 0, 0}}, {9, {8, 600, 0, 0}}}},
		{"AVX-512 without one of its three", 0x7,
		 .leaf = {{0, {0xe7, 576, 2688, 0}},
			  {2, {256, 576, 0, 0}},
			  {5, {64, 1088, 0, 0}},
			  {6, {512, 1152, 0, 0}}}},
		/* What the highest leaf says is a lie, and the CPU answers as for another one: cache parameters. */
		{"another leaf's values", 0, .leaf = {{0, {0x1c004121, 0x01c0003f, 0x3f, 0}}}},
	};

	for (u32 n = 0; n < ARRAY_SIZE(rows); n++) {
		current_cpu = &rows[n];
		is_number(xstate_usable_xcr0(~0ull, recorded_cpuid), rows[n].legal, rows[n].name);
	}
	current_cpu = rows;
	is_number(xstate_usable_xcr0(0x3, recorded_cpuid), 0x3, "what is not asked for is left out");
	for (u32 n = 0; n < ARRAY_SIZE(cpus); n++) {
		current_cpu = &cpus[n];
		is_number(xstate_usable_xcr0(~0ull, recorded_cpuid), cpus[n].legal, cpus[n].name);
	}
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

/* --- The compacted form --- */

#define AVX512	   (BIT(XSTATE_OPMASK) | BIT(XSTATE_ZMM_HI256) | BIT(XSTATE_HI16_ZMM))
#define LEGACY_AVX (XSTATE_LEGACY_MASK | BIT(XSTATE_AVX))

/* SDM 1 §13.4.3: each component follows the one before, at a multiple of 64 where ECX[1] of its sub-leaf is set. */
static void test_compacted_size(void)
{
	static const struct {
		const char *cpu;
		u32 components, size;
	} rows[] = {
		{"Intel Haswell", 0x0, 576},
		{"Intel Haswell", 0x3, 576},
		{"Intel Haswell", 0x7, 576 + 256},
		{"Intel Skylake-SP", 0x203, 576 + 8},
		{"Intel Skylake-SP", 0x2ff, 576 + 256 + 64 + 64 + 64 + 512 + 1024 + 8},
		{"Intel Skylake-SP", 0xa4, 576 + 256 + 64 + 1024},
		{"Intel Sapphire Rapids", 0x2e7, 576 + 256 + 64 + 512 + 1024 + 8},
		/* PKRU ends at 584 and at 2440: the next multiples of 64 are 640 and 2496. */
		{"Intel Sapphire Rapids", 0x60200, 640 + 64 + 8192},
		{"Intel Sapphire Rapids", 0x40200, 640 + 8192},
		{"Intel Sapphire Rapids", 0x602e7, 2496 + 64 + 8192},
		/* What this CPU says itself: CPUID.0DH.1:EBX */
		{"AMD Zen 3", 0x207, 0x348},
	};

	for (u32 n = 0; n < ARRAY_SIZE(rows); n++) {
		struct xstate_layout layout;
		u32 size;

		current_cpu = cpus;
		while (strcmp(current_cpu->name, rows[n].cpu) != 0)
			current_cpu++;
		xstate_layout_init(&layout, current_cpu->legal, recorded_cpuid);
		size = xstate_compacted_size(&layout, rows[n].components);
		if (!ok(size == rows[n].size, "%s: compacted form of %x", rows[n].cpu, rows[n].components))
			note("got %u, expected %u", size, rows[n].size);
	}
}

/* Both forms of an area, larger than any CPU's, and a second of each. */
union area {
	struct xsave x;
	u8 byte[12288];
} __attribute__((aligned(64)));

static union area standard, compacted, result;
static struct fxsave initial;

/* Bytes that tell where they are from: no two components have the same. */
static void fill(u8 *to, u32 size, u32 component)
{
	for (u32 n = 0; n < size; n++)
		to[n] = (u8)(component * 37 + n % 31 + 1);
}

/* State that a CPU takes in every component of the layout; the legacy region's without reserved bits. */
static void fill_standard(const struct xstate_layout *layout)
{
	memset(&standard, 0, sizeof(standard));
	fxsave_init(&standard.x.legacy);
	standard.x.legacy.fcw = 0x0e7f;
	standard.x.legacy.ftw = 0xff;
	for (u32 n = 0; n < 8; n++) {
		fill(standard.x.legacy.st[n].value, 10, n);
		standard.x.legacy.st[n].value[7] |= 0x80;
		fill(standard.x.legacy.xmm[n], 16, 100 + n);
	}
	standard.x.legacy.mxcsr = 0x3f80;
	standard.x.xstate_bv = layout->xcr0;
	for (u32 n = XSTATE_AVX; n < 32; n++)
		fill(standard.byte + layout->component[n].offset, layout->component[n].size, n);
}

/* Bytes of a component of the legacy region: SDM 1 §13.4.1, XMM8 to XMM15 left out. */
static bool same_legacy(const u8 *a, const u8 *b, u32 component)
{
	if (component == XSTATE_X87)
		return memcmp(a, b, 24) == 0 && memcmp(a + 32, b + 32, 128) == 0;
	return memcmp(a + 24, b + 24, 4) == 0 && memcmp(a + 160, b + 160, 128) == 0;
}

/* Whether `area` has in the standard form the state that is expected: `standard`'s, or if it is not in use, initial. */
static bool has_state(const struct xstate_layout *layout, const union area *area, u32 component, bool in_use)
{
	u32 offset = layout->component[component].offset, size = layout->component[component].size;

	if (component < XSTATE_AVX)
		return same_legacy(area->byte, in_use ? standard.byte : (const u8 *)&initial, component);
	return in_use ? memcmp(area->byte + offset, standard.byte + offset, size) == 0
		      : xstate_is_zero(area->byte + offset, size);
}

static bool has_states(const struct xstate_layout *layout, const union area *area, u32 components, u32 in_use)
{
	bool all = true;

	for (u32 n = 0; n < 32; n++)
		if (components >> n & 1 && !has_state(layout, area, n, in_use >> n & 1)) {
			note("component %u, %s, is not as expected", n, in_use >> n & 1 ? "in use" : "initial");
			all = false;
		}
	return all;
}

/* By hand: where each component of Skylake-SP is when MPX's and ZMM_Hi256 are left out. */
static void test_compact(void)
{
	struct xstate_layout layout;
	u32 some = LEGACY_AVX | BIT(XSTATE_OPMASK) | BIT(XSTATE_HI16_ZMM) | BIT(XSTATE_PKRU);

	current_cpu = &cpus[2];
	xstate_layout_init(&layout, current_cpu->legal, recorded_cpuid);
	fill_standard(&layout);
	memset(&compacted, 0xee, sizeof(compacted));
	xstate_compact(&compacted.x, &standard.x, &layout, some);
	is_number(compacted.x.xcomp_bv, 0x80000000000002a7, "XCOMP_BV: bit 63 and the components (SDM 1 §13.4.2)");
	is_number(compacted.x.xstate_bv, 0x2a7, "XSTATE_BV: those of them that are in use");
	ok(xstate_is_zero(compacted.byte + 528, 48), "the header's reserved bytes are 0");
	ok(same_legacy(compacted.byte, standard.byte, XSTATE_X87) &&
		   same_legacy(compacted.byte, standard.byte, XSTATE_SSE),
	   "x87 and SSE are where they always are");
	ok(memcmp(compacted.byte + 576, standard.byte + 576, 256) == 0, "AVX at 576");
	ok(memcmp(compacted.byte + 832, standard.byte + 1088, 64) == 0, "opmasks at 832, from 1088");
	ok(memcmp(compacted.byte + 896, standard.byte + 1664, 1024) == 0, "Hi16_ZMM at 896, from 1664");
	ok(memcmp(compacted.byte + 1920, standard.byte + 2688, 8) == 0, "PKRU at 1920, from 2688");
	ok(compacted.byte[1928] == 0xee, "and nothing behind");
	standard.x.xstate_bv &= ~(u64)BIT(XSTATE_OPMASK);
	memset(&compacted, 0xee, sizeof(compacted));
	xstate_compact(&compacted.x, &standard.x, &layout, some);
	is_number(compacted.x.xstate_bv, 0x287, "without opmasks: XSTATE_BV");
	is_number(compacted.x.xcomp_bv, 0x80000000000002a7, "without opmasks: XCOMP_BV still has room for them");
	ok(memcmp(compacted.byte + 896, standard.byte + 1664, 1024) == 0,
	   "without opmasks: Hi16_ZMM at 896 all the same");
}

/* MXCSR counts in the standard form whatever XSTATE_BV[1] is (SDM 1 §13.8.1), in the compacted with it (§13.8.2). */
static void test_compact_mxcsr(void)
{
	struct xstate_layout layout;

	current_cpu = &cpus[2];
	xstate_layout_init(&layout, current_cpu->legal, recorded_cpuid);
	fill_standard(&layout);
	standard.x.xstate_bv = BIT(XSTATE_X87);
	xstate_compact(&compacted.x, &standard.x, &layout, LEGACY_AVX);
	ok(compacted.x.xstate_bv == 3 && compacted.x.legacy.mxcsr == 0x3f80, "XSTATE_BV[1] is 0, MXCSR is not 1F80H");
	ok(xstate_is_zero(compacted.x.legacy.xmm, 128), "then the XMM registers are 0");
	standard.x.legacy.mxcsr = 0x1f80;
	xstate_compact(&compacted.x, &standard.x, &layout, LEGACY_AVX);
	is_number(compacted.x.xstate_bv, 1, "MXCSR 1F80H, too: SSE is in its initial state");
	standard.x.legacy.mxcsr = 0x3f80;
	xstate_compact(&compacted.x, &standard.x, &layout, BIT(XSTATE_PKRU));
	is_number(compacted.x.xstate_bv, 0, "SSE was not asked for");
}

/* ZMM16 to ZMM31 are in use, and 32-bit code has saved: what stands in their place is old, and must not get into an area. */
static void test_hi16(void)
{
	u32 mask = LEGACY_AVX | BIT(XSTATE_HI16_ZMM) | BIT(XSTATE_PKRU);
	struct xstate_layout layout;

	current_cpu = &cpus[2];
	xstate_layout_init(&layout, current_cpu->legal, recorded_cpuid);
	fill_standard(&layout);
	memset(&result, 0xdd, sizeof(result));
	xstate_compact(&compacted.x, &standard.x, &layout, mask);
	xstate_saved_by_32bit(&compacted.x);
	xstate_expand(&result.x, &compacted.x, &layout, &initial);
	ok(has_states(&layout, &result, mask, mask & ~BIT(XSTATE_HI16_ZMM)),
	   "saved outside 64-bit mode: Hi16_ZMM is initial, and nothing else is (SDM 1 §13.5.5)");
	ok(!(result.x.xstate_bv & BIT(XSTATE_HI16_ZMM)), "and XSTATE_BV says so");
}

/* There and back, for each set of components, and for each set of them in use. */
static void test_expand(void)
{
	static const u32 masks[] = {0x2ff, 0x3,	  0x7,	0xe7, 0x200, 0x218,   0x204,   0x1,
				    0x2,   0x2e7, 0x40, 0x80, 0xa4,  0x60200, 0x602e7, 0x40004};
	bool states = true, headers = true, others = true;
	struct xstate_layout layout;

	for (u32 n = 0; n < ARRAY_SIZE(masks); n++) {
		u32 mask = masks[n];

		current_cpu = mask >> 17 ? &cpus[3] : &cpus[2];
		xstate_layout_init(&layout, current_cpu->legal, recorded_cpuid);
		for (u32 idle = mask;; idle = (idle - 1) & mask) {
			fill_standard(&layout);
			memset(&compacted, 0xee, sizeof(compacted));
			memset(&result, 0xdd, sizeof(result));
			xstate_compact(&compacted.x, &standard.x, &layout, mask);
			compacted.x.xstate_bv &= ~(u64)idle; /* as if XSAVEC had found it initial, and not written it */
			xstate_expand(&result.x, &compacted.x, &layout, &initial);
			states &= has_states(&layout, &result, mask, mask & ~idle);
			headers &= result.x.xstate_bv == ((0xdddddddddddddddd & ~(u64)mask) | (mask & ~idle));
			headers &= result.x.xcomp_bv == 0xdddddddddddddddd;
			for (u32 c = XSTATE_AVX; c < 32; c++)
				others &= mask >> c & 1 || !layout.component[c].size ||
					  result.byte[layout.component[c].offset] == 0xdd;
			others &= (mask & 1) || (result.byte[0] == 0xdd && result.byte[32] == 0xdd);
			others &= (mask & 2) || (result.byte[24] == 0xdd && result.byte[160] == 0xdd);
			if (!idle)
				break;
		}
	}
	ok(states, "compacted and expanded: what was in use is the same, the rest is initial");
	ok(headers, "compacted and expanded: XSTATE_BV changes for the components asked for, XCOMP_BV does not");
	ok(others, "compacted and expanded: other components stay as they are");
}

static void test_store_initial(void)
{
	struct xstate_layout layout;
	bool same = true;

	current_cpu = &cpus[2];
	xstate_layout_init(&layout, current_cpu->legal, recorded_cpuid);
	for (u32 mask = 0; mask < 0x400; mask++) {
		fill_standard(&layout);
		result = standard;
		xstate_store_initial(&result.x, &layout, &initial, mask);
		same &= result.x.legacy.mxcsr == 0x3f80;
		result.x.legacy.mxcsr = mask & 2 ? 0x1f80 : 0x3f80;
		same &= has_states(&layout, &result, 0x2ff, 0x2ff & ~mask);
	}
	ok(same, "the initial state of each set of components; MXCSR stays");
}

/* --- The same, by this machine's CPU --- */

#if defined(__x86_64__) || defined(__i386__)
#include <cpuid.h>

static struct cpuid_result host_cpuid(u32 leaf, u32 subleaf)
{
	struct cpuid_result r = {0, 0, 0, 0};

	if (leaf <= (u32)__get_cpuid_max(0, NULL))
		__cpuid_count(leaf, subleaf, r.eax, r.ebx, r.ecx, r.edx);
	return r;
}

/*
 * What the operating system has enabled and a process may fill with anything: not MPX's configuration, not PKRU, which
 * rules over the memory that we stand on, not AMX, which has to be asked for first.
 */
static u32 host_components(void)
{
	u32 low = 0, high;

	if (host_cpuid(1, 0).ecx & BIT(27)) /* OSXSAVE */
		__asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
	return low & (LEGACY_AVX | AVX512);
}

enum instruction { HOST_XSAVE = 0, HOST_XSAVEOPT = BIT(0), HOST_XSAVEC = BIT(1) }; /* CPUID.0DH.1:EAX */

/*
 * The CPU loads `from` and stores its registers in `to`; before and after it has those of this process. To XSAVEOPT,
 * `to` is another area than the one that XRSTOR loaded, so there is nothing that it may leave out as unmodified.
 */
static void through_cpu(union area *from, union area *to, u32 mask, enum instruction store)
{
	static union area own;

#define LOAD_STORE_LOAD(store)                                                                                         \
	__asm__ volatile("xsave (%0)\n\txrstor (%1)\n\t" store " (%2)\n\txrstor (%0)"                                  \
			 :                                                                                             \
			 : "r"(&own), "r"(from), "r"(to), "a"(mask), "d"(0)                                            \
			 : "memory")
	if (store == HOST_XSAVEC)
		LOAD_STORE_LOAD("xsavec");
	else if (store == HOST_XSAVEOPT)
		LOAD_STORE_LOAD("xsaveopt");
	else
		LOAD_STORE_LOAD("xsave");
#undef LOAD_STORE_LOAD
}

static bool host_compacts(const struct xstate_layout *layout, u32 mask, u32 idle)
{
	bool same;

	fill_standard(layout);
	standard.x.xstate_bv &= ~(u64)idle;
	if (idle & BIT(XSTATE_SSE))
		standard.x.legacy.mxcsr = 0x1f80;
	memset(&compacted, 0xee, sizeof(compacted));
	memset(&result, 0, sizeof(result));
	xstate_compact(&compacted.x, &standard.x, layout, mask);
	through_cpu(&compacted, &result, mask, HOST_XSAVE);
	same = has_states(layout, &result, mask, mask & ~idle);
	memset(&compacted, 0, sizeof(compacted)); /* FOP, FIP and FDP, which not every CPU stores */
	memset((u8 *)&compacted + 576, 0xee, sizeof(compacted) - 576);
	through_cpu(&standard, &compacted, mask, HOST_XSAVEC);
	memset(&result, 0xdd, sizeof(result));
	xstate_expand(&result.x, &compacted.x, layout, &initial);
	same &= (compacted.x.xcomp_bv & ~XCOMP_BV_COMPACTED) == mask;
	same &= compacted.byte[xstate_compacted_size(layout, mask)] == 0xee;
	return same && has_states(layout, &result, mask, mask & ~idle);
}

/* XSAVEOPT clears the bits of what is initial and does not write it: what it leaves, with xstate_store_initial(). */
static bool host_leaves_out(const struct xstate_layout *layout, u32 mask, u32 idle)
{
	fill_standard(layout);
	result = standard; /* where now everything is in use */
	standard.x.xstate_bv &= ~(u64)idle;
	through_cpu(&standard, &result, mask, HOST_XSAVEOPT);
	xstate_store_initial(&result.x, layout, &initial, mask & ~(u32)result.x.xstate_bv);
	if (idle & BIT(XSTATE_SSE) && result.x.legacy.mxcsr != 0x3f80)
		return false; /* MXCSR is not part of what can be initial (SDM 1 §13.9) */
	if (idle & BIT(XSTATE_SSE))
		result.x.legacy.mxcsr = 0x1f80;
	return has_states(layout, &result, mask, mask & ~idle);
}

static void test_host(enum instruction instruction, const char *name,
		      bool (*test)(const struct xstate_layout *layout, u32 mask, u32 idle))
{
	u32 components = host_components();
	struct xstate_layout layout;
	bool same = true;

	if (!components || !(host_cpuid(0xd, 1).eax & instruction)) {
		ok(true, "this CPU and %s # SKIP it has none", name);
		return;
	}
	xstate_layout_init(&layout, components, host_cpuid);
	for (u32 mask = components; mask; mask = (mask - 1) & components) {
		for (u32 idle = mask;; idle = (idle - 1) & mask) {
			if (!test(&layout, mask, idle)) {
				note("components %x, of which %x initial", mask, idle);
				same = false;
			}
			if (!idle)
				break;
		}
	}
	ok(same, "this CPU and %s: every set of components, in use and initial", name);
}

static void test_on_host(void)
{
	test_host(HOST_XSAVEC, "XSAVEC", host_compacts);
	test_host(HOST_XSAVEOPT, "XSAVEOPT", host_leaves_out);
}

#else

static void test_on_host(void)
{
	ok(true, "this CPU and XSAVEC # SKIP it is not an x86");
}

#endif

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
	test_usable_xcr0();
	test_names();
	fxsave_init(&initial);
	test_compacted_size();
	test_compact();
	test_compact_mxcsr();
	test_hi16();
	test_expand();
	test_store_initial();
	test_on_host();
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
