/* SPDX-License-Identifier: GPL-2.0-only */
/* An image that is right in itself, and asks for more than there is. */
#include "console.h"
#include "cr.h"
#include "frames.h"
#include "images.h"
#include "string.h"
#include "trial.h"

#define FIRST 0x10000000u

/* An image of so many VMAs, without a page in them. */
static const struct image *image_of_vmas(u32 count)
{
	static const struct cr_hdr_cpu cpu = {
		.ip = FIRST, .cs = USER_CS, .ss = USER_DS, .flags = EFLAGS_USER_ALWAYS, .orig_ax = 0xffffffff};
	static const u64 tls[CR_TLS_ENTRIES];
	const struct cr_hdr_mm mm = {.map_count = count};
	struct image *image = store_begin();
	struct cr_ctx ctx = {.sink = store_append, .cookie = image};

	cr_write_head(&ctx, checkpoint_head(0));
	cr_write_task(&ctx, (char[CR_TASK_COMM_LEN]){"vmas"});
	cr_write_mm(&ctx, &mm);
	for (u32 n = 0; n < count; n++) {
		struct cr_hdr_vma vma = {.vma_type = CR_VMA_ANON,
					 .vm_start = FIRST + n * PAGE_SIZE,
					 .vm_end = FIRST + (n + 1) * PAGE_SIZE,
					 .vm_page_prot = cr_page_prot(VM_READ),
					 .vm_flags = VM_READ};

		cr_write_vma(&ctx, &vma);
		cr_write_pgarr(&ctx, NULL, 0);
	}
	cr_write_mm_context(&ctx, NULL, 0);
	cr_write_thread(&ctx, 1000, tls);
	cr_write_cpu(&ctx, 1000, &cpu);
	if (!image || cr_write_tail(&ctx) < 0)
		return NULL;
	store_commit(image, "vmas", STORE_MEMORY);
	return image;
}

/* Restarts it as a new task, and takes that away. */
static int restart(const struct image *image)
{
	struct task *t = task_create("vmas");
	int ret = t && image ? restart_task(t, image) : -ENOMEM;

	if (t)
		task_destroy(t);
	if (image)
		image_forget(image);
	return ret;
}

static const char *vmas_without_number_are_refused(void)
{
	const char *broken = bystander_begin();

	if (!broken && restart(image_of_vmas(MM_VMAS)) != 0)
		broken = "as many as a task can have are accepted";
	if (!broken && restart(image_of_vmas(MM_VMAS + 1)) != -EINVAL)
		broken = "one more is refused";
	if (!broken && strcmp(restart_error.field, "map_count") != 0)
		broken = "by the name of its field";
	if (!broken)
		broken = bystander_unharmed();
	bystander_end();
	return broken;
}

/*
 * Memory of a restart: the image and the task, nothing more, and for a while only the FPU state of the empty task that it
 * begins as. Allocations are counted by one that is to fail and that nobody reaches; none is of less than a frame.
 */
static const char *a_restart_takes_the_tasks_memory_alone(void)
{
	enum { NEVER = 1u << 20 };
	u32 before = frames_available(), of_task, without_task, allocations;
	struct task *t = sample_task(1, SAMPLE_XSTATE);
	const struct image *image;

	CHECK(t);
	of_task = before - frames_available();
	image = store_get((u32)checkpoint_task(t, "memory", true));
	task_destroy(t);
	CHECK(image);
	without_task = frames_available();
	frames_fail_at = NEVER;
	t = restart_new(image);
	allocations = NEVER - frames_fail_at;
	frames_fail_at = 0;
	CHECK(t);
	CHECK(without_task - frames_available() == of_task);
	CHECK(allocations <= of_task + 1);
	console_print("a restart of a task of %u frames made %u allocations", of_task, allocations);
	task_destroy(t);
	image_forget(image);
	CHECK(frames_available() == before);
	return NULL;
}

const struct selftest_case limit_cases[] = {
	{"a restart takes the task's memory, and nothing more", a_restart_takes_the_tasks_memory_alone},
	{"more VMAs than a task can have are refused", vmas_without_number_are_refused},
	{NULL, NULL},
};
