/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * EFLAGS.TF raises a #DB behind the next instruction (SDM 3 §17.3.1.4). What a task can see of it: BS in DR6; TF in
 * its flags, which every trap saves, PUSHF stores, POPF and IRET replace. A task that has TF set itself needs no help
 * to come back, and what it sees is what it asked for.
 */
#include "step.h"
#include "checkpoint.h"
#include "string.h"

enum { OP_POP_SS = 0x17, OP_MOV_SEGMENT = 0x8e, OP_PUSHF = 0x9c, OP_POPF = 0x9d, OP_IRET = 0xcf };

/* A byte of the task's memory, wherever it stands, or NULL where there is none yet. */
static u8 *byte_at(const struct task *t, u32 linear)
{
	u8 *frame = linear < TASK_SIZE ? paging_frame(t->mm->directory, linear) : NULL;

	return frame ? frame + linear % PAGE_SIZE : NULL;
}

static int read_byte(const struct task *t, u32 linear)
{
	const u8 *byte = byte_at(t, linear);

	return byte ? *byte : -1;
}

static u64 descriptor_of(const struct task *t, u32 selector)
{
	struct cr_descriptors d = task_descriptors(t);

	return cr_descriptor(&d, selector & 0xffff);
}

/* The opcode at *linear, which moves behind it; -1 where it is not in memory, or there are only prefixes. */
static int read_opcode(const struct task *t, u32 *linear)
{
	static const u8 prefixes[] = {0x26, 0x2e, 0x36, 0x3e, 0x64, 0x65, 0x66, 0x67, 0xf0, 0xf2, 0xf3};
	enum { LONGEST = 15 };

	for (u32 n = 0; n < LONGEST; n++) {
		int byte = read_byte(t, (*linear)++);

		if (byte < 0 || !memchr(prefixes, byte, sizeof(prefixes)))
			return byte;
	}
	return -1;
}

/* Bytes that ModRM, SIB and displacement take, with addresses of 32 bits (SDM 2 table 2-2). */
static u32 modrm_length(const struct task *t, u32 linear)
{
	u32 modrm = (u32)read_byte(t, linear), mod = modrm >> 6 & 3, rm = modrm & 7;
	bool sib = mod != 3 && rm == 4;
	u32 base = sib ? (u32)read_byte(t, linear + 1) & 7 : rm;
	u32 displacement = mod == 1 ? 1 : mod == 2 || (mod == 0 && base == 5) ? 4 : 0;

	return 1 + sib + displacement;
}

/* The opcode that the step will have completed. After a load of SS, which holds traps off, that is the next one's. */
static int stepped_opcode(const struct task *t)
{
	const struct trap_frame *f = t->context.frame;
	u32 linear = desc_base(descriptor_of(t, f->cs)) + f->eip;
	int opcode = read_opcode(t, &linear);

	if (opcode == OP_POP_SS)
		return read_opcode(t, &linear);
	if (opcode == OP_MOV_SEGMENT && (read_byte(t, linear) >> 3 & 7) == 2) {
		linear += modrm_length(t, linear);
		return read_opcode(t, &linear);
	}
	return opcode;
}

void step_begin(struct task *t)
{
	struct trap_frame *f = t->context.frame;
	int opcode = stepped_opcode(t);

	t->step = f->eflags & EFLAGS_TF			   ? STEP_OWN
		  : opcode == OP_PUSHF			   ? STEP_PUSHES_FLAGS
		  : opcode == OP_POPF || opcode == OP_IRET ? STEP_LOADS_FLAGS
							   : STEP_PLAIN;
	f->eflags |= EFLAGS_TF;
}

/* Takes TF out of the flags that PUSHF has just stored. */
static void clear_pushed(const struct task *t)
{
	const struct trap_frame *f = t->context.frame;
	u64 descriptor = descriptor_of(t, f->ss);
	u32 esp = descriptor & DESC_DB ? f->esp : f->esp & 0xffff;
	u8 *byte = byte_at(t, desc_base(descriptor) + esp + 1);

	if (byte)
		*byte &= (u8) ~(EFLAGS_TF >> 8);
}

void step_end(struct task *t)
{
	struct trap_frame *f = t->context.frame;
	enum step step = t->step;
	bool done;

	t->step = STEP_NONE;
	if (step == STEP_DONE)
		return; /* that was another trap */
	done = f->vector == TRAP_DB && debugregs_stepped(step != STEP_OWN);
	if (done && step == STEP_PUSHES_FLAGS)
		clear_pushed(t);
	if (step == STEP_PLAIN || step == STEP_PUSHES_FLAGS || (step == STEP_LOADS_FLAGS && !done))
		f->eflags &= ~EFLAGS_TF;
	if (done || f->vector == TRAP_SYSCALL)
		t->step = STEP_DONE;
}
