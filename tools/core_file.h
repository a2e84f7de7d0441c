/* SPDX-License-Identifier: GPL-2.0-only */
/* A core file of a 32-bit Linux process as ELF: its header, its segments, its notes. */
#ifndef TOOLS_CORE_FILE_H
#define TOOLS_CORE_FILE_H

#include <elf.h>

#include "process.h"

#ifndef NT_X86_XSAVE_LAYOUT
#define NT_X86_XSAVE_LAYOUT 0x205
#endif

struct core;

/* A note that is there. */
struct core_note {
	const struct core *core;
	const struct core_note_kind *kind;
	const u8 *desc;
	u32 size;
	u32 offset; /* of desc, in the file */
};

/* A kind of note: how it is made of a process, and what it says of one. */
struct core_note_kind {
	u32 type; /* NT_... */
	const char *owner;
	const char *name;
	u32 size; /* of its elements, or of the whole if it is one */
	bool array;
	/* Appends to `desc`; nothing where the process has no such note. Complains and returns false. NULL: not written. */
	bool (*put)(const struct process *p, struct file *desc);
	/* Complains and returns false. NULL: of use to others only. */
	bool (*get)(struct process *p, const struct core_note *note);
};

/* In the order in which they are written, and looked at. */
extern const struct core_note_kind core_note_kinds[];
enum { CORE_NOTE_KINDS = 9 };

struct core {
	const char *path;
	struct file file;
	Elf32_Ehdr header;
	u32 notes_offset;
	struct core_note notes[CORE_NOTE_KINDS]; /* desc NULL: it has none */
};

/* Reads and checks all but what notes and memory hold. Complains and returns false. */
bool core_open(struct core *core, const char *path);
void core_close(struct core *core);

/* Program header n, of header.e_phnum, and its offset in the file. */
Elf32_Phdr core_segment(const struct core *core, u32 n);
u32 core_segment_offset(const struct core *core, u32 n);

/* A segment's flags as a VMA's. */
u32 core_vm_flags(u32 p_flags);

/* The note of that type, or NULL. */
const struct core_note *core_find_note(const struct core *core, u32 type);

/* Complains "PATH: WHAT at offset N: found F, expected WORDS" and returns false. */
bool core_refuse(const struct core *core, const char *what, u32 offset, u64 found, const char *expected);

/* The same of a field in a note, `at` bytes from its start. */
bool core_note_refuse(const struct core_note *note, const char *field, u32 at, u64 found, const char *expected);

/* Writes the process as a core file. Complains and returns false. */
bool core_write(const struct process *p, const char *path);

#endif
