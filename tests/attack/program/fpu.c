/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Any FPU state by every instruction that loads some. What the processor takes, the kernel must keep; and while it does,
 * no exception that is pending may be raised in it.
 */
#include "hostile.h"
#include "xstate.h"

#define STEPS	  40
#define AREA_SIZE 4096

union area {
	u8 byte[AREA_SIZE];
	u32 word[AREA_SIZE / 4];
	struct fsave fsave;
	struct fxsave fxsave;
	struct xsave xsave;
};
static union area wild __attribute__((aligned(64)));
static union area before __attribute__((aligned(64))), after __attribute__((aligned(64)));

static void randomize(u32 size)
{
	for (u32 n = 0; n < size / 4; n++)
		wild.word[n] = any();
}

/* Most of the time nearly right: state with a wrong bit in MXCSR or in the header is refused as a whole. */
static void tame_mxcsr(void)
{
	if (!one_in(8))
		wild.fxsave.mxcsr &= cpu_mxcsr_mask();
}

static void tame_header(void)
{
	struct xsave *x = &wild.xsave;

	if (one_in(16))
		return;
	x->xcomp_bv = 0;
	memset(x->_reserved, 0, sizeof(x->_reserved));
	x->xstate_bv &= cpu_xcr0();
	if (one_in(4))
		memset(x->extended, 0, sizeof(wild) - XSAVE_EXTENDED_OFFSET);
}

static void load_fxsave(void)
{
	randomize(sizeof(struct fxsave));
	tame_mxcsr();
	asm volatile("fxrstor %0" : : "m"(wild) : "memory");
}

/*
 * Under lazy switching XSAVE and XRSTOR raise #NM, too, as all that uses the FPU; QEMU 7.2 forgets it (tests/known-defects),
 * and would show the program what others have left in the registers. FNSTSW always raises it.
 */
static void come_into_use(void)
{
	asm volatile("fnstsw %%ax" : : : "eax");
}

/* PKRU is left alone here: most values of it take the program's memory away. */
static void load_xsave(void)
{
	randomize(sizeof(wild));
	tame_mxcsr();
	tame_header();
	come_into_use();
	asm volatile("xrstor %0" : : "m"(wild), "a"(any() & ~BIT(XSTATE_PKRU)), "d"(one_in(4) ? any() : 0) : "memory");
}

/* Nothing of the program's memory is touched, by the kernel neither, while PKRU says that none may be. */
static void load_pkru(void)
{
	u32 call = SYS_SCHED_YIELD;

	asm volatile("wrpkru\n\t"
		     "mov %%ebx, %%eax\n\t"
		     "int $0x80\n\t"
		     "xor %%eax, %%eax\n\t"
		     "wrpkru"
		     : "+b"(call)
		     : "a"(any()), "c"(0), "d"(0)
		     : "memory");
}

static void load_fsave(void)
{
	randomize(sizeof(struct fsave));
	asm volatile("fnclex\n\tfrstor %0" : : "m"(wild));
}

static void load_environment(void)
{
	randomize(28);
	asm volatile("fnclex\n\tfldenv %0" : : "m"(wild));
}

static void load_control(void)
{
	randomize(8);
	asm volatile("fnclex\n\tfldcw %0" : : "m"(wild));
}

static void load_mxcsr(void)
{
	mxcsr_load(one_in(4) ? any() : any() & cpu_mxcsr_mask());
}

static void load_something(void)
{
	static void (*const x87[])(void) = {load_fsave, load_environment, load_control};
	static void (*const sse[])(void) = {load_fxsave, load_mxcsr};
	static void (*const xsave[])(void) = {load_xsave, load_xsave};

	if (cpu_xcr0() & XCR0_PKRU && one_in(8))
		load_pkru();
	else if (cpu_xcr0() && one_in(2))
		xsave[below(ARRAY_SIZE(xsave))]();
	else if (cpu_has_sse() && one_in(2))
		sse[below(ARRAY_SIZE(sse))]();
	else
		x87[below(ARRAY_SIZE(x87))]();
}

/* The last instruction's pointers may be lost, by some processors' choice; XSAVE's header is no state. */
static void snapshot(union area *to)
{
	memset(to, 0, sizeof(*to));
	come_into_use();
	if (cpu_xcr0()) {
		asm volatile("xsave %0" : "+m"(*to) : "a"(-1), "d"(-1));
		memset(to->byte + XSAVE_HEADER_OFFSET, 0, XSAVE_EXTENDED_OFFSET - XSAVE_HEADER_OFFSET);
	} else if (cpu_has_sse()) {
		asm volatile("fxsave %0" : "+m"(*to));
	} else {
		asm volatile("fnsave %0\n\tfrstor %0" : "+m"(*to));
		to->fsave.fip = to->fsave.fdp = to->fsave.fcs = to->fsave.fop = to->fsave.fds = 0;
		return;
	}
	to->fxsave.fip = to->fxsave.fdp = to->fxsave.fcs = to->fxsave.fop = to->fxsave.fds = 0;
}

void attack_fpu(void)
{
	if (!cpu_has_fpu())
		return;
	for (; steps_done < STEPS; steps_done++) {
		load_something();
		snapshot(&before);
		sched_yield();
		if (one_in(4))
			spin_for(20000);
		snapshot(&after);
		for (u32 n = 0; n < sizeof(before); n++)
			if (before.byte[n] != after.byte[n])
				breach(text("byte %u of the FPU state is %02x, and was %02x before others ran", n,
					    after.byte[n], before.byte[n]));
		check_privilege();
	}
}
