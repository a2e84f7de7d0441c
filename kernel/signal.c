/* SPDX-License-Identifier: GPL-2.0-only */
#include "signal.h"
#include "printf.h"
#include "report.h"
#include "string.h"
#include "sys.h"

_Static_assert(sizeof(struct cr_hdr_signal) <= PAGE_SIZE, "a task's signals live in one frame");

struct cr_hdr_signal *signal_state(struct task *t)
{
	if (!t->signal)
		t->signal = frame_alloc_zero();
	return t->signal;
}

void signal_update(struct task *t)
{
	t->work &= ~(u32)WORK_SIGNAL;
	if (t->signal->pending & ~t->signal->blocked && !t->waits)
		t->work |= WORK_SIGNAL;
}

void signal_wait_end(struct task *t)
{
	t->waits = false;
	if (t->signal)
		signal_update(t);
}

s32 signal_wait(struct task *t)
{
	signal_wait_end(t);
	t->waits = !(t->work & WORK_SIGNAL);
	return t->waits ? -ERESTART : -EINTR;
}

static bool ignored_by_default(u32 signo)
{
	switch (signo) {
	case SIGCHLD:
	case SIGCONT:
	case SIGURG:
	case SIGWINCH:
	case SIGSTOP: /* (there is no job control) */
	case SIGTSTP:
	case SIGTTIN:
	case SIGTTOU:
		return true;
	default:
		return false;
	}
}

static bool is_ignored(const struct task *t, u32 signo)
{
	u32 handler = t->signal ? (u32)t->signal->action[signo - 1].handler : SIG_DFL;

	return handler == SIG_IGN || (handler == SIG_DFL && ignored_by_default(signo));
}

s32 signal_send(struct task *t, u32 signo, s32 si_code, u32 si_pid)
{
	struct cr_hdr_signal *s = t->signal;
	bool blocked = s && s->blocked & SIGNAL_BIT(signo);

	if (is_ignored(t, signo) && !blocked)
		return 0;
	s = signal_state(t);
	if (!s)
		return -ENOMEM;
	if (!(s->pending & SIGNAL_BIT(signo)))
		s->info[signo - 1] = (struct cr_signal_info){si_code, si_pid};
	s->pending |= SIGNAL_BIT(signo);
	signal_update(t);
	return 0;
}

static void forget(struct task *t, u32 signo)
{
	t->signal->pending &= ~SIGNAL_BIT(signo);
	t->signal->info[signo - 1] = (struct cr_signal_info){0};
	signal_update(t);
}

void signal_forget_ignored(struct task *t, u32 signo)
{
	if (is_ignored(t, signo))
		forget(t, signo);
}

/*
 * Enters the handler of the signal; what is blocked then, besides what its action says. False: there is none to enter, or
 * there is no place for its frame.
 */
static bool handle(struct task *t, const struct siginfo *info, u64 blocked)
{
	struct cr_hdr_signal *s = t->signal;
	struct cr_signal_action *action = &s->action[info->si_signo - 1];

	if (action->handler <= SIG_IGN)
		return false;
	if (!sigframe_enter(t, action, info))
		return false;
	s->blocked = blocked | action->mask;
	if (!(action->flags & SA_NODEFER))
		s->blocked |= SIGNAL_BIT(info->si_signo);
	if (action->flags & SA_RESETHAND)
		action->handler = SIG_DFL;
	signal_update(t);
	return true;
}

/* A frame that cannot be written is SIGSEGV's own matter: its handler may have another stack. */
bool signal_force(struct task *t, u32 signo, s32 si_code, u32 si_addr)
{
	const struct siginfo info = {.si_signo = (s32)signo, .si_code = si_code, .si_addr = si_addr};

	if (!t->signal || t->signal->blocked & SIGNAL_BIT(signo))
		return false;
	if (handle(t, &info, t->signal->blocked))
		return true;
	return signo != SIGSEGV && t->signal->action[signo - 1].handler > SIG_IGN &&
	       signal_force(t, SIGSEGV, SI_KERNEL, 0);
}

static void end(struct task *t, u32 signo, const char *why)
{
	char text[64], name[12];

	lib_snprintf(text, sizeof(text), "ended by %s%s", signal_name(signo, name), why);
	report_end(t, false, text);
}

static u32 first(u64 set)
{
	u32 signo = 1;

	while (!(set & SIGNAL_BIT(signo)))
		signo++;
	return signo;
}

bool signal_take(struct task *t, u64 set, struct siginfo *info)
{
	struct cr_hdr_signal *s = t->signal;
	const struct cr_signal_info *from;
	u32 signo;

	if (!(s->pending & set))
		return false;
	signo = first(s->pending & set);
	from = &s->info[signo - 1];
	*info = (struct siginfo){.si_signo = (s32)signo, .si_code = from->code, .si_pid = from->pid};
	forget(t, signo);
	return true;
}

/* Deals with one pending signal that `blocked` lets through. True: the task is in its handler now, or has ended. */
static bool deliver(struct task *t, u64 blocked)
{
	struct siginfo info;
	u32 signo;

	if (!signal_take(t, ~blocked, &info))
		return false;
	signo = (u32)info.si_signo;
	if (is_ignored(t, signo))
		return false;
	if (handle(t, &info, blocked))
		return true;
	if (t->signal->action[signo - 1].handler == SIG_DFL)
		end(t, signo, "");
	else if (signo == SIGSEGV || !signal_force(t, SIGSEGV, SI_KERNEL, 0))
		end(t, SIGSEGV, ": no place for a signal frame");
	return true;
}

void signal_deliver(struct task *t)
{
	deliver(t, t->signal->blocked);
}

s32 signal_suspend(struct task *t, u64 mask)
{
	struct trap_frame *f = t->context.frame;
	u32 number = f->eax;

	t->waits = false;
	f->eax = (u32)-EINTR;
	while (t->signal->pending & ~mask)
		if (deliver(t, mask))
			return (s32)f->eax;
	f->eax = number;
	t->waits = true;
	signal_update(t);
	return -ERESTART;
}

bool signal_on_altstack(const struct cr_hdr_signal *s, u32 esp)
{
	u32 sp = (u32)s->sas_ss_sp, size = (u32)s->sas_ss_size;

	return esp > sp && esp - sp <= size;
}
