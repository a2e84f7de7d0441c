/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What restart's validation costs, for `make bench`. An image of which only the very last field is wrong is read and
 * judged whole, and that is all; beside it, the restart of the same image. In time-stamp counts, which are guest
 * instructions where the emulator makes it so.
 */
#include "console.h"
#include "cpu.h"
#include "cr.h"
#include "images.h"
#include "status.h"
#include "string.h"
#include "trial.h"

static u8 bytes[IMAGE_MAX];
static u32 size;

static u32 now(void)
{
	u32 low;

	__asm__ volatile("rdtsc" : "=a"(low) : : "edx");
	return low;
}

/* The cost of a restart of `bytes`, which must come to `result`. */
static const char *measure(struct task *t, int result, u32 *cost)
{
	const struct image *image = image_put(bytes, size);
	u32 before = now();
	int ret = image ? restart_task(t, image) : -ENOSPC;

	*cost = now() - before;
	CHECK(ret == result);
	image_forget(image);
	return NULL;
}

static const char *compare(const char *name, enum sample_fpu fpu, bool with_mm)
{
	struct task *t = sample_task(1, fpu);
	u32 whole, validation;

	CHECK(t && !image_take(t, with_mm, bytes, &size));
	CHECK(!measure(t, 0, &whole));
	bytes[size - 1] ^= 1; /* of TAIL.magic */
	CHECK(!measure(t, -EINVAL, &validation));
	CHECK(strcmp(restart_error.record, "TAIL") == 0);
	task_destroy(t);
	console_print("bench: restart_task%s %u", name, whole);
	console_print("bench: validation%s %u", name, validation);
	return NULL;
}

static bool has_tsc(void)
{
	return cpu.features_edx & BIT(4); /* CPUID.1:EDX.TSC */
}

static const char *registers(void)
{
	return has_tsc() ? compare("", SAMPLE_UNUSED, false) : NULL;
}

static const char *registers_and_fpu(void)
{
	return has_tsc() ? compare("_fpu", SAMPLE_XSTATE, false) : NULL;
}

static const char *memory(void)
{
	return has_tsc() ? compare("_memory", SAMPLE_XSTATE, true) : NULL;
}

/* What the screen costs, for each of many results; and how long it took to come here, firmware included. */
static const char *screen(void)
{
	enum { RESULTS = 160 };
	static const char *const names[] = {"cost.screen.first", "cost.screen.second.longer"};
	u32 before;

	if (!has_tsc())
		return NULL;
	console_print("bench: boot %u", now());
	status_expect(names[0], RESULTS);
	before = now();
	for (u32 n = 0; n < RESULTS; n++) {
		status_under_way(names[n % 2]);
		status_result(names[n % 2], true, false);
	}
	console_print("bench: result %u", (now() - before) / RESULTS);
	return NULL;
}

const struct selftest_case cost_cases[] = {
	{"the cost of the screen", screen},
	{"the cost of validation: registers", registers},
	{"the cost of validation: registers and FPU state", registers_and_fpu},
	{"the cost of validation: memory", memory},
	{NULL, NULL},
};
