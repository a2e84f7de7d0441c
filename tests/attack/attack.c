/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Hostile programs (program/), one after the other, beside a bystander. Here is only what starts and watches them: they
 * attack from ring 3, and the kernel treats them as it treats every task. Each life has a seed of its own, one more than
 * the one before. The timer comes after random times; at some ticks the hostile task is checkpointed, destroyed and
 * restarted: whatever state ring 3 can get into, restart must take.
 *
 * The machine is given `spin`, the bystander, and the hostile program once for each part of it, named after the part; and
 * run=spin.
 */
#include "console.h"
#include "cr.h"
#include "elf.h"
#include "options.h"
#include "printf.h"
#include "random.h"
#include "store.h"
#include "string.h"
#include "tap.h"
#include "timer.h"
#include "watch.h"
#include "witness.h"

#define CODE_PAGE  0x20000000u /* as in program/hostile.h */
#define PARTS	   16
#define LIFE_TICKS 400
#define RESTART_IN 24	/* ticks, on average */
#define PROGRESS   1000 /* lives from one line to the next */

/* What came of the lives of one part. */
struct part {
	const struct image *module;
	u32 lives, steps, restarts;
	u32 vm86;		    /* QEMU let it into virtual-8086 mode, and the kernel ended it */
	u32 impossible;		    /* QEMU let it load reserved bits of MXCSR, and a restart refused them */
	u32 left, stopped;	    /* by exit; by us, as it had gone on for too long */
	u32 fault[TRAP_EXCEPTIONS]; /* by exception */
};

static struct {
	struct part part[PARTS];
	u32 parts;
	struct task *bystander;
	u32 lives, ticks;     /* the number of this life, and how long it has lasted */
	struct random random; /* begins anew with each life */
	const char *trouble;  /* NULL: none so far */
} attack;

static void fail(const char *why)
{
	if (!attack.trouble)
		attack.trouble = why;
}

static struct part *part(void)
{
	return &attack.part[attack.lives % attack.parts];
}

static u32 life_seed(void)
{
	return options.seed + attack.lives;
}

/* NULL: it has ended. */
static struct task *hostile(void)
{
	return attack.bystander->next == attack.bystander ? NULL : attack.bystander->next;
}

/* --- the bystander --- */

/* It has come to its last instruction, a jump to itself, and will never change again. */
static bool has_settled(const struct task *t)
{
	u32 eip = t->context.frame->eip;
	const u8 *page = paging_frame(t->mm->directory, eip);

	return page && eip % PAGE_SIZE < PAGE_SIZE - 1 && page[eip % PAGE_SIZE] == 0xeb &&
	       page[eip % PAGE_SIZE + 1] == 0xfe;
}

static void begin(void)
{
	attack.bystander = current;
	for (const struct image *i = store_next(NULL); i; i = store_next(i))
		if (strcmp(store_name(i), attack.bystander->comm) != 0 && attack.parts < PARTS)
			attack.part[attack.parts++].module = i;
	if (!attack.parts)
		tap_bail_out("there is no hostile program: no module but the bystander");
	witness_machine();
	fail(witness_bystander(attack.bystander));
	console_mute(true);
}

/* --- a life --- */

/*
 * Bytes that are instructions at all are few: prefixes, 0FH, INT, segment loads, x87 and string instructions are preferred.
 * Not IRET, which is left to part `selectors`: in QEMU 7.2 it leads to virtual-8086 mode, with VIF that then stays set.
 */
static void fill_code(u8 *page)
{
	enum { NOP = 0x90, IRET = 0xcf };
	static const u8 preferred[] = {0x0f, 0x66, 0x67, 0xf2, 0xf3, 0x2e, 0x36, 0x65, 0xcd, 0x80, 0xcc,
				       0xce, 0x8e, 0x8c, 0x9d, 0x9c, 0xcb, 0xc4, 0xc5, 0xd9, 0xdb, 0xdd,
				       0xdf, 0xa4, 0xa5, 0xab, 0x90, 0x17, 0x07, 0x1f, 0xa1, 0xa9, 0xae,
				       0xc7, 0x01, 0xf4, 0xfa, 0xe4, 0xee, 0x62, 0xc8, 0x60, 0x61};

	for (u32 n = 0; n < PAGE_SIZE; n++) {
		page[n] = random_below(&attack.random, 2) ? preferred[random_below(&attack.random, sizeof(preferred))]
							  : (u8)random_u32(&attack.random);
		if (page[n] == IRET)
			page[n] = NOP;
	}
}

static void give_code(struct task *t)
{
	static u8 page[PAGE_SIZE];

	fill_code(page);
	if (mm_add(t->mm, CODE_PAGE, CODE_PAGE + PAGE_SIZE, VM_READ | VM_EXEC) < 0 ||
	    mm_write(t->mm, CODE_PAGE, page, sizeof(page)) < 0)
		fail("there is no memory for code");
}

static void start_life(void)
{
	const struct image *module = part()->module;
	const char *why = "";
	char name[STORE_NAME + 9];
	struct words argv;
	struct task *t;

	attack.ticks = 0;
	attack.random = random_from(life_seed());
	lib_snprintf(name, sizeof(name), "%s-%08x", store_name(module), life_seed());
	argv = word(name);
	t = elf_load(&argv, store_module(module), store_size(module), &why);
	if (!t) {
		fail(why);
		return;
	}
	give_code(t);
	task_start(t);
}

static void check_ring3(const struct task *t)
{
	const struct trap_frame *f = t->context.frame;

	if ((f->cs & 3) != 3 || (f->ss & 3) != 3)
		fail("CS or SS is not of ring 3");
	if (f->eflags & (EFLAGS_IOPL | EFLAGS_VM) || !(f->eflags & EFLAGS_IF))
		fail("IOPL or VM is set, or IF is clear");
}

/* QEMU 7.2 loads reserved bits of MXCSR, for which a CPU has #GP (tests/known-defects): no kernel can help that. */
static bool has_impossible_state(struct task *t)
{
	static struct cr_hdr_cpu cpu;

	checkpoint_gather(t, &cpu);
	return cpu.has_fxsr && ((struct fxsave *)cpu.xstate)->mxcsr & ~fpu_mxcsr_mask();
}

static void restart_impossible(struct task *t, const struct image *image)
{
	if (restart_task(t, image) != -EINVAL || strcmp(restart_error.field, "xstate.mxcsr") != 0)
		fail("restart did not refuse reserved bits of MXCSR");
	part()->impossible++;
}

static void restart_possible(struct task *t, const struct image *image)
{
	console_mute(false);
	if (!restart_replace(t, image))
		fail("restart refused what a checkpoint has written");
	console_mute(true);
	part()->restarts++;
}

/* A full store is no failure: the program has filled it. */
static void restart(struct task *t)
{
	s32 id = checkpoint_task(t, "hostile", true);

	if (id >= 0)
		(has_impossible_state(t) ? restart_impossible : restart_possible)(t, store_get((u32)id));
}

static void end_life(void)
{
	const char *differs = witness_machine_differs();

	fail(differs ? differs : witness_bystander_differs());
	part()->lives++;
	if (attack.trouble)
		return;
	if (++attack.lives % PROGRESS)
		return;
	console_mute(false);
	console_print("attack: %u of %u programs", attack.lives, options.repeat);
	console_mute(true);
}

/* What a program found wrong: ECX points to a text, as hostile.c's breach() says. */
static const char *text_of(const struct task *t)
{
	static char text[80];
	u32 address = t->context.frame->ecx;
	const char *page = paging_frame(t->mm->directory, address);

	for (u32 n = 0; page && n < sizeof(text) - 1 && address % PAGE_SIZE + n < PAGE_SIZE; n++)
		text[n] = page[address % PAGE_SIZE + n];
	return page ? text : "a program failed, and cannot say why";
}

/* Random code may leave with any status. */
static bool found_something(const struct task *t)
{
	return t->context.frame->vector == TRAP_SYSCALL && (t->context.frame->ebx & 0xff) == 1 &&
	       strncmp(t->comm, "code", 4) != 0;
}

bool watch_end(const struct task *t, bool passed, const char *why)
{
	u32 vector = t->context.frame->vector;

	(void)passed;
	(void)why;
	timer_period(2); /* the next life need not wait */
	if (!attack.bystander || t == attack.bystander) {
		console_mute(false);
		tap_result(false, "attack # the bystander has ended");
		tap_end();
	}
	if (t->context.frame->eflags & EFLAGS_VM)
		part()->vm86++;
	else
		check_ring3(t);
	if (found_something(t))
		fail(text_of(t));
	if (vector < TRAP_EXCEPTIONS) {
		part()->fault[vector]++;
	} else {
		part()->left++;
		part()->steps += t->context.frame->edx;
	}
	return true;
}

static void live_on(struct task *t)
{
	check_ring3(t);
	if (attack.ticks++ == LIFE_TICKS) {
		part()->stopped++;
		task_destroy(t);
	} else if (random_below(&attack.random, RESTART_IN) == 0) {
		restart(t);
	}
}

/* --- the end --- */

static void report(const struct part *p)
{
	char line[400];
	u32 n = (u32)lib_snprintf(line, sizeof(line),
				  "%s: %u programs, %u restarts; %u left after %u steps, %u stopped",
				  store_name(p->module), p->lives, p->restarts, p->left, p->steps, p->stopped);

	for (u32 v = 0; v < TRAP_EXCEPTIONS; v++)
		if (p->fault[v])
			n += (u32)lib_snprintf(line + n, sizeof(line) - n, ", %s %u", trap_name(v), p->fault[v]);
	if (p->vm86)
		n += (u32)lib_snprintf(line + n, sizeof(line) - n, "; %u of them in virtual-8086 mode", p->vm86);
	if (p->impossible)
		lib_snprintf(line + n, sizeof(line) - n, "; %u restarts refused, for reserved bits of MXCSR",
			     p->impossible);
	tap_result(true, "attack %s", line);
}

static void end(void)
{
	console_mute(false);
	if (attack.trouble) {
		tap_result(false, "attack %s # %s", store_name(part()->module), attack.trouble);
		console_print("program %u; repeat: seed=%u repeat=%u, or %s alone, seed=%u repeat=1", attack.lives,
			      options.seed, attack.lives + 1, store_name(part()->module), life_seed());
		tap_end();
	}
	for (u32 n = 0; n < attack.parts; n++)
		report(&attack.part[n]);
	tap_end();
}

static u32 random_period(void)
{
	return 2 + random_below(&attack.random, 4u << random_below(&attack.random, 10));
}

void watch_tick(void)
{
	if (!attack.bystander) {
		if (!has_settled(current))
			return;
		begin();
		start_life();
	} else if (hostile()) {
		live_on(hostile());
	} else {
		end_life();
		if (!attack.trouble && attack.lives < options.repeat)
			start_life();
	}
	if (attack.trouble || attack.lives >= options.repeat)
		end();
	timer_period(random_period()); /* at last: the time that all this took is not the tasks' */
}
