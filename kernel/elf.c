/* SPDX-License-Identifier: GPL-2.0-only */
#include "elf.h"
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
	ELF_LITTLE_ENDIAN = 1,
	ET_EXEC = 2,
	EM_386 = 3,
	PT_LOAD = 1,
	PT_INTERP = 3,
	PF_X = 1,
	PF_W = 2,
	PF_R = 4
};

/* The stack ends a page below the kernel, so that running over its end faults as running under it does. */
#define STACK_TOP  (TASK_SIZE - PAGE_SIZE)
#define STACK_SIZE (16 * PAGE_SIZE)

bool elf_is(const u8 *bytes, u32 size)
{
	return size >= sizeof(struct elf_header) && memcmp(bytes, "\177ELF", 4) == 0;
}

static const char *check_header(const struct elf_header *h, u32 size)
{
	if (h->ident[4] != ELF_CLASS32 || h->ident[5] != ELF_LITTLE_ENDIAN || h->machine != EM_386)
		return "it is not a 32-bit program for i386";
	if (h->type != ET_EXEC)
		return "it is not a static executable (ET_EXEC)";
	if (h->phentsize != sizeof(struct elf_segment) || h->phoff > size || h->phoff % 4 ||
	    h->phnum > (size - h->phoff) / sizeof(struct elf_segment))
		return "its program headers lie outside the file";
	return NULL;
}

static u32 vm_flags(u32 flags)
{
	return (flags & PF_R ? VM_READ : 0) | (flags & PF_W ? VM_WRITE : 0) | (flags & PF_X ? VM_EXEC : 0);
}

/* Notes in the MM record where code, data and heap lie, as Linux does. */
static void note_segment(struct cr_hdr_mm *info, const struct elf_segment *s)
{
	u32 end = s->vaddr + s->memsz;

	if (s->flags & PF_X) {
		info->start_code = s->vaddr;
		info->end_code = s->vaddr + s->filesz;
	} else if (s->flags & PF_W) {
		info->start_data = s->vaddr;
		info->end_data = s->vaddr + s->filesz;
	}
	if (end > info->brk)
		info->start_brk = info->brk = end;
}

static const char *load_segment(struct mm *mm, const struct elf_segment *s, const u8 *bytes, u32 size)
{
	u32 start = s->vaddr & ~(PAGE_SIZE - 1);
	u32 end = (s->vaddr + s->memsz + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1);

	if (s->filesz > s->memsz || s->offset > size || s->filesz > size - s->offset)
		return "a segment lies outside the file";
	if (s->vaddr >= STACK_TOP - STACK_SIZE || s->memsz > STACK_TOP - STACK_SIZE - s->vaddr)
		return "a segment lies outside user space";
	if (s->memsz == 0)
		return NULL;
	if (mm_add(mm, start, end, vm_flags(s->flags)) < 0)
		return "two segments share a page, or there are too many";
	note_segment(&mm->info, s);
	return mm_write(mm, s->vaddr, bytes + s->offset, s->filesz) < 0 ? "there is not enough memory" : NULL;
}

static const char *load_segments(struct mm *mm, const u8 *bytes, u32 size)
{
	const struct elf_header *h = (const void *)bytes;
	const struct elf_segment *s = (const void *)(bytes + h->phoff);
	const char *why = NULL;

	for (u32 n = 0; n < h->phnum && !why; n++) {
		if (s[n].type == PT_INTERP)
			return "it is linked dynamically";
		if (s[n].type == PT_LOAD)
			why = load_segment(mm, &s[n], bytes, size);
	}
	return why;
}

enum { AT_NULL = 0, AT_PAGESZ = 6, AT_HWCAP = 16 };

/* The stack of a new process, i386 ABI figure 3-31: what ESP points to is argc, and ESP is a multiple of 16. */
static const char *build_stack(struct task *t, struct mm *mm, const char *name)
{
	u32 length = strlen(name) + 1;
	u32 text = (STACK_TOP - length) & ~15u;
	const u32 words[] = {1,		text,	     0, /* argc, argv[0], NULL */
			     0,				/* no environment */
			     AT_HWCAP,	fpu_hwcap(),	/* what of CPUID.1:EDX may be used */
			     AT_PAGESZ, PAGE_SIZE,   AT_NULL, 0};
	u32 esp = (text - sizeof(words)) & ~15u;

	if (mm_add(mm, STACK_TOP - STACK_SIZE, STACK_TOP, VM_READ | VM_WRITE) < 0)
		return "its segments leave no room for the stack";
	if (mm_write(mm, text, name, length) < 0 || mm_write(mm, esp, words, sizeof(words)) < 0)
		return "there is not enough memory";
	mm->info.start_stack = esp;
	mm->info.arg_start = text;
	mm->info.arg_end = mm->info.env_start = mm->info.env_end = text + length;
	t->context.frame->esp = esp;
	return NULL;
}

static const char *load(struct task *t, const char *name, const u8 *bytes, u32 size)
{
	const struct elf_header *h = (const void *)bytes;
	const char *why = check_header(h, size);
	struct mm *mm;

	if (why)
		return why;
	mm = mm_create();
	if (!mm)
		return "there is not enough memory";
	task_set_mm(t, mm);
	t->context.frame->eip = h->entry;
	why = load_segments(mm, bytes, size);
	return why ? why : build_stack(t, mm, name);
}

struct task *elf_load(const char *name, const u8 *bytes, u32 size, const char **why)
{
	struct task *t = task_create(name);

	if (!t) {
		*why = "there is not enough memory, or there are too many tasks";
		return NULL;
	}
	*why = load(t, name, bytes, size);
	if (!*why)
		return t;
	task_destroy(t);
	return NULL;
}
