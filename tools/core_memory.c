/* SPDX-License-Identifier: GPL-2.0-only */
/* A process's memory from its core. */
#include <string.h>

#include "command.h"
#include "core_file.h"

static bool load_segment(struct process *p, const struct core *core, u32 n)
{
	Elf32_Phdr s = core_segment(core, n);
	int ret = memory_add(&p->memory, s.p_vaddr, s.p_vaddr + s.p_memsz, core_vm_flags(s.p_flags));

	if (ret == -EEXIST)
		return core_refuse(core, "p_vaddr", core_segment_offset(core, n) + (u32)offsetof(Elf32_Phdr, p_vaddr),
				   s.p_vaddr, "a segment that overlaps no other");
	if (ret < 0) {
		trouble("%s: %s", core->path, strerror(-ret));
		return false;
	}
	memcpy(memory_at(&p->memory, s.p_vaddr, s.p_filesz), core->file.data + s.p_offset, s.p_filesz);
	for (u32 at = 0; at < s.p_filesz; at += PAGE_SIZE)
		p->in_core[(s.p_vaddr + at) / PAGE_SIZE] = true;
	return true;
}

/*
 * Linux lets a stack grow when it is touched below its end, by default to 8 MiB; cr86 maps no more than the image says.
 * So it gets that now, or what is free, but for a page that is to catch what runs over.
 */
static void grow_stack(struct process *p)
{
	enum { STACK_SIZE = 8 << 20 };
	struct segment *stack = memory_segment(&p->memory, (u32)p->image.cpu.sp);
	u32 floor, start;

	if (!stack || !(stack->flags & VM_WRITE) || stack != &p->memory.segments[p->memory.count - 1])
		return;
	floor = p->memory.count > 1 ? stack[-1].end + PAGE_SIZE : PAGE_SIZE;
	start = stack->end > STACK_SIZE ? stack->end - STACK_SIZE : 0;
	if (start < floor)
		start = floor;
	if (start < stack->start && memory_extend(stack, start))
		fprintf(p->remarks, "stack: grown to %08x, since cr86 does not do that when it is used\n", start);
}

bool process_memory(struct process *p, const struct core *core, const char *program)
{
	for (u32 n = 0; n < core->header.e_phnum; n++) {
		Elf32_Phdr s = core_segment(core, n);

		if (s.p_type == PT_LOAD && s.p_memsz && !load_segment(p, core, n))
			return false;
	}
	if (!process_program(p, program))
		return false;
	p->image.has_mm = p->memory.count > 0;
	if (p->x86_64)
		grow_stack(p);
	return true;
}
