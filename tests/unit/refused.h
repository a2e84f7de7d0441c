/* SPDX-License-Identifier: GPL-2.0-only */
/* For tests of the reader's judgement: one thing is changed in a good image, and it must say where the trouble is. */
#ifndef TESTS_UNIT_REFUSED_H
#define TESTS_UNIT_REFUSED_H

#include "samples.h"
#include "tap.h"

/* A change to a good image, and what the reader must say of it. */
static inline void is_refused(struct buffer *b, const struct cr_machine *machine, const char *record, const char *field,
			      u32 offset, const char *what)
{
	struct cr_error e;
	int ret = sample_read(b, machine, NULL, &e);

	if (!ok(ret == -EINVAL && e.record && strcmp(e.record, record) == 0 && e.field && strcmp(e.field, field) == 0 &&
			e.offset == offset && e.expected,
		"%s: EINVAL, %s.%s at %u", what, record, field, offset))
		note("got %d, %s.%s at %u, expected %s", ret, e.record ? e.record : "-", e.field ? e.field : "-",
		     e.offset, e.expected ? e.expected : "-");
}

static inline void sample_is_refused(const struct sample *s, const struct cr_machine *machine, const char *record,
				     const char *field, u32 offset, const char *what)
{
	struct buffer b = sample_write(s);

	is_refused(&b, machine, record, field, offset, what);
	buffer_free(&b);
}

/* `count` bytes at `at` become those of `value`. The reader says so where the field stands. */
struct change {
	u32 at, count;
	u64 value;
	const char *record, *field, *what;
	u32 noticed; /* where that is; 0: at `at` */
};

static inline void changes_are_refused(const struct sample *s, const char *subject, const struct change *changes,
				       u32 count)
{
	for (const struct change *c = changes; c < changes + count; c++) {
		struct buffer b = sample_write(s);
		char what[80];

		memcpy(b.data + c->at, &c->value, c->count);
		snprintf(what, sizeof(what), "%s: %s", subject, c->what);
		is_refused(&b, &cr_any_machine, c->record, c->field, c->noticed ? c->noticed : c->at, what);
		buffer_free(&b);
	}
}

static inline bool sample_accepted(const struct sample *s, const struct cr_machine *machine)
{
	struct buffer b = sample_write(s);
	struct cr_error e;
	int ret = sample_read(&b, machine, NULL, &e);

	if (ret < 0)
		note("refused: %s.%s at %u, expected %s", e.record, e.field ? e.field : "-", e.offset, e.expected);
	buffer_free(&b);
	return ret == 0;
}

/* The registers-only sample with `count` bytes at `at` replaced by those of `value`. */
static inline struct buffer patched(u32 at, u64 value, u32 count)
{
	struct sample s = sample_registers();
	struct buffer b = sample_write(&s);

	memcpy(b.data + at, &value, count);
	return b;
}

static inline void patch_is_refused(u32 at, u64 value, u32 count, const char *record, const char *field,
				    const char *what)
{
	struct buffer b = patched(at, value, count);

	is_refused(&b, &cr_any_machine, record, field, at, what);
	buffer_free(&b);
}

/* Offsets in the file of fields of CPU: docs/FORMAT.md §1. */
#define CPU_AT(offset) (AT_CPU + HDR + (offset))

#endif
