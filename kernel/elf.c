/* SPDX-License-Identifier: GPL-2.0-only */
#include "elf.h"
#include "options.h"
#include "printf.h"
#include "program.h"
#include "stack.h"
#include "string.h"

struct elf_header {
	u8 ident[16];
	u16 type, machine;
	u32 version, entry, phoff, shoff, flags;
	u16 ehsize, phentsize, phnum, shentsize, shnum, shstrndx;
};

struct elf_segment {
	u32 type, offset, vaddr, paddr, filesz, memsz, flags, align;
};

enum {
	ELF_CLASS32 = 1,
	ELF_CLASS64 = 2,
	ELF_LITTLE_ENDIAN = 1,
	ET_EXEC = 2,
	ET_DYN = 3,
	EM_386 = 3,
	PT_LOAD = 1,
	PT_INTERP = 3,
	PT_GNU_STACK = 0x6474e551,
	PF_X = 1,
	PF_W = 2,
	PF_R = 4
};

/* A file under way into a memory. */
struct loading {
	const u8 *bytes;
	u32 size;
	const struct elf_header *header;
	const struct elf_segment *segment; /* header->phnum of them */
	u32 bias;			   /* what is added to all addresses of a position-independent program */
	struct mm *mm;
};

static const char no_memory[] = "there is not enough memory";

bool elf_is(const u8 *bytes, u32 size)
{
	return size >= sizeof(struct elf_header) && memcmp(bytes, "\177ELF", 4) == 0;
}

static const char *check_header(const struct loading *l)
{
	const struct elf_header *h = l->header;

	if (!elf_is(l->bytes, l->size))
		return "it is not an ELF file";
	if (h->ident[4] == ELF_CLASS64)
		return "it is a 64-bit program";
	if (h->ident[4] != ELF_CLASS32 || h->ident[5] != ELF_LITTLE_ENDIAN || h->machine != EM_386)
		return "it is not a program for i386";
	if (h->type != ET_EXEC && h->type != ET_DYN)
		return "it is not an executable (ET_EXEC or ET_DYN)";
	if (h->phentsize != sizeof(struct elf_segment) || h->phoff > l->size || h->phoff % 4 ||
	    h->phnum > (l->size - h->phoff) / sizeof(struct elf_segment))
		return "its program headers lie outside the file";
	return NULL;
}

static const char *check_segment(const struct loading *l, const struct elf_segment *s)
{
	u32 start = s->vaddr + l->bias;

	if (s->filesz > s->memsz || s->offset > l->size || s->filesz > l->size - s->offset)
		return "a segment lies outside the file";
	if (s->vaddr % PAGE_SIZE != s->offset % PAGE_SIZE)
		return "a segment's place in the file does not fit its address";
	if (start < l->bias || start < USER_FLOOR || start >= MMAP_TOP || s->memsz > MMAP_TOP - start)
		return "a segment lies outside user space";
	return NULL;
}

/* The interpreter's name is a text in the file. */
static const char *explain_interpreter(const struct loading *l, const struct elf_segment *s)
{
	static char why[80];
	const char *name = (const char *)l->bytes + s->offset;
	bool named = s->offset < l->size && memchr(name, '\0', l->size - s->offset);

	lib_snprintf(why, sizeof(why), "it is linked dynamically, for the interpreter %s", named ? name : "?");
	return why;
}

static const char *check_segments(const struct loading *l)
{
	const char *why = NULL;
	bool loads = false;

	for (u32 n = 0; n < l->header->phnum && !why; n++) {
		if (l->segment[n].type == PT_INTERP)
			why = explain_interpreter(l, &l->segment[n]);
		if (l->segment[n].type == PT_LOAD)
			why = check_segment(l, &l->segment[n]);
		loads |= l->segment[n].type == PT_LOAD;
	}
	return why || loads ? why : "it has no segment to load";
}

static u32 vm_flags(u32 flags)
{
	return (flags & PF_R ? VM_READ : 0) | (flags & PF_W ? VM_WRITE : 0) | (flags & PF_X ? VM_EXEC : 0);
}

/*
 * As Linux does: whole pages of the file, also what it has there before and behind the segment; where a segment is longer
 * than its part of the file, zeros follow that. Of pages that are another's, too, the later segment has its way. What
 * cannot be written, and has no zeros, stays the file's.
 */
static const char *load_segment(const struct loading *l, const struct elf_segment *s)
{
	u32 start = s->vaddr + l->bias, first = start & -PAGE_SIZE, before = start - first;
	u32 end = page_align(start + s->memsz), offset = s->offset - before, flags = vm_flags(s->flags);
	u32 count = s->memsz > s->filesz ? before + s->filesz : end - first;

	if (s->memsz == 0)
		return NULL;
	if (l->mm->program.name[0] && !(s->flags & PF_W) && s->memsz == s->filesz)
		flags = vma_file_flags(flags, first, offset);
	if (mm_map(l->mm, first, end, flags) < 0)
		return "it has too many segments";
	cr_note_segment(&l->mm->info, flags, start, s->filesz, s->memsz);
	if (count > l->size - offset)
		count = l->size - offset;
	return mm_write(l->mm, first, l->bytes + offset, count) < 0 ? no_memory : NULL;
}

/* What the program should know of itself. Its headers are part of its first segment, as a rule. */
static struct stack_program describe(const struct loading *l)
{
	struct stack_program p = {.phent = l->header->phentsize,
				  .phnum = l->header->phnum,
				  .entry = l->header->entry + l->bias,
				  .executable = true};

	for (const struct elf_segment *s = l->segment; s < l->segment + l->header->phnum; s++) {
		if (s->type == PT_LOAD && l->header->phoff - s->offset < s->filesz)
			p.phdr = l->bias + s->vaddr + (l->header->phoff - s->offset);
		if (s->type == PT_GNU_STACK)
			p.executable = s->flags & PF_X;
	}
	return p;
}

static const char *load_segments(const struct loading *l)
{
	const char *why = NULL;

	for (u32 n = 0; n < l->header->phnum && !why; n++)
		if (l->segment[n].type == PT_LOAD)
			why = load_segment(l, &l->segment[n]);
	return why;
}

static const char *load(struct task *t, struct loading *l, const struct words *argv)
{
	const char *why = check_header(l);
	struct stack_program program;
	const struct vma *text;

	if (why)
		return why;
	l->segment = (const void *)(l->bytes + l->header->phoff);
	l->bias = l->header->type == ET_DYN ? PIE_BASE : 0;
	why = check_segments(l);
	if (why)
		return why;
	l->mm = mm_create();
	if (!l->mm)
		return no_memory;
	task_set_mm(t, l->mm);
	program_name(&l->mm->program, argv->text);
	why = load_segments(l);
	if (why)
		return why;
	program = describe(l);
	text = vma_find(&l->mm->vmas, program.entry);
	if (!text || !(text->flags & VM_EXEC))
		return "its entry point lies in no segment of code";
	if (stack_build(l->mm, &program, argv, &options.environment) < 0)
		return no_memory;
	t->context.frame->eip = program.entry;
	t->context.frame->esp = (u32)l->mm->info.start_stack;
	return NULL;
}

struct task *elf_load(const struct words *argv, const u8 *bytes, u32 size, const char **why)
{
	struct loading l = {.bytes = bytes, .size = size, .header = (const void *)bytes};
	struct task *t = task_create(argv->text);

	if (!t) {
		*why = "there is not enough memory, or there are too many tasks";
		return NULL;
	}
	*why = load(t, &l, argv);
	if (!*why)
		return t;
	task_destroy(t);
	return NULL;
}
