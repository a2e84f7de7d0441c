/* SPDX-License-Identifier: GPL-2.0-only */
/* Any descriptor into any entry of TLS and LDT; then the program goes through it to wherever it leads. */
#include "hostile.h"

#define STEPS 200

static struct user_desc random_segment(void)
{
	struct user_desc d = {
		.base_addr = one_in(2) ? edge() : pointer(),
		.limit = edge(),
		.seg_32bit = any(),
		.contents = any(),
		.read_exec_only = any(),
		.limit_in_pages = any(),
		.seg_not_present = one_in(8),
		.useable = any(),
	};

	return d;
}

/* A selector, or 0 where the kernel refused. */
static u32 put(struct user_desc *d)
{
	if (one_in(2)) {
		d->entry_number = one_in(8) ? edge() : GDT_ENTRY_TLS_MIN + below(3);
		return set_thread_area(d) == 0 ? SELECTOR(d->entry_number, 3) : 0;
	}
	d->entry_number = one_in(8) ? edge() : below(one_in(2) ? 4 : 512);
	return modify_ldt(one_in(4) ? 1 : LDT_WRITE, d, sizeof(*d)) == 0 ? SELECTOR(d->entry_number, 3) | SELECTOR_TI
									 : 0;
}

/* Linear addresses wrap at 4 GiB; the kernel's own must fault, whatever segment leads there. */
static void look_through(const struct user_desc *d, u32 selector)
{
	u32 offset = one_in(2) ? below(PAGE_SIZE) : edge();

	load_fs(selector);
	if (one_in(2))
		load_byte_fs(offset);
	else
		asm volatile("movb $0, %%fs:(%0)" : : "r"(offset) : "memory");
	if (d->base_addr + offset >= KERNEL_START)
		breach("a segment leads into the kernel");
}

static void use(const struct user_desc *d, u32 selector)
{
	u32 rights;

	if (segment_rights(selector, &rights) && ((rights >> 13 & 3) != 3 || !(rights >> 12 & 1)))
		breach("a descriptor of the program is no segment of ring 3");
	if (d->seg_not_present || one_in(2))
		return;
	if (one_in(16))
		look_through(d, selector);
	else if (one_in(16))
		visit_by_retf(selector);
	else if (d->contents < 2)
		live_through(selector, d->read_exec_only ? below(IN_SS) : below(SEGMENT_REGISTERS));
	else if (!d->read_exec_only)
		live_through(selector, below(IN_SS));
}

void attack_descriptors(void)
{
	for (; steps_done < STEPS; steps_done++) {
		struct user_desc d = random_segment();
		u32 selector = put(&d);

		if (selector)
			use(&d, selector);
		check_privilege();
	}
}
