/* SPDX-License-Identifier: GPL-2.0-only */
/* From a task to an image. restart.c does the same the other way round. */
#include "clock.h"
#include "console.h"
#include "cpu.h"
#include "cr.h"
#include "printf.h"
#include "program.h"
#include "string.h"

static struct cr_hdr_head head;

__cold void checkpoint_init(void)
{
	cr_head_init(&head);
	lib_snprintf(head.version, sizeof(head.version), "%s %u/%u/%u", cpu.vendor, cpu.family, cpu.model,
		     cpu.stepping);
}

const struct cr_hdr_head *checkpoint_head(bool beyond_rfc)
{
	head.rev = beyond_rfc ? CR_REV_XSTATE : CR_REV_RFC;
	head.time = clock_now();
	return &head;
}

/* The upper halves of pushed selectors are whatever the CPU left there (SDM 2B, PUSH). */
static void gather_frame(const struct trap_frame *f, struct cr_hdr_cpu *cpu)
{
	cpu->r15 = cpu->r14 = cpu->r13 = cpu->r12 = cpu->r11 = cpu->r10 = cpu->r9 = cpu->r8 = 0; /* i386 has none */
	cpu->bp = f->ebp;
	cpu->bx = f->ebx;
	cpu->ax = f->eax;
	cpu->cx = f->ecx;
	cpu->dx = f->edx;
	cpu->si = f->esi;
	cpu->di = f->edi;
	cpu->orig_ax = f->orig_eax;
	cpu->ip = f->eip;
	cpu->cs = (u16)f->cs;
	cpu->flags = f->eflags;
	cpu->sp = f->esp;
	cpu->ss = (u16)f->ss;
	cpu->ds = (u16)f->ds;
	cpu->es = (u16)f->es;
	cpu->fs = (u16)f->fs;
	cpu->gs = (u16)f->gs;
}

static void gather_debug(const struct debugregs *debug, struct cr_hdr_cpu *cpu)
{
	cpu->debugreg0 = debug->dr[0];
	cpu->debugreg1 = debug->dr[1];
	cpu->debugreg2 = debug->dr[2];
	cpu->debugreg3 = debug->dr[3];
	cpu->debugreg4 = cpu->debugreg5 = 0; /* other names for the next two */
	cpu->debugreg6 = debug->dr6;
	cpu->debugreg7 = debug->dr7;
	cpu->uses_debug = (debug->dr7 & DR7_ENABLE) != 0;
}

void checkpoint_gather_registers(const struct trap_frame *frame, const struct debugregs *debug, struct cr_hdr_cpu *cpu)
{
	gather_frame(frame, cpu);
	gather_debug(debug, cpu);
}

void checkpoint_gather(struct task *t, struct cr_hdr_cpu *cpu)
{
	checkpoint_gather_registers(t->context.frame, &t->context.debug, cpu);
	fpu_save(&t->context.fpu);
	fpu_to_image(&t->context.fpu, cpu);
	cpu->_padding = 0;
}

const void *checkpoint_find(const struct cr_register *r, const u64 tls[CR_TLS_ENTRIES], const struct fpu *fpu,
			    const struct cr_hdr_cpu *cpu)
{
	switch (r->record) {
	case CR_HDR_THREAD:
		return (const u8 *)tls + r->offset;
	case CR_HDR_CPU:
		if (r->form != CR_FORM_ANY &&
		    (!cpu->used_math || r->form != (cpu->has_fxsr ? CR_FORM_FXSAVE : CR_FORM_FSAVE)))
			return NULL;
		return (const u8 *)cpu + r->offset;
	default:
		if (!cpu->used_math || !(fpu_components(fpu) >> r->component & 1))
			return NULL;
		return (const u8 *)fpu_component(fpu, r->component) + r->offset;
	}
}

/* How many pages go into one PGARR record: their addresses are collected before the first page is written. */
#define PGARR_PAGES 128

/* The first word tells of nearly all that are not, and the rest is zero if each word is equal to the one before. */
static bool page_is_zero(const void *frame)
{
	const u32 *word = frame;

	return !word[0] && memcmp(word, word + 1, PAGE_SIZE - sizeof(*word)) == 0;
}

/* Of so many pages, those that hold something move to the front. Returns how many these are. */
static u32 without_zeros(u32 *address, u8 **frame, u32 count)
{
	u32 kept = 0;

	for (u32 n = 0; n < count; n++)
		if (!page_is_zero(frame[n])) {
			address[kept] = address[n];
			frame[kept++] = frame[n];
		}
	return kept;
}

/* The next pages of a VMA that hold something: one that was never touched, or is all zero, comes back by itself. */
static u32 next_pages(const struct mm *mm, u32 *from, u32 end, u32 address[PGARR_PAGES], u8 *frame[PGARR_PAGES])
{
	u32 count = 0, found;

	while ((found = paging_pages(mm->directory, from, end, address + count, frame + count, PGARR_PAGES - count)))
		count += without_zeros(address + count, frame + count, found);
	return count;
}

static void write_pages(struct cr_ctx *ctx, const struct mm *mm, const struct vma *vma)
{
	u32 address[PGARR_PAGES], from = vma->start, count;
	u8 *frame[PGARR_PAGES];

	do {
		count = next_pages(mm, &from, vma->end, address, frame);
		cr_write_pgarr(ctx, address, count);
		cr_write_pages(ctx, frame, count);
	} while (count);
}

static void write_vma(struct cr_ctx *ctx, const struct mm *mm, const struct vma *vma)
{
	bool is_file = vma->flags & VM_FILE;
	u32 access = vma->flags & VM_ACCESS;
	struct cr_hdr_vma record = {.vma_type = is_file ? CR_VMA_FILE : CR_VMA_ANON,
				    .vm_start = vma->start,
				    .vm_end = vma->end,
				    .vm_page_prot = cr_page_prot(access),
				    .vm_flags = access,
				    .vm_pgoff = is_file ? vma_file_offset(vma) / PAGE_SIZE : 0};

	cr_write_vma(ctx, &record);
	if (is_file)
		cr_write_fname(ctx, mm->program.name);
	write_pages(ctx, mm, vma);
}

static void write_mm(struct cr_ctx *ctx, const struct mm *mm)
{
	struct cr_hdr_mm info = mm->info;

	info.map_count = mm->vmas.count;
	cr_write_mm(ctx, &info);
	for (u32 n = 0; n < mm->vmas.count; n++)
		write_vma(ctx, mm, &mm->vmas.vma[n]);
	cr_write_mm_context(ctx, mm->ldt, mm->nldt);
}

/* Whether anything of the task's memory is still its program's, of which the image is to say which one it is. */
static bool has_program(const struct mm *mm)
{
	for (u32 n = 0; n < mm->vmas.count; n++)
		if (mm->vmas.vma[n].flags & VM_FILE)
			return true;
	return false;
}

static void write_program(struct cr_ctx *ctx, struct cr_program *program)
{
	program_identify(program);
	cr_write_program(ctx, &program->file);
}

/* Of the console, how much of a line is written; of an image in the making, how many bytes. */
static u32 file_pos(const struct task *t, const struct file *f)
{
	return f->kind == FILE_CONSOLE ? t->column : f->image ? store_size(f->image) : f->pos;
}

static void write_files(struct cr_ctx *ctx, struct task *t)
{
	u32 nfds = 0, objref = 0;

	for (u32 fd = 0; fd < FILES; fd++)
		nfds += t->file[fd].kind != FILE_CLOSED;
	cr_write_files(ctx, nfds);
	for (u32 fd = 0; fd < FILES; fd++) {
		const struct file *f = &t->file[fd];
		struct cr_fd record = {.ent = {.fd = (s32)fd}, .data = {.fd_type = CR_FD_FILE, .f_flags = f->flags}};

		if (f->kind == FILE_CLOSED)
			continue;
		record.ent.objref = ++objref;
		record.data.f_mode = cr_f_mode(f->flags);
		record.data.f_pos = file_pos(t, f);
		file_path(f, record.name);
		cr_write_fd(ctx, &record);
	}
}

/* The extended components that the task uses, each in a record of its own. */
static void write_xstate(struct cr_ctx *ctx, const struct task *t, u32 components)
{
	for (u32 n = XSTATE_AVX; components >> n; n++)
		if (components >> n & 1)
			cr_write_xstate(ctx, t->pid, n, fpu_component(&t->context.fpu, n),
					fpu_layout()->component[n].size);
}

static int write_image(struct cr_ctx *ctx, struct task *t, bool with_mm)
{
	static struct cr_hdr_cpu cpu_record;
	bool has_signal = t->signal && !xstate_is_zero(t->signal, sizeof(*t->signal));
	bool of_program = with_mm && has_program(t->mm);
	u32 components;

	checkpoint_gather(t, &cpu_record);
	components = cpu_record.used_math ? fpu_components(&t->context.fpu) : 0;

	cr_write_head(ctx, checkpoint_head(components || has_signal || of_program));
	cr_write_task(ctx, t->comm);
	if (with_mm) {
		write_mm(ctx, t->mm);
		write_files(ctx, t);
	}
	cr_write_thread(ctx, t->pid, t->context.tls);
	cr_write_cpu(ctx, t->pid, &cpu_record);
	write_xstate(ctx, t, components);
	if (has_signal)
		cr_write_signal(ctx, t->pid, t->signal);
	if (of_program)
		write_program(ctx, &t->mm->program);
	return cr_write_tail(ctx);
}

s32 checkpoint_task(struct task *t, const char *name, bool with_mm)
{
	struct image *image = store_begin();
	struct cr_ctx ctx = {.sink = store_append, .cookie = image};

	if (!image)
		return -ENOSPC;
	if (write_image(&ctx, t, with_mm) < 0) {
		char why[128];

		store_abort(image);
		cr_error_format(why, sizeof(why), &ctx.error);
		console_print("checkpoint %s: %s", name, why);
		return ctx.error.error;
	}
	return (s32)store_commit(image, name, with_mm ? STORE_MEMORY : STORE_REGISTERS);
}
