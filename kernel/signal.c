/* SPDX-License-Identifier: GPL-2.0-only */
#include "signal.h"
#include "printf.h"
#include "report.h"
#include "string.h"

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
	if (t->signal->pending & ~t->signal->blocked)
		t->work |= WORK_SIGNAL;
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

/* nanosleep(2), which is made again until it is over, is over now. */
static void interrupt_sleep(struct task *t)
{
	if (!t->sleeps)
		return;
	t->sleeps = false;
	t->context.frame->eip += 2; /* INT 80H */
	t->context.frame->eax = (u32)-EINTR;
}

/* Enters the handler of the signal. False: there is none to enter, or there is no place for its frame. */
static bool handle(struct task *t, const struct siginfo *info)
{
	struct cr_hdr_signal *s = t->signal;
	struct cr_signal_action *action = &s->action[info->si_signo - 1];

	if (action->handler <= SIG_IGN)
		return false;
	interrupt_sleep(t);
	if (!sigframe_enter(t, action, info))
		return false;
	s->blocked |= action->mask;
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
	if (handle(t, &info))
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

void signal_deliver(struct task *t)
{
	struct cr_hdr_signal *s = t->signal;
	u32 signo = first(s->pending & ~s->blocked);
	const struct cr_signal_info from = s->info[signo - 1];
	const struct siginfo info = {.si_signo = (s32)signo, .si_code = from.code, .si_pid = from.pid};

	forget(t, signo);
	if (is_ignored(t, signo) || handle(t, &info))
		return;
	if (s->action[signo - 1].handler == SIG_DFL)
		end(t, signo, "");
	else if (signo == SIGSEGV || !signal_force(t, SIGSEGV, SI_KERNEL, 0))
		end(t, SIGSEGV, ": no place for a signal frame");
}

bool signal_on_altstack(const struct cr_hdr_signal *s, u32 esp)
{
	u32 sp = (u32)s->sas_ss_sp, size = (u32)s->sas_ss_size;

	return esp > sp && esp - sp <= size;
}
