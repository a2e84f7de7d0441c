/* SPDX-License-Identifier: GPL-2.0-only */
#include "descriptors.h"
#include "checkpoint.h"
#include "report.h"
#include "user_desc.h"
#include "usercopy.h"

/* The CPU is to see the new descriptors, and the way out of this call must still be possible. */
static void changed(struct task *t)
{
	gdt_load_tls(t->context.tls);
	gdt_load_ldt(t->context.ldt, t->context.nldt);
	if (task_check_segments(t))
		return;
	report_end(t, false, "it took away the descriptor of its own cs or ss");
}

static s32 free_slot(const struct task *t)
{
	for (u32 n = 0; n < CR_TLS_ENTRIES; n++)
		if (!t->context.tls[n])
			return (s32)(GDT_ENTRY_TLS_MIN + n);
	return -ESRCH;
}

s32 set_thread_area(struct task *t, u32 user_desc)
{
	struct user_desc d;
	u32 entry;

	if (copy_from_user(&d, user_desc, sizeof(d)) < 0)
		return -EFAULT;
	entry = d.entry_number;
	if (entry == (u32)-1) {
		s32 slot = free_slot(t);

		if (slot < 0)
			return slot;
		entry = (u32)slot;
		if (copy_to_user(user_desc, &entry, sizeof(entry)) < 0)
			return -EFAULT;
	}
	if (entry < GDT_ENTRY_TLS_MIN || entry > GDT_ENTRY_TLS_MAX)
		return -EINVAL;
	t->context.tls[entry - GDT_ENTRY_TLS_MIN] = user_desc_to_descriptor(&d);
	changed(t);
	return 0;
}

s32 get_thread_area(struct task *t, u32 user_desc)
{
	struct user_desc d;
	u32 entry;

	if (copy_from_user(&entry, user_desc, sizeof(entry)) < 0)
		return -EFAULT;
	if (entry < GDT_ENTRY_TLS_MIN || entry > GDT_ENTRY_TLS_MAX)
		return -EINVAL;
	d = user_desc_from_descriptor(entry, t->context.tls[entry - GDT_ENTRY_TLS_MIN]);
	return copy_to_user(user_desc, &d, sizeof(d));
}

/* Gives what there is of the LDT, then zeros, as Linux does. */
static s32 read_ldt(const struct mm *mm, u32 pointer, u32 count)
{
	static const u64 none;
	u32 size = mm->nldt * CR_LDT_ENTRY_SIZE;

	if (count > LDT_ENTRIES * CR_LDT_ENTRY_SIZE)
		count = LDT_ENTRIES * CR_LDT_ENTRY_SIZE;
	if (size > count)
		size = count;
	if (copy_to_user(pointer, mm->ldt, size) < 0)
		return -EFAULT;
	for (u32 done = size, part; done < count; done += part) {
		part = count - done < sizeof(none) ? count - done : sizeof(none);
		if (copy_to_user(pointer + done, &none, part) < 0)
			return -EFAULT;
	}
	return (s32)count;
}

static s32 write_ldt(struct task *t, u32 pointer, u32 count, bool old_mode)
{
	struct mm *mm = t->mm;
	struct user_desc d;

	if (count != sizeof(d))
		return -EINVAL;
	if (copy_from_user(&d, pointer, sizeof(d)) < 0)
		return -EFAULT;
	if (d.entry_number >= LDT_ENTRIES)
		return -EINVAL;
	if (CONTENTS(d.flags) == 3 && (old_mode || !(d.flags & SEG_NOT_PRESENT)))
		return -EINVAL;
	if (old_mode)
		d.flags &= ~(u32)USEABLE;
	if (!mm->ldt)
		mm->ldt = frame_alloc_zero();
	if (!mm->ldt)
		return -ENOMEM;
	mm->ldt[d.entry_number] = user_desc_to_descriptor(&d);
	if (mm->nldt <= d.entry_number)
		mm->nldt = d.entry_number + 1;
	t->context.ldt = mm->ldt;
	t->context.nldt = mm->nldt;
	changed(t);
	return 0;
}

s32 modify_ldt(struct task *t, u32 func, u32 pointer, u32 count)
{
	switch (func) {
	case 0:
		return read_ldt(t->mm, pointer, count);
	case 1:
		return write_ldt(t, pointer, count, true);
	case 0x11:
		return write_ldt(t, pointer, count, false);
	default:
		return -ENOSYS;
	}
}
