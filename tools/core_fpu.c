/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * x87, SSE and extended state in a core file. It has up to three notes of it, each with all of the one before:
 * NT_FPREGSET is an FSAVE image, NT_PRXFPREG an FXSAVE image, NT_X86_XSTATE an XSAVE area in the standard form.
 */
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "core_notes.h"
#include "describe.h"

/* --- FPREGSET --- */

bool put_prfpreg(const struct process *p, struct file *desc)
{
	const struct cr_hdr_cpu *cpu = &p->image.cpu;
	struct fxsave x87;
	struct fsave fs;

	if (!cpu->used_math)
		return true;
	if (!cpu->has_fxsr)
		return file_append(desc, cpu->xstate, sizeof(fs));
	memcpy(&x87, cpu->xstate, sizeof(x87));
	x87.mxcsr = MXCSR_INIT; /* SSE state has no place in this note, so it must not keep the rest out */
	memset(x87.xmm, 0, sizeof(x87.xmm));
	fxsave_to_fsave(&fs, &x87);
	return file_append(desc, &fs, sizeof(fs));
}

bool get_prfpreg(struct process *p, const struct core_note *note)
{
	struct cr_hdr_cpu *cpu = &p->image.cpu;
	struct fsave fs;

	memcpy(&fs, note->desc, sizeof(fs));
	fsave_canonical(&fs);
	memcpy(cpu->xstate, &fs, sizeof(fs));
	cpu->used_math = 1;
	return true;
}

/* --- PRXFPREG --- */

bool put_prxfpreg(const struct process *p, struct file *desc)
{
	const struct cr_hdr_cpu *cpu = &p->image.cpu;

	return cpu->has_fxsr ? file_append(desc, cpu->xstate, sizeof(cpu->xstate)) : true;
}

static void set_fxsave(struct cr_hdr_cpu *cpu, const struct fxsave *from)
{
	struct fxsave fx = *from;

	fxsave_canonical(&fx);
	memcpy(cpu->xstate, &fx, sizeof(fx));
	cpu->used_math = cpu->has_fxsr = 1;
}

bool get_prxfpreg(struct process *p, const struct core_note *note)
{
	struct fxsave fx;

	memcpy(&fx, note->desc, sizeof(fx));
	set_fxsave(&p->image.cpu, &fx);
	return true;
}

/* --- XSTATE --- */

#define MPX    (BIT(XSTATE_BNDREGS) | BIT(XSTATE_BNDCSR))
#define AVX512 (BIT(XSTATE_OPMASK) | BIT(XSTATE_ZMM_HI256) | BIT(XSTATE_HI16_ZMM))

/*
 * Where components lie in the standard form: each processor says that by its CPUID leaf 0DH, but there are two answers
 * only. A core of Linux 6.12 and later says it, too, in NT_X86_XSAVE_LAYOUT.
 */
static const struct xstate_layout layouts[] = {
	/* Intel; gdb takes these places for granted where it knows nothing better */
	{.component = {[XSTATE_AVX] = {576, 256},
		       [XSTATE_BNDREGS] = {960, 64},
		       [XSTATE_BNDCSR] = {1024, 64},
		       [XSTATE_OPMASK] = {1088, 64},
		       [XSTATE_ZMM_HI256] = {1152, 512},
		       [XSTATE_HI16_ZMM] = {1664, 1024},
		       [XSTATE_PKRU] = {2688, 8},
		       [XSTATE_XTILECFG] = {2752, 64},
		       [XSTATE_XTILEDATA] = {2816, 8192}}},
	/* AMD, which has no MPX */
	{.component = {[XSTATE_AVX] = {576, 256},
		       [XSTATE_OPMASK] = {832, 64},
		       [XSTATE_ZMM_HI256] = {896, 512},
		       [XSTATE_HI16_ZMM] = {1408, 1024},
		       [XSTATE_PKRU] = {2432, 8}}},
};

/* Where to find in NT_X86_XSTATE the XCR0 of its writer: in bytes that FXSAVE leaves to software. */
enum { XCR0_OFFSET = 464 };

/* The size of an area for these components, or 0 where the layout has no place for one. */
static u32 area_size(const struct xstate_layout *layout, u64 xcr0)
{
	u32 size = XSAVE_EXTENDED_OFFSET;

	for (u32 n = XSTATE_AVX; n < XSTATE_COMPONENTS; n++) {
		u32 end = layout->component[n].offset + layout->component[n].size;

		if (!(xcr0 >> n & 1))
			continue;
		if (!layout->component[n].size)
			return 0;
		size = end > size ? end : size;
	}
	return size;
}

/* The smallest XCR0 that the process may have run with: what belongs together stays together (SDM 1 §13.3). */
static u64 smallest_xcr0(const struct process *p)
{
	u64 xcr0 = XSTATE_LEGACY_MASK;

	for (u32 n = XSTATE_AVX; n < XSTATE_COMPONENTS; n++)
		xcr0 |= p->component[n].bytes ? (u64)1 << n : 0;
	if (xcr0 & AVX512)
		xcr0 |= AVX512 | BIT(XSTATE_AVX);
	if (xcr0 & MPX)
		xcr0 |= MPX;
	return xcr0;
}

static void put_components(const struct process *p, u8 *area)
{
	struct xsave *xsave = (struct xsave *)area;

	xsave->xstate_bv = XSTATE_LEGACY_MASK;
	for (u32 n = XSTATE_AVX; n < XSTATE_COMPONENTS; n++) {
		if (!p->component[n].bytes)
			continue;
		xsave->xstate_bv |= (u64)1 << n;
		memcpy(area + layouts[0].component[n].offset, p->component[n].bytes, p->component[n].size);
	}
}

/* Only the components of the table have a place of their own, each with one size. */
static bool check_components(const struct process *p)
{
	for (u32 n = XSTATE_AVX; n < XSTATE_COMPONENTS; n++) {
		char name[24];

		if (!p->component[n].bytes || p->component[n].size == layouts[0].component[n].size)
			continue;
		describe_component(name, n);
		trouble("%s: XSTATE.%s has %u bytes, expected %u, its size in an XSAVE area", p->path, name,
			p->component[n].size, layouts[0].component[n].size);
		return false;
	}
	return true;
}

bool put_xstate(const struct process *p, struct file *desc)
{
	u64 xcr0 = smallest_xcr0(p);
	u32 size = area_size(&layouts[0], xcr0);
	u8 *area;
	bool ok;

	if (xcr0 == XSTATE_LEGACY_MASK)
		return true;
	if (!check_components(p))
		return false;
	area = calloc(1, size);
	if (!area) {
		trouble("%s", strerror(ENOMEM));
		return false;
	}
	memcpy(area, p->image.cpu.xstate, sizeof(p->image.cpu.xstate));
	memcpy(area + XCR0_OFFSET, &xcr0, sizeof(xcr0));
	put_components(p, area);
	ok = file_append(desc, area, size);
	free(area);
	return ok;
}

/* NT_X86_XSAVE_LAYOUT: an array of these (struct x86_xfeat_component) */
struct layout_entry {
	u32 component, size, offset, flags;
};

/* The layout that the core itself tells. False: it tells none. */
static bool told_layout(struct xstate_layout *layout, const struct core *core)
{
	const struct core_note *note = core_find_note(core, NT_X86_XSAVE_LAYOUT);
	struct layout_entry entry;

	*layout = (struct xstate_layout){0};
	for (u32 at = 0; note && at < note->size; at += (u32)sizeof(entry)) {
		memcpy(&entry, note->desc + at, sizeof(entry));
		if (entry.component >= XSTATE_AVX && entry.component < XSTATE_COMPONENTS && entry.size &&
		    entry.offset >= XSAVE_EXTENDED_OFFSET && entry.offset < 1u << 16 && entry.size < 1u << 16) {
			layout->component[entry.component].offset = entry.offset;
			layout->component[entry.component].size = entry.size;
		}
	}
	return note;
}

/* The one that makes an area for `xcr0` as large as the note is: no two do. */
static bool find_layout(struct xstate_layout *layout, const struct core_note *note, u64 xcr0)
{
	if (told_layout(layout, note->core))
		return area_size(layout, xcr0) && area_size(layout, xcr0) <= note->size;
	for (u32 n = 0; n < ARRAY_SIZE(layouts); n++) {
		*layout = layouts[n];
		if (area_size(layout, xcr0) == note->size)
			return true;
	}
	return false;
}

/* A component that is all zeros is in its initial state. Linux's PKRU is not: its own default is of no use to cr86. */
static void get_components(struct process *p, const struct core_note *note, const struct xstate_layout *layout,
			   u64 present)
{
	static const u32 linux_pkru[2] = {0x55555554};

	for (u32 n = XSTATE_AVX; n < XSTATE_COMPONENTS; n++) {
		const u8 *bytes = note->desc + layout->component[n].offset;
		u32 size = layout->component[n].size;

		if (!(present >> n & 1) || xstate_is_zero(bytes, size))
			continue;
		if (p->x86_64 && n == XSTATE_PKRU && size == sizeof(linux_pkru) &&
		    memcmp(bytes, linux_pkru, size) == 0) {
			fprintf(p->remarks, "PKRU: 55555554, as Linux gives to each process, becomes 0\n");
			continue;
		}
		p->component[n].bytes = bytes;
		p->component[n].size = size;
	}
}

bool get_xstate(struct process *p, const struct core_note *note)
{
	struct xstate_layout layout;
	struct fxsave initial;
	struct xsave area;
	u64 xcr0;

	if (note->size < sizeof(area))
		return core_note_refuse(note, "descsz", 0, note->size, "at least 576 bytes");
	memcpy(&area, note->desc, sizeof(area));
	memcpy(&xcr0, note->desc + XCR0_OFFSET, sizeof(xcr0));
	if ((xcr0 & XSTATE_LEGACY_MASK) != XSTATE_LEGACY_MASK || !find_layout(&layout, note, xcr0))
		return core_note_refuse(note, "xcr0", XCR0_OFFSET, xcr0,
					"x87, SSE and components that together have this note's size");
	if (area.xcomp_bv)
		return core_note_refuse(note, "xcomp_bv", offsetof(struct xsave, xcomp_bv), area.xcomp_bv,
					"0: the standard form");
	if (area.xstate_bv & ~xcr0)
		return core_note_refuse(note, "xstate_bv", offsetof(struct xsave, xstate_bv), area.xstate_bv,
					"components of xcr0");
	fxsave_init(&initial);
	xstate_store_initial(&area, &layout, &initial, (u32)(XSTATE_LEGACY_MASK & ~area.xstate_bv));
	set_fxsave(&p->image.cpu, &area.legacy);
	get_components(p, note, &layout, area.xstate_bv);
	return true;
}
