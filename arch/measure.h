/* SPDX-License-Identifier: GPL-2.0-only */
/* How fast the local APIC's timer counts, which differs from machine to machine. */
#ifndef ARCH_MEASURE_H
#define ARCH_MEASURE_H

#include "types.h"

/* How far it counts is said for so many counts of the PIT's clock, which are 7 ms. */
#define MEASURE_SHIFT 13
#define MEASURE	      (1u << MEASURE_SHIFT)

/*
 * How far the local APIC's timer counts in that time, by the first clock that there is and that goes. Once acpi_init and
 * apic_timer_init have run. 0: there is no such clock.
 */
u32 measure_apic_timer(void);

#endif
