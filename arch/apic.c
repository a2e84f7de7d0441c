/* SPDX-License-Identifier: GPL-2.0-only */
#include "apic.h"
#include "cpu.h"
#include "msr.h"
#include "paging.h"

enum {
	CPUID_APIC = BIT(9), /* of CPUID.1:EDX */
	MSR_X2APIC = 0x800,  /* the first of them: one for 16 bytes */
	SPURIOUS_ON = 0x1ff, /* the APIC is on by software, too; vector 255 */
	LINT_EXTINT = 0x700, /* not masked: the PIC says the vector */
	TIMER_MASKED = BIT(16),
	TIMER_PERIODIC = BIT(17),
	DIVIDE_BY_1 = 0xb,
};

static u8 *memory; /* NULL: the registers are MSRs */

void apic_write(u32 reg, u32 value)
{
	if (memory)
		*(volatile u32 *)(memory + reg) = value;
	else
		msr_write(MSR_X2APIC + reg / 16, value);
}

u32 apic_read(u32 reg)
{
	u64 value = 0;

	if (memory)
		return *(volatile u32 *)(memory + reg);
	msr_read(MSR_X2APIC + reg / 16, &value);
	return (u32)value;
}

bool apic_find(void)
{
	u64 base;

	if (!(cpu.features_edx & CPUID_APIC) || !msr_read(MSR_APIC_BASE, &base) || !(base & APIC_BASE_ON))
		return false;
	memory = base & APIC_BASE_X2 ? NULL : paging_map_device(base & ~(u64)0xfff, APIC_REGISTERS);
	return memory || base & APIC_BASE_X2;
}

static bool switch_on(void)
{
	if (!apic_find())
		return false;
	apic_write(APIC_SPURIOUS, SPURIOUS_ON);
	return true;
}

bool apic_pass_pic(void)
{
	if (!switch_on())
		return false;
	apic_write(APIC_LINT0, LINT_EXTINT);
	return true;
}

bool apic_timer_init(void)
{
	if (!switch_on())
		return false;
	apic_write(APIC_TIMER_DIVIDE, DIVIDE_BY_1);
	return true;
}

/* The count begins when it is written, so it comes last. */
void apic_timer_start(u32 counts, u8 vector)
{
	apic_write(APIC_TIMER, vector ? vector | TIMER_PERIODIC : TIMER_MASKED);
	apic_write(APIC_TIMER_INITIAL, counts);
}

u32 apic_timer_count(void)
{
	return apic_read(APIC_TIMER_CURRENT);
}

void apic_end_of_interrupt(void)
{
	apic_write(APIC_EOI, 0);
}
