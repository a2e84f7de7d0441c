/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The records of a checkpoint image, byte for byte (docs/FORMAT.md §2). The names of structures and fields are those
 * of the RFC, so that a reader of the mail finds each thing here by its name.
 *
 * An image is a stream of records, back to back: a struct cr_hdr, then `len` bytes of payload. Everything is
 * little-endian. Every payload is aligned to 8 bytes and holds fixed-width fields only, so its layout is the same
 * when compiled for 32 and for 64 bits; the static asserts below hold each size and offset in place.
 */
#ifndef LIB_CHECKPOINT_HDR_H
#define LIB_CHECKPOINT_HDR_H

#include "types.h"

#define CR_RECORD		   __attribute__((aligned(8)))
#define CR_OFFSET(type, field, at) _Static_assert(offsetof(struct type, field) == (at), #type "." #field " is at " #at)
#define CR_SIZE(type, bytes)	   _Static_assert(sizeof(struct type) == (bytes), #type " has " #bytes " bytes")

/* In front of every record. `parent` is the owner's id: the task's pid for THREAD, CPU, XSTATE and SIGNAL, else 0. */
struct cr_hdr {
	s16 type;
	s16 len; /* of the payload alone, so at most 32767 */
	u32 parent;
};
CR_SIZE(cr_hdr, 8);
CR_OFFSET(cr_hdr, type, 0);
CR_OFFSET(cr_hdr, len, 2);
CR_OFFSET(cr_hdr, parent, 4);

enum cr_hdr_type {
	CR_HDR_HEAD = 1,
	CR_HDR_STRING = 2,
	CR_HDR_FNAME = 3,

	CR_HDR_TASK = 101,
	CR_HDR_THREAD = 102,
	CR_HDR_CPU = 103,

	CR_HDR_MM = 201,
	CR_HDR_VMA = 202,
	CR_HDR_PGARR = 203,
	CR_HDR_MM_CONTEXT = 204,

	CR_HDR_FILES = 301,
	CR_HDR_FD_ENT = 302,
	CR_HDR_FD_DATA = 303,

	CR_HDR_TAIL = 5001,

	CR_HDR_XSTATE = 8601,  /* cr86's own: one XSAVE component beyond x87 and SSE */
	CR_HDR_SIGNAL = 8602,  /* cr86's own: handlers, mask, alternate stack, pending signals */
	CR_HDR_PROGRAM = 8603, /* cr86's own: which file it is that VMAs of a file are of */
};

#define CR_HEADER_MAGIC	 0x00feed0cc0a2d200ull
#define CR_TRAILER_MAGIC 0x002d2a0cc0deef00ull

#define CR_REV_RFC    1	 /* no XSTATE, SIGNAL or PROGRAM record: the RFC's format, byte for byte */
#define CR_REV_XSTATE 86 /* such records follow CPU: a reader of the RFC's format must refuse it */

#define CR_CTX_CKPT 0x1 /* HEAD.flags: written by a checkpoint */

struct cr_hdr_head {
	u64 magic;
	u16 major;
	u16 minor;
	u16 patch;
	u16 rev;
	u64 time; /* seconds since 1970, when the image was taken */
	u64 flags;
	char release[64]; /* cr86's release */
	char version[64]; /* the CPU that wrote the image: vendor family/model/stepping */
	char machine[64]; /* i686 or x86_64 */
} CR_RECORD;
CR_SIZE(cr_hdr_head, 224);
CR_OFFSET(cr_hdr_head, magic, 0);
CR_OFFSET(cr_hdr_head, major, 8);
CR_OFFSET(cr_hdr_head, minor, 10);
CR_OFFSET(cr_hdr_head, patch, 12);
CR_OFFSET(cr_hdr_head, rev, 14);
CR_OFFSET(cr_hdr_head, time, 16);
CR_OFFSET(cr_hdr_head, flags, 24);
CR_OFFSET(cr_hdr_head, release, 32);
CR_OFFSET(cr_hdr_head, version, 96);
CR_OFFSET(cr_hdr_head, machine, 160);

#define CR_TASK_COMM_LEN 16

/* Followed by a STRING record of task_comm_len bytes: the task's name, NUL-terminated and zero-filled. */
struct cr_hdr_task {
	u32 state;
	u32 exit_state;
	u32 exit_code;
	u32 exit_signal;
	s32 task_comm_len;
	u32 _padding;
} CR_RECORD;
CR_SIZE(cr_hdr_task, 24);
CR_OFFSET(cr_hdr_task, state, 0);
CR_OFFSET(cr_hdr_task, exit_state, 4);
CR_OFFSET(cr_hdr_task, exit_code, 8);
CR_OFFSET(cr_hdr_task, exit_signal, 12);
CR_OFFSET(cr_hdr_task, task_comm_len, 16);

#define CR_TLS_ENTRIES 3

/* Followed by the three raw TLS descriptors, 24 bytes without a header of their own. */
struct cr_hdr_thread {
	s16 gdt_entry_tls_entries; /* how many there are: 3 */
	s16 sizeof_tls_array;	   /* their size: 24 bytes */
	s16 ntls;		   /* how many of them are not zero */
	s16 _padding;
} CR_RECORD;
CR_SIZE(cr_hdr_thread, 8);
CR_OFFSET(cr_hdr_thread, gdt_entry_tls_entries, 0);
CR_OFFSET(cr_hdr_thread, sizeof_tls_array, 2);
CR_OFFSET(cr_hdr_thread, ntls, 4);

#define CR_XSTATE_LEGACY 512 /* bytes of x87 and SSE state in the CPU record */

struct cr_hdr_cpu {
	u64 r15;
	u64 r14;
	u64 r13;
	u64 r12;
	u64 bp;
	u64 bx;
	u64 r11;
	u64 r10;
	u64 r9;
	u64 r8;
	u64 ax;
	u64 cx;
	u64 dx;
	u64 si;
	u64 di;
	u64 orig_ax;
	u64 ip;
	u64 cs;
	u64 flags;
	u64 sp;
	u64 ss;

	u64 ds;
	u64 es;
	u64 fs;
	u64 gs;

	u64 debugreg0;
	u64 debugreg1;
	u64 debugreg2;
	u64 debugreg3;
	u64 debugreg4;
	u64 debugreg5;
	u64 debugreg6;
	u64 debugreg7;

	u16 uses_debug; /* 1: DR7 enables a breakpoint */
	u16 used_math;	/* 1: the task has x87 or SSE state of its own, in xstate */
	u16 has_fxsr;	/* 1: xstate is an FXSAVE image, 0: an FSAVE image of 108 bytes */
	u16 _padding;

	u8 xstate[CR_XSTATE_LEGACY];
} CR_RECORD;
CR_SIZE(cr_hdr_cpu, 784);
CR_OFFSET(cr_hdr_cpu, r15, 0);
CR_OFFSET(cr_hdr_cpu, r14, 8);
CR_OFFSET(cr_hdr_cpu, r13, 16);
CR_OFFSET(cr_hdr_cpu, r12, 24);
CR_OFFSET(cr_hdr_cpu, bp, 32);
CR_OFFSET(cr_hdr_cpu, bx, 40);
CR_OFFSET(cr_hdr_cpu, r11, 48);
CR_OFFSET(cr_hdr_cpu, r10, 56);
CR_OFFSET(cr_hdr_cpu, r9, 64);
CR_OFFSET(cr_hdr_cpu, r8, 72);
CR_OFFSET(cr_hdr_cpu, ax, 80);
CR_OFFSET(cr_hdr_cpu, cx, 88);
CR_OFFSET(cr_hdr_cpu, dx, 96);
CR_OFFSET(cr_hdr_cpu, si, 104);
CR_OFFSET(cr_hdr_cpu, di, 112);
CR_OFFSET(cr_hdr_cpu, orig_ax, 120);
CR_OFFSET(cr_hdr_cpu, ip, 128);
CR_OFFSET(cr_hdr_cpu, cs, 136);
CR_OFFSET(cr_hdr_cpu, flags, 144);
CR_OFFSET(cr_hdr_cpu, sp, 152);
CR_OFFSET(cr_hdr_cpu, ss, 160);
CR_OFFSET(cr_hdr_cpu, ds, 168);
CR_OFFSET(cr_hdr_cpu, es, 176);
CR_OFFSET(cr_hdr_cpu, fs, 184);
CR_OFFSET(cr_hdr_cpu, gs, 192);
CR_OFFSET(cr_hdr_cpu, debugreg0, 200);
CR_OFFSET(cr_hdr_cpu, debugreg3, 224);
CR_OFFSET(cr_hdr_cpu, debugreg7, 256);
CR_OFFSET(cr_hdr_cpu, uses_debug, 264);
CR_OFFSET(cr_hdr_cpu, used_math, 266);
CR_OFFSET(cr_hdr_cpu, has_fxsr, 268);
CR_OFFSET(cr_hdr_cpu, _padding, 270);
CR_OFFSET(cr_hdr_cpu, xstate, 272);

/* Followed by `size` bytes of the component, in the same payload. `component` is its bit number in XCR0. */
struct cr_hdr_xstate {
	u32 component;
	u32 size;
} CR_RECORD;
CR_SIZE(cr_hdr_xstate, 8);
CR_OFFSET(cr_hdr_xstate, component, 0);
CR_OFFSET(cr_hdr_xstate, size, 4);

/* Linux i386's struct sigaction, in fields wide enough for x86-64. handler 0: the default action, 1: none */
struct cr_signal_action {
	u64 handler;
	u64 restorer;
	u64 mask;
	u32 flags;
	u32 _padding;
} CR_RECORD;
CR_SIZE(cr_signal_action, 32);

/* Of a pending signal: where it comes from. */
struct cr_signal_info {
	s32 code;
	u32 pid;
} CR_RECORD;
CR_SIZE(cr_signal_info, 8);

#define CR_SIGNALS 64

/* Only where anything in it differs from what a new task has: zeros. Signal n stands at n - 1. */
struct cr_hdr_signal {
	u64 blocked; /* bit n - 1: signal n */
	u64 pending;
	u64 sas_ss_sp; /* the alternate stack; size 0: none */
	u64 sas_ss_size;
	u64 cr2;     /* of the last page fault that raised a signal, */
	u32 trap_nr; /* and vector and error code of the last exception that did: for the next frames */
	u32 error_code;
	struct cr_signal_action action[CR_SIGNALS];
	struct cr_signal_info info[CR_SIGNALS];
} CR_RECORD;
CR_SIZE(cr_hdr_signal, 2608);
CR_OFFSET(cr_hdr_signal, blocked, 0);
CR_OFFSET(cr_hdr_signal, pending, 8);
CR_OFFSET(cr_hdr_signal, sas_ss_sp, 16);
CR_OFFSET(cr_hdr_signal, sas_ss_size, 24);
CR_OFFSET(cr_hdr_signal, cr2, 32);
CR_OFFSET(cr_hdr_signal, trap_nr, 40);
CR_OFFSET(cr_hdr_signal, error_code, 44);
CR_OFFSET(cr_hdr_signal, action, 48);
CR_OFFSET(cr_hdr_signal, info, 2096);

/* The file that all VMAs of a file are of, which their FNAMEs name: the same one has the same size and zlib's CRC-32. */
struct cr_hdr_program {
	u64 size;
	u32 crc32;
	u32 _padding;
} CR_RECORD;
CR_SIZE(cr_hdr_program, 16);
CR_OFFSET(cr_hdr_program, size, 0);
CR_OFFSET(cr_hdr_program, crc32, 8);

struct cr_hdr_mm {
	u32 objref; /* 0: nothing is shared in cr86 */
	u32 map_count;
	u64 start_code;
	u64 end_code;
	u64 start_data;
	u64 end_data;
	u64 start_brk;
	u64 brk;
	u64 start_stack;
	u64 arg_start;
	u64 arg_end;
	u64 env_start;
	u64 env_end;
} CR_RECORD;
CR_SIZE(cr_hdr_mm, 96);
CR_OFFSET(cr_hdr_mm, objref, 0);
CR_OFFSET(cr_hdr_mm, map_count, 4);
CR_OFFSET(cr_hdr_mm, start_code, 8);
CR_OFFSET(cr_hdr_mm, start_stack, 56);
CR_OFFSET(cr_hdr_mm, env_end, 88);

enum cr_vma_type {
	CR_VMA_ANON = 1,
	CR_VMA_FILE = 2, /* the task's program, unchanged: an FNAME record follows, and PROGRAM before TAIL */
};

/* vm_flags, Linux's values */
#define VM_READ	 0x1u
#define VM_WRITE 0x2u
#define VM_EXEC	 0x4u

struct cr_hdr_vma {
	u32 vma_type;
	u32 _padding;
	u64 vm_start; /* first address, page-aligned */
	u64 vm_end;   /* first address after it, page-aligned */
	u64 vm_page_prot;
	u64 vm_flags;
	u64 vm_pgoff; /* of a file: where vm_start is in it, in pages */
} CR_RECORD;
CR_SIZE(cr_hdr_vma, 48);
CR_OFFSET(cr_hdr_vma, vma_type, 0);
CR_OFFSET(cr_hdr_vma, vm_start, 8);
CR_OFFSET(cr_hdr_vma, vm_end, 16);
CR_OFFSET(cr_hdr_vma, vm_page_prot, 24);
CR_OFFSET(cr_hdr_vma, vm_flags, 32);
CR_OFFSET(cr_hdr_vma, vm_pgoff, 40);

/* Followed by nr_pages addresses (4 bytes each on i386), then nr_pages raw pages. nr_pages 0 ends the VMA's pages. */
struct cr_hdr_pgarr {
	u64 nr_pages;
} CR_RECORD;
CR_SIZE(cr_hdr_pgarr, 8);

#define CR_LDT_ENTRY_SIZE 8

/* Followed by nldt raw LDT descriptors. */
struct cr_hdr_mm_context {
	s16 ldt_entry_size; /* 8 bytes */
	s16 nldt;
	u32 _padding;
} CR_RECORD;
CR_SIZE(cr_hdr_mm_context, 8);
CR_OFFSET(cr_hdr_mm_context, ldt_entry_size, 0);
CR_OFFSET(cr_hdr_mm_context, nldt, 2);

/* Followed by nfds times FD_ENT, FD_DATA and FNAME. */
struct cr_hdr_files {
	u32 objref; /* 0: nothing is shared in cr86 */
	u32 nfds;
} CR_RECORD;
CR_SIZE(cr_hdr_files, 8);
CR_OFFSET(cr_hdr_files, objref, 0);
CR_OFFSET(cr_hdr_files, nfds, 4);

struct cr_hdr_fd_ent {
	u32 objref; /* of the open file: 1 and up. In cr86 each descriptor has one of its own, whose FD_DATA follows */
	s32 fd;
	u32 close_on_exec;
	u32 _padding;
} CR_RECORD;
CR_SIZE(cr_hdr_fd_ent, 16);
CR_OFFSET(cr_hdr_fd_ent, objref, 0);
CR_OFFSET(cr_hdr_fd_ent, fd, 4);
CR_OFFSET(cr_hdr_fd_ent, close_on_exec, 8);

enum cr_fd_type { CR_FD_FILE = 1 };

/* f_flags: O_RDONLY, O_WRONLY or O_RDWR, and O_CREAT */
#define CR_F_FLAGS 0x43u

/* f_mode, Linux's values */
#define FMODE_READ  0x1u
#define FMODE_WRITE 0x2u

/* Followed by an FNAME record: the path, ended by a NUL. */
struct cr_hdr_fd_data {
	u16 fd_type;
	u16 f_mode;
	u32 f_flags; /* as given to open(2) */
	u64 f_pos;   /* where the next byte is read; of the console: how many bytes of its line are written */
	u64 f_version;
} CR_RECORD;
CR_SIZE(cr_hdr_fd_data, 24);
CR_OFFSET(cr_hdr_fd_data, fd_type, 0);
CR_OFFSET(cr_hdr_fd_data, f_mode, 2);
CR_OFFSET(cr_hdr_fd_data, f_flags, 4);
CR_OFFSET(cr_hdr_fd_data, f_pos, 8);
CR_OFFSET(cr_hdr_fd_data, f_version, 16);

#define CR_FNAME_SIZE 64 /* the longest FNAME, with its NUL */

struct cr_hdr_tail {
	u64 magic;
} CR_RECORD;
CR_SIZE(cr_hdr_tail, 8);

/* The size of an image that holds registers only and no XSTATE record. */
#define CR_REGISTERS_IMAGE_SIZE 1136

#endif
