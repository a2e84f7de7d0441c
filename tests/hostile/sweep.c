/* SPDX-License-Identifier: GPL-2.0-only */
/* Every image that differs from a good one in one bit, in one count, in its length, or in the order of its records. */
#include "cpu.h"
#include "images.h"
#include "record.h"
#include "string.h"
#include "trial.h"

static u8 original[IMAGE_MAX];
static u32 size;
#define RECORDS_MAX 32
static struct cr_record record[RECORDS_MAX];
static u32 records;

/* The contents of memory are judged by nobody; of their bytes each 61st is tried, which is in every line of a cache. */
#define SAMPLED 61

static bool is_left_out(u32 pos)
{
	for (u32 n = 0; n < records; n++)
		if (pos >= record[n].pages && pos < record[n].pos + record[n].size)
			return (pos - record[n].pages) % SAMPLED;
	return false;
}

#define TRY(trial)                                                                                                     \
	do {                                                                                                           \
		const char *broken = trial;                                                                            \
		if (broken)                                                                                            \
			return broken;                                                                                 \
	} while (0)

static const char *flip_each_bit(void)
{
	for (u32 pos = 0; pos < size; pos++)
		for (u32 bit = 0; bit < 8 && !is_left_out(pos); bit++) {
			trial_bytes[pos] ^= (u8)BIT(bit);
			TRY(trial_of_module((struct change){"bit %u of byte %u", bit, pos}));
			trial_bytes[pos] ^= (u8)BIT(bit);
		}
	return NULL;
}

/* All lengths and counts are among these, cr_hdr.len first of all. */
static const char *change_each_half_word(void)
{
	for (u32 pos = 0; pos < size; pos += sizeof(u16))
		for (u32 more = 0; more < 2 && !is_left_out(pos); more++) {
			*(u16 *)(trial_bytes + pos) += (u16)(2 * more - 1);
			TRY(trial_of_module((struct change){"half-word at %u, plus %d", pos, 2 * more - 1}));
			*(u16 *)(trial_bytes + pos) -= (u16)(2 * more - 1);
		}
	return NULL;
}

static const char *cut_everywhere(void)
{
	for (u32 length = 0; length < size; length++)
		if (!is_left_out(length))
			TRY(trial_of_stored(length, (struct change){"the first %u bytes", length, 0}));
	trial_bytes[size] = 0;
	return trial_of_stored(size + 1, (struct change){"a byte more than %u", size, 0});
}

/* The records again, in this order; returns how many bytes they are. */
static u32 arrange(const u32 *order, u32 count)
{
	u32 length = 0;

	for (u32 n = 0; n < count; n++) {
		const struct cr_record *r = &record[order[n]];

		memcpy(trial_bytes + length, original + r->pos, r->size);
		length += r->size;
	}
	return length;
}

static u32 order[RECORDS_MAX + 1];

/* The records in their order, with room for one more at `gap`. */
static void in_order(u32 gap)
{
	for (u32 n = 0; n < records; n++)
		order[n < gap ? n : n + 1] = n;
}

static const char *remove_each_record(void)
{
	for (u32 n = 0; n < records; n++) {
		in_order(records);
		memmove(order + n, order + n + 1, (records - n - 1) * sizeof(*order));
		TRY(trial_of_stored(arrange(order, records - 1), (struct change){"without record %u", n, 0}));
	}
	return NULL;
}

static const char *double_each_record(void)
{
	for (u32 n = 0; n < records; n++) {
		in_order(n);
		order[n] = n;
		TRY(trial_of_stored(arrange(order, records + 1), (struct change){"record %u twice", n, 0}));
	}
	return NULL;
}

static const char *swap_each_pair(void)
{
	for (u32 a = 0; a < records; a++)
		for (u32 b = a + 1; b < records; b++) {
			in_order(records);
			order[a] = b;
			order[b] = a;
			TRY(trial_of_stored(arrange(order, records),
					    (struct change){"records %u and %u swapped", a, b}));
		}
	return NULL;
}

static const char *all_changes(void)
{
	TRY(trial_of_module((struct change){"as it is", 0, 0}));
	TRY(flip_each_bit());
	TRY(change_each_half_word());
	TRY(cut_everywhere());
	TRY(remove_each_record());
	TRY(double_each_record());
	return swap_each_pair();
}

static const char *sweep(const char *name, u32 extras, bool with_mm)
{
	const char *broken;

	size = trial_begin(name, extras, with_mm);
	CHECK(size);
	memcpy(original, trial_bytes, size);
	records = cr_records(original, size, record, RECORDS_MAX);
	broken = all_changes();
	trial_end();
	return broken;
}

static const char *registers_alone(void)
{
	return sweep("registers", 0, false);
}

static const char *registers_and_fpu(void)
{
	return cpu.has_fpu ? sweep("registers with x87 and SSE state", SAMPLE_FPU, false) : NULL;
}

static const char *extended_state(void)
{
	return fpu_layout()->xcr0 ? sweep("registers with extended state", SAMPLE_XSTATE, false) : NULL;
}

static const char *signals(void)
{
	return sweep("registers with signals", SAMPLE_SIGNALS, false);
}

static const char *memory(void)
{
	return sweep("memory, files and registers", SAMPLE_XSTATE, true);
}

const struct selftest_case sweep_cases[] = {
	{"each damaged image of registers is refused, or comes back as it is", registers_alone},
	{"each damaged image of x87 and SSE state, too", registers_and_fpu},
	{"each damaged image of extended state, too", extended_state},
	{"each damaged image of signals, too", signals},
	{"each damaged image of memory and files, too", memory},
	{NULL, NULL},
};
