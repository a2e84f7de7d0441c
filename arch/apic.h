/* SPDX-License-Identifier: GPL-2.0-only */
/* The local APIC (SDM 3 §10): as it stands between the PIC and the CPU, and its timer. */
#ifndef ARCH_APIC_H
#define ARCH_APIC_H

#include "types.h"

/*
 * Lets the PIC's interrupts through to the CPU (LINT0 as ExtINT, SDM 3 §10.5.1): firmware without a use for them leaves
 * that way closed. Once paging_map_device works. False: there is no local APIC, or none that is on, to do that with.
 */
bool apic_pass_pic(void);

/* Makes the timer ready (SDM 3 §10.5.4), which has no interrupts yet. False: there is none, as above. */
bool apic_timer_init(void);

/* Counts down from `counts` to 0 over and over, with an interrupt of vector `vector` each time; 0: once, without. */
void apic_timer_start(u32 counts, u8 vector);

/* What is left to count. */
u32 apic_timer_count(void);

/* The interrupt is served: the next may come. */
void apic_end_of_interrupt(void);

#endif
