/* SPDX-License-Identifier: GPL-2.0-only */
/* The scribbler (scribble.h) as a task of the kernel. */
#ifndef CONFORMANCE_SCRIBBLER_H
#define CONFORMANCE_SCRIBBLER_H

#include "task.h"

/* A new scribbler; NULL: no memory. */
struct task *scribbler_create(void);

/* After the way of keeping FPU state has changed: what it may touch is another. */
void scribbler_fpu_changed(void);

/* Lets it run once, with or without the FPU. NULL, or what went wrong. */
const char *scribbler_run(struct task *scribbler, bool with_fpu);

#endif
