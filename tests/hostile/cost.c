/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What restart's validation costs, for `make bench`: of one image, its restart; the reader's first pass over it, which
 * validates; and reading alone, which is the same bytes copied record by record, as one would who trusts them. What the
 * reader costs above that is validation. In time-stamp counts, which are guest instructions where the emulator makes it so.
 */
#include "console.h"
#include "cpu.h"
#include "cr.h"
#include "images.h"
#include "record.h"
#include "string.h"
#include "trial.h"

static u8 bytes[IMAGE_MAX];
static u32 size;

static u32 now(void)
{
	u32 low;

	__asm__ volatile("rdtsc" : "=a"(low) : : "edx", "memory");
	return low;
}

/* All but the contents of memory, to which the reader's first pass does not come either. */
static u32 cost_of_reading(void)
{
	static u8 copy[IMAGE_MAX];
	static struct cr_record record[RECORDS_MAX];
	u32 records = cr_records(bytes, size, record, RECORDS_MAX), before = now();

	for (u32 n = 0; n < records; n++)
		memcpy(copy, bytes + record[n].pos, record[n].pages - record[n].pos);
	return now() - before;
}

static const char *measure_reader(const struct task *t, const struct image *image, u32 *cost)
{
	static struct cr_image read;
	struct cr_ctx ctx;
	u32 before = now();
	int ret = restart_read(&ctx, t, image, &read);

	*cost = now() - before;
	CHECK(ret == 0);
	return NULL;
}

static const char *measure_restart(struct task *t, const struct image *image, u32 *cost)
{
	u32 before = now();
	int ret = restart_task(t, image);

	*cost = now() - before;
	CHECK(ret == 0);
	return NULL;
}

static const char *compare(const char *name, struct task *t, bool with_mm)
{
	const struct image *image;
	u32 restart, reader, reading;

	CHECK(t && !image_take(t, with_mm, bytes, &size));
	image = image_put(bytes, size);
	CHECK(image && !measure_reader(t, image, &reader) && !measure_restart(t, image, &restart));
	image_forget(image);
	task_destroy(t);
	reading = cost_of_reading();
	console_print("bench: restart_task_%s %u", name, restart);
	console_print("bench: reading_%s %u", name, reading);
	console_print("bench: validation_%s %u", name, reader - reading);
	return NULL;
}

static bool has_tsc(void)
{
	return cpu.features_edx & BIT(4); /* CPUID.1:EDX.TSC */
}

/* As nearly all tasks are; and one that has something unusual in every register. */
static const char *plain(void)
{
	return has_tsc() ? compare("plain", sample_plain_task(SAMPLE_UNUSED), false) : NULL;
}

static const char *plain_and_fpu(void)
{
	return has_tsc() ? compare("plain_fpu", sample_plain_task(SAMPLE_XSTATE), false) : NULL;
}

static const char *unusual(void)
{
	return has_tsc() ? compare("unusual", sample_task(1, SAMPLE_XSTATE), false) : NULL;
}

static const char *memory(void)
{
	return has_tsc() ? compare("memory", sample_task(1, SAMPLE_XSTATE), true) : NULL;
}

const struct selftest_case cost_cases[] = {
	{"the cost of validation: registers", plain},
	{"the cost of validation: registers and FPU state", plain_and_fpu},
	{"the cost of validation: every register in use", unusual},
	{"the cost of validation: memory", memory},
	{NULL, NULL},
};
