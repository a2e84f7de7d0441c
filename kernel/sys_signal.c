/* SPDX-License-Identifier: GPL-2.0-only */
/* The system calls about signals. */
#include "report.h"
#include "signal.h"
#include "sys.h"
#include "usercopy.h"

/* Linux's struct sigaction of rt_sigaction(2). */
struct user_action {
	u32 handler, flags, restorer, mask[2];
};

static bool write_action(u32 to, const struct cr_signal_action *action)
{
	const struct user_action user = {(u32)action->handler,
					 action->flags,
					 (u32)action->restorer,
					 {(u32)action->mask, (u32)(action->mask >> 32)}};

	return !to || copy_to_user(to, &user, sizeof(user)) == 0;
}

/* Sets an action, unless `new` is NULL; *old: the one before. */
static s32 set_action(u32 signo, const struct cr_signal_action *new, struct cr_signal_action *old)
{
	struct cr_hdr_signal *s = signal_state(current);

	if (!s)
		return -ENOMEM;
	if (!signo || signo > CR_SIGNALS || (new &&SIGNALS_UNBLOCKED &SIGNAL_BIT(signo)))
		return -EINVAL;
	*old = s->action[signo - 1];
	if (new) {
		s->action[signo - 1] = *new;
		s->action[signo - 1].flags &= SA_KNOWN;
		s->action[signo - 1].mask &= ~SIGNALS_UNBLOCKED;
		signal_forget_ignored(current, signo);
	}
	return 0;
}

s32 sys_rt_sigaction(struct trap_frame *f)
{
	u32 signo = f->ebx, from = f->ecx, to = f->edx, size = f->esi;
	struct cr_signal_action new, old;
	struct user_action user;
	s32 ret;

	if (size != sizeof(user.mask))
		return -EINVAL;
	if (from && copy_from_user(&user, from, sizeof(user)) < 0)
		return -EFAULT;
	if (from)
		new = (struct cr_signal_action){.handler = user.handler,
						.flags = user.flags,
						.restorer = user.restorer,
						.mask = user.mask[0] | (u64)user.mask[1] << 32};
	ret = set_action(signo, from ? &new : NULL, &old);
	return ret ? ret : write_action(to, &old) ? 0 : -EFAULT;
}

/* The first form, whose masks have 32 bits: struct old_sigaction. */
s32 sys_sigaction(struct trap_frame *f)
{
	u32 signo = f->ebx, from = f->ecx, to = f->edx;
	struct {
		u32 handler, mask, flags, restorer;
	} user;
	struct cr_signal_action new, old;
	s32 ret;

	if (from && copy_from_user(&user, from, sizeof(user)) < 0)
		return -EFAULT;
	if (from)
		new = (struct cr_signal_action){
			.handler = user.handler, .flags = user.flags, .restorer = user.restorer, .mask = user.mask};
	ret = set_action(signo, from ? &new : NULL, &old);
	if (ret || !to)
		return ret;
	user.handler = (u32)old.handler;
	user.mask = (u32)old.mask;
	user.flags = old.flags;
	user.restorer = (u32)old.restorer;
	return copy_to_user(to, &user, sizeof(user));
}

s32 sys_signal(struct trap_frame *f)
{
	const struct cr_signal_action new = {.handler = f->ecx, .flags = SA_RESETHAND | SA_NODEFER};
	struct cr_signal_action old;
	s32 ret = set_action(f->ebx, &new, &old);

	return ret ? ret : (s32)old.handler;
}

enum { SIG_BLOCK, SIG_UNBLOCK, SIG_SETMASK };

/* Changes the mask, but for the signals in `keep`. */
static s32 set_mask(struct cr_hdr_signal *s, u32 how, u64 set, u64 keep)
{
	u64 mask = how == SIG_BLOCK ? s->blocked | set : how == SIG_UNBLOCK ? s->blocked & ~set : set;

	if (how > SIG_SETMASK)
		return -EINVAL;
	s->blocked = (mask & ~keep & ~SIGNALS_UNBLOCKED) | (s->blocked & keep);
	signal_update(current);
	return 0;
}

/* `size` bytes of a mask; the rest of it keeps what it is. */
static s32 sigprocmask(u32 how, u32 from, u32 to, u32 size)
{
	struct cr_hdr_signal *s = signal_state(current);
	u64 old, set = 0;
	s32 ret = 0;

	if (!s)
		return -ENOMEM;
	old = s->blocked;
	if (from && copy_from_user(&set, from, size) < 0)
		return -EFAULT;
	if (from)
		ret = set_mask(s, how, set, size < sizeof(set) ? ~(u64)0xffffffff : 0);
	if (!ret && to)
		ret = copy_to_user(to, &old, size);
	return ret;
}

s32 sys_rt_sigprocmask(struct trap_frame *f)
{
	return f->esi == sizeof(u64) ? sigprocmask(f->ebx, f->ecx, f->edx, sizeof(u64)) : -EINVAL;
}

s32 sys_sigprocmask(struct trap_frame *f)
{
	return sigprocmask(f->ebx, f->ecx, f->edx, sizeof(u32));
}

s32 sys_sigpending(struct trap_frame *f)
{
	const struct cr_hdr_signal *s = signal_state(current);

	return s ? copy_to_user(f->ebx, &s->pending, sizeof(u32)) : -ENOMEM;
}

static s32 suspend(u64 mask)
{
	return signal_state(current) ? signal_suspend(current, mask & ~SIGNALS_UNBLOCKED) : -ENOMEM;
}

s32 sys_rt_sigsuspend(struct trap_frame *f)
{
	u64 mask;

	if (f->ecx != sizeof(mask))
		return -EINVAL;
	return copy_from_user(&mask, f->ebx, sizeof(mask)) < 0 ? -EFAULT : suspend(mask);
}

/* On i386 the mask is the third argument, itself. */
s32 sys_sigsuspend(struct trap_frame *f)
{
	return suspend(f->edx);
}

s32 sys_pause(struct trap_frame *f)
{
	(void)f;
	return signal_wait(current);
}

/* What is waited for is meant to be blocked: a signal that is not goes to its handler. */
static s32 sigtimedwait(const struct trap_frame *f, bool is_wide)
{
	u32 from = f->ebx, to = f->ecx;
	struct {
		struct siginfo info;
		u8 _padding[128 - sizeof(struct siginfo)];
	} user = {.info = {0}};
	u64 set;

	if (f->esi != sizeof(set))
		return -EINVAL;
	if (copy_from_user(&set, from, sizeof(set)) < 0)
		return -EFAULT;
	if (!signal_state(current))
		return -ENOMEM;
	if (!signal_take(current, set & ~SIGNALS_UNBLOCKED, &user.info))
		return sleep_until_signal(f->edx, is_wide);
	signal_wait_end(current);
	return to && copy_to_user(to, &user, sizeof(user)) < 0 ? -EFAULT : user.info.si_signo;
}

s32 sys_rt_sigtimedwait(struct trap_frame *f)
{
	return sigtimedwait(f, false);
}

s32 sys_rt_sigtimedwait64(struct trap_frame *f)
{
	return sigtimedwait(f, true);
}

s32 sys_rt_sigpending(struct trap_frame *f)
{
	const struct cr_hdr_signal *s = signal_state(current);

	if (!s)
		return -ENOMEM;
	if (f->ecx != sizeof(s->pending))
		return -EINVAL;
	return copy_to_user(f->ebx, &s->pending, sizeof(s->pending));
}

/* The result is the EAX that was interrupted. A frame that is none is the task's fault. */
static s32 sigreturn(struct trap_frame *f, u32 frame, bool rt)
{
	if (!sigframe_leave(current, frame, rt) && !signal_force(current, SIGSEGV, SI_KERNEL, 0))
		report_end(current, false, "ended by SIGSEGV: no signal frame");
	return (s32)f->eax;
}

/* The handler's RET has taken the return address off the stack, and the code there the first argument, too. */
s32 sys_sigreturn(struct trap_frame *f)
{
	return sigreturn(f, f->esp - 8, false);
}

s32 sys_rt_sigreturn(struct trap_frame *f)
{
	return sigreturn(f, f->esp - 4, true);
}

/* Linux's stack_t */
struct user_stack {
	u32 sp, flags, size;
};
enum { SS_ONSTACK = 1, SS_DISABLE = 2 };

static s32 set_altstack(struct cr_hdr_signal *s, const struct user_stack *stack, u32 esp)
{
	bool disable = stack->flags & SS_DISABLE;

	if (signal_on_altstack(s, esp))
		return -EPERM;
	if (stack->flags & ~(u32)SS_DISABLE && stack->flags != SS_ONSTACK)
		return -EINVAL;
	if (!disable && stack->size < MINSIGSTKSZ)
		return -ENOMEM;
	s->sas_ss_sp = disable ? 0 : stack->sp;
	s->sas_ss_size = disable ? 0 : stack->size;
	return 0;
}

s32 sys_sigaltstack(struct trap_frame *f)
{
	struct cr_hdr_signal *s = signal_state(current);
	struct user_stack stack, old;
	s32 ret = 0;

	if (!s)
		return -ENOMEM;
	old = (struct user_stack){(u32)s->sas_ss_sp, 0, (u32)s->sas_ss_size};
	old.flags = !old.size ? SS_DISABLE : signal_on_altstack(s, f->esp) ? SS_ONSTACK : 0;
	if (f->ebx && copy_from_user(&stack, f->ebx, sizeof(stack)) < 0)
		return -EFAULT;
	if (f->ebx)
		ret = set_altstack(s, &stack, f->esp);
	if (!ret && f->ecx)
		ret = copy_to_user(f->ecx, &old, sizeof(old));
	return ret;
}

static s32 send(u32 pid, u32 signo, s32 si_code)
{
	struct task *to = task_find(pid);

	if (signo > CR_SIGNALS)
		return -EINVAL;
	if (!to)
		return -ESRCH;
	return signo ? signal_send(to, signo, si_code, current->pid) : 0;
}

/* A task is its own process group: that is 0, or its id negative. There is no sending to all. */
s32 sys_kill(struct trap_frame *f)
{
	s32 pid = (s32)f->ebx;

	return send(!pid ? current->pid : pid == -1 ? 0 : pid < 0 ? -(u32)pid : (u32)pid, f->ecx, SI_USER);
}

s32 sys_tkill(struct trap_frame *f)
{
	return (s32)f->ebx <= 0 ? -EINVAL : send(f->ebx, f->ecx, SI_TKILL);
}

/* A task has one thread, whose id is its own. */
s32 sys_tgkill(struct trap_frame *f)
{
	if ((s32)f->ebx <= 0 || (s32)f->ecx <= 0)
		return -EINVAL;
	return f->ebx == f->ecx ? send(f->ebx, f->edx, SI_TKILL) : -ESRCH;
}
