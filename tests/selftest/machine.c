/* SPDX-License-Identifier: GPL-2.0-only */
/* Parts of the machine that only few have: ACPI's tables, the local APIC in both of its modes. */
#include "acpi.h"
#include "apic.h"
#include "cases.h"
#include "console.h"
#include "cpu.h"
#include "msr.h"
#include "port.h"
#include "timer.h"
#include "trap.h"

static const char *a_table_is_mapped_once(void)
{
	const struct acpi_fadt *fadt = acpi_find("FACP", sizeof(*fadt));

	CHECK(acpi_find("FACP", sizeof(*fadt)) == fadt);
	CHECK(acpi_find("FACP", ~0u) == NULL);
	return NULL;
}

#define PERIOD	     100000u /* a millisecond at 100 MHz, a usual bus clock */
#define PATIENCE     1000000u
#define PIC_MASK     0x21
#define CPUID_X2APIC BIT(21) /* of CPUID.1:ECX */

static bool counts(void)
{
	u32 count = apic_timer_count(), patience = PATIENCE;

	while (apic_timer_count() == count && patience)
		patience--;
	return patience && apic_timer_count() < PERIOD;
}

/* One comes, and is served here, too: the kernel has served the PIT's, where that gives its ticks. */
static bool interrupts(void)
{
	u32 before = timer_ticks(), patience = PATIENCE;

	__asm__ volatile("sti");
	while (timer_ticks() == before && patience) {
		apic_timer_count();
		patience--;
	}
	__asm__ volatile("cli");
	apic_end_of_interrupt();
	return patience;
}

/* With the PIC silent. The second interrupt shows that the first has been served. */
static const char *timer_works(void)
{
	CHECK(apic_timer_init());
	apic_timer_start(PERIOD, 0);
	CHECK(counts());
	apic_timer_start(PERIOD, TRAP_TIMER);
	CHECK(counts());
	CHECK(interrupts() && interrupts());
	return NULL;
}

/*
 * Registers that the APIC forgets when it is off; first the one without which the others cannot be unmasked. Of the LVT,
 * which begins with the timer, it has as many as its version says, plus one (SDM 3 §10.4.8, figure 10-8).
 */
static const u16 registers[] = {APIC_SPURIOUS,
				APIC_TASK_PRIORITY,
				APIC_LOGICAL_DESTINATION,
				APIC_DESTINATION_FORMAT,
				APIC_TIMER_DIVIDE,
				APIC_TIMER,
				APIC_LINT0,
				APIC_LINT1,
				APIC_ERROR,
				APIC_PERFORMANCE,
				APIC_THERMAL,
				APIC_CMCI};
enum { FIRST_OF_LVT = 5 };

static u32 kept[ARRAY_SIZE(registers)], registers_kept;
static u8 pic_mask;

static void keep(void)
{
	registers_kept = FIRST_OF_LVT + ((apic_read(APIC_VERSION) >> 16) & 0xff) + 1;
	if (registers_kept > ARRAY_SIZE(registers))
		registers_kept = ARRAY_SIZE(registers);
	for (u32 n = 0; n < registers_kept; n++)
		kept[n] = apic_read(registers[n]);
	pic_mask = inb(PIC_MASK);
	outb(PIC_MASK, 0xff);
}

static void put_back(void)
{
	apic_timer_start(0, 0);
	for (u32 n = 0; n < registers_kept; n++)
		apic_write(registers[n], kept[n]);
	outb(PIC_MASK, pic_mask);
	timer_begin();
}

static const char *the_apics_timer_works(void)
{
	const char *broken;

	if (!apic_find())
		return NULL;
	keep();
	broken = timer_works();
	put_back();
	return broken;
}

/*
 * From there the only way back is to switch it off, and on again (SDM 3 §10.12.5), which all can that have this mode
 * (§10.4.3). In Bochs 2.7 it stays off: that is said, and is no matter of the timer.
 */
static const char *timer_works_as_x2apic(u64 base)
{
	u32 version = apic_read(APIC_VERSION);
	const char *broken = "x2APIC mode can be entered";

	if (msr_write(MSR_APIC_BASE, base | APIC_BASE_X2) && apic_find())
		broken = apic_read(APIC_VERSION) == version ? timer_works() : "its registers are MSRs";
	msr_write(MSR_APIC_BASE, base & ~(u64)APIC_BASE_ON);
	msr_write(MSR_APIC_BASE, base);
	if (!apic_find())
		console_print("the local APIC stays off, as it cannot be switched on again");
	return broken;
}

static const char *and_as_x2apic(void)
{
	const char *broken;
	u64 base;

	if (!apic_find() || !(cpu_cpuid(1, 0).ecx & CPUID_X2APIC))
		return NULL;
	CHECK(msr_read(MSR_APIC_BASE, &base));
	if (base & APIC_BASE_X2)
		return NULL; /* the firmware's choice, which the other test has found */
	keep();
	broken = timer_works_as_x2apic(base);
	put_back();
	return broken ? broken : the_apics_timer_works();
}

const struct selftest_case machine_cases[] = {
	{"an ACPI table is mapped once", a_table_is_mapped_once},
	{"the local APIC's timer counts, and its interrupts come", the_apics_timer_works},
	{"the same in x2APIC mode, and after it", and_as_x2apic},
	{NULL, NULL},
};
