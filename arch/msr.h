/* SPDX-License-Identifier: GPL-2.0-only */
/* Model-specific registers. False: this CPU has no such register, or refuses the value (#GP); nothing has changed. */
#ifndef ARCH_MSR_H
#define ARCH_MSR_H

#include "types.h"

bool msr_read(u32 msr, u64 *value);
bool msr_write(u32 msr, u64 value);

#endif
