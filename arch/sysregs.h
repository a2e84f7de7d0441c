/* SPDX-License-Identifier: GPL-2.0-only */
/* The registers that only ring 0 can write, as one thing: for code that tries them out. */
#ifndef ARCH_SYSREGS_H
#define ARCH_SYSREGS_H

#include "types.h"

struct sysregs {
	u32 cr0, cr3, cr4, xcr0;
	u32 dr[4], dr6, dr7;
};

void sysregs_save(struct sysregs *to);

/* Takes off what keeps ring 0 from a task's pages (SMEP, SMAP), until sysregs_restore(). */
void sysregs_unprotect(void);

/* But CR3 and the breakpoints: those are disarmed, DR6 is reset. Makes SYSENTER raise #GP. */
void sysregs_restore(const struct sysregs *from);

#endif
