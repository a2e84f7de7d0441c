/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The layouts of the notes in a core file of a 32-bit Linux process: Linux's uapi/linux/elfcore.h as compiled for i386,
 * and the regsets of arch/x86/kernel/ptrace.c. <sys/procfs.h> is of no use here: it describes the machine that this is
 * compiled for. x87, SSE and extended state are in core_fpu.c.
 */
#ifndef TOOLS_CORE_NOTES_H
#define TOOLS_CORE_NOTES_H

#include "core_file.h"
#include "user_desc.h"

enum { CORE_REGS = 17 };

/* NT_PRSTATUS: struct elf_prstatus */
struct core_prstatus {
	s32 si_signo, si_code, si_errno;
	s16 pr_cursig;
	u16 _padding;
	u32 pr_sigpend, pr_sighold;
	u32 pr_pid, pr_ppid, pr_pgrp, pr_sid;
	u32 pr_utime[2], pr_stime[2], pr_cutime[2], pr_cstime[2];
	u32 pr_reg[CORE_REGS]; /* struct user_regs_struct */
	u32 pr_fpvalid;
};
_Static_assert(sizeof(struct core_prstatus) == 144, "struct elf_prstatus");
_Static_assert(offsetof(struct core_prstatus, pr_pid) == 24 && offsetof(struct core_prstatus, pr_reg) == 72 &&
		       offsetof(struct core_prstatus, pr_fpvalid) == 140,
	       "struct elf_prstatus");

/* NT_PRPSINFO: struct elf_prpsinfo */
struct core_prpsinfo {
	u8 pr_state;
	char pr_sname; /* the state as ps shows it */
	u8 pr_zomb, pr_nice;
	u32 pr_flag;
	u16 pr_uid, pr_gid;
	u32 pr_pid, pr_ppid, pr_pgrp, pr_sid;
	char pr_fname[CR_TASK_COMM_LEN];
	char pr_psargs[80]; /* the arguments, separated by blanks */
};
_Static_assert(sizeof(struct core_prpsinfo) == 124, "struct elf_prpsinfo");
_Static_assert(offsetof(struct core_prpsinfo, pr_pid) == 12 && offsetof(struct core_prpsinfo, pr_fname) == 28 &&
		       offsetof(struct core_prpsinfo, pr_psargs) == 44,
	       "struct elf_prpsinfo");

/* NT_FILE: this, so many times start, end and page offset, then so many names, each ended by a NUL. */
struct core_files {
	u32 count, page_size;
};
struct core_file_range {
	u32 start, end, page_offset;
};

/* x87, SSE and extended state (core_fpu.c) */
bool put_prfpreg(const struct process *p, struct file *desc);
bool get_prfpreg(struct process *p, const struct core_note *note);
bool put_prxfpreg(const struct process *p, struct file *desc);
bool get_prxfpreg(struct process *p, const struct core_note *note);
bool put_xstate(const struct process *p, struct file *desc);
bool get_xstate(struct process *p, const struct core_note *note);

#endif
