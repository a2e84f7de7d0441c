/* SPDX-License-Identifier: GPL-2.0-only */
/* What the parts of the hostile program share: arguments at random, and what ring 3 itself can see of a broken promise. */
#ifndef HOSTILE_H
#define HOSTILE_H

#include "program.h"
#include "random.h"

/* The parts. Each does so many steps as it can; most end in a fault before. */
void attack_calls(void);       /* system calls */
void attack_selectors(void);   /* segment registers, far jumps, calls and returns */
void attack_descriptors(void); /* TLS and LDT entries, and what can be reached through them */
void attack_debug(void);       /* debug registers and single steps */
void attack_fpu(void);	       /* FPU state: MXCSR, XSAVE headers, PKRU */
void attack_code(void);	       /* a page of instructions, which tests/attack/attack.c has filled */
void attack_kernel(void);      /* the kernel's memory, privileged instructions, ports */

#define CODE_PAGE 0x20000000u /* as in tests/attack/attack.c */

extern u32 steps_done;

u32 any(void);
u32 below(u32 n);
bool one_in(u32 n);

/* 0, -1, the kernel's first address, powers of two, and what is one beside; or anything. */
u32 edge(void);

/* Where a buffer can begin: in the program's own memory, or where there is none, or not enough, or the kernel. */
u32 pointer(void);

/* Three pages that nothing but attacks uses. What follows the last is not mapped. */
extern u8 playground[3 * PAGE_SIZE];

/* A promise is broken: the program ends with EXIT_FAILED, and the watcher finds the text by ECX. */
_Noreturn void breach(const char *what);

/* Ring 3 must still be ring 3, without privileges for ports, and interruptible. */
void check_privilege(void);

/* Ends the program as one that did what it could. */
_Noreturn void done(void);

/* Loads a selector, lets another task run, and looks whether it is still there; the C code's own is put back. */
void live_through(u32 selector, u32 segment_register);
enum { IN_DS, IN_ES, IN_FS, IN_GS, IN_SS, SEGMENT_REGISTERS };

/* To the next instruction by way of RETF or IRET, with CS `selector`; flags as given in the second case. And back. */
void visit_by_retf(u32 selector);
void visit_by_iret(u32 selector, u32 eflags);

#endif
