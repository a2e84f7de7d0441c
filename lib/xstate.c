/* SPDX-License-Identifier: GPL-2.0-only */
/* x87, SSE and extended state as memory. References are to the Intel SDM, volume and section. */
#include "xstate.h"
#include "string.h"

#define CPUID_XSTATE	  0xdu	 /* the leaf that describes the XSAVE area */
#define COMPACTED_ALIGNED BIT(1) /* in ECX of a component's sub-leaf (SDM 1 §13.4.3) */

static u64 bit(u32 component)
{
	return (u64)1 << component;
}

/* XCR0 with the bits of `group` only where all of them, and all of `needed`, are there (SDM 1 §13.3). */
static u64 all_or_none(u64 xcr0, u64 group, u64 needed)
{
	u64 all = group | needed;

	return (xcr0 & all) == all ? xcr0 : xcr0 & ~group;
}

__cold u64 xstate_legal_xcr0(u64 supported)
{
	u64 xcr0 = (supported | bit(XSTATE_X87)) & ~((u64)1 << 63);

	/* AVX before AVX-512: what the one loses, the other must not build on. */
	xcr0 = all_or_none(xcr0, bit(XSTATE_AVX), bit(XSTATE_SSE));
	xcr0 = all_or_none(xcr0, bit(XSTATE_OPMASK) | bit(XSTATE_ZMM_HI256) | bit(XSTATE_HI16_ZMM), bit(XSTATE_AVX));
	xcr0 = all_or_none(xcr0, bit(XSTATE_BNDREGS) | bit(XSTATE_BNDCSR), 0);
	xcr0 = all_or_none(xcr0, bit(XSTATE_XTILECFG) | bit(XSTATE_XTILEDATA), 0);
	return xcr0;
}

/*
 * Each component's sub-leaf gives its size (EAX) and, in the standard form, its offset (EBX): SDM 1 §13.4.3. Offsets
 * are taken as they come, since there are gaps between components, and not the same ones on every CPU.
 */
__cold void xstate_layout_init(struct xstate_layout *layout, u64 xcr0, cpuid_fn cpuid)
{
	memset(layout, 0, sizeof(*layout));
	if (!xcr0)
		return;
	layout->xcr0 = xcr0;
	layout->size = XSAVE_EXTENDED_OFFSET;
	for (u32 i = XSTATE_AVX; i < XSTATE_COMPONENTS; i++) {
		struct cpuid_result leaf;

		if (!(xcr0 & bit(i)))
			continue;
		leaf = cpuid(CPUID_XSTATE, i);
		layout->component[i].size = leaf.eax;
		layout->component[i].offset = leaf.ebx;
		layout->aligned |= leaf.ecx & COMPACTED_ALIGNED ? (u32)bit(i) : 0;
		if (leaf.ebx + leaf.eax > layout->size)
			layout->size = leaf.ebx + leaf.eax;
	}
}

static bool overlap(const struct xstate_layout *layout, u32 a, u32 b)
{
	return layout->component[a].offset < layout->component[b].offset + layout->component[b].size &&
	       layout->component[b].offset < layout->component[a].offset + layout->component[a].size;
}

/* Component n lies behind the header, within `size` bytes, and clear of those of `others`. */
static bool has_place(const struct xstate_layout *layout, u32 n, u32 size, u64 others)
{
	u32 offset = layout->component[n].offset, length = layout->component[n].size;

	if (!length || offset < XSAVE_EXTENDED_OFFSET || offset > size || length > size - offset)
		return false;
	for (u32 i = XSTATE_AVX; i < n; i++)
		if (others & bit(i) && overlap(layout, i, n))
			return false;
	return true;
}

__cold u64 xstate_usable_xcr0(u64 among, cpuid_fn cpuid)
{
	struct cpuid_result leaf = cpuid(CPUID_XSTATE, 0);
	u64 supported = ((u64)leaf.edx << 32 | leaf.eax) & among;
	struct xstate_layout layout;

	if ((supported & XSTATE_LEGACY_MASK) != XSTATE_LEGACY_MASK || leaf.ecx < XSAVE_EXTENDED_OFFSET)
		return 0;
	xstate_layout_init(&layout, supported, cpuid);
	for (u32 n = XSTATE_AVX; n < XSTATE_COMPONENTS; n++)
		if (supported & bit(n) && !has_place(&layout, n, leaf.ecx, supported))
			supported &= ~bit(n);
	return xstate_legal_xcr0(supported);
}

/* --- The compacted form (SDM 1 §13.4.3) and the init optimization (§13.6) --- */

/* SDM 1 §13.4.1: x87 state is bytes 0 to 23 and 32 to 159 of the legacy region. */
static void copy_x87(struct fxsave *to, const struct fxsave *from)
{
	memcpy(to, from, offsetof(struct fxsave, mxcsr));
	memcpy(to->st, from->st, sizeof(to->st));
}

/* SSE state is MXCSR, its mask, and the XMM registers; XMM8 to XMM15 are not there in 32-bit code. */
static void copy_sse(struct fxsave *to, const struct fxsave *from)
{
	to->mxcsr = from->mxcsr;
	to->mxcsr_mask = from->mxcsr_mask;
	memcpy(to->xmm, from->xmm, sizeof(to->xmm));
}

/* The place of component n in the compacted form when all before it end at *end, which moves behind it. */
static u32 compacted_place(const struct xstate_layout *layout, u32 n, u32 *end)
{
	u32 place = layout->aligned & BIT(n) ? (*end + 63) & ~63u : *end;

	*end = place + layout->component[n].size;
	return place;
}

/* Between the two forms: the compacted one has room for `components`, and those that are `present` are copied. */
static void copy_extended(struct xsave *to, const struct xsave *from, const struct xstate_layout *layout,
			  u32 components, u32 present, bool expand)
{
	u32 end = XSAVE_EXTENDED_OFFSET;

	for (u32 n = XSTATE_AVX; n < 32; n++) {
		u32 standard = layout->component[n].offset, place;

		if (!(components & BIT(n)))
			continue;
		place = compacted_place(layout, n, &end);
		if (present & BIT(n))
			memcpy((u8 *)to + (expand ? standard : place), (const u8 *)from + (expand ? place : standard),
			       layout->component[n].size);
	}
}

u32 xstate_compacted_size(const struct xstate_layout *layout, u32 components)
{
	u32 end = XSAVE_EXTENDED_OFFSET;

	for (u32 n = XSTATE_AVX; n < 32; n++)
		if (components & BIT(n))
			compacted_place(layout, n, &end);
	return end;
}

void xstate_store_initial(struct xsave *area, const struct xstate_layout *layout, const struct fxsave *initial,
			  u32 components)
{
	if (components & BIT(XSTATE_X87))
		copy_x87(&area->legacy, initial);
	if (components & BIT(XSTATE_SSE))
		memset(area->legacy.xmm, 0, sizeof(area->legacy.xmm));
	for (u32 n = XSTATE_AVX; n < 32; n++)
		if (components & BIT(n))
			memset((u8 *)area + layout->component[n].offset, 0, layout->component[n].size);
}

/*
 * The two forms differ in MXCSR. In the standard form it is loaded whatever XSTATE_BV[1] says, which is about the XMM
 * registers alone (SDM 1 §13.8.1); in the compacted form it goes with them, and is 1F80H where the bit is 0 (§13.8.2).
 */
static void compact_sse(struct xsave *to, const struct xsave *from)
{
	if (!(from->xstate_bv & BIT(XSTATE_SSE)) && from->legacy.mxcsr == MXCSR_INIT)
		return;
	copy_sse(&to->legacy, &from->legacy);
	if (!(from->xstate_bv & BIT(XSTATE_SSE)))
		memset(to->legacy.xmm, 0, sizeof(to->legacy.xmm));
	to->xstate_bv |= BIT(XSTATE_SSE);
}

void xstate_compact(struct xsave *to, const struct xsave *from, const struct xstate_layout *layout, u32 components)
{
	u32 present = (u32)from->xstate_bv & components;

	/* A reserved byte of the header other than 0 raises #GP. */
	memset((u8 *)to + XSAVE_HEADER_OFFSET, 0, XSAVE_EXTENDED_OFFSET - XSAVE_HEADER_OFFSET);
	to->xcomp_bv = XCOMP_BV_COMPACTED | components;
	to->xstate_bv = present;
	if (present & BIT(XSTATE_X87))
		copy_x87(&to->legacy, &from->legacy);
	if (components & BIT(XSTATE_SSE))
		compact_sse(to, from);
	copy_extended(to, from, layout, components, present, false);
}

void xstate_saved_by_32bit(struct xsave *area)
{
	area->xstate_bv &= ~bit(XSTATE_HI16_ZMM);
}

void xstate_expand(struct xsave *to, const struct xsave *from, const struct xstate_layout *layout,
		   const struct fxsave *initial)
{
	u32 components = (u32)from->xcomp_bv, present = (u32)from->xstate_bv;

	xstate_store_initial(to, layout, initial, components & ~present);
	if (present & BIT(XSTATE_X87))
		copy_x87(&to->legacy, &from->legacy);
	if (components & BIT(XSTATE_SSE))
		copy_sse(&to->legacy, present & BIT(XSTATE_SSE) ? &from->legacy : initial);
	copy_extended(to, from, layout, components, present, true);
	to->xstate_bv = (to->xstate_bv & ~(u64)components) | present;
}

const char *xstate_component_name(u32 component)
{
	static const char *const names[XSTATE_COMPONENTS] = {
		[XSTATE_X87] = "x87",
		[XSTATE_SSE] = "SSE",
		[XSTATE_AVX] = "AVX",
		[XSTATE_BNDREGS] = "BNDREGS",
		[XSTATE_BNDCSR] = "BNDCSR",
		[XSTATE_OPMASK] = "opmask",
		[XSTATE_ZMM_HI256] = "ZMM_Hi256",
		[XSTATE_HI16_ZMM] = "Hi16_ZMM",
		[XSTATE_PKRU] = "PKRU",
		[XSTATE_XTILECFG] = "XTILECFG",
		[XSTATE_XTILEDATA] = "XTILEDATA",
	};

	return component < XSTATE_COMPONENTS ? names[component] : NULL;
}

u32 xstate_reachable_size(u32 component, u32 size)
{
	switch (component) {
	case XSTATE_AVX:
	case XSTATE_ZMM_HI256:
		return size / 2;
	case XSTATE_HI16_ZMM:
		return 0;
	default:
		return size;
	}
}

/* --- Tags: FSAVE keeps two bits for each physical register, FXSAVE one --- */

enum x87_tag { X87_VALID, X87_ZERO, X87_SPECIAL, X87_EMPTY };

static u32 x87_top(u16 fsw)
{
	return fsw >> 11 & 7;
}

/* What the CPU would tag a register of that value that is not empty (SDM 1 table 10-3). */
static enum x87_tag x87_tag(const u8 value[10])
{
	u32 exponent = (value[8] | (u32)value[9] << 8) & 0x7fff;
	bool integer_bit = value[7] & 0x80;

	if (exponent == 0x7fff)
		return X87_SPECIAL; /* infinity, NaN */
	if (exponent == 0)
		return xstate_is_zero(value, 8) ? X87_ZERO : X87_SPECIAL; /* denormal */
	return integer_bit ? X87_VALID : X87_SPECIAL;			  /* unnormal */
}

/* Tags go by physical register, the registers of the image by distance from the top: ST(n) is R((TOP + n) mod 8). */
u16 fxsave_tag_word(const struct fxsave *fx)
{
	u32 top = x87_top(fx->fsw);
	u32 tags = 0;

	for (u32 r = 0; r < 8; r++) {
		enum x87_tag tag = X87_EMPTY;

		if (fx->ftw & BIT(r))
			tag = x87_tag(fx->st[(r - top) & 7].value);
		tags |= (u32)tag << 2 * r;
	}
	return (u16)tags;
}

static u8 abridged_tags(u16 ftw)
{
	u32 present = 0;

	for (u32 r = 0; r < 8; r++)
		if ((ftw >> 2 * r & 3) != X87_EMPTY)
			present |= BIT(r);
	return (u8)present;
}

/* --- Conversion --- */

#define FOP_MASK 0x7ff /* SDM 1 §8.1.9: the five fixed bits of the first opcode byte are not stored */

void fsave_to_fxsave(struct fxsave *to, const struct fsave *from)
{
	fxsave_init(to);
	to->fcw = from->fcw;
	to->fsw = from->fsw;
	to->ftw = abridged_tags(from->ftw);
	to->fop = from->fop & FOP_MASK;
	to->fip = from->fip;
	to->fcs = from->fcs;
	to->fdp = from->fdp;
	to->fds = from->fds;
	for (u32 n = 0; n < 8; n++)
		memcpy(to->st[n].value, from->st[n], sizeof(from->st[n]));
}

void fxsave_x87(struct fsave *to, const struct fxsave *from)
{
	fsave_init(to);
	to->fcw = from->fcw;
	to->fsw = from->fsw;
	to->ftw = fxsave_tag_word(from);
	to->fop = from->fop & FOP_MASK;
	to->fip = from->fip;
	to->fcs = from->fcs;
	to->fdp = from->fdp;
	to->fds = from->fds;
	for (u32 n = 0; n < 8; n++)
		memcpy(to->st[n], from->st[n].value, sizeof(to->st[n]));
}

bool fxsave_to_fsave(struct fsave *to, const struct fxsave *from)
{
	if (from->mxcsr != MXCSR_INIT || !xstate_is_zero(from->xmm, sizeof(from->xmm)))
		return false;
	fxsave_x87(to, from);
	return true;
}

/* --- The canonical form --- */

void fxsave_canonical(struct fxsave *fx)
{
	fx->_reserved5 = 0;
	fx->fop &= FOP_MASK;
	fx->_reserved14 = 0;
	fx->_reserved22 = 0;
	fx->mxcsr_mask = 0;
	for (u32 n = 0; n < 8; n++)
		memset(fx->st[n]._reserved, 0, sizeof(fx->st[n]._reserved));
	memset(fx->_xmm8_15, 0, sizeof(*fx) - offsetof(struct fxsave, _xmm8_15)); /* to the end */
}

/* Where the manual reserves the upper half of a word, CPUs store all ones or whatever was there. */
void fsave_canonical(struct fsave *fs)
{
	fs->_reserved2 = 0;
	fs->_reserved6 = 0;
	fs->_reserved10 = 0;
	fs->fop &= FOP_MASK;
	fs->_reserved26 = 0;
}

static s32 first_difference(const void *a, const void *b, u32 size)
{
	const u8 *p = a, *q = b;

	for (u32 i = 0; i < size; i++)
		if (p[i] != q[i])
			return (s32)i;
	return -1;
}

s32 fxsave_stray_byte(const struct fxsave *fx)
{
	struct fxsave canonical = *fx;

	fxsave_canonical(&canonical);
	return memcmp(fx, &canonical, sizeof(canonical)) ? first_difference(fx, &canonical, sizeof(canonical)) : -1;
}

s32 fsave_stray_byte(const struct fsave *fs)
{
	struct fsave canonical = *fs;

	fsave_canonical(&canonical);
	return memcmp(fs, &canonical, sizeof(canonical)) ? first_difference(fs, &canonical, sizeof(canonical)) : -1;
}

void fxsave_init(struct fxsave *fx)
{
	memset(fx, 0, sizeof(*fx));
	fx->fcw = FCW_INIT;
	fx->mxcsr = MXCSR_INIT;
}

void fsave_init(struct fsave *fs)
{
	memset(fs, 0, sizeof(*fs));
	fs->fcw = FCW_INIT;
	fs->ftw = 0xffff; /* all empty; in the abridged form that is 0 */
}

/* All bytes are zero if the first is and each is equal to the one before: memcmp is faster than a loop. */
bool xstate_is_zero(const void *state, u32 size)
{
	const u8 *byte = state;

	return size == 0 || (byte[0] == 0 && memcmp(byte, byte + 1, size - 1) == 0);
}
