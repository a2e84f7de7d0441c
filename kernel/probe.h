/* SPDX-License-Identifier: GPL-2.0-only */
/* probe=yes: does this machine run FPU instructions in ring 0 at all? Some hypervisors loop for ever on them. */
#ifndef KERNEL_PROBE_H
#define KERNEL_PROBE_H

/* One FLDPI, one FXSAVE, one XSAVE, as far as the CPU has them; one result, and the end. */
void probe(void) __attribute__((noreturn));

#endif
