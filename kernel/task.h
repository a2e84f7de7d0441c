/* SPDX-License-Identifier: GPL-2.0-only */
/* Tasks: what one is, how it comes and goes, and which one runs. */
#ifndef KERNEL_TASK_H
#define KERNEL_TASK_H

#include "context.h"
#include "files.h"
#include "mm.h"

#define TASKS 24

struct image;

/* What is to be done for a task at the safe point before its trap returns, as bits of `work`. */
enum work {
	WORK_REQUEST = BIT(0), /* see `request` */
	WORK_SIGNAL = BIT(1),  /* a signal is pending and not blocked */
	WORK_EVERY = BIT(2),   /* every=: it is to be restarted */
	WORK_STEP = BIT(3),    /* its next instruction is to be a single step; this bit stays */
};

/*
 * A checkpoint or a restart that the task, or the command line, has asked for; or the end of a task for whose page there is
 * no memory (kernel/requests.c).
 */
enum request_kind { REQUEST_CHECKPOINT, REQUEST_RESTART, REQUEST_KERNEL_CHECKPOINT, REQUEST_NO_MEMORY };

struct request {
	enum request_kind kind;
	u32 pid;     /* checkpoint: of whom */
	s32 fd;	     /* checkpoint: to, restart: from */
	u32 address; /* no memory: of the page that there was none for */
};

/* every=: what is left until the next restart, so many ticks and then so many instructions; and how many there were. */
struct every {
	u32 ticks, insns, restarts;
};

/*
 * A single step that the task does not know of (kernel/step.c): none; the last trap ended one; one is under way, and what
 * its instruction does with the flags, in which TF is not the task's, or is.
 */
enum step { STEP_NONE, STEP_DONE, STEP_PLAIN, STEP_PUSHES_FLAGS, STEP_LOADS_FLAGS, STEP_OWN };

struct task {
	u32 pid; /* 0: this slot is free */
	char comm[CR_TASK_COMM_LEN];
	struct context context; /* all that the CPU holds while it runs */
	struct mm *mm;
	struct file file[FILES];
	struct cr_hdr_signal *signal; /* NULL: as in a new task (kernel/signal.h) */
	struct task *next;	      /* the runnable tasks form a ring */
	u32 ticks;		      /* timer ticks that it has been running for */
	u32 column;		      /* in the line of the console that it writes; 0: it begins the next */
	bool waits;		      /* in a call that is made again until it is over (kernel/signal.h); ... */
	u32 wake_at;		      /* ... one that sleeps, until the timer has ticked so often */
	u32 checkpoint_at;	      /* checkpoint it after that many; NO_CHECKPOINT: not */
	u32 work;
	struct request request;
	struct every every;
	enum step step;
};

#define NO_CHECKPOINT 0xffffffffu

/* The task that runs now; NULL before the first and after the last. */
extern struct task *current;

/* Another task is to run next: the time slice is over, the task yielded, or it is gone. */
extern bool need_resched;

/*
 * A new task in no memory yet, not runnable, with the registers of a fresh process. NULL: all slots or all memory are
 * in use.
 */
struct task *task_create(const char *comm);

/* Makes a created task runnable. */
void task_start(struct task *t);

/*
 * Takes a task away with everything it has. If it is the current one, another must be scheduled before anything
 * returns.
 */
void task_destroy(struct task *t);

struct task *task_find(u32 pid);

/* Asks for something at the task's next safe point. */
static inline void task_request(struct task *t, enum request_kind kind, u32 pid, s32 fd)
{
	t->request.kind = kind;
	t->request.pid = pid;
	t->request.fd = fd;
	t->work |= WORK_REQUEST;
}

/* Gives a task its memory; the old one is freed. */
void task_set_mm(struct task *t, struct mm *mm);

/* After its state was replaced in memory: puts it into the CPU, if the CPU is to hold it now. */
void task_reload(struct task *t);

/* `t`, which is runnable, becomes current, and the CPU holds its state. */
void task_switch(struct task *t);

/* The next runnable task after the current one becomes current. False: there is none. */
bool schedule(void);

/* The descriptors that a task's selectors may name. */
struct cr_descriptors task_descriptors(const struct task *t);

/*
 * After the task's TLS or LDT changed: a data segment register whose selector can't be loaded any more becomes null, as
 * the next load of it would fault. False where cs or ss is such: the task cannot go on.
 */
bool task_check_segments(struct task *t);

void tasks_init(void);

/* The page under a task's kernel stack, which tasks_init has taken away. */
const void *task_stack_guard(u32 slot);

#endif
