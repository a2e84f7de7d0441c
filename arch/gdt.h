/* SPDX-License-Identifier: GPL-2.0-only */
/* The global descriptor table, with the three slots that follow the running task. */
#ifndef ARCH_GDT_H
#define ARCH_GDT_H

#include "checkpoint_hdr.h"
#include "x86.h"

/* Loads the GDT and the kernel's segments. */
void gdt_init(void);

/* Puts a task's TLS descriptors into their slots. A segment register that holds one sees it at its next load only. */
void gdt_load_tls(const u64 tls[CR_TLS_ENTRIES]);

/* What stands in the slots now. */
void gdt_read_tls(u64 tls[CR_TLS_ENTRIES]);

/* Makes `entries` descriptors at `ldt` the local descriptor table; none: a null LDT. */
void gdt_load_ldt(const u64 *ldt, u32 entries);

/* What LDTR holds: a selector, or null. */
u32 gdt_read_ldtr(void);

/* For entry.asm: makes ready the stack segment through which IRET is to pop `frame`, without a word of the kernel's ESP. */
struct iret_frame {
	u32 eip, cs, eflags, esp, ss;
};
void espfix(const struct iret_frame *frame);

/* Makes `entry` the descriptor of a task state segment of `size` bytes. */
void gdt_set_tss(u32 entry, const void *tss, u32 size);

#endif
