/* SPDX-License-Identifier: GPL-2.0-only */
/* Numbers without an order that one sees, the same in every boot with the same seed: no secret is made of them. */
#ifndef KERNEL_RANDOM_H
#define KERNEL_RANDOM_H

#include "types.h"

/* The option seed= gives the first. */
void random_bytes(void *to, u32 count);

#endif
