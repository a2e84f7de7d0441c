/* SPDX-License-Identifier: GPL-2.0-only */
/* MM: what a core does not say, but the process's memory does, by its program headers and its initial stack. */
#include <elf.h>
#include <string.h>

#include "core_file.h"
#include "initial_stack.h"
#include "process.h"

#define BRK_RANDOM (32u << 20) /* so far from the program at most Linux begins a 32-bit process's heap */

/* The program's ELF header, which the lowest mapping that has one begins with; NULL: no mapping does. */
static const struct segment *find_header(const struct process *p, Elf32_Ehdr *h)
{
	for (u32 n = 0; n < p->memory.count; n++) {
		const struct segment *s = &p->memory.segments[n];
		u32 size = s->end - s->start;

		memcpy(h, s->bytes, sizeof(*h));
		if (memcmp(h->e_ident, ELFMAG, SELFMAG) == 0 && s->start != p->vdso &&
		    h->e_phentsize == sizeof(Elf32_Phdr) && h->e_phoff < size &&
		    h->e_phnum <= (size - h->e_phoff) / sizeof(Elf32_Phdr))
			return s;
	}
	return NULL;
}

/* As the kernel does when it loads the program. */
static void note_program(struct cr_hdr_mm *mm, const struct segment *first, const Elf32_Ehdr *h)
{
	u32 bias = h->e_type == ET_DYN ? first->start : 0; /* a static PIE begins at 0 */

	for (u32 n = 0; n < h->e_phnum; n++) {
		Elf32_Phdr s;

		memcpy(&s, first->bytes + h->e_phoff + n * sizeof(s), sizeof(s));
		if (s.p_type == PT_LOAD)
			cr_note_segment(mm, core_vm_flags(s.p_flags), s.p_vaddr + bias, s.p_filesz, s.p_memsz);
	}
}

/*
 * The heap is what was mapped behind the program, at a random distance; Linux puts that of a static PIE below it. Where
 * it ends within its last page is not known; to programs it makes no difference.
 */
static const struct segment *find_heap(const struct process *p, const Elf32_Ehdr *h)
{
	u32 end = (u32)p->image.mm.brk;

	for (u32 n = 0; n < p->memory.count; n++) {
		const struct segment *s = &p->memory.segments[n];

		if (h->e_type == ET_DYN)
			return s->flags & VM_WRITE && s->end <= p->image.mm.start_code ? s : NULL;
		if (s->end > end)
			return s->flags & VM_WRITE && (s->start < end || s->start - end <= BRK_RANDOM) ? s : NULL;
	}
	return NULL;
}

void process_mm(struct process *p)
{
	struct cr_hdr_mm *mm = &p->image.mm;
	const struct segment *first, *heap;
	Elf32_Ehdr h;

	mm->map_count = p->memory.count;
	if (p->auxv)
		initial_stack_find(mm, &p->memory, p->auxv, p->auxv_size);
	first = find_header(p, &h);
	if (!first)
		return;
	note_program(mm, first, &h);
	heap = find_heap(p, &h);
	if (!heap)
		return;
	mm->brk = heap->end;
	if (heap->start >= mm->start_brk || h.e_type == ET_DYN)
		mm->start_brk = heap->start;
}
