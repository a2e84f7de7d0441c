/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Architectural constants and formats that the kernel, the reader's validation and the host tools share: what the
 * manuals define, and Linux i386's choice of selectors, which images refer to. References are to the Intel SDM, volume
 * and section.
 */
#ifndef LIB_X86_H
#define LIB_X86_H

#include "types.h"

/* EFLAGS, SDM 1 §3.4.3 */
#define EFLAGS_CF    BIT(0)
#define EFLAGS_FIXED BIT(1) /* always set */
#define EFLAGS_PF    BIT(2)
#define EFLAGS_AF    BIT(4)
#define EFLAGS_ZF    BIT(6)
#define EFLAGS_SF    BIT(7)
#define EFLAGS_TF    BIT(8)
#define EFLAGS_IF    BIT(9)
#define EFLAGS_DF    BIT(10)
#define EFLAGS_OF    BIT(11)
#define EFLAGS_IOPL  (3u << 12)
#define EFLAGS_NT    BIT(14)
#define EFLAGS_RF    BIT(16)
#define EFLAGS_VM    BIT(17)
#define EFLAGS_AC    BIT(18)
#define EFLAGS_ID    BIT(21)

/* What a ring-3 task's flags must have, and what else they may have. */
#define EFLAGS_USER_ALWAYS (EFLAGS_IF | EFLAGS_FIXED)
#define EFLAGS_USER_MAY                                                                                                \
	(EFLAGS_CF | EFLAGS_PF | EFLAGS_AF | EFLAGS_ZF | EFLAGS_SF | EFLAGS_TF | EFLAGS_DF | EFLAGS_OF | EFLAGS_NT |   \
	 EFLAGS_RF | EFLAGS_AC | EFLAGS_ID)

/* Exceptions, SDM 3 §6.3.1 */
enum {
	TRAP_DB = 1,
	TRAP_NMI = 2,
	TRAP_BP = 3,
	TRAP_OF = 4,
	TRAP_UD = 6,
	TRAP_NM = 7,
	TRAP_DF = 8,
	TRAP_GP = 13,
	TRAP_PF = 14,
	TRAP_MC = 18,
	TRAP_EXCEPTIONS = 32, /* the vectors below are exceptions */
};

/* The mnemonic of an exception ("#GP"), or "interrupt"; and back: false where `name` is none. */
const char *trap_name(u32 vector);
bool trap_by_name(const char *name, u32 length, u32 *vector);

/* Selectors: index, table indicator, requested privilege level (SDM 3 §3.4.2) */
#define SELECTOR(index, rpl) ((index) << 3 | (rpl))
#define SELECTOR_INDEX(s)    ((s) >> 3)
#define SELECTOR_TI	     BIT(2) /* 1: the LDT */
#define SELECTOR_RPL(s)	     ((s)&3u)

/* GDT entries, numbered as in Linux 2.6 i386, so that a selector in an image means the same thing in both. */
#define GDT_ENTRY_TLS_MIN   6
#define GDT_ENTRY_TLS_MAX   8
#define GDT_ENTRY_KERNEL_CS 12
#define GDT_ENTRY_KERNEL_DS 13
#define GDT_ENTRY_USER_CS   14
#define GDT_ENTRY_USER_DS   15
#define GDT_ENTRY_TSS	    16
#define GDT_ENTRY_LDT	    17
#define GDT_ENTRY_ESPFIX    26
#define GDT_ENTRY_DF_TSS    31
#define GDT_ENTRIES	    32

#define KERNEL_CS SELECTOR(GDT_ENTRY_KERNEL_CS, 0) /* 0x60 */
#define KERNEL_DS SELECTOR(GDT_ENTRY_KERNEL_DS, 0) /* 0x68 */
#define USER_CS	  SELECTOR(GDT_ENTRY_USER_CS, 3)   /* 0x73 */
#define USER_DS	  SELECTOR(GDT_ENTRY_USER_DS, 3)   /* 0x7b */

#define LDT_ENTRIES 512 /* as many as fill a page */

/* A segment descriptor's attributes, as bits of its 64 (SDM 3 §3.4.5) */
#define DESC_TYPE(d)	   ((u32)((d) >> 40) & 0xf)
#define DESC_TYPE_CODE	   0x8u		  /* else data */
#define DESC_TYPE_WRITABLE 0x2u		  /* of a data segment; of a code segment: readable */
#define DESC_S		   ((u64)1 << 44) /* 1: code or data, 0: system or gate */
#define DESC_DPL(d)	   ((u32)((d) >> 45) & 3)
#define DESC_P		   ((u64)1 << 47) /* present */
#define DESC_L		   ((u64)1 << 53) /* 64-bit code */
#define DESC_G		   ((u64)1 << 55) /* limit in pages */

/*
 * A descriptor from its parts, which it holds scattered: base, limit (20 bits), access (type, S, DPL, P: bits 40 to 47)
 * and flags (AVL, L, D/B, G: bits 52 to 55).
 */
static inline u64 desc_pack(u32 base, u32 limit, u32 access, u32 flags)
{
	u32 low = base << 16 | (limit & 0xffff);
	u32 high = (base & 0xff000000) | flags << 20 | (limit & 0xf0000) | access << 8 | (base >> 16 & 0xff);

	return low | (u64)high << 32;
}

static inline u32 desc_base(u64 d)
{
	return (u32)(d >> 16 & 0xffffff) | ((u32)(d >> 32) & 0xff000000);
}

/* The limit as the descriptor holds it, in bytes or pages less one. */
static inline u32 desc_raw_limit(u64 d)
{
	return (u32)(d & 0xffff) | ((u32)(d >> 32) & 0xf0000);
}

/* The last address offset that a descriptor's limit allows, granularity applied (expand-up). */
static inline u32 desc_limit(u64 d)
{
	u32 limit = desc_raw_limit(d);

	return d & DESC_G ? limit << 12 | 0xfff : limit;
}

/* DR6 and DR7, SDM 3 §17.2.3 and §17.2.4 */
#define DR6_B(n)   BIT(n)
#define DR6_BD	   BIT(13)
#define DR6_BS	   BIT(14)
#define DR6_BT	   BIT(15)
#define DR6_STATUS (0xfu | DR6_BD | DR6_BS | DR6_BT) /* what a trap reports; the rest reads as constants */
#define DR6_RESET  0xffff0ff0u

#define DR7_ENABLE	    0xffu /* L0 G0 ... L3 G3 */
#define DR7_ENABLED(dr7, n) ((dr7) >> 2 * (n)&3)
#define DR7_RW(dr7, n)	    ((dr7) >> (16 + 4 * (n)) & 3)
#define DR7_LEN(dr7, n)	    ((dr7) >> (18 + 4 * (n)) & 3) /* 0, 1, 3: 1, 2, 4 bytes */
#define DR7_LE		    BIT(8)
#define DR7_GE		    BIT(9)
#define DR7_FIXED	    BIT(10) /* reads as 1 */
#define DR7_GD		    BIT(13)
#define DR7_USER	    (DR7_ENABLE | DR7_LE | DR7_GE | 0xffff0000u) /* what a task may set */

#define DR_RW_EXECUTE 0u
#define DR_RW_WRITE   1u
#define DR_RW_IO      2u
#define DR_RW_ACCESS  3u

/* x87 and SSE, as FNINIT and reset leave them (SDM 1 §8.1.5, SDM 1 §11.6.4) */
#define FCW_INIT	   0x037f
#define MXCSR_INIT	   0x1f80
#define MXCSR_MASK_DEFAULT 0xffbf /* where FXSAVE stores a mask of 0 (SDM 1 §11.6.6) */

/* The FXSAVE image, 32-bit form (SDM 1 §10.5.1, table 10-2) */
struct fxsave {
	u16 fcw;
	u16 fsw;
	u8 ftw; /* abridged: bit n set where physical register n is not empty */
	u8 _reserved5;
	u16 fop;
	u32 fip;
	u16 fcs;
	u16 _reserved14;
	u32 fdp;
	u16 fds;
	u16 _reserved22;
	u32 mxcsr;
	u32 mxcsr_mask;
	struct {
		u8 value[10];
		u8 _reserved[6];
	} st[8]; /* st[n] is ST(n), counted from the top of the stack */
	u8 xmm[8][16];
	u8 _xmm8_15[128]; /* 64-bit mode only */
	u8 _reserved[48];
	u8 _software[48];
};
_Static_assert(sizeof(struct fxsave) == 512, "FXSAVE stores 512 bytes");
_Static_assert(offsetof(struct fxsave, mxcsr) == 24 && offsetof(struct fxsave, st) == 32 &&
		       offsetof(struct fxsave, xmm) == 160,
	       "SDM 1 table 10-2");

/* The FSAVE image, 32-bit protected-mode form (SDM 1 figure 8-9, then ST(0) to ST(7)) */
struct fsave {
	u16 fcw;
	u16 _reserved2;
	u16 fsw;
	u16 _reserved6;
	u16 ftw; /* two bits for each physical register: valid, zero, special, empty */
	u16 _reserved10;
	u32 fip;
	u16 fcs;
	u16 fop; /* 11 bits */
	u32 fdp;
	u16 fds;
	u16 _reserved26;
	u8 st[8][10];
};
_Static_assert(sizeof(struct fsave) == 108, "FSAVE stores 108 bytes");

#endif
