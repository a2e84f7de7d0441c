/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The vDSO of a process: code that Linux lends to it, a whole ELF file in memory. The C library has its addresses in many
 * places, so it goes with the process, as ordinary memory. Two things cannot go on as they are.
 *
 * __kernel_vsyscall enters the kernel by sysenter or syscall where the CPU has these; cr86 has int 0x80 alone. That
 * follows in Linux's code, where Linux returns to (arch/x86/entry/vdso/vdso32/system_call.S), so without the entry, and
 * the move that prepares it, the code goes on to it with all registers as they should be:
 *
 *     push ecx; push edx; push ebp; [mov ebp, esp; sysenter | mov ebp, ecx; syscall]; int 0x80; pop ebp; ...
 *
 * The clock functions read pages that Linux keeps up to date, and that are in no core. They become system calls.
 */
#include <elf.h>
#include <string.h>

#include "core_notes.h"

struct vdso {
	u8 *bytes;
	u32 start, size;
};

/* --- Its symbols, by way of the section headers --- */

static bool read_at(const struct vdso *v, u64 offset, void *to, u32 count)
{
	if (offset > v->size || count > v->size - offset)
		return false;
	memcpy(to, v->bytes + offset, count);
	return true;
}

static bool section(const struct vdso *v, u32 n, Elf32_Shdr *s)
{
	Elf32_Ehdr h;

	return read_at(v, 0, &h, sizeof(h)) && n < h.e_shnum &&
	       read_at(v, h.e_shoff + n * (u64)sizeof(*s), s, sizeof(*s));
}

static bool is_named(const struct vdso *v, const Elf32_Shdr *names, u32 name, const char *wanted)
{
	u64 offset = (u64)names->sh_offset + name;
	u32 length = (u32)strlen(wanted) + 1;

	return offset + length <= v->size && memcmp(v->bytes + offset, wanted, length) == 0;
}

/* A function that lies wholly in the vDSO. */
static bool find_function(const struct vdso *v, const char *name, Elf32_Sym *symbol)
{
	Elf32_Shdr symbols = {0}, names;

	for (u32 n = 0; symbols.sh_type != SHT_DYNSYM; n++)
		if (!section(v, n, &symbols))
			return false;
	if (!section(v, symbols.sh_link, &names))
		return false;
	for (u32 at = 0; at < symbols.sh_size; at += (u32)sizeof(*symbol))
		if (!read_at(v, (u64)symbols.sh_offset + at, symbol, sizeof(*symbol)))
			return false;
		else if (is_named(v, &names, symbol->st_name, name))
			return symbol->st_value < v->size && symbol->st_size <= v->size - symbol->st_value;
	return false;
}

/* --- __kernel_vsyscall --- */

enum { ENTRY_SIZE = 4, NOP = 0x90 };

static const u8 sysenter_entry[ENTRY_SIZE] = {0x89, 0xe5, 0x0f, 0x34}; /* mov ebp, esp; sysenter */
static const u8 syscall_entry[ENTRY_SIZE] = {0x89, 0xcd, 0x0f, 0x05};  /* mov ebp, ecx; syscall */

/* Whether one of these stands at `code`, and then, maybe after NOPs, int 0x80. */
static bool is_entry(const u8 *code, const u8 *end)
{
	if (end - code < ENTRY_SIZE ||
	    (memcmp(code, sysenter_entry, ENTRY_SIZE) != 0 && memcmp(code, syscall_entry, ENTRY_SIZE) != 0))
		return false;
	code += ENTRY_SIZE;
	while (code < end && *code == NOP)
		code++;
	return end - code >= 2 && code[0] == 0xcd && code[1] == 0x80;
}

/* Stopped between the two instructions: ebp has been prepared already; what was in it is on the stack. */
static void undo_preparation(struct process *p, u32 entry)
{
	u32 ebp;

	if (p->image.cpu.ip == entry + 2 && memory_word(&p->memory, (u32)p->image.cpu.sp, &ebp))
		p->image.cpu.bp = ebp;
}

static void take_entry_away(struct process *p, const struct vdso *v, const Elf32_Sym *vsyscall)
{
	u8 *first = v->bytes + vsyscall->st_value, *end = first + vsyscall->st_size;

	for (u8 *code = first; code < end; code++) {
		u32 address = v->start + (u32)(code - v->bytes);

		if (!is_entry(code, end))
			continue;
		fprintf(p->remarks, "vDSO: NOPs for %s at %08x, int 0x80 follows\n",
			code[3] == sysenter_entry[3] ? "sysenter" : "syscall", address);
		undo_preparation(p, address);
		memset(code, NOP, ENTRY_SIZE);
	}
}

/* --- The functions that system calls can do for --- */

static const struct {
	const char *name;
	u32 number; /* of the system call with the same arguments and results */
} functions[] = {
	{"__vdso_clock_gettime", 265}, {"__vdso_clock_gettime64", 403},	    {"__vdso_gettimeofday", 78},
	{"__vdso_clock_getres", 266},  {"__vdso_clock_getres_time64", 406}, {"__vdso_time", 13},
	{"__vdso_getcpu", 318},
};

enum { NUMBER = 14 }; /* where it stands in the code */

static const u8 system_call[] = {
	0x53,			      /* push ebx */
	0x8b, 0x5c, 0x24, 0x08,	      /* mov ebx, [esp + 8]: the first argument */
	0x8b, 0x4c, 0x24, 0x0c,	      /* mov ecx, [esp + 12] */
	0x8b, 0x54, 0x24, 0x10,	      /* mov edx, [esp + 16] */
	0xb8, 0x00, 0x00, 0x00, 0x00, /* mov eax, NUMBER */
	0xcd, 0x80,		      /* int 0x80 */
	0x5b,			      /* pop ebx */
	0xc3,			      /* ret */
};

static void make_system_calls(struct process *p, const struct vdso *v)
{
	u32 made = 0;

	for (u32 n = 0; n < ARRAY_SIZE(functions); n++) {
		Elf32_Sym symbol;
		u8 *code;

		if (!find_function(v, functions[n].name, &symbol) || symbol.st_size < sizeof(system_call))
			continue;
		code = v->bytes + symbol.st_value;
		memcpy(code, system_call, sizeof(system_call));
		memcpy(code + NUMBER, &functions[n].number, sizeof(functions[n].number));
		made++;
	}
	fprintf(p->remarks, "vDSO: %u functions that read Linux's clocks are system calls now\n", made);
}

/* Nobody is to be inside of what has changed, or of what reads the clocks. */
static bool is_outside(const struct process *p, const struct vdso *v, const Elf32_Sym *vsyscall)
{
	u32 offset = (u32)p->image.cpu.ip - v->start;

	return offset >= v->size || offset - vsyscall->st_value < vsyscall->st_size;
}

bool process_vdso(struct process *p, const struct core *core)
{
	const struct segment *s = memory_segment(&p->memory, p->vdso);
	struct vdso v;
	Elf32_Sym vsyscall = {0};

	if (!p->vdso || !s)
		return true;
	v = (struct vdso){s->bytes, s->start, s->end - s->start};
	if (find_function(&v, "__kernel_vsyscall", &vsyscall))
		take_entry_away(p, &v, &vsyscall);
	if (!is_outside(p, &v, &vsyscall))
		return core_note_refuse(core_find_note(core, NT_PRSTATUS), "eip",
					offsetof(struct core_prstatus, pr_reg[12]), p->image.cpu.ip,
					"a process that is not in the vDSO's clocks: let it go on, and stop it again");
	make_system_calls(p, &v);
	return true;
}
