/* SPDX-License-Identifier: GPL-2.0-only */
/* A process between its two forms: an image of cr86, and a core file of Linux i386. */
#ifndef TOOLS_PROCESS_H
#define TOOLS_PROCESS_H

#include <stdio.h>

#include "memory.h"

struct process {
	const char *path;	/* of the file that it was read from */
	struct cr_image image; /* of it comm, has_mm, mm, pid, tls and cpu */
	struct memory memory;
	struct {
		const u8 *bytes; /* in the file that was read; NULL: the initial state */
		u32 size;
	} component[XSTATE_COMPONENTS]; /* beyond x87 and SSE */

	/* What only a core says, and what from-core did on its own account. */
	bool x86_64;	/* its kernel: other selectors than i386's */
	const u8 *auxv; /* NT_AUXV, or NULL */
	u32 auxv_size;	/* bytes to AT_NULL, with it */
	u32 entry;	/* AT_ENTRY, or 0 */
	u32 sysinfo;	/* AT_SYSINFO: __kernel_vsyscall, or 0 */
	u32 vdso;	/* AT_SYSINFO_EHDR, or 0 */
	bool has_tls;	/* it has NT_386_TLS */
	const char *program; /* the file that `entry` lies in, or NULL */
	FILE *remarks;	     /* a line for each, for the user */
};

#endif
