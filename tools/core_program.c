/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a core leaves out because it is the same as in the program's file: Linux writes no text into a core, gdb does not
 * even mention it. The pages come from the file, which must be the one that the core is of: its pages that nobody can
 * write to have to be those of the core, where that has them. The ELF header's page is always among them.
 */
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "core_file.h"

struct program {
	const char *path;
	struct file file;
	Elf32_Ehdr header;
	u32 bias;     /* of a static PIE: how far from its own addresses it was loaded */
	u32 compared; /* pages that both have */
	u32 filled;   /* pages that the core leaves out */
};

static bool not_the_program(const struct program *program, const char *what, u32 offset, u32 found,
			    const char *expected)
{
	trouble("%s: %s at offset %u: found 0x%x, expected %s", program->path, what, offset, found, expected);
	return false;
}

static bool check_header(struct program *program)
{
	Elf32_Ehdr *h = &program->header;

	if (program->file.size < sizeof(*h))
		return not_the_program(program, "ELF header", 0, program->file.size, "52 bytes: the file ends early");
	memcpy(h, program->file.data, sizeof(*h));
	if (memcmp(h->e_ident, ELFMAG, SELFMAG) != 0 || h->e_ident[EI_CLASS] != ELFCLASS32 || h->e_machine != EM_386)
		return not_the_program(program, "e_ident", 0, h->e_ident[0], "a 32-bit program for i386");
	if (h->e_type != ET_EXEC && h->e_type != ET_DYN)
		return not_the_program(program, "e_type", 16, h->e_type, "2 (ET_EXEC) or 3 (ET_DYN, a static PIE)");
	if (h->e_phentsize != sizeof(Elf32_Phdr) || h->e_phoff > program->file.size ||
	    h->e_phnum > (program->file.size - h->e_phoff) / sizeof(Elf32_Phdr))
		return not_the_program(program, "e_phoff", 28, h->e_phoff, "program headers that lie in the file");
	return true;
}

static Elf32_Phdr program_segment(const struct program *program, u32 n)
{
	Elf32_Phdr s;

	memcpy(&s, program->file.data + program->header.e_phoff + n * sizeof(s), sizeof(s));
	return s;
}

static bool check_segments(const struct program *program)
{
	for (u32 n = 0; n < program->header.e_phnum; n++) {
		u32 offset = program->header.e_phoff + n * (u32)sizeof(Elf32_Phdr);
		Elf32_Phdr s = program_segment(program, n);

		if (s.p_type == PT_INTERP)
			return not_the_program(program, "p_type", offset, s.p_type,
					       "no PT_INTERP: a statically linked program");
		if (s.p_type != PT_LOAD)
			continue;
		if (s.p_offset > program->file.size || s.p_filesz > program->file.size - s.p_offset ||
		    s.p_filesz > s.p_memsz || s.p_offset % PAGE_SIZE != s.p_vaddr % PAGE_SIZE)
			return not_the_program(program, "p_offset", offset + 4, s.p_offset,
					       "a segment that lies in the file");
		if (s.p_vaddr + program->bias >= MEMORY_END || s.p_memsz > MEMORY_END - (s.p_vaddr + program->bias))
			return not_the_program(program, "p_vaddr", offset + 8, s.p_vaddr, "memory below c0000000");
	}
	return true;
}

/* The page at `address` as Linux maps it from the file: in data, what follows the file's part is zero. */
static void page_of(u8 page[PAGE_SIZE], const struct program *program, const Elf32_Phdr *s, u32 address)
{
	u32 start = s->p_vaddr + program->bias, offset = s->p_offset + (address - start);
	u32 end = s->p_flags & PF_W ? s->p_offset + s->p_filesz : program->file.size;

	memset(page, 0, PAGE_SIZE);
	if (offset < end)
		memcpy(page, program->file.data + offset, end - offset < PAGE_SIZE ? end - offset : PAGE_SIZE);
}

/* Fills in one page, or compares it. */
static bool take_page(struct process *p, struct program *program, const Elf32_Phdr *s, u32 address)
{
	u8 *to = memory_at(&p->memory, address, PAGE_SIZE), page[PAGE_SIZE];

	page_of(page, program, s, address);
	if (!p->in_core[address / PAGE_SIZE]) {
		memcpy(to, page, PAGE_SIZE);
		program->filled++;
	} else if (!(s->p_flags & PF_W)) {
		if (memcmp(to, page, PAGE_SIZE) != 0) {
			trouble("%s is not the program that %s is of: they differ in the page at %08x", program->path,
				p->path, address);
			return false;
		}
		program->compared++;
	}
	return true;
}

/* Maps what of these pages the core does not even mention. */
static bool map_gaps(struct process *p, u32 start, u32 end, u32 flags)
{
	for (u32 next; start < end; start = next) {
		next = start + PAGE_SIZE;
		if (memory_segment(&p->memory, start))
			continue;
		while (next < end && !memory_segment(&p->memory, next))
			next += PAGE_SIZE;
		if (memory_add(&p->memory, start, next, flags) < 0) {
			trouble("%s: %s", p->path, strerror(ENOMEM));
			return false;
		}
	}
	return true;
}

static bool take_segment(struct process *p, struct program *program, const Elf32_Phdr *s)
{
	u32 address = (s->p_vaddr + program->bias) & ~(PAGE_SIZE - 1);
	u32 end = (s->p_vaddr + program->bias + s->p_memsz + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1);

	if (!map_gaps(p, address, end, core_vm_flags(s->p_flags)))
		return false;
	for (; address < end; address += PAGE_SIZE)
		if (!take_page(p, program, s, address))
			return false;
	return true;
}

static bool take_segments(struct process *p, struct program *program)
{
	for (u32 n = 0; n < program->header.e_phnum; n++) {
		Elf32_Phdr s = program_segment(program, n);

		if (s.p_type == PT_LOAD && s.p_memsz && !take_segment(p, program, &s))
			return false;
	}
	return true;
}

static bool take_program(struct process *p, struct program *program)
{
	if (!check_header(program))
		return false;
	program->bias = program->header.e_type == ET_DYN ? p->entry - program->header.e_entry : 0;
	if (program->bias % PAGE_SIZE)
		return not_the_program(program, "e_entry", 24, program->header.e_entry,
				       "the core's AT_ENTRY, moved by whole pages");
	if (!check_segments(program) || !take_segments(p, program))
		return false;
	if (!program->compared)
		trouble("%s: has no page to tell whether it is of %s", p->path, program->path);
	fprintf(p->remarks, "program: %u pages that the core leaves out are from %s\n", program->filled, program->path);
	return program->compared;
}

static bool is_left_out(const struct process *p, const struct process_file *file)
{
	for (u32 address = file->start; address < file->end; address += PAGE_SIZE)
		if (!p->in_core[address / PAGE_SIZE])
			return true;
	return false;
}

/* The file of which the core leaves something out, NULL where there is none. False: it is not the program. */
static bool find_left_out(const struct process *p, const char **path)
{
	*path = NULL;
	for (u32 n = 0; n < p->file_count; n++) {
		const struct process_file *file = &p->files[n];

		if (!is_left_out(p, file))
			continue;
		if (!p->program || strcmp(file->name, p->program) != 0) {
			trouble("%s: leaves out memory at %08x, which is that of %s, expected no file but the program: "
				"let Linux write all, by echo 0x7f >/proc/PID/coredump_filter",
				p->path, file->start, file->name);
			return false;
		}
		*path = file->name;
	}
	return true;
}

bool process_program(struct process *p, const char *path)
{
	struct program program = {.path = path};
	const char *left_out;
	bool ok;

	if (!find_left_out(p, &left_out))
		return false;
	if (!path)
		program.path = left_out;
	if (!program.path)
		return true;
	if (!file_read(program.path, &program.file))
		return false;
	ok = take_program(p, &program);
	file_free(&program.file);
	return ok;
}
