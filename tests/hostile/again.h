/* SPDX-License-Identifier: GPL-2.0-only */
/* In what the image of a restarted task may differ from the one that was restarted: for the kernel and for ring 3. */
#ifndef HOSTILE_AGAIN_H
#define HOSTILE_AGAIN_H

#include "checkpoint_hdr.h"
#include "string.h"
#include "xstate.h"

/* What of HEAD speaks of the writer, and is not judged: a new image has it from its own writer. */
static inline void again_set_writer(u8 *image, const u8 *again)
{
	struct cr_hdr_head *to = (struct cr_hdr_head *)(image + sizeof(struct cr_hdr));
	const struct cr_hdr_head *from = (const struct cr_hdr_head *)(again + sizeof(struct cr_hdr));

	to->minor = from->minor;
	to->patch = from->patch;
	to->time = from->time;
	memcpy(to->release, from->release, sizeof(to->release));
	memcpy(to->version, from->version, sizeof(to->version));
}

/* x87 and SSE state takes the form that the machine uses, if it was in the other (docs/FORMAT.md §3, row 6). */
static inline void again_set_form(struct cr_hdr_cpu *cpu, bool fxsr)
{
	u8 xstate[CR_XSTATE_LEGACY] = {0};

	if (!cpu->used_math || cpu->has_fxsr == fxsr)
		return;
	if (cpu->has_fxsr)
		fxsave_to_fsave((struct fsave *)xstate, (const struct fxsave *)cpu->xstate);
	else
		fsave_to_fxsave((struct fxsave *)xstate, (const struct fsave *)cpu->xstate);
	memcpy(cpu->xstate, xstate, sizeof(xstate));
	cpu->has_fxsr = fxsr;
}

#endif
