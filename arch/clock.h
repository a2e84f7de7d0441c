/* SPDX-License-Identifier: GPL-2.0-only */
/* The time of day (CMOS clock). */
#ifndef ARCH_CLOCK_H
#define ARCH_CLOCK_H

#include "types.h"

/* Reads the CMOS clock for the first time. False: there is none, and 1970 begins now. */
bool clock_init(void);

/* Seconds since then by the CMOS clock, which goes on whoever runs. 0 where there is none. */
u32 clock_running(void);

/* Seconds since 1970: by the CMOS clock, taken to run on UTC, at clock_init; ticks since then. */
u64 clock_now(void);

#endif
