/* SPDX-License-Identifier: GPL-2.0-only */
/* Checkpoint and restart of tasks: between struct task and the records of lib/. */
#ifndef KERNEL_CR_H
#define KERNEL_CR_H

#include "checkpoint.h"
#include "registers.h"
#include "task.h"

/* What HEAD says of this kernel and CPU; once at boot. */
void checkpoint_init(void);

/* A HEAD for now: of an image with XSTATE or SIGNAL records, or without. */
const struct cr_hdr_head *checkpoint_head(bool beyond_rfc);

/*
 * Fills a CPU record with a task's state. Reads the CPU only where the task's FPU state is live in it, and leaves
 * that there.
 */
void checkpoint_gather(struct task *t, struct cr_hdr_cpu *cpu);

/* The part of it that is no FPU state. */
void checkpoint_gather_registers(const struct trap_frame *frame, const struct debugregs *debug, struct cr_hdr_cpu *cpu);

/*
 * Where the value of a register stands in a state of these three parts, or NULL where that has no such register: FPU
 * registers of another form, extended components that are not in use. `cpu` has what `fpu` has of x87 and SSE.
 */
const void *checkpoint_find(const struct cr_register *r, const u64 tls[CR_TLS_ENTRIES], const struct fpu *fpu,
			    const struct cr_hdr_cpu *cpu);

/*
 * Writes an image of `t` into the store, with its memory or without. Returns the image's id, or a negative errno: -ENOSPC where the store is full. Then there is no image, and the task is as it
 * was.
 */
s32 checkpoint_task(struct task *t, const char *name, bool with_mm);

/*
 * Makes `t` the task of an image. An image without memory must be of the task itself. Returns 0; the task then goes on
 * where the image's was. Or a negative errno, and nothing has changed; restart_error has record, field and offset.
 */
int restart_task(struct task *t, const struct image *image);

/* Why the last image that was refused was so; and the line that says it. */
extern struct cr_error restart_error;
void restart_explain(const struct image *image);

/* A new task from an image, runnable, or NULL, and nothing has changed; why is printed. */
struct task *restart_new(const struct image *image);

/*
 * The task gives way to another of its image; NULL where that is refused. What is no state of its own but was counted of
 * it in this boot goes on: the time it has used, how long it sleeps, when it is to be checkpointed or restarted.
 */
struct task *restart_replace(struct task *t, const struct image *image);

#endif
