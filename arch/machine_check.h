/* SPDX-License-Identifier: GPL-2.0-only */
/* The machine-check architecture (SDM 3 §15.3): in which banks the processor says what is broken. */
#ifndef ARCH_MACHINE_CHECK_H
#define ARCH_MACHINE_CHECK_H

#include "types.h"

struct machine_check {
	u64 status, address,
		misc; /* IA32_MCi_STATUS, _ADDR, _MISC; the last two are 0 where status says they are invalid */
};

/* Has every bank report all of its errors by #MC, on CPUs that have banks. */
void machine_check_init(void);

/* How many banks there are; 0: the CPU has no machine-check architecture, even if it has #MC. */
u32 machine_check_banks(void);

/* What bank `n` reports. False: nothing. */
bool machine_check_read(u32 n, struct machine_check *to);

#endif
