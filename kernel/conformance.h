/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef KERNEL_CONFORMANCE_H
#define KERNEL_CONFORMANCE_H

/* The conformance catalogue (tests/conformance/kernel.c), in a kernel that is linked with it; else NULL. */
void conformance(void) __attribute__((weak));

#endif
