/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Thread-local storage: all three TLS slots of the GDT, with bases and limits of their own, used through fs and gs by
 * turns. Bases and limits depend on the process's id: were another instance's descriptor in the slot, it would not go
 * unnoticed although the program is the same.
 */
#include "program.h"

#define SLOTS	  3
#define AREA_SIZE (2 * PAGE_SIZE)
#define ROUNDS	  6

/* What LAR tells of a writable, accessed 32-bit data segment of ring 3 (SDM 2, LAR): the G bit apart. */
#define RIGHTS_DATA	0x40f300u
#define RIGHTS_G	0x800000u
#define RIGHTS_COMPARED 0xf0ff00u

static u8 areas[SLOTS][AREA_SIZE] __attribute__((aligned(PAGE_SIZE)));

struct slot {
	struct user_desc segment;
	u32 selector;
	u32 last; /* the last byte that belongs to it */
};

/* Slot 2 counts its limit in pages, the others in bytes; all differ between two instances side by side. */
static struct slot set_up(u32 number)
{
	u32 of_instance = getpid() % 16;
	struct slot slot = {
		.segment = {.entry_number = ANY_ENTRY,
			    .base_addr = address(areas[number]) + 4 * of_instance,
			    .seg_32bit = 1},
	};

	if (number == 2) {
		slot.segment.base_addr = address(areas[number]);
		slot.segment.limit_in_pages = 1;
		slot.segment.limit = of_instance & 1;
		slot.last = (slot.segment.limit + 1) * PAGE_SIZE - 1;
	} else {
		slot.segment.limit = 100 * (number + 1) + of_instance;
		slot.last = slot.segment.limit;
	}
	fill(areas[number], AREA_SIZE, seed());
	check(text("set_thread_area, slot %u", number), 0, (u32)set_thread_area(&slot.segment));
	slot.selector = SELECTOR(slot.segment.entry_number, 3);
	return slot;
}

static u8 expected_byte(const struct slot *slot, u32 offset)
{
	return *(const u8 *)(uintptr_t)(slot->segment.base_addr + offset);
}

/* The slot as the kernel reports it, and as the CPU has it. */
static void check_slot(u32 number, const struct slot *slot)
{
	struct user_desc found = {.entry_number = slot->segment.entry_number};
	u32 rights, limit;

	check(text("get_thread_area, slot %u", number), 0, (u32)get_thread_area(&found));
	check_bytes(text("slot %u as read back", number), &slot->segment, &found, 3 * sizeof(u32));
	check(text("slot %u, limit_in_pages", number), slot->segment.limit_in_pages, found.limit_in_pages);
	check(text("slot %u, seg_32bit", number), 1, found.seg_32bit);
	check(text("slot %u, contents", number), 0, found.contents);
	check(text("slot %u, read_exec_only", number), 0, found.read_exec_only);
	check(text("slot %u, seg_not_present", number), 0, found.seg_not_present);
	check_that("LSL accepts the selector", segment_limit(slot->selector, &limit));
	check(text("slot %u, limit by LSL", number), slot->last, limit);
	check_that("LAR accepts the selector", segment_rights(slot->selector, &rights));
	check(text("slot %u, rights by LAR", number), RIGHTS_DATA | (slot->segment.limit_in_pages ? RIGHTS_G : 0),
	      rights & RIGHTS_COMPARED);
}

/* fs and gs are loaded once, then time goes by: the registers' hidden parts must come back with every switch. */
static void test_through(const struct slot *by_fs, const struct slot *by_gs)
{
	u8 byte = (u8)seed();

	load_fs(by_fs->selector);
	load_gs(by_gs->selector);
	store_byte_gs(by_gs->last, byte);
	live_through_switches();
	check("fs", by_fs->selector, read_fs());
	check("gs", by_gs->selector, read_gs());
	check("first byte through fs", expected_byte(by_fs, 0), load_byte_fs(0));
	check("last byte through fs", expected_byte(by_fs, by_fs->last), load_byte_fs(by_fs->last));
	check("first byte through gs", expected_byte(by_gs, 0), load_byte_gs(0));
	check("last byte through gs, just stored", byte, load_byte_gs(by_gs->last));
	check("the same in memory", byte, expected_byte(by_gs, by_gs->last));
}

/* With all slots taken there is none to give; with one emptied it is the one. */
static void test_allocation(const struct slot *slot)
{
	struct user_desc any = {.entry_number = ANY_ENTRY, .seg_32bit = 1, .limit = 1};
	struct user_desc empty = {
		.entry_number = slot->segment.entry_number, .read_exec_only = 1, .seg_not_present = 1};
	struct user_desc again = slot->segment;
	u32 rights;

	check("set_thread_area without a free slot", (u32)-ESRCH, (u32)set_thread_area(&any));
	check("set_thread_area to empty a slot", 0, (u32)set_thread_area(&empty));
	check_that("an empty slot's selector cannot be used", !segment_rights(slot->selector, &rights));
	again.entry_number = ANY_ENTRY;
	check("set_thread_area with one free slot", 0, (u32)set_thread_area(&again));
	check("the slot it gave", slot->segment.entry_number, again.entry_number);
}

int main(int argc, char **argv)
{
	struct slot slots[SLOTS];

	(void)argc;
	(void)argv;
	for (u32 i = 0; i < SLOTS; i++)
		slots[i] = set_up(i);
	for (u32 i = 0; i < ROUNDS; i++) {
		test_through(&slots[i % SLOTS], &slots[(i + 1 + i / SLOTS) % SLOTS]);
		for (u32 j = 0; j < SLOTS; j++)
			check_slot(j, &slots[j]);
	}
	load_fs(0);
	load_gs(0);
	test_allocation(&slots[1]);
	return verdict();
}
