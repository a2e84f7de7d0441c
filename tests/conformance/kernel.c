/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel as a place for cases. A case is started by restarting its state before and judged by what a checkpoint
 * gathers: the machinery under test is the machinery that tests.
 */
#include "catalogue.h"
#include "compose.h"
#include "conformance.h"
#include "console.h"
#include "cpu.h"
#include "cr.h"
#include "options.h"
#include "platform.h"
#include "printf.h"
#include "screen.h"
#include "scribble.h"
#include "scribbler.h"
#include "status.h"
#include "step.h"
#include "string.h"
#include "sysregs.h"
#include "tap.h"

#define X87 BIT(XSTATE_X87)
#define SSE BIT(XSTATE_SSE)

struct path platform_paths[] = {
	{.name = "plain"},
	{.name = "switch", .switches = true},
	{.name = "restart", .restarts = true},
	{.name = "lazy", .lazy = true, .switches = true},
	{.name = "fsave",
	 .method = "fsave",
	 .switches = true,
	 .restarts = true,
	 .registers_only = true,
	 .components = X87},
	{.name = "fxsave",
	 .method = "fxsave",
	 .switches = true,
	 .restarts = true,
	 .registers_only = true,
	 .components = X87 | SSE},
	{.name = "xsave", .method = "xsave", .switches = true, .restarts = true, .registers_only = true},
	{.name = "xsaveopt", .method = "xsaveopt", .switches = true, .restarts = true, .registers_only = true},
	{.name = "xsavec", .method = "xsavec", .switches = true, .restarts = true, .registers_only = true},
};
const u32 platform_path_count = ARRAY_SIZE(platform_paths);

struct selectors platform_selectors = {USER_CS, USER_DS, SELECTOR(GDT_ENTRY_TLS_MIN, 3)};
const bool platform_ring0 = true;

/* The case under way. */
static struct {
	const struct case_vector *c;
	const struct path *path;
	struct task *task;		/* it stays for the next case; NULL: there is none */
	const struct case_vector *code; /* whose code stands in its memory */
	const struct image *before;	/* the state before, without memory; NULL: not yet written */
	bool step;			/* it runs in single steps, each of which is a point */
} run;

static struct task *scribbler;

/* --- what the machine has --- */

struct cpuid_result platform_cpuid(u32 leaf, u32 subleaf)
{
	return cpu_cpuid(leaf, subleaf);
}

bool platform_has_fpu(void)
{
	return cpu.has_fpu;
}

u32 platform_components(void)
{
	return cpu.xcr0_supported | XSTATE_LEGACY_MASK;
}

u32 platform_mxcsr_mask(void)
{
	return fpu_mxcsr_mask();
}

/*
 * Changes the way in which FPU state is kept. That can be done while no task has any: the scribbler and the last case's
 * task get new one.
 */
static bool select_fpu(const struct path *path)
{
	struct task *tasks[] = {scribbler, run.task};
	bool done;

	for (u32 n = 0; n < ARRAY_SIZE(tasks); n++)
		if (tasks[n])
			fpu_destroy(&tasks[n]->context.fpu);
	done = fpu_init(path->method, path->lazy ? FPU_LAZY : FPU_EAGER) == 0;
	for (u32 n = 0; n < ARRAY_SIZE(tasks); n++)
		if (tasks[n] && fpu_create(&tasks[n]->context.fpu) < 0)
			tap_bail_out("no memory for FPU state");
	scribbler_fpu_changed();
	return done;
}

/*
 * The first paths keep it in the same way, and that way is not changed in between; unless a case is about the scribbler's
 * own first use, which must not have any state yet.
 */
static void prepare_fpu(const struct path *path, const struct case_vector *c)
{
	static const struct path *last;

	if (!last || path->method != last->method || path->lazy != last->lazy || !scribble_with_fpu(c, true))
		select_fpu(path);
	last = path;
}

/* A path is tried when it is first asked for, and not if it is never asked for: on some emulators trying is the end. */
bool platform_has_path(const struct path *path)
{
	static enum { UNKNOWN, ABSENT, THERE } state[ARRAY_SIZE(platform_paths)];
	u32 n = (u32)(path - platform_paths);

	if (state[n] == UNKNOWN)
		state[n] = select_fpu(path) && (cpu.has_fpu || !path->lazy) ? THERE : ABSENT;
	return state[n] == THERE;
}

/* --- output --- */

void platform_expect(const struct case_vector *c, u32 times)
{
	status_expect(c->name, times);
}

void platform_start(const struct case_vector *c)
{
	status_under_way(c->name);
}

void platform_result(bool ok, const char *line)
{
	tap_result(ok, "%s", line);
}

void platform_comment(const char *line)
{
	console_print("%s", line);
}

void platform_detail(const char *line)
{
	console_detail(line);
}

void platform_skip_to(u32 number)
{
	tap_skip_to(number);
}

void platform_bail_out(const char *line)
{
	tap_bail_out("%s", line);
}

/* --- from a vector to a task --- */

static void drop_task(void)
{
	if (run.task)
		task_destroy(run.task);
	run.task = NULL;
	run.code = NULL;
}

/* xstate= chooses the method of the paths that have none of their own, and with it what they can carry. */
static void set_default_method(const char *method)
{
	const struct path *same = platform_paths;

	while (same < platform_paths + platform_path_count && (!same->method || strcmp(same->method, method) != 0))
		same++;
	for (struct path *p = platform_paths; p < platform_paths + platform_path_count; p++) {
		if (p->method)
			continue;
		p->method = same->method;
		p->components = same->components;
	}
}

void platform_begin(void)
{
	if (options.xstate)
		set_default_method(options.xstate);
	scribbler = scribbler_create();
	if (!scribbler)
		tap_bail_out("no memory for the scribbler");
}

void platform_end(void)
{
	drop_task();
	task_destroy(scribbler);
	fpu_init(options.xstate, options.fpu);
	screen_hold(SCREEN_ROWS);
}

#define BEFORE "before" /* the name of images of the state before: checkpoints of the task have another */

/* An image of the state before; with the memory of a case, or (NULL) without any. */
static const struct image *write_image(const struct case_vector *memory, const struct vector *v)
{
	struct image *image = store_begin();
	struct cr_ctx ctx = {.sink = store_append, .cookie = image};

	if (!image || compose_image(&ctx, checkpoint_head(vector_components(v)), memory, v, fpu_layout()) < 0)
		tap_bail_out("no memory for an image of %s", run.c->name);
	store_commit(image, BEFORE, memory ? STORE_MEMORY : STORE_REGISTERS);
	return image;
}

/* Without memory it is the same on all paths. */
static const struct image *image_before(const struct vector *v)
{
	if (!run.before)
		run.before = write_image(NULL, v);
	return run.before;
}

/* A task out of an image. False: it was refused, and restart_error says why. */
static bool start(const struct image *image)
{
	run.task = task_create(COMPOSE_NAME);
	if (run.task && restart_task(run.task, image) == 0) {
		task_start(run.task);
		return true;
	}
	if (run.task)
		task_destroy(run.task);
	run.task = NULL;
	return false;
}

/* The last case's memory becomes this one's. What holds nothing but zeros is taken away, and comes when touched. */
static void reuse_memory(const struct case_vector *c, const struct vector *v)
{
	struct mm *mm = run.task->mm;

	if (run.code != c)
		mm_write(mm, CASE_CODE, compose_code(c), PAGE_SIZE);
	run.code = c;
	for (u32 n = 0; n < VECTOR_PAGES; n++) {
		u32 address = CASE_DATA + n * PAGE_SIZE;

		if (v->page[n])
			mm_write(mm, address, v->page[n], PAGE_SIZE);
		else
			mm_drop_page(mm, address);
	}
}

/*
 * Restarts the state before: the registers into the last case's task, where it can be used again; a new task out of an
 * image with memory costs four times as much.
 */
static bool begin(const struct case_vector *c, const struct vector *v)
{
	if (!run.task || run.task->context.nldt || vector_nldt(v)) {
		drop_task();
		run.code = c;
		return start(write_image(c, v));
	}
	reuse_memory(c, v);
	return restart_task(run.task, image_before(v)) == 0;
}

/* Checkpoint, destruction, restart; or, with the registers alone, into the same task. NULL, or what went wrong. */
static const char *restart(void)
{
	static char why[160];
	bool whole = !run.path->registers_only;
	s32 id = checkpoint_task(run.task, COMPOSE_NAME, whole);

	if (id < 0)
		return "the checkpoint failed";
	if (whole)
		task_destroy(run.task);
	if (whole ? start(store_get((u32)id)) : restart_task(run.task, store_get((u32)id)) == 0)
		return NULL;
	cr_error_format(why, sizeof(why), &restart_error);
	return why;
}

/* What the path does at a point; the first is before the case's first instruction. */
static const char *interrupt(bool first)
{
	const char *why = run.path->switches ? scribbler_run(scribbler, scribble_with_fpu(run.c, first)) : NULL;

	return !why && run.path->restarts ? restart() : why;
}

/* --- probes: code of a case in ring 0 --- */

static u32 probe_stack[256];

/* A frame on the probes' stack, to leave through into ring 0. There IRET takes no ESP and SS from it. */
static struct trap_frame *probe_frame(const struct trap_frame *task)
{
	struct trap_frame *f = (struct trap_frame *)(probe_stack + ARRAY_SIZE(probe_stack)) - 1;

	*f = *task;
	f->cs = KERNEL_CS;
	f->eflags &= ~EFLAGS_IF;
	return f;
}

/* What of a probe's frame is the task's: all that its code can have changed in the way that ring 3 could. */
static void probe_result(struct trap_frame *task, const struct trap_frame *f)
{
	u32 cs = task->cs, esp = task->esp, ss = task->ss;

	*task = *f;
	task->cs = cs;
	task->esp = esp;
	task->ss = ss;
	task->orig_eax = 0xffffffff;
	task->eflags |= EFLAGS_IF;
}

static struct trap_frame *run_probe(void)
{
	struct trap_frame *task = run.task->context.frame, *f;
	struct sysregs saved;

	mm_page(run.task->mm, CASE_DATA); /* ring 0 gets no pages by touching them */
	mm_page(run.task->mm, CASE_STACK);
	sysregs_save(&saved);
	sysregs_unprotect();
	f = trap_run(probe_frame(task));
	if (f->vector == TRAP_DB)
		debugregs_read(&run.task->context.debug);
	/* Before SMAP is on again: the frame may stand on a stack of ring 3, as SYSCALL leaves ESP alone. */
	probe_result(task, f);
	sysregs_restore(&saved);
	return task;
}

/* --- the run of a case --- */

static struct trap_frame *run_on(void)
{
	task_switch(run.task);
	if (run.c->flags & CASE_RING0)
		return run_probe();
	if (run.step)
		step_begin(run.task);
	return trap_run(run.task->context.frame);
}

/* A trap of the machine, as the case sees it; steps and points are the engine's own. */
enum event { EVENT_STOP, EVENT_POINT, EVENT_TICK };

/* A #DB is the case's own, unless it tells of nothing but the engine's step. */
static enum event classify_debug(struct trap_frame *f)
{
	struct debugregs *debug = &run.task->context.debug;
	u32 status = debugregs_collect(debug);

	if (debugregs_execute_hit(debug, status))
		f->eflags |= EFLAGS_RF;
	return run.task->step == STEP_DONE && !status ? EVENT_POINT : EVENT_STOP;
}

static enum event classify(struct trap_frame *f, const struct end *expected)
{
	if (run.task->step)
		step_end(run.task);
	if (f->vector == TRAP_TIMER)
		return EVENT_TICK;
	if (f->vector == TRAP_DB && !(run.c->flags & CASE_RING0))
		return classify_debug(f);
	return case_point(run.c, f->vector, f->eip, expected) ? EVENT_POINT : EVENT_STOP;
}

#define HANG_TICKS 5 /* no case takes so long without a trap */

static bool give_up(struct outcome *o, const char *why)
{
	if (!why)
		return false;
	o->kind = OUTCOME_TROUBLE;
	lib_snprintf(o->why, sizeof(o->why), "%s", why);
	return true;
}

/* From trap to trap, until the last of the ends has come, or another trap than they say. */
static void run_to_end(const struct end *ends, u32 count, struct outcome *o)
{
	u32 traps = 0, ticks = 0;

	trap_kernel_steps = 0;
	if (give_up(o, interrupt(true)))
		return;
	while (traps++ < HANG_TRAPS && ticks < HANG_TICKS) {
		struct trap_frame *f = run_on();
		enum event event = classify(f, &ends[o->stops]);

		ticks = event == EVENT_TICK ? ticks + 1 : 0;
		if (trap_kernel_steps && !run.step) {
			give_up(o, "a step gave a second #DB with BS, out of the first one's handler");
			return;
		}
		if (event == EVENT_STOP) {
			o->state.cr2 = read_cr2();
			o->stop = (struct end){f->vector, f->error, f->eip};
			if (!end_same(&o->stop, &ends[o->stops]) || ++o->stops == count)
				return;
		}
		if (event != EVENT_TICK && give_up(o, interrupt(false)))
			return;
	}
	o->kind = OUTCOME_HANG;
}

/* Memory stays where it is until the next case runs. */
static void observe_memory(struct vector *v)
{
	for (u32 n = 0; n < VECTOR_PAGES; n++)
		v->page[n] = paging_frame(run.task->mm->directory, CASE_DATA + n * PAGE_SIZE);
}

static void observe_components(struct vector *v)
{
	const struct fpu *fpu = &run.task->context.fpu;
	u32 components = fpu_components(fpu);

	v->components = 0;
	for (u32 n = XSTATE_AVX; n < VECTOR_COMPONENTS; n++)
		if (components >> n & 1 && fpu_layout()->component[n].size <= VECTOR_COMPONENT)
			memcpy(vector_component(v, n), fpu_component(fpu, n), fpu_layout()->component[n].size);
}

/*
 * The state as a checkpoint would write it. Under lazy switching the task's FPU state may still wait in memory: it is
 * loaded first, as by the task's next FPU instruction, so that what is seen has been through the CPU.
 */
static void observe(struct vector *v)
{
	static struct cr_hdr_cpu record;
	struct context *context = &run.task->context;

	if (run.path->lazy)
		fpu_not_available(&context->fpu);
	checkpoint_gather(run.task, &record);
	memcpy(&v->cpu, &record, offsetof(struct cr_hdr_cpu, uses_debug));
	vector_set_legacy(v, &record);
	memcpy(v->tls, context->tls, sizeof(v->tls));
	memset(v->ldt, 0, sizeof(v->ldt));
	for (u32 n = 0; n < context->nldt && n < VECTOR_LDT; n++)
		v->ldt[n] = context->ldt[n];
	observe_components(v);
	observe_memory(v);
}

void platform_run(const struct case_vector *c, const struct path *path, const struct vector *before,
		  const struct end *ends, u32 count, struct outcome *o)
{
	prepare_fpu(path, c);
	o->kind = OUTCOME_ENDED;
	o->stops = 0;
	if (run.c != c)
		run.before = NULL;
	run.c = c;
	run.path = path;
	run.step = (path->switches || path->restarts) && !(c->flags & CASE_NOSTEP);
	if (!begin(c, before)) {
		o->kind = OUTCOME_REFUSED;
		lib_snprintf(o->why, sizeof(o->why), "%s.%s", restart_error.record, restart_error.field);
		return;
	}
	run_to_end(ends, count, o);
	if (o->kind != OUTCOME_ENDED) {
		drop_task(); /* who knows what it holds */
		return;
	}
	task_switch(run.task);
	observe(&o->state);
}

void conformance(void)
{
	const struct catalogue_options o = {options.cases, options.paths,  options.part,
					    options.parts, options.resume, options.repeat};

	if (options.list)
		catalogue_list(&o);
	else
		catalogue_run(&o);
}
