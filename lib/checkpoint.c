/* SPDX-License-Identifier: GPL-2.0-only */
/* The writer: a task's state into records, in the order in which restart.c reads them back. */
#include "checkpoint.h"
#include "string.h"
#include "version.h"

/* Apart from the choke point, which is to be short: nearly always nothing is wrong. */
static __cold int __attribute__((noinline)) sink_failed(struct cr_ctx *ctx, int error)
{
	ctx->error.error = error;
	ctx->error.offset = ctx->pos;
	ctx->error.record = cr_record_name(ctx->record);
	return error;
}

/* The choke point: every byte of an image passes here. After the first error nothing more is written. */
static inline int kwrite(struct cr_ctx *ctx, const void *buf, u32 count)
{
	int error = ctx->error.error;

	if (error)
		return error;
	error = ctx->sink(ctx->cookie, buf, count);
	if (error)
		return sink_failed(ctx, error);
	ctx->pos += count;
	return 0;
}

int cr_kwrite(struct cr_ctx *ctx, const void *buf, u32 count)
{
	return kwrite(ctx, buf, count);
}

static inline int write_obj(struct cr_ctx *ctx, enum cr_hdr_type type, u32 parent, const void *payload, u32 len)
{
	struct cr_hdr h = {.type = (s16)type, .len = (s16)len, .parent = parent};

	ctx->record = type;
	kwrite(ctx, &h, sizeof(h));
	return kwrite(ctx, payload, len);
}

/* For all but the records that every image has. */
int __attribute__((noinline))
cr_write_obj(struct cr_ctx *ctx, enum cr_hdr_type type, u32 parent, const void *payload, u32 len)
{
	return write_obj(ctx, type, parent, payload, len);
}

__cold void cr_head_init(struct cr_hdr_head *head)
{
	*head = (struct cr_hdr_head){.magic = CR_HEADER_MAGIC,
				     .major = CR86_MAJOR,
				     .minor = CR86_MINOR,
				     .patch = CR86_PATCH,
				     .flags = CR_CTX_CKPT,
				     .release = CR86_RELEASE,
				     .machine = "i686"};
}

int cr_write_head(struct cr_ctx *ctx, const struct cr_hdr_head *head)
{
	return write_obj(ctx, CR_HDR_HEAD, 0, head, sizeof(*head));
}

/* A task that can be checkpointed is a running one, so all of TASK but the name's length is 0. */
int cr_write_task(struct cr_ctx *ctx, const char comm[CR_TASK_COMM_LEN])
{
	struct cr_hdr_task hh = {.task_comm_len = CR_TASK_COMM_LEN};

	write_obj(ctx, CR_HDR_TASK, 0, &hh, sizeof(hh));
	return write_obj(ctx, CR_HDR_STRING, 0, comm, CR_TASK_COMM_LEN);
}

int cr_write_mm(struct cr_ctx *ctx, const struct cr_hdr_mm *mm)
{
	return cr_write_obj(ctx, CR_HDR_MM, 0, mm, sizeof(*mm));
}

int cr_write_vma(struct cr_ctx *ctx, const struct cr_hdr_vma *vma)
{
	return cr_write_obj(ctx, CR_HDR_VMA, 0, vma, sizeof(*vma));
}

int cr_write_fname(struct cr_ctx *ctx, const char *name)
{
	return cr_write_obj(ctx, CR_HDR_FNAME, 0, name, strlen(name) + 1);
}

int cr_write_pgarr(struct cr_ctx *ctx, const u32 *addresses, u32 nr_pages)
{
	struct cr_hdr_pgarr hh = {.nr_pages = nr_pages};

	cr_write_obj(ctx, CR_HDR_PGARR, 0, &hh, sizeof(hh));
	return nr_pages ? cr_kwrite(ctx, addresses, nr_pages * sizeof(*addresses)) : ctx->error.error;
}

int cr_write_pages(struct cr_ctx *ctx, u8 *const *page, u32 nr_pages)
{
	for (u32 n = 0, count; n < nr_pages; n += count) {
		count = cr_adjacent(page + n, nr_pages - n);
		kwrite(ctx, page[n], count * PAGE_SIZE);
	}
	return ctx->error.error;
}

int cr_write_mm_context(struct cr_ctx *ctx, const u64 *ldt, u32 nldt)
{
	struct cr_hdr_mm_context hh = {.ldt_entry_size = CR_LDT_ENTRY_SIZE, .nldt = (s16)nldt};

	cr_write_obj(ctx, CR_HDR_MM_CONTEXT, 0, &hh, sizeof(hh));
	return nldt ? cr_kwrite(ctx, ldt, nldt * CR_LDT_ENTRY_SIZE) : ctx->error.error;
}

int cr_write_files(struct cr_ctx *ctx, u32 nfds)
{
	struct cr_hdr_files hh = {.nfds = nfds};

	return cr_write_obj(ctx, CR_HDR_FILES, 0, &hh, sizeof(hh));
}

int cr_write_fd(struct cr_ctx *ctx, const struct cr_fd *fd)
{
	cr_write_obj(ctx, CR_HDR_FD_ENT, 0, &fd->ent, sizeof(fd->ent));
	cr_write_obj(ctx, CR_HDR_FD_DATA, 0, &fd->data, sizeof(fd->data));
	return cr_write_fname(ctx, fd->name);
}

/* All three descriptors are always written, whatever ntls says, so that the reader never loses step. */
int cr_write_thread(struct cr_ctx *ctx, u32 pid, const u64 tls[CR_TLS_ENTRIES])
{
	struct {
		struct cr_hdr h;
		struct cr_hdr_thread hh;
		u64 tls[CR_TLS_ENTRIES];
	} record = {{CR_HDR_THREAD, sizeof(record.hh), pid}, {CR_TLS_ENTRIES, sizeof(record.tls), 0, 0}, {0}};

	for (u32 n = 0; n < CR_TLS_ENTRIES; n++) {
		record.tls[n] = tls[n];
		record.hh.ntls += tls[n] != 0;
	}
	ctx->record = CR_HDR_THREAD;
	return cr_kwrite(ctx, &record, sizeof(record));
}

int cr_write_cpu(struct cr_ctx *ctx, u32 pid, const struct cr_hdr_cpu *cpu)
{
	return write_obj(ctx, CR_HDR_CPU, pid, cpu, sizeof(*cpu));
}

/* One component of extended state: its number and size, then its bytes, all in one payload. */
int cr_write_xstate(struct cr_ctx *ctx, u32 pid, u32 component, const void *state, u32 size)
{
	struct {
		struct cr_hdr h;
		struct cr_hdr_xstate hh;
	} record = {{CR_HDR_XSTATE, (s16)(sizeof(record.hh) + size), pid}, {component, size}};

	ctx->record = CR_HDR_XSTATE;
	cr_kwrite(ctx, &record, sizeof(record));
	return cr_kwrite(ctx, state, size);
}

int cr_write_signal(struct cr_ctx *ctx, u32 pid, const struct cr_hdr_signal *signal)
{
	return cr_write_obj(ctx, CR_HDR_SIGNAL, pid, signal, sizeof(*signal));
}

int cr_write_program(struct cr_ctx *ctx, const struct cr_hdr_program *program)
{
	return cr_write_obj(ctx, CR_HDR_PROGRAM, 0, program, sizeof(*program));
}

/* The last record. An image without it is none. */
int cr_write_tail(struct cr_ctx *ctx)
{
	struct cr_hdr_tail hh = {.magic = CR_TRAILER_MAGIC};

	return write_obj(ctx, CR_HDR_TAIL, 0, &hh, sizeof(hh));
}
