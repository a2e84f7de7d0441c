/* SPDX-License-Identifier: GPL-2.0-only */
/* Images as bytes: into the store and out of it, and where their records stand. */
#ifndef HOSTILE_IMAGES_H
#define HOSTILE_IMAGES_H

#include "cases.h"
#include "checkpoint.h"
#include "store.h"
#include "task.h"

/* Where HEAD ends, which speaks of the writer. */
#define IMAGE_BODY (sizeof(struct cr_hdr) + sizeof(struct cr_hdr_head))

/* The image of a task, as bytes; none of it stays in the store. NULL, or what did not hold. */
const char *image_take(struct task *t, bool with_mm, u8 *bytes, u32 *size);

/* Puts bytes into the store, or takes an image out of it. */
const struct image *image_put(const u8 *bytes, u32 size);
void image_forget(const struct image *image);

/* How many there are. */
u32 images_count(void);

/* Where CPU stands in an image, which is restarted as that task. 0: the reader refuses it on any machine. */
u32 image_cpu_pos(const u8 *bytes, u32 size, const struct task *t);

#endif
