/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef KERNEL_SHOWME_H
#define KERNEL_SHOWME_H

/* Show-me mode (kernel/showme/), in a kernel that is linked with it; else NULL. Waits for the switch that it will show. */
void showme(void) __attribute__((weak));

#endif
