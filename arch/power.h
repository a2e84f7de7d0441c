/* SPDX-License-Identifier: GPL-2.0-only */
/* Reset and switching off. */
#ifndef ARCH_POWER_H
#define ARCH_POWER_H

#include "types.h"

/*
 * Looks up in ACPI's tables how the machine is switched off (ACPI 6.4 §4.8.3.2, §7.4.2.5). Before there is a task. False:
 * nothing was found.
 */
bool power_init(void);

/* Switches the machine off. Returns where that is not possible. */
void power_off(void);

/* Resets the machine. */
void power_reset(void) __attribute__((noreturn));

#endif
