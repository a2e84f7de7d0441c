/* SPDX-License-Identifier: GPL-2.0-only */
/* The only way into the kernel, seen from C: every exception, interrupt and system call arrives in trap(). */
#include "cpu.h"
#include "panic.h"
#include "printf.h"
#include "report.h"
#include "requests.h"
#include "stray.h"
#include "string.h"
#include "syscall.h"
#include "tap.h"
#include "task.h"
#include "timer.h"
#include "tss.h"
#include "usercopy.h"
#include "watch.h"

/* For entry.asm alone. */
struct trap_frame *trap(struct trap_frame *frame);

/*
 * A debug exception is noted in the task's DR6 and the task goes on: it asked for it. An execute breakpoint is a fault,
 * raised before its instruction; RF lets that instruction pass once (SDM 3 §17.3.1.1).
 */
static void debug_trap(struct trap_frame *frame)
{
	struct debugregs *debug = &current->context.debug;

	if (debugregs_execute_hit(debug, debugregs_collect(debug)))
		frame->eflags |= EFLAGS_RF;
}

static void tick(void)
{
	need_resched = true;
	if (++current->ticks == current->checkpoint_at) {
		current->checkpoint_at = NO_CHECKPOINT;
		current->request.kind = REQUEST_KERNEL_CHECKPOINT;
	}
	if (watch_tick)
		watch_tick();
}

/* The running task did what it may not. It ends; the others go on. */
static void end_faulting(struct trap_frame *frame)
{
	char why[16];

	report_fault(current, frame, read_cr2());
	lib_snprintf(why, sizeof(why), "ended by %s", trap_name(frame->vector));
	report_end(current, false, why);
}

/* What the hardware has to say, whoever runs: true. Of these, only an NMI can be survived. */
static bool hardware_trap(struct trap_frame *frame)
{
	if (frame->vector == TRAP_MC)
		panic("machine check", frame);
	if (frame->vector == TRAP_NMI)
		stray_nmi(frame);
	return frame->vector == TRAP_NMI;
}

/* What the kernel does for a task that need not know of it. False: the trap is not of that kind. */
static bool serve(struct trap_frame *frame)
{
	switch (frame->vector) {
	case TRAP_SYSCALL:
		syscall(frame);
		return true;
	case TRAP_NM:
		return fpu_not_available(&current->context.fpu);
	case TRAP_PF:
		return mm_fault(current->mm, read_cr2(), frame->error);
	default:
		if (frame->vector <= TRAP_TIMER)
			return hardware_trap(frame);
		stray_interrupt(frame->vector);
		return true;
	}
}

static void user_trap(struct trap_frame *frame)
{
	if (serve(frame))
		return;
	if (frame->vector == TRAP_TIMER) {
		timer_tick(); /* whoever it is for: without, there are no more */
		stray_tell();
	}
	if (trap_runner)
		trap_stop(frame);
	switch (frame->vector) {
	case TRAP_TIMER:
		tick();
		break;
	case TRAP_DB:
		debug_trap(frame);
		break;
	default:
		end_faulting(frame);
	}
}

/*
 * No CPU lets ring 3 into virtual-8086 mode, but QEMU 7.2 does (tests/known-defects, qemu-iret-vm). From there the processor
 * pushes GS, FS, DS and ES first, so that all else stands below the task's frame, and selectors where that has flags and CS.
 */
static void refuse_vm86(struct trap_frame *task, const struct trap_frame *frame)
{
	if (frame->vector == TRAP_TIMER)
		timer_tick();
	memmove(task, frame, sizeof(*task));
}

/*
 * The final IRET faulted. All registers but what it was to load were the task's already, so that `frame` has them; and it
 * was pushed over the task's own frame, up to the EIP that IRET was reading.
 */
static void refuse_iret(struct trap_frame *task, const struct trap_frame *frame)
{
	u32 vector = frame->vector, error = frame->error;

	memmove(task, frame, offsetof(struct trap_frame, orig_eax));
	task->orig_eax = 0xffffffff;
	task->vector = vector;
	task->error = error;
}

/* The current task's state is one that it cannot go on with. */
static bool end_impossible(void)
{
	if (trap_runner)
		trap_stop(current->context.frame);
	end_faulting(current->context.frame);
	return false;
}

/*
 * A trap out of the kernel itself. True: the kernel goes on where it was. Legitimate are: an NMI; a watchpoint of the
 * task, met while the kernel copies for it; a page of the task that the copy is the first to touch, or that is not the
 * task's; and a final IRET that the task's own CS, EIP or SS make impossible, which ends the task.
 *
 * Not inlined: the registers that it needs would be saved and restored by every system call.
 */
static __attribute__((noinline)) bool kernel_trap(struct trap_frame *frame)
{
	u32 landing = trap_fixup(frame->eip);

	if (frame->eflags & EFLAGS_VM) {
		refuse_vm86(current->context.frame, frame);
		return end_impossible();
	}
	if (hardware_trap(frame))
		return true;
	if (trap_runner && frame->eip < TASK_SIZE)
		trap_stop(frame); /* a case's code, which the case engine runs in ring 0 */
	if (frame->vector == TRAP_DB && current) {
		debugregs_collect(&current->context.debug);
		return true;
	}
	if (frame->vector == TRAP_PF && landing && current && mm_fault(current->mm, read_cr2(), frame->error))
		return true;
	if (landing) {
		frame->eip = landing;
		return true;
	}
	if (frame->eip != (u32)trap_iret || !current)
		panic(panic_reason ? panic_reason : "trap in the kernel", frame);
	refuse_iret(current->context.frame, frame);
	return end_impossible();
}

/*
 * The safe point: the task's whole state is in its frame and its struct task, or can be brought there. What was asked
 * for meanwhile is done here; then the frame of the task that runs next is the way out.
 */
struct trap_frame *trap_leave(void)
{
	for (;;) {
		if (current && current->request.kind)
			requests_serve(current);
		if (!need_resched)
			return current->context.frame;
		if (!schedule()) {
			stray_sum();
			tap_end();
		}
	}
}

/* Whether a push at `esp` meets a page that is not there, with a stack above it. */
static bool overflown(u32 esp)
{
	u32 below = esp - 4, word;

	return user_copy(&word, (const void *)below, 4) && !user_copy(&word, (const void *)((below | 4095) + 1), 4);
}

/* A fault that could not be told on the kernel's stack. */
void double_fault(void)
{
	struct trap_frame frame;

	tss_interrupted(&frame);
	panic(overflown(frame.esp) ? "kernel stack overflow" : "double fault", &frame);
}

struct trap_frame *trap(struct trap_frame *frame)
{
	if (trap_from_user(frame) && !(frame->eflags & EFLAGS_VM)) {
		if (frame->vector != TRAP_SYSCALL)
			frame->orig_eax = 0xffffffff;
		user_trap(frame);
	} else if (kernel_trap(frame)) {
		trap_back(frame);
	}
	return trap_leave();
}
