/* SPDX-License-Identifier: GPL-2.0-only */
#include "measure.h"
#include "acpi.h"
#include "apic.h"
#include "cpu.h"
#include "paging.h"
#include "port.h"
#include "timer.h"

/* How far it counts until a clock has gone on by `span`, of whose count the bits in `mask` are there. 0: it stands still. */
static u32 measure(u32 (*clock)(void), u32 mask, u32 span)
{
	u32 began, patience = 1000000;

	apic_timer_start(~0u, 0);
	began = clock();
	while (((clock() - began) & mask) < span)
		if (!--patience)
			return 0;
	return ~0u - apic_timer_count();
}

/* A quotient below 2^32. */
static u32 divide(u64 dividend, u32 divisor)
{
	u32 quotient = (u32)dividend, remainder = (u32)(dividend >> 32);

	__asm__("divl %2" : "+a"(quotient), "+d"(remainder) : "rm"(divisor) : "cc");
	return quotient;
}

/* --- the HPET (IA-PC HPET 1.0a §2.3, §3.2.4) --- */

struct hpet_table {
	struct acpi_table header;
	u32 block;
	struct {
		u8 space, width, offset, size;
		u64 address;
	} __attribute__((packed)) base;
};

enum {
	SPACE_MEMORY = 0,

	/* registers, in words of 32 bits */
	COUNTER_CLK_PERIOD = 0x004 / 4, /* in femtoseconds */
	GEN_CONF = 0x010 / 4,
	ENABLE_CNF = BIT(0),
	MAIN_COUNTER = 0x0f0 / 4,
	HPET_REGISTERS = 0x400,

	PERIOD_MIN = 1000000, /* 1 ns; the specification's longest is 100 */
	PERIOD_MAX = 100000000,
};

#define MEASURE_FEMTOSECONDS (1000000000000000ull * MEASURE / PIT_FREQUENCY)

static volatile u32 *hpet;

static u32 hpet_clock(void)
{
	return hpet[MAIN_COUNTER];
}

static u32 by_hpet(void)
{
	const struct hpet_table *table = acpi_find("HPET", sizeof(*table));
	u32 period;

	if (!table || table->base.space != SPACE_MEMORY)
		return 0;
	hpet = paging_map_device(table->base.address, HPET_REGISTERS);
	period = hpet ? hpet[COUNTER_CLK_PERIOD] : 0;
	if (period < PERIOD_MIN || period > PERIOD_MAX)
		return 0;
	hpet[GEN_CONF] |= ENABLE_CNF;
	return measure(hpet_clock, ~0u, divide(MEASURE_FEMTOSECONDS, period));
}

/* --- ACPI's timer: three times as fast as the PIT, and its lower 24 bits are there in any case (ACPI 6.4 §4.8.3.3) --- */

static u16 pm_timer;

static u32 pm_timer_clock(void)
{
	return inl(pm_timer);
}

static u32 by_pm_timer(void)
{
	const struct acpi_fadt *fadt = acpi_find("FACP", sizeof(*fadt));

	pm_timer = fadt ? (u16)fadt->pm_timer_block : 0;
	return pm_timer ? measure(pm_timer_clock, 0xffffff, 3 * MEASURE) : 0;
}

/* --- what the CPU says: its core crystal is what the APIC's timer counts (SDM 3 §10.5.4; SDM 2, CPUID leaf 15H) --- */

static u32 by_crystal(void)
{
	struct cpuid_result crystal = cpu_cpuid(0x15, 0); /* EBX: there is a ratio of the TSC to it; ECX: Hz */

	return crystal.ebx ? divide((u64)crystal.ecx * MEASURE, PIT_FREQUENCY) : 0;
}

/* The CPU comes last: where it is an emulator's, it may well say what a real one would. */
u32 measure_apic_timer(void)
{
	static u32 (*const ways[])(void) = {by_hpet, by_pm_timer, by_crystal};
	u32 counts = 0;

	for (u32 n = 0; n < ARRAY_SIZE(ways) && !counts; n++)
		counts = ways[n]();
	return counts;
}
