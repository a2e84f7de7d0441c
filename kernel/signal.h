/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Signals of tasks, as on Linux i386. A task's state of them is a SIGNAL record (lib/checkpoint_hdr.h), or NULL: every
 * action is the default one, nothing is blocked or pending. Decisions of cr86's own:
 *
 * - a default action ends the task, or does nothing; there is no job control, so to be stopped is to do nothing;
 * - each signal is pending once, the real-time ones, too;
 * - a task is its own process group, and there are no others;
 * - an exception that no handler takes ends the task with the report of its registers; a #DB is only noted in its DR6.
 */
#ifndef KERNEL_SIGNAL_H
#define KERNEL_SIGNAL_H

#include "signals.h"
#include "task.h"

/* Linux's siginfo_t, as far as it is not zeros. */
struct siginfo {
	s32 si_signo, si_errno, si_code;
	union {
		u32 si_pid;  /* SI_USER, SI_TKILL */
		u32 si_addr; /* exceptions */
	};
};

/* The task's state, which it gets here if it has none yet. NULL: no memory. */
struct cr_hdr_signal *signal_state(struct task *t);

/* After mask or pending signals changed: whether the safe point has work. */
void signal_update(struct task *t);

/*
 * For a system call that has to wait: -ERESTART, to be returned, and the call is made again when the task runs next; or
 * -EINTR, since there is a signal that is not blocked. While a task waits, the safe point leaves its signals alone: so the
 * call is told of each before its handler is entered. signal_wait_end: the wait is over for another reason.
 */
s32 signal_wait(struct task *t);
void signal_wait_end(struct task *t);

/*
 * The same with another mask until a handler is entered, which will return to the mask that was before. Returns what the
 * call is to return.
 */
s32 signal_suspend(struct task *t, u64 mask);

/* The first pending signal of `set` is pending no more, and *info says what it was. False: there is none. */
bool signal_take(struct task *t, u64 set, struct siginfo *info);

/* Makes a signal pending. 0, or -ENOMEM. */
s32 signal_send(struct task *t, u32 signo, s32 si_code, u32 si_pid);

/* After its action changed: a pending signal that is ignored now is pending no more. */
void signal_forget_ignored(struct task *t, u32 signo);

/*
 * The running task has caused a signal that it cannot put off. False: it has no handler, or has it blocked, or there is
 * no place for the frame.
 */
bool signal_force(struct task *t, u32 signo, s32 si_code, u32 si_addr);

/* At the safe point: one pending signal of the current task is dealt with. The task may be gone afterwards. */
void signal_deliver(struct task *t);

/* Whether the task runs on its alternate stack: where `esp` is. */
bool signal_on_altstack(const struct cr_hdr_signal *s, u32 esp);

/* --- sigframe.c: what lies on the stack while a handler runs --- */

/* Makes the task enter the handler that `action` names. False: it could not be written to the stack. */
bool sigframe_enter(struct task *t, const struct cr_signal_action *action, const struct siginfo *info);

/*
 * Gives the task the registers and the mask of the frame at `frame`; rt: of a handler with SA_SIGINFO. False: what stands
 * there cannot be.
 */
bool sigframe_leave(struct task *t, u32 frame, bool rt);

/* --- sigfpu.c: the FPU state in the frame --- */

/* Where it goes below `sp`: 0 where there is no FPU. */
u32 sigfpu_place(const struct fpu *fpu, u32 sp);

/* Stores the running task's FPU state at `place`, and gives it the initial one. False: -EFAULT. */
bool sigfpu_save(struct fpu *fpu, u32 place);

/* Loads it again; from 0: the initial one. False: what stands there cannot be loaded, and it is the initial one. */
bool sigfpu_restore(struct fpu *fpu, u32 place);

/* --- fault.c --- */

/* The exception in the task's frame, as a signal. False: it is none, or nobody takes it. */
bool fault_signal(struct task *t);

/* The same for a #DB with these status bits of DR6. */
bool fault_debug(struct task *t, u32 dr6);

#endif
