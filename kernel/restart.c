/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * From an image to a task. Two phases: first everything is read, judged and laid out in memory that nobody uses yet,
 * and can be dropped; only then, when nothing can fail any more, the task becomes what the image says.
 */
#include "console.h"
#include "cpu.h"
#include "cr.h"
#include "program.h"
#include "signal.h"
#include "string.h"

/* All that a restart needs, made ready and not yet in use. */
struct prepared {
	struct mm *mm;		     /* NULL: the image has no memory */
	const struct image *program; /* the module that it is of; NULL: that is not here */
	struct file file[FILES];
	struct fpu fpu;
	struct cr_hdr_signal *signal; /* NULL: all is as in a new task */
};

/* What this machine can hold, and for an image without memory the LDT that the task has. */
static struct cr_machine machine_for(const struct task *t)
{
	return (struct cr_machine){
		.task_size = TASK_SIZE,
		.max_vmas = MM_VMAS,
		.has_fpu = cpu.has_fpu,
		.has_fxsr = fpu_saves_fxsr(),
		.has_sse = fpu_mxcsr_mask() != 0,
		.mxcsr_mask = fpu_mxcsr_mask(),
		.xstate = fpu_layout(),
		.ldt = t->context.ldt,
		.nldt = t->context.nldt,
	};
}

/* An identity is taken over with the memory; registers alone go back only to the task that they are of. */
static int check_pid(struct cr_ctx *ctx, const struct task *t, const struct cr_image *image)
{
	if (image->pid == t->pid)
		return 0;
	if (image->has_mm && !task_find(image->pid))
		return 0;
	return cr_refuse(ctx, image->has_mm ? -EBUSY : -EINVAL, CR_HDR_THREAD, "cr_hdr.parent",
			 image->thread_pos + offsetof(struct cr_hdr, parent), image->pid,
			 image->has_mm ? "an id that no other task has" : "the task's own id");
}

/* The reader leaves alone what follows TAIL; a file has nothing there. */
static int check_end(struct cr_ctx *ctx, const struct image *from, const struct cr_image *image)
{
	if (image->size == store_size(from))
		return 0;
	return cr_refuse(ctx, -EINVAL, CR_HDR_TAIL, NULL, image->size, 0, "the end of the image");
}

static int no_memory(struct cr_ctx *ctx, s32 type, u32 offset)
{
	return cr_refuse(ctx, -ENOMEM, type, NULL, offset, 0, "memory for it");
}

/* Pages of a file, from `offset` in it on. Behind its end there are zeros. */
static int fill(struct mm *mm, const struct image *program, u32 start, u32 end, u32 offset)
{
	const u8 *bytes = store_module(program);
	u32 size = store_size(program);

	for (; start < end; start += PAGE_SIZE, offset += PAGE_SIZE) {
		u32 count = size - offset < PAGE_SIZE ? size - offset : PAGE_SIZE;
		u8 *page;

		if (!mm_new_pages(mm, &start, &page, 1))
			return -ENOMEM;
		memcpy(page, bytes + offset, count);
		memset(page + count, 0, PAGE_SIZE - count);
	}
	return CR_PAGES_THERE;
}

static int add_vma(void *prepared, const struct cr_hdr_vma *vma)
{
	struct prepared *p = prepared;
	u32 start = (u32)vma->vm_start, end = (u32)vma->vm_end, offset = (u32)vma->vm_pgoff * PAGE_SIZE;
	u32 access = (u32)vma->vm_flags;
	bool is_file = vma->vma_type == CR_VMA_FILE;
	int ret = mm_add(p->mm, start, end, is_file ? vma_file_flags(access, start, offset) : access);

	return !ret && is_file && p->program ? fill(p->mm, p->program, start, end, offset) : ret;
}

/* Addresses rise, so no page comes twice. */
static u32 add_pages(void *prepared, const u32 *address, u8 **page, u32 count)
{
	return mm_new_pages(((struct prepared *)prepared)->mm, address, page, count);
}

static int prepare_mm(struct cr_ctx *ctx, const struct cr_image *image, struct prepared *p)
{
	static const struct cr_memory_ops ops = {add_vma, add_pages};

	if (!image->has_mm)
		return 0;
	if (program_find(ctx, image, &p->program) < 0)
		return ctx->error.error;
	p->mm = mm_create();
	if (!p->mm)
		return no_memory(ctx, CR_HDR_MM, image->vma_pos - sizeof(struct cr_hdr) - sizeof(image->mm));
	if (cr_read_memory(ctx, image, &ops, p) < 0)
		return ctx->error.error;
	p->mm->info = image->mm;
	p->mm->program = image->vmas.program;
	if (!image->nldt)
		return 0;
	p->mm->ldt = frame_alloc_zero();
	p->mm->nldt = image->nldt;
	if (!p->mm->ldt)
		return no_memory(ctx, CR_HDR_MM_CONTEXT,
				 image->ldt_pos - sizeof(struct cr_hdr) - sizeof(struct cr_hdr_mm_context));
	return cr_read_ldt(ctx, image, p->mm->ldt);
}

static u32 first_component(const struct cr_image *image)
{
	u32 n = XSTATE_AVX;

	while (!(image->xstate_bv >> n & 1))
		n++;
	return n;
}

/* The console is one, whichever descriptor leads to it, and so is the place where the task's next byte goes there. */
static bool same_console(const struct file file[FILES], const struct file *f)
{
	for (u32 fd = 0; fd < FILES; fd++)
		if (file[fd].kind == FILE_CONSOLE && f->kind == FILE_CONSOLE && file[fd].pos != f->pos)
			return false;
	return true;
}

/* A file is opened anew, by its path; so it must be here, too. Of an image in the making there is nothing but its name. */
static int add_fd(void *file, const struct cr_fd *fd)
{
	struct file f;
	int ret;

	if (fd->ent.fd >= FILES)
		return -EMFILE;
	ret = file_lookup(&f, fd->name, fd->data.f_flags);
	if (ret < 0)
		return ret;
	f.pos = (u32)fd->data.f_pos;
	if (!same_console(file, &f))
		return -EINVAL;
	if (f.kind == FILE_NEW_IMAGE && f.pos)
		f.error = -EIO;
	((struct file *)file)[fd->ent.fd] = f;
	return 0;
}

static int prepare_files(struct cr_ctx *ctx, const struct cr_image *image, struct prepared *p)
{
	int ret = image->has_files ? cr_read_fds(ctx, image, add_fd, p->file) : 0;

	if (ret < 0 && !ctx->error.record) {
		ctx->error.error = 0;
		cr_refuse(ctx, ret, CR_HDR_FNAME, "name", ctx->pos, 0,
			  "before it a descriptor below 8, the path of a file that is here, one place in the console");
	}
	return ret;
}

/* The CPU itself has the last word on extended state: only it knows what XRSTOR refuses. */
static int prepare_fpu(struct cr_ctx *ctx, struct task *t, const struct cr_image *image, struct prepared *p)
{
	if (fpu_create(&p->fpu) < 0)
		return no_memory(ctx, CR_HDR_CPU, image->cpu_pos);
	fpu_from_image(&p->fpu, &image->cpu);
	for (u32 n = XSTATE_AVX; image->xstate_bv >> n; n++)
		if (image->xstate_bv >> n & 1 && cr_read_component(ctx, image, n, fpu_set_component(&p->fpu, n)) < 0)
			return ctx->error.error;
	if (image->xstate_bv && !fpu_loadable(&p->fpu, current ? &current->context.fpu : &t->context.fpu))
		return cr_refuse(ctx, -EINVAL, CR_HDR_XSTATE, "state", image->xstate[first_component(image)].pos, 0,
				 "extended state that this CPU can load");
	return 0;
}

/* The record stands before TAIL. */
static int prepare_signal(struct cr_ctx *ctx, const struct cr_image *image, struct prepared *p)
{
	u32 size = 2 * sizeof(struct cr_hdr) + sizeof(image->signal) + sizeof(struct cr_hdr_tail);

	if (!image->has_signal)
		return 0;
	p->signal = frame_alloc();
	if (!p->signal)
		return no_memory(ctx, CR_HDR_SIGNAL, image->size - size);
	*p->signal = image->signal;
	return 0;
}

static void drop(struct prepared *p)
{
	if (p->signal)
		frame_free(p->signal);
	mm_destroy(p->mm);
	fpu_destroy(&p->fpu);
}

static void commit_regs(struct trap_frame *f, const struct cr_hdr_cpu *cpu)
{
	f->ebp = (u32)cpu->bp;
	f->ebx = (u32)cpu->bx;
	f->eax = (u32)cpu->ax;
	f->ecx = (u32)cpu->cx;
	f->edx = (u32)cpu->dx;
	f->esi = (u32)cpu->si;
	f->edi = (u32)cpu->di;
	f->orig_eax = (u32)cpu->orig_ax;
	f->eip = (u32)cpu->ip;
	f->cs = (u32)cpu->cs;
	f->eflags = (u32)cpu->flags;
	f->esp = (u32)cpu->sp;
	f->ss = (u32)cpu->ss;
	f->ds = (u32)cpu->ds;
	f->es = (u32)cpu->es;
	f->fs = (u32)cpu->fs;
	f->gs = (u32)cpu->gs;
}

static void commit_debug(struct debugregs *debug, const struct cr_hdr_cpu *cpu)
{
	debug->dr[0] = (u32)cpu->debugreg0;
	debug->dr[1] = (u32)cpu->debugreg1;
	debug->dr[2] = (u32)cpu->debugreg2;
	debug->dr[3] = (u32)cpu->debugreg3;
	debug->dr6 = (u32)cpu->debugreg6;
	debug->dr7 = (u32)cpu->debugreg7;
}

static void commit_signal(struct task *t, struct cr_hdr_signal *signal)
{
	if (t->signal)
		frame_free(t->signal);
	t->signal = signal;
	t->work &= ~(u32)WORK_SIGNAL;
	if (signal)
		signal_update(t);
}

static void commit_files(struct task *t, const struct file file[FILES])
{
	files_drop(t->file);
	memcpy(t->file, file, sizeof(t->file));
	for (u32 fd = 0; fd < FILES; fd++)
		if (t->file[fd].kind == FILE_CONSOLE)
			t->column = t->file[fd].pos;
}

/* From here on nothing can fail. */
static void commit(struct task *t, const struct cr_image *image, struct prepared *p)
{
	t->pid = image->pid;
	memcpy(t->comm, image->comm, sizeof(t->comm));
	memcpy(t->context.tls, image->tls, sizeof(t->context.tls));
	commit_regs(t->context.frame, &image->cpu);
	commit_debug(&t->context.debug, &image->cpu);
	fpu_destroy(&t->context.fpu);
	t->context.fpu = p->fpu;
	commit_signal(t, p->signal);
	if (p->mm)
		task_set_mm(t, p->mm);
	if (image->has_files)
		commit_files(t, p->file);
	task_reload(t);
}

static int prepare(struct cr_ctx *ctx, struct task *t, const struct image *from, struct cr_image *image,
		   struct prepared *p)
{
	struct cr_machine machine = machine_for(t);
	int ret = cr_read_image(ctx, &machine, image);

	if (!ret)
		ret = check_end(ctx, from, image);
	if (!ret)
		ret = check_pid(ctx, t, image);
	if (!ret)
		ret = prepare_mm(ctx, image, p);
	if (!ret)
		ret = prepare_files(ctx, image, p);
	if (!ret)
		ret = prepare_fpu(ctx, t, image, p);
	if (!ret)
		ret = prepare_signal(ctx, image, p);
	return ret;
}

struct cr_error restart_error;

void restart_explain(const struct image *image)
{
	char why[256];

	cr_error_format(why, sizeof(why), &restart_error);
	console_print("restart %s: %s", store_name(image), why);
}

int restart_task(struct task *t, const struct image *from)
{
	static struct cr_image image;
	struct prepared p = {.mm = NULL};
	struct cr_ctx ctx = {.source = store_read, .look = store_look, .cookie = (void *)from};
	int ret;

	ctx.next = store_look(ctx.cookie, 0, &ctx.left);
	ret = prepare(&ctx, t, from, &image, &p);
	if (ret < 0) {
		drop(&p);
		restart_error = ctx.error;
		return ret;
	}
	commit(t, &image, &p);
	return 0;
}

/* The pid of a new task is the image's in the end; until then it has one of its own. */
struct task *restart_new(const struct image *image)
{
	struct task *t = task_create(store_name(image));

	if (!t) {
		restart_error = (struct cr_error){.error = -ENOMEM, .expected = "room for another task"};
	} else if (restart_task(t, image) < 0) {
		task_destroy(t);
	} else {
		task_start(t);
		return t;
	}
	restart_explain(image);
	return NULL;
}

struct task *restart_replace(struct task *t, const struct image *image)
{
	const struct task old = *t;

	task_destroy(t);
	t = restart_new(image);
	if (!t)
		return NULL;
	t->ticks = old.ticks;
	t->checkpoint_at = old.checkpoint_at;
	t->wake_at = old.wake_at;
	t->waits = old.waits;
	if (t->signal)
		signal_update(t); /* whose signals are left to the call, if it waits */
	t->every = old.every;
	return t;
}
