/* SPDX-License-Identifier: GPL-2.0-only */
/* Images to test with: a task with a value of its own in every field, written by the writer into memory. */
#ifndef TESTS_UNIT_SAMPLES_H
#define TESTS_UNIT_SAMPLES_H

#include <stdlib.h>
#include <string.h>

#include "checkpoint.h"
#include "version.h"

/* --- Images in memory --- */

struct buffer {
	u8 *data;
	u32 size;
};

/* What a buffer of that size has room for: it doubles, so that a thousand small writes do not copy all a thousand times. */
static inline u32 buffer_room(u32 size)
{
	u32 room = 64;

	while (room < size)
		room *= 2;
	return room;
}

static inline int buffer_sink(void *cookie, const void *buf, u32 count)
{
	struct buffer *b = cookie;

	if (!b->data || buffer_room(b->size + count) > buffer_room(b->size))
		b->data = realloc(b->data, buffer_room(b->size + count));
	if (!b->data)
		abort();
	if (count)
		memcpy(b->data + b->size, buf, count);
	b->size += count;
	return 0;
}

static inline s32 buffer_source(void *cookie, u32 pos, void *buf, u32 count)
{
	const struct buffer *b = cookie;

	return cr_bytes_source(&(struct cr_bytes){b->data, b->size}, pos, buf, count);
}

/* How much of a buffer lies together, at most. */
#define PIECE_MAX 300

static u32 buffer_piece = 100;

/* The rest of the piece that `pos` is in, where no other piece was; that one is gone. */
static inline const u8 *buffer_look(void *cookie, u32 pos, u32 *size)
{
	static u8 piece[PIECE_MAX];

	memset(piece, 0xee, sizeof(piece));
	*size = (u32)buffer_source(cookie, pos, piece, buffer_piece - pos % buffer_piece);
	return *size ? piece : NULL;
}

static inline struct buffer buffer_copy(const struct buffer *from)
{
	struct buffer copy = {0};

	buffer_sink(&copy, from->data, from->size);
	return copy;
}

static inline void buffer_free(struct buffer *b)
{
	free(b->data);
	*b = (struct buffer){0};
}

static inline struct cr_ctx writer(struct buffer *b)
{
	return (struct cr_ctx){.sink = buffer_sink, .cookie = b};
}

static inline struct cr_ctx reader(const struct buffer *b)
{
	return (struct cr_ctx){.source = buffer_source, .cookie = (void *)b};
}

/* A cr_memory_ops.vma that takes any. */
static inline int any_vma(void *cookie, const struct cr_hdr_vma *vma)
{
	(void)cookie;
	(void)vma;
	return 0;
}

/* --- A task --- */

struct sample_component {
	u32 component;
	u32 size;
	u8 bytes[1024];
};

struct sample {
	struct cr_hdr_head head;
	char comm[CR_TASK_COMM_LEN];
	bool has_mm;
	u32 data_first; /* of data's two pages */
	u32 data_pages;
	u32 data_end;
	u32 nldt;
	u64 ldt[8];
	u32 fds;
	struct cr_fd fd[2];
	u32 pid;
	u64 tls[CR_TLS_ENTRIES];
	struct cr_hdr_cpu cpu;
	u32 components;
	struct sample_component component[4];
	bool has_signal;
	struct cr_hdr_signal signal;
	struct cr_program program; /* its name empty: all memory is anonymous */
};

/* Where the records of a registers-only image stand (docs/FORMAT.md §2), and the payloads of some. */
enum {
	AT_HEAD = 0,
	AT_TASK = 232,
	AT_STRING = 264,
	AT_THREAD = 288,
	AT_TLS = 304,
	AT_CPU = 328,
	AT_XSTATE = 608, /* the x87 and SSE state in CPU */
	AT_TAIL = 1120,
	HDR = 8, /* from a record to its payload */
};

/* DR7 bits: enables, and R/W and LEN of each breakpoint (SDM 3 §17.2.4). */
#define DR7(enables, rw0, len0, rw1, len1)                                                                             \
	((enables) | (u64)(rw0) << 16 | (u64)(len0) << 18 | (u64)(rw1) << 20 | (u64)(len1) << 22)

static inline struct fxsave sample_fxsave(void)
{
	struct fxsave fx = {
		.fcw = 0x0f7f,
		.fsw = 0x3800,
		.ftw = 0x81,
		.fop = 0x5d9,
		.fip = 0x08048100,
		.fcs = 0x73,
		.fdp = 0x0804b000,
		.fds = 0x7b,
		.mxcsr = 0x7fc0,
	};

	for (u32 n = 0; n < 8; n++) {
		for (u32 i = 0; i < 10; i++)
			fx.st[n].value[i] = (u8)(0x10 * n + i);
		for (u32 i = 0; i < 16; i++)
			fx.xmm[n][i] = (u8)(0xf0 - 0x10 * n + i);
	}
	return fx;
}

static inline void sample_set_fxsave(struct sample *s, const struct fxsave *fx)
{
	memcpy(s->cpu.xstate, fx, sizeof(*fx));
	s->cpu.used_math = 1;
	s->cpu.has_fxsr = 1;
}

static inline struct cr_hdr_head sample_head(void)
{
	struct cr_hdr_head head = {
		.magic = CR_HEADER_MAGIC,
		.major = CR86_MAJOR,
		.minor = CR86_MINOR,
		.patch = CR86_PATCH,
		.rev = CR_REV_RFC,
		.time = 1221436800,
		.flags = CR_CTX_CKPT,
		.release = CR86_RELEASE,
		.version = "GenuineIntel 6/8/3",
		.machine = "i686",
	};

	return head;
}

/* A registers-only image of a task that has something in every register. */
static inline struct sample sample_registers(void)
{
	struct fxsave fx = sample_fxsave();
	struct sample s = {.head = sample_head(), .comm = "traveller", .pid = 7};

	/* base 0804a000 limit 0fff read/write; base 12345000, 4 KiB pages; the third slot is free */
	s.tls[0] = 0x0040f304a0000fffull | (u64)0x08 << 56;
	s.tls[1] = 0x00c0f2345000000full | (u64)0x12 << 56;
	s.cpu = (struct cr_hdr_cpu){
		.bp = 0xbfffff10,
		.bx = 0xb0b0b0b0,
		.ax = 0xa0a0a0a0,
		.cx = 0xc0c0c0c0,
		.dx = 0xd0d0d0d0,
		.si = 0x51515151,
		.di = 0xd1d1d1d1,
		.orig_ax = 0xffffffff,
		.ip = 0x08048123,
		.cs = 0x73,
		.flags = 0x00240ed7,
		.sp = 0xbffffef0,
		.ss = 0x7b,
		.ds = 0x7b,
		.es = 0x7b,
		.fs = 0x33,
		.gs = 0x3b,
		.debugreg0 = 0x08048200,
		.debugreg1 = 0x0804b004,
		.debugreg2 = 0x22222222,
		.debugreg3 = 0x33333333,
		.debugreg6 = 0x4003,
		.debugreg7 = DR7(0x305, 0, 0, 1, 3),
		.uses_debug = 1,
	};
	sample_set_fxsave(&s, &fx);
	return s;
}

static inline void sample_add_component(struct sample *s, u32 component, u32 size, u32 used)
{
	struct sample_component *c = &s->component[s->components++];

	c->component = component;
	c->size = size;
	for (u32 n = 0; n < used; n++)
		c->bytes[n] = (u8)(n + component);
	s->head.rev = CR_REV_XSTATE;
}

/* The same with AVX (of 256 bytes the lower half exists on i386), opmask and PKRU in use. */
static inline struct sample sample_xstate(void)
{
	struct sample s = sample_registers();

	sample_add_component(&s, XSTATE_AVX, 256, 128);
	sample_add_component(&s, XSTATE_OPMASK, 64, 64);
	sample_add_component(&s, XSTATE_PKRU, 8, 4);
	return s;
}

/* A handler for SIGUSR1 (10), which is pending, SIGUSR2 (12) blocked, an alternate stack, and a page fault before. */
static inline struct sample sample_signal(void)
{
	struct sample s = sample_registers();

	s.head.rev = CR_REV_XSTATE;
	s.has_signal = true;
	s.signal = (struct cr_hdr_signal){
		.blocked = 0x800,
		.pending = 0x200,
		.sas_ss_sp = 0x0804b000,
		.sas_ss_size = 8192,
		.cr2 = 0x10,
		.trap_nr = 14,
		.error_code = 6,
	};
	s.signal.action[9] = (struct cr_signal_action){0x08048200, 0x08048300, 0x100000000ull, 0x0c000004, 0};
	s.signal.info[9] = (struct cr_signal_info){-6, 3};
	return s;
}

/* And with memory: text, data (two of three pages), a stack without any page yet; an LDT whose entry 2 es refers to. */
static inline struct sample sample_memory(void)
{
	struct sample s = sample_xstate();

	s.has_mm = true;
	s.data_pages = 2;
	s.data_end = 0x0804d000;
	s.nldt = 3;
	s.ldt[2] = 0x0040f30000000fffull;
	s.cpu.es = 2 << 3 | 4 | 3;
	s.fds = 2;
	s.fd[0] = (struct cr_fd){.ent = {.objref = 1, .fd = 1},
				 .data = {.fd_type = CR_FD_FILE, .f_mode = FMODE_WRITE, .f_flags = 1, .f_pos = 12},
				 .name = "/dev/console"};
	s.fd[1] = (struct cr_fd){.ent = {.objref = 2, .fd = 3},
				 .data = {.fd_type = CR_FD_FILE, .f_mode = FMODE_READ, .f_pos = 0x12345},
				 .name = "/module/traveller"};
	return s;
}

/* And with its text, and constants, of which no page is there, from a file. */
static inline struct sample sample_program(void)
{
	struct sample s = sample_memory();

	s.program = (struct cr_program){.name = "/module/traveller", .file = {.size = 0x3f00, .crc32 = 0x12345678}};
	return s;
}

/* --- Writing it --- */

static inline void write_pages(struct cr_ctx *ctx, const u32 *pages, u32 nr_pages)
{
	if (nr_pages)
		cr_write_pgarr(ctx, pages, nr_pages);
	for (u32 n = 0; n < nr_pages; n++) {
		u8 page[PAGE_SIZE];

		for (u32 i = 0; i < PAGE_SIZE; i++)
			page[i] = (u8)(i + (i >> 8) + pages[n] / PAGE_SIZE);
		cr_kwrite(ctx, page, sizeof(page));
	}
	cr_write_pgarr(ctx, NULL, 0);
}

static inline void write_vma(struct cr_ctx *ctx, u32 start, u32 end, u32 flags, const u32 *pages, u32 nr_pages)
{
	struct cr_hdr_vma vma = {
		.vma_type = CR_VMA_ANON,
		.vm_start = start,
		.vm_end = end,
		.vm_flags = flags,
		.vm_page_prot = cr_page_prot(flags),
	};

	cr_write_vma(ctx, &vma);
	write_pages(ctx, pages, nr_pages);
}

/* One page, of the file's page `pgoff`; it is not there where `page` is NULL. */
static inline void write_file_vma(struct cr_ctx *ctx, const struct sample *s, u32 start, u32 flags, u32 pgoff,
				  const u32 *page)
{
	struct cr_hdr_vma vma = {
		.vma_type = CR_VMA_FILE,
		.vm_start = start,
		.vm_end = start + PAGE_SIZE,
		.vm_flags = flags,
		.vm_page_prot = cr_page_prot(flags),
		.vm_pgoff = pgoff,
	};

	cr_write_vma(ctx, &vma);
	cr_write_fname(ctx, s->program.name);
	write_pages(ctx, page, page != NULL);
}

static inline void write_memory(struct cr_ctx *ctx, const struct sample *s)
{
	static const u32 text[] = {0x08048000}, data[] = {0x0804a000, 0x0804c000};
	bool program = s->program.name[0];
	struct cr_hdr_mm mm = {
		.map_count = program ? 4 : 3,
		.start_code = 0x08048000,
		.end_code = 0x08048f00,
		.start_data = 0x0804a000,
		.end_data = 0x0804a100,
		.start_brk = 0x0804d000,
		.brk = 0x0804d000,
		.start_stack = 0xbfffff00,
		.arg_start = 0xbfffff80,
		.arg_end = 0xbfffff90,
		.env_start = 0xbfffff90,
		.env_end = 0xbfffffa0,
	};

	cr_write_mm(ctx, &mm);
	if (program)
		write_file_vma(ctx, s, 0x08048000, VM_READ | VM_EXEC, 1, text);
	else
		write_vma(ctx, 0x08048000, 0x08049000, VM_READ | VM_EXEC, text, 1);
	write_vma(ctx, 0x0804a000, s->data_end, VM_READ | VM_WRITE, data + s->data_first, s->data_pages);
	if (program)
		write_file_vma(ctx, s, 0x0804e000, VM_READ, 3, NULL);
	write_vma(ctx, 0xbfff0000, 0xc0000000, VM_READ | VM_WRITE, NULL, 0);
	cr_write_mm_context(ctx, s->ldt, s->nldt);
	cr_write_files(ctx, s->fds);
	for (u32 n = 0; n < s->fds; n++)
		cr_write_fd(ctx, &s->fd[n]);
}

/* The whole image. The caller frees it. */
static inline int sample_write_to(struct cr_ctx *ctx, const struct sample *s)
{
	cr_write_head(ctx, &s->head);
	cr_write_task(ctx, s->comm);
	if (s->has_mm)
		write_memory(ctx, s);
	cr_write_thread(ctx, s->pid, s->tls);
	cr_write_cpu(ctx, s->pid, &s->cpu);
	for (u32 n = 0; n < s->components; n++)
		cr_write_xstate(ctx, s->pid, s->component[n].component, s->component[n].bytes, s->component[n].size);
	if (s->has_signal)
		cr_write_signal(ctx, s->pid, &s->signal);
	if (s->program.name[0])
		cr_write_program(ctx, &s->program.file);
	return cr_write_tail(ctx);
}

static inline struct buffer sample_write(const struct sample *s)
{
	struct buffer b = {0};
	struct cr_ctx ctx = writer(&b);

	if (sample_write_to(&ctx, s) < 0)
		abort();
	return b;
}

static inline bool same_error(const struct cr_error *a, const struct cr_error *b)
{
	return a->error == b->error && a->offset == b->offset && a->value == b->value && a->record == b->record &&
	       a->field == b->field && a->expected == b->expected;
}

#define WINDOW_MATTERS (-1000)

/*
 * Reads it for the machine. Returns the reader's result; *error and *image may be NULL. Whether nothing, a part or all of
 * the image lies together in memory, or it lies there in pieces, must make no difference: then the result is
 * WINDOW_MATTERS.
 */
static inline int sample_read(const struct buffer *b, const struct cr_machine *machine, struct cr_image *image,
			      struct cr_error *error)
{
	const u32 windows[] = {0, b->size / 2, b->size, 0};
	struct cr_image local[ARRAY_SIZE(windows)];
	struct cr_error errors[ARRAY_SIZE(windows)];
	bool same = true;
	int ret = 0;

	memset(local, 0xee, sizeof(local)); /* whatever the reader leaves out shows */
	for (u32 n = 0; n < ARRAY_SIZE(windows); n++) {
		struct cr_ctx ctx = reader(b);

		ctx.next = b->data;
		ctx.left = windows[n];
		ctx.look = n == ARRAY_SIZE(windows) - 1 ? buffer_look : NULL;
		ret = cr_read_image(&ctx, machine, &local[n]);
		errors[n] = ctx.error;
		same &= same_error(&errors[0], &errors[n]) &&
			(ret < 0 || memcmp(&local[0], &local[n], sizeof(local[0])) == 0);
	}
	if (image)
		*image = local[0];
	if (error)
		*error = errors[0];
	return same ? ret : WINDOW_MATTERS;
}

#endif
