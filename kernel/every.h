/* SPDX-License-Identifier: GPL-2.0-only */
/* every=: a task is checkpointed, destroyed and restarted from its image over and over, and must not notice. */
#ifndef KERNEL_EVERY_H
#define KERNEL_EVERY_H

#include "task.h"

/* From here on, as the option says. */
void every_start(struct task *t);

/* The task has seen a tick, or completed an instruction in a single step: is it time? Then the safe point has work. */
void every_tick(struct task *t);
void every_insn(struct task *t);

/* At the safe point: the task becomes another that is the same. */
void every_restart(struct task *t);

#endif
