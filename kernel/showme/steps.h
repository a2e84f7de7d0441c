/* SPDX-License-Identifier: GPL-2.0-only */
/* The steps of a switch: kernel/showme/steps, with what the build found out about each (kernel/showme/make-steps). */
#ifndef SHOWME_STEPS_H
#define SHOWME_STEPS_H

#include "types.h"

struct switch_step {
	const char *where;  /* "arch/context.c:8" */
	const char *source; /* that line */
	const char *what;   /* what it does to the registers */
};

struct step_address {
	u32 address; /* where the line's code begins, or, if that is in several places, each of them */
	u32 step;
};

/* In the first of the kernel's two links there are none. */
extern const struct switch_step showme_step[] __attribute__((weak));
extern const struct step_address showme_address[] __attribute__((weak));
extern const u32 showme_steps __attribute__((weak)), showme_addresses __attribute__((weak));

#endif
