/* SPDX-License-Identifier: GPL-2.0-only */
/* The ways out for finished images: the debug port as bytes, the serial line in armour. */
#ifndef KERNEL_EXPORT_H
#define KERNEL_EXPORT_H

#include "store.h"

/* Sends an image out where the option image= says. */
void export_image(const struct image *image);

#endif
