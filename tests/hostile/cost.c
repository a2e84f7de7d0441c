/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What restart's validation costs, for `make bench`, in time-stamp counts, which are guest instructions where the emulator
 * makes it so. An image of which only the very last field is wrong is read and judged whole; one of which the first is
 * wrong costs what a refusal costs anyhow; between the two lies what is read and judged. Where that is an image of
 * registers, reading is measured by itself: what nobody who restarts it can do without. What is left is validation.
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

static const u8 *believe(const u8 *from, void *to, u32 count)
{
	memcpy(to, from, count);
	return from + count;
}

/* Each record's header, and then its payload, from where it stands, and believed. THREAD's descriptors have no header. */
static u32 cost_of_reading(const u8 *from)
{
	static u8 payload[1024];
	const u8 *end = from + size;
	u32 before = now();
	struct cr_hdr h;

	while (from < end) {
		from = believe(from, &h, sizeof(h));
		from = believe(from, payload, (u32)h.len);
		if (h.type == CR_HDR_THREAD)
			from = believe(from, payload, CR_TLS_ENTRIES * sizeof(u64));
	}
	return now() - before;
}

/* The cost of a refusal for the sake of the byte at `pos`, in a record of that name. */
static const char *refusal(struct task *t, u32 pos, const char *record, u32 *cost)
{
	const char *broken;

	bytes[pos] ^= 1;
	broken = measure(t, -EINVAL, cost);
	bytes[pos] ^= 1;
	CHECK(!broken && strcmp(restart_error.record, record) == 0);
	return NULL;
}

static const char *compare(const char *name, struct task *t, bool with_mm)
{
	u32 whole, first, last, reading = 0;

	CHECK(t && !image_take(t, with_mm, bytes, &size));
	CHECK(!measure(t, 0, &whole));
	CHECK(!refusal(t, 0, "HEAD", &first));
	CHECK(!refusal(t, size - 1, "TAIL", &last));
	if (!with_mm) {
		reading = cost_of_reading(bytes);
		console_print("bench: reading%s %u", name, reading);
	}
	task_destroy(t);
	console_print("bench: restart_task%s %u", name, whole);
	console_print("bench: validation%s %u", name, last - first - reading);
	return NULL;
}

static bool has_tsc(void)
{
	return cpu.features_edx & BIT(4); /* CPUID.1:EDX.TSC */
}

static const char *registers(void)
{
	return has_tsc() ? compare("", task_create("plain"), false) : NULL;
}

static const char *all_registers(void)
{
	return has_tsc() ? compare("_all", sample_task(1, 0), false) : NULL;
}

static const char *registers_and_fpu(void)
{
	return has_tsc() ? compare("_fpu", sample_task(1, SAMPLE_XSTATE), false) : NULL;
}

static const char *memory(void)
{
	return has_tsc() ? compare("_memory", sample_task(1, SAMPLE_XSTATE), true) : NULL;
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
	{"the cost of validation: registers as those of a new task", registers},
	{"the cost of validation: registers of all kinds", all_registers},
	{"the cost of validation: registers and FPU state", registers_and_fpu},
	{"the cost of validation: memory", memory},
	{NULL, NULL},
};
