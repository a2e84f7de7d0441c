/* SPDX-License-Identifier: GPL-2.0-only */
/* The tick that pre-empts tasks (PIT channel 0 through the PICs), and the time of day (CMOS clock). */
#ifndef ARCH_TIMER_H
#define ARCH_TIMER_H

#include "types.h"

#define HZ_MIN 19 /* the slowest that 16 bits of divisor allow */
#define HZ_MAX 1000

/* Moves the PICs' interrupts to vectors 32 to 47, masks all but the timer's, and starts it at `hz` ticks a second. */
void timer_init(u32 hz);

/* From now on a tick comes every so many periods of the PIT's clock, of which a second has 1193182; from 2 to 65535. */
void timer_period(u32 counts);

/* A tick has come: counts it, and tells the PIC, so that it sends the next. */
void timer_tick(void);

/* Ticks since then, and how many there are in a second. */
u32 timer_ticks(void);
u32 timer_hz(void);
/* An interrupt has come that nobody asked for: whichever PIC counts one as being served may send the next. */
void pics_dismiss(void);

/* Seconds since 1970: by the CMOS clock, taken to run on UTC, when the timer was started; ticks since then. */
u64 clock_now(void);

#endif
