/* SPDX-License-Identifier: GPL-2.0-only */
#include "scribbler.h"
#include "printf.h"
#include "scribble.h"

static struct vector start;

/* Its own pages lie where the cases have theirs, too: the same linear addresses, other memory. */
static int map(struct mm *mm)
{
	int ret = mm_add(mm, SCRIBBLE_HOME, SCRIBBLE_HOME_END, VM_READ | VM_WRITE | VM_EXEC);

	if (!ret)
		ret = mm_add(mm, CASE_DATA, CASE_END, VM_READ | VM_WRITE);
	if (!ret)
		ret = mm_write(mm, SCRIBBLE_HOME, scribble, (u32)(scribble_constants_end - scribble));
	return ret;
}

static void set_debug(struct debugregs *debug)
{
	debug->dr[0] = (u32)start.cpu.debugreg0;
	debug->dr[1] = (u32)start.cpu.debugreg1;
	debug->dr[2] = (u32)start.cpu.debugreg2;
	debug->dr[3] = (u32)start.cpu.debugreg3;
	debug->dr7 = (u32)start.cpu.debugreg7;
}

struct task *scribbler_create(void)
{
	struct task *t = task_create("scribbler");
	struct mm *mm = mm_create();

	if (!t || !mm || map(mm) < 0)
		return NULL;
	task_set_mm(t, mm);
	scribble_describe(&start, (u32)fpu_layout()->xcr0);
	for (u32 n = 0; n < CR_TLS_ENTRIES; n++)
		t->context.tls[n] = start.tls[n];
	set_debug(&t->context.debug);
	task_start(t);
	return t;
}

void scribbler_fpu_changed(void)
{
	start.cpu.bx = scribble_touches((u32)fpu_layout()->xcr0);
}

const char *scribbler_run(struct task *t, bool with_fpu)
{
	static char why[96];
	struct trap_frame *f = t->context.frame;

	f->eip = (u32)start.cpu.ip;
	f->esp = (u32)start.cpu.sp;
	f->ebx = with_fpu ? (u32)start.cpu.bx : 0;
	f->edx = (u32)start.cpu.dx;
	f->eflags = (u32)start.cpu.flags;
	f->ds = f->es = USER_DS;
	task_switch(t);
	do
		f = trap_run(f);
	while (f->vector == TRAP_TIMER);
	if (f->vector == TRAP_BP && f->eip == scribble_done() && !t->context.debug.dr6)
		return NULL;
	lib_snprintf(why, sizeof(why), "the scribbler met %s(%x) at %08x that is not its own", trap_name(f->vector),
		     f->error, f->eip);
	return why;
}
