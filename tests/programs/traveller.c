/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The traveller: a computation that is meant to be interrupted, carried to another machine and finished there. It keeps
 * intermediate values in every register that 32-bit code has at once (support_traveller.asm) and ends with one
 * checksum, the same on every CPU and however often it was moved on the way.
 *
 * Not in the checksum: time, process ids, addresses. What computes the vectors (AVX, SSE or integer instructions) is
 * decided once: a traveller that started out with AVX needs AVX wherever it goes.
 */
#include "program.h"
#include "support_traveller.h"

#define BLOCKS		416 /* between two blocks the state is looked after */
#define ROUNDS_OF_BLOCK 300 /* of the inner loop */
#define BLOCKS_OF_WRITE 16  /* from one write to the watched cell to the next */
#define REPORTS		4
#define SEED		0x7ea7e11e /* of all that it starts with */

#define SLOTS	   3
#define STACK_ROOM 1024 /* bytes below ESP, for what the loop pushes and calls */

/*
 * Rounding towards zero, results too small for a normal number flushed to zero, only the exceptions masked that occur
 * or might, and a flag raised that no instruction here raises.
 */
#define TRAVELLER_MXCSR (MXCSR_RC_ZERO | MXCSR_FTZ | MXCSR_PM | MXCSR_UM | MXCSR_DM | MXCSR_DE)
#define TRAVELLER_FCW	(FCW_FIXED | (FCW_MASKS & ~FCW_ZM) | FCW_PC_53 | FCW_RC_UP)
#define TRAVELLER_FLAGS (EFLAGS_USER_ALWAYS | EFLAGS_DF)

enum vectors { WITH_INTEGERS, WITH_SSE, WITH_AVX };

static const struct {
	const char *name;
	void (*travel)(void);
	u32 vector_bytes; /* of a vector that are in registers */
} paths[] = {
	[WITH_INTEGERS] = {"x87", traveller_with_integers, 0},
	[WITH_SSE] = {"x87 and XMM", traveller_with_sse, 16},
	[WITH_AVX] = {"x87, XMM and YMM", traveller_with_avx, 32},
};

/* Limits and bases differ from slot to slot; the loop uses the first TLS_TABLE_BYTES of each. */
static u8 tls_areas[SLOTS][2 * TLS_TABLE_BYTES];
static u32 selectors[SLOTS];

static u32 tls_limit(u32 slot)
{
	return TLS_TABLE_BYTES - 1 + 32 * slot;
}

/* The watched cells have a page of their own: emulators are slow with pages that hold a watchpoint. */
static volatile struct {
	u32 _before[64];
	u32 written;	  /* now and then: DR0 */
	u32 untouched[2]; /* never: DR2 and DR3 */
} watched __attribute__((aligned(PAGE_SIZE)));

static void set_segments(void)
{
	for (u32 i = 0; i < SLOTS; i++) {
		struct user_desc segment = {.entry_number = ANY_ENTRY,
					    .base_addr = address(tls_areas[i]) + 16 * i,
					    .limit = tls_limit(i),
					    .seg_32bit = 1};

		check("set_thread_area", 0, (u32)set_thread_area(&segment));
		selectors[i] = SELECTOR(segment.entry_number, 3);
	}
}

static void set_breakpoints(void)
{
	check("set DR0", 0, (u32)debug_write(0, address(&watched.written)));
	check("set DR1", 0, (u32)debug_write(1, address(traveller_milestone)));
	check("set DR2", 0, (u32)debug_write(2, address(&watched.untouched[0])));
	check("set DR3", 0, (u32)debug_write(3, address(&watched.untouched[1])));
	check("set DR7", 0,
	      (u32)debug_write(DR7, dr7_enable(0, DR_RW_WRITE, 4) | dr7_enable(1, DR_RW_EXECUTE, 1) |
					    dr7_enable(2, DR_RW_ACCESS, 4) | dr7_enable(3, DR_RW_WRITE, 2)));
}

#define SINGLE_HALF	   0x3f000000u /* 0.5 as a single; with any significand it is a number in [0.5, 1) */
#define SINGLE_SIGNIFICAND 0x007fffffu
#define SINGLE_MINUS_1_5   0xbfc00000u /* and with the lower 22 bits of any significand it is one in (-2, -1.5] */
#define SINGLE_LOWER_22	   0x003fffffu

static void set_vectors(enum vectors vectors)
{
	for (u32 i = 0; i < VECTORS; i++) {
		for (u32 j = 0; j < LANES; j++) {
			traveller_lanes[i][j] = SINGLE_HALF | (traveller_lanes[i][j] & SINGLE_SIGNIFICAND);
			traveller_minus_a[i][j] = SINGLE_MINUS_1_5 | (traveller_minus_a[i][j] & SINGLE_LOWER_22);
		}
	}
	if (vectors == WITH_INTEGERS)
		return;
	mxcsr_load(TRAVELLER_MXCSR);
	vectors_load(paths[vectors].vector_bytes, (const u8(*)[32])traveller_lanes);
}

#define FAR_AWAY 8000 /* as an exponent: more than a double can hold, and x87 registers can */

/* The leading bits of the two factors: 1.25 and 1.5, whose product is 1.875. What follows them adds less than 2^-7. */
#define FACTOR_1_25  ((u64)0xa0 << 56)
#define FACTOR_1_5   ((u64)0xc0 << 56)
#define FACTOR_LOWER (((u64)1 << 56) - 1)

static void set_x87(void)
{
	struct fsave state = {.fcw = TRAVELLER_FCW};
	u64 significand[8];

	fill(significand, sizeof(significand), SEED);
	for (u32 i = 0; i < 6; i++)
		fpu_value(state.st[i], EXP_OF_ONE - 1, LEADING | significand[i]);
	fpu_value(state.st[6], EXP_OF_ONE + FAR_AWAY, FACTOR_1_25 | (significand[6] & FACTOR_LOWER));
	fpu_value(state.st[7], EXP_OF_ONE - FAR_AWAY, FACTOR_1_5 | (significand[7] & FACTOR_LOWER));
	fpu_load(&state);
}

/* ESP points into stack_table, which lies on the stack; ESI at the last word of the table. */
static void set_integers(u8 *stack_table)
{
	fill(&traveller_registers, sizeof(traveller_registers), SEED + 1);
	traveller_registers.eflags = TRAVELLER_FLAGS;
	traveller_registers.esp = address(stack_table) + STACK_ROOM;
	traveller_registers.esi = address(traveller_table) + TABLE_BYTES - sizeof(u32);
}

/* Each pair of slots by turns, the same one never twice in a row in the same register. */
static void load_segments(u32 block)
{
	load_fs(selectors[block % SLOTS]);
	load_gs(selectors[(block + 1) % SLOTS]);
}

static void check_state(u32 block, enum vectors vectors, u32 esp)
{
	u32 slot = block % SLOTS;
	u32 limit;
	u16 fcw, fsw;

	asm volatile("fnstcw %0" : "=m"(fcw));
	asm volatile("fnstsw %0" : "=m"(fsw));
	check("FCW", TRAVELLER_FCW, fcw);
	check("TOP", 0, fsw & FSW_TOP(7));
	if (vectors != WITH_INTEGERS)
		check("MXCSR", TRAVELLER_MXCSR | MXCSR_PE, mxcsr_store());
	check("fs", selectors[slot], read_fs());
	check("gs", selectors[(slot + 1) % SLOTS], read_gs());
	check_that("LSL accepts the selector", segment_limit(selectors[slot], &limit));
	check("limit by LSL", tls_limit(slot), limit);
	check("DF", EFLAGS_DF, traveller_registers.eflags & EFLAGS_DF);
	check("ESP", esp, traveller_registers.esp);
}

/* One write and one call: exactly these two must have been noticed since last time. Returns the watchpoint's hits. */
static u32 pass_milestone(void)
{
	u32 hits;

	watched.written++;
	traveller_milestone();
	hits = debug_hits();
	check("DR6 at a milestone", DR6_B(0) | DR6_B(1), hits);
	return hits & DR6_B(0) ? 1 : 0;
}

/* FNV-1a, 64 bits */
#define FNV_BASIS 0xcbf29ce484222325ull
#define FNV_PRIME 0x100000001b3ull

static u64 add_to(u64 checksum, const void *bytes, u32 size)
{
	for (const u8 *byte = bytes; size--; byte++)
		checksum = (checksum ^ *byte) * FNV_PRIME;
	return checksum;
}

static u64 checksum(const u8 *stack_table)
{
	struct fsave fpu;
	u64 sum = FNV_BASIS;

	fpu_store(&fpu);
	sum = add_to(sum, fpu.st, sizeof(fpu.st));
	sum = add_to(sum, traveller_lanes, sizeof(traveller_lanes));
	sum = add_to(sum, traveller_table, sizeof(traveller_table));
	sum = add_to(sum, tls_areas, sizeof(tls_areas));
	sum = add_to(sum, stack_table + STACK_ROOM, STACK_TABLE_BYTES);
	sum = add_to(sum, &traveller_registers.eax, sizeof(u32));
	sum = add_to(sum, &traveller_registers.ebx, sizeof(u32));
	sum = add_to(sum, &traveller_registers.edx, sizeof(u32));
	sum = add_to(sum, &traveller_registers.edi, sizeof(u32));
	return add_to(sum, &traveller_registers.ebp, sizeof(u32));
}

static void set_up(u8 *stack_table, enum vectors vectors, bool watching)
{
	fill(stack_table, STACK_ROOM + STACK_TABLE_BYTES, SEED + 2);
	fill(traveller_table, sizeof(traveller_table), SEED + 3);
	fill(traveller_lanes, sizeof(traveller_lanes), SEED + 4);
	fill(traveller_minus_a, sizeof(traveller_minus_a), SEED + 5);
	fill(tls_areas, sizeof(tls_areas), SEED + 6);
	set_segments();
	if (watching)
		set_breakpoints();
	set_integers(stack_table);
	set_x87();
	set_vectors(vectors);
}

/* Returns the watchpoint's hits. */
static u32 travel(const u8 *stack_table, enum vectors vectors, bool watching)
{
	u32 hits = 0;

	for (u32 block = 0; block < BLOCKS; block++) {
		load_segments(block);
		traveller_registers.ecx = ROUNDS_OF_BLOCK;
		paths[vectors].travel();
		check_state(block, vectors, address(stack_table) + STACK_ROOM);
		if (watching && block % BLOCKS_OF_WRITE == 0)
			hits += pass_milestone();
		if ((block + 1) % (BLOCKS / REPORTS) == 0)
			print("traveller: %u of %u", (block + 1) / (BLOCKS / REPORTS), REPORTS);
	}
	return hits;
}

int main(int argc, char **argv)
{
	enum vectors vectors = cpu_has_avx() ? WITH_AVX : cpu_has_sse() ? WITH_SSE : WITH_INTEGERS;
	u8 stack_table[STACK_ROOM + STACK_TABLE_BYTES];
	bool watching = on_cr86();
	u32 hits;
	u64 sum;

	(void)argc;
	(void)argv;
	if (!cpu_has_fpu())
		skip("this CPU has no x87");
	set_up(stack_table, vectors, watching);
	print("traveller: sets out with %s%s", paths[vectors].name, watching ? " and breakpoints" : "");
	hits = travel(stack_table, vectors, watching);
	check("watchpoint hits", watching ? watched.written : 0, hits);
	vectors_store(paths[vectors].vector_bytes, (u8(*)[32])traveller_lanes);
	sum = checksum(stack_table);
	print("traveller: checksum %08x%08x, %u watchpoint hits", (u32)(sum >> 32), (u32)sum, hits);
	return verdict();
}
