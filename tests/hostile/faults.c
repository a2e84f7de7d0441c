/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory runs out: at the first allocation of an operation, at the second, and so on until it gets by without the one
 * that fails. Each time the operation says so, and everything is as if it had never begun.
 */
#include "cr.h"
#include "elf.h"
#include "frames.h"
#include "images.h"
#include "string.h"
#include "trial.h"

/* What an operation works with: a task and its image, or a program; and what it has made, to be taken away again. */
static struct task *subject, *made;
static const struct image *image, *program;
static struct {
	bool with_mm;
	u8 bytes[IMAGE_MAX];
	u32 size;
} before;

static int create_task(void)
{
	made = task_create("made");
	return made ? 0 : -ENOMEM;
}

static int load_program(void)
{
	static const char no_memory[] = "there is not enough memory";
	const struct words argv = word("made");
	const char *why = "";

	made = elf_load(&argv, store_module(program), store_size(program), &why);
	return made ? 0 : strncmp(why, no_memory, sizeof(no_memory) - 1) == 0 ? -ENOMEM : -EINVAL;
}

static int restart_memory(void)
{
	made = restart_new(image);
	return made ? 0 : restart_error.error;
}

static int restart_registers(void)
{
	return restart_task(subject, image);
}

static int take_checkpoint(bool with_mm)
{
	s32 id = checkpoint_task(subject, "made", with_mm);

	if (id > 0)
		image_forget(store_get((u32)id));
	return id > 0 ? 0 : id;
}

static int checkpoint_registers(void)
{
	return take_checkpoint(false);
}

static int checkpoint_memory(void)
{
	return take_checkpoint(true);
}

static void take_away(void)
{
	if (made)
		task_destroy(made);
	made = NULL;
}

static const char *subject_unharmed(void)
{
	static u8 bytes[IMAGE_MAX];
	u32 size;

	if (!subject)
		return NULL;
	CHECK(!image_take(subject, before.with_mm, bytes, &size));
	CHECK(size == before.size && memcmp(bytes + IMAGE_BODY, before.bytes + IMAGE_BODY, size - IMAGE_BODY) == 0);
	return NULL;
}

/* Fails at the n-th allocation with `error`; *n 0: it has fewer, and went through. */
static const char *fail_at(u32 *n, int (*operation)(void), int error)
{
	const char *broken;
	int ret;

	frames_fail_at = *n;
	ret = operation();
	if (frames_fail_at) {
		frames_fail_at = *n = 0;
		CHECK(ret == 0);
		take_away();
	} else {
		CHECK(ret == error);
	}
	broken = subject_unharmed();
	return broken ? broken : bystander_unharmed();
}

/* At each allocation, of which there must be at least `points`. */
static const char *fail_at_each(int (*operation)(void), int error, u32 points)
{
	const char *broken = NULL;
	u32 n = 0, failures = 0;

	do {
		n++;
		broken = fail_at(&n, operation, error);
		failures += n != 0;
	} while (n && !broken);
	CHECK(broken || failures >= points);
	return broken;
}

/* --- What is there while operations fail: any of a subject, its image, and always a bystander --- */

static void drop_image(void)
{
	if (image)
		image_forget(image);
	image = NULL;
}

static void drop_subject(void)
{
	if (subject)
		task_destroy(subject);
	subject = NULL;
}

static const char *make_subject(bool with_mm)
{
	subject = sample_task(3, SAMPLE_XSTATE | SAMPLE_SIGNALS);
	before.with_mm = with_mm;
	CHECK(subject && !image_take(subject, with_mm, before.bytes, &before.size));
	image = image_put(before.bytes, before.size);
	CHECK(image);
	return NULL;
}

static const char *fail(int (*operation)(void), int error, u32 points)
{
	const char *broken = bystander_begin();

	if (!broken)
		broken = fail_at_each(operation, error, points);
	bystander_end();
	drop_image();
	drop_subject();
	return broken;
}

/* The FPU state has a frame or more, where there is any. */
static u32 of_fpu(void)
{
	return fpu_layout()->xcr0 || fpu_method()[0] == 'f';
}

static const char *creation_fails(void)
{
	return fail(create_task, -ENOMEM, of_fpu());
}

/* The memory and its directory; a page and a table each for the program and the stack. */
static const char *loading_fails(void)
{
	program = store_find("hello", STORE_MODULE);
	if (!program)
		return "there is a module hello";
	return fail(load_program, -ENOMEM, of_fpu() + 2 + 2 + 2);
}

static const char *checkpoint_of_registers_fails(void)
{
	CHECK(!make_subject(false));
	return fail(checkpoint_registers, -ENOSPC, 1);
}

static const char *checkpoint_of_memory_fails(void)
{
	CHECK(!make_subject(true));
	return fail(checkpoint_memory, -ENOSPC, 1 + SAMPLE_PAGES);
}

static const char *restart_of_registers_fails(void)
{
	CHECK(!make_subject(false));
	return fail(restart_registers, -ENOMEM, of_fpu());
}

/* The memory, its directory, two tables with the pages, and the LDT; FPU state twice, for a new task and the image's. */
static const char *restart_of_memory_fails(void)
{
	CHECK(!make_subject(true));
	drop_subject(); /* so that its id is free for the image */
	return fail(restart_memory, -ENOMEM, 2 * of_fpu() + 2 + 2 + SAMPLE_PAGES + 1);
}

/* The store has room for no frame, for one, and so on, until the image fits. */
static const char *store_ends(void)
{
	const char *broken = make_subject(true);
	u32 frames = 0;
	int ret = -ENOSPC;

	drop_image();
	if (!broken)
		broken = bystander_begin();
	for (; !broken && ret; frames++) {
		store_init(frames);
		ret = checkpoint_memory();
		store_init(frames_available());
		CHECK(!ret || ret == -ENOSPC);
		broken = subject_unharmed();
		if (!broken)
			broken = bystander_unharmed();
	}
	bystander_end();
	drop_subject();
	CHECK(broken || frames > SAMPLE_PAGES);
	return broken;
}

const struct selftest_case fault_cases[] = {
	{"a task is created, or not: each allocation fails in turn", creation_fails},
	{"a program is loaded, or not", loading_fails},
	{"a checkpoint of registers is taken, or not", checkpoint_of_registers_fails},
	{"a checkpoint of memory is taken, or not", checkpoint_of_memory_fails},
	{"a restart of registers is done, or not", restart_of_registers_fails},
	{"a restart of memory is done, or not", restart_of_memory_fails},
	{"the store ends at each frame of an image", store_ends},
	{NULL, NULL},
};
