/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One hostile image after the other is restarted while a bystander, which has every kind of state, is the running task.
 * Each is refused, with its place, or accepted and checkpointed again to the same bytes; and nothing else changes.
 */
#ifndef HOSTILE_TRIAL_H
#define HOSTILE_TRIAL_H

#include "sample.h"
#include "store.h"

#define IMAGE_MAX 32768

/* What is tried, in `trial_bytes`; the caller changes some of them, and changes them back. */
extern u8 trial_bytes[IMAGE_MAX];

/* Where a trial can be in the sequence of an image's changes: for the line that says which one failed. */
struct change {
	const char *what; /* "bit %u of byte %u", ... of a and b */
	u32 a, b;
};

/*
 * The image that is to be changed: taken of a sample task, it comes to trial_bytes. With memory, each trial is a new
 * task; else all are restarts of one task, the victim. Returns its size, or 0: that failed.
 */
u32 trial_begin(const char *name, u32 extras, bool with_mm);

/*
 * Restarts what is in trial_bytes: as the module that it is, or `size` bytes of it as an image in the store. NULL, or what
 * did not hold.
 */
const char *trial_of_module(struct change change);
const char *trial_of_stored(u32 size, struct change change);

/* The victim, the bystander and the images are gone again. Prints how many trials ended how. */
void trial_end(void);

/* --- The bystander, who is also watched while other things than images fail --- */

/* The bystander runs, with its state in the CPU. NULL, or what did not hold. */
const char *bystander_begin(void);

/* Its state, memory included; the kernel's tables and control registers; the free frames; and the store's images. */
const char *bystander_unharmed(void);
void bystander_end(void);

#endif
