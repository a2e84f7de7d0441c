/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The frame that a handler finds on its stack, byte for byte as on Linux i386: there are programs that know it. What
 * sigreturn(2) finds there may be anything: it is judged as an image would be.
 */
#include "signal.h"
#include "string.h"
#include "usercopy.h"

/*
 * Linux's struct sigcontext. Up to eax in the order of PUSHAD and the stubs' pushes, which is that of struct trap_frame;
 * selectors with zeros above.
 */
struct sigcontext {
	u32 gs, fs, es, ds;
	u32 edi, esi, ebp, esp, ebx, edx, ecx, eax;
	u32 trapno, err;
	u32 eip, cs, eflags;
	u32 esp_at_signal, ss;
	u32 fpstate; /* 0, or where the FPU state stands */
	u32 oldmask;
	u32 cr2;
};
_Static_assert(sizeof(struct sigcontext) == 88, "uapi asm/sigcontext.h");
_Static_assert(offsetof(struct sigcontext, trapno) == offsetof(struct trap_frame, orig_eax), "in the same order");

/* What both frames begin with: the handler's return address and its first argument. */
struct call {
	u32 pretcode;
	u32 sig;
};

struct sigframe {
	struct call call;
	struct sigcontext sc;
	u8 _fpstate_unused[624];
	u32 extramask; /* signals 33 to 64 */
	u8 retcode[8];
};
_Static_assert(sizeof(struct sigframe) == 732, "Linux i386");

struct rt_sigframe {
	struct call call;
	u32 pinfo, puc; /* the second and third argument */
	struct siginfo info;
	u8 _info[128 - sizeof(struct siginfo)];
	struct {
		u32 flags, link;
		u32 ss_sp, ss_flags, ss_size;
		struct sigcontext mcontext;
		u32 sigmask[2];
	} uc;
	u8 retcode[8];
};
_Static_assert(sizeof(struct rt_sigframe) == 268, "Linux i386");

#define UC_FP_XSTATE 1u /* uc.flags: the FPU state is in the extended form */

enum { SS_DISABLE = 2 };

/* pop eax; mov eax, 119 (sigreturn); int 0x80 - and mov eax, 173 (rt_sigreturn); int 0x80 */
static const u8 sigreturn_code[8] = {0x58, 0xb8, 119, 0, 0, 0, 0xcd, 0x80};
static const u8 rt_sigreturn_code[8] = {0xb8, 173, 0, 0, 0, 0xcd, 0x80};

static void fill_context(struct sigcontext *sc, const struct task *t, u32 fpstate)
{
	const struct trap_frame *f = t->context.frame;

	memcpy(sc, f, offsetof(struct sigcontext, trapno));
	sc->gs &= 0xffff;
	sc->fs &= 0xffff;
	sc->es &= 0xffff;
	sc->ds &= 0xffff;
	sc->esp = sc->esp_at_signal = f->esp;
	sc->trapno = t->signal->trap_nr;
	sc->err = t->signal->error_code;
	sc->eip = f->eip;
	sc->cs = f->cs & 0xffff;
	sc->eflags = f->eflags;
	sc->ss = f->ss & 0xffff;
	sc->fpstate = fpstate;
	sc->oldmask = (u32)t->signal->blocked;
	sc->cr2 = (u32)t->signal->cr2;
}

/* Without SA_RESTORER the handler returns into the frame itself, which a stack that is not executable does not allow. */
static u32 return_address(const struct cr_signal_action *action, u32 retcode)
{
	return action->flags & SA_RESTORER ? (u32)action->restorer : retcode;
}

static bool write_frame(const struct task *t, u32 at, u32 fpstate, const struct cr_signal_action *action, u32 signo)
{
	static struct sigframe frame;

	frame.call.pretcode = return_address(action, at + offsetof(struct sigframe, retcode));
	frame.call.sig = signo;
	fill_context(&frame.sc, t, fpstate);
	frame.extramask = (u32)(t->signal->blocked >> 32);
	memcpy(frame.retcode, sigreturn_code, sizeof(frame.retcode));
	return copy_to_user(at, &frame, sizeof(frame)) == 0;
}

static bool write_rt_frame(const struct task *t, u32 at, u32 fpstate, const struct cr_signal_action *action,
			   const struct siginfo *info)
{
	static struct rt_sigframe frame;

	frame.call.pretcode = return_address(action, at + offsetof(struct rt_sigframe, retcode));
	frame.call.sig = (u32)info->si_signo;
	frame.pinfo = at + offsetof(struct rt_sigframe, info);
	frame.puc = at + offsetof(struct rt_sigframe, uc);
	frame.info = *info;
	frame.uc.flags = fpu_layout()->xcr0 ? UC_FP_XSTATE : 0;
	frame.uc.ss_sp = (u32)t->signal->sas_ss_sp;
	frame.uc.ss_size = (u32)t->signal->sas_ss_size;
	frame.uc.ss_flags = frame.uc.ss_size ? 0 : SS_DISABLE;
	fill_context(&frame.uc.mcontext, t, fpstate);
	memcpy(frame.uc.sigmask, &t->signal->blocked, sizeof(frame.uc.sigmask));
	memcpy(frame.retcode, rt_sigreturn_code, sizeof(frame.retcode));
	return copy_to_user(at, &frame, sizeof(frame)) == 0;
}

/* Where the handler's stack begins. One that is under way is gone on with. */
static u32 handler_stack(const struct task *t, const struct cr_signal_action *action)
{
	const struct cr_hdr_signal *s = t->signal;
	u32 esp = t->context.frame->esp;

	if (action->flags & SA_ONSTACK && s->sas_ss_size && !signal_on_altstack(s, esp))
		return (u32)(s->sas_ss_sp + s->sas_ss_size);
	return esp;
}

/* Who is on the alternate stack must not run over its lower end, into whatever is there. */
static bool fits(const struct task *t, u32 stack, u32 at)
{
	return at < stack && (!signal_on_altstack(t->signal, stack) || signal_on_altstack(t->signal, at));
}

/* The i386 ABI: at a function's entry ESP + 4 is a multiple of 16. */
static u32 frame_place(u32 below, u32 size)
{
	return ((below - size + 4) & ~15u) - 4;
}

bool sigframe_enter(struct task *t, const struct cr_signal_action *action, const struct siginfo *info)
{
	struct trap_frame *f = t->context.frame;
	bool rt = action->flags & SA_SIGINFO;
	u32 stack = handler_stack(t, action), fpstate = sigfpu_place(&t->context.fpu, stack);
	u32 at = frame_place(fpstate ? fpstate : stack, rt ? sizeof(struct rt_sigframe) : sizeof(struct sigframe));

	if (!fits(t, stack, at))
		return false;
	if (!(rt ? write_rt_frame(t, at, fpstate, action, info)
		 : write_frame(t, at, fpstate, action, (u32)info->si_signo)))
		return false;
	if (!sigfpu_save(&t->context.fpu, fpstate))
		return false;
	f->eax = (u32)info->si_signo;
	f->edx = rt ? at + offsetof(struct rt_sigframe, info) : 0;
	f->ecx = rt ? at + offsetof(struct rt_sigframe, uc) : 0;
	f->orig_eax = 0xffffffff;
	f->eip = (u32)action->handler;
	f->esp = at;
	f->cs = USER_CS;
	f->ss = f->ds = f->es = USER_DS;
	f->eflags &= ~(EFLAGS_DF | EFLAGS_RF | EFLAGS_TF);
	return true;
}

/* The flags that a handler may change for the code that it interrupted. */
#define EFLAGS_RESTORED                                                                                                \
	(EFLAGS_CF | EFLAGS_PF | EFLAGS_AF | EFLAGS_ZF | EFLAGS_SF | EFLAGS_TF | EFLAGS_DF | EFLAGS_OF | EFLAGS_RF |   \
	 EFLAGS_AC)

/*
 * A data selector that cannot be loaded becomes null, as with modify_ldt(2). An EIP beyond the code segment is left to
 * IRET, which will refuse it.
 */
static bool take_context(struct task *t, const struct sigcontext *sc)
{
	struct trap_frame *f = t->context.frame, old = *f;

	memcpy(f, sc, offsetof(struct trap_frame, orig_eax));
	f->orig_eax = 0xffffffff;
	f->eip = sc->eip;
	f->cs = (sc->cs & 0xffff) | 3;
	f->eflags = (f->eflags & ~EFLAGS_RESTORED) | (sc->eflags & EFLAGS_RESTORED);
	f->esp = sc->esp;
	f->ss = (sc->ss & 0xffff) | 3;
	if (task_check_segments(t) && sigfpu_restore(&t->context.fpu, sc->fpstate))
		return true;
	*f = old;
	return false;
}

static void take_mask(struct task *t, u32 low, u32 high)
{
	t->signal->blocked = (low | (u64)high << 32) & ~SIGNALS_UNBLOCKED;
	signal_update(t);
}

static bool leave(struct task *t, u32 at)
{
	static struct sigframe frame;

	if (copy_from_user(&frame, at, sizeof(frame)) < 0)
		return false;
	take_mask(t, frame.sc.oldmask, frame.extramask);
	return take_context(t, &frame.sc);
}

/* The alternate stack goes back, too, unless the task is on it, or what stands there is none. */
static void take_altstack(struct task *t, u32 sp, u32 flags, u32 size)
{
	struct cr_hdr_signal *s = t->signal;

	if (signal_on_altstack(s, t->context.frame->esp) || (!(flags & SS_DISABLE) && size < MINSIGSTKSZ))
		return;
	s->sas_ss_sp = flags & SS_DISABLE ? 0 : sp;
	s->sas_ss_size = flags & SS_DISABLE ? 0 : size;
}

static bool leave_rt(struct task *t, u32 at)
{
	static struct rt_sigframe frame;

	if (copy_from_user(&frame, at, sizeof(frame)) < 0)
		return false;
	take_mask(t, frame.uc.sigmask[0], frame.uc.sigmask[1]);
	if (!take_context(t, &frame.uc.mcontext))
		return false;
	take_altstack(t, frame.uc.ss_sp, frame.uc.ss_flags, frame.uc.ss_size);
	return true;
}

bool sigframe_leave(struct task *t, u32 frame, bool rt)
{
	return signal_state(t) && (rt ? leave_rt(t, frame) : leave(t, frame));
}
