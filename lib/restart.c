/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The reader: the writer's twin, function by function in the same order. It validates a whole image before anybody acts
 * on any of it; every refusal says where, what was there and what was expected.
 */
#include "checkpoint.h"
#include "registers.h"
#include "signals.h"
#include "string.h"
#include "version.h"

const struct cr_machine cr_any_machine = {
	.task_size = 0xc0000000,
	.max_vmas = 0xffffffff,
	.has_fpu = true,
	.has_fxsr = true,
	.has_sse = true,
	.mxcsr_mask = 0xffffffff >> 14, /* bits 0 to 17: all that AMD's and Intel's manuals define */
};

s32 cr_bytes_source(void *cookie, u32 pos, void *buf, u32 count)
{
	const struct cr_bytes *bytes = cookie;
	u32 left = pos < bytes->size ? bytes->size - pos : 0;

	if (count > left)
		count = left;
	if (count)
		memcpy(buf, bytes->data + pos, count);
	return (s32)count;
}

int cr_refuse(struct cr_ctx *ctx, int error, s32 type, const char *field, u32 offset, u64 value, const char *expected)
{
	if (!ctx->error.error)
		ctx->error = (struct cr_error){error, offset, value, cr_record_name(type), field, expected};
	ctx->left = 0; /* so that whatever is to be read next stops at the error */
	return ctx->error.error;
}

/* Not inlined: nearly a hundred calls, and none of them in a restart that succeeds. */
static __cold __attribute__((noinline)) int refuse(struct cr_ctx *ctx, s32 type, const char *field, u32 offset,
						   u64 value, const char *expected)
{
	return cr_refuse(ctx, -EINVAL, type, field, offset, value, expected);
}

static inline void cr_advance(struct cr_ctx *ctx, u32 count)
{
	ctx->next += count;
	ctx->left -= count;
	ctx->pos += count;
}

/* Bytes from the source. One that gives less than asked for has ended early. */
static int cr_kread_source(struct cr_ctx *ctx, void *buf, u32 count)
{
	s32 got = ctx->source(ctx->cookie, ctx->pos, buf, count);

	if (got != (s32)count)
		return cr_refuse(ctx, got < 0 ? got : -EPIPE, ctx->record, NULL, ctx->pos + (got > 0 ? (u32)got : 0), 0,
				 "more bytes: the image ends early");
	ctx->left = 0;
	ctx->pos += count;
	return 0;
}

/* Bytes that cannot be seen from where the reader is: it looks again, if it may, and else asks the source. */
static int cr_kread_unseen(struct cr_ctx *ctx, void *buf, u32 count)
{
	if (ctx->error.error)
		return ctx->error.error;
	if (ctx->look)
		ctx->next = ctx->look(ctx->cookie, ctx->pos, &ctx->left);
	if (count > ctx->left)
		return cr_kread_source(ctx, buf, count);
	memcpy(buf, ctx->next, count);
	cr_advance(ctx, count);
	return 0;
}

/*
 * The choke point: every byte of an image passes here. Inline, so that a record which can be seen costs no more than its
 * copy. After a refusal none can.
 */
static inline int cr_kread(struct cr_ctx *ctx, void *buf, u32 count)
{
	if (count > ctx->left)
		return cr_kread_unseen(ctx, buf, count);
	memcpy(buf, ctx->next, count);
	cr_advance(ctx, count);
	return 0;
}

/* Goes to another place: ahead, or back, which wraps around and is more than is left. */
static void cr_seek(struct cr_ctx *ctx, u32 pos)
{
	u32 ahead = pos - ctx->pos;

	if (ahead < ctx->left) {
		cr_advance(ctx, ahead);
	} else {
		ctx->left = 0;
		ctx->pos = pos;
	}
}

/* Bytes from another place, which is not where the reader goes on. */
static int __attribute__((noinline)) cr_kread_at(struct cr_ctx *ctx, u32 pos, void *buf, u32 count)
{
	const u8 *next = ctx->next;
	u32 left = ctx->left, at = ctx->pos;

	cr_seek(ctx, pos);
	if (cr_kread(ctx, buf, count) == 0) {
		ctx->next = next;
		ctx->left = left;
	}
	ctx->pos = at;
	return ctx->error.error;
}

/*
 * Passes over `count` bytes that must be there, by reading the last of them. Where they are not, nobody knows how many
 * of them are: the error's offset is that of the first.
 */
static int cr_skip(struct cr_ctx *ctx, u32 count)
{
	u32 start = ctx->pos;
	u8 last;

	if (ctx->error.error || !count)
		return ctx->error.error;
	if (start + count < start)
		return refuse(ctx, ctx->record, NULL, start, count, "an image of less than 4 GiB");
	cr_seek(ctx, start + count - 1);
	if (cr_kread(ctx, &last, 1) < 0)
		ctx->error.offset = start;
	return ctx->error.error;
}

/* Reads a header that must be of `type` and stand before a payload of `len` bytes; len -1: of any length. */
static int cr_read_hdr(struct cr_ctx *ctx, s32 type, s32 len, struct cr_hdr *h)
{
	u32 at = ctx->pos;

	ctx->record = type;
	if (cr_kread(ctx, h, sizeof(*h)) < 0)
		return ctx->error.error;
	if (h->type != type)
		return refuse(ctx, type, "cr_hdr.type", at, (u16)h->type,
			      "this record's type: it is missing or out of order");
	if (len >= 0 && h->len != len)
		return refuse(ctx, type, "cr_hdr.len", at + offsetof(struct cr_hdr, len), (u16)h->len,
			      "the size of this record's payload");
	return 0;
}

/* A record of exactly `len` bytes whose owner is `parent`. */
static int __attribute__((noinline)) cr_read_obj(struct cr_ctx *ctx, s32 type, u32 parent, void *payload, u32 len)
{
	struct cr_hdr h;
	u32 at = ctx->pos;

	if (cr_read_hdr(ctx, type, (s32)len, &h) < 0)
		return ctx->error.error;
	if (h.parent != parent)
		return refuse(ctx, type, "cr_hdr.parent", at + offsetof(struct cr_hdr, parent), h.parent,
			      parent ? "the task's id, as in THREAD" : "0");
	return cr_kread(ctx, payload, len);
}

/* The same, for the records that every image has, or many of: where one can be seen and is right, it is copied, no more. */
static inline int read_obj(struct cr_ctx *ctx, enum cr_hdr_type type, u32 parent, void *payload, u32 len)
{
	const struct cr_hdr h = {.type = (s16)type, .len = (s16)len, .parent = parent};

	if (sizeof(h) + len > ctx->left || memcmp(ctx->next, &h, sizeof(h)) != 0)
		return cr_read_obj(ctx, type, parent, payload, len);
	memcpy(payload, ctx->next + sizeof(h), len);
	cr_advance(ctx, sizeof(h) + len);
	ctx->record = type;
	return 0;
}

/* The type of the record that comes next, which is not yet read. At the latest, that is the `required` one. */
static s32 cr_peek_type(struct cr_ctx *ctx, s32 required)
{
	struct cr_hdr h = {0};

	ctx->record = required;
	if (sizeof(h) > ctx->left)
		cr_kread_at(ctx, ctx->pos, &h, sizeof(h));
	else
		memcpy(&h, ctx->next, sizeof(h));
	return h.type;
}

/* Refuses the payload that was just read, at its `field`. */
#define REFUSE(ctx, TYPE, type, field, value, expected)                                                                \
	refuse(ctx, TYPE, #field, (ctx)->pos - (u32)sizeof(struct type) + (u32)offsetof(struct type, field), value,    \
	       expected)

/* A task's name goes to the console as it is: with a line end in it, it could forge lines there. */
static bool is_name(const char *comm)
{
	for (; *comm; comm++)
		if ((u8)*comm < ' ' || *comm == 0x7f)
			return false;
	return true;
}

/* A string that ends in its field and is followed by zeros alone. */
static bool text_is_clean(const char *s, u32 size)
{
	const char *end = memchr(s, 0, size);

	return end && xstate_is_zero(end, size - (u32)(end - s));
}

static int cr_read_head(struct cr_ctx *ctx, struct cr_hdr_head *head)
{
#define REFUSE_HEAD(field, value, expected) REFUSE(ctx, CR_HDR_HEAD, cr_hdr_head, field, value, expected)
	static const char machine[sizeof(head->machine)] = "i686"; /* and zeros */

	if (read_obj(ctx, CR_HDR_HEAD, 0, head, sizeof(*head)) < 0)
		return ctx->error.error;
	if (head->magic != CR_HEADER_MAGIC)
		return REFUSE_HEAD(magic, head->magic, "00feed0cc0a2d200, a checkpoint image's magic");
	if (head->major != CR86_MAJOR)
		return REFUSE_HEAD(major, head->major, "cr86's own major version");
	if (head->rev != CR_REV_RFC && head->rev != CR_REV_XSTATE)
		return REFUSE_HEAD(rev, head->rev,
				   "1 (the RFC's format) or 86 (with XSTATE, SIGNAL or PROGRAM records)");
	if (head->flags != CR_CTX_CKPT)
		return REFUSE_HEAD(flags, head->flags, "1 (CR_CTX_CKPT)");
	if (!text_is_clean(head->release, sizeof(head->release)))
		return REFUSE_HEAD(release, (u8)head->release[0], "a text, ended by zeros");
	if (!text_is_clean(head->version, sizeof(head->version)))
		return REFUSE_HEAD(version, (u8)head->version[0], "a text, ended by zeros");
	if (memcmp(head->machine, machine, sizeof(machine)) != 0)
		return REFUSE_HEAD(machine, (u8)head->machine[0], "the text i686");
	return 0;
}

static int cr_read_task(struct cr_ctx *ctx, struct cr_image *image)
{
#define REFUSE_TASK(field, expected) REFUSE(ctx, CR_HDR_TASK, cr_hdr_task, field, (u32)image->task.field, expected)
	if (read_obj(ctx, CR_HDR_TASK, 0, &image->task, sizeof(image->task)) < 0)
		return ctx->error.error;
	if (image->task.state)
		return REFUSE_TASK(state, "0 (TASK_RUNNING)");
	if (image->task.exit_state)
		return REFUSE_TASK(exit_state, "0: a task that has not ended");
	if (image->task.exit_code)
		return REFUSE_TASK(exit_code, "0: a task that has not ended");
	if (image->task.exit_signal)
		return REFUSE_TASK(exit_signal, "0");
	if (image->task.task_comm_len != CR_TASK_COMM_LEN)
		return REFUSE_TASK(task_comm_len, "16");
	if (image->task._padding)
		return REFUSE_TASK(_padding, "0");
	if (read_obj(ctx, CR_HDR_STRING, 0, image->comm, sizeof(image->comm)) < 0)
		return ctx->error.error;
	if (!text_is_clean(image->comm, sizeof(image->comm)) || !is_name(image->comm))
		return refuse(ctx, CR_HDR_STRING, "comm", ctx->pos - sizeof(image->comm), (u8)image->comm[0],
			      "a name of at most 15 bytes, ended by zeros, without control characters");
	return 0;
}

static int cr_read_mm(struct cr_ctx *ctx, const struct cr_machine *machine, struct cr_hdr_mm *mm)
{
	static const char *const names[] = {"start_code",  "end_code",	"start_data", "end_data",  "start_brk", "brk",
					    "start_stack", "arg_start", "arg_end",    "env_start", "env_end"};
	const u64 *address = &mm->start_code;

	if (cr_read_obj(ctx, CR_HDR_MM, 0, mm, sizeof(*mm)) < 0)
		return ctx->error.error;
	if (mm->objref)
		return REFUSE(ctx, CR_HDR_MM, cr_hdr_mm, objref, mm->objref, "0: memory of one task alone");
	if (mm->map_count > machine->max_vmas)
		return REFUSE(ctx, CR_HDR_MM, cr_hdr_mm, map_count, mm->map_count, "no more VMAs than a task can have");
	for (u32 n = 0; n < ARRAY_SIZE(names); n++)
		if (address[n] > machine->task_size)
			return refuse(ctx, CR_HDR_MM, names[n],
				      ctx->pos - sizeof(*mm) + offsetof(struct cr_hdr_mm, start_code) + n * sizeof(u64),
				      address[n], "an address in user space");
	return 0;
}

/* A path and its NUL, and nothing behind that. */
static int cr_read_fname(struct cr_ctx *ctx, char name[CR_FNAME_SIZE])
{
	struct cr_hdr h;
	u32 at = ctx->pos;

	if (cr_read_hdr(ctx, CR_HDR_FNAME, -1, &h) < 0)
		return ctx->error.error;
	if (h.parent)
		return refuse(ctx, CR_HDR_FNAME, "cr_hdr.parent", at + offsetof(struct cr_hdr, parent), h.parent, "0");
	if (h.len < 2 || h.len > CR_FNAME_SIZE)
		return refuse(ctx, CR_HDR_FNAME, "cr_hdr.len", at + offsetof(struct cr_hdr, len), (u16)h.len,
			      "a path of 1 to 63 bytes, and a NUL");
	memset(name, 0, CR_FNAME_SIZE);
	if (cr_kread(ctx, name, (u32)h.len) < 0)
		return ctx->error.error;
	if (name[0] != '/' || memchr(name, '\0', (u32)h.len) != name + h.len - 1 || !is_name(name))
		return refuse(ctx, CR_HDR_FNAME, "name", at + sizeof(h), (u8)name[0],
			      "a path from / on that ends with the record, without control characters");
	return 0;
}

/* The file that the VMA is of. A task has one program, so all are of the same. */
static int cr_read_vma_file(struct cr_ctx *ctx, const struct cr_hdr_vma *vma, struct cr_program *program)
{
	u64 end = vma->vm_pgoff * PAGE_SIZE + (vma->vm_end - vma->vm_start);
	char name[CR_FNAME_SIZE];
	u32 at = ctx->pos;

	if (cr_read_fname(ctx, name) < 0)
		return ctx->error.error;
	if (program->name[0] && memcmp(program->name, name, sizeof(name)) != 0)
		return refuse(ctx, CR_HDR_FNAME, "name", at + sizeof(struct cr_hdr), (u8)name[0],
			      "the same file as of the VMAs before");
	memcpy(program->name, name, sizeof(name));
	if (end > program->end)
		program->end = end;
	return 0;
}

#define FILE_PAGES (1u << 20) /* 4 GiB */

/* VMAs stand in rising order and do not overlap; `floor` is where the one before ended. */
static int cr_read_vma(struct cr_ctx *ctx, const struct cr_machine *machine, u64 floor, struct cr_hdr_vma *vma,
		       struct cr_program *program)
{
#define REFUSE_VMA(field, expected) REFUSE(ctx, CR_HDR_VMA, cr_hdr_vma, field, vma->field, expected)
	bool is_file;

	if (read_obj(ctx, CR_HDR_VMA, 0, vma, sizeof(*vma)) < 0)
		return ctx->error.error;
	is_file = vma->vma_type == CR_VMA_FILE;
	if (vma->vma_type != CR_VMA_ANON && !is_file)
		return REFUSE_VMA(vma_type, "1 (anonymous memory) or 2 (of a file)");
	if (vma->_padding)
		return REFUSE_VMA(_padding, "0");
	if (vma->vm_start % PAGE_SIZE || vma->vm_start < floor || vma->vm_start >= machine->task_size)
		return REFUSE_VMA(vm_start, "a page's address in user space, above the VMA before");
	if (vma->vm_end % PAGE_SIZE || vma->vm_end <= vma->vm_start || vma->vm_end > machine->task_size)
		return REFUSE_VMA(vm_end, "a page's address in user space, above vm_start");
	if (vma->vm_flags & ~(u64)(VM_READ | VM_WRITE | VM_EXEC))
		return REFUSE_VMA(vm_flags, "VM_READ, VM_WRITE and VM_EXEC alone");
	if (is_file && vma->vm_flags & VM_WRITE)
		return REFUSE_VMA(vm_flags, "no VM_WRITE: what can be written is no file's");
	if (vma->vm_page_prot != cr_page_prot(vma->vm_flags))
		return REFUSE_VMA(vm_page_prot, "the page-table bits that vm_flags asks for");
	if (!is_file && vma->vm_pgoff)
		return REFUSE_VMA(vm_pgoff, "0: anonymous memory has no file offset");
	if (vma->vm_pgoff >= FILE_PAGES)
		return REFUSE_VMA(vm_pgoff, "a page of a file of less than 4 GiB");
	return is_file ? cr_read_vma_file(ctx, vma, program) : 0;
}

/* Pages stand in rising order; *floor is the lowest address still allowed. `at` is where these addresses stand. */
static int cr_read_addresses(struct cr_ctx *ctx, u32 end, u32 *floor, u32 *address, u32 count, u32 at)
{
	u32 lowest = *floor;

	if (cr_kread_at(ctx, at, address, count * sizeof(*address)) < 0)
		return ctx->error.error;
	for (u32 n = 0; n < count; n++) {
		if (address[n] % PAGE_SIZE || address[n] < lowest || address[n] >= end)
			return refuse(ctx, CR_HDR_PGARR, "address", at + n * sizeof(*address), address[n],
				      "a page of this VMA, above the page before");
		lowest = address[n] + PAGE_SIZE;
	}
	*floor = lowest;
	return 0;
}

/* So many pages are asked for at once. */
#define PAGES 64

/* Reads pages to where they are wanted. `at` is where their addresses stand, `pos` where they do. */
static int cr_read_pages(struct cr_ctx *ctx, const struct cr_memory_ops *ops, void *cookie, const u32 *address,
			 u32 nr_pages, u32 at, u32 pos)
{
	u8 *page[PAGES];
	u32 got = ops->pages(cookie, address, page, nr_pages);

	if (got < nr_pages)
		return cr_refuse(ctx, -ENOMEM, CR_HDR_PGARR, "address", at + got * sizeof(*address), address[got],
				 "a page that there is memory for");
	for (u32 n = 0, count; n < nr_pages; n += count) {
		count = cr_adjacent(page + n, nr_pages - n);
		if (cr_kread_at(ctx, pos + n * PAGE_SIZE, page[n], count * PAGE_SIZE) < 0)
			return ctx->error.error;
	}
	return 0;
}

/* Calls for one batch of a VMA's pages: their addresses, then their bytes, unless `ops` is NULL. */
static int cr_read_pgarr(struct cr_ctx *ctx, u32 end, u32 *floor, const struct cr_memory_ops *ops, void *cookie,
			 u32 *nr_pages)
{
	u32 address[PAGES], at, pages;
	struct cr_hdr_pgarr hh;

	if (read_obj(ctx, CR_HDR_PGARR, 0, &hh, sizeof(hh)) < 0)
		return ctx->error.error;
	if (hh.nr_pages > (end - *floor) / PAGE_SIZE)
		return REFUSE(ctx, CR_HDR_PGARR, cr_hdr_pgarr, nr_pages, hh.nr_pages,
			      "no more pages than the VMA has left");
	*nr_pages = (u32)hh.nr_pages;
	at = ctx->pos;
	pages = at + *nr_pages * sizeof(u32);
	for (u32 n = 0, count; n < *nr_pages; n += count, at += count * sizeof(u32)) {
		count = *nr_pages - n < PAGES ? *nr_pages - n : PAGES;
		if (cr_read_addresses(ctx, end, floor, address, count, at) < 0)
			return ctx->error.error;
		if (ops && cr_read_pages(ctx, ops, cookie, address, count, at, pages + n * PAGE_SIZE) < 0)
			return ctx->error.error;
	}
	cr_seek(ctx, pages);
	return cr_skip(ctx, *nr_pages * PAGE_SIZE);
}

/* All VMAs with their pages: only looked at where `ops` is NULL, else handed over. */
static int cr_read_vmas(struct cr_ctx *ctx, const struct cr_machine *machine, u32 map_count,
			const struct cr_memory_ops *ops, void *cookie, struct cr_vmas *found)
{
	struct cr_hdr_vma vma = {0};

	*found = (struct cr_vmas){0};
	for (u32 n = 0; n < map_count; n++) {
		u32 nr_pages = 0, at = ctx->pos, floor;
		int ret;

		if (cr_read_vma(ctx, machine, vma.vm_end, &vma, &found->program) < 0)
			return ctx->error.error;
		ret = ops ? ops->vma(cookie, &vma) : CR_PAGES_THERE;
		if (ret < 0)
			return cr_refuse(ctx, ret, CR_HDR_VMA, NULL, at, 0, "memory for it");
		floor = (u32)vma.vm_start;
		do {
			if (cr_read_pgarr(ctx, (u32)vma.vm_end, &floor, ret ? NULL : ops, cookie, &nr_pages) < 0)
				return ctx->error.error;
			found->nr_pages += nr_pages;
		} while (nr_pages);
	}
	return 0;
}

static int cr_read_mm_context(struct cr_ctx *ctx, struct cr_image *image)
{
	struct cr_hdr_mm_context hh;

	if (cr_read_obj(ctx, CR_HDR_MM_CONTEXT, 0, &hh, sizeof(hh)) < 0)
		return ctx->error.error;
	if (hh.ldt_entry_size != CR_LDT_ENTRY_SIZE)
		return REFUSE(ctx, CR_HDR_MM_CONTEXT, cr_hdr_mm_context, ldt_entry_size, (u16)hh.ldt_entry_size, "8");
	if (hh.nldt < 0 || hh.nldt > LDT_ENTRIES)
		return REFUSE(ctx, CR_HDR_MM_CONTEXT, cr_hdr_mm_context, nldt, (u16)hh.nldt, "0 to 512");
	if (hh._padding)
		return REFUSE(ctx, CR_HDR_MM_CONTEXT, cr_hdr_mm_context, _padding, hh._padding, "0");
	image->ldt_pos = ctx->pos;
	image->nldt = (u32)hh.nldt;
	for (u32 n = 0; n < image->nldt; n++) {
		u64 descriptor;

		if (cr_kread(ctx, &descriptor, sizeof(descriptor)) < 0)
			return ctx->error.error;
		if (!cr_descriptor_valid(descriptor))
			return refuse(ctx, CR_HDR_MM_CONTEXT, "descriptor", ctx->pos - sizeof(descriptor), descriptor,
				      "all zero, or S = 1, DPL = 3, L = 0");
	}
	return 0;
}

/* The memory of the task, where the image has it. */
static int cr_read_memory_records(struct cr_ctx *ctx, const struct cr_machine *machine, struct cr_image *image)
{
	image->has_mm = cr_peek_type(ctx, CR_HDR_THREAD) == CR_HDR_MM;
	if (!image->has_mm)
		return ctx->error.error;
	if (cr_read_mm(ctx, machine, &image->mm) < 0)
		return ctx->error.error;
	image->vma_pos = ctx->pos;
	if (cr_read_vmas(ctx, machine, image->mm.map_count, NULL, NULL, &image->vmas) < 0)
		return ctx->error.error;
	return cr_read_mm_context(ctx, image);
}

static int cr_read_fd_data(struct cr_ctx *ctx, struct cr_hdr_fd_data *hh)
{
#define REFUSE_FD_DATA(field, expected) REFUSE(ctx, CR_HDR_FD_DATA, cr_hdr_fd_data, field, hh->field, expected)
	if (cr_read_obj(ctx, CR_HDR_FD_DATA, 0, hh, sizeof(*hh)) < 0)
		return ctx->error.error;
	if (hh->fd_type != CR_FD_FILE)
		return REFUSE_FD_DATA(fd_type, "1 (a file)");
	if (hh->f_flags & ~CR_F_FLAGS)
		return REFUSE_FD_DATA(f_flags, "0 to read, 1 to write, 2 for both, and O_CREAT (0x40)");
	if (!hh->f_mode || hh->f_mode != cr_f_mode(hh->f_flags))
		return REFUSE_FD_DATA(f_mode, "what f_flags asks for: 1 read, 2 write, 3 both");
	if (hh->f_pos >> 32)
		return REFUSE_FD_DATA(f_pos, "a position below 4 GiB");
	if (hh->f_version)
		return REFUSE_FD_DATA(f_version, "0");
	return 0;
}

/* Descriptors stand in rising order; `last` is the one before, `objref` is this one's. */
static int cr_read_fd(struct cr_ctx *ctx, s32 last, u32 objref, struct cr_fd *fd)
{
#define REFUSE_FD_ENT(field, expected) REFUSE(ctx, CR_HDR_FD_ENT, cr_hdr_fd_ent, field, (u32)fd->ent.field, expected)
	if (cr_read_obj(ctx, CR_HDR_FD_ENT, 0, &fd->ent, sizeof(fd->ent)) < 0)
		return ctx->error.error;
	if (fd->ent.objref != objref)
		return REFUSE_FD_ENT(objref, "1 and up: open files that no two descriptors share");
	if (fd->ent.fd <= last)
		return REFUSE_FD_ENT(fd, "descriptors in rising order, from 0 on");
	if (fd->ent.close_on_exec)
		return REFUSE_FD_ENT(close_on_exec, "0");
	if (fd->ent._padding)
		return REFUSE_FD_ENT(_padding, "0");
	if (cr_read_fd_data(ctx, &fd->data) < 0)
		return ctx->error.error;
	return cr_read_fname(ctx, fd->name);
}

int cr_read_fds(struct cr_ctx *ctx, const struct cr_image *image, int (*each)(void *cookie, const struct cr_fd *fd),
		void *cookie)
{
	struct cr_fd fd = {.ent.fd = -1};

	cr_seek(ctx, image->fds_pos);
	for (u32 n = 0; n < image->nfds; n++) {
		if (cr_read_fd(ctx, fd.ent.fd, n + 1, &fd) < 0)
			return ctx->error.error;
		if (each && (ctx->error.error = each(cookie, &fd)) < 0)
			return ctx->error.error;
	}
	return 0;
}

/* The descriptors of the task, where the image has them. */
static int cr_read_files(struct cr_ctx *ctx, struct cr_image *image)
{
	struct cr_hdr_files hh;

	image->has_files = image->has_mm && cr_peek_type(ctx, CR_HDR_THREAD) == CR_HDR_FILES;
	if (!image->has_files)
		return ctx->error.error;
	if (cr_read_obj(ctx, CR_HDR_FILES, 0, &hh, sizeof(hh)) < 0)
		return ctx->error.error;
	if (hh.objref)
		return REFUSE(ctx, CR_HDR_FILES, cr_hdr_files, objref, hh.objref, "0: descriptors of one task alone");
	image->nfds = hh.nfds;
	image->fds_pos = ctx->pos;
	return cr_read_fds(ctx, image, NULL, NULL);
}

static int cr_read_thread(struct cr_ctx *ctx, struct cr_image *image)
{
#define REFUSE_THREAD(field, expected) REFUSE(ctx, CR_HDR_THREAD, cr_hdr_thread, field, (u16)hh->field, expected)
	struct cr_hdr_thread *hh = &image->thread;
	struct cr_hdr h;
	s16 ntls = 0;

	image->thread_pos = ctx->pos;
	if (cr_read_hdr(ctx, CR_HDR_THREAD, sizeof(*hh), &h) < 0)
		return ctx->error.error;
	image->pid = h.parent;
	if (image->pid == 0 || image->pid > 0x7fffffff)
		return refuse(ctx, CR_HDR_THREAD, "cr_hdr.parent", ctx->pos - sizeof(h.parent), h.parent,
			      "the task's id, 1 or more");
	if (cr_kread(ctx, hh, sizeof(*hh)) < 0)
		return ctx->error.error;
	if (hh->gdt_entry_tls_entries != CR_TLS_ENTRIES)
		return REFUSE_THREAD(gdt_entry_tls_entries, "3");
	if (hh->sizeof_tls_array != sizeof(image->tls))
		return REFUSE_THREAD(sizeof_tls_array, "24");
	if (hh->_padding)
		return REFUSE_THREAD(_padding, "0");
	if (cr_kread(ctx, image->tls, sizeof(image->tls)) < 0)
		return ctx->error.error;
	for (u32 n = 0; n < CR_TLS_ENTRIES; n++) {
		if (!image->tls[n])
			continue;
		ntls++;
		if (!cr_descriptor_valid(image->tls[n]))
			return refuse(ctx, CR_HDR_THREAD, "tls_array", ctx->pos - sizeof(image->tls) + n * sizeof(u64),
				      image->tls[n], "all zero, or S = 1, DPL = 3, L = 0");
	}
	if (hh->ntls != ntls)
		return refuse(ctx, CR_HDR_THREAD, "ntls", ctx->pos - sizeof(image->tls) - 4, (u16)hh->ntls,
			      "the number of descriptors that are not zero");
	return 0;
}

#define REFUSE_CPU(field, expected) REFUSE(ctx, CR_HDR_CPU, cr_hdr_cpu, field, cpu->field, expected)

/* The 64-bit fields of CPU, r15 to debugreg7, and those among them that i386 has no register for. */
#define CPU_FIELDS  (offsetof(struct cr_hdr_cpu, uses_debug) / sizeof(u64))
#define FIELD(name) ((u64)1 << offsetof(struct cr_hdr_cpu, name) / sizeof(u64))
#define ABSENT                                                                                                         \
	(FIELD(r15) | FIELD(r14) | FIELD(r13) | FIELD(r12) | FIELD(r11) | FIELD(r10) | FIELD(r9) | FIELD(r8) |         \
	 FIELD(debugreg4) | FIELD(debugreg5))

static const char *cpu_field_name(u32 offset)
{
	for (u32 n = 0; n < cr_register_count; n++)
		if (cr_registers[n].record == CR_HDR_CPU && cr_registers[n].offset == offset)
			return cr_registers[n].field;
	/* These two are no registers, so they are not in the table. */
	return offset == offsetof(struct cr_hdr_cpu, debugreg4) ? "debugreg4" : "debugreg5";
}

/* A register of i386 stands in 64 bits, and one that i386 lacks does too: what means nothing is 0. */
static int check_cpu_widths(struct cr_ctx *ctx, const struct cr_hdr_cpu *cpu)
{
	const u64 *field = &cpu->r15;
	u32 stray;

	stray = (u32)(cpu->r15 | cpu->r14 | cpu->r13 | cpu->r12 | cpu->r11 | cpu->r10 | cpu->r9 | cpu->r8 |
		      cpu->debugreg4 | cpu->debugreg5);
#pragma GCC unroll 33
	for (u32 n = 0; n < CPU_FIELDS; n++)
		stray |= (u32)(field[n] >> 32);
	if (!stray)
		return 0; /* as nearly always; else find out which */
	for (u32 n = 0; n < CPU_FIELDS; n++) {
		bool absent = ABSENT >> n & 1;

		if (field[n] >> 32 || (absent && field[n]))
			return refuse(ctx, CR_HDR_CPU, cpu_field_name(n * sizeof(u64)),
				      ctx->pos - sizeof(*cpu) + n * sizeof(u64), field[n],
				      absent ? "0: i386 has no such register" : "a register of 32 bits, zero-extended");
	}
	return 0;
}

static int check_cpu_flags(struct cr_ctx *ctx, const struct cr_hdr_cpu *cpu)
{
	u32 flags = (u32)cpu->flags;

	if ((flags & EFLAGS_USER_ALWAYS) != EFLAGS_USER_ALWAYS || flags & ~(EFLAGS_USER_ALWAYS | EFLAGS_USER_MAY))
		return REFUSE_CPU(flags, "IF and bit 1 set, plus any of CF PF AF ZF SF TF DF OF NT AC ID RF");
	return 0;
}

struct segment {
	const char *name;
	u16 offset; /* in CPU */
	u16 use;    /* enum cr_segment_use */
	u16 usual;  /* a selector that every task can have there: all of 4 GiB, or null */
};

/*
 * A selector, against the descriptors that the image itself brings: its TLS, and its LDT where it has memory. A descriptor
 * of the image's LDT is read from where it stands.
 */
static int __attribute__((noinline))
check_cpu_segment(struct cr_ctx *ctx, const struct cr_machine *machine, const struct cr_image *image,
		  const struct segment *segment, u32 selector)
{
	const struct cr_hdr_cpu *cpu = &image->cpu;
	struct cr_descriptors d = {image->tls, machine->ldt, machine->nldt, 0};
	u64 descriptor;

	if (image->has_mm) {
		d.ldt = &descriptor;
		d.ldt_first = SELECTOR_INDEX((u16)selector);
		d.nldt = d.ldt_first < image->nldt;
		if (d.nldt && cr_kread_at(ctx, image->ldt_pos + d.ldt_first * 8, &descriptor, 8) < 0)
			return ctx->error.error;
	}
	if (selector > 0xffff || !cr_selector_usable(&d, selector, segment->use))
		return refuse(ctx, CR_HDR_CPU, segment->name, ctx->pos - sizeof(*cpu) + segment->offset, selector,
			      "a present user, TLS or LDT descriptor usable in this register, RPL 3 in cs and ss");
	if (segment->use == CR_SEGMENT_CODE && cpu->ip > desc_limit(cr_descriptor(&d, selector)))
		return REFUSE_CPU(ip, "an address within the limit of cs");
	return 0;
}

static int check_cpu_segments(struct cr_ctx *ctx, const struct cr_machine *machine, const struct cr_image *image)
{
	static const struct segment segments[] = {
		{"cs", offsetof(struct cr_hdr_cpu, cs), CR_SEGMENT_CODE, USER_CS},
		{"ss", offsetof(struct cr_hdr_cpu, ss), CR_SEGMENT_STACK, USER_DS},
		{"ds", offsetof(struct cr_hdr_cpu, ds), CR_SEGMENT_DATA, USER_DS},
		{"es", offsetof(struct cr_hdr_cpu, es), CR_SEGMENT_DATA, USER_DS},
		{"fs", offsetof(struct cr_hdr_cpu, fs), CR_SEGMENT_DATA, 0},
		{"gs", offsetof(struct cr_hdr_cpu, gs), CR_SEGMENT_DATA, 0},
	};
	const u8 *cpu = (const u8 *)&image->cpu;

#pragma GCC unroll 6
	for (u32 n = 0; n < ARRAY_SIZE(segments); n++) {
		u32 selector = *(const u32 *)(cpu + segments[n].offset); /* check_cpu_widths saw the rest */

		if (selector != segments[n].usual && check_cpu_segment(ctx, machine, image, &segments[n], selector) < 0)
			return ctx->error.error;
	}
	return 0;
}

static int check_cpu_debug(struct cr_ctx *ctx, const struct cr_machine *machine, const struct cr_hdr_cpu *cpu)
{
	const u32 dr[4] = {(u32)cpu->debugreg0, (u32)cpu->debugreg1, (u32)cpu->debugreg2, (u32)cpu->debugreg3};
	const char *expected = cr_debugregs_refused(dr, (u32)cpu->debugreg7, machine->task_size);

	if (expected)
		return REFUSE_CPU(debugreg7, expected);
	if (cpu->debugreg6 & ~DR6_STATUS)
		return REFUSE_CPU(debugreg6, "B0 to B3, BD, BS and BT alone");
	if (cpu->uses_debug != ((cpu->debugreg7 & DR7_ENABLE) != 0))
		return REFUSE_CPU(uses_debug, "1 where DR7 enables a breakpoint, else 0");
	return 0;
}

/* The first byte of CPU.xstate that must be 0 in its form and is not, or -1. */
static s32 stray_byte(const struct cr_hdr_cpu *cpu)
{
	const u8 *rest = cpu->xstate + sizeof(struct fsave);
	s32 stray;

	if (cpu->has_fxsr)
		return fxsave_stray_byte((const void *)cpu->xstate);
	stray = fsave_stray_byte((const void *)cpu->xstate);
	if (stray < 0 && !xstate_is_zero(rest, sizeof(cpu->xstate) - sizeof(struct fsave)))
		stray = sizeof(struct fsave);
	return stray;
}

/* An FXSAVE image goes to a CPU without FXSR or without SSE only where nothing would be lost. */
static int check_cpu_sse(struct cr_ctx *ctx, const struct cr_machine *machine, const struct cr_hdr_cpu *cpu, u32 at)
{
	const struct fxsave *fx = (const void *)cpu->xstate;
	struct fsave without_sse;

	if (fx->mxcsr & ~(machine->has_sse ? machine->mxcsr_mask : MXCSR_MASK_DEFAULT))
		return refuse(ctx, CR_HDR_CPU, "xstate.mxcsr", at + offsetof(struct fxsave, mxcsr), fx->mxcsr,
			      "only bits of this CPU's MXCSR_MASK");
	if (machine->has_fxsr && machine->has_sse)
		return 0;
	if (!fxsave_to_fsave(&without_sse, fx))
		return REFUSE_CPU(has_fxsr, "no SSE state other than the initial one: this CPU has none");
	return 0;
}

static int check_cpu_fpu(struct cr_ctx *ctx, const struct cr_machine *machine, const struct cr_hdr_cpu *cpu)
{
	u32 at = ctx->pos - sizeof(*cpu) + offsetof(struct cr_hdr_cpu, xstate);
	s32 stray;

	if (cpu->used_math > 1)
		return REFUSE_CPU(used_math, "0 or 1");
	if (cpu->has_fxsr > cpu->used_math)
		return REFUSE_CPU(has_fxsr, "0 or 1, and 0 where used_math is 0");
	if (cpu->_padding)
		return REFUSE_CPU(_padding, "0");
	if (!cpu->used_math) {
		if (!xstate_is_zero(cpu->xstate, sizeof(cpu->xstate)))
			return refuse(ctx, CR_HDR_CPU, "xstate", at, 1, "zeros, since used_math is 0");
		return 0;
	}
	if (!machine->has_fpu)
		return REFUSE_CPU(used_math, "0: this CPU has no x87 FPU");
	stray = stray_byte(cpu);
	if (stray >= 0)
		return refuse(ctx, CR_HDR_CPU, "xstate", at + (u32)stray, cpu->xstate[stray],
			      "0 in reserved bytes and bits");
	return cpu->has_fxsr ? check_cpu_sse(ctx, machine, cpu, at) : 0;
}

static int cr_read_cpu(struct cr_ctx *ctx, const struct cr_machine *machine, struct cr_image *image)
{
	struct cr_hdr_cpu *cpu = &image->cpu;
	int ret;

	image->cpu_pos = ctx->pos;
	ret = read_obj(ctx, CR_HDR_CPU, image->pid, cpu, sizeof(*cpu));
	if (!ret)
		ret = check_cpu_widths(ctx, cpu);
	if (!ret)
		ret = check_cpu_flags(ctx, cpu);
	if (!ret)
		ret = check_cpu_segments(ctx, machine, image);
	if (!ret)
		ret = check_cpu_debug(ctx, machine, cpu);
	if (!ret)
		ret = check_cpu_fpu(ctx, machine, cpu);
	return ret;
}

/* Reads the component's bytes for what can be wrong with them: all zero, the initial state, or set out of reach. */
static int check_xstate_bytes(struct cr_ctx *ctx, u32 component, u32 size)
{
	u32 reachable = xstate_reachable_size(component, size), start = ctx->pos, count;
	bool in_use = false;
	u8 piece[256];

	for (u32 done = 0; done < size; done += count) {
		u32 within;

		count = size - done < sizeof(piece) ? size - done : (u32)sizeof(piece);
		within = reachable <= done ? 0 : reachable - done < count ? reachable - done : count;
		if (cr_kread(ctx, piece, count) < 0)
			return ctx->error.error;
		if (!xstate_is_zero(piece + within, count - within))
			return refuse(ctx, CR_HDR_XSTATE, "state", start + done + within, piece[within],
				      "zeros: 32-bit code cannot reach these registers");
		in_use |= !xstate_is_zero(piece, within);
	}
	if (!in_use)
		return refuse(ctx, CR_HDR_XSTATE, "state", start, 0, "a component that is not in its initial state");
	return 0;
}

static const char *component_name(u32 component)
{
	const char *name = xstate_component_name(component);

	return name ? name : "component";
}

#define REFUSE_XSTATE(field, expected) REFUSE(ctx, CR_HDR_XSTATE, cr_hdr_xstate, field, hh.field, expected)

static int cr_read_xstate(struct cr_ctx *ctx, const struct cr_machine *machine, struct cr_image *image)
{
	struct cr_hdr_xstate hh;
	struct cr_hdr h;
	u32 at = ctx->pos;

	if (cr_read_hdr(ctx, CR_HDR_XSTATE, -1, &h) < 0)
		return ctx->error.error;
	if (h.parent != image->pid)
		return refuse(ctx, CR_HDR_XSTATE, "cr_hdr.parent", at + offsetof(struct cr_hdr, parent), h.parent,
			      "the task's id, as in THREAD");
	if (cr_kread(ctx, &hh, sizeof(hh)) < 0)
		return ctx->error.error;
	if (hh.component <= XSTATE_SSE || hh.component >= XSTATE_COMPONENTS)
		return REFUSE_XSTATE(component, "a component's bit number in XCR0, 2 to 62");
	if (image->xstate_bv >> hh.component)
		return REFUSE_XSTATE(component, "components in rising order, each once");
	if (h.len < 0 || (u32)h.len != sizeof(hh) + (u64)hh.size)
		return REFUSE_XSTATE(size, "cr_hdr.len less 8");
	if (!image->cpu.has_fxsr)
		return REFUSE_XSTATE(component, "no extended state, since CPU.has_fxsr is 0");
	if (machine->xstate && !(machine->xstate->xcr0 >> hh.component & 1))
		return refuse(ctx, CR_HDR_XSTATE, component_name(hh.component), at + sizeof(h), hh.component,
			      "a component that this CPU has and cr86 enables");
	if (machine->xstate && machine->xstate->component[hh.component].size != hh.size)
		return REFUSE_XSTATE(size, "the size that this CPU's CPUID leaf 0DH gives for the component");
	image->xstate_bv |= (u64)1 << hh.component;
	image->xstate[hh.component].pos = ctx->pos;
	image->xstate[hh.component].size = hh.size;
	return check_xstate_bytes(ctx, hh.component, hh.size);
}

static int cr_read_signal(struct cr_ctx *ctx, struct cr_image *image)
{
	struct cr_hdr_signal *signal = &image->signal;
	struct signals_fault fault;
	u64 found;

	if (cr_read_obj(ctx, CR_HDR_SIGNAL, image->pid, signal, sizeof(*signal)) < 0)
		return ctx->error.error;
	image->has_signal = true;
	if (!signals_refused(signal, &fault))
		return 0;
	memcpy(&found, (const u8 *)signal + fault.offset, sizeof(found));
	return refuse(ctx, CR_HDR_SIGNAL, fault.field, ctx->pos - sizeof(*signal) + fault.offset, found,
		      fault.expected);
}

static int cr_read_program(struct cr_ctx *ctx, struct cr_image *image)
{
#define REFUSE_PROGRAM(field, expected) REFUSE(ctx, CR_HDR_PROGRAM, cr_hdr_program, field, file->field, expected)
	struct cr_program *program = &image->vmas.program;
	struct cr_hdr_program *file = &program->file;

	image->program_pos = ctx->pos;
	if (cr_read_obj(ctx, CR_HDR_PROGRAM, 0, file, sizeof(*file)) < 0)
		return ctx->error.error;
	if (file->size >> 32 || file->size + PAGE_SIZE - 1 < program->end)
		return REFUSE_PROGRAM(size, "that of a file of less than 4 GiB that has all that its VMAs show");
	if (file->_padding)
		return REFUSE_PROGRAM(_padding, "0");
	return 0;
}

static int cr_read_tail(struct cr_ctx *ctx)
{
	struct cr_hdr_tail tail;

	if (read_obj(ctx, CR_HDR_TAIL, 0, &tail, sizeof(tail)) < 0)
		return ctx->error.error;
	if (tail.magic != CR_TRAILER_MAGIC)
		return REFUSE(ctx, CR_HDR_TAIL, cr_hdr_tail, magic, tail.magic,
			      "002d2a0cc0deef00, the end of an image");
	return 0;
}

int cr_read_image(struct cr_ctx *ctx, const struct cr_machine *machine, struct cr_image *image)
{
	bool beyond_rfc;

	image->xstate_bv = 0;
	image->has_signal = false;
	image->vmas = (struct cr_vmas){0};
	image->nldt = 0;
	image->nfds = 0;
	if (cr_read_head(ctx, &image->head) < 0 || cr_read_task(ctx, image) < 0 ||
	    cr_read_memory_records(ctx, machine, image) < 0 || cr_read_files(ctx, image) < 0 ||
	    cr_read_thread(ctx, image) < 0 || cr_read_cpu(ctx, machine, image) < 0)
		return ctx->error.error;
	while (!ctx->error.error && cr_peek_type(ctx, CR_HDR_TAIL) == CR_HDR_XSTATE)
		cr_read_xstate(ctx, machine, image);
	if (!ctx->error.error && cr_peek_type(ctx, CR_HDR_TAIL) == CR_HDR_SIGNAL)
		cr_read_signal(ctx, image);
	if (!ctx->error.error && image->vmas.program.name[0])
		cr_read_program(ctx, image);
	if (ctx->error.error || cr_read_tail(ctx) < 0)
		return ctx->error.error;
	beyond_rfc = image->xstate_bv || image->has_signal || image->vmas.program.name[0];
	if (image->head.rev != (beyond_rfc ? CR_REV_XSTATE : CR_REV_RFC))
		return refuse(ctx, CR_HDR_HEAD, "rev", sizeof(struct cr_hdr) + offsetof(struct cr_hdr_head, rev),
			      image->head.rev, "86 where XSTATE, SIGNAL or PROGRAM records follow CPU, else 1");
	image->size = ctx->pos;
	return 0;
}

int cr_read_memory(struct cr_ctx *ctx, const struct cr_image *image, const struct cr_memory_ops *ops, void *cookie)
{
	struct cr_vmas found;

	cr_seek(ctx, image->vma_pos);
	return cr_read_vmas(ctx, &cr_any_machine, image->mm.map_count, ops, cookie, &found);
}

int cr_read_ldt(struct cr_ctx *ctx, const struct cr_image *image, u64 *to)
{
	return image->nldt ? cr_kread_at(ctx, image->ldt_pos, to, image->nldt * CR_LDT_ENTRY_SIZE) : ctx->error.error;
}

int cr_read_component(struct cr_ctx *ctx, const struct cr_image *image, u32 component, void *to)
{
	return cr_kread_at(ctx, image->xstate[component].pos, to, image->xstate[component].size);
}
