/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The local descriptor table: entries written by modify_ldt, used through fs and gs, read back. A task switch must
 * bring LDTR along with the segment registers that refer to the table, and every task has its own.
 */
#include "program.h"

#define ENTRIES		    3
#define ROUNDS		    3
#define USED_ENTRY(i)	    (1 + 2 * (i)) /* with holes between them */
#define LDT_SELECTOR(entry) (SELECTOR(entry, 3) | SELECTOR_TI)

#define AREA_SIZE 256

static u8 areas[ENTRIES][AREA_SIZE];

/* A descriptor (SDM 3 §3.4.5): byte-granular 32-bit data, DPL 3, accessed by being loaded. */
#define DATA_WRITABLE_ACCESSED ((u64)0x40f3 << 40)

static u64 descriptor(u32 base, u32 limit)
{
	return DATA_WRITABLE_ACCESSED | (limit & 0xffff) | (u64)(limit >> 16 & 0xf) << 48 |
	       (u64)(base & 0xffffff) << 16 | (u64)(base >> 24) << 56;
}

static u32 limit_of(u32 number)
{
	return 50 * (number + 1) + getpid() % 16;
}

static void set_up(u32 number)
{
	struct user_desc segment = {
		.entry_number = USED_ENTRY(number),
		.base_addr = address(areas[number]),
		.limit = limit_of(number),
		.seg_32bit = 1,
	};

	fill(areas[number], AREA_SIZE, seed());
	check(text("modify_ldt, entry %u", segment.entry_number), 0,
	      (u32)modify_ldt(LDT_WRITE, &segment, sizeof(segment)));
}

static void test_through(u32 by_fs, u32 by_gs)
{
	u32 last = limit_of(by_gs);
	u8 byte = (u8)seed();

	load_fs(LDT_SELECTOR(USED_ENTRY(by_fs)));
	load_gs(LDT_SELECTOR(USED_ENTRY(by_gs)));
	store_byte_gs(last, byte);
	live_through_switches();
	check("fs", LDT_SELECTOR(USED_ENTRY(by_fs)), read_fs());
	check("gs", LDT_SELECTOR(USED_ENTRY(by_gs)), read_gs());
	check("last byte through fs", areas[by_fs][limit_of(by_fs)], load_byte_fs(limit_of(by_fs)));
	check("last byte through gs, just stored", byte, load_byte_gs(last));
	check("the same in memory", byte, areas[by_gs][last]);
}

/* The accessed bit is set by loading the selector: what is read back is compared after all have been loaded. */
static void test_read_back(void)
{
	u64 table[USED_ENTRY(ENTRIES)];

	memset(table, 0xff, sizeof(table));
	check_that("modify_ldt reads as far as the last entry in use",
		   modify_ldt(LDT_READ, table, sizeof(table)) >= (s32)((USED_ENTRY(ENTRIES - 1) + 1) * sizeof(u64)));
	for (u32 i = 0; i < ENTRIES; i++) {
		u64 used = descriptor(address(areas[i]), limit_of(i));
		u64 hole = 0;
		u32 limit;

		check_bytes(text("LDT entry %u", USED_ENTRY(i)), &used, &table[USED_ENTRY(i)], sizeof(used));
		check_bytes(text("LDT entry %u", USED_ENTRY(i) - 1), &hole, &table[USED_ENTRY(i) - 1], sizeof(hole));
		check_that("LSL accepts the entry", segment_limit(LDT_SELECTOR(USED_ENTRY(i)), &limit));
		check("limit by LSL", limit_of(i), limit);
		check_that("LSL refuses a hole", !segment_limit(LDT_SELECTOR(USED_ENTRY(i) - 1), &limit));
	}
}

static void test_clear(u32 entry)
{
	struct user_desc empty = {.entry_number = entry, .read_exec_only = 1, .seg_not_present = 1};
	u32 rights;

	check("modify_ldt to clear an entry", 0, (u32)modify_ldt(LDT_WRITE, &empty, sizeof(empty)));
	check_that("a cleared entry's selector cannot be used", !segment_rights(LDT_SELECTOR(entry), &rights));
}

int main(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	for (u32 i = 0; i < ENTRIES; i++)
		set_up(i);
	for (u32 i = 0; i < ROUNDS; i++)
		test_through(i % ENTRIES, (i + 1) % ENTRIES);
	test_read_back();
	load_fs(0);
	load_gs(0);
	test_clear(USED_ENTRY(1));
	return verdict();
}
