/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What restart's validation costs, for `make bench`: an image of which the very last field is wrong is read and judged
 * whole, and that is all. In time-stamp counts, which are guest instructions where the emulator makes it so.
 */
#include "console.h"
#include "cpu.h"
#include "cr.h"
#include "images.h"
#include "string.h"
#include "trial.h"

static u32 now(void)
{
	u32 low;

	__asm__ volatile("rdtsc" : "=a"(low) : : "edx");
	return low;
}

static const char *measure(const char *name, enum sample_fpu fpu)
{
	static u8 bytes[IMAGE_MAX];
	struct task *t = sample_task(1, fpu);
	const struct image *image;
	u32 size, before, after;
	int ret;

	CHECK(t && !image_take(t, false, bytes, &size));
	bytes[size - 1] ^= 1; /* of TAIL.magic */
	image = image_put(bytes, size);
	CHECK(image);
	restart_task(t, image); /* for an emulator's caches */
	before = now();
	ret = restart_task(t, image);
	after = now();
	CHECK(ret == -EINVAL && strcmp(restart_error.record, "TAIL") == 0);
	image_forget(image);
	task_destroy(t);
	console_print("bench: %s %u", name, after - before);
	return NULL;
}

static const char *validation_is_measured(void)
{
	const char *broken;

	if (!(cpu.features_edx & BIT(4))) /* CPUID.1:EDX.TSC */
		return NULL;
	broken = measure("validation", SAMPLE_UNUSED);
	return broken ? broken : measure("validation_fpu", SAMPLE_XSTATE);
}

const struct selftest_case cost_cases[] = {
	{"restart's validation is measured", validation_is_measured},
	{NULL, NULL},
};
