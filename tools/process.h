/* SPDX-License-Identifier: GPL-2.0-only */
/* A process between its two forms: an image of cr86, and a core file of Linux. */
#ifndef TOOLS_PROCESS_H
#define TOOLS_PROCESS_H

#include <stdio.h>

#include "memory.h"

/* What is mapped from a file. */
struct process_file {
	u32 start, end;
	const char *name;
};

struct process {
	const char *path;      /* of the file that it was read from */
	struct cr_image image; /* of it comm, has_mm, mm, pid, tls and cpu */
	struct memory memory;
	struct {
		const u8 *bytes; /* in the file that was read; NULL: the initial state */
		u32 size;
	} component[XSTATE_COMPONENTS]; /* beyond x87 and SSE */

	/* What only a core says of it. Addresses are 0 where it does not. */
	bool x86_64;	/* its kernel: it has other selectors than i386 */
	bool has_tls;	/* NT_386_TLS is there */
	const u8 *auxv; /* NT_AUXV, or NULL */
	u32 auxv_size;	/* bytes, up to AT_NULL and with it */
	u32 entry;	/* AT_ENTRY */
	u32 sysinfo;	/* AT_SYSINFO: __kernel_vsyscall */
	u32 vdso;	/* AT_SYSINFO_EHDR */
	struct process_file *files;
	u32 file_count;
	const char *program;		      /* the file that `entry` lies in, or NULL */
	bool in_core[MEMORY_END / PAGE_SIZE]; /* whether it has the page's contents */

	FILE *remarks; /* a line for each thing that the core did not say, or said for Linux alone */
};

struct core;

/* Each of these complains and returns false where it cannot. */

/*
 * Its memory: the core's segments; what the core leaves out of the program, from the file of that name or, where that
 * is NULL, of the name in the core (core_memory.c, core_program.c).
 */
bool process_memory(struct process *p, const struct core *core, const char *program);
bool process_program(struct process *p, const char *program);

/* The vDSO, for cr86: without sysenter and syscall, without Linux's clocks (core_vdso.c). */
bool process_vdso(struct process *p, const struct core *core);

/* The TLS descriptor that gs refers to, where the core has none (core_tls.c). */
bool process_tls(struct process *p, const struct core *core);

/* Where the program's text, data, heap and arguments lie (core_mm.c). */
void process_mm(struct process *p);

#endif
