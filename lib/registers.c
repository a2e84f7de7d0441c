/* SPDX-License-Identifier: GPL-2.0-only */
/* The table of all registers. Names of bits are those of the Intel SDM; the section stands above each list. */
#include "registers.h"
#include "printf.h"
#include "string.h"
#include "xstate.h"

const char *const cr_group_name[CR_GROUPS] = {
	[CR_GROUP_GENERAL] = "general registers",
	[CR_GROUP_GENERAL_64] = "general registers, x86-64",
	[CR_GROUP_SEGMENTS] = "segment registers",
	[CR_GROUP_TLS] = "TLS descriptors",
	[CR_GROUP_DEBUG] = "debug registers",
	[CR_GROUP_X87] = "x87",
	[CR_GROUP_SSE] = "SSE",
	[CR_GROUP_XSTATE] = "extended state",
	[CR_GROUP_RECORD] = "record flags",
};

/* SDM 1 §3.4.3 */
static const struct cr_bits eflags_bits[] = {
	{"CF", 0, 1},  {"PF", 2, 1},  {"AF", 4, 1},   {"ZF", 6, 1},    {"SF", 7, 1},  {"TF", 8, 1},
	{"IF", 9, 1},  {"DF", 10, 1}, {"OF", 11, 1},  {"IOPL", 12, 2}, {"NT", 14, 1}, {"RF", 16, 1},
	{"VM", 17, 1}, {"AC", 18, 1}, {"VIF", 19, 1}, {"VIP", 20, 1},  {"ID", 21, 1}, {NULL, 0, 0},
};

/* SDM 3 §3.4.5. Base and limit are scattered over the descriptor. */
static const struct cr_bits descriptor_bits[] = {
	{"limit_15_0", 0, 16}, {"base_23_0", 16, 24},  {"type", 40, 4}, {"S", 44, 1}, {"DPL", 45, 2},
	{"P", 47, 1},	       {"limit_19_16", 48, 4}, {"AVL", 52, 1},	{"L", 53, 1}, {"D", 54, 1},
	{"G", 55, 1},	       {"base_31_24", 56, 8},  {NULL, 0, 0},
};

/* SDM 3 §17.2.3 */
static const struct cr_bits dr6_bits[] = {
	{"B0", 0, 1},  {"B1", 1, 1},  {"B2", 2, 1},  {"B3", 3, 1},
	{"BD", 13, 1}, {"BS", 14, 1}, {"BT", 15, 1}, {NULL, 0, 0},
};

/* SDM 3 §17.2.4 */
static const struct cr_bits dr7_bits[] = {
	{"L0", 0, 1},	 {"G0", 1, 1},	  {"L1", 2, 1},	   {"G1", 3, 1},    {"L2", 4, 1},
	{"G2", 5, 1},	 {"L3", 6, 1},	  {"G3", 7, 1},	   {"LE", 8, 1},    {"GE", 9, 1},
	{"GD", 13, 1},	 {"R/W0", 16, 2}, {"LEN0", 18, 2}, {"R/W1", 20, 2}, {"LEN1", 22, 2},
	{"R/W2", 24, 2}, {"LEN2", 26, 2}, {"R/W3", 28, 2}, {"LEN3", 30, 2}, {NULL, 0, 0},
};

/* SDM 1 §8.1.5 */
static const struct cr_bits fcw_bits[] = {
	{"IM", 0, 1}, {"DM", 1, 1}, {"ZM", 2, 1},  {"OM", 3, 1}, {"UM", 4, 1},
	{"PM", 5, 1}, {"PC", 8, 2}, {"RC", 10, 2}, {"X", 12, 1}, {NULL, 0, 0},
};

/* SDM 1 §8.1.3 */
static const struct cr_bits fsw_bits[] = {
	{"IE", 0, 1},  {"DE", 1, 1},   {"ZE", 2, 1},  {"OE", 3, 1}, {"UE", 4, 1},
	{"PE", 5, 1},  {"SF", 6, 1},   {"ES", 7, 1},  {"C0", 8, 1}, {"C1", 9, 1},
	{"C2", 10, 1}, {"TOP", 11, 3}, {"C3", 14, 1}, {"B", 15, 1}, {NULL, 0, 0},
};

/* SDM 1 §8.1.7: of each physical register 0 valid, 1 zero, 2 special, 3 empty */
static const struct cr_bits tag_bits[] = {
	{"TAG0", 0, 2},	 {"TAG1", 2, 2},  {"TAG2", 4, 2},  {"TAG3", 6, 2}, {"TAG4", 8, 2},
	{"TAG5", 10, 2}, {"TAG6", 12, 2}, {"TAG7", 14, 2}, {NULL, 0, 0},
};

/* SDM 1 §10.5.1.1: of each physical register 1 where it is not empty */
static const struct cr_bits abridged_tag_bits[] = {
	{"R0", 0, 1}, {"R1", 1, 1}, {"R2", 2, 1}, {"R3", 3, 1}, {"R4", 4, 1},
	{"R5", 5, 1}, {"R6", 6, 1}, {"R7", 7, 1}, {NULL, 0, 0},
};

/* SDM 1 §10.2.3; MM is AMD's misaligned exception mask (APM 1 §4.2.2) */
static const struct cr_bits mxcsr_bits[] = {
	{"IE", 0, 1},  {"DE", 1, 1},  {"ZE", 2, 1},  {"OE", 3, 1},  {"UE", 4, 1},  {"PE", 5, 1},
	{"DAZ", 6, 1}, {"IM", 7, 1},  {"DM", 8, 1},  {"ZM", 9, 1},  {"OM", 10, 1}, {"UM", 11, 1},
	{"PM", 12, 1}, {"RC", 13, 2}, {"FZ", 15, 1}, {"MM", 17, 1}, {NULL, 0, 0},
};

/* SDM 1 appendix E (Intel MPX) */
static const struct cr_bits bndcfgu_bits[] = {
	{"EN", 0, 1},
	{"BNDPRESERVE", 1, 1},
	{"BASE", 12, 52},
	{NULL, 0, 0},
};
static const struct cr_bits bndstatus_bits[] = {
	{"EC", 0, 2},
	{"ABD", 2, 62},
	{NULL, 0, 0},
};

/* SDM 3 §4.6.2: access disable and write disable of each key */
static const struct cr_bits pkru_bits[] = {
	{"AD0", 0, 1},	 {"WD0", 1, 1},	  {"AD1", 2, 1},   {"WD1", 3, 1},   {"AD2", 4, 1},   {"WD2", 5, 1},
	{"AD3", 6, 1},	 {"WD3", 7, 1},	  {"AD4", 8, 1},   {"WD4", 9, 1},   {"AD5", 10, 1},  {"WD5", 11, 1},
	{"AD6", 12, 1},	 {"WD6", 13, 1},  {"AD7", 14, 1},  {"WD7", 15, 1},  {"AD8", 16, 1},  {"WD8", 17, 1},
	{"AD9", 18, 1},	 {"WD9", 19, 1},  {"AD10", 20, 1}, {"WD10", 21, 1}, {"AD11", 22, 1}, {"WD11", 23, 1},
	{"AD12", 24, 1}, {"WD12", 25, 1}, {"AD13", 26, 1}, {"WD13", 27, 1}, {"AD14", 28, 1}, {"WD14", 29, 1},
	{"AD15", 30, 1}, {"WD15", 31, 1}, {NULL, 0, 0},
};

#define SIZE_OF(type, member) sizeof(((struct type *)0)->member)
#define LEGACY_OFFSET	      offsetof(struct cr_hdr_cpu, xstate)

/* A field of CPU. */
#define CPU(group_, name_, member, digits_, bits_)                                                                     \
	{                                                                                                              \
		.name = name_, .field = #member, .record = CR_HDR_CPU, .group = CR_GROUP_##group_, .digits = digits_,  \
		.offset = offsetof(struct cr_hdr_cpu, member), .size = SIZE_OF(cr_hdr_cpu, member), .bits = bits_      \
	}

/* A field of the FSAVE or FXSAVE image in CPU.xstate. */
#define LEGACY(FORM, type, group_, name_, field_, member, digits_, bits_)                                              \
	{                                                                                                              \
		.name = name_, .field = "xstate." field_, .record = CR_HDR_CPU, .group = CR_GROUP_##group_,            \
		.form = CR_FORM_##FORM, .digits = digits_, .offset = LEGACY_OFFSET + offsetof(struct type, member),    \
		.size = SIZE_OF(type, member), .bits = bits_                                                           \
	}
#define FSAVE(name, member, digits, bits)	  LEGACY(FSAVE, fsave, X87, name, #member, member, digits, bits)
#define FSAVE_ST(n)				  LEGACY(FSAVE, fsave, X87, "ST" #n, "st[" #n "]", st[n], 20, NULL)
#define FXSAVE(group, name, member, digits, bits) LEGACY(FXSAVE, fxsave, group, name, #member, member, digits, bits)
#define FXSAVE_ST(n)				  LEGACY(FXSAVE, fxsave, X87, "ST" #n, "st[" #n "]", st[n].value, 20, NULL)
#define XMM(n)					  FXSAVE(SSE, "XMM" #n, xmm[n], 32, NULL)

/* One of the three raw descriptors behind THREAD. */
#define TLS(entry, n)                                                                                                  \
	{                                                                                                              \
		.name = "gdt" #entry, .field = "tls[" #n "]", .record = CR_HDR_THREAD, .group = CR_GROUP_TLS,          \
		.digits = 16, .offset = (n)*8, .size = 8, .bits = descriptor_bits                                      \
	}

/* A part of a component of extended state. Within a component the layout is the same on all CPUs (SDM 1 §13.5). */
#define PART(component_, name_, field_, offset_, size_, bits_)                                                         \
	{                                                                                                              \
		.name = name_, .field = field_, .record = CR_HDR_XSTATE, .component = XSTATE_##component_,             \
		.group = CR_GROUP_XSTATE, .digits = 2 * (size_), .offset = offset_, .size = size_, .bits = bits_       \
	}
#define YMM(n) PART(AVX, "YMM" #n "_Hi128", "ymm_hi128[" #n "]", 16 * (n), 16, NULL)
#define BND(n) PART(BNDREGS, "BND" #n, "bnd[" #n "]", 16 * (n), 16, NULL)
#define K(n)   PART(OPMASK, "K" #n, "k[" #n "]", 8 * (n), 8, NULL)
#define ZMM(n) PART(ZMM_HI256, "ZMM" #n "_Hi256", "zmm_hi256[" #n "]", 32 * (n), 32, NULL)

#define EIGHT(ROW) ROW(0), ROW(1), ROW(2), ROW(3), ROW(4), ROW(5), ROW(6), ROW(7)

const struct cr_register cr_registers[] = {
	CPU(GENERAL, "eax", ax, 8, NULL),
	CPU(GENERAL, "ebx", bx, 8, NULL),
	CPU(GENERAL, "ecx", cx, 8, NULL),
	CPU(GENERAL, "edx", dx, 8, NULL),
	CPU(GENERAL, "esi", si, 8, NULL),
	CPU(GENERAL, "edi", di, 8, NULL),
	CPU(GENERAL, "ebp", bp, 8, NULL),
	CPU(GENERAL, "esp", sp, 8, NULL),
	CPU(GENERAL, "eip", ip, 8, NULL),
	CPU(GENERAL, "eflags", flags, 8, eflags_bits),
	CPU(GENERAL, "orig_eax", orig_ax, 8, NULL),

	CPU(GENERAL_64, "r8", r8, 16, NULL),
	CPU(GENERAL_64, "r9", r9, 16, NULL),
	CPU(GENERAL_64, "r10", r10, 16, NULL),
	CPU(GENERAL_64, "r11", r11, 16, NULL),
	CPU(GENERAL_64, "r12", r12, 16, NULL),
	CPU(GENERAL_64, "r13", r13, 16, NULL),
	CPU(GENERAL_64, "r14", r14, 16, NULL),
	CPU(GENERAL_64, "r15", r15, 16, NULL),

	CPU(SEGMENTS, "cs", cs, 4, NULL),
	CPU(SEGMENTS, "ss", ss, 4, NULL),
	CPU(SEGMENTS, "ds", ds, 4, NULL),
	CPU(SEGMENTS, "es", es, 4, NULL),
	CPU(SEGMENTS, "fs", fs, 4, NULL),
	CPU(SEGMENTS, "gs", gs, 4, NULL),

	TLS(6, 0),
	TLS(7, 1),
	TLS(8, 2),

	CPU(DEBUG, "DR0", debugreg0, 8, NULL),
	CPU(DEBUG, "DR1", debugreg1, 8, NULL),
	CPU(DEBUG, "DR2", debugreg2, 8, NULL),
	CPU(DEBUG, "DR3", debugreg3, 8, NULL),
	CPU(DEBUG, "DR6", debugreg6, 8, dr6_bits),
	CPU(DEBUG, "DR7", debugreg7, 8, dr7_bits),

	FSAVE("FCW", fcw, 4, fcw_bits),
	FSAVE("FSW", fsw, 4, fsw_bits),
	FSAVE("FTW", ftw, 4, tag_bits),
	FSAVE("FOP", fop, 4, NULL),
	FSAVE("FIP", fip, 8, NULL),
	FSAVE("FCS", fcs, 4, NULL),
	FSAVE("FDP", fdp, 8, NULL),
	FSAVE("FDS", fds, 4, NULL),
	EIGHT(FSAVE_ST),

	FXSAVE(X87, "FCW", fcw, 4, fcw_bits),
	FXSAVE(X87, "FSW", fsw, 4, fsw_bits),
	FXSAVE(X87, "FTW", ftw, 2, abridged_tag_bits),
	FXSAVE(X87, "FOP", fop, 4, NULL),
	FXSAVE(X87, "FIP", fip, 8, NULL),
	FXSAVE(X87, "FCS", fcs, 4, NULL),
	FXSAVE(X87, "FDP", fdp, 8, NULL),
	FXSAVE(X87, "FDS", fds, 4, NULL),
	EIGHT(FXSAVE_ST),

	FXSAVE(SSE, "MXCSR", mxcsr, 8, mxcsr_bits),
	EIGHT(XMM),

	EIGHT(YMM),
	BND(0),
	BND(1),
	BND(2),
	BND(3),
	PART(BNDCSR, "BNDCFGU", "bndcfgu", 0, 8, bndcfgu_bits),
	PART(BNDCSR, "BNDSTATUS", "bndstatus", 8, 8, bndstatus_bits),
	EIGHT(K),
	EIGHT(ZMM),
	PART(PKRU, "PKRU", "pkru", 0, 4, pkru_bits),

	CPU(RECORD, "uses_debug", uses_debug, 1, NULL),
	CPU(RECORD, "used_math", used_math, 1, NULL),
	CPU(RECORD, "has_fxsr", has_fxsr, 1, NULL),
};

const u32 cr_register_count = ARRAY_SIZE(cr_registers);

/* --- Values for people --- */

/* Registers with named bits have at most 64; they are stored little-endian, as all is. */
u64 cr_bits_value(const struct cr_bits *bits, const struct cr_register *r, const void *value)
{
	u64 all = 0;

	memcpy(&all, value, r->size < sizeof(all) ? r->size : sizeof(all));
	return all >> bits->shift & (((u64)1 << bits->width) - 1);
}

/* Digit n of a value, the least significant being 0. */
static u32 digit(const void *value, u32 n)
{
	return ((const u8 *)value)[n / 2] >> 4 * (n & 1) & 0xf;
}

int cr_value_format(char *buf, u32 size, const struct cr_register *r, const void *value)
{
	u32 digits = 2u * r->size, length = 0;

	while (digits > r->digits && digit(value, digits - 1) == 0)
		digits--;
	while (digits-- && length + 2 < size) {
		buf[length++] = "0123456789abcdef"[digit(value, digits)];
		if (digits && digits % 16 == 0)
			buf[length++] = '_';
	}
	buf[length] = '\0';
	return (int)length;
}

int cr_bits_format(char *buf, u32 size, const struct cr_register *r, const void *value)
{
	u32 length = 0;

	buf[0] = '\0';
	for (const struct cr_bits *b = r->bits; b && b->name; b++) {
		u64 v = cr_bits_value(b, r, value);
		const char *blank = length ? " " : "";

		if (!v || length >= size)
			continue;
		if (b->width == 1)
			length += (u32)lib_snprintf(buf + length, size - length, "%s%s", blank, b->name);
		else
			length += (u32)lib_snprintf(buf + length, size - length, "%s%s=%llx", blank, b->name,
						    (unsigned long long)v);
	}
	return (int)length;
}

int cr_register_format(char *buf, u32 size, const struct cr_register *r, const void *value)
{
	char text[CR_VALUE_SIZE], bits[CR_LINE_SIZE];

	cr_value_format(text, sizeof(text), r, value);
	if (cr_bits_format(bits, sizeof(bits), r, value) == 0)
		return lib_snprintf(buf, size, "%s %s", r->name, text);
	return lib_snprintf(buf, size, "%s %s %s", r->name, text, bits);
}
