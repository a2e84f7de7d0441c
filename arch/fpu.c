/* SPDX-License-Identifier: GPL-2.0-only */
#include "fpu.h"
#include "cpu.h"
#include "frames.h"
#include "string.h"
#include "trap.h"

/*
 * A way to save and restore the components in `mask`; FSAVE and FXSAVE know one piece only and take the mask for yes.
 * The contract of `save`: the registers survive it, so that a checkpoint of the running task does not disturb it.
 * `restore` returns false where the CPU refuses the state; then the registers are unspecified.
 */
struct method {
	const char *name;
	void (*save)(void *area, u32 mask);
	bool (*restore)(const void *area, u32 mask);
	enum { FSAVE_AREA, FXSAVE_AREA, XSAVE_AREA } area; /* each but the first begins with an FXSAVE image */
};

static struct xstate_layout no_layout; /* all 0; not const, or the kernel's file would hold the zeros */

static const struct method *method; /* NULL: no FPU */
static u32 eager_mask, lazy_mask;   /* components loaded by a switch, and by #NM */
static bool ts;			    /* CR0.TS as it is: to write CR0 is slow */
static const struct xstate_layout *layout = &no_layout;
static u32 mxcsr_mask;

/* The x87 and SSE state of a fresh task, as this CPU stores it; with room for the XSAVE header behind. */
static u8 initial[XSAVE_EXTENDED_OFFSET] __attribute__((aligned(64)));

static void set_ts(bool to)
{
	if (ts == to)
		return;
	ts = to;
	if (to)
		write_cr0(read_cr0() | CR0_TS);
	else
		__asm__ volatile("clts");
}

/* FNSAVE, alone among the three, initialises the FPU, so what it stored is loaded again at once. */
static void fsave_save(void *area, u32 mask)
{
	(void)mask;
	__asm__ volatile("fnsave (%0)\n\tfrstor (%0)" : : "r"(area) : "memory");
}

/* FRSTOR waits for pending exceptions, and those of the task that has just left must not be raised here. */
static bool fsave_restore(const void *area, u32 mask)
{
	(void)mask;
	__asm__ volatile("fnclex\n\tfrstor (%0)" : : "r"(area) : "memory");
	return true;
}

static void fxsave_save(void *area, u32 mask)
{
	(void)mask;
	__asm__ volatile("fxsave (%0)" : : "r"(area) : "memory");
}

/*
 * On CPUs where FXRSTOR and XRSTOR leave FIP, FDP and FOP alone while no exception is pending, the task would see those
 * of another. Loading a constant puts harmless values there first.
 */
static void hide_pointers(void)
{
	static const u32 zero;

	if (cpu.fxsave_leaks)
		__asm__ volatile("fnclex\n\temms\n\tfildl %0" : : "m"(zero));
}

/* Runs `instruction` on (area); false where it faults: the fix-up skips what clears `failed`. */
#define TRY(instruction, area, ...)                                                                                    \
	({                                                                                                             \
		u32 failed = 1;                                                                                        \
		__asm__ volatile("1:\t" instruction " (%1)\n\t"                                                        \
				 "xorl %0, %0\n"                                                                       \
				 "2:\t" TRAP_FIXUP("1b", "2b")                                                         \
				 : "+r"(failed)                                                                        \
				 : "r"(area), ##__VA_ARGS__                                                            \
				 : "memory");                                                                          \
		!failed;                                                                                               \
	})

static bool fxsave_restore(const void *area, u32 mask)
{
	(void)mask;
	hide_pointers();
	return TRY("fxrstor", area);
}

static void xsave_save(void *area, u32 mask)
{
	__asm__ volatile("xsave (%0)" : : "r"(area), "a"(mask), "d"(0) : "memory");
}

static bool xsave_restore(const void *area, u32 mask)
{
	if (mask & BIT(XSTATE_X87))
		hide_pointers();
	return TRY("xrstor", area, "a"(mask), "d"(0));
}

/*
 * XSAVEOPT leaves out two kinds of components (SDM 1 §13.9).
 *
 * Those in their initial state: it clears their bits of XSTATE_BV and does not write them (all but MXCSR). Where a bit
 * was clear before, the area has the initial state already, so there is work only where one went from set to clear.
 *
 * Those that were not modified since XRSTOR loaded them from this very address (XRSTOR_INFO): they must still be in the
 * area as they are in the registers, or a stale copy would pass for saved. It is so because
 * - only a live component is saved, so XRSTOR has loaded it from this area: one made or used again since then, at
 *   whatever address, had to be loaded first. fpu_loadable(), which loads two, loads the current task's last;
 * - nobody else writes to an area with live components. fpu_from_image() and fpu_set_component() are for new ones, and
 *   load() resets an area only before it loads it once more;
 * - a component that XRSTOR has initialised, its bit being clear, may count as in use and unmodified all the same
 *   (§13.8.3): then the bit becomes set without a write. That the area has the initial state makes this true, too.
 */
static void xsaveopt_save(void *area, u32 mask)
{
	struct xsave *xsave = area;
	u32 before = (u32)xsave->xstate_bv;

	__asm__ volatile("xsaveopt (%0)" : : "r"(area), "a"(mask), "d"(0) : "memory");
	before &= mask & ~(u32)xsave->xstate_bv;
	if (before)
		xstate_store_initial(xsave, layout, (struct fxsave *)initial, before);
}

/* XSAVEC and XRSTOR meet here, in the compacted form. It is nobody's between two calls. */
static u8 compacted[PAGE_SIZE] __attribute__((aligned(64)));

/* What a CPU does not store (FIP, FDP and FOP, see hide_pointers) is to stay as the area has it. */
static void xsavec_save(void *area, u32 mask)
{
	memcpy(compacted, area, CR_XSTATE_LEGACY);
	__asm__ volatile("xsavec (%0)" : : "r"(compacted), "a"(mask), "d"(0) : "memory");
	xstate_saved_by_32bit((struct xsave *)compacted);
	xstate_expand(area, (struct xsave *)compacted, layout, (struct fxsave *)initial);
}

static bool xsavec_restore(const void *area, u32 mask)
{
	xstate_compact((struct xsave *)compacted, area, layout, mask);
	return xsave_restore(compacted, mask);
}

/* The best is the last: XSAVE stores the form that images have, and nothing remains to be done. */
static const struct method methods[] = {
	{"fsave", fsave_save, fsave_restore, FSAVE_AREA},	/* x87 */
	{"fxsave", fxsave_save, fxsave_restore, FXSAVE_AREA},	/* and SSE */
	{"xsavec", xsavec_save, xsavec_restore, XSAVE_AREA},	/* and all others; compacted */
	{"xsaveopt", xsaveopt_save, xsave_restore, XSAVE_AREA}, /* only what has changed */
	{"xsave", xsave_save, xsave_restore, XSAVE_AREA},
};

/* Of an area for all that the CPU has. Computed once: under a hypervisor each CPUID is slow. */
static const struct xstate_layout *xsave_layout(void)
{
	static struct xstate_layout all;

	if (!all.xcr0)
		xstate_layout_init(&all, cpu.xcr0_supported, cpu_cpuid);
	return &all;
}

/* The method of that name, or the best, among those that the CPU has; or NULL. */
static const struct method *choose(const char *name)
{
	bool xsavec = cpu.has_xsavec && xstate_compacted_size(xsave_layout(), cpu.xcr0_supported) <= sizeof(compacted);
	const bool has[ARRAY_SIZE(methods)] = {cpu.has_fpu, cpu.has_fxsr, xsavec, cpu.has_xsaveopt, cpu.has_xsave};
	const struct method *best = NULL;

	for (u32 n = 0; n < ARRAY_SIZE(methods); n++)
		if (has[n] && (!name || strcmp(name, methods[n].name) == 0))
			best = &methods[n];
	return best;
}

/*
 * Lets tasks use what the method saves, and nothing else: SSE without CR4.OSFXSR, and AVX, PKRU and the rest without
 * CR4.OSXSAVE, raise #UD or have no effect. XSETBV is one of these, hence after CR4.
 */
static void enable(void)
{
	u32 cr0 = read_cr0() & ~(CR0_EM | CR0_MP | CR0_TS), cr4 = 0;

	write_cr0(cr0 | CR0_NE | CR0_AM | (cpu.has_fpu ? CR0_MP : CR0_EM));
	ts = false;
	if (!cpu.has_fxsr)
		return;
	if (fpu_saves_fxsr() && cpu.has_sse)
		cr4 |= CR4_OSFXSR | CR4_OSXMMEXCPT;
	if (layout->xcr0)
		cr4 |= CR4_OSXSAVE | (cpu.has_pku ? CR4_PKE : 0);
	write_cr4((read_cr4() & ~(CR4_OSFXSR | CR4_OSXMMEXCPT | CR4_OSXSAVE | CR4_PKE)) | cr4);
	if (layout->xcr0)
		__asm__ volatile("xsetbv" : : "c"(0), "a"((u32)layout->xcr0), "d"(0));
}

/* MXCSR_MASK is read from an FXSAVE image; 0 there stands for the mask of the first CPUs with SSE (SDM 1 §11.6.6). */
static u32 read_mxcsr_mask(void)
{
	static struct fxsave image __attribute__((aligned(16)));

	fxsave_save(&image, XSTATE_LEGACY_MASK);
	return image.mxcsr_mask ? image.mxcsr_mask : MXCSR_MASK_DEFAULT;
}

/*
 * Lets the CPU itself store the initial state, so that what it adds (MXCSR_MASK, all ones in reserved halves) is in it.
 * For XSAVEOPT and XSAVEC, too, XSAVE does it: those do not store initial state.
 *
 * All components are loaded, not only these two: with XSTATE_BV 0 that makes them initial. While XSAVE was not in use,
 * upper halves, opmasks and PKRU stayed in the CPU as the last task had them, out of reach: AVX raises #UD, PKRU has no
 * effect. Each task loads its own before it runs; until then the kernel would look at user pages with another's PKRU.
 */
static void store_initial(void)
{
	memset(initial, 0, sizeof(initial));
	if (fpu_saves_fxsr())
		fxsave_init((struct fxsave *)initial);
	else
		fsave_init((struct fsave *)initial);
	if (layout->xcr0) {
		xsave_restore(initial, (u32)layout->xcr0);
		xsave_save(initial, XSTATE_LEGACY_MASK);
	} else {
		method->restore(initial, XSTATE_LEGACY_MASK);
		method->save(initial, XSTATE_LEGACY_MASK);
	}
}

__cold int fpu_init(const char *xstate, enum fpu_switching how)
{
	const struct method *chosen = choose(xstate);

	if (xstate && !chosen)
		return -EINVAL;
	method = chosen;
	layout = method && method->area == XSAVE_AREA ? xsave_layout() : &no_layout;
	enable();
	if (!method)
		return 0;
	__asm__ volatile("fninit");
	mxcsr_mask = fpu_saves_fxsr() && cpu.has_sse ? read_mxcsr_mask() : 0;
	store_initial();
	eager_mask = layout->xcr0 ? (u32)layout->xcr0 : XSTATE_LEGACY_MASK;
	lazy_mask = 0;
	if (how == FPU_LAZY) {
		lazy_mask = eager_mask & ~XSTATE_IGNORES_TS;
		eager_mask &= XSTATE_IGNORES_TS;
	}
	return 0;
}

const char *fpu_method(void)
{
	return method ? method->name : "none";
}

bool fpu_saves_fxsr(void)
{
	return method && method->area != FSAVE_AREA;
}

u32 fpu_mxcsr_mask(void)
{
	return mxcsr_mask;
}

u32 fpu_hwcap(void)
{
	enum { FPU = BIT(0), FXSR = BIT(24), SSE = BIT(25), SSE2 = BIT(26) };
	u32 hidden = (cpu.has_fpu ? 0 : FPU) | (fpu_saves_fxsr() ? 0 : FXSR) | (mxcsr_mask ? 0 : SSE | SSE2);

	return cpu.features_edx & ~hidden;
}

const struct xstate_layout *fpu_layout(void)
{
	return layout;
}

static u32 area_size(void)
{
	return layout->size ? layout->size : sizeof(struct fxsave);
}

static u64 *xstate_bv(const struct fpu *fpu)
{
	return &((struct xsave *)fpu->area)->xstate_bv;
}

/*
 * XSTATE_BV is 0: XRSTOR then initialises every component by itself. Not inlined: a switch needs it only where the CPU
 * refuses the state.
 */
__attribute__((noinline)) void fpu_reset(struct fpu *fpu)
{
	fpu->live = 0;
	memcpy(fpu->area, initial, CR_XSTATE_LEGACY);
	memset(fpu->area + CR_XSTATE_LEGACY, 0, area_size() - CR_XSTATE_LEGACY);
}

static u32 area_pages(void)
{
	return (area_size() + PAGE_SIZE - 1) / PAGE_SIZE;
}

int fpu_create(struct fpu *fpu)
{
	*fpu = (struct fpu){0};
	if (!method)
		return 0;
	fpu->area = frames_alloc(area_pages());
	if (!fpu->area)
		return -ENOMEM;
	fpu_reset(fpu);
	return 0;
}

void fpu_destroy(struct fpu *fpu)
{
	if (fpu->area)
		frames_free(fpu->area, area_pages());
	*fpu = (struct fpu){0};
}

static void load(struct fpu *fpu, u32 mask)
{
	set_ts(false);
	if (!method->restore(fpu->area, mask)) {
		fpu_reset(fpu);
		method->restore(fpu->area, mask);
	}
	fpu->live |= mask;
}

/* An FPU instruction is to trap while the lazy components are not live. */
static bool must_trap(const struct fpu *fpu)
{
	return lazy_mask && !(fpu->live & lazy_mask);
}

void fpu_save(struct fpu *fpu)
{
	if (!fpu->live)
		return;
	set_ts(false);
	method->save(fpu->area, fpu->live);
	set_ts(must_trap(fpu));
}

void fpu_peek(struct fpu *to)
{
	u32 cr0 = read_cr0();

	if (!method)
		return;
	write_cr0(cr0 & ~CR0_TS);
	method->save(to->area, eager_mask | lazy_mask);
	write_cr0(cr0);
}

void fpu_copy(struct fpu *to, const struct fpu *from)
{
	if (method)
		memcpy(to->area, from->area, area_size());
}

void fpu_leave(struct fpu *fpu)
{
	fpu_save(fpu);
	fpu->live = 0;
}

void fpu_enter(struct fpu *fpu)
{
	fpu->live = 0;
	if (!method)
		return;
	if (eager_mask)
		load(fpu, eager_mask);
	set_ts(must_trap(fpu));
}

bool fpu_not_available(struct fpu *fpu)
{
	if (!method || !must_trap(fpu))
		return false;
	load(fpu, lazy_mask);
	fpu->used_math = true;
	return true;
}

/* The x87 and SSE state as images have it. Where the CPU has no SSE, MXCSR was not stored; its initial value stands. */
static void legacy_to_image(const struct fpu *fpu, u8 *xstate)
{
	if (fpu_saves_fxsr()) {
		struct fxsave *fx = (struct fxsave *)xstate;

		memcpy(fx, fpu->area, sizeof(*fx));
		fxsave_canonical(fx);
		if (!mxcsr_mask)
			fx->mxcsr = MXCSR_INIT;
	} else {
		struct fsave *fs = (struct fsave *)xstate;

		memcpy(fs, fpu->area, sizeof(*fs));
		memset(xstate + sizeof(*fs), 0, CR_XSTATE_LEGACY - sizeof(*fs));
		fsave_canonical(fs);
	}
}

u32 fpu_unmasked(struct fpu *fpu, bool sse)
{
	const struct fxsave *fx = (const struct fxsave *)fpu->area;
	const struct fsave *fs = (const struct fsave *)fpu->area;

	fpu_save(fpu);
	if (sse)
		return fx->mxcsr & ~(fx->mxcsr >> 7) & FPU_EXCEPTIONS;
	return (fpu_saves_fxsr() ? fx->fsw & ~fx->fcw : fs->fsw & ~fs->fcw) & FPU_EXCEPTIONS;
}

static bool is_initial(const struct fpu *fpu)
{
	return memcmp(fpu->area, initial, CR_XSTATE_LEGACY) == 0 && !fpu_components(fpu);
}

/*
 * Under eager switching nothing tells that a task used the FPU but its state: a task whose state is still the initial
 * one has not used it, or might as well not have.
 */
void fpu_to_image(struct fpu *fpu, struct cr_hdr_cpu *to)
{
	if (method && !fpu->used_math)
		fpu->used_math = !is_initial(fpu);
	if (fpu->used_math)
		legacy_to_image(fpu, to->xstate);
	else
		memset(to->xstate, 0, sizeof(to->xstate));
	to->used_math = fpu->used_math;
	to->has_fxsr = fpu->used_math && fpu_saves_fxsr();
}

void fpu_from_image(struct fpu *fpu, const struct cr_hdr_cpu *from)
{
	fpu->used_math = from->used_math;
	if (!method || !from->used_math)
		return;
	if (fpu_saves_fxsr() == from->has_fxsr)
		memcpy(fpu->area, from->xstate, from->has_fxsr ? sizeof(struct fxsave) : sizeof(struct fsave));
	else if (from->has_fxsr)
		fxsave_to_fsave((struct fsave *)fpu->area, (const struct fxsave *)from->xstate);
	else
		fsave_to_fxsave((struct fxsave *)fpu->area, (const struct fsave *)from->xstate);
	if (layout->xcr0)
		*xstate_bv(fpu) = XSTATE_LEGACY_MASK;
}

u32 fpu_components(const struct fpu *fpu)
{
	u32 present = layout->xcr0 ? (u32)*xstate_bv(fpu) & ~XSTATE_LEGACY_MASK : 0, in_use = 0;

	for (u32 n = XSTATE_AVX; present >> n; n++)
		if (present >> n & 1 && !xstate_is_zero(fpu_component(fpu, n), layout->component[n].size))
			in_use |= BIT(n);
	return in_use;
}

const void *fpu_component(const struct fpu *fpu, u32 component)
{
	return fpu->area + layout->component[component].offset;
}

void *fpu_set_component(struct fpu *fpu, u32 component)
{
	*xstate_bv(fpu) |= (u64)1 << component;
	return fpu->area + layout->component[component].offset;
}

bool fpu_loadable(struct fpu *fpu, struct fpu *current)
{
	bool ok;

	if (!method)
		return true;
	fpu_save(current);
	set_ts(false);
	ok = method->restore(fpu->area, eager_mask | lazy_mask);
	if (current->live)
		method->restore(current->area, current->live);
	set_ts(must_trap(current));
	return ok;
}
