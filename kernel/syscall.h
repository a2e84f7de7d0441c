/* SPDX-License-Identifier: GPL-2.0-only */
/* System calls: Linux i386's convention, numbers and errors. Number in eax, arguments in ebx, ecx, edx, esi, edi. */
#ifndef KERNEL_SYSCALL_H
#define KERNEL_SYSCALL_H

#include "trap.h"

/* Serves the system call in `frame`; its result goes to the frame's eax. */
void syscall(struct trap_frame *frame);
#endif
