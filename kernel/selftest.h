/* SPDX-License-Identifier: GPL-2.0-only */
/* The kernel's self-tests (tests/selftest/), which run at boot before any program; NULL in a kernel without them. */
#ifndef KERNEL_SELFTEST_H
#define KERNEL_SELFTEST_H

void selftest(void) __attribute__((weak));

#endif
