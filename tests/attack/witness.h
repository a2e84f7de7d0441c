/* SPDX-License-Identifier: GPL-2.0-only */
/* What must be as it was, whatever tasks did: the kernel's own, and a bystander's whole state. */
#ifndef ATTACK_WITNESS_H
#define ATTACK_WITNESS_H

#include "task.h"

/* Notes control registers, GDT, IDT and TSS, but for what follows the running task. */
void witness_machine(void);

/* NULL, or what of it is another now. */
const char *witness_machine_differs(void);

/*
 * Notes how many frames are free, and a task's state: registers, FPU and debug registers, descriptors, memory. It may run
 * on, as long as it only jumps to where it is.
 */
const char *witness_bystander(struct task *t);

/* NULL, or what is another now. All images in the store are dropped first: frames that they have are none that are lost. */
const char *witness_bystander_differs(void);

#endif
