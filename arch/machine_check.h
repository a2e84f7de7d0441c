/* SPDX-License-Identifier: GPL-2.0-only */
/* The machine-check architecture (SDM 3 §15.3): in which banks the processor says what is broken. */
#ifndef ARCH_MACHINE_CHECK_H
#define ARCH_MACHINE_CHECK_H

#include "types.h"

/* SDM 4 table 2-2. Each bank has four registers; these are the first one's. */
enum { MC_CTL = 0x400, MC_STATUS, MC_ADDR, MC_MISC, MC_BANK = 4 };

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
