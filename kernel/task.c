/* SPDX-License-Identifier: GPL-2.0-only */
#include "task.h"
#include "checkpoint.h"
#include "string.h"

#define KERNEL_STACK (2 * PAGE_SIZE - 16)

/*
 * Each task's kernel stack, with a page under it that is taken away: to run over is to fault, not to write elsewhere.
 * Above it some bytes are left, or IRET's pops might end on a multiple of 64 KiB, with another upper half of ESP (espfix).
 */
static struct {
	u8 guard[PAGE_SIZE];
	u8 stack[KERNEL_STACK];
	u8 _above[16];
} kernel_stack[TASKS] __attribute__((aligned(4096)));

static struct task tasks[TASKS];
static u32 last_pid;

struct task *current;
static struct task *loaded; /* whose state the CPU holds; NULL: nobody's that still exists */
bool need_resched;

const void *task_stack_guard(u32 slot)
{
	return kernel_stack[slot].guard;
}

void tasks_init(void)
{
	for (u32 n = 0; n < TASKS; n++)
		paging_guard(task_stack_guard(n));
}

struct task *task_find(u32 pid)
{
	for (u32 n = 0; n < TASKS; n++)
		if (pid && tasks[n].pid == pid)
			return &tasks[n];
	return NULL;
}

static u32 next_pid(void)
{
	do
		last_pid = last_pid < 0x7fffffff ? last_pid + 1 : 1;
	while (task_find(last_pid));
	return last_pid;
}

/* A fresh process: flat segments, interrupts on, all else zero. */
static void init_frame(struct trap_frame *frame)
{
	*frame = (struct trap_frame){
		.ds = USER_DS,
		.es = USER_DS,
		.orig_eax = 0xffffffff,
		.cs = USER_CS,
		.eflags = EFLAGS_USER_ALWAYS,
		.ss = USER_DS,
	};
}

struct task *task_create(const char *comm)
{
	struct task *t = tasks;

	while (t < tasks + TASKS && t->pid)
		t++;
	if (t == tasks + TASKS)
		return NULL;
	*t = (struct task){.checkpoint_at = NO_CHECKPOINT};
	if (fpu_create(&t->context.fpu) < 0)
		return NULL;
	t->pid = next_pid();
	for (u32 n = 0; n < CR_TASK_COMM_LEN - 1 && comm[n]; n++)
		t->comm[n] = comm[n];
	t->context.frame = (struct trap_frame *)(kernel_stack[t - tasks].stack + KERNEL_STACK) - 1;
	init_frame(t->context.frame);
	files_init(t->file);
	return t;
}

void task_start(struct task *t)
{
	struct task *last = current;

	if (!current) {
		current = t->next = t;
		return;
	}
	/* Last in the ring, which goes round from the current one. */
	while (last->next != current)
		last = last->next;
	last->next = t;
	t->next = current;
}

static void leave_ring(struct task *t)
{
	struct task *before = t;

	if (!t->next)
		return;
	while (before->next != t)
		before = before->next;
	before->next = t->next;
	if (current == t)
		current = before == t ? NULL : before; /* so that its successor comes next */
	t->next = NULL;
}

void task_destroy(struct task *t)
{
	if (t == loaded) {
		paging_activate(&kernel_directory);
		loaded = NULL;
		need_resched = true;
	}
	leave_ring(t);
	files_drop(t->file);
	fpu_destroy(&t->context.fpu);
	mm_destroy(t->mm);
	t->pid = 0;
}

void task_set_mm(struct task *t, struct mm *mm)
{
	struct mm *old = t->mm;

	t->mm = mm;
	t->context.directory = mm->directory;
	t->context.ldt = mm->ldt;
	t->context.nldt = mm->nldt;
	if (t == loaded)
		paging_activate(mm->directory);
	mm_destroy(old);
}

void task_reload(struct task *t)
{
	if (t == loaded)
		context_switch(NULL, &t->context);
}

void task_switch(struct task *t)
{
	current = t;
	need_resched = false;
	if (t != loaded) {
		context_switch(loaded ? &loaded->context : NULL, &t->context);
		loaded = t;
	}
}

bool schedule(void)
{
	if (current)
		task_switch(current->next);
	return current;
}

struct cr_descriptors task_descriptors(const struct task *t)
{
	return (struct cr_descriptors){t->context.tls, t->context.ldt, t->context.nldt, 0};
}

bool task_check_segments(struct task *t)
{
	struct cr_descriptors d = task_descriptors(t);
	struct trap_frame *f = t->context.frame;
	u32 *data[] = {&f->ds, &f->es, &f->fs, &f->gs};

	for (u32 n = 0; n < ARRAY_SIZE(data); n++)
		if (!cr_selector_usable(&d, *data[n] & 0xffff, CR_SEGMENT_DATA))
			*data[n] = 0;
	return cr_selector_usable(&d, f->cs & 0xffff, CR_SEGMENT_CODE) &&
	       cr_selector_usable(&d, f->ss & 0xffff, CR_SEGMENT_STACK);
}
