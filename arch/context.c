/* SPDX-License-Identifier: GPL-2.0-only */
#include "context.h"
#include "tss.h"

void context_switch(struct context *from, struct context *to)
{
	if (from)
		fpu_leave(&from->fpu);

	paging_activate(to->directory);

	/* Descriptors before selectors: the frame's fs and gs are loaded on the way out and must find them in place. */
	gdt_load_tls(to->tls);
	gdt_load_ldt(to->ldt, to->nldt);

	debugregs_load(&to->debug);
	fpu_enter(&to->fpu);

	/* The next trap from ring 3 builds its frame here, where the task's frame is now. */
	tss_set_stack(to->frame + 1);
}
