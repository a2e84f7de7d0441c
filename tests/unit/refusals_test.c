/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the reader refuses because of the image as a whole, or of where it comes from: images that end early, sources
 * that fail, more bytes than can be counted. (What it refuses in a field: decisions_test.c.)
 */
#include "records.h"
#include "refused.h"

static bool error_is(const struct cr_error *e, int error, const char *record, u32 offset)
{
	if (e->error == error && e->record && strcmp(e->record, record) == 0 && !e->field && e->offset == offset &&
	    e->expected)
		return true;
	note("got %d, %s at %u, expected %d, %s at %u", e->error, e->record ? e->record : "-", e->offset, error, record,
	     offset);
	return false;
}

/* --- Images that end early --- */

/* The record that misses bytes. Instead of one that may be there, the next comes that must be: nobody can know. */
static const char *missed_record(s16 type, u32 bytes)
{
	if (bytes < sizeof(struct cr_hdr) && (type == CR_HDR_MM || type == CR_HDR_FILES))
		return "THREAD";
	if (bytes < sizeof(struct cr_hdr) && type == CR_HDR_XSTATE)
		return "TAIL";
	return cr_record_name(type);
}

/* Of pages nobody knows how many are there, so the first is named. */
static u32 missed_offset(const struct buffer *b, const struct span *span, u32 bytes)
{
	u32 pages = sizeof(struct cr_hdr) + sizeof(struct cr_hdr_pgarr),
	    count = b->data[span->at + sizeof(struct cr_hdr)];

	if (record_type(b, span) == CR_HDR_PGARR && bytes > pages + count * sizeof(u32))
		bytes = pages + count * (u32)sizeof(u32);
	return span->at + bytes;
}

static void test_truncation(const struct sample *s, const char *name)
{
	struct buffer b = sample_write(s);
	struct span spans[40];
	u32 count = find_records(&b, spans, ARRAY_SIZE(spans)), wrong = 0, tried = 0;

	for (u32 n = 0; n < count; n++)
		for (u32 bytes = 0; bytes < spans[n].size; bytes += bytes < 1000 ? 1 : 61) {
			struct buffer cut = {b.data, spans[n].at + bytes};
			struct cr_error e;

			sample_read(&cut, &cr_any_machine, NULL, &e);
			wrong += !error_is(&e, -EPIPE, missed_record(record_type(&b, &spans[n]), bytes),
					   missed_offset(&b, &spans[n], bytes));
			tried++;
		}
	ok(wrong == 0 && tried >= CR_REGISTERS_IMAGE_SIZE, "%s: cut off anywhere, it is EPIPE, with record and offset",
	   name);
	buffer_free(&b);
}

/* --- Sources that fail --- */

/* Gives the bytes of `image` until it has been asked `left` times. */
struct failing {
	const struct buffer *image;
	u32 left;
	int error;
};

static s32 failing_source(void *cookie, u32 pos, void *buf, u32 count)
{
	struct failing *f = cookie;

	return f->left-- ? buffer_source((void *)f->image, pos, buf, count) : f->error;
}

/* Whichever request fails, its error is the reader's, there and not before, and it asks for nothing more. */
static void test_failing_source(const struct sample *s, const char *name)
{
	struct buffer b = sample_write(s);
	u32 requests = 0, wrong = 0;
	int ret;

	do {
		struct failing f = {&b, requests, -EIO};
		struct cr_ctx ctx = {.source = failing_source, .cookie = &f};
		struct cr_image image;

		ret = cr_read_image(&ctx, &cr_any_machine, &image);
		if (ret < 0 && (ret != -EIO || ctx.error.error != -EIO || !ctx.error.record || f.left != (u32)-1 ||
				ctx.error.offset > b.size))
			wrong++;
	} while (ret < 0 && requests++ < 10000);
	ok(wrong == 0 && ret == 0 && requests > 10, "%s: a source that fails, at each of its %u requests", name,
	   requests);
	buffer_free(&b);
}

/* Where the reader asks for an LDT descriptor once more, for the selectors in CPU. */
static void test_source_changes(void)
{
	struct sample s = sample_memory();
	struct buffer b = sample_write(&s);
	bool found = false;

	for (u32 left = 0; left < 1000 && !found; left++) {
		struct failing f = {&b, left, 0}; /* as if the image ended there, all of a sudden */
		struct cr_ctx ctx = {.source = failing_source, .cookie = &f};
		struct cr_image image;

		if (cr_read_image(&ctx, &cr_any_machine, &image) == 0)
			break;
		found = ctx.error.error == -EPIPE && strcmp(ctx.error.record, "CPU") == 0 &&
			ctx.error.offset == image.ldt_pos + 2 * 8; /* es refers to entry 2 */
	}
	ok(found, "an LDT descriptor that is gone when CPU refers to it: EPIPE, CPU, at the descriptor");
	buffer_free(&b);
}

/* --- More than can be counted --- */

/* An image of one VMA, all of whose pages are there, without the bytes: only what the reader looks at before. */
struct vast {
	struct buffer start; /* up to the addresses */
	u32 first;	     /* page */
};

static s32 vast_source(void *cookie, u32 pos, void *buf, u32 count)
{
	const struct vast *v = cookie;
	u32 *address = buf;

	if (pos < v->start.size)
		return buffer_source((void *)&v->start, pos, buf, count);
	for (u32 n = 0; n < count / sizeof(*address); n++)
		address[n] = v->first + ((pos - v->start.size) / (u32)sizeof(u32) + n) * PAGE_SIZE;
	return (s32)count;
}

/* With user space up to 3 GiB an image cannot become as large; the reader does not rely on it. */
static void test_4_gib(void)
{
	struct cr_hdr_vma vma = {.vma_type = CR_VMA_ANON, .vm_end = 0xfffff000, .vm_page_prot = 5};
	struct cr_hdr_pgarr pgarr = {vma.vm_end / PAGE_SIZE};
	struct cr_hdr_mm mm = {.map_count = 1};
	struct cr_machine machine = cr_any_machine;
	struct sample s = sample_registers();
	struct vast v = {.first = 0};
	struct cr_ctx to = writer(&v.start), from = {.source = vast_source, .cookie = &v};
	struct cr_image image;

	machine.task_size = 0xfffff000;
	cr_write_head(&to, &s.head);
	cr_write_task(&to, s.comm);
	cr_write_mm(&to, &mm);
	cr_write_vma(&to, &vma);
	cr_write_obj(&to, CR_HDR_PGARR, 0, &pgarr, sizeof(pgarr));
	cr_read_image(&from, &machine, &image);
	ok(error_is(&from.error, -EINVAL, "PGARR", v.start.size + 0xfffff * 4),
	   "pages beyond 4 GiB of image: EINVAL, PGARR, at the first page");
	buffer_free(&v.start);
}

/* --- The second pass --- */

static int take_vma(void *cookie, const struct cr_hdr_vma *vma)
{
	(void)vma;
	return (*(int *)cookie)++ == 1 ? -EBUSY : 0;
}

static u32 no_pages(void *cookie, const u32 *address, u8 **page, u32 count)
{
	(void)cookie;
	(void)address;
	(void)page;
	(void)count;
	return 0;
}

/* Of the first batch of two pages, one. */
static u32 one_page(void *cookie, const u32 *address, u8 **page, u32 count)
{
	static u8 there[PAGE_SIZE];

	(void)cookie;
	(void)address;
	page[0] = there;
	return count < 2 ? count : 1;
}

/* Data's two pages are 0804a000 and 0804c000. */
static void test_memory_for_a_part(void)
{
	static const struct cr_memory_ops little_memory = {.vma = any_vma, .pages = one_page};
	struct sample s = sample_memory();
	struct buffer b = sample_write(&s);
	struct cr_ctx ctx = reader(&b);
	struct cr_image image;
	u32 found = 0;

	ok(cr_read_image(&ctx, &cr_any_machine, &image) == 0 &&
		   cr_read_memory(&ctx, &image, &little_memory, NULL) == -ENOMEM,
	   "memory for a part of the pages: ENOMEM");
	memcpy(&found, b.data + ctx.error.offset, sizeof(found));
	ok(strcmp(ctx.error.record, "PGARR") == 0 && strcmp(ctx.error.field, "address") == 0 &&
		   ctx.error.value == 0x0804c000 && found == 0x0804c000,
	   "and the address of the first that there is none for, where it stands");
	buffer_free(&b);
}

static void test_second_pass(void)
{
	static const struct cr_memory_ops no_memory = {.vma = take_vma, .pages = no_pages};
	struct sample s = sample_memory();
	struct buffer b = sample_write(&s);
	struct cr_ctx ctx = reader(&b);
	struct cr_image image;
	int calls = 0;

	ok(cr_read_image(&ctx, &cr_any_machine, &image) == 0, "an image with memory");
	is_number((unsigned)cr_read_memory(&ctx, &image, &no_memory, &calls), (unsigned)-ENOMEM,
		  "no page for its memory: ENOMEM");
	is_number((unsigned)calls, 1, "and nothing after it");
	ctx = reader(&b);
	is_number((unsigned)cr_read_memory(&ctx, &image, &no_memory, &calls), (unsigned)-EBUSY,
		  "no VMA: the error that it gives");
	is_number((unsigned)calls, 2, "and nothing after it");
	buffer_free(&b);
}

int main(void)
{
	struct sample registers = sample_registers(), xstate = sample_xstate(), memory = sample_memory();

	test_truncation(&registers, "registers");
	test_truncation(&xstate, "extended state");
	test_truncation(&memory, "memory");
	test_failing_source(&registers, "registers");
	test_failing_source(&xstate, "extended state");
	test_failing_source(&memory, "memory");
	test_source_changes();
	test_4_gib();
	test_second_pass();
	test_memory_for_a_part();
	return done_testing();
}
