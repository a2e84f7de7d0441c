/* SPDX-License-Identifier: GPL-2.0-only */
#include "cr.h"
#include "images.h"
#include "machine.h"
#include "string.h"
#include "trial.h"

static struct task *bystander;

/* All that must stay. */
static struct {
	struct machine machine;
	u32 frames, images;
	struct mm mm; /* its VMAs */
	u64 ldt[LDT_ENTRIES];
	u8 page[SAMPLE_PAGES][PAGE_SIZE];
	u8 bytes[IMAGE_MAX]; /* an image of its registers */
	u32 size;
} before;

static void note_memory(const struct mm *mm)
{
	before.mm = *mm;
	memcpy(before.ldt, mm->ldt, sizeof(before.ldt));
	for (u32 n = 0; n < SAMPLE_PAGES; n++)
		memcpy(before.page[n], paging_frame(mm->directory, sample_page[n]), PAGE_SIZE);
}

static const char *memory_unharmed(const struct mm *mm)
{
	CHECK(memcmp(mm, &before.mm, sizeof(*mm)) == 0);
	CHECK(memcmp(mm->ldt, before.ldt, mm->nldt * sizeof(*mm->ldt)) == 0);
	for (u32 n = 0; n < SAMPLE_PAGES; n++)
		CHECK(memcmp(paging_frame(mm->directory, sample_page[n]), before.page[n], PAGE_SIZE) == 0);
	return NULL;
}

const char *bystander_begin(void)
{
	bystander = sample_task(7, SAMPLE_XSTATE | SAMPLE_SIGNALS);
	CHECK(bystander);
	task_start(bystander);
	task_switch(bystander);
	fpu_not_available(&bystander->context.fpu); /* under lazy switching, its first FPU instruction */
	CHECK(!image_take(bystander, false, before.bytes, &before.size));
	note_memory(bystander->mm);
	machine_read(&before.machine);
	before.frames = frames_available();
	before.images = images_count();
	return NULL;
}

const char *bystander_unharmed(void)
{
	static struct machine now;
	static u8 bytes[IMAGE_MAX];
	const char *differs;
	u32 size;

	CHECK(frames_available() == before.frames);
	CHECK(images_count() == before.images);
	machine_read(&now);
	differs = machine_differs(&before.machine, &now);
	if (differs)
		return differs;
	CHECK(current == bystander);
	CHECK(!image_take(bystander, false, bytes, &size));
	CHECK(size == before.size && memcmp(bytes + IMAGE_BODY, before.bytes + IMAGE_BODY, size - IMAGE_BODY) == 0);
	return memory_unharmed(bystander->mm);
}

void bystander_end(void)
{
	task_destroy(bystander);
}
