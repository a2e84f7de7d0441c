/* SPDX-License-Identifier: GPL-2.0-only */
/* The other task: it overwrites every register that it can, and stops. */
#ifndef CONFORMANCE_SCRIBBLER_H
#define CONFORMANCE_SCRIBBLER_H

#include "task.h"

/* A new scribbler; NULL: no memory. */
struct task *scribbler_create(void);

/* Lets it run once. NULL, or what went wrong. */
const char *scribbler_run(struct task *scribbler);

#endif
