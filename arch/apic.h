/* SPDX-License-Identifier: GPL-2.0-only */
/* The local APIC (SDM 3 §10), as far as it stands between the PIC and the CPU. */
#ifndef ARCH_APIC_H
#define ARCH_APIC_H

#include "types.h"

/*
 * Lets the PIC's interrupts through to the CPU (LINT0 as ExtINT, SDM 3 §10.5.1): firmware without a use for them leaves
 * that way closed. Once paging_map_device works. False: there is no local APIC, or none that is on, to do that with.
 */
bool apic_pass_pic(void);

#endif
