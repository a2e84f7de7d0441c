/* SPDX-License-Identifier: GPL-2.0-only */
/* The native runner: cases as 32-bit Linux processes under ptrace, on the CPU of this machine. */
#ifndef NATIVE_NATIVE_H
#define NATIVE_NATIVE_H

#include <stdio.h>
#include <stdlib.h>

#include "platform.h"
#include "user_desc.h"

/* --- machine.c: what there is --- */

void machine_init(void);
const struct xstate_layout *machine_layout(void);
void machine_describe(char *line, u32 size);
bool machine_has_hypervisor(void); /* whose work some of what is seen here may be */

/* --- descriptors.c: Linux's selectors and struct user_desc --- */

/* Finds out which GDT entries Linux has for user code, user data and TLS. */
void descriptors_init(struct selectors *selectors);

/*
 * An image speaks of Linux i386's selectors, as cr86 has them; a 64-bit kernel has others for 32-bit processes.
 * Translates those of a vector: to an image's, or to Linux's.
 */
void selectors_to_image(struct vector *v);
void selectors_to_linux(struct vector *v);

/* The entry of a TLS slot in Linux's GDT. */
u32 linux_tls_entry(u32 slot);

/* --- process.c: a process under ptrace --- */

struct mapping {
	u32 address, size; /* of whole pages */
	int prot;
	const void *bytes; /* NULL: zeros */
};

#define PROCESS_FPU 16384 /* as much as any XSAVE area */

struct process {
	int pid;	      /* 0: none */
	struct vector set;    /* its debug registers (DR6 is ours, as collected), TLS and LDT as they were set */
	struct cr_hdr_cpu at; /* its general registers at the last trap */
	bool disturbed;	      /* it has been used for something else since: what it had is in `at` and `fpu` */
	u8 fpu[PROCESS_FPU] __attribute__((aligned(64)));
};

/* What a process stopped with. */
struct stopped {
	enum { STOPPED_TRAP, STOPPED_HUNG, STOPPED_GONE, STOPPED_REFUSED } how;
	struct end trap;
	u32 cr2;
	bool step;	/* #DB: DR6.BS */
	bool requested; /* #DB: it is a step that was asked for */
	u32 dr6;	/* #DB: status bits of breakpoints */
};

/* NULL, or what Linux does not let a process have. */
const char *process_create(struct process *p, const struct mapping *mappings, u32 count, const struct vector *state);

/* Sets the general registers. NULL, or what Linux refused. */
const char *process_set_general(struct process *p, const struct cr_hdr_cpu *cpu);

/* Sets all registers. NULL, or what Linux refused. */
const char *process_set(struct process *p, const struct vector *state);

/* Lets it run to its next trap, or for one instruction. */
void process_run(struct process *p, bool step, struct stopped *s);

/* Its state at the last trap, memory of the case and all. False: its memory is not there any more. */
bool process_get(struct process *p, struct vector *state);

void process_kill(struct process *p);

/* --- scribbler.c --- */

/* NULL, or what is wrong. */
const char *scribble_create(void);
const char *scribble_run(bool with_fpu);
void scribble_destroy(void);

/* --- limits.c --- */

/* Why Linux keeps a case from being judged here, or NULL. */
const char *limits_on(const struct case_vector *c);

#endif
