/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The tick that pre-empts tasks (PIT channel 0 through the PICs; or, where that is not to be had, the local APIC's timer).
 */
#ifndef ARCH_TIMER_H
#define ARCH_TIMER_H

#include "types.h"

#define HZ_MIN 19 /* the slowest that 16 bits of divisor allow */
#define HZ_MAX 1000

#define PIT_FREQUENCY 1193182 /* Hz */

/*
 * Moves the PICs' interrupts to vectors 32 to 47, masks all but the timer's, and starts it at `hz` ticks a second. Traps must
 * be in working order: interrupts are let in, until the first has come. acpi_init comes before. Returns NULL, or what is
 * missing; *instead then says where ticks come from. Where they come from nowhere, a task that does not yield is not
 * interrupted, and no watchdog ends a case that hangs.
 */
const char *timer_init(u32 hz, const char **instead);

/* A tick that waits is counted, and a new period begins: whoever runs next has a whole one. */
void timer_begin(void);

/* From now on a tick comes every so many periods of the PIT's clock, of which a second has PIT_FREQUENCY; from 2 to 65535. */
void timer_period(u32 counts);

/* A tick has come: counts it, and tells its source, so that the next can come. */
void timer_tick(void);

/* Somebody waits for a tick to come. Where none does, this is one, so that nobody waits for ever. */
void timer_wait(void);

/* Ticks since then, and how many there are in a second. */
u32 timer_ticks(void);
u32 timer_hz(void);

/* An interrupt has come that nobody asked for: whichever PIC counts one as being served may send the next. */
void pics_dismiss(void);

#endif
