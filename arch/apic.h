/* SPDX-License-Identifier: GPL-2.0-only */
/* The local APIC (SDM 3 §10): as it stands between the PIC and the CPU, and its timer. */
#ifndef ARCH_APIC_H
#define ARCH_APIC_H

#include "types.h"

/* Where it is, and whether it is on (SDM 3 §10.4.4, §10.12.1) */
#define MSR_APIC_BASE 0x1b
#define APIC_BASE_X2  BIT(10) /* registers are MSRs, not memory */
#define APIC_BASE_ON  BIT(11)

/* Registers (SDM 3 table 10-1) */
enum {
	APIC_VERSION = 0x030,
	APIC_TASK_PRIORITY = 0x080,
	APIC_EOI = 0x0b0,
	APIC_LOGICAL_DESTINATION = 0x0d0,
	APIC_DESTINATION_FORMAT = 0x0e0,
	APIC_SPURIOUS = 0x0f0,
	APIC_CMCI = 0x2f0,
	APIC_TIMER = 0x320,
	APIC_THERMAL = 0x330,
	APIC_PERFORMANCE = 0x340,
	APIC_LINT0 = 0x350,
	APIC_LINT1 = 0x360,
	APIC_ERROR = 0x370,
	APIC_TIMER_INITIAL = 0x380,
	APIC_TIMER_CURRENT = 0x390,
	APIC_TIMER_DIVIDE = 0x3e0,
	APIC_REGISTERS = 0x400,
};

/* Finds it, as memory or as MSRs. Once paging_map_device works. False: there is none, or none that is on. */
bool apic_find(void);

/* A register of the one that was found. */
u32 apic_read(u32 reg);
void apic_write(u32 reg, u32 value);

/*
 * Lets the PIC's interrupts through to the CPU (LINT0 as ExtINT, SDM 3 §10.5.1): firmware without a use for them leaves
 * that way closed. False: apic_find() finds none to do that with.
 */
bool apic_pass_pic(void);

/* Makes the timer ready (SDM 3 §10.5.4), which has no interrupts yet. False: as above. */
bool apic_timer_init(void);

/* Counts down from `counts` to 0 over and over, with an interrupt of vector `vector` each time; 0: once, without. */
void apic_timer_start(u32 counts, u8 vector);

/* What is left to count. */
u32 apic_timer_count(void);

/* The interrupt is served: the next may come. */
void apic_end_of_interrupt(void);

#endif
