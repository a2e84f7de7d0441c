/* SPDX-License-Identifier: GPL-2.0-only */
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "core_file.h"

bool core_refuse(const struct core *core, const char *what, u32 offset, u64 found, const char *expected)
{
	trouble("%s: %s at offset %u: found 0x%llx, expected %s", core->path, what, offset, (unsigned long long)found,
		expected);
	return false;
}

bool core_note_refuse(const struct core_note *note, const char *field, u32 at, u64 found, const char *expected)
{
	char what[64];

	snprintf(what, sizeof(what), "%s%s%s", note->kind->name, field[0] ? "." : "", field);
	return core_refuse(note->core, what, note->offset + at, found, expected);
}

/* --- Header and segments --- */

#define REFUSE_HEADER(core, field, expected)                                                                           \
	core_refuse(core, #field, offsetof(Elf32_Ehdr, field), (core)->header.field, expected)

static bool check_ident(const struct core *core)
{
	const unsigned char *ident = core->header.e_ident;

	if (memcmp(ident, ELFMAG, SELFMAG) != 0)
		return core_refuse(core, "e_ident", 0, ident[0], "7f 45 4c 46, an ELF file");
	if (ident[EI_CLASS] != ELFCLASS32)
		return core_refuse(core, "EI_CLASS", EI_CLASS, ident[EI_CLASS], "1, a core of a 32-bit process");
	if (ident[EI_DATA] != ELFDATA2LSB)
		return core_refuse(core, "EI_DATA", EI_DATA, ident[EI_DATA], "1, little-endian");
	return true;
}

static bool check_header(const struct core *core)
{
	const Elf32_Ehdr *h = &core->header;

	if (!check_ident(core))
		return false;
	if (h->e_type != ET_CORE)
		return REFUSE_HEADER(core, e_type, "4 (ET_CORE)");
	if (h->e_machine != EM_386)
		return REFUSE_HEADER(core, e_machine, "3 (EM_386)");
	if (h->e_phentsize != sizeof(Elf32_Phdr))
		return REFUSE_HEADER(core, e_phentsize, "32, the size of a program header");
	if (h->e_phnum == PN_XNUM)
		return REFUSE_HEADER(core, e_phnum, "less than 65535 program headers");
	if (h->e_phoff > core->file.size || h->e_phnum > (core->file.size - h->e_phoff) / sizeof(Elf32_Phdr))
		return REFUSE_HEADER(core, e_phoff, "program headers that lie in the file: it ends early");
	return true;
}

u32 core_segment_offset(const struct core *core, u32 n)
{
	return core->header.e_phoff + n * (u32)sizeof(Elf32_Phdr);
}

Elf32_Phdr core_segment(const struct core *core, u32 n)
{
	Elf32_Phdr segment;

	memcpy(&segment, core->file.data + core_segment_offset(core, n), sizeof(segment));
	return segment;
}

u32 core_vm_flags(u32 p_flags)
{
	return (p_flags & PF_R ? VM_READ : 0) | (p_flags & PF_W ? VM_WRITE : 0) | (p_flags & PF_X ? VM_EXEC : 0);
}

static bool check_segment(const struct core *core, u32 n)
{
#define REFUSE_SEGMENT(field, expected)                                                                                \
	core_refuse(core, #field, core_segment_offset(core, n) + (u32)offsetof(Elf32_Phdr, field), s.field, expected)
	Elf32_Phdr s = core_segment(core, n);

	if (s.p_type != PT_LOAD && s.p_type != PT_NOTE)
		return true;
	if (s.p_offset > core->file.size || s.p_filesz > core->file.size - s.p_offset)
		return REFUSE_SEGMENT(p_filesz, "a segment that lies in the file: it ends early");
	if (s.p_type == PT_NOTE)
		return true;
	if (s.p_vaddr % PAGE_SIZE)
		return REFUSE_SEGMENT(p_vaddr, "a page's address");
	if (s.p_memsz % PAGE_SIZE || s.p_filesz > s.p_memsz)
		return REFUSE_SEGMENT(p_memsz, "whole pages, and at least p_filesz");
	if (s.p_vaddr >= MEMORY_END || s.p_memsz > MEMORY_END - s.p_vaddr)
		return REFUSE_SEGMENT(p_vaddr, "memory below c0000000, all that cr86 gives to a task: start the "
					       "program by setarch i386 --3gb");
	return true;
}

/* --- Notes --- */

static struct core_note *find_note(struct core *core, u32 type, const u8 *owner, u32 length)
{
	for (u32 n = 0; n < CORE_NOTE_KINDS; n++) {
		const struct core_note_kind *kind = &core_note_kinds[n];

		if (kind->type == type && length == strlen(kind->owner) + 1 && memcmp(kind->owner, owner, length) == 0)
			return &core->notes[n];
	}
	return NULL;
}

static bool take_note(struct core *core, struct core_note *note, const u8 *desc, u32 size)
{
	u32 n = (u32)(note - core->notes), offset = (u32)(desc - core->file.data);
	const struct core_note_kind *kind = &core_note_kinds[n];

	if (note->desc)
		return core_refuse(core, kind->name, offset, kind->type,
				   kind->type == NT_PRSTATUS ? "one such note: a process with one thread"
							     : "one such note");
	*note = (struct core_note){core, kind, desc, size, offset};
	if (kind->array ? size % kind->size != 0 : size != kind->size)
		return core_note_refuse(note, "descsz", 0, size, kind->array ? "whole elements" : "this note's size");
	return true;
}

static u32 aligned(u32 size)
{
	return (size + 3) & ~3u;
}

/* All of a PT_NOTE segment: each note is a header, its owner's name and its contents, both padded to 4 bytes. */
static bool read_notes(struct core *core, const Elf32_Phdr *segment)
{
	u32 at = segment->p_offset, end = at + segment->p_filesz;

	core->notes_offset = at;
	while (at < end) {
		const u8 *name = core->file.data + at + sizeof(Elf32_Nhdr);
		struct core_note *note;
		Elf32_Nhdr h;
		u32 left;

		if (end - at < sizeof(h))
			return core_refuse(core, "note", at, end - at, "a whole note header before the segment's end");
		memcpy(&h, core->file.data + at, sizeof(h));
		left = end - at - (u32)sizeof(h);
		if (h.n_namesz > left || aligned(h.n_namesz) > left)
			return core_refuse(core, "n_namesz", at, h.n_namesz, "a name that ends within the segment");
		left -= aligned(h.n_namesz);
		if (h.n_descsz > left)
			return core_refuse(core, "n_descsz", at + (u32)offsetof(Elf32_Nhdr, n_descsz), h.n_descsz,
					   "contents that end within the segment");
		note = find_note(core, h.n_type, name, h.n_namesz);
		if (note && !take_note(core, note, name + aligned(h.n_namesz), h.n_descsz))
			return false;
		at = end - left;
		at += aligned(h.n_descsz) < left ? aligned(h.n_descsz) : left;
	}
	return true;
}

const struct core_note *core_find_note(const struct core *core, u32 type)
{
	for (u32 n = 0; n < CORE_NOTE_KINDS; n++)
		if (core->notes[n].desc && core->notes[n].kind->type == type)
			return &core->notes[n];
	return NULL;
}

/* Notes are bytes of their own: whatever they share with memory or with one another is damage. */
static bool overlaps(const Elf32_Phdr *a, const Elf32_Phdr *b)
{
	return a->p_filesz && b->p_filesz && a->p_offset < b->p_offset + b->p_filesz &&
	       b->p_offset < a->p_offset + a->p_filesz;
}

static bool check_overlap(const struct core *core, u32 note)
{
	Elf32_Phdr notes = core_segment(core, note);

	for (u32 n = 0; n < core->header.e_phnum; n++) {
		Elf32_Phdr other = core_segment(core, n);

		if (n != note && other.p_type == PT_NOTE)
			return core_refuse(core, "p_type", core_segment_offset(core, n), other.p_type,
					   "one PT_NOTE segment");
		if (n != note && overlaps(&notes, &other))
			return core_refuse(core, "p_offset",
					   core_segment_offset(core, n) + (u32)offsetof(Elf32_Phdr, p_offset),
					   other.p_offset, "bytes that are not those of the notes");
	}
	return true;
}

static bool read_core(struct core *core)
{
	if (core->file.size < sizeof(core->header))
		return core_refuse(core, "ELF header", 0, core->file.size, "52 bytes: the file ends early");
	memcpy(&core->header, core->file.data, sizeof(core->header));
	if (!check_header(core))
		return false;
	for (u32 n = 0; n < core->header.e_phnum; n++)
		if (!check_segment(core, n))
			return false;
	for (u32 n = 0; n < core->header.e_phnum; n++) {
		Elf32_Phdr segment = core_segment(core, n);

		if (segment.p_type == PT_NOTE)
			return check_overlap(core, n) && read_notes(core, &segment);
	}
	return core_refuse(core, "e_phnum", offsetof(Elf32_Ehdr, e_phnum), core->header.e_phnum,
			   "a PT_NOTE segment among the program headers");
}

bool core_open(struct core *core, const char *path)
{
	*core = (struct core){.path = path};
	if (!file_read(path, &core->file))
		return false;
	if (read_core(core))
		return true;
	core_close(core);
	return false;
}

void core_close(struct core *core)
{
	file_free(&core->file);
}
