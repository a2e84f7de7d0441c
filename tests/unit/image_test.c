/* SPDX-License-Identifier: GPL-2.0-only */
/* Writer and reader as twins: what the one writes the other reads, and no byte of an image goes unnoticed. */
#include "rewrite.h"
#include "samples.h"
#include "tap.h"

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
	ok(rewrite(&b, &copy) == 0 && same(&b, &copy), "%s: write(read(image)) has the same bytes", name);
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
			if (rewrite(&b, &copy) < 0)
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

/*
 * An image whose beginning lies together in memory, up to anywhere, is the same image: bytes from the window and bytes
 * from the source.
 */
static void test_window(const struct sample *s, const char *name)
{
	struct buffer b = sample_write(s);
	struct cr_image expected, image;
	u32 wrong = 0;

	sample_read(&b, &cr_any_machine, &expected, NULL);
	for (u32 size = 0; size <= b.size; size++) {
		struct cr_ctx ctx = reader(&b);

		ctx.next = b.data;
		ctx.left = size;
		memset(&image, 0xee, sizeof(image));
		wrong += cr_read_image(&ctx, &cr_any_machine, &image) < 0 ||
			 memcmp(&image, &expected, sizeof(image)) != 0;
	}
	ok(wrong == 0, "%s: with a window of any size, the same is read", name);
	buffer_free(&b);
}

/* An image that lies in memory in pieces, as in the kernel's frames. */
static void test_pieces(const struct sample *s, const char *name)
{
	struct buffer b = sample_write(s);
	u32 usual = buffer_piece, wrong = 0;

	for (buffer_piece = 1; buffer_piece <= PIECE_MAX; buffer_piece++) {
		struct cr_ctx ctx = reader(&b);
		struct buffer copy = {0};

		ctx.look = buffer_look;
		wrong += rewrite_from(ctx, &copy) < 0 || !same(&copy, &b);
		buffer_free(&copy);
	}
	buffer_piece = usual;
	ok(wrong == 0, "%s: in pieces of any size, the same is read", name);
	buffer_free(&b);
}

/* --- Pages, which need not lie together --- */

#define PAGES 5

struct places {
	u8 bytes[PAGES][PAGE_SIZE];
	const u32 *place; /* of each page, in bytes */
	u32 count;	  /* pages so far */
};

static u32 give_places(void *cookie, const u32 *address, u8 **page, u32 count)
{
	struct places *p = cookie;

	for (u32 n = 0; n < count; n++)
		page[n] = p->bytes[p->place[p->count++]];
	(void)address;
	return count;
}

/* Pages that are written from, and read to, these places. */
static void test_places(const u32 place[PAGES], const char *what)
{
	static struct places from, to;
	const struct cr_memory_ops ops = {.vma = any_vma, .pages = give_places};
	struct sample s = sample_registers();
	struct cr_hdr_vma vma = {.vma_type = CR_VMA_ANON,
				 .vm_start = 0x10000000,
				 .vm_end = 0x10000000 + PAGES * PAGE_SIZE,
				 .vm_page_prot = cr_page_prot(VM_READ),
				 .vm_flags = VM_READ};
	struct cr_hdr_mm mm = {.map_count = 1};
	struct buffer b = {0};
	struct cr_ctx write = writer(&b), read = reader(&b);
	struct cr_image image;
	u32 address[PAGES], wrong = 0;
	u8 *page[PAGES];

	from.place = to.place = place;
	from.count = to.count = 0;
	for (u32 n = 0; n < PAGES; n++) {
		address[n] = (u32)vma.vm_start + n * PAGE_SIZE;
		memset(from.bytes[place[n]], (int)(n + 1), PAGE_SIZE);
	}
	memset(to.bytes, 0xee, sizeof(to.bytes));
	give_places(&from, address, page, PAGES);
	cr_write_head(&write, &s.head);
	cr_write_task(&write, s.comm);
	cr_write_mm(&write, &mm);
	cr_write_vma(&write, &vma);
	cr_write_pgarr(&write, address, PAGES);
	cr_write_pages(&write, page, PAGES);
	cr_write_pgarr(&write, NULL, 0);
	cr_write_mm_context(&write, NULL, 0);
	cr_write_thread(&write, s.pid, s.tls);
	cr_write_cpu(&write, s.pid, &s.cpu);
	cr_write_tail(&write);
	ok(cr_read_image(&read, &cr_any_machine, &image) == 0 && cr_read_memory(&read, &image, &ops, &to) == 0,
	   "pages %s: they are read", what);
	for (u32 n = 0; n < PAGES; n++)
		for (u32 i = 0; i < PAGE_SIZE; i++)
			wrong += to.bytes[place[n]][i] != n + 1;
	ok(wrong == 0 && to.count == PAGES, "pages %s: and each is where it belongs", what);
	buffer_free(&b);
}

/* --- The order of records --- */

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
		bool pages = record_type(&b, &spans[n]) == CR_HDR_PGARR && spans[n].size > 16;
		bool xstate = record_type(&b, &spans[n]) == CR_HDR_XSTATE;

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

/* A sink with room for so many bytes. It takes what fits and then refuses, as a full store does. */
struct short_sink {
	struct buffer taken;
	u32 room;
	bool full, asked_again;
};

static int short_sink(void *cookie, const void *buf, u32 count)
{
	struct short_sink *sink = cookie;
	u32 left = sink->room - sink->taken.size;

	sink->asked_again |= sink->full;
	sink->full |= count > left;
	buffer_sink(&sink->taken, buf, count < left ? count : left);
	return sink->full ? -ENOSPC : 0;
}

/* Wherever the sink ends: its error is the writer's, it got the image up to there, and it is not asked again. */
static void test_sink_ends_anywhere(const struct sample *s, const char *name)
{
	struct buffer whole = sample_write(s);
	bool refused = true, prefix = true, left_alone = true, place = true;

	for (u32 room = 0; room < whole.size; room++) {
		struct short_sink sink = {.room = room};
		struct cr_ctx ctx = {.sink = short_sink, .cookie = &sink};

		refused &= sample_write_to(&ctx, s) == -ENOSPC && ctx.error.error == -ENOSPC;
		prefix &= sink.taken.size == room && (!room || memcmp(sink.taken.data, whole.data, room) == 0);
		left_alone &= !sink.asked_again;
		place &= ctx.error.record && ctx.error.offset <= room;
		buffer_free(&sink.taken);
	}
	ok(refused, "%s: a sink that ends at any byte ends the writing with its error", name);
	ok(prefix, "%s: the bytes before are the image's", name);
	ok(left_alone, "%s: and the sink is not asked again", name);
	ok(place, "%s: the error says in which record, and where", name);
	buffer_free(&whole);
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

/*
 * A program's segments, as Linux notes them (fs/binfmt_elf.c, load_elf_binary): code is what can be executed, data what can
 * be written, each as long as in the file; the heap begins on the page behind all of them, zeros included.
 */
static void test_segments(void)
{
	struct cr_hdr_mm mm = {0};

	cr_note_segment(&mm, VM_READ, 0x08048000, 0x1d4, 0x1d4);
	cr_note_segment(&mm, VM_READ | VM_EXEC, 0x08049000, 0x2345, 0x2345);
	cr_note_segment(&mm, VM_READ | VM_WRITE, 0x0804cf10, 0x20, 0x1100);
	ok(mm.start_code == 0x08049000 && mm.end_code == 0x0804b345, "segments: code");
	ok(mm.start_data == 0x0804cf10 && mm.end_data == 0x0804cf30, "segments: data, without its zeros");
	ok(mm.start_brk == 0x0804f000 && mm.brk == 0x0804f000, "segments: the heap is behind the zeros");
	cr_note_segment(&mm, VM_READ, 0x08040000, 0x1000, 0x1000);
	ok(mm.brk == 0x0804f000, "segments: a lower one leaves it there");
}

int main(void)
{
	struct sample registers = sample_registers(), xstate = sample_xstate(), memory = sample_memory();
	struct sample odd = sample_xstate(), signal = sample_signal(), program = sample_program();
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
	test_round_trip(&signal, "signals");
	test_round_trip(&program, "a program's memory");
	sample_add_component(&odd, 10, 1, 1); /* of one byte */
	test_round_trip(&odd, "an odd number of bytes");
	test_every_byte(&registers, "registers");
	test_every_byte(&fsave, "registers, FSAVE");
	test_every_byte(&xstate, "extended state");
	test_window(&registers, "registers");
	test_window(&odd, "an odd number of bytes");
	test_window(&memory, "memory");
	test_pieces(&registers, "registers");
	test_pieces(&odd, "an odd number of bytes");
	test_pieces(&memory, "memory");
	test_pieces(&program, "a program's memory");
	test_places((const u32[]){0, 1, 2, 3, 4}, "that lie together");
	test_places((const u32[]){4, 3, 2, 1, 0}, "the other way round");
	test_places((const u32[]){2, 3, 0, 1, 4}, "that lie together in part");
	test_order(&registers, "registers");
	test_order(&xstate, "extended state");
	test_order(&memory, "memory");
	test_order(&signal, "signals");
	test_order(&program, "a program's memory");
	test_sink_ends_anywhere(&registers, "registers");
	test_sink_ends_anywhere(&xstate, "extended state");
	test_sink_ends_anywhere(&memory, "memory");
	test_sticky_errors();
	test_bytes_after_tail();
	test_segments();
	return done_testing();
}
