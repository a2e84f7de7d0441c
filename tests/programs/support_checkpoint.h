/* SPDX-License-Identifier: GPL-2.0-only */
/* support_checkpoint.asm: a self-checkpoint with every integer register under control. */
#ifndef SUPPORT_CHECKPOINT_H
#define SUPPORT_CHECKPOINT_H

#include "program.h"

/* What the registers hold when INT 80H is executed, and what they held last time it returned. */
extern struct registers checkpoint_registers;

/* How often INT 80H has returned. A variable like others: an image with memory brings the old value back. */
extern volatile u32 checkpoint_returns;

/*
 * Executes INT 80H with checkpoint_registers: the program sees to it that they ask for a checkpoint of itself. If one
 * was taken, checkpoint_taken() is called with its id, and is expected to restart it, so that INT 80H returns again,
 * with 0. Returns that 0, or the error of the checkpoint, or the value of checkpoint_taken() where it returned.
 */
s32 checkpoint_self(void);

/* Defined by the program. */
s32 checkpoint_taken(s32 id);

#endif
