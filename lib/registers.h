/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The table of all registers: one row for each, saying where it stands in which record. Printing, diffing, the kernel's
 * fault reports and the host tools all read this table, so that a register is named in one place only.
 */
#ifndef LIB_REGISTERS_H
#define LIB_REGISTERS_H

#include "checkpoint_hdr.h"

/* A named field of bits inside a register; NULL name ends a list. */
struct cr_bits {
	const char *name; /* "CF", "RC", ... in the manual's spelling */
	u8 shift;
	u8 width;
};

enum cr_group {
	CR_GROUP_GENERAL,
	CR_GROUP_GENERAL_64, /* what only x86-64 has: 0 in every image of i386 */
	CR_GROUP_SEGMENTS,
	CR_GROUP_TLS,
	CR_GROUP_DEBUG,
	CR_GROUP_X87,
	CR_GROUP_SSE,
	CR_GROUP_XSTATE,
	CR_GROUP_RECORD, /* no registers: the fields of CPU that say which of the others count */
	CR_GROUPS
};
extern const char *const cr_group_name[CR_GROUPS];

/* Which of the two forms of CPU.xstate a row describes. */
enum cr_form { CR_FORM_ANY, CR_FORM_FSAVE, CR_FORM_FXSAVE };

struct cr_register {
	const char *name;  /* "eax", "MXCSR", "ST0", "YMM3_Hi128", ...: the manual's name */
	const char *field; /* "ax", "xstate.mxcsr", ...: the record's field */
	s16 record;	   /* CR_HDR_CPU, CR_HDR_THREAD (the raw descriptors), CR_HDR_XSTATE */
	u8 component;	   /* of an XSTATE record */
	u8 group;
	u8 form;
	u8 digits;  /* hexadecimal digits of its value that are always shown; those above only where they are not 0 */
	u16 offset; /* in the record's payload; for THREAD in the raw descriptors; for XSTATE in the component */
	u16 size;   /* bytes */
	const struct cr_bits *bits; /* or NULL */
};

/* Group by group, in the order in which people read them. */
extern const struct cr_register cr_registers[];
extern const u32 cr_register_count;

/* --- A value for people: `value` points to its bytes. Each writes at most `size` bytes and returns the length. --- */

#define CR_VALUE_SIZE 160 /* of a buffer for any value */
#define CR_LINE_SIZE  256 /* of a buffer for any register's line */

/* The value of one field of bits. */
u64 cr_bits_value(const struct cr_bits *bits, const struct cr_register *r, const void *value);

/* "00000246"; past 16 digits in groups of 16: "3fff_8000000000000000". */
int cr_value_format(char *buf, u32 size, const struct cr_register *r, const void *value);

/* "PF ZF IF", "TOP=7 IE": the fields that are not 0. */
int cr_bits_format(char *buf, u32 size, const struct cr_register *r, const void *value);

/* "eflags 00000246 PF ZF IF": all of a register in one line. */
int cr_register_format(char *buf, u32 size, const struct cr_register *r, const void *value);

#endif
