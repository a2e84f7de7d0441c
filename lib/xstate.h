/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * x87, SSE and extended state as pure functions over memory: the layout of an XSAVE area, conversion between the FSAVE
 * and FXSAVE images, and the one canonical form in which state leaves for an image. No privileged instruction, no
 * floating point: the same code runs in the kernel and on the host.
 */
#ifndef LIB_XSTATE_H
#define LIB_XSTATE_H

#include "x86.h"

/* XSAVE components, by their bit in XCR0 (SDM 1 §13.1) */
enum xstate_component {
	XSTATE_X87 = 0,
	XSTATE_SSE = 1,
	XSTATE_AVX = 2,
	XSTATE_BNDREGS = 3,
	XSTATE_BNDCSR = 4,
	XSTATE_OPMASK = 5,
	XSTATE_ZMM_HI256 = 6,
	XSTATE_HI16_ZMM = 7,
	XSTATE_PKRU = 9,
	XSTATE_XTILECFG = 17,
	XSTATE_XTILEDATA = 18,
	XSTATE_COMPONENTS = 63, /* bit 63 of XCR0 is reserved */
};

#define XSTATE_LEGACY_MASK 3u /* x87 and SSE: in the first 512 bytes, never in a component of their own */

/* Components whose instructions do not raise #NM when CR0.TS is set: MPX and PKRU. */
#define XSTATE_IGNORES_TS (BIT(XSTATE_BNDREGS) | BIT(XSTATE_BNDCSR) | BIT(XSTATE_PKRU))

/* Components that only 64-bit code can reach: AMX. A 32-bit kernel does not enable them. */
#define XSTATE_64BIT_ONLY (BIT(XSTATE_XTILECFG) | BIT(XSTATE_XTILEDATA))

/*
 * An XSAVE area: legacy region, header, extended region (SDM 1 §13.4). In the standard form each component has a fixed
 * place there; in the compacted form, which XCOMP_BV[63] announces, one follows the other without gaps.
 */
struct xsave {
	struct fxsave legacy;
	u64 xstate_bv; /* components that are not in their initial state, or may not be */
	u64 xcomp_bv;  /* the compacted form has room for these components; 0: the standard form */
	u64 _reserved[6];
	u8 extended[];
};

#define XCOMP_BV_COMPACTED ((u64)1 << 63)

#define XSAVE_HEADER_OFFSET   512
#define XSAVE_EXTENDED_OFFSET 576
_Static_assert(offsetof(struct xsave, xstate_bv) == XSAVE_HEADER_OFFSET &&
		       sizeof(struct xsave) == XSAVE_EXTENDED_OFFSET,
	       "SDM 1 §13.4.2");

/* Where the components of an XSAVE area (standard form) lie: by offset, as one CPU's CPUID leaf 0DH says. */
struct xstate_layout {
	u64 xcr0;    /* components enabled; 0: the CPU has no XSAVE, or it is not in use */
	u32 aligned; /* those of them that begin at a multiple of 64 in the compacted form */
	u32 size;    /* of the whole area in bytes */
	struct {
		u32 offset;
		u32 size; /* 0: the CPU does not have the component */
	} component[XSTATE_COMPONENTS];
};

struct cpuid_result {
	u32 eax, ebx, ecx, edx;
};

/* CPUID as a function, so that layouts of other CPUs can be computed from recorded tables. */
typedef struct cpuid_result (*cpuid_fn)(u32 leaf, u32 subleaf);

/*
 * The largest legal set of components among `supported` (CPUID.0DH.0:EDX:EAX): x87 always, AVX only with SSE, the three
 * AVX-512 components only together and with AVX, the two MPX ones and the two AMX ones only together (SDM 1 §13.3).
 */
u64 xstate_legal_xcr0(u64 supported);

/*
 * The largest legal set of components among those that CPUID leaf 0DH has and `among` allows, less those that it gives no
 * place behind the header, within the area, and of their own. 0: the leaf makes no sense, and XSAVE cannot be used.
 */
u64 xstate_usable_xcr0(u64 among, cpuid_fn cpuid);

/* Fills `layout` for the components in `xcr0` from CPUID leaf 0DH. `size` is the end of the last component. */
void xstate_layout_init(struct xstate_layout *layout, u64 xcr0, cpuid_fn cpuid);

/*
 * --- What XSAVEOPT and XSAVEC leave to be done, so that an area has the state of all components, in its place ---
 *
 * No CPU that has these instructions has a component beyond 31.
 */

/* Bytes that the compacted form takes with room for `components`. */
u32 xstate_compacted_size(const struct xstate_layout *layout, u32 components);

/* The compacted form, for XRSTOR, of `components` of `from`. All that XRSTOR looks at is written. */
void xstate_compact(struct xsave *to, const struct xsave *from, const struct xstate_layout *layout, u32 components);

/*
 * Outside 64-bit mode no instruction writes Hi16_ZMM (SDM 1 §13.5.5), but XSTATE_BV[7] tells what ZMM16 to ZMM31 hold
 * all the same. In an area that such code has saved, whatever stood there before would pass for that state: the bit goes.
 */
void xstate_saved_by_32bit(struct xsave *area);

/*
 * What XSAVEC has stored in the compacted form, brought into the standard form: the components that it was asked for,
 * with their bits of XSTATE_BV; the others stay as they are. `initial` is the legacy region of the initial state.
 */
void xstate_expand(struct xsave *to, const struct xsave *from, const struct xstate_layout *layout,
		   const struct fxsave *initial);

/* Stores the initial state of `components`: for XSAVEOPT, which does not. MXCSR stays: that it does store. */
void xstate_store_initial(struct xsave *area, const struct xstate_layout *layout, const struct fxsave *initial,
			  u32 components);

/*
 * The component's name in the manual's spelling ("AVX", "ZMM_Hi256", ...), or NULL for one that cr86 has no name for.
 */
const char *xstate_component_name(u32 component);

/* How much of a component 32-bit code can reach: registers 8 and up exist in 64-bit mode only (SDM 1 §13.5). */
u32 xstate_reachable_size(u32 component, u32 size);

/* The full x87 tag word of an FXSAVE image: rebuilt from the abridged one and the registers (SDM 1 table 10-3). */
u16 fxsave_tag_word(const struct fxsave *fx);

/* FSAVE image to FXSAVE image. SSE state becomes the initial one; loses nothing. `to` is written wholly. */
void fsave_to_fxsave(struct fxsave *to, const struct fsave *from);

/* The x87 state of an FXSAVE image as an FSAVE image. */
void fxsave_x87(struct fsave *to, const struct fxsave *from);

/*
 * FXSAVE image to FSAVE image. Returns false, `to` unspecified, where SSE state would be lost: other than the
 * initial.
 */
bool fxsave_to_fsave(struct fsave *to, const struct fxsave *from);

/*
 * Clear what is not the task's state: reserved and software bytes, the upper five bits of FOP, MXCSR_MASK (the CPU's
 * property), XMM8 to XMM15 (not reachable from 32-bit code). After this the same state always has the same bytes.
 */
void fxsave_canonical(struct fxsave *fx);
void fsave_canonical(struct fsave *fs);

/* The same as a question: the offset within the image of the first byte that must be 0 and is not, or -1. */
s32 fxsave_stray_byte(const struct fxsave *fx);
s32 fsave_stray_byte(const struct fsave *fs);

/* The state after FNINIT and with MXCSR 1F80H, all registers zero: what a task that never used the FPU has. */
void fxsave_init(struct fxsave *fx);
void fsave_init(struct fsave *fs);

/* Whether all of `size` bytes are zero: the initial state of every component beyond x87 and SSE. */
bool xstate_is_zero(const void *state, u32 size);

#endif
