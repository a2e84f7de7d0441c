/* SPDX-License-Identifier: GPL-2.0-only */
/* The global descriptor table, with the three slots that follow the running task, and the task state segment. */
#ifndef ARCH_GDT_H
#define ARCH_GDT_H

#include "checkpoint_hdr.h"
#include "x86.h"

/* Loads the GDT, the kernel's segments and the TSS. */
void gdt_init(void);

/* Puts a task's TLS descriptors into their slots. A segment register that holds one sees it at its next load only. */
void gdt_load_tls(const u64 tls[CR_TLS_ENTRIES]);

/* Makes `entries` descriptors at `ldt` the local descriptor table; none: a null LDT. */
void gdt_load_ldt(const u64 *ldt, u32 entries);

/* For entry.asm: makes ready the stack segment through which IRET is to pop `frame`, without a word of the kernel's ESP. */
struct iret_frame {
	u32 eip, cs, eflags, esp, ss;
};
void espfix(const struct iret_frame *frame);

/* Where the processor finds its stack when it next comes from ring 3. */
void tss_set_stack(const void *top);

#endif
