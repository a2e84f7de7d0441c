/* SPDX-License-Identifier: GPL-2.0-only */
/* Any selector into any segment register, by every way there is. */
#include "hostile.h"

#define STEPS		   200
#define LDT_USED	   32
#define SELECTOR_OF(index) SELECTOR(index, 3)

/*
 * IRET in ring 3 does not load VM. QEMU 7.2's does (tests/known-defects), which the kernel survives; but VIF that came with it
 * would be set for all others, too, and nothing clears it.
 */
#define EFLAGS_VIF BIT(19)
#define EFLAGS_VIP BIT(20)

/* Kernel code and data, TSS, LDT, and the stack segment that IRET is given. */
static const u8 kernel_entries[] = {GDT_ENTRY_KERNEL_CS, GDT_ENTRY_KERNEL_DS, GDT_ENTRY_TSS, GDT_ENTRY_LDT,
				    GDT_ENTRY_ESPFIX};

/* Flat segments of every kind, so that some selectors can be used. */
static void fill_tables(void)
{
	for (u32 n = 0; n < LDT_USED; n++) {
		struct user_desc d = {.entry_number = n < 3 ? GDT_ENTRY_TLS_MIN + n : n,
				      .limit = 0xfffff,
				      .limit_in_pages = 1,
				      .seg_32bit = !one_in(4),
				      .contents = below(3),
				      .read_exec_only = one_in(4),
				      .seg_not_present = one_in(8)};

		if (n < 3)
			set_thread_area(&d);
		else
			modify_ldt(LDT_WRITE, &d, sizeof(d));
	}
}

static u32 selector(void)
{
	switch (below(4)) {
	case 0:
		return any() & 0xffff;
	case 1:
		return SELECTOR(below(GDT_ENTRIES + 2), below(4));
	case 2:
		return SELECTOR(GDT_ENTRY_TLS_MIN + below(3), below(4));
	default:
		return SELECTOR(below(LDT_USED), below(4)) | SELECTOR_TI;
	}
}

/* SDM 2A, LAR: what is more privileged than the program is not told of. */
static void look_at(u32 selector)
{
	u32 rights, limit;

	if (segment_rights(selector, &rights) && (rights >> 13 & 3) != 3)
		breach("LAR tells of a descriptor of the kernel");
	segment_limit(selector, &limit);
	asm volatile("verr %w0\n\tverw %w0" : : "r"(selector) : "cc");
	for (u32 n = 0; n < ARRAY_SIZE(kernel_entries); n++)
		if (segment_rights(SELECTOR_OF(kernel_entries[n]), &rights))
			breach("LAR takes a selector of the kernel's");
}

static void take(u32 selector)
{
	switch (below(8)) {
	case 0:
		visit_by_retf(selector);
		break;
	case 1:
		visit_by_iret(selector, any() & ~(EFLAGS_VIF | EFLAGS_VIP));
		break;
	default:
		live_through(selector, below(SEGMENT_REGISTERS));
	}
}

void attack_selectors(void)
{
	fill_tables();
	for (; steps_done < STEPS; steps_done++) {
		if (one_in(4))
			take(selector());
		else
			look_at(selector());
		check_privilege();
	}
}
