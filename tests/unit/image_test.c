/* SPDX-License-Identifier: GPL-2.0-only */
/* Writer and reader as twins: what the one writes the other reads, and no byte of an image goes unnoticed. */
#include "samples.h"
#include "tap.h"

/* --- write(read(image)) --- */

/* The memory of an image on its way from the reader to the writer, a VMA at a time. */
struct relay {
	struct cr_ctx *to;
	bool open; /* a VMA has been begun */
	u32 nr_pages;
	u32 addresses[16];
	u8 pages[16][PAGE_SIZE];
};

static void relay_flush(struct relay *r)
{
	if (!r->open)
		return;
	if (r->nr_pages)
		cr_write_pgarr(r->to, r->addresses, r->nr_pages);
	for (u32 n = 0; n < r->nr_pages; n++)
		cr_kwrite(r->to, r->pages[n], PAGE_SIZE);
	cr_write_pgarr(r->to, NULL, 0);
	r->nr_pages = 0;
	r->open = false;
}

static int relay_vma(void *cookie, const struct cr_hdr_vma *vma)
{
	struct relay *r = cookie;

	relay_flush(r);
	r->open = true;
	return cr_write_vma(r->to, vma);
}

static void *relay_page(void *cookie, u32 address)
{
	struct relay *r = cookie;

	if (r->nr_pages == ARRAY_SIZE(r->addresses))
		return NULL;
	r->addresses[r->nr_pages] = address;
	return r->pages[r->nr_pages++];
}

static int rewrite_fd(void *to, const struct cr_fd *fd)
{
	return cr_write_fd(to, fd);
}

static void rewrite_memory(struct cr_ctx *from, struct cr_ctx *to, const struct cr_image *image)
{
	static const struct cr_memory_ops ops = {.vma = relay_vma, .page = relay_page};
	struct relay relay = {.to = to};
	u64 ldt[LDT_ENTRIES];

	cr_write_mm(to, &image->mm);
	cr_read_memory(from, image, &ops, &relay);
	relay_flush(&relay);
	cr_read_ldt(from, image, ldt);
	cr_write_mm_context(to, ldt, image->nldt);
	if (!image->has_files)
		return;
	cr_write_files(to, image->nfds);
	cr_read_fds(from, image, rewrite_fd, to);
}

/* Reads the image and writes what was read. Returns false where the reader refuses it. */
static bool rewrite(const struct buffer *b, struct buffer *copy)
{
	struct cr_ctx from = reader(b), to = writer(copy);
	struct cr_image image;
	u8 state[32768];

	if (cr_read_image(&from, &cr_any_machine, &image) < 0)
		return false;
	cr_write_head(&to, &image.head);
	cr_write_task(&to, image.comm);
	if (image.has_mm)
		rewrite_memory(&from, &to, &image);
	cr_write_thread(&to, image.pid, image.tls);
	cr_write_cpu(&to, image.pid, &image.cpu);
	for (u32 n = 0; n < XSTATE_COMPONENTS; n++) {
		if (!(image.xstate_bv >> n & 1))
			continue;
		cr_read_component(&from, &image, n, state);
		cr_write_xstate(&to, image.pid, n, state, image.xstate[n].size);
	}
	cr_write_tail(&to);
	return !from.error.error && !to.error.error;
}

static bool same(const struct buffer *a, const struct buffer *b)
{
	return a->size == b->size && memcmp(a->data, b->data, a->size) == 0;
}

static void test_round_trip(const struct sample *s, const char *name)
{
	struct buffer b = sample_write(s), copy = {0};
	struct cr_error error;

	if (!ok(sample_read(&b, &cr_any_machine, NULL, &error) == 0, "%s: accepted", name))
		note("%s.%s at %u: expected %s", error.record, error.field ? error.field : "-", error.offset,
		     error.expected);
	ok(rewrite(&b, &copy) && same(&b, &copy), "%s: write(read(image)) has the same bytes", name);
	buffer_free(&b);
	buffer_free(&copy);
}

/*
 * Every byte of an image means something: changed, it is refused, or the change survives reading and writing. So nothing
 * can hide in an image, and nothing in it is lost.
 */
static void test_every_byte(const struct sample *s, const char *name)
{
	struct buffer b = sample_write(s);
	u32 ignored = 0, refused = 0, kept = 0;

	for (u32 at = 0; at < b.size; at++) {
		static const u8 changes[] = {0x01, 0x10, 0x80, 0xff};

		for (u32 n = 0; n < ARRAY_SIZE(changes); n++) {
			struct buffer copy = {0};

			b.data[at] ^= changes[n];
			if (!rewrite(&b, &copy))
				refused++;
			else if (same(&b, &copy))
				kept++;
			else if (ignored++ < 8)
				note("byte %u ^ %02x: neither refused nor kept", at, changes[n]);
			b.data[at] ^= changes[n];
			buffer_free(&copy);
		}
	}
	ok(ignored == 0, "%s: a change of any byte is refused or kept", name);
	ok(refused > 300 && kept > 300, "%s: both happen", name);
	buffer_free(&b);
}

/* --- Short images --- */

static void test_truncation(const struct sample *s, const char *name)
{
	struct buffer b = sample_write(s);
	u32 full = b.size, wrong = 0;

	for (b.size = 0; b.size < full; b.size += b.size < 2000 || b.size > full - 2000 ? 1 : 61) {
		struct cr_error error;

		if (sample_read(&b, &cr_any_machine, NULL, &error) != -EPIPE && wrong++ < 8)
			note("%u bytes: error %d, %s", b.size, error.error, error.expected ? error.expected : "-");
	}
	ok(wrong == 0, "%s: cut off anywhere, it is refused with EPIPE", name);
	b.size = full;
	buffer_free(&b);
}

/* --- The order of records --- */

struct span {
	u32 at;
	u32 size;
};

/* The records with the raw bytes behind them, taken from the type and length in each header alone. */
static u32 find_records(const struct buffer *b, struct span *spans, u32 max)
{
	u32 count = 0;

	for (u32 at = 0; at < b->size && count < max; at += spans[count++].size) {
		struct cr_hdr h;
		u32 word;

		memcpy(&h, b->data + at, sizeof(h));
		memcpy(&word, b->data + at + sizeof(h), sizeof(word));
		spans[count] = (struct span){at, (u32)sizeof(h) + (u32)h.len};
		if (h.type == CR_HDR_THREAD)
			spans[count].size += 24;
		if (h.type == CR_HDR_PGARR)
			spans[count].size += word * (4 + 4096);
		if (h.type == CR_HDR_MM_CONTEXT)
			spans[count].size += (word >> 16) * 8;
	}
	return count;
}

static bool refused(const struct buffer *b)
{
	return sample_read(b, &cr_any_machine, NULL, NULL) < 0;
}

/* A copy of the image with the records in the order of `order`. */
static struct buffer reordered(const struct buffer *b, const struct span *spans, const u32 *order, u32 count)
{
	struct buffer copy = {0};

	for (u32 n = 0; n < count; n++)
		buffer_sink(&copy, b->data + spans[order[n]].at, spans[order[n]].size);
	return copy;
}

static bool order_refused(const struct buffer *b, const struct span *spans, const u32 *order, u32 count)
{
	struct buffer copy = reordered(b, spans, order, count);
	bool r = refused(&copy);

	buffer_free(&copy);
	return r;
}

/* The order without record `gone`, with `twice` doubled, with `swap` and the one after it exchanged; -1: not that. */
static u32 make_order(u32 *order, u32 count, int gone, int twice, int swap)
{
	u32 length = 0;

	for (u32 n = 0; n < count; n++) {
		if ((int)n != gone)
			order[length++] = n;
		if ((int)n == twice)
			order[length++] = n;
	}
	if (swap >= 0) {
		order[swap]++;
		order[swap + 1]--;
	}
	return length;
}

static void test_order(const struct sample *s, const char *name)
{
	struct buffer b = sample_write(s);
	struct span spans[40] = {{0, 0}};
	u32 order[41] = {0}, count = find_records(&b, spans, 40);
	bool missing = true, doubled = true, swapped = true;

	ok(!order_refused(&b, spans, order, make_order(order, count, -1, -1, -1)), "%s: %u records in order", name,
	   count);
	for (int n = 0; n < (int)count; n++) {
		bool pages = b.data[spans[n].at] == (CR_HDR_PGARR & 0xff) && spans[n].size > 16;
		bool xstate = b.data[spans[n].at] == (CR_HDR_XSTATE & 0xff);

		/* Pages that are not there are zero, components that are not there are initial: both may go. */
		if (!pages && !xstate && !order_refused(&b, spans, order, make_order(order, count, n, -1, -1))) {
			note("without record %d", n);
			missing = false;
		}
		if (n == (int)count - 1)
			break; /* what follows TAIL is none of the reader's business */
		if (!order_refused(&b, spans, order, make_order(order, count, -1, n, -1))) {
			note("record %d twice", n);
			doubled = false;
		}
		if (xstate && n == (int)count - 2)
			continue; /* the component would stand behind TAIL */
		if (!order_refused(&b, spans, order, make_order(order, count, -1, -1, n))) {
			note("records %d and %d exchanged", n, n + 1);
			swapped = false;
		}
	}
	ok(missing, "%s: without any one of its records it is refused", name);
	ok(doubled, "%s: with any one twice it is refused", name);
	ok(swapped, "%s: with any two neighbours exchanged it is refused", name);
	buffer_free(&b);
}

/* --- Errors of the other side --- */

static int failing_sink(void *cookie, const void *buf, u32 count)
{
	u32 *left = cookie;

	(void)buf;
	if (count > *left)
		return -ENOSPC;
	*left -= count;
	return 0;
}

static s32 failing_source(void *cookie, u32 pos, void *buf, u32 count)
{
	return pos + count > 100 ? -EIO : buffer_source(cookie, pos, buf, count);
}

static void test_sticky_errors(void)
{
	u32 room = 300;
	struct cr_ctx to = {.sink = failing_sink, .cookie = &room};
	struct sample s = sample_registers();
	struct buffer b = sample_write(&s);
	struct cr_ctx from = {.source = failing_source, .cookie = &b};
	struct cr_image image;
	u32 left;

	cr_write_head(&to, &s.head);
	cr_write_task(&to, s.comm);
	is_number((unsigned)to.error.error, 0, "writer: no error while there is room");
	cr_write_thread(&to, s.pid, s.tls);
	left = room;
	is_number((unsigned)cr_write_cpu(&to, s.pid, &s.cpu), (unsigned)-ENOSPC, "writer: the sink's error");
	is_number((unsigned)cr_write_tail(&to), (unsigned)-ENOSPC, "writer: the error stays");
	is_number(room, left, "writer: and nothing more is written, though it would fit");
	is_number((unsigned)cr_read_image(&from, &cr_any_machine, &image), (unsigned)-EIO,
		  "reader: the source's error");
	buffer_free(&b);
}

static void test_bytes_after_tail(void)
{
	struct sample s = sample_registers();
	struct buffer b = sample_write(&s);
	struct cr_image image;

	buffer_sink(&b, "more", 4);
	ok(sample_read(&b, &cr_any_machine, &image, NULL) == 0 && image.size == 1136,
	   "an image ends with TAIL, whatever comes after");
	buffer_free(&b);
}

int main(void)
{
	struct sample registers = sample_registers(), xstate = sample_xstate(), memory = sample_memory();
	struct sample unused = sample_registers(), fsave = sample_registers();
	struct fsave fs;

	unused.cpu.used_math = unused.cpu.has_fxsr = 0;
	memset(unused.cpu.xstate, 0, sizeof(unused.cpu.xstate));
	fsave_init(&fs);
	memset(fsave.cpu.xstate, 0, sizeof(fsave.cpu.xstate));
	memcpy(fsave.cpu.xstate, &fs, sizeof(fs));
	fsave.cpu.has_fxsr = 0;
	test_round_trip(&registers, "registers");
	test_round_trip(&unused, "registers, FPU not used");
	test_round_trip(&fsave, "registers, FSAVE");
	test_round_trip(&xstate, "extended state");
	test_round_trip(&memory, "memory");
	test_every_byte(&registers, "registers");
	test_every_byte(&fsave, "registers, FSAVE");
	test_every_byte(&xstate, "extended state");
	test_truncation(&registers, "registers");
	test_truncation(&xstate, "extended state");
	test_truncation(&memory, "memory");
	test_order(&registers, "registers");
	test_order(&xstate, "extended state");
	test_order(&memory, "memory");
	test_sticky_errors();
	test_bytes_after_tail();
	return done_testing();
}
