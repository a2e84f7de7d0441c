/* SPDX-License-Identifier: GPL-2.0-only */
/* The verdicts of a boot, in the Test Anything Protocol. The plan comes last: a run that dies half way has none. */
#ifndef KERNEL_TAP_H
#define KERNEL_TAP_H

#include "types.h"

/* "ok N - description" or "not ok N - description". */
void tap_result(bool ok, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The next result is number `number` + 1: those before it were told in an earlier boot. */
void tap_skip_to(u32 number);

/* "Bail out! reason": the machine cannot be tested. Leaves by tap_end. */
void tap_bail_out(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));

/*
 * Prints the plan and the verdict, and does what exit= says: stays, leaves the emulator, resets or switches off. A run
 * without a result has not passed.
 */
void tap_end(void) __attribute__((noreturn));

#endif
