/* SPDX-License-Identifier: GPL-2.0-only */
/* The tick that pre-empts tasks (PIT channel 0 through the PICs), and the time of day (CMOS clock). */
#ifndef ARCH_TIMER_H
#define ARCH_TIMER_H

#include "types.h"

#define HZ_MIN 19 /* the slowest that 16 bits of divisor allow */
#define HZ_MAX 1000

/* Moves the PICs' interrupts to vectors 32 to 47, masks all but the timer's, and starts it at `hz` ticks a second. */
void timer_init(u32 hz);

/* A tick has come: counts it, and tells the PIC, so that it sends the next. */
void timer_tick(void);

/* Ticks since then, and how many there are in a second. */
u32 timer_ticks(void);
u32 timer_hz(void);

/* Seconds since 1970: by the CMOS clock, taken to run on UTC, when the timer was started; ticks since then. */
u64 clock_now(void);

#endif
