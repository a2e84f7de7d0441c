/* SPDX-License-Identifier: GPL-2.0-only */
#include "apic.h"
#include "cpu.h"
#include "msr.h"
#include "paging.h"

enum {
	CPUID_APIC = BIT(9), /* of CPUID.1:EDX */

	MSR_APIC_BASE = 0x1b,
	BASE_X2 = BIT(10), /* registers are MSRs, not memory */
	BASE_ON = BIT(11),
	MSR_X2APIC = 0x800, /* the first of them: one for 16 bytes */

	APIC_EOI = 0xb0,
	APIC_SPURIOUS = 0xf0,
	APIC_TIMER = 0x320,
	APIC_LINT0 = 0x350,
	APIC_TIMER_INITIAL = 0x380,
	APIC_TIMER_CURRENT = 0x390,
	APIC_TIMER_DIVIDE = 0x3e0,
	APIC_REGISTERS = 0x400,
	SPURIOUS_ON = 0x1ff, /* the APIC is on by software, too; vector 255 */
	LINT_EXTINT = 0x700, /* not masked: the PIC says the vector */
	TIMER_MASKED = BIT(16),
	TIMER_PERIODIC = BIT(17),
	DIVIDE_BY_1 = 0xb,
};

static u8 *memory; /* NULL: the registers are MSRs */

static void write_register(u32 reg, u32 value)
{
	if (memory)
		*(volatile u32 *)(memory + reg) = value;
	else
		msr_write(MSR_X2APIC + reg / 16, value);
}

static u32 read_register(u32 reg)
{
	u64 value = 0;

	if (memory)
		return *(volatile u32 *)(memory + reg);
	msr_read(MSR_X2APIC + reg / 16, &value);
	return (u32)value;
}

static bool switch_on(void)
{
	u64 base;

	if (!(cpu.features_edx & CPUID_APIC) || !msr_read(MSR_APIC_BASE, &base) || !(base & BASE_ON))
		return false;
	memory = base & BASE_X2 ? NULL : paging_map_device(base & 0xfffff000, APIC_REGISTERS);
	if (!memory && !(base & BASE_X2))
		return false;
	write_register(APIC_SPURIOUS, SPURIOUS_ON);
	return true;
}

bool apic_pass_pic(void)
{
	if (!switch_on())
		return false;
	write_register(APIC_LINT0, LINT_EXTINT);
	return true;
}

bool apic_timer_init(void)
{
	if (!switch_on())
		return false;
	write_register(APIC_TIMER_DIVIDE, DIVIDE_BY_1);
	return true;
}

/* The count begins when it is written, so it comes last. */
void apic_timer_start(u32 counts, u8 vector)
{
	write_register(APIC_TIMER, vector ? vector | TIMER_PERIODIC : TIMER_MASKED);
	write_register(APIC_TIMER_INITIAL, counts);
}

u32 apic_timer_count(void)
{
	return read_register(APIC_TIMER_CURRENT);
}

void apic_end_of_interrupt(void)
{
	write_register(APIC_EOI, 0);
}
