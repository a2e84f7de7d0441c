/* SPDX-License-Identifier: GPL-2.0-only */
/* The runs of cases: as kernel.c's, with a process for the task, and with Linux for the kernel under test. */
#include <string.h>
#include <sys/mman.h>

#include "compose.h"
#include "native.h"
#include "printf.h"
#include "scribble.h"

struct path platform_paths[] = {
	{.name = "plain"},
	{.name = "switch", .switches = true},
	{.name = "restart", .restarts = true},
};
const u32 platform_path_count = ARRAY_SIZE(platform_paths);

struct selectors platform_selectors;
const bool platform_ring0 = false;

static const char *no_scribbler; /* why there is none */

bool platform_has_path(const struct path *path)
{
	return !path->switches || !no_scribbler;
}

void platform_begin(void)
{
	no_scribbler = scribble_create();
	if (no_scribbler)
		platform_comment(no_scribbler);
}

void platform_end(void)
{
	scribble_destroy();
}

/* --- images --- */

static struct {
	u8 bytes[8 * PAGE_SIZE];
	u32 size;
} image;

static int append(void *cookie, const void *bytes, u32 count)
{
	(void)cookie;
	if (count > sizeof(image.bytes) - image.size)
		return -1;
	memcpy(image.bytes + image.size, bytes, count);
	image.size += count;
	return 0;
}

static s32 take(void *cookie, u32 pos, void *to, u32 count)
{
	const struct cr_bytes bytes = {image.bytes, image.size};

	(void)cookie;
	return cr_bytes_source((void *)&bytes, pos, to, count);
}

static void write_image(const struct case_vector *c, const struct vector *state)
{
	static struct vector v;
	struct cr_hdr_head head;
	struct cr_ctx ctx = {.sink = append};

	v = *state;
	selectors_to_image(&v);
	cr_head_init(&head);
	head.rev = vector_components(&v) ? CR_REV_XSTATE : CR_REV_RFC;
	image.size = 0;
	compose_image(&ctx, &head, c, &v, machine_layout());
}

/* --- from an image to a process --- */

/* The case under way. */
static struct {
	const struct case_vector *c;
	const struct path *path;
	struct process process;
	bool step; /* it runs in single steps, each of which is a point */
} run;

static u8 pages[CASE_END - CASE_CODE];

static int add_vma(void *cookie, const struct cr_hdr_vma *vma)
{
	(void)cookie;
	return vma->vm_start >= CASE_CODE && vma->vm_end <= CASE_END ? 0 : -1;
}

static u32 add_pages(void *cookie, const u32 *address, u8 **page, u32 count)
{
	(void)cookie;
	for (u32 n = 0; n < count; n++)
		page[n] = pages + (address[n] - CASE_CODE);
	return count;
}

/* The task in the image that was read, as a vector. */
static void to_vector(struct cr_ctx *ctx, const struct cr_image *from, struct vector *v)
{
	vector_init(v, 0, 0);
	v->cpu = from->cpu;
	vector_set_legacy(v, &from->cpu);
	memcpy(v->tls, from->tls, sizeof(v->tls));
	cr_read_ldt(ctx, from, v->ldt);
	for (u32 n = XSTATE_AVX; n < VECTOR_COMPONENTS; n++)
		if (from->xstate_bv >> n & 1)
			cr_read_component(ctx, from, n, vector_component(v, n));
	memcpy(vector_memory(v, 0, VECTOR_MEMORY), pages + (CASE_DATA - CASE_CODE), VECTOR_MEMORY);
	selectors_to_linux(v);
}

static void fail(struct outcome *o, u32 kind, const char *why)
{
	o->kind = kind;
	lib_snprintf(o->why, sizeof(o->why), "%s", why);
}

static bool refused(struct outcome *o, const struct cr_error *e)
{
	o->kind = OUTCOME_REFUSED;
	lib_snprintf(o->why, sizeof(o->why), "%s.%s", e->record, e->field);
	return false;
}

/* False: it did not become a process, and *o says why. */
static bool start(struct outcome *o)
{
	static const struct cr_memory_ops ops = {add_vma, add_pages};
	static struct cr_image from;
	static struct vector v;
	const struct cr_machine machine = {.task_size = cr_any_machine.task_size,
					   .max_vmas = cr_any_machine.max_vmas,
					   .has_fpu = true,
					   .has_fxsr = true,
					   .has_sse = platform_mxcsr_mask(),
					   .mxcsr_mask = platform_mxcsr_mask(),
					   .xstate = machine_layout()};
	const struct mapping mappings[] = {
		{CASE_CODE, PAGE_SIZE, PROT_READ | PROT_EXEC, pages},
		{CASE_DATA, PAGE_SIZE, PROT_READ | PROT_WRITE, pages + PAGE_SIZE},
		{CASE_STACK, CASE_END - CASE_STACK, PROT_READ | PROT_WRITE | PROT_EXEC, pages + 2 * PAGE_SIZE},
	};
	struct cr_ctx ctx = {.source = take};
	const char *wrong;

	memset(pages, 0, sizeof(pages));
	if (cr_read_image(&ctx, &machine, &from) < 0 || cr_read_memory(&ctx, &from, &ops, NULL) < 0)
		return refused(o, &ctx.error);
	to_vector(&ctx, &from, &v);
	wrong = process_create(&run.process, mappings, ARRAY_SIZE(mappings), &v);
	if (wrong)
		fail(o, OUTCOME_SKIPPED, wrong);
	return !wrong;
}

static bool observe(struct outcome *o, struct vector *v)
{
	if (process_get(&run.process, v))
		return true;
	fail(o, OUTCOME_TROUBLE, "its memory cannot be read any more");
	return false;
}

/* Checkpoint, end, restart. False: it failed. */
static bool restart(struct outcome *o)
{
	static struct vector v;

	if (!observe(o, &v))
		return false;
	process_kill(&run.process);
	write_image(run.c, &v);
	if (start(o))
		return true;
	if (o->kind == OUTCOME_REFUSED)
		o->kind = OUTCOME_TROUBLE;
	return false;
}

/* What the path does at a point; the first is before the case's first instruction. False: it failed. */
static bool interrupt(struct outcome *o, bool first)
{
	const char *wrong = run.path->switches ? scribble_run(scribble_with_fpu(run.c, first)) : NULL;

	if (wrong)
		fail(o, OUTCOME_TROUBLE, wrong);
	return !wrong && (!run.path->restarts || restart(o));
}

/* --- the run of a case --- */

/* DR6.BS of a step that was asked for is not the task's. Whether it is a point, and no stop. */
static bool debug_is_point(const struct stopped *s)
{
	bool ours = run.step && s->requested;

	run.process.set.cpu.debugreg6 |= s->dr6 | (s->step && !ours ? DR6_BS : 0);
	return ours && !s->dr6;
}

static bool is_point(const struct stopped *s, const struct end *expected)
{
	if (s->trap.vector == TRAP_DB)
		return debug_is_point(s);
	return case_point(run.c, s->trap.vector, s->trap.eip, expected);
}

/* One trap. False: the run is over. */
static bool run_on(const struct end *ends, u32 count, struct outcome *o)
{
	struct stopped s;

	process_run(&run.process, run.step, &s);
	if (s.how == STOPPED_HUNG) {
		o->kind = OUTCOME_HANG;
		return false;
	}
	if (s.how == STOPPED_REFUSED) {
		fail(o, OUTCOME_SKIPPED, "Linux does not let it have these selectors when it goes on");
		return false;
	}
	if (s.how == STOPPED_GONE) {
		fail(o, OUTCOME_TROUBLE, "its process has ended");
		return false;
	}
	if (!is_point(&s, &ends[o->stops])) {
		o->stop = s.trap;
		o->state.cr2 = s.cr2;
		if (!end_same(&s.trap, &ends[o->stops]) || ++o->stops == count)
			return false;
	}
	return interrupt(o, false);
}

static void run_to_end(const struct end *ends, u32 count, struct outcome *o)
{
	u32 traps = 0;

	if (!interrupt(o, true))
		return;
	while (run_on(ends, count, o))
		if (traps++ == HANG_TRAPS) {
			o->kind = OUTCOME_HANG;
			return;
		}
}

void platform_run(const struct case_vector *c, const struct path *path, const struct vector *before,
		  const struct end *ends, u32 count, struct outcome *o)
{
	const char *limit = limits_on(c);

	o->kind = OUTCOME_ENDED;
	o->stops = 0;
	o->state.cr2 = 0;
	if (limit) {
		fail(o, OUTCOME_SKIPPED, limit);
		return;
	}
	run.c = c;
	run.path = path;
	run.step = (path->switches || path->restarts) && !(c->flags & CASE_NOSTEP);
	write_image(c, before);
	if (!start(o))
		return;
	run_to_end(ends, count, o);
	if (o->kind == OUTCOME_ENDED)
		observe(o, &o->state);
	process_kill(&run.process);
}
