/* SPDX-License-Identifier: GPL-2.0-only */
/* The only way into the kernel, seen from C: every exception, interrupt and system call arrives in trap(). */
#include "cpu.h"
#include "every.h"
#include "panic.h"
#include "printf.h"
#include "report.h"
#include "requests.h"
#include "serial.h"
#include "signal.h"
#include "step.h"
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
 * A debug exception is noted in the task's DR6 and raises SIGTRAP, if the task has a handler for that: it asked for it.
 * Else it goes on. An execute breakpoint is a fault, raised before its instruction; RF lets that instruction pass once
 * (SDM 3 §17.3.1.1). When it tells of nothing but a step of the kernel's own, it is none of the task's.
 */
static void debug_trap(struct trap_frame *frame)
{
	struct debugregs *debug = &current->context.debug;
	u32 status;

	if (watch_step && watch_step(frame))
		return;
	status = debugregs_collect(debug);
	if (debugregs_execute_hit(debug, status))
		frame->eflags |= EFLAGS_RF;
	if (status || current->step != STEP_DONE)
		fault_debug(current, status);
}

static void tick(void)
{
	need_resched = true;
	every_tick(current);
	if (++current->ticks == current->checkpoint_at) {
		current->checkpoint_at = NO_CHECKPOINT;
		task_request(current, REQUEST_KERNEL_CHECKPOINT, 0, 0);
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

static void fault(struct trap_frame *frame)
{
	if (!fault_signal(current))
		end_faulting(frame);
}

/* As mm_fault. A task for whose page there is no memory is ended at the safe point. */
static int page_fault(const struct trap_frame *frame)
{
	u32 address = read_cr2();
	int ret = mm_fault(current->mm, address, frame->error);

	if (ret == -ENOMEM) {
		task_request(current, REQUEST_NO_MEMORY, 0, 0);
		current->request.address = address;
	}
	return ret;
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
		return page_fault(frame) != -EFAULT;
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
		serial_pump();
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
		fault(frame);
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

/* The current task's state is one that it cannot go on with. From virtual-8086 mode, there is not even a handler's way. */
static bool refused(void)
{
	struct trap_frame *f = current->context.frame;

	if (trap_runner)
		trap_stop(f);
	if (current->step)
		step_end(current);
	if (f->eflags & EFLAGS_VM)
		end_faulting(f);
	else
		fault(f);
	return false;
}

u32 trap_kernel_steps;

/*
 * A watchpoint of the task, met while the kernel copies for it. BS is no matter of ring 0, where TF is clear: QEMU raises
 * the #DB of a step that met a watchpoint twice, and the first one, which has just come in, will find all in DR6.
 */
static void kernel_debug_trap(struct trap_frame *frame)
{
	if (watch_step && watch_step(frame))
		return;
	if (debugregs_stepped(false))
		trap_kernel_steps++;
	else
		debugregs_collect(&current->context.debug);
}

/* One that the kernel has let in. */
static bool let_in(const struct trap_frame *frame)
{
	u32 vector = frame->vector;

	if (!(frame->eflags & EFLAGS_IF) || vector < TRAP_TIMER)
		return false;
	if (vector == TRAP_TIMER)
		timer_tick();
	else
		stray_interrupt(vector);
	return true;
}

/*
 * A trap out of the kernel itself. True: the kernel goes on where it was. Legitimate are: an NMI; an interrupt while
 * arch/timer.c lets them in; a watchpoint of the task; a page of the task that a copy is the first to touch, or that is not
 * the task's; and a final IRET that the task's own CS, EIP or SS make impossible, which is the task's fault.
 *
 * Not inlined: the registers that it needs would be saved and restored by every system call.
 */
static __attribute__((noinline)) bool kernel_trap(struct trap_frame *frame)
{
	u32 landing = trap_fixup(frame->eip);

	if (frame->eflags & EFLAGS_VM) {
		refuse_vm86(current->context.frame, frame);
		return refused();
	}
	if (hardware_trap(frame))
		return true;
	if (trap_runner && frame->eip < TASK_SIZE)
		trap_stop(frame); /* a case's code, which the case engine runs in ring 0 */
	if (let_in(frame))
		return true;
	if (frame->vector == TRAP_DB && current) {
		kernel_debug_trap(frame);
		return true;
	}
	if (frame->vector == TRAP_PF && landing && current && page_fault(frame) == 0)
		return true;
	if (landing) {
		frame->eip = landing;
		return true;
	}
	if (frame->eip != (u32)trap_iret || !current)
		panic(panic_reason ? panic_reason : "trap in the kernel", frame);
	refuse_iret(current->context.frame, frame);
	return refused();
}

/*
 * The safe point: the task's whole state is in its frame and its struct task, or can be brought there, and its memory is
 * at hand. What was asked for meanwhile is done here, for the task that is to run next; its frame is the way out.
 */
struct trap_frame *trap_leave(void)
{
	for (;;) {
		if (need_resched && !schedule()) {
			stray_sum();
			tap_end();
		}
		if (!(current->work & ~(u32)WORK_STEP))
			break;
		requests_serve(current);
	}
	if (current->work)
		step_begin(current);
	return current->context.frame;
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

/* (The case engine ends its steps itself.) */
static __attribute__((noinline)) void end_step(void)
{
	step_end(current);
	if (current->step == STEP_DONE)
		every_insn(current);
}

struct trap_frame *trap(struct trap_frame *frame)
{
	if (trap_from_user(frame) && !(frame->eflags & EFLAGS_VM)) {
		if (current->step && !trap_runner)
			end_step();
		if (frame->vector != TRAP_SYSCALL)
			frame->orig_eax = 0xffffffff;
		user_trap(frame);
	} else if (kernel_trap(frame)) {
		trap_back(frame);
	}
	return trap_leave();
}
