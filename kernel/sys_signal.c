/* SPDX-License-Identifier: GPL-2.0-only */
/* The system calls about signals. */
#include "report.h"
#include "signal.h"
#include "usercopy.h"

/* Linux's struct sigaction of rt_sigaction(2). */
struct user_action {
	u32 handler, flags, restorer, mask[2];
};

static bool write_mask(u32 to, u64 mask)
{
	return !to || copy_to_user(to, &mask, sizeof(mask)) == 0;
}

static bool write_action(u32 to, const struct cr_signal_action *action)
{
	const struct user_action user = {(u32)action->handler,
					 action->flags,
					 (u32)action->restorer,
					 {(u32)action->mask, (u32)(action->mask >> 32)}};

	return !to || copy_to_user(to, &user, sizeof(user)) == 0;
}

s32 sys_rt_sigaction(struct trap_frame *f)
{
	u32 signo = f->ebx, from = f->ecx, to = f->edx, size = f->esi;
	struct cr_hdr_signal *s = signal_state(current);
	struct cr_signal_action old;
	struct user_action user;

	if (!s)
		return -ENOMEM;
	if (size != sizeof(user.mask) || !signo || signo > CR_SIGNALS ||
	    (from && SIGNALS_UNBLOCKED & SIGNAL_BIT(signo)))
		return -EINVAL;
	old = s->action[signo - 1];
	if (from) {
		if (copy_from_user(&user, from, sizeof(user)) < 0)
			return -EFAULT;
		s->action[signo - 1] = (struct cr_signal_action){
			.handler = user.handler,
			.flags = user.flags & SA_KNOWN,
			.restorer = user.restorer,
			.mask = (user.mask[0] | (u64)user.mask[1] << 32) & ~SIGNALS_UNBLOCKED,
		};
		signal_forget_ignored(current, signo);
	}
	return write_action(to, &old) ? 0 : -EFAULT;
}

enum { SIG_BLOCK, SIG_UNBLOCK, SIG_SETMASK };

s32 sys_rt_sigprocmask(struct trap_frame *f)
{
	u32 how = f->ebx, from = f->ecx, to = f->edx, size = f->esi;
	struct cr_hdr_signal *s = signal_state(current);
	u64 old, mask;

	if (!s)
		return -ENOMEM;
	if (size != sizeof(mask) || (from && how > SIG_SETMASK))
		return -EINVAL;
	old = s->blocked;
	if (from) {
		if (copy_from_user(&mask, from, sizeof(mask)) < 0)
			return -EFAULT;
		mask = how == SIG_BLOCK ? old | mask : how == SIG_UNBLOCK ? old & ~mask : mask;
		s->blocked = mask & ~SIGNALS_UNBLOCKED;
		signal_update(current);
	}
	return write_mask(to, old) ? 0 : -EFAULT;
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
