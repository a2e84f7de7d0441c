/* SPDX-License-Identifier: GPL-2.0-only */
#include "snapshot.h"
#include "cr.h"
#include "string.h"
#include "sysregs.h"
#include "tss.h"

#define KERNEL(name_, member)                                                                                          \
	{                                                                                                              \
		.name = name_, .field = #member, .group = GROUP_KERNEL, .digits = 8,                                   \
		.offset = offsetof(struct kernel_registers, member), .size = 4                                         \
	}

const struct cr_register kernel_registers[] = {
	KERNEL("CR0", cr0),
	KERNEL("CR3", cr3),
	KERNEL("LDTR", ldtr),
	KERNEL("ESP0", esp0),
};

const u32 kernel_register_count = ARRAY_SIZE(kernel_registers);

/* A task's frame as far as it was ever seen. */
struct seen {
	struct trap_frame frame, known;
};

static struct seen seen_leaving, seen_coming;

static const struct debugregs debug_known = {{~0u, ~0u, ~0u, ~0u}, ~0u, ~0u};

int snapshot_create(struct snapshot *s)
{
	for (u32 n = 0; n < HOLDERS; n++)
		if (fpu_create(&s->holder[n].fpu) < 0)
			return -ENOMEM;
	return 0;
}

void snapshot_begin(void)
{
	seen_leaving = seen_coming = (struct seen){0};
}

/* While ESP points into the frame, the words below it are free stack: those of a frame on another stack all count. */
static void see_frame(struct seen *s, const struct trap_frame *frame, u32 esp)
{
	u32 from = esp > (u32)frame && esp <= (u32)(frame + 1) ? esp - (u32)frame : 0;

	memcpy((u8 *)&s->frame + from, (const u8 *)frame + from, sizeof(*frame) - from);
	memset((u8 *)&s->known + from, 0xff, sizeof(*frame) - from);
}

/* The records that images have, so that the table of all registers finds each one. */
static void fill(struct holder *h, const struct trap_frame *frame, const struct trap_frame *known,
		 const struct debugregs *debug)
{
	checkpoint_gather_registers(frame, debug, &h->cpu);
	checkpoint_gather_registers(known, &debug_known, &h->cpu_known);
	h->fpu.used_math = h->fpu.area;
	fpu_to_image(&h->fpu, &h->cpu);
	memset(h->cpu_known.xstate, 0xff, sizeof(h->cpu_known.xstate));
}

static void take_task(struct holder *h, struct seen *s, const struct task *t, u32 esp)
{
	const struct context *c = &t->context;

	see_frame(s, c->frame, esp);
	h->kernel.cr3 = virt_to_phys(c->directory);
	h->kernel.ldtr = c->nldt ? SELECTOR(GDT_ENTRY_LDT, 0) : 0;
	h->kernel.esp0 = (u32)(c->frame + 1);
	h->kernel_known = (struct kernel_registers){0, ~0u, ~0u, ~0u}; /* CR0 is nobody's */
	memcpy(h->tls, c->tls, sizeof(h->tls));
	fpu_copy(&h->fpu, &c->fpu);
	fill(h, &s->frame, &s->known, &c->debug);
}

static void take_cpu(struct holder *h, const struct trap_frame *frame)
{
	struct trap_frame known;
	struct debugregs debug;
	struct sysregs s;

	sysregs_save(&s);
	memcpy(debug.dr, s.dr, sizeof(debug.dr));
	debug.dr6 = s.dr6 & DR6_STATUS;
	debug.dr7 = s.dr7 & ~DR7_FIXED;
	h->kernel = (struct kernel_registers){s.cr0, s.cr3, gdt_read_ldtr(), (u32)tss_stack()};
	h->kernel_known = (struct kernel_registers){~0u, ~0u, ~0u, ~0u};
	gdt_read_tls(h->tls);
	fpu_peek(&h->fpu);
	memset(&known, 0xff, sizeof(known));
	known.orig_eax = 0; /* stands in frames only */
	fill(h, frame, &known, &debug);
}

void snapshot_take(struct snapshot *s, const struct task *leaves, const struct task *comes,
		   const struct trap_frame *frame, u32 esp)
{
	take_task(&s->holder[LEAVES], &seen_leaving, leaves, esp);
	take_cpu(&s->holder[CPU], frame);
	take_task(&s->holder[COMES], &seen_coming, comes, esp);
}

const u8 *snapshot_find(const struct holder *h, const struct cr_register *r)
{
	const u8 *known = (const u8 *)&h->kernel_known + r->offset;

	if (r->group == GROUP_KERNEL)
		return xstate_is_zero(known, r->size) ? NULL : (const u8 *)&h->kernel + r->offset;
	known = (const u8 *)&h->cpu_known + r->offset;
	if (r->record == CR_HDR_CPU && xstate_is_zero(known, r->size))
		return NULL;
	return checkpoint_find(r, h->tls, &h->fpu, &h->cpu);
}
