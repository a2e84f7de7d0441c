/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The task state segments (SDM 3 §7.2.1). Tasks are switched by software; the processor needs one TSS to find the ring-0
 * stack in, and one for double faults: when a fault cannot be told because the kernel's stack is at its end, or is none,
 * that one has a stack that is good.
 */
#ifndef ARCH_TSS_H
#define ARCH_TSS_H

#include "trap.h"

/* Puts both into the GDT and loads the first. */
void tss_init(void);

/* Where the processor finds its stack when it next comes from ring 3. */
void tss_set_stack(const void *top);
const void *tss_stack(void);

/* After a double fault: what the processor held when it gave up, as the frame of a trap would show it. */
void tss_interrupted(struct trap_frame *frame);

/* In kernel/trap.c: what the double fault's task runs. It has no way back. */
void double_fault(void) __attribute__((noreturn));

#endif
