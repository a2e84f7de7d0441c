/* SPDX-License-Identifier: GPL-2.0-only */
#include "witness.h"
#include "cpu.h"
#include "cr.h"
#include "crc32.h"
#include "frames.h"
#include "machine.h"
#include "store.h"
#include "string.h"

static struct machine machine;

static struct {
	struct task *task;
	u32 frames, state;
} bystander;

/* A switch changes these, and IRET to a stack of the task's own. The TSS holds the top of the running task's stack. */
static void blank_what_follows_the_task(struct machine *m)
{
	m->sysregs.cr0 &= ~CR0_TS;
	m->cr3 = m->dr7 = m->ldtr = 0;
	memset(m->debug, 0, sizeof(m->debug));
	for (u32 n = GDT_ENTRY_TLS_MIN; n <= GDT_ENTRY_TLS_MAX; n++)
		m->gdt[n] = 0;
	m->gdt[GDT_ENTRY_LDT] = m->gdt[GDT_ENTRY_ESPFIX] = 0;
	memset(m->tss + 4, 0, 4); /* ESP0, SDM 3 figure 7-2 */
}

void witness_machine(void)
{
	machine_read(&machine);
	blank_what_follows_the_task(&machine);
}

const char *witness_machine_differs(void)
{
	static struct machine now;

	machine_read(&now);
	blank_what_follows_the_task(&now);
	return machine_differs(&machine, &now);
}

static void drop_images(void)
{
	for (const struct image *i = store_next(NULL); i; i = store_next(i))
		if (store_kind(i) != STORE_MODULE)
			store_abort((struct image *)i);
}

/* The checksum of an image: all but HEAD, which tells the time. False: there was none. */
static bool state_of(struct task *t, u32 *crc)
{
	s32 id = checkpoint_task(t, "witness", true);
	const struct image *image = id < 0 ? NULL : store_get((u32)id);
	u8 piece[512];
	s32 got;

	*crc = 0;
	for (u32 at = sizeof(struct cr_hdr) + sizeof(struct cr_hdr_head); image; at += (u32)got) {
		got = store_read((void *)image, at, piece, sizeof(piece));
		if (got <= 0)
			break;
		*crc = crc32_update(*crc, piece, (u32)got);
	}
	drop_images();
	return image;
}

const char *witness_bystander(struct task *t)
{
	bystander.task = t;
	if (!state_of(t, &bystander.state))
		return "there is no room for the bystander's image";
	bystander.frames = frames_available();
	return NULL;
}

const char *witness_bystander_differs(void)
{
	u32 state;

	drop_images();
	if (frames_available() != bystander.frames)
		return "free frames";
	if (!state_of(bystander.task, &state))
		return "the store's room";
	return state == bystander.state ? NULL : "the bystander's state";
}
