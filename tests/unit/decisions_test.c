/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The decisions of docs/FORMAT.md §3, row by row, as far as writer and reader decide them. Each test changes one thing in
 * a good image and asks where the reader says that the trouble is. Rows that only a running kernel can show (7, 12, 13,
 * 18, 19, and the kernel's half of others) are tests of the programs in tests/programs.
 */
#include "refused.h"

/* --- Rows 1 to 8 --- */

static void row_1(void)
{
	struct sample s = sample_registers();
	struct fxsave fx = sample_fxsave();
	struct buffer b = sample_write(&s);

	ok(memcmp(b.data + AT_XSTATE, &fx, 512) == 0, "row 1: the image holds the 512 bytes of state");
	buffer_free(&b);
}

static void row_2(void)
{
	struct sample s = sample_registers();

	for (u32 enable = 0; enable < 8; enable++) {
		char what[64];

		snprintf(what, sizeof(what), "row 2: uses_debug is 0, DR7 bit %u is set", enable);
		s.cpu.debugreg7 = (u64)1 << enable;
		s.cpu.uses_debug = 1;
		ok(sample_accepted(&s, &cr_any_machine), "row 2: uses_debug is 1, DR7 bit %u is set", enable);
		s.cpu.uses_debug = 0;
		sample_is_refused(&s, &cr_any_machine, "CPU", "uses_debug", CPU_AT(264), what);
	}
	s.cpu.debugreg7 = 0x300; /* LE and GE enable nothing */
	ok(sample_accepted(&s, &cr_any_machine), "row 2: uses_debug is 0, DR7 enables nothing");
	s.cpu.uses_debug = 1;
	sample_is_refused(&s, &cr_any_machine, "CPU", "uses_debug", CPU_AT(264),
			  "row 2: uses_debug is 1, DR7 enables nothing");
	s.cpu.debugreg7 = 1;
	s.cpu.uses_debug = 2;
	sample_is_refused(&s, &cr_any_machine, "CPU", "uses_debug", CPU_AT(264), "row 2: uses_debug is 2");
}

static void row_3(void)
{
	struct sample s = sample_registers();
	struct cr_image image;
	struct buffer b;

	memset(s.tls, 0, sizeof(s.tls));
	s.cpu.fs = s.cpu.gs = 0;
	b = sample_write(&s);
	is_number(b.size, CR_REGISTERS_IMAGE_SIZE, "row 3: the descriptors are written where there are none");
	ok(sample_read(&b, &cr_any_machine, &image, NULL) == 0 && image.size == b.size && image.thread.ntls == 0,
	   "row 3: and read");
	buffer_free(&b);
	for (u64 ntls = 0; ntls <= 4; ntls++)
		if (ntls != 2) /* what the sample has */
			patch_is_refused(AT_THREAD + HDR + 4, ntls, 2, "THREAD", "ntls",
					 "row 3: ntls is not the number");
	patch_is_refused(AT_THREAD + HDR + 4, 0xffff, 2, "THREAD", "ntls", "row 3: ntls is negative");
	patch_is_refused(AT_THREAD + HDR, 2, 2, "THREAD", "gdt_entry_tls_entries", "row 3: two entries");
	patch_is_refused(AT_THREAD + HDR + 2, 16, 2, "THREAD", "sizeof_tls_array", "row 3: sixteen bytes");
}

static void row_4(void)
{
	struct sample s = sample_registers();
	struct buffer b = sample_write(&s);
	bool good = true;

	for (b.size = AT_TLS; b.size < AT_TLS + 24; b.size++) {
		struct cr_error e;

		good &= sample_read(&b, &cr_any_machine, NULL, &e) == -EPIPE && e.offset == b.size && e.record &&
			strcmp(e.record, "THREAD") == 0;
	}
	ok(good, "row 4: a TLS array cut off anywhere is EPIPE, in THREAD, at the image's end");
	buffer_free(&b);
}

static void row_5(void)
{
	struct sample s = sample_memory();
	struct buffer good = sample_write(&s), bad = patched(AT_TAIL + HDR, 0, 8);
	struct cr_image fresh, used;
	struct cr_ctx ctx = reader(&bad);

	memset(&fresh, 0, sizeof(fresh));
	memset(&used, 0, sizeof(used));
	sample_read(&good, &cr_any_machine, &fresh, NULL);
	memset(&used, 0xee, sizeof(used));
	ok(cr_read_image(&ctx, &cr_any_machine, &used) < 0, "row 5: a bad image is refused");
	ctx = reader(&good);
	ok(cr_read_image(&ctx, &cr_any_machine, &used) == 0 && used.xstate_bv == fresh.xstate_bv &&
		   used.vmas.nr_pages == fresh.vmas.nr_pages && used.nldt == fresh.nldt && used.size == fresh.size &&
		   memcmp(&used.cpu, &fresh.cpu, sizeof(used.cpu)) == 0,
	   "row 5: and leaves nothing behind for the next");
	buffer_free(&good);
	buffer_free(&bad);
}

static struct cr_machine machine_486(void)
{
	struct cr_machine m = cr_any_machine;

	m.has_fxsr = m.has_sse = false;
	m.mxcsr_mask = 0;
	return m;
}

static void row_6(void)
{
	struct cr_machine old = machine_486(), none = old;
	struct sample s = sample_registers();
	struct fxsave fx = sample_fxsave();
	struct fsave fs;

	fx.mxcsr &= ~0x40u; /* DAZ, which the default MXCSR_MASK lacks, is refused for itself: row 20 */
	sample_set_fxsave(&s, &fx);
	sample_is_refused(&s, &old, "CPU", "has_fxsr", CPU_AT(268), "row 6: SSE state for a CPU without SSE");
	memset(fx.xmm, 0, sizeof(fx.xmm));
	sample_set_fxsave(&s, &fx);
	sample_is_refused(&s, &old, "CPU", "has_fxsr", CPU_AT(268), "row 6: MXCSR for a CPU without SSE");
	fx.mxcsr = 0x1f80;
	fx.xmm[7][15] = 1;
	sample_set_fxsave(&s, &fx);
	sample_is_refused(&s, &old, "CPU", "has_fxsr", CPU_AT(268), "row 6: XMM7 for a CPU without SSE");
	fx.xmm[7][15] = 0;
	sample_set_fxsave(&s, &fx);
	ok(sample_accepted(&s, &old), "row 6: FXSAVE with SSE in its initial state, for a CPU with FSAVE");
	ok(fxsave_to_fsave(&fs, &fx), "row 6: which can be converted");
	memset(s.cpu.xstate, 0, sizeof(s.cpu.xstate));
	memcpy(s.cpu.xstate, &fs, sizeof(fs));
	s.cpu.has_fxsr = 0;
	ok(sample_accepted(&s, &old), "row 6: FSAVE for a CPU with FSAVE");
	ok(sample_accepted(&s, &cr_any_machine), "row 6: FSAVE for a CPU with FXSAVE");
	none.has_fpu = false;
	sample_is_refused(&s, &none, "CPU", "used_math", CPU_AT(266), "row 6: x87 state for a CPU without FPU");
	s.cpu.used_math = 0;
	memset(s.cpu.xstate, 0, sizeof(s.cpu.xstate));
	ok(sample_accepted(&s, &none), "row 6: no x87 state, for a CPU without FPU");
}

static const struct {
	const char *name;
	u32 offset;
} segments[] = {{"cs", 136}, {"ss", 160}, {"ds", 168}, {"es", 176}, {"fs", 184}, {"gs", 192}};

static void row_8(void)
{
	for (u32 n = 0; n < ARRAY_SIZE(segments); n++) {
		char what[64];

		for (u32 shift = 16; shift < 32; shift += 15) {
			snprintf(what, sizeof(what), "row 8: bit %u of %s", shift, segments[n].name);
			patch_is_refused(CPU_AT(segments[n].offset), (n ? 0x7b : 0x73) | (u64)1 << shift, 8, "CPU",
					 segments[n].name, what);
		}
		snprintf(what, sizeof(what), "row 8: bit 32 of %s", segments[n].name);
		patch_is_refused(CPU_AT(segments[n].offset), (n ? 0x7b : 0x73) | (u64)1 << 32, 8, "CPU",
				 segments[n].name, what);
	}
}

/* --- Row 9: flags and selectors --- */

static void row_9_flags(void)
{
	/* CF, PF, AF, ZF, SF, TF, DF, OF, NT, RF, AC, ID: SDM 1 figure 3-8 */
	static const u8 may[] = {0, 2, 4, 6, 7, 8, 10, 11, 14, 16, 18, 21};
	u64 all = 0x202;

	for (u32 n = 0; n < ARRAY_SIZE(may); n++)
		all |= (u64)1 << may[n];
	for (u32 bit = 0; bit < 32; bit++) {
		u64 one = (u64)1 << bit;
		struct buffer b = patched(CPU_AT(144), 0x202 ^ one, 8);
		char what[64];

		if (all & one & ~0x202ull) {
			ok(sample_read(&b, &cr_any_machine, NULL, NULL) == 0, "row 9: flags bit %u may be set", bit);
		} else {
			snprintf(what, sizeof(what), "row 9: flags bit %u %s", bit,
				 one & 0x202 ? "must be set" : "must be clear");
			is_refused(&b, &cr_any_machine, "CPU", "flags", CPU_AT(144), what);
		}
		buffer_free(&b);
	}
	{
		struct buffer b = patched(CPU_AT(144), all, 8);

		ok(sample_read(&b, &cr_any_machine, NULL, NULL) == 0, "row 9: all flags that may be set, together");
		buffer_free(&b);
	}
}

/* Flat descriptors, DPL 3, by type: SDM 3 table 3-1. */
#define DESCRIPTOR(type) (0x00cff0000000ffffull | (u64)(type) << 40)
#define NOT_PRESENT(d)	 ((d) & ~((u64)1 << 47))

enum { FOR_CODE = 1, FOR_STACK = 2, FOR_DATA = 4 };

/* Which registers a descriptor of each type may be loaded into at CPL 3: SDM 3 §5.5 to §5.7 and MOV, loading SS. */
static const u8 usable[16] = {
	FOR_DATA, FOR_DATA, FOR_DATA | FOR_STACK, FOR_DATA | FOR_STACK, /* read-only; read/write */
	FOR_DATA, FOR_DATA, FOR_DATA | FOR_STACK, FOR_DATA | FOR_STACK, /* the same, expand-down */
	FOR_CODE, FOR_CODE, FOR_CODE | FOR_DATA,  FOR_CODE | FOR_DATA,	/* execute-only; execute/read */
	FOR_CODE, FOR_CODE, FOR_CODE | FOR_DATA,  FOR_CODE | FOR_DATA,	/* the same, conforming */
};

static void try_segment(u32 n, u64 selector, u64 descriptor, bool usable_here, const char *what)
{
	struct sample s = sample_registers();
	struct buffer b;

	s.tls[2] = descriptor; /* GDT entry 8 */
	b = sample_write(&s);
	memcpy(b.data + CPU_AT(segments[n].offset), &selector, 8);
	if (usable_here)
		ok(sample_read(&b, &cr_any_machine, NULL, NULL) == 0, "%s", what);
	else
		is_refused(&b, &cr_any_machine, "CPU", segments[n].name, CPU_AT(segments[n].offset), what);
	buffer_free(&b);
}

static void row_9_types(void)
{
	for (u32 n = 0; n < ARRAY_SIZE(segments); n++) {
		u32 use = n == 0 ? FOR_CODE : n == 1 ? FOR_STACK : FOR_DATA;
		char what[64];

		for (u32 type = 0; type < 16; type++) {
			snprintf(what, sizeof(what), "row 9: %s with a descriptor of type %u", segments[n].name, type);
			try_segment(n, 0x43, DESCRIPTOR(type), usable[type] & use, what);
		}
		snprintf(what, sizeof(what), "row 9: %s with a segment that is not present", segments[n].name);
		try_segment(n, 0x43, NOT_PRESENT(DESCRIPTOR(n ? 2 : 10)), false, what);
		snprintf(what, sizeof(what), "row 9: %s with an empty TLS slot", segments[n].name);
		try_segment(n, 0x43, 0, false, what);
	}
}

static void row_9_selectors(void)
{
	static const struct {
		u64 selector;
		bool data, code, stack;
		const char *what;
	} rows[] = {
		{0x00, true, false, false, "null"},
		{0x03, true, false, false, "null with RPL 3"},
		{0x73, true, true, false, "the user's code segment"},
		{0x7b, true, false, true, "the user's data segment"},
		{0x01, true, false, false, "null with RPL 1"},
		{0x02, true, false, false, "null with RPL 2"},
		{0x70, true, false, false, "the user's code segment, RPL 0"},
		{0x71, true, false, false, "the user's code segment, RPL 1"},
		{0x72, true, false, false, "the user's code segment, RPL 2"},
		{0x78, true, false, false, "the user's data segment, RPL 0"},
		{0x79, true, false, false, "the user's data segment, RPL 1"},
		{0x7a, true, false, false, "the user's data segment, RPL 2"},
		{0x60, false, false, false, "the kernel's code segment"},
		{0x63, false, false, false, "the kernel's code segment, RPL 3"},
		{0x68, false, false, false, "the kernel's data segment"},
		{0x6b, false, false, false, "the kernel's data segment, RPL 3"},
		{0x83, false, false, false, "the TSS"},
		{0x8b, false, false, false, "the LDT's own descriptor"},
		{0x2b, false, false, false, "the entry below TLS"},
		{0x4b, false, false, false, "the entry above TLS"},
		{0xfb, false, false, false, "the GDT's last entry"},
		{0x103, false, false, false, "past the GDT"},
		{0xfffb, false, false, false, "far past the GDT"},
		{0x07, false, false, false, "an LDT selector where there is no LDT"},
	};

	for (u32 i = 0; i < ARRAY_SIZE(rows); i++)
		for (u32 n = 0; n < ARRAY_SIZE(segments); n++) {
			bool usable_here = n == 0 ? rows[i].code : n == 1 ? rows[i].stack : rows[i].data;
			char what[80];

			snprintf(what, sizeof(what), "row 9: %s = %04llx, %s", segments[n].name,
				 (unsigned long long)rows[i].selector, rows[i].what);
			try_segment(n, rows[i].selector, 0, usable_here, what);
		}
}

/* A register holds 16 bits of selector; what an image has in 64 or a caller in 32 is judged as a whole. */
static void row_9_width(void)
{
	static const u64 tls[CR_TLS_ENTRIES];
	struct cr_descriptors d = {.tls = tls};

	ok(cr_descriptor(&d, 0x73) != 0, "row 9: 0073 is the user's code segment");
	ok(cr_descriptor(&d, 0x10073) == 0, "row 9: 10073 is none");
}

/* With memory the image brings its own LDT, without it refers to that of the task it is loaded into. */
static void row_9_ldt(void)
{
	static const u64 ldt[] = {0, 0x00cff2000000ffff};
	struct cr_machine machine = cr_any_machine;
	struct sample s = sample_memory();

	ok(sample_accepted(&s, &cr_any_machine), "row 9: es with a descriptor of the image's own LDT");
	s.nldt = 2;
	s.fds = 0;
	sample_is_refused(&s, &cr_any_machine, "CPU", "es", 12940 + 16 + 2 * 8 + 16 + 40 + 8 + 176,
			  "row 9: es past the image's own LDT");
	s = sample_registers();
	s.cpu.es = 1 << 3 | 4 | 3;
	machine.ldt = ldt;
	machine.nldt = 2;
	ok(sample_accepted(&s, &machine), "row 9: es with a descriptor of the caller's LDT");
	s.cpu.es = 2 << 3 | 4 | 3;
	sample_is_refused(&s, &machine, "CPU", "es", CPU_AT(176), "row 9: es past the caller's LDT");
	s.cpu.es = 4 | 3;
	sample_is_refused(&s, &machine, "CPU", "es", CPU_AT(176), "row 9: es with an empty entry of the LDT");
}

/* --- Rows 10 and 11 --- */

static void row_10(void)
{
	static const struct {
		u64 descriptor;
		const char *what;
	} bad[] = {
		{0x00cfe2000000ffff, "S = 0"},
		{0x0000ec0000600000, "a call gate"},
		{0x0000ee0000600000, "an interrupt gate"},
		{0x00008b0000000067, "a TSS"},
		{0x000082000000ffff, "an LDT"},
		{0x00cf92000000ffff, "DPL 0"},
		{0x00cfb2000000ffff, "DPL 1"},
		{0x00cfd2000000ffff, "DPL 2"},
		{0x00affa000000ffff, "L = 1: 64-bit code"},
		{0x0000000000000001, "bits without S"},
	};

	for (u32 n = 0; n < ARRAY_SIZE(bad); n++) {
		struct sample s = sample_registers();
		char what[64];

		for (u32 slot = 0; slot < 3; slot++) {
			snprintf(what, sizeof(what), "row 10: TLS slot %u holds %s", slot, bad[n].what);
			s = sample_registers();
			s.tls[slot] = bad[n].descriptor;
			sample_is_refused(&s, &cr_any_machine, "THREAD", "tls_array", AT_TLS + 8 * slot, what);
		}
		s = sample_memory();
		s.ldt[1] = bad[n].descriptor;
		snprintf(what, sizeof(what), "row 10: the image's LDT holds %s", bad[n].what);
		sample_is_refused(&s, &cr_any_machine, "MM_CONTEXT", "descriptor", 12940 + 16 + 8, what);
	}
	for (u32 type = 0; type < 16; type++) {
		struct sample s = sample_registers();

		s.tls[2] = NOT_PRESENT(DESCRIPTOR(type));
		ok(sample_accepted(&s, &cr_any_machine), "row 10: TLS slot 2 holds type %u, not present", type);
		s.tls[2] = DESCRIPTOR(type);
		ok(sample_accepted(&s, &cr_any_machine), "row 10: TLS slot 2 holds type %u", type);
	}
}

static void row_11(void)
{
	enum { X = 0, W = 1, IO = 2, RW = 3 }; /* R/W of a breakpoint: SDM 3 §17.2.4 */
	static const struct {
		u64 address;
		u32 rw, len; /* LEN as encoded: 0, 1, 3 for 1, 2, 4 bytes */
		bool good;
		const char *what;
	} rows[] = {
		{0x08048001, X, 0, true, "execute anywhere"},
		{0x08048001, W, 0, true, "write, 1 byte anywhere"},
		{0x08048002, RW, 1, true, "access, 2 bytes, aligned"},
		{0x08048004, RW, 3, true, "access, 4 bytes, aligned"},
		{0x08048001, RW, 1, false, "2 bytes, not aligned"},
		{0x08048002, RW, 3, false, "4 bytes, aligned to 2"},
		{0x08048001, W, 3, false, "4 bytes, not aligned"},
		{0x00000000, W, 3, true, "at address 0"},
		{0xbfffffff, X, 0, true, "the last byte of user space"},
		{0xbffffffe, W, 1, true, "the last 2 bytes of user space"},
		{0xbffffffc, W, 3, true, "the last 4 bytes of user space"},
		{0xc0000000, X, 0, false, "execute, the kernel's first byte"},
		{0xc0000000, W, 3, false, "write, the kernel's first bytes"},
		{0xffffffff, W, 0, false, "the last byte of all"},
		{0xfffffffc, RW, 3, false, "the last 4 bytes of all"},
		{0x08048000, IO, 0, false, "I/O"},
		{0x08048000, W, 2, false, "8 bytes, which i386 does not have"},
		{0x08048000, X, 1, false, "execute, 2 bytes"},
		{0x08048000, X, 3, false, "execute, 4 bytes"},
	};

	for (u32 n = 0; n < ARRAY_SIZE(rows); n++)
		for (u32 i = 0; i < 4; i++) {
			struct sample s = sample_registers();
			u64 *dr = &s.cpu.debugreg0;
			char what[96];

			s.cpu.debugreg0 = s.cpu.debugreg1 = s.cpu.debugreg2 = s.cpu.debugreg3 = 0xffffffff;
			dr[i] = rows[n].address;
			s.cpu.debugreg7 = (u64)(n & 1 ? 1 : 2) << 2 * i | (u64)(rows[n].rw | rows[n].len << 2)
										  << (16 + 4 * i);
			snprintf(what, sizeof(what), "row 11: DR%u, %s", i, rows[n].what);
			if (rows[n].good)
				ok(sample_accepted(&s, &cr_any_machine), "%s", what);
			else
				sample_is_refused(&s, &cr_any_machine, "CPU", "debugreg7", CPU_AT(256), what);
		}
}

static void row_11_bits(void)
{
	struct sample s = sample_registers();

	for (u32 bit = 10; bit < 16; bit++) {
		char what[64];

		snprintf(what, sizeof(what), "row 11: DR7 bit %u%s", bit, bit == 13 ? ", GD" : ", reserved");
		patch_is_refused(CPU_AT(256), 1 | (u64)1 << bit, 8, "CPU", "debugreg7", what);
	}
	s.cpu.debugreg7 = 0;
	s.cpu.uses_debug = 0;
	s.cpu.debugreg0 = s.cpu.debugreg3 = 0xc0000001;
	ok(sample_accepted(&s, &cr_any_machine), "row 11: an address that no breakpoint uses may be any");
	for (u32 bit = 4; bit < 13; bit++) {
		char what[64];

		snprintf(what, sizeof(what), "row 11: DR6 bit %u is no status", bit);
		patch_is_refused(CPU_AT(248), (u64)1 << bit, 8, "CPU", "debugreg6", what);
	}
}

/* --- Rows 14 to 21 --- */

/* Where the task goes on must be where its code segment lets it: else the kernel's IRET would fault. */
static void row_9_eip(void)
{
	struct sample s = sample_registers();

	s.tls[2] = 0x0040fa0000000fffull; /* code, base 0, limit FFFH */
	s.cpu.cs = 0x43;
	s.cpu.ip = 0xfff;
	ok(sample_accepted(&s, &cr_any_machine), "row 9: ip at the limit of cs");
	s.cpu.ip = 0x1000;
	sample_is_refused(&s, &cr_any_machine, "CPU", "ip", CPU_AT(128), "row 9: ip past the limit of cs");
}

static void row_14(void)
{
	struct buffer b = patched(CPU_AT(80), 0x12345678, 8);
	struct cr_image image;

	ok(sample_read(&b, &cr_any_machine, &image, NULL) == 0 && image.cpu.ax == 0x12345678,
	   "row 14: the image's ax is what the reader gives");
	buffer_free(&b);
}

static void row_15(void)
{
	static const struct {
		const char *name;
		u32 offset;
	} absent[] = {{"r15", 0},  {"r14", 8}, {"r13", 16}, {"r12", 24},	{"r11", 48},
		      {"r10", 56}, {"r9", 64}, {"r8", 72},  {"debugreg4", 232}, {"debugreg5", 240}};
	struct sample s = sample_memory();
	struct buffer a = sample_write(&s), b = sample_write(&s);

	ok(a.size == b.size && memcmp(a.data, b.data, a.size) == 0, "row 15: the same state gives the same bytes");
	buffer_free(&a);
	buffer_free(&b);
	for (u32 n = 0; n < ARRAY_SIZE(absent); n++)
		patch_is_refused(CPU_AT(absent[n].offset), 1, 8, "CPU", absent[n].name,
				 "row 15: a register that i386 does not have");
	patch_is_refused(CPU_AT(80), (u64)1 << 32, 8, "CPU", "ax", "row 15: the upper half of ax");
	patch_is_refused(CPU_AT(266), 2, 2, "CPU", "used_math", "row 15: used_math is neither 0 nor 1");
	patch_is_refused(CPU_AT(268), 2, 2, "CPU", "has_fxsr", "row 15: has_fxsr is neither 0 nor 1");
	patch_is_refused(CPU_AT(270), 1, 2, "CPU", "_padding", "row 15: padding in CPU");
	patch_is_refused(AT_TASK + HDR + 20, 1, 4, "TASK", "_padding", "row 15: padding in TASK");
	patch_is_refused(AT_THREAD + HDR + 6, 1, 2, "THREAD", "_padding", "row 15: padding in THREAD");
	patch_is_refused(AT_STRING + HDR, 0x4100000041, 8, "STRING", "comm", "row 15: bytes behind the task's name");
}

/* What an FPU that was not used says, and what an FSAVE image has behind its 108 bytes, is nothing. */
static void names(void)
{
	static const char *const wrong[] = {"a\nok 1", "a\r", "\033[1m", "a\177"};
	struct sample s = sample_registers();

	for (u32 n = 0; n < ARRAY_SIZE(wrong); n++) {
		memset(s.comm, 0, sizeof(s.comm));
		strcpy(s.comm, wrong[n]);
		sample_is_refused(&s, &cr_any_machine, "STRING", "comm", AT_STRING + HDR,
				  "a control character in the task's name");
	}
	strcpy(s.comm, " ~\303\244");
	ok(sample_accepted(&s, &cr_any_machine), "no control characters");
}

static void row_15_fpu(void)
{
	struct sample s = sample_registers();
	struct fsave fs;

	s.cpu.used_math = s.cpu.has_fxsr = 0;
	sample_is_refused(&s, &cr_any_machine, "CPU", "xstate", AT_XSTATE, "row 15: state that no FPU use has left");
	memset(s.cpu.xstate, 0, sizeof(s.cpu.xstate));
	ok(sample_accepted(&s, &cr_any_machine), "row 15: used_math is 0 and so is the state");
	s.cpu.has_fxsr = 1;
	sample_is_refused(&s, &cr_any_machine, "CPU", "has_fxsr", CPU_AT(268), "row 15: the form of no state");
	s.cpu.has_fxsr = 0;
	patch_is_refused(CPU_AT(266), 2, 2, "CPU", "used_math", "row 15: used_math is 2");
	patch_is_refused(CPU_AT(268), 2, 2, "CPU", "has_fxsr", "row 15: has_fxsr is 2");
	fsave_init(&fs);
	memcpy(s.cpu.xstate, &fs, sizeof(fs));
	s.cpu.used_math = 1;
	ok(sample_accepted(&s, &cr_any_machine), "row 15: an FSAVE image, zero-filled");
	s.cpu.xstate[108] = 1;
	sample_is_refused(&s, &cr_any_machine, "CPU", "xstate", AT_XSTATE + 108,
			  "row 15: byte 108 behind an FSAVE image");
}

static void row_16(void)
{
	struct buffer b = patched(AT_CPU + 4, 8, 4);
	struct sample s = sample_xstate();

	is_refused(&b, &cr_any_machine, "CPU", "cr_hdr.parent", AT_CPU + 4, "row 16: CPU's parent is not the task");
	buffer_free(&b);
	b = patched(AT_THREAD + 4, 8, 4);
	is_refused(&b, &cr_any_machine, "CPU", "cr_hdr.parent", AT_CPU + 4, "row 16: THREAD's parent is not CPU's");
	buffer_free(&b);
	b = sample_write(&s);
	b.data[AT_TAIL + 4] = 8; /* where the first XSTATE stands in this image */
	is_refused(&b, &cr_any_machine, "XSTATE", "cr_hdr.parent", AT_TAIL + 4,
		   "row 16: XSTATE's parent is not the task");
	buffer_free(&b);
	patch_is_refused(AT_HEAD + 4, 7, 4, "HEAD", "cr_hdr.parent", "row 16: HEAD has no parent");
	patch_is_refused(AT_TASK + 4, 7, 4, "TASK", "cr_hdr.parent", "row 16: TASK has no parent");
	patch_is_refused(AT_TAIL + 4, 7, 4, "TAIL", "cr_hdr.parent", "row 16: TAIL has no parent");
	b = patched(AT_THREAD + 4, 0, 4);
	is_refused(&b, &cr_any_machine, "THREAD", "cr_hdr.parent", AT_THREAD + 4, "row 16: no task has the id 0");
	buffer_free(&b);
	b = patched(AT_THREAD + 4, 0x80000000, 4);
	is_refused(&b, &cr_any_machine, "THREAD", "cr_hdr.parent", AT_THREAD + 4, "row 16: nor a negative one");
	buffer_free(&b);
}

static int no_vma(void *cookie, const struct cr_hdr_vma *vma)
{
	(void)vma;
	++*(u32 *)cookie;
	return 0;
}

static u32 no_pages(void *cookie, const u32 *address, u8 **page, u32 count)
{
	(void)address;
	(void)page;
	(void)count;
	++*(u32 *)cookie;
	return 0;
}

/* The reader's first phase is handed nothing that it could change; all that can be wrong is found in it. */
static void row_17(void)
{
	static const struct cr_memory_ops ops = {.vma = no_vma, .pages = no_pages};
	struct sample s = sample_memory();
	struct buffer b = sample_write(&s);
	struct cr_ctx ctx = reader(&b);
	struct cr_image image;
	u32 calls = 0;

	b.data[b.size - 1] ^= 0x80;
	ok(cr_read_image(&ctx, &cr_any_machine, &image) == -EINVAL && strcmp(ctx.error.record, "TAIL") == 0,
	   "row 17: a wrong last byte is found before anything is applied");
	ok(cr_read_memory(&ctx, &image, &ops, &calls) < 0 && calls == 0, "row 17: and then there is no second phase");
	buffer_free(&b);
}

static void row_20(void)
{
	/* Reserved bytes of an FXSAVE image: SDM 1 table 10-2. 28 is MXCSR_MASK, 288 XMM8. */
	static const u16 reserved[] = {5, 14, 15, 22, 23, 28, 31, 42, 47, 154, 159, 288, 415, 416, 463, 464, 511};
	struct cr_machine machine = cr_any_machine;
	struct sample s = sample_registers();
	struct fxsave fx = sample_fxsave();

	for (u32 n = 0; n < ARRAY_SIZE(reserved); n++)
		patch_is_refused(AT_XSTATE + reserved[n], 1, 1, "CPU", "xstate", "row 20: a reserved byte");
	patch_is_refused(AT_XSTATE + 7, 0x0d, 1, "CPU", "xstate", "row 20: FOP has 11 bits");
	for (u32 bit = 0; bit < 32; bit++) {
		char what[64];

		snprintf(what, sizeof(what), "row 20: MXCSR bit %u outside MXCSR_MASK", bit);
		fx.mxcsr = (u32)1 << bit;
		sample_set_fxsave(&s, &fx);
		machine.mxcsr_mask = ~fx.mxcsr;
		sample_is_refused(&s, &machine, "CPU", "xstate.mxcsr", AT_XSTATE + 24, what);
		machine.mxcsr_mask = fx.mxcsr;
		ok(sample_accepted(&s, &machine), "row 20: MXCSR bit %u within MXCSR_MASK", bit);
	}
	fxsave_canonical(&fx);
	is_number((unsigned)fxsave_stray_byte(&fx), (unsigned)-1, "row 20: what is written has no reserved byte set");
}

static void row_21(void)
{
	struct sample s = sample_registers();

	strcpy(s.head.machine, "x86_64");
	sample_is_refused(&s, &cr_any_machine, "HEAD", "machine", AT_HEAD + HDR + 160, "row 21: an image of x86-64");
	ok(sizeof(s.cpu.r15) == 8 && sizeof(s.cpu.ip) == 8 && sizeof(s.cpu.debugreg7) == 8,
	   "row 21: the fields have room for it");
}

/* --- Memory --- */

/* Where the records of memory stand in sample_memory(), and the offset of a payload's field from that. */
enum {
	AT_MM = 288,
	AT_VMA = 392,
	AT_PGARR = 448,
	AT_VMA2 = 4580,
	AT_PGARR2 = 4636,
	AT_VMA3 = 12868,
	AT_MM_CONTEXT = 12940,
	AT_FILES = 12980,
	AT_FD_ENT = 12996,
	AT_FD_DATA = 13020,
	AT_FNAME = 13052,
	AT_FD_ENT2 = 13073,
	AT_THREAD_BEHIND = 13155,
};

/* map_count is noticed to be wrong where the next record is another than it promises. */
static void map_count(void)
{
	struct sample s = sample_memory();
	struct buffer b = sample_write(&s);

	b.data[AT_MM + HDR + 4] = 2;
	is_refused(&b, &cr_any_machine, "MM_CONTEXT", "cr_hdr.type", AT_VMA3, "memory: a VMA more than map_count says");
	b.data[AT_MM + HDR + 4] = 4;
	is_refused(&b, &cr_any_machine, "VMA", "cr_hdr.type", AT_MM_CONTEXT, "memory: a VMA less than map_count says");
	buffer_free(&b);
}

/* What is noticed elsewhere than where it is wrong. */
static void descriptors(void)
{
	static const struct change changes[] = {
		{AT_FILES + HDR + 4, 1, 3, "FD_ENT", "cr_hdr.type", "a descriptor more than nfds says",
		 AT_THREAD_BEHIND},
		{AT_FILES + HDR + 4, 1, 1, "THREAD", "cr_hdr.type", "a descriptor less than nfds says", AT_FD_ENT2},
		{AT_FD_DATA + HDR + 4, 1, 3, "FD_DATA", "f_mode", "f_flags that ask for neither", AT_FD_DATA + HDR + 2},
		{AT_FNAME + 2, 1, 12, "FNAME", "name", "a path without an end", AT_FNAME + HDR},
		{AT_FNAME + HDR + 3, 1, 0, "FNAME", "name", "a path that ends early", AT_FNAME + HDR},
		{AT_FNAME + HDR + 3, 1, '\n', "FNAME", "name", "a path with a control character", AT_FNAME + HDR},
	};
	struct sample s = sample_memory();

	changes_are_refused(&s, "memory", changes, ARRAY_SIZE(changes));
}

static void memory(void)
{
	static const struct change changes[] = {
		{AT_MM + HDR, 4, 1, "MM", "objref", "shared memory", 0},
		{AT_MM + HDR + 8, 8, 0xc0000001, "MM", "start_code", "start_code in the kernel", 0},
		{AT_MM + HDR + 88, 8, 1ull << 32, "MM", "env_end", "env_end beyond 4 GiB", 0},
		{AT_VMA + HDR, 4, 0, "VMA", "vma_type", "no kind of memory", 0},
		{AT_VMA + HDR + 4, 4, 1, "VMA", "_padding", "padding", 0},
		{AT_VMA + HDR + 8, 8, 0x08048001, "VMA", "vm_start", "a start within a page", 0},
		{AT_VMA + HDR + 8, 8, 0xc0000000, "VMA", "vm_start", "a start in the kernel", 0},
		{AT_VMA + HDR + 16, 8, 0x08048fff, "VMA", "vm_end", "an end within a page", 0},
		{AT_VMA + HDR + 16, 8, 0x08048000, "VMA", "vm_end", "an end at its start", 0},
		{AT_VMA + HDR + 16, 8, 0xc0001000, "VMA", "vm_end", "an end in the kernel", 0},
		{AT_VMA + HDR + 16, 8, 0x100000000, "VMA", "vm_end", "an end at 4 GiB", 0},
		{AT_VMA2 + HDR + 8, 8, 0x08048000, "VMA", "vm_start", "two VMAs that overlap", 0},
		{AT_VMA2 + HDR + 8, 8, 0x08047000, "VMA", "vm_start", "VMAs not in rising order", 0},
		{AT_VMA + HDR + 24, 8, 7, "VMA", "vm_page_prot", "a protection that vm_flags does not ask for", 0},
		{AT_VMA + HDR + 32, 8, 0xd, "VMA", "vm_flags", "VM_SHARED", 0},
		{AT_VMA + HDR + 40, 8, 1, "VMA", "vm_pgoff", "a file offset", 0},
		{AT_PGARR + HDR, 8, 2, "PGARR", "nr_pages", "more pages than the VMA has", 0},
		{AT_PGARR + HDR, 8, 1ull << 32 | 1, "PGARR", "nr_pages", "far more pages than the VMA has", 0},
		{AT_PGARR + HDR + 8, 4, 0x08048004, "PGARR", "address", "an address within a page", 0},
		{AT_PGARR + HDR + 8, 4, 0x08047000, "PGARR", "address", "a page below the VMA", 0},
		{AT_PGARR + HDR + 8, 4, 0x08049000, "PGARR", "address", "a page above the VMA", 0},
		{AT_PGARR2 + HDR + 12, 4, 0x0804a000, "PGARR", "address", "a page twice", 0},
		{AT_MM_CONTEXT + HDR, 2, 16, "MM_CONTEXT", "ldt_entry_size", "LDT descriptors of 16 bytes", 0},
		{AT_MM_CONTEXT + HDR + 2, 2, 513, "MM_CONTEXT", "nldt", "more than 512 LDT descriptors", 0},
		{AT_MM_CONTEXT + HDR + 2, 2, 0xffff, "MM_CONTEXT", "nldt", "less than none", 0},
		{AT_MM_CONTEXT + HDR + 4, 4, 1, "MM_CONTEXT", "_padding", "padding behind nldt", 0},
		{AT_FILES + HDR, 4, 1, "FILES", "objref", "shared descriptors", 0},
		{AT_FD_ENT + HDR, 4, 2, "FD_ENT", "objref", "a file that is not the next", 0},
		{AT_FD_ENT2 + HDR, 4, 1, "FD_ENT", "objref", "a file that two descriptors share", 0},
		{AT_FD_ENT + HDR + 4, 4, 0xffffffff, "FD_ENT", "fd", "a negative descriptor", 0},
		{AT_FD_ENT2 + HDR + 4, 4, 1, "FD_ENT", "fd", "a descriptor twice", 0},
		{AT_FD_ENT + HDR + 8, 4, 1, "FD_ENT", "close_on_exec", "close on exec", 0},
		{AT_FD_ENT + HDR + 12, 4, 1, "FD_ENT", "_padding", "padding of a descriptor", 0},
		{AT_FD_DATA + HDR, 2, 2, "FD_DATA", "fd_type", "a directory", 0},
		{AT_FD_DATA + HDR + 2, 2, FMODE_READ, "FD_DATA", "f_mode", "a mode that f_flags does not ask for", 0},
		{AT_FD_DATA + HDR + 4, 4, 0x801, "FD_DATA", "f_flags", "flags that mean nothing here", 0},
		{AT_FD_DATA + HDR + 8, 8, 1ull << 32, "FD_DATA", "f_pos", "a position at 4 GiB", 0},
		{AT_FD_DATA + HDR + 16, 8, 1, "FD_DATA", "f_version", "a version", 0},
		{AT_FNAME + 2, 2, 1, "FNAME", "cr_hdr.len", "an empty path", 0},
		{AT_FNAME + 2, 2, 65, "FNAME", "cr_hdr.len", "a path that is too long", 0},
		{AT_FNAME + 4, 4, 7, "FNAME", "cr_hdr.parent", "a path with an owner", 0},
		{AT_FNAME + HDR, 1, 'd', "FNAME", "name", "a path that does not begin at /", 0},
	};
	struct sample s = sample_memory();

	changes_are_refused(&s, "memory", changes, ARRAY_SIZE(changes));
}

/* Each field of a VMA of a file, of its FNAME and of PROGRAM that can be wrong. */
static void program(void)
{
	enum {
		FNAME = AT_PGARR,
		SECOND = AT_VMA3 + 26,
		FNAME2 = SECOND + 56,
		END = 40 /* bytes of PROGRAM and TAIL */
	};
	struct sample s = sample_program();
	struct buffer b = sample_write(&s);
	u32 at_program = b.size - END;
	const struct change changes[] = {
		{AT_VMA + HDR, 4, 3, "VMA", "vma_type", "a VMA of no kind", 0},
		{AT_VMA + HDR, 4, 1, "VMA", "vm_pgoff", "anonymous memory with an offset", AT_VMA + HDR + 40},
		{AT_VMA + HDR + 32, 8, 7, "VMA", "vm_flags", "a file that can be written", 0},
		{AT_VMA + HDR + 40, 8, 1 << 20, "VMA", "vm_pgoff", "a page beyond 4 GiB", 0},
		{FNAME, 2, 4, "FNAME", "cr_hdr.type", "a file without a name", 0},
		{FNAME2 + HDR + 8, 1, 'T', "FNAME", "name", "a second file", FNAME2 + HDR},
		{at_program + HDR, 8, 0x3000, "PROGRAM", "size", "a file that ends before its VMAs", 0},
		{at_program + HDR, 8, 1ull << 32, "PROGRAM", "size", "a file of 4 GiB", 0},
		{at_program + HDR + 12, 4, 1, "PROGRAM", "_padding", "padding", 0},
		{at_program, 2, CR_HDR_TAIL, "PROGRAM", "cr_hdr.type", "no PROGRAM", 0},
		{at_program + 4, 4, 7, "PROGRAM", "cr_hdr.parent", "an owner", 0},
		{AT_HEAD + HDR + 14, 2, 1, "HEAD", "rev", "HEAD.rev is 1", 0},
	};
	struct cr_image image;

	ok(sample_read(&b, &cr_any_machine, &image, NULL) == 0 &&
		   strcmp(image.vmas.program.name, s.program.name) == 0 && image.vmas.program.end == 0x4000 &&
		   memcmp(&image.vmas.program.file, &s.program.file, sizeof(s.program.file)) == 0,
	   "PROGRAM: read as written");
	buffer_free(&b);
	changes_are_refused(&s, "PROGRAM", changes, ARRAY_SIZE(changes));
	s = sample_memory();
	b = sample_write(&s);
	ok(sample_read(&b, &cr_any_machine, &image, NULL) == 0 && !image.vmas.program.name[0],
	   "no PROGRAM: none is read");
	buffer_free(&b);
}

/* What a machine has no room for. */
static void memory_of_a_machine(void)
{
	struct cr_machine machine = cr_any_machine;
	struct sample s = sample_memory();
	struct buffer b = sample_write(&s);

	machine.max_vmas = 3;
	ok(sample_accepted(&s, &machine), "memory: as many VMAs as a task can have");
	machine.max_vmas = 2;
	is_refused(&b, &machine, "MM", "map_count", AT_MM + HDR + 4, "memory: a VMA more than that");
	buffer_free(&b);
}

/* An image that ends early, in front of a record of which there can be two kinds: it is named after the one that must come. */
static void early_end(void)
{
	static const struct {
		u32 size;
		const char *record;
	} rows[] = {{AT_THREAD, "THREAD"}, {AT_THREAD + 7, "THREAD"}, {AT_TAIL, "TAIL"}, {AT_TAIL + 15, "TAIL"}};
	struct sample s = sample_registers();
	struct buffer b = sample_write(&s);

	for (u32 n = 0; n < ARRAY_SIZE(rows); n++) {
		struct cr_error e;

		b.size = rows[n].size;
		ok(sample_read(&b, &cr_any_machine, NULL, &e) == -EPIPE && strcmp(e.record, rows[n].record) == 0 &&
			   e.offset == b.size,
		   "an image of %u bytes ends before the end of %s", b.size, rows[n].record);
	}
	buffer_free(&b);
}

/* Pages that are not all there: the place is where the contents of memory begin, and lies in the image. */
static void early_end_of_pages(void)
{
	struct sample s = sample_memory();
	struct buffer b = sample_write(&s);
	struct cr_error e;

	b.size = AT_PGARR + HDR + 8 + 4 + 1;
	ok(sample_read(&b, &cr_any_machine, NULL, &e) == -EPIPE && strcmp(e.record, "PGARR") == 0 &&
		   e.offset == AT_PGARR + HDR + 8 + 4,
	   "an image that ends in a page");
	buffer_free(&b);
}

/* --- Beyond the RFC: docs/FORMAT.md §4 --- */

static void extended_state(void)
{
	struct xstate_layout layout = {.xcr0 = 0x207};
	struct cr_machine machine = cr_any_machine;
	struct sample s = sample_xstate();
	u32 opmask = AT_TAIL + 8 + 8 + 256, pkru = opmask + 8 + 8 + 64;
	struct buffer b;

	machine.xstate = &layout;
	layout.component[XSTATE_AVX].size = 256;
	layout.component[XSTATE_PKRU].size = 8;
	sample_is_refused(&s, &machine, "XSTATE", "opmask", opmask + HDR,
			  "XSTATE: a component that the CPU lacks, by name");
	s.component[0].component = 40;
	sample_is_refused(&s, &machine, "XSTATE", "component", AT_TAIL + HDR, "XSTATE: a component that has no name");
	s = sample_xstate();
	layout.xcr0 = 0x2e7;
	layout.component[XSTATE_OPMASK].size = 64;
	ok(sample_accepted(&s, &machine), "XSTATE: components that the CPU has");
	layout.component[XSTATE_PKRU].size = 64; /* AMD Zen 2 */
	sample_is_refused(&s, &machine, "XSTATE", "size", pkru + HDR + 4, "XSTATE: a size that is not the CPU's");
	s.head.rev = CR_REV_RFC;
	sample_is_refused(&s, &cr_any_machine, "HEAD", "rev", 22, "XSTATE: HEAD.rev is 1");
	s = sample_registers();
	s.head.rev = CR_REV_XSTATE;
	sample_is_refused(&s, &cr_any_machine, "HEAD", "rev", 22, "no XSTATE: HEAD.rev is 86");
	s = sample_xstate();
	s.component[0].component = XSTATE_SSE;
	sample_is_refused(&s, &cr_any_machine, "XSTATE", "component", AT_TAIL + HDR,
			  "XSTATE: SSE has its place in CPU");
	s.component[0].component = 63;
	sample_is_refused(&s, &cr_any_machine, "XSTATE", "component", AT_TAIL + HDR,
			  "XSTATE: there is no component 63");
	s.component[0].component = XSTATE_OPMASK;
	sample_is_refused(&s, &cr_any_machine, "XSTATE", "component", opmask + HDR, "XSTATE: a component twice");
	s = sample_xstate();
	memset(s.component[2].bytes, 0, sizeof(s.component[2].bytes));
	sample_is_refused(&s, &cr_any_machine, "XSTATE", "state", pkru + HDR + 8,
			  "XSTATE: a component in its initial state");
	s = sample_xstate();
	s.component[0].bytes[128] = 1;
	sample_is_refused(&s, &cr_any_machine, "XSTATE", "state", AT_TAIL + HDR + 8 + 128,
			  "XSTATE: YMM8, which i386 cannot reach");
	s = sample_registers();
	sample_add_component(&s, XSTATE_HI16_ZMM, 1024, 1);
	sample_is_refused(&s, &cr_any_machine, "XSTATE", "state", AT_TAIL + HDR + 8,
			  "XSTATE: ZMM16, which i386 cannot reach");
	s = sample_xstate();
	memset(s.cpu.xstate, 0, sizeof(s.cpu.xstate));
	s.cpu.used_math = s.cpu.has_fxsr = 0;
	sample_is_refused(&s, &cr_any_machine, "XSTATE", "component", AT_TAIL + HDR,
			  "XSTATE: extended state where there is no FXSAVE image");
	s = sample_xstate();
	memset(s.cpu.xstate, 0, sizeof(s.cpu.xstate));
	fsave_init((struct fsave *)s.cpu.xstate);
	s.cpu.has_fxsr = 0;
	sample_is_refused(&s, &cr_any_machine, "XSTATE", "component", AT_TAIL + HDR, "XSTATE: beside an FSAVE image");
	s = sample_xstate();
	b = sample_write(&s);
	b.data[AT_TAIL + 2] ^= 1; /* cr_hdr.len */
	is_refused(&b, &cr_any_machine, "XSTATE", "size", AT_TAIL + HDR + 4, "XSTATE: len and size disagree");
	buffer_free(&b);
}

/* Each field of SIGNAL that can be wrong, at its place. */
static void signals(void)
{
	enum { AT = AT_TAIL + HDR, ACTION = AT + 48, INFO = AT + 2096 };
	static const struct change changes[] = {
		{AT, 8, 0x100, "SIGNAL", "blocked", "SIGKILL blocked", 0},
		{AT, 8, 0x40000, "SIGNAL", "blocked", "SIGSTOP blocked", 0},
		{AT + 24, 8, 2047, "SIGNAL", "sas_ss_sp", "an alternate stack that is too small", AT + 16},
		{AT + 24, 8, 0, "SIGNAL", "sas_ss_sp", "an alternate stack without a size", AT + 16},
		{AT + 16, 8, 0x100000000, "SIGNAL", "sas_ss_sp", "an alternate stack beyond 32 bits", 0},
		{AT + 32, 8, 0x100000000, "SIGNAL", "cr2", "cr2 of more than 32 bits", 0},
		{ACTION + 8 * 32, 8, 1, "SIGNAL", "action", "an action for SIGKILL", 0},
		{ACTION + 18 * 32, 8, 1, "SIGNAL", "action", "an action for SIGSTOP", 0},
		{ACTION + 9 * 32, 8, 0x100000000, "SIGNAL", "action", "a handler beyond 32 bits", 0},
		{ACTION + 9 * 32 + 8, 8, 0x100000000, "SIGNAL", "action", "a restorer beyond 32 bits", ACTION + 9 * 32},
		{ACTION + 9 * 32 + 16, 8, 0x100, "SIGNAL", "action", "SIGKILL in a mask", ACTION + 9 * 32},
		{ACTION + 9 * 32 + 24, 4, 0x100, "SIGNAL", "action", "a flag that there is not", ACTION + 9 * 32},
		{ACTION + 63 * 32 + 28, 4, 1, "SIGNAL", "action", "padding", ACTION + 63 * 32},
		{INFO + 9 * 8, 4, 0x80, "SIGNAL", "info", "a pending signal that no task has sent", 0},
		{INFO + 10 * 8 + 4, 4, 1, "SIGNAL", "info", "a sender of a signal that is not pending", INFO + 10 * 8},
	};
	struct sample s = sample_signal();
	struct cr_image image;
	struct buffer b = sample_write(&s);

	ok(sample_read(&b, &cr_any_machine, &image, NULL) == 0 && image.has_signal &&
		   memcmp(&image.signal, &s.signal, sizeof(s.signal)) == 0,
	   "SIGNAL: read as written");
	buffer_free(&b);
	changes_are_refused(&s, "SIGNAL", changes, ARRAY_SIZE(changes));
	memset(&s.signal, 0, sizeof(s.signal));
	sample_is_refused(&s, &cr_any_machine, "SIGNAL", "blocked", AT, "SIGNAL: all as in a new task");
	s = sample_signal();
	s.head.rev = CR_REV_RFC;
	sample_is_refused(&s, &cr_any_machine, "HEAD", "rev", 22, "SIGNAL: HEAD.rev is 1");
	s = sample_registers();
	b = sample_write(&s);
	ok(sample_read(&b, &cr_any_machine, &image, NULL) == 0 && !image.has_signal, "no SIGNAL: none is read");
	buffer_free(&b);
}

/* A text that is not ended, or something behind its end: row 15 for HEAD. */
static void head_texts(void)
{
	static const struct {
		u32 at;
		const char *field;
	} rows[] = {{32, "release"}, {96, "version"}, {160, "machine"}};

	for (u32 n = 0; n < ARRAY_SIZE(rows); n++) {
		struct sample s = sample_registers();
		struct buffer b = sample_write(&s);

		b.data[AT_HEAD + HDR + rows[n].at + 63] = 'x';
		is_refused(&b, &cr_any_machine, "HEAD", rows[n].field, AT_HEAD + HDR + rows[n].at,
			   "HEAD: bytes behind a text");
		memset(b.data + AT_HEAD + HDR + rows[n].at, 'x', 64);
		is_refused(&b, &cr_any_machine, "HEAD", rows[n].field, AT_HEAD + HDR + rows[n].at,
			   "HEAD: a text without end");
		buffer_free(&b);
	}
}

static void head(void)
{
	patch_is_refused(AT_HEAD + HDR, 0x00feed0cc0a2d201, 8, "HEAD", "magic", "HEAD: a wrong magic");
	patch_is_refused(AT_TAIL + HDR, 0x002d2a0cc0deef01, 8, "TAIL", "magic", "TAIL: a wrong magic");
	patch_is_refused(AT_HEAD + HDR + 8, CR86_MAJOR + 1, 2, "HEAD", "major", "HEAD: another major version");
	patch_is_refused(AT_HEAD + HDR + 14, 2, 2, "HEAD", "rev", "HEAD: a format that is not known");
	patch_is_refused(AT_HEAD + HDR + 24, 0, 8, "HEAD", "flags", "HEAD: not written by a checkpoint");
	patch_is_refused(AT_HEAD + HDR + 24, 3, 8, "HEAD", "flags", "HEAD: a flag that is not known");
	patch_is_refused(AT_CPU, 104, 2, "CPU", "cr_hdr.type", "an unknown record");
	patch_is_refused(AT_CPU + 2, 783, 2, "CPU", "cr_hdr.len", "a record of a wrong length");
	patch_is_refused(AT_CPU + 2, 0xffff, 2, "CPU", "cr_hdr.len", "a record of a negative length");
}

/* A task that runs: all of TASK but the length of its name is 0. */
static void task(void)
{
	patch_is_refused(AT_TASK + HDR, 1, 4, "TASK", "state", "TASK: TASK_INTERRUPTIBLE");
	patch_is_refused(AT_TASK + HDR + 4, 0x10, 4, "TASK", "exit_state", "TASK: EXIT_ZOMBIE");
	patch_is_refused(AT_TASK + HDR + 8, 0x100, 4, "TASK", "exit_code", "TASK: an exit code");
	patch_is_refused(AT_TASK + HDR + 12, 17, 4, "TASK", "exit_signal", "TASK: SIGCHLD");
	patch_is_refused(AT_TASK + HDR + 16, 15, 4, "TASK", "task_comm_len", "TASK: a name of 15 bytes");
	patch_is_refused(AT_STRING + HDR, 0x0a, 1, "STRING", "comm", "TASK: a name with a line end in it");
	patch_is_refused(AT_STRING + HDR, 0x7f, 1, "STRING", "comm", "TASK: a name with DEL in it");
	patch_is_refused(AT_TASK + HDR + 16, 0xffffffff, 4, "TASK", "task_comm_len", "TASK: a name of -1 bytes");
}

int main(void)
{
	row_1();
	row_2();
	row_3();
	row_4();
	row_5();
	row_6();
	row_8();
	row_9_flags();
	row_9_types();
	row_9_selectors();
	row_9_width();
	row_9_ldt();
	row_9_eip();
	row_10();
	row_11();
	row_11_bits();
	row_14();
	row_15();
	row_15_fpu();
	row_16();
	row_17();
	row_20();
	row_21();
	extended_state();
	signals();
	memory();
	program();
	descriptors();
	map_count();
	memory_of_a_machine();
	early_end();
	early_end_of_pages();
	head();
	task();
	head_texts();
	names();
	return done_testing();
}
