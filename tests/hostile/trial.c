/* SPDX-License-Identifier: GPL-2.0-only */
#include "trial.h"
#include "again.h"
#include "console.h"
#include "cr.h"
#include "images.h"
#include "printf.h"
#include "string.h"

u8 trial_bytes[IMAGE_MAX];

/* The image that is changed, and what it is tried on. */
static struct {
	const char *name;
	bool with_mm;
	struct task *victim; /* NULL: each trial is a new task */
	const struct image *module;
	u8 bytes[IMAGE_MAX];
	u32 size;
} subject;

/* How the trials ended: a row for each place where one was refused. */
#define REFUSALS 256
static struct {
	u32 tried, accepted;
	u32 refusals; /* rows */
	struct refusal {
		const char *record, *field;
		int error;
		u32 count;
	} refusal[REFUSALS];
} figures;

u32 trial_begin(const char *name, u32 extras, bool with_mm)
{
	struct task *t = sample_task(1, extras);

	memset(&figures, 0, sizeof(figures));
	subject.name = name;
	subject.with_mm = with_mm;
	subject.victim = with_mm ? NULL : t;
	if (!t || image_take(t, with_mm, subject.bytes, &subject.size))
		return 0;
	if (with_mm)
		task_destroy(t);
	memcpy(trial_bytes, subject.bytes, subject.size);
	if (!store_add_module("tried", trial_bytes, subject.size))
		return 0;
	subject.module = store_find("tried", STORE_MODULE);
	return bystander_begin() ? 0 : subject.size;
}

void trial_end(void)
{
	bystander_end();
	if (subject.victim)
		task_destroy(subject.victim);
	image_forget(subject.module);
	console_print("%s: %u bytes, tried %u: %u accepted, %u refused", subject.name, subject.size, figures.tried,
		      figures.accepted, figures.tried - figures.accepted);
	for (struct refusal *r = figures.refusal; r < figures.refusal + figures.refusals; r++)
		console_print("%8u %s %s%s%s", r->count, cr_errno_name(r->error), r->record, r->field ? "." : "",
			      r->field ? r->field : "");
}

static bool same_field(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static const char *count_refusal(const struct cr_error *e)
{
	struct refusal *r = figures.refusal;

	while (r < figures.refusal + figures.refusals &&
	       !(r->error == e->error && same_field(r->record, e->record) && same_field(r->field, e->field)))
		r++;
	CHECK(r < figures.refusal + REFUSALS);
	if (r == figures.refusal + figures.refusals) {
		figures.refusals++;
		*r = (struct refusal){e->record, e->field, e->error, 0};
	}
	r->count++;
	return NULL;
}

/* Refused: with all that is to be said of it, and the task that it was meant for is as it was. */
static const char *refused(int error, struct task *t, u32 size)
{
	static u8 after[IMAGE_MAX];
	const struct cr_error *e = &restart_error;
	u32 after_size;

	CHECK(e->error == error && error < 0);
	CHECK(e->record && e->expected);
	CHECK(e->field || error == -EPIPE || strcmp(e->record, "TAIL") == 0); /* else there is no field */
	CHECK(e->offset <= size);
	CHECK(!count_refusal(e));
	if (!subject.victim)
		return NULL;
	CHECK(!image_take(t, false, after, &after_size));
	CHECK(after_size == subject.size);
	CHECK(memcmp(after + IMAGE_BODY, subject.bytes + IMAGE_BODY, after_size - IMAGE_BODY) == 0);
	return NULL;
}

/* Accepted: a new image has the same bytes, but for what again.h says. */
static const char *accepted(struct task *t, u32 size)
{
	static u8 expected[IMAGE_MAX], again[IMAGE_MAX];
	u32 cpu_pos = image_cpu_pos(trial_bytes, size, t), again_size;

	figures.accepted++;
	CHECK(cpu_pos);
	CHECK(!image_take(t, subject.with_mm, again, &again_size));
	memcpy(expected, trial_bytes, size);
	again_set_writer(expected, again);
	again_set_form((struct cr_hdr_cpu *)(expected + cpu_pos + sizeof(struct cr_hdr)), fpu_saves_fxsr());
	CHECK(again_size == size && memcmp(again, expected, size) == 0);
	return NULL;
}

/* For the next trial: a new task, or the victim as it was. */
static const char *restore(struct task *t, bool changed)
{
	const struct image *image;

	if (!subject.victim) {
		task_destroy(t);
		return NULL;
	}
	if (!changed)
		return NULL;
	image = image_put(subject.bytes, subject.size);
	CHECK(image && restart_task(t, image) == 0);
	image_forget(image);
	return NULL;
}

static const char *restart(const struct image *image, u32 size)
{
	struct task *t = subject.victim ? subject.victim : task_create("new");
	const char *broken;
	int ret;

	CHECK(t);
	figures.tried++;
	ret = restart_task(t, image);
	broken = ret < 0 ? refused(ret, t, size) : accepted(t, size);
	if (!broken)
		broken = restore(t, ret == 0);
	return broken;
}

static const char *told(const char *broken, struct change change)
{
	char what[64];

	if (!broken)
		return NULL;
	lib_snprintf(what, sizeof(what), change.what, change.a, change.b);
	console_print("%s, %s:", subject.name, what);
	return broken;
}

const char *trial_of_module(struct change change)
{
	const char *broken = restart(subject.module, subject.size);

	return told(broken ? broken : bystander_unharmed(), change);
}

const char *trial_of_stored(u32 size, struct change change)
{
	const struct image *image = image_put(trial_bytes, size);
	const char *broken = image ? restart(image, size) : "image_put()";

	if (image)
		image_forget(image);
	return told(broken ? broken : bystander_unharmed(), change);
}
