/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What state from outside a task may have. The reader of images and the system calls that set TLS and LDT descriptors
 * and debug registers ask the same functions, so that there is one answer.
 */
#include "checkpoint.h"

bool cr_descriptor_valid(u64 d)
{
	return d == 0 || ((d & DESC_S) && DESC_DPL(d) == 3 && !(d & DESC_L));
}

/* GDT entries 14 and 15: flat code and data of all 4 GiB, as every task has them. */
#define DESC_USER_CODE 0x00cffa000000ffffull
#define DESC_USER_DATA 0x00cff2000000ffffull

u64 cr_descriptor(const struct cr_descriptors *d, u32 selector)
{
	u32 index = SELECTOR_INDEX(selector);

	if (selector > 0xffff)
		return 0;
	if (selector & SELECTOR_TI)
		return index - d->ldt_first < d->nldt ? d->ldt[index - d->ldt_first] : 0;
	if (index >= GDT_ENTRY_TLS_MIN && index <= GDT_ENTRY_TLS_MAX)
		return d->tls[index - GDT_ENTRY_TLS_MIN];
	if (index == GDT_ENTRY_USER_CS)
		return DESC_USER_CODE;
	if (index == GDT_ENTRY_USER_DS)
		return DESC_USER_DATA;
	return 0;
}

/*
 * The checks that the processor makes when it loads a segment register at CPL 3. RPL must be CPL in CS and SS (SDM 3
 * §5.8.1, §5.7); in the others it may be anything: all descriptors that a task has are of DPL 3, and MAX(CPL, RPL) is 3
 * (§5.6).
 */
bool cr_selector_usable(const struct cr_descriptors *d, u32 selector, enum cr_segment_use use)
{
	u64 descriptor;
	u32 type;

	if (use == CR_SEGMENT_DATA && selector <= 3)
		return true; /* null: any use of it faults, loading it does not */
	descriptor = cr_descriptor(d, selector);
	type = DESC_TYPE(descriptor);
	if (!(descriptor & DESC_P) || (use != CR_SEGMENT_DATA && SELECTOR_RPL(selector) != 3))
		return false;
	switch (use) {
	case CR_SEGMENT_CODE:
		return type & DESC_TYPE_CODE;
	case CR_SEGMENT_STACK:
		return !(type & DESC_TYPE_CODE) && (type & DESC_TYPE_WRITABLE);
	default:
		return !(type & DESC_TYPE_CODE) || (type & DESC_TYPE_WRITABLE); /* data, or readable code */
	}
}

const char *cr_debugregs_refused(const u32 dr[4], u32 dr7, u32 task_size)
{
	if (dr7 & ~DR7_USER)
		return "GD and the reserved bits of DR7 clear";
	if (!(dr7 & DR7_ENABLE))
		return NULL;
	for (u32 n = 0; n < 4; n++) {
		u32 rw = DR7_RW(dr7, n), len = DR7_LEN(dr7, n);

		if (!DR7_ENABLED(dr7, n))
			continue;
		if (rw == DR_RW_IO)
			return "R/W of an enabled breakpoint 0 (execute), 1 (write) or 3 (access)";
		if (len == 2)
			return "LEN of an enabled breakpoint 0, 1 or 3 (1, 2 or 4 bytes)";
		if (rw == DR_RW_EXECUTE && len != 0)
			return "LEN 0 for an execute breakpoint";
		if (dr[n] & len)
			return "an enabled breakpoint aligned to its length";
		if (dr[n] >= task_size || task_size - dr[n] <= len)
			return "an enabled breakpoint wholly in user space";
	}
	return NULL;
}

/* The bits of a page-table entry, SDM 3 §4.3. */
u64 cr_page_prot(u64 vm_flags)
{
	enum { PRESENT = 1, WRITABLE = 2, USER = 4 };

	return PRESENT | USER | (vm_flags & VM_WRITE ? WRITABLE : 0);
}

void cr_note_segment(struct cr_hdr_mm *mm, u32 vm_flags, u32 start, u32 filesz, u32 memsz)
{
	u32 end = (start + memsz + PAGE_SIZE - 1) & -PAGE_SIZE;

	if (vm_flags & VM_EXEC) {
		mm->start_code = start;
		mm->end_code = start + filesz;
	} else if (vm_flags & VM_WRITE) {
		mm->start_data = start;
		mm->end_data = start + filesz;
	}
	if (end > mm->brk)
		mm->start_brk = mm->brk = end;
}

/* O_RDONLY, O_WRONLY and O_RDWR are 0, 1 and 2. Linux, too, computes it so; 3 is none of them. */
u16 cr_f_mode(u32 f_flags)
{
	return (f_flags + 1) & (FMODE_READ | FMODE_WRITE);
}
