/* SPDX-License-Identifier: GPL-2.0-only */
#include "fpu.h"
#include "cpu.h"
#include "frames.h"
#include "string.h"

/*
 * A way to save and restore the components in `mask`; FSAVE and FXSAVE know one piece only and take the mask for yes.
 * The contract of `save`: the registers survive it, so that a checkpoint of the running task does not disturb it.
 * `restore` returns false where the CPU refuses the state; then the registers are unspecified.
 */
struct method {
	const char *name;
	void (*save)(void *area, u32 mask);
	bool (*restore)(const void *area, u32 mask);
};

static const struct method *method; /* NULL: no FPU */
static u32 eager_mask, lazy_mask;   /* components loaded by a switch, and by #NM */
static bool ts;			    /* CR0.TS as it is: to write CR0 is slow */
static struct xstate_layout layout;
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
				 "2:\n\t"                                                                              \
				 ".pushsection .fixup, \"a\"\n\t"                                                      \
				 ".long 1b, 2b\n\t"                                                                    \
				 ".popsection"                                                                         \
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

/* From the simplest to the best. */
static const struct method methods[] = {
	{"fsave", fsave_save, fsave_restore},
	{"fxsave", fxsave_save, fxsave_restore},
	{"xsave", xsave_save, xsave_restore},
};
enum { FSAVE, FXSAVE, XSAVE, METHODS };

/* Picks the method of that name, or the best, among those that the CPU has. */
static int choose(const char *name)
{
	const bool has[METHODS] = {cpu.has_fpu, cpu.has_fxsr, cpu.has_xsave};

	method = NULL;
	for (u32 n = 0; n < METHODS; n++)
		if (has[n] && (!name || strcmp(name, methods[n].name) == 0))
			method = &methods[n];
	return name && !method ? -EINVAL : 0;
}

static void enable_xsave(void)
{
	set_cr4(CR4_OSXSAVE | (cpu.has_pku ? CR4_PKE : 0));
	__asm__ volatile("xsetbv" : : "c"(0), "a"(cpu.xcr0_supported), "d"(0));
	xstate_layout_init(&layout, cpu.xcr0_supported, cpu_cpuid);
}

/* MXCSR_MASK is read from an FXSAVE image; 0 there stands for the mask of the first CPUs with SSE (SDM 1 §11.6.6). */
static u32 read_mxcsr_mask(void)
{
	static struct fxsave image __attribute__((aligned(16)));

	fxsave_save(&image, XSTATE_LEGACY_MASK);
	return image.mxcsr_mask ? image.mxcsr_mask : MXCSR_MASK_DEFAULT;
}

/*
 * Lets the CPU itself store the initial state, so that what it adds (MXCSR_MASK, all ones in reserved halves) is in
 * it.
 */
static void store_initial(void)
{
	if (fpu_saves_fxsr())
		fxsave_init((struct fxsave *)initial);
	else
		fsave_init((struct fsave *)initial);
	method->restore(initial, XSTATE_LEGACY_MASK);
	method->save(initial, XSTATE_LEGACY_MASK);
}

int fpu_init(const char *xstate, enum fpu_switching how)
{
	u32 cr0 = read_cr0() & ~(CR0_EM | CR0_MP | CR0_TS);
	int ret = choose(xstate);

	write_cr0((cr0 | CR0_NE | CR0_AM) | (cpu.has_fpu ? CR0_MP : CR0_EM));
	if (ret < 0 || !method)
		return ret;
	__asm__ volatile("fninit");
	if (fpu_saves_fxsr() && cpu.has_sse) {
		set_cr4(CR4_OSFXSR | CR4_OSXMMEXCPT);
		mxcsr_mask = read_mxcsr_mask();
	}
	if (method == &methods[XSAVE])
		enable_xsave();
	store_initial();
	eager_mask = layout.xcr0 ? (u32)layout.xcr0 : XSTATE_LEGACY_MASK;
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
	return method && method != &methods[FSAVE];
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
	return &layout;
}

static u32 area_size(void)
{
	return layout.size ? layout.size : sizeof(struct fxsave);
}

static u64 *xstate_bv(const struct fpu *fpu)
{
	return (u64 *)(fpu->area + XSAVE_HEADER_OFFSET);
}

/* The initial state. XSTATE_BV is 0: XRSTOR then initialises every component by itself. */
static void reset(struct fpu *fpu)
{
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
	reset(fpu);
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
		reset(fpu);
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
	if (layout.xcr0)
		*xstate_bv(fpu) = XSTATE_LEGACY_MASK;
}

u32 fpu_components(const struct fpu *fpu)
{
	u32 present = layout.xcr0 ? (u32)*xstate_bv(fpu) & ~XSTATE_LEGACY_MASK : 0, in_use = 0;

	for (u32 n = XSTATE_AVX; present >> n; n++)
		if (present >> n & 1 && !xstate_is_zero(fpu_component(fpu, n), layout.component[n].size))
			in_use |= BIT(n);
	return in_use;
}

const void *fpu_component(const struct fpu *fpu, u32 component)
{
	return fpu->area + layout.component[component].offset;
}

void *fpu_set_component(struct fpu *fpu, u32 component)
{
	*xstate_bv(fpu) |= (u64)1 << component;
	return fpu->area + layout.component[component].offset;
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
