/* SPDX-License-Identifier: GPL-2.0-only */
/* A process as a core file: the ELF header, program headers, the notes, then memory, page-aligned. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "core_file.h"

static const u8 padding[4];

/* One note: header, owner, contents, each padded to 4 bytes. */
static bool append_note(struct file *notes, const struct core_note_kind *kind, const struct file *desc)
{
	u32 name = (u32)strlen(kind->owner) + 1;
	Elf32_Nhdr h = {.n_namesz = name, .n_descsz = desc->size, .n_type = kind->type};

	return file_append(notes, &h, sizeof(h)) && file_append(notes, kind->owner, name) &&
	       file_append(notes, padding, -name & 3) && file_append(notes, desc->data, desc->size) &&
	       file_append(notes, padding, -desc->size & 3);
}

static bool make_notes(const struct process *p, struct file *notes)
{
	bool ok = true;

	for (u32 n = 0; n < CORE_NOTE_KINDS && ok; n++) {
		struct file desc = {NULL, 0};

		if (!core_note_kinds[n].put)
			continue;
		ok = core_note_kinds[n].put(p, &desc) && (!desc.size || append_note(notes, &core_note_kinds[n], &desc));
		file_free(&desc);
	}
	return ok;
}

#define TAIL_MAX (16u << 20)

/*
 * What of a mapping goes into the file: all of it, since gdb shows nothing else, as a hole where it is zero; but no more
 * than 16 MiB of zeros at its end, or a large reservation would make a file that nobody can read.
 */
static u32 file_size(const struct segment *s)
{
	u32 size = s->end - s->start, used = size;

	while (used && xstate_is_zero(s->bytes + used - PAGE_SIZE, PAGE_SIZE))
		used -= PAGE_SIZE;
	return size - used <= TAIL_MAX ? size : used;
}

static Elf32_Word segment_flags(u32 vm_flags)
{
	return (vm_flags & VM_READ ? PF_R : 0) | (vm_flags & VM_WRITE ? PF_W : 0) | (vm_flags & VM_EXEC ? PF_X : 0);
}

static u64 page_up(u64 offset)
{
	return (offset + PAGE_SIZE - 1) & ~(u64)(PAGE_SIZE - 1);
}

/*
 * Fills the program headers, the notes' and one a mapping. Returns the size of the file, which may be more than a file
 * can have: the offsets are of no use then.
 */
static u64 lay_out(const struct memory *memory, u32 notes_size, Elf32_Phdr *segments)
{
	u64 offset = sizeof(Elf32_Ehdr) + (memory->count + 1) * sizeof(*segments);

	segments[0] = (Elf32_Phdr){.p_type = PT_NOTE, .p_offset = (u32)offset, .p_filesz = notes_size, .p_align = 4};
	offset += notes_size;
	for (u32 n = 0; n < memory->count; n++) {
		const struct segment *s = &memory->segments[n];
		u32 size = file_size(s);

		if (size)
			offset = page_up(offset);
		segments[n + 1] = (Elf32_Phdr){.p_type = PT_LOAD,
					       .p_offset = (u32)page_up(offset),
					       .p_vaddr = s->start,
					       .p_filesz = size,
					       .p_memsz = s->end - s->start,
					       .p_flags = segment_flags(s->flags),
					       .p_align = PAGE_SIZE};
		offset += size;
	}
	return offset;
}

static Elf32_Ehdr make_header(u32 segments)
{
	return (Elf32_Ehdr){
		.e_ident = {ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS32, ELFDATA2LSB, EV_CURRENT},
		.e_type = ET_CORE,
		.e_machine = EM_386,
		.e_version = EV_CURRENT,
		.e_phoff = sizeof(Elf32_Ehdr),
		.e_ehsize = sizeof(Elf32_Ehdr),
		.e_phentsize = sizeof(Elf32_Phdr),
		.e_phnum = (Elf32_Half)segments,
	};
}

static void fill(u8 *data, const struct memory *memory, const struct file *notes, const Elf32_Phdr *segments)
{
	Elf32_Ehdr header = make_header(memory->count + 1);

	memcpy(data, &header, sizeof(header));
	memcpy(data + header.e_phoff, segments, (memory->count + 1) * sizeof(*segments));
	memcpy(data + segments[0].p_offset, notes->data, notes->size);
	for (u32 n = 0; n < memory->count; n++)
		memcpy(data + segments[n + 1].p_offset, memory->segments[n].bytes, segments[n + 1].p_filesz);
}

/* With the program headers at hand. */
static bool write_file(const struct process *p, const struct file *notes, Elf32_Phdr *segments, const char *path)
{
	u64 size = lay_out(&p->memory, notes->size, segments);
	u8 *data = size <= FILE_SIZE_MAX ? calloc(1, size) : NULL;
	bool ok;

	if (!data) {
		trouble("%s: %s", path, strerror(size <= FILE_SIZE_MAX ? ENOMEM : EFBIG));
		return false;
	}
	fill(data, &p->memory, notes, segments);
	ok = file_write(path, data, (u32)size);
	free(data);
	return ok;
}

bool core_write(const struct process *p, const char *path)
{
	Elf32_Phdr *segments = calloc(p->memory.count + 1, sizeof(*segments));
	struct file notes = {NULL, 0};
	bool ok = false;

	if (!segments)
		trouble("%s: %s", path, strerror(ENOMEM));
	else if (p->memory.count >= PN_XNUM - 1)
		trouble("%s: %u mappings, more than an ELF file has segments", p->path, p->memory.count);
	else
		ok = make_notes(p, &notes) && write_file(p, &notes, segments, path);
	file_free(&notes);
	free(segments);
	return ok;
}
