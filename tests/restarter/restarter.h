/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RESTARTER_H
#define RESTARTER_H

#include "../hostile/again.h"
#include "image.h"

/*
 * What a landing does to the state that the image gave it: it runs through NOPs to that offset in its page, and makes a
 * system call there, checkpoint to `fd`.
 */
void set_landed(struct cr_hdr_cpu *cpu, s32 fd, u32 offset);

/*
 * Whether an image is as expected; x87 and SSE state in this machine's form, and as the CPU keeps it. CPU's payload stands
 * at cpu_pos.
 */
bool same_state(struct image *expected, struct image *found, u32 cpu_pos);

/* Images with memory. Returns main's value. */
int restart_memory(void);

#endif
