/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * FPU state in a signal frame. It always begins with what FSAVE would store, and two words. With FXSAVE, that image
 * follows; with XSAVE, the whole area, said so in the bytes that FXSAVE leaves to software, and a second magic number
 * behind it. x87 state then stands there twice: the first one counts.
 *
 * A handler may be under way when its task travels to another CPU: what the frame holds is loaded there where the CPU can
 * hold it, and refused where state would be lost.
 */
#include "signal.h"
#include "string.h"
#include "usercopy.h"

/* Linux's struct _fpstate, up to where it has FXSAVE's image. */
struct fpstate {
	struct fsave fsave;
	u16 status; /* FSW */
	u16 magic;
};
_Static_assert(sizeof(struct fpstate) == 112, "uapi asm/sigcontext.h");

#define X86_FXSR_MAGIC 0x0000 /* FXSAVE's image follows, ... */
#define NO_FXSR_MAGIC  0xffff /* ... or not */

/* Linux's struct _fpx_sw_bytes, in fxsave._software. */
struct sw_bytes {
	u32 magic1;	   /* the area is XSAVE's; else 0 */
	u32 extended_size; /* from the struct fpstate to behind the second magic number */
	u64 xfeatures;	   /* XCR0 */
	u32 xstate_size;   /* of the area */
	u32 _padding[7];
};
_Static_assert(sizeof(struct sw_bytes) == sizeof(((struct fxsave *)0)->_software), "uapi asm/sigcontext.h");

#define FP_XSTATE_MAGIC1 0x46505853u
#define FP_XSTATE_MAGIC2 0x46505845u

/* Of what follows struct fpstate. */
static u32 extended_size(void)
{
	if (!fpu_saves_fxsr())
		return 0;
	return fpu_layout()->xcr0 ? fpu_layout()->size + sizeof(u32) : sizeof(struct fxsave);
}

/* XSAVE's image wants an address that is a multiple of 64. */
u32 sigfpu_place(const struct fpu *fpu, u32 sp)
{
	u32 size = extended_size();

	if (!fpu->area)
		return 0;
	if (!size)
		return (sp - sizeof(struct fpstate)) & ~63u;
	return ((sp - size) & ~63u) - sizeof(struct fpstate);
}

static bool save_header(const struct fpu *fpu, u32 place)
{
	struct fpstate header = {.magic = fpu_saves_fxsr() ? X86_FXSR_MAGIC : NO_FXSR_MAGIC};

	if (fpu_saves_fxsr())
		fxsave_x87(&header.fsave, (const struct fxsave *)fpu->area);
	else
		memcpy(&header.fsave, fpu->area, sizeof(header.fsave));
	header.fsave._reserved2 = header.fsave._reserved6 = header.fsave._reserved10 = header.fsave._reserved26 =
		0xffff;
	header.status = header.fsave.fsw;
	return copy_to_user(place, &header, sizeof(header)) == 0;
}

/* XSTATE_BV has the legacy components always, and of the others only those that hold something. */
static bool save_xsave(const struct fpu *fpu, u32 place)
{
	const struct xstate_layout *layout = fpu_layout();
	const u64 xstate_bv = XSTATE_LEGACY_MASK | fpu_components(fpu);
	const u32 magic2 = FP_XSTATE_MAGIC2;
	const struct sw_bytes sw = {FP_XSTATE_MAGIC1,
				    sizeof(struct fpstate) + layout->size + sizeof(magic2),
				    layout->xcr0,
				    layout->size,
				    {0}};

	return copy_to_user(place, fpu->area, layout->size) == 0 &&
	       copy_to_user(place + offsetof(struct fxsave, _software), &sw, sizeof(sw)) == 0 &&
	       copy_to_user(place + XSAVE_HEADER_OFFSET, &xstate_bv, sizeof(xstate_bv)) == 0 &&
	       copy_to_user(place + layout->size, &magic2, sizeof(magic2)) == 0;
}

static bool save_extended(const struct fpu *fpu, u32 place)
{
	if (!fpu_saves_fxsr())
		return true;
	if (fpu_layout()->xcr0)
		return save_xsave(fpu, place);
	return copy_to_user(place, fpu->area, sizeof(struct fxsave)) == 0;
}

bool sigfpu_save(struct fpu *fpu, u32 place)
{
	if (!place)
		return true;
	fpu_save(fpu);
	if (!save_header(fpu, place) || !save_extended(fpu, place + sizeof(struct fpstate)))
		return false;
	fpu_reset(fpu);
	fpu_enter(fpu);
	return true;
}

/* The x87 state of the one image, all else of the other. */
static void merge_x87(struct fxsave *fx, const struct fsave *fsave)
{
	struct fxsave x87;

	fsave_to_fxsave(&x87, fsave);
	x87.mxcsr = fx->mxcsr;
	x87.mxcsr_mask = fx->mxcsr_mask;
	memcpy(x87.xmm, fx->xmm, sizeof(x87.xmm));
	*fx = x87;
}

/* The bytes of a component from `first` on. */
static void clear_from(struct fpu *fpu, u32 component, u32 first)
{
	const struct xstate_layout *layout = fpu_layout();

	memset(fpu->area + layout->component[component].offset + first, 0, layout->component[component].size - first);
}

/* All of the area behind FXSAVE's image, if it is laid out as here. XRSTOR would raise #GP for what is refused. */
static bool load_xsave(struct fpu *fpu, u32 place)
{
	const struct xstate_layout *layout = fpu_layout();
	struct xsave *xsave = (struct xsave *)fpu->area;

	if (copy_from_user(fpu->area + XSAVE_HEADER_OFFSET, place + XSAVE_HEADER_OFFSET,
			   layout->size - XSAVE_HEADER_OFFSET) < 0)
		return false;
	if (xsave->xstate_bv & ~layout->xcr0 || xsave->xcomp_bv ||
	    !xstate_is_zero(xsave->_reserved, sizeof(xsave->_reserved)))
		return false;
	for (u32 n = XSTATE_AVX; layout->xcr0 >> n; n++)
		if (xsave->xstate_bv >> n & 1)
			clear_from(fpu, n, xstate_reachable_size(n, layout->component[n].size));
		else
			clear_from(fpu, n, 0);
	return true;
}

/* What another CPU laid out is loaded as far as its components are here: x87 and SSE. More must not be in use. */
static bool only_legacy(u32 place)
{
	u64 xstate_bv;

	return copy_from_user(&xstate_bv, place + XSAVE_HEADER_OFFSET, sizeof(xstate_bv)) == 0 &&
	       !(xstate_bv & ~(u64)XSTATE_LEGACY_MASK);
}

static bool load_extended(struct fpu *fpu, const struct sw_bytes *sw, u32 place)
{
	const struct xstate_layout *layout = fpu_layout();
	u32 magic2;

	if (sw->magic1 != FP_XSTATE_MAGIC1 || copy_from_user(&magic2, place + sw->xstate_size, sizeof(magic2)) < 0 ||
	    magic2 != FP_XSTATE_MAGIC2)
		return true; /* there is none */
	if (sw->xfeatures == layout->xcr0 && sw->xstate_size == layout->size)
		return load_xsave(fpu, place);
	return only_legacy(place);
}

static bool load_fxsave(struct fpu *fpu, const struct fsave *fsave, u32 place)
{
	struct fxsave fx;
	struct sw_bytes sw;

	if (copy_from_user(&fx, place, sizeof(fx)) < 0 ||
	    fx.mxcsr & ~(fpu_mxcsr_mask() ? fpu_mxcsr_mask() : MXCSR_MASK_DEFAULT))
		return false;
	memcpy(&sw, fx._software, sizeof(sw));
	merge_x87(&fx, fsave);
	if (!fpu_saves_fxsr())
		return fxsave_to_fsave((struct fsave *)fpu->area, &fx) && load_extended(fpu, &sw, place);
	memcpy(fpu->area, &fx, sizeof(fx));
	return load_extended(fpu, &sw, place);
}

static bool load_any(struct fpu *fpu, u32 place)
{
	struct fpstate header;

	if (copy_from_user(&header, place, sizeof(header)) < 0)
		return false;
	fsave_canonical(&header.fsave);
	if (header.magic == X86_FXSR_MAGIC)
		return load_fxsave(fpu, &header.fsave, place + sizeof(header));
	if (fpu_saves_fxsr())
		fsave_to_fxsave((struct fxsave *)fpu->area, &header.fsave);
	else
		memcpy(fpu->area, &header.fsave, sizeof(header.fsave));
	return true;
}

bool sigfpu_restore(struct fpu *fpu, u32 place)
{
	bool ok = true;

	if (!fpu->area)
		return true;
	fpu_reset(fpu);
	if (place) {
		ok = load_any(fpu, place);
		if (fpu_layout()->xcr0)
			((struct xsave *)fpu->area)->xstate_bv |= XSTATE_LEGACY_MASK;
		ok = ok && fpu_loadable(fpu, fpu);
		if (!ok)
			fpu_reset(fpu);
	}
	fpu_enter(fpu);
	return ok;
}
