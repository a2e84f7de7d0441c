/* SPDX-License-Identifier: GPL-2.0-only */
/* write(read(image)): what the reader has understood of an image, written again. */
#ifndef TESTS_UNIT_REWRITE_H
#define TESTS_UNIT_REWRITE_H

#include "records.h"

/* The memory of an image on its way from the reader to the writer, batch by batch: a VMA's pages may stand in several. */
struct relay {
	struct cr_ctx *to;
	const char *program;
	bool open;	  /* a VMA has been begun */
	const u32 *batch; /* sizes: of the batch under way, and of those after it; 0 ends a VMA */
	u32 nr_pages;	  /* of this batch so far */
	u32 *addresses;
	u8 (*pages)[PAGE_SIZE];
};

static inline void relay_batch(struct relay *r)
{
	cr_write_pgarr(r->to, r->addresses, r->nr_pages);
	cr_kwrite(r->to, r->pages, r->nr_pages * PAGE_SIZE);
	r->nr_pages = 0;
	r->batch++;
}

static inline void relay_end_vma(struct relay *r)
{
	if (r->nr_pages)
		relay_batch(r);
	if (r->open)
		relay_batch(r);
	r->open = false;
}

static inline int relay_vma(void *cookie, const struct cr_hdr_vma *vma)
{
	struct relay *r = cookie;

	relay_end_vma(r);
	r->open = true;
	cr_write_vma(r->to, vma);
	return vma->vma_type == CR_VMA_FILE ? cr_write_fname(r->to, r->program) : r->to->error.error;
}

static inline u32 relay_pages(void *cookie, const u32 *address, u8 **page, u32 count)
{
	struct relay *r = cookie;

	for (u32 n = 0; n < count; n++) {
		if (r->nr_pages == *r->batch)
			relay_batch(r);
		r->addresses[r->nr_pages] = address[n];
		page[n] = r->pages[r->nr_pages++];
	}
	return count;
}

/* The sizes of all batches of an image that was accepted, in their order. The caller frees them. */
static inline u32 *batch_sizes(const struct buffer *b)
{
	u32 max = b->size / sizeof(struct cr_hdr) + 1, count, batches = 0;
	struct span *spans = calloc(max, sizeof(*spans));
	u32 *sizes = calloc(max, sizeof(*sizes));

	count = find_records(b, spans, max);
	for (u32 n = 0; n < count; n++)
		if (record_type(b, &spans[n]) == CR_HDR_PGARR)
			memcpy(&sizes[batches++], b->data + spans[n].at + sizeof(struct cr_hdr), sizeof(u32));
	free(spans);
	return sizes;
}

static inline int rewrite_fd(void *to, const struct cr_fd *fd)
{
	return cr_write_fd(to, fd);
}

static inline void rewrite_memory(struct cr_ctx *from, struct cr_ctx *to, const struct cr_image *image)
{
	static const struct cr_memory_ops ops = {.vma = relay_vma, .pages = relay_pages};
	struct buffer whole = {((struct buffer *)from->cookie)->data, image->size};
	u32 *sizes = batch_sizes(&whole);
	struct relay relay = {
		.to = to,
		.program = image->vmas.program.name,
		.batch = sizes,
		.addresses = calloc(image->vmas.nr_pages + 1, sizeof(u32)),
		.pages = calloc(image->vmas.nr_pages + 1, PAGE_SIZE),
	};
	u64 ldt[LDT_ENTRIES];

	cr_write_mm(to, &image->mm);
	cr_read_memory(from, image, &ops, &relay);
	relay_end_vma(&relay);
	cr_read_ldt(from, image, ldt);
	cr_write_mm_context(to, ldt, image->nldt);
	free(relay.addresses);
	free(relay.pages);
	free(sizes);
	if (!image->has_files)
		return;
	cr_write_files(to, image->nfds);
	cr_read_fds(from, image, rewrite_fd, to);
}

static inline void rewrite_component(struct cr_ctx *from, struct cr_ctx *to, const struct cr_image *image, u32 n)
{
	u8 state[1 << 15]; /* cr_hdr.len has 15 bits */

	cr_read_component(from, image, n, state);
	cr_write_xstate(to, image->pid, n, state, image->xstate[n].size);
}

/* Reads the image and writes what was read to `copy`. 0, or the reader's or the writer's error. */
static inline int rewrite_from(struct cr_ctx from, struct buffer *copy)
{
	struct cr_ctx to = writer(copy);
	struct cr_image image;

	if (cr_read_image(&from, &cr_any_machine, &image) < 0)
		return from.error.error;
	cr_write_head(&to, &image.head);
	cr_write_task(&to, image.comm);
	if (image.has_mm)
		rewrite_memory(&from, &to, &image);
	cr_write_thread(&to, image.pid, image.tls);
	cr_write_cpu(&to, image.pid, &image.cpu);
	for (u32 n = 0; n < XSTATE_COMPONENTS; n++)
		if (image.xstate_bv >> n & 1)
			rewrite_component(&from, &to, &image, n);
	if (image.has_signal)
		cr_write_signal(&to, image.pid, &image.signal);
	if (image.vmas.program.name[0])
		cr_write_program(&to, &image.vmas.program.file);
	cr_write_tail(&to);
	return from.error.error ? from.error.error : to.error.error;
}

static inline int rewrite(const struct buffer *b, struct buffer *copy)
{
	return rewrite_from(reader(b), copy);
}

#endif
