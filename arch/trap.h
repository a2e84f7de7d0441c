/* SPDX-License-Identifier: GPL-2.0-only */
/* What a trap leaves on the kernel stack, and the numbers of the traps. */
#ifndef ARCH_TRAP_H
#define ARCH_TRAP_H

#include "x86.h"

/* In the order of addresses, so against the order of the pushes. The structure is the push order of entry.asm. */
struct trap_frame {
	u32 gs, fs, es, ds; /* pushed by the stub */
	u32 edi, esi, ebp;  /* ... by its PUSHAD ... */
	u32 _esp;	    /* (the kernel's own; POPAD ignores it) */
	u32 ebx, edx, ecx, eax;
	u32 orig_eax; /* a system call's number, else -1 */
	u32 vector;
	u32 error;	     /* pushed by the processor for some vectors, else 0 by the stub */
	u32 eip, cs, eflags; /* pushed by the processor */
	u32 esp, ss;	     /* ... when the trap came from ring 3 only */
};

/* The vectors behind the exceptions (x86.h) */
enum {
	TRAP_TIMER = TRAP_EXCEPTIONS, /* here the PICs' 16 interrupts begin */
	TRAP_IRQ_END = 48,
	TRAP_SYSCALL = 0x80,
	TRAP_STRAY = 255, /* any other */
	TRAP_VECTORS = 256,
};

/* Error code of a page fault, SDM 3 §4.7 */
#define PF_PRESENT BIT(0) /* the page was there: a protection violation */
#define PF_WRITE   BIT(1)
#define PF_FETCH   BIT(4) /* set only where SMEP or PAE's no-execute bit is on */

static inline bool trap_from_user(const struct trap_frame *frame)
{
	return frame->cs & 3;
}

/*
 * Loads the interrupt descriptor table: a gate for every vector that a device might send, of which ring 3 may call INT3,
 * INTO and INT 80H.
 */
void idt_init(void);

/*
 * From the next trap of `vector` on, the kernel runs in single steps: a #DB comes before the first instruction of the stub
 * and behind each from there on, as long as whoever handles it leaves TF set in the flags of its frame. Not on: no more.
 */
void idt_step(u32 vector, bool on);

/*
 * An instruction of the kernel that may fault on what a task gave it has a row in the fix-up table. Returns where to
 * go on after a fault at `eip`, or 0.
 */
u32 trap_fixup(u32 eip);

/* In kernel/trap.c: how many #DB with BS came out of the kernel, where TF is clear. A CPU gives none. */
extern u32 trap_kernel_steps;

/* Such a row, in inline assembly; the labels as strings. */
#define TRAP_FIXUP(fault, landing) ".pushsection .fixup, \"a\"\n\t.long " fault ", " landing "\n\t.popsection"

/* In kernel/trap.c: serves what was requested, and returns the frame of the task that is to run next. */
struct trap_frame *trap_leave(void);

/* In entry.asm: starts or resumes what `frame` describes. */
void trap_resume(struct trap_frame *frame) __attribute__((noreturn));

/* In entry.asm: goes on in the kernel, where `frame` says. */
void trap_back(struct trap_frame *frame) __attribute__((noreturn));

/*
 * In entry.asm, for the case engine: leaves through `frame`, and returns when trap_stop is called, with what that was
 * given. So whoever calls trap_run sees ring 3 as one long instruction that ends in a trap. trap_runner is not 0
 * meanwhile.
 */
struct trap_frame *trap_run(struct trap_frame *frame);
void trap_stop(struct trap_frame *frame) __attribute__((noreturn));
extern u32 trap_runner;

/*
 * In entry.asm: leaves through the frame at ESP; its last instruction, where a task's own CS, EIP or SS may still
 * fault.
 */
extern const u8 trap_return[], trap_iret[];

#endif
