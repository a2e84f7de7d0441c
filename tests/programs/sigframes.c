/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Signal frames: what lies on the stack while a handler runs, in the form that the CPU's FPU instructions give it; a
 * handler finds the FPU as after FNINIT, and all that it changes in the frame is there when it has returned. Run on Linux
 * it says the same.
 */
#include "support_signal.h"

static volatile u32 runs;

static u32 esp(void)
{
	u32 value;

	asm volatile("mov %%esp, %0" : "=r"(value));
	return value;
}

static void raise(u32 signo)
{
	check("kill", 0, (u32)kill(getpid(), signo));
}

/* --- the frame itself --- */

struct sigframe {
	u32 pretcode, sig;
	struct sigcontext sc;
	u8 unused[624];
	u32 extramask, retcode[2];
};

/* A handler without SA_SIGINFO has the sigcontext in its arguments. The frame is all that stands above the saved EBP. */
static void on_plain(s32 signo, struct siginfo *info, struct ucontext *context)
{
	struct sigframe *frame = (struct sigframe *)((u32 *)__builtin_frame_address(0) + 1);

	(void)info;
	(void)context;
	asm("" : "+r"(frame)); /* the compiler need not know where it points */
	runs++;
	check("plain: signo", SIGUSR1, (u32)signo);
	check("plain: sig", SIGUSR1, frame->sig);
	check("plain: the return address", address(signal_restorer), frame->pretcode);
	check("plain: ESP + 4 at entry", 0, (address(frame) + 4) % 16);
	check("plain: oldmask", BIT(SIGUSR2 - 1), frame->sc.oldmask);
	check("plain: extramask", BIT(40 - 33), frame->extramask);
	check("plain: retcode", 0x0077b858, frame->retcode[0]);
	check("plain: more of it", 0x80cd0000, frame->retcode[1]);
	frame->sc.ebx = 0x12345678;
	frame->sc.eflags |= EFLAGS_CF;
}

static void test_plain(void)
{
	u32 pid = getpid(), result = SYS_KILL, ebx = pid, carry;
	u64 mask = SIGNAL_BIT(SIGUSR2) | SIGNAL_BIT(40), old;

	signal_mask(SIG_BLOCK, mask, NULL);
	signal_handle(SIGUSR1, on_plain, 0, 0);
	runs = 0;
	asm volatile("clc\n\tint $0x80\n\tsbb %2, %2" : "+a"(result), "+b"(ebx), "=r"(carry) : "c"(SIGUSR1) : "memory");
	check("plain: runs", 1, runs);
	check("plain: kill's result", 0, result);
	check("plain: ebx as the handler left it", 0x12345678, ebx);
	check("plain: CF as the handler left it", 0xffffffff, carry);
	signal_mask(SIG_SETMASK, 0, &old);
	check_that("plain: the mask is as before", old == mask);
}

static void on_info(s32 signo, struct siginfo *info, struct ucontext *context)
{
	u64 mask;

	runs++;
	check("info: signo", SIGUSR1, (u32)signo);
	check("info: si_signo", SIGUSR1, (u32)info->signo);
	check("info: si_code", 0, (u32)info->code);
	check("info: si_pid", getpid(), info->address);
	check_that("info: info and context stand in the frame", (u8 *)context == (u8 *)info + 128);
	check("info: link", 0, context->link);
	check_that("info: the mask to return to", context->sigmask == SIGNAL_BIT(SIGUSR2));
	signal_mask(SIG_BLOCK, 0, &mask);
	check_that("info: the mask in the handler",
		   mask == (SIGNAL_BIT(SIGUSR1) | SIGNAL_BIT(SIGUSR2) | SIGNAL_BIT(SIGTERM)));
	context->sigmask = SIGNAL_BIT(50);
}

static void test_info(void)
{
	u64 mask;

	runs = 0;
	signal_mask(SIG_SETMASK, SIGNAL_BIT(SIGUSR2), NULL);
	signal_handle(SIGUSR1, on_info, SA_SIGINFO, SIGNAL_BIT(SIGTERM) | SIGNAL_BIT(SIGKILL));
	raise(SIGUSR1);
	check("info: runs", 1, runs);
	signal_mask(SIG_SETMASK, 0, &mask);
	check_that("info: the mask as the handler left it", mask == SIGNAL_BIT(50));
}

/* --- one signal and another --- */

static u32 order[4];

static void on_nested(s32 signo, struct siginfo *info, struct ucontext *context)
{
	(void)info;
	(void)context;
	order[runs++ % 4] = (u32)signo;
	if (runs != 1)
		return;
	raise(SIGUSR1); /* blocked: later */
	check("nested: still one", 1, runs);
	check_that("nested: pending", signals_pending() == SIGNAL_BIT(SIGUSR1));
	raise(SIGUSR2);
	check("nested: now two", 2, runs);
}

static void test_nested(void)
{
	runs = 0;
	signal_handle(SIGUSR1, on_nested, SA_SIGINFO, 0);
	signal_handle(SIGUSR2, on_nested, SA_SIGINFO, 0);
	raise(SIGUSR1);
	check("nested: runs", 3, runs);
	check("nested: first", SIGUSR1, order[0]);
	check("nested: second", SIGUSR2, order[1]);
	check("nested: third", SIGUSR1, order[2]);
}

static void on_again(s32 signo, struct siginfo *info, struct ucontext *context)
{
	(void)info;
	(void)context;
	if (++runs < 4)
		raise((u32)signo);
	check("SA_NODEFER: all at once", 4, runs);
}

static void test_flags(void)
{
	runs = 0;
	signal_handle(SIGUSR1, on_again, SA_SIGINFO | SA_NODEFER, 0);
	raise(SIGUSR1);
	signal_handle(SIGUSR1, (signal_handler *)1, 0, 0);
	raise(SIGUSR1); /* ignored */
	check("ignored", 4, runs);
	check("SIGKILL has no handler", (u32)-EINVAL, (u32)signal_handle(SIGKILL, on_again, 0, 0));
	check("kill, nobody", (u32)-ESRCH, (u32)kill(0x7ffffff0, SIGUSR1));
	check("kill, no signal of that number", (u32)-EINVAL, (u32)kill(getpid(), 65));
	check("tgkill", 0, (u32)system_call(SYS_TGKILL, getpid(), getpid(), 0, 0));
}

/* --- the alternate stack --- */

static u8 alternate[16384] __attribute__((aligned(16)));

static bool on_alternate(u32 place)
{
	return place - address(alternate) < sizeof(alternate);
}

static void on_altstack(s32 signo, struct siginfo *info, struct ucontext *context)
{
	struct stack now;

	(void)signo;
	(void)info;
	runs++;
	check_that("altstack: the handler is on it", on_alternate(esp()));
	check_that("altstack: the frame is on it", on_alternate(address(context)));
	check("altstack: in the frame", address(alternate), context->stack.sp);
	check("altstack: its size", sizeof(alternate), context->stack.size);
	sigaltstack(NULL, &now);
	check("altstack: SS_ONSTACK", 1, now.flags);
	check("altstack: it cannot be changed meanwhile", (u32)-EPERM, (u32)sigaltstack(&now, NULL));
}

static void test_altstack(void)
{
	struct stack stack = {address(alternate), 0, sizeof(alternate)}, small = {address(alternate), 0, 1000}, now;

	check("altstack: none at first", 0, (u32)sigaltstack(NULL, &now));
	check("altstack: SS_DISABLE", 2, now.flags);
	check("altstack: too small", (u32)-ENOMEM, (u32)sigaltstack(&small, NULL));
	check("altstack: set", 0, (u32)sigaltstack(&stack, NULL));
	runs = 0;
	signal_handle(SIGUSR1, on_altstack, SA_SIGINFO | SA_ONSTACK, 0);
	raise(SIGUSR1);
	check("altstack: runs", 1, runs);
	sigaltstack(NULL, &now);
	check("altstack: not on it now", 0, now.flags);
	stack.flags = 2;
	check("altstack: taken away", 0, (u32)sigaltstack(&stack, NULL));
}

/* --- FPU state --- */

static struct fsave unusual, inside;
static u8 vectors[8][32], vectors_inside[8][32];
static u32 width;

static void check_xsave(const struct fpstate *fp, const struct sw_bytes *sw)
{
	u64 xcr0 = cpu_xcr0();
	u32 magic2;

	memcpy(&magic2, (const u8 *)&fp->fxsave + sw->xstate_size, sizeof(magic2));
	check("xsave: magic1", FP_XSTATE_MAGIC1, sw->magic1);
	check("xsave: magic2", FP_XSTATE_MAGIC2, magic2);
	check("xsave: xfeatures", (u32)xcr0, (u32)sw->xfeatures);
	check("xsave: xstate_size", cpuid(0xd, 0).ebx, sw->xstate_size);
	check("xsave: extended_size", 112 + sw->xstate_size + 4, sw->extended_size);
	check("xsave: XSTATE_BV has x87 and SSE", 3, fp->xstate_bv & 3);
	check("xsave: XCOMP_BV", 0, (u32)fp->xcomp_bv);
}

/* Changes a value in each of the forms: ST0 where it counts, XMM1, and the upper half of YMM2. */
static void change(struct fpstate *fp)
{
	fpu_value(fp->fsave.st[0], EXP_OF_ONE, LEADING | 0x1234);
	if (!width)
		return;
	fp->fxsave.xmm[1][3] ^= 0x55;
	fp->fxsave.mxcsr ^= MXCSR_RC_ZERO;
	if (width == 32)
		fp->extended[2 * 16 + 5] ^= 0x77; /* AVX stands first */
}

static void on_fpu(s32 signo, struct siginfo *info, struct ucontext *context)
{
	static const u8 zeros[8][32];
	struct fpstate *fp = context->mcontext.fpstate;
	struct sw_bytes sw;
	struct fsave fresh = {.fcw = FCW_INIT, .ftw = 0xffff};

	(void)signo;
	(void)info;
	runs++;
	fpu_store(&inside);
	if (width) {
		vectors_store(width, vectors_inside);
		check("fpu: MXCSR in the handler", MXCSR_MASKS, mxcsr_store());
		check_bytes("fpu: vector registers in the handler", zeros, vectors_inside, sizeof(zeros));
	}
	check("fpu: FCW in the handler", fresh.fcw, inside.fcw);
	check("fpu: FSW in the handler", 0, inside.fsw);
	check("fpu: tags in the handler", 0xffff, inside.ftw);
	check("fpu: FCW in the frame", unusual.fcw, fp->fsave.fcw);
	check("fpu: FSW in the frame", unusual.fsw, fp->fsave.fsw);
	check("fpu: tags in the frame", unusual.ftw, fp->fsave.ftw);
	check("fpu: status", unusual.fsw, fp->status);
	check_bytes("fpu: registers in the frame", unusual.st, fp->fsave.st, sizeof(unusual.st));
	if (fp->magic == 0) {
		check("fxsave: aligned", 0, address(&fp->fxsave) % 16);
		check("fxsave: FCW", unusual.fcw, fp->fxsave.fcw);
		if (width)
			check_bytes("fxsave: XMM0", vectors[0], fp->fxsave.xmm[0], 16);
		memcpy(&sw, fp->fxsave._software, sizeof(sw));
		if (cpu_xcr0())
			check_xsave(fp, &sw);
	} else {
		check("fsave: magic", 0xffff, fp->magic);
		check("fsave: there is nothing else to save", 0, width);
	}
	change(fp);
}

static void test_fpu(void)
{
	struct fsave after, expected;
	u8 vectors_after[8][32] = {0};
	u32 mxcsr = MXCSR_MASKS | MXCSR_RC_ZERO, pid = getpid();
	s32 sent;

	width = vector_bytes();
	runs = 0;
	signal_handle(SIGUSR1, on_fpu, SA_SIGINFO, 0);
	for (u32 n = 0; n < 8; n++)
		fill(vectors[n], width, 7 + n);
	if (width) {
		vectors_load(width, vectors);
		mxcsr_load(mxcsr);
	}
	fpu_unusual(&unusual, 3);
	fpu_load(&unusual);
	sent = kill(pid, SIGUSR1);
	fpu_store(&after);
	if (width)
		vectors_store(width, vectors_after);
	check("fpu: kill", 0, (u32)sent);
	check("fpu: runs", 1, runs);
	expected = unusual;
	fpu_value(expected.st[0], EXP_OF_ONE, LEADING | 0x1234);
	check_bytes("fpu: registers after it", expected.st, after.st, sizeof(after.st));
	check("fpu: FCW after it", unusual.fcw, after.fcw);
	check("fpu: FSW after it", unusual.fsw, after.fsw);
	if (!width)
		return;
	vectors[1][3] ^= 0x55;
	if (width == 32)
		vectors[2][16 + 5] ^= 0x77;
	check_bytes("fpu: vector registers after it", vectors, vectors_after, sizeof(vectors));
	check("fpu: MXCSR after it", mxcsr ^ MXCSR_RC_ZERO, mxcsr_store());
}

/* --- frames that cannot be: SIGSEGV, and nothing worse --- */

static volatile u32 spoil, caught;
static volatile u32 resume_esp, resume_ebp, good_cs, good_ss; /* set by deliver_spoilt */
extern const u8 spoilt_resume[];

static void on_spoilt(s32 signo, struct siginfo *info, struct ucontext *context)
{
	struct sigcontext *c = &context->mcontext;
	struct fpstate *fp = c->fpstate;

	(void)signo;
	(void)info;
	switch (spoil) {
	case 0:
		c->cs = 0x1f; /* no such LDT entry */
		break;
	case 1:
		c->ss = 0x1f;
		break;
	case 2:
		c->eip = KERNEL_START + 0x100000;
		break;
	case 3:
		c->fpstate = (struct fpstate *)KERNEL_START;
		break;
	case 4:
		fp->fxsave.mxcsr |= 0x80000000;
		break;
	case 5:
		fp->xstate_bv |= (u64)1 << 62;
		break;
	case 6:
		fp->xcomp_bv = (u64)1 << 63;
		break;
	default:
		fp->reserved[3] = 1;
	}
}

static void on_segv(s32 signo, struct siginfo *info, struct ucontext *context)
{
	struct sigcontext *c = &context->mcontext;

	(void)signo;
	(void)info;
	caught++;
	c->cs = good_cs;
	c->ss = good_ss;
	c->eip = address(spoilt_resume);
	c->esp = resume_esp;
	c->ebp = resume_ebp;
	c->fpstate = NULL;
}

static __attribute__((noinline)) void deliver_spoilt(void)
{
	u32 result = SYS_KILL;

	asm volatile(
		"mov %%cs, good_cs\n\tmov %%ss, good_ss\n\tpush %%ebx\n\tpush %%esi\n\tpush %%edi\n\tpush %%ebp\n\t"
		"mov %%esp, resume_esp\n\tmov %%ebp, resume_ebp\n\tmov %1, %%ebx\n\tint $0x80\n"
		".globl spoilt_resume\nspoilt_resume:\n\t"
		"pop %%ebp\n\tpop %%edi\n\tpop %%esi\n\tpop %%ebx\n\tcld"
		: "+a"(result)
		: "d"(getpid()), "c"(SIGUSR1)
		: "memory", "cc");
}

static void test_spoilt(void)
{
	u32 kinds = !cpu_has_fpu() ? 3 : !cpu_has_sse() ? 4 : cpu_xcr0() ? 8 : 5;

	signal_handle(SIGUSR1, on_spoilt, SA_SIGINFO, 0);
	signal_handle(SIGSEGV, on_segv, SA_SIGINFO, 0);
	for (spoil = 0; spoil < kinds; spoil++) {
		caught = 0;
		deliver_spoilt();
		check(text("a spoilt frame, %u", spoil), 1, caught);
	}
}

/* Flags that are not a handler's to give. */
static void on_flags(s32 signo, struct siginfo *info, struct ucontext *context)
{
	(void)signo;
	(void)info;
	runs++;
	context->mcontext.eflags |= 0x3000 /* IOPL */ | EFLAGS_NT | BIT(17) /* VM */;
	context->mcontext.eflags &= ~(u32)EFLAGS_IF;
}

static void test_flags_given(void)
{
	u32 flags;

	runs = 0;
	signal_handle(SIGUSR1, on_flags, SA_SIGINFO, 0);
	raise(SIGUSR1);
	asm volatile("pushf\n\tpop %0" : "=r"(flags));
	check("flags: runs", 1, runs);
	check("flags: IF, and neither IOPL nor NT", EFLAGS_IF, flags & (EFLAGS_IF | 0x3000 | EFLAGS_NT));
}

int main(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	test_plain();
	test_info();
	test_nested();
	test_flags();
	test_altstack();
	if (cpu_has_fpu())
		test_fpu();
	test_flags_given();
	test_spoilt();
	return verdict();
}
