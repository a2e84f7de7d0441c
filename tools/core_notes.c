/* SPDX-License-Identifier: GPL-2.0-only */
/* Each note, from a process and to one. */
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "core_notes.h"
#include "initial_stack.h"

/* --- PRSTATUS: registers --- */

/* The order of struct user_regs_struct on i386 */
static const struct {
	const char *name;
	u16 offset;
	bool selector;
} regs[CORE_REGS] = {
#define REG(name, field, selector)                                                                                     \
	{                                                                                                              \
		name, offsetof(struct cr_hdr_cpu, field), selector                                                     \
	}
	REG("ebx", bx, false), REG("ecx", cx, false), REG("edx", dx, false),	   REG("esi", si, false),
	REG("edi", di, false), REG("ebp", bp, false), REG("eax", ax, false),	   REG("xds", ds, true),
	REG("xes", es, true),  REG("xfs", fs, true),  REG("xgs", gs, true),	   REG("orig_eax", orig_ax, false),
	REG("eip", ip, false), REG("xcs", cs, true),  REG("eflags", flags, false), REG("esp", sp, false),
	REG("xss", ss, true),
};

static u64 *reg_field(struct cr_hdr_cpu *cpu, u32 n)
{
	return (u64 *)((u8 *)cpu + regs[n].offset);
}

static bool put_prstatus(const struct process *p, struct file *desc)
{
	struct cr_hdr_cpu cpu = p->image.cpu;
	struct core_prstatus status = {.pr_pid = p->image.pid, .pr_fpvalid = cpu.used_math};

	for (u32 n = 0; n < CORE_REGS; n++)
		status.pr_reg[n] = (u32)*reg_field(&cpu, n);
	return file_append(desc, &status, sizeof(status));
}

/* Of a 32-bit process under Linux x86-64: three TLS entries and flat code and data, elsewhere in the GDT. */
enum { X86_64_TLS_MIN = 12, X86_64_USER_CS = 0x23, X86_64_USER_DS = 0x2b };

/* The selector of the same segment on i386. */
static u32 selector_of_i386(u32 selector)
{
	u32 entry = SELECTOR_INDEX(selector) - X86_64_TLS_MIN;

	if (selector == X86_64_USER_CS)
		return USER_CS;
	if (selector == X86_64_USER_DS)
		return USER_DS;
	return entry < CR_TLS_ENTRIES ? SELECTOR(GDT_ENTRY_TLS_MIN + entry, selector & 7) : selector;
}

static void get_selectors(struct process *p)
{
	struct cr_hdr_cpu *cpu = &p->image.cpu;

	p->x86_64 = (u16)cpu->cs == X86_64_USER_CS;
	for (u32 n = 0; n < CORE_REGS; n++) {
		u64 *field = reg_field(cpu, n);
		u32 selector = (u16)*field; /* pushed by the CPU, which leaves anything above (SDM 2B, PUSH) */

		if (!regs[n].selector)
			continue;
		*field = p->x86_64 ? selector_of_i386(selector) : selector;
		if (*field != selector)
			fprintf(p->remarks, "%s: %04x on x86-64 is %04x on i386\n", regs[n].name + 1, selector,
				(u32)*field);
	}
}

static bool get_flags(struct process *p, const struct core_note *note)
{
	u64 *flags = &p->image.cpu.flags, before = *flags;

	if (before & EFLAGS_VM)
		return core_note_refuse(note, "eflags", offsetof(struct core_prstatus, pr_reg[14]), before,
					"VM clear: no virtual-8086 mode");
	*flags = (before & EFLAGS_USER_MAY) | EFLAGS_USER_ALWAYS;
	if (*flags != before)
		fprintf(p->remarks, "eflags: %08x becomes %08x, what a task may have (FORMAT.md, row 9)\n", (u32)before,
			(u32)*flags);
	return true;
}

/*
 * Linux's own errors, which a process never gets to see: they tell the kernel, on the way out of an interrupted system
 * call, to have it made again (arch/x86/kernel/signal.c). `int 0x80` has 2 bytes. -516 asks for restart_syscall, which
 * goes on where the kernel's restart block says; there is none in a core, so the call is made again from its start.
 */
static void restart_system_call(struct process *p)
{
	enum { ERESTARTSYS = 512, ERESTARTNOINTR = 513, ERESTARTNOHAND = 514, ERESTART_RESTARTBLOCK = 516 };
	struct cr_hdr_cpu *cpu = &p->image.cpu;

	switch ((u32)cpu->orig_ax >> 31 ? 0 : -(u32)cpu->ax) {
	case ERESTARTSYS:
	case ERESTARTNOINTR:
	case ERESTARTNOHAND:
	case ERESTART_RESTARTBLOCK:
		fprintf(p->remarks, "system call %u was interrupted: it is made again\n", (u32)cpu->orig_ax);
		cpu->ax = cpu->orig_ax;
		cpu->ip = (u32)cpu->ip - 2;
		cpu->orig_ax = 0xffffffff;
		break;
	default:
		break;
	}
}

static bool get_prstatus(struct process *p, const struct core_note *note)
{
	struct core_prstatus status;

	memcpy(&status, note->desc, sizeof(status));
	if (status.pr_pid == 0 || status.pr_pid > 0x7fffffff)
		return core_note_refuse(note, "pr_pid", offsetof(struct core_prstatus, pr_pid), status.pr_pid,
					"the task's id, 1 or more");
	p->image.pid = status.pr_pid;
	for (u32 n = 0; n < CORE_REGS; n++)
		*reg_field(&p->image.cpu, n) = status.pr_reg[n];
	get_selectors(p);
	if (!get_flags(p, note))
		return false;
	restart_system_call(p);
	if (status.pr_sigpend || status.pr_sighold)
		fprintf(p->remarks, "signals: pending %08x and blocked %08x are left behind\n", status.pr_sigpend,
			status.pr_sighold);
	return true;
}

/* --- PRPSINFO: names --- */

/* The arguments as ps shows them: their NULs are blanks. Where there are none in memory, the task's name. */
static void put_psargs(const struct process *p, char *psargs, u32 size)
{
	u32 start = (u32)p->image.mm.arg_start, end = (u32)p->image.mm.arg_end;
	u32 length = end <= start ? 0 : end - start < size ? end - start - 1 : size - 1;
	const u8 *arguments = memory_at(&p->memory, start, length);

	if (!arguments || !length)
		memcpy(psargs, p->image.comm, CR_TASK_COMM_LEN);
	for (u32 n = 0; arguments && n < length; n++)
		psargs[n] = arguments[n] ? (char)arguments[n] : ' ';
}

static bool put_prpsinfo(const struct process *p, struct file *desc)
{
	struct core_prpsinfo info = {.pr_sname = 'R', .pr_pid = p->image.pid};

	memcpy(info.pr_fname, p->image.comm, sizeof(info.pr_fname));
	put_psargs(p, info.pr_psargs, sizeof(info.pr_psargs));
	return file_append(desc, &info, sizeof(info));
}

static bool get_prpsinfo(struct process *p, const struct core_note *note)
{
	const char *name = (const char *)note->desc + offsetof(struct core_prpsinfo, pr_fname);

	strncpy(p->image.comm, name, CR_TASK_COMM_LEN - 1);
	return true;
}

/* --- AUXV and FILE: what the program was told, what of it are files --- */

static bool put_auxv(const struct process *p, struct file *desc)
{
	u32 size;
	const u8 *auxv = initial_stack_auxv(&p->memory, (u32)p->image.mm.start_stack, &size);

	return auxv ? file_append(desc, auxv, size) : true;
}

static bool get_auxv(struct process *p, const struct core_note *note)
{
	Elf32_auxv_t entry = {.a_type = AT_IGNORE};

	p->auxv = note->desc;
	while (entry.a_type != AT_NULL) {
		if (p->auxv_size == note->size)
			return core_note_refuse(note, "", note->size, 0, "AT_NULL at its end");
		memcpy(&entry, note->desc + p->auxv_size, sizeof(entry));
		p->auxv_size += (u32)sizeof(entry);
		if (entry.a_type == AT_ENTRY)
			p->entry = entry.a_un.a_val;
		else if (entry.a_type == AT_SYSINFO)
			p->sysinfo = entry.a_un.a_val;
		else if (entry.a_type == AT_SYSINFO_EHDR)
			p->vdso = entry.a_un.a_val;
	}
	return true;
}

static bool get_files(struct process *p, const struct core_note *note, u32 count)
{
	u32 at = (u32)sizeof(struct core_files), names = at + count * (u32)sizeof(struct core_file_range);

	for (; p->file_count < count; p->file_count++, at += (u32)sizeof(struct core_file_range)) {
		const char *name = (const char *)note->desc + names, *nul = memchr(name, 0, note->size - names);
		struct core_file_range range;

		memcpy(&range, note->desc + at, sizeof(range));
		if (!nul)
			return core_note_refuse(note, "name", names, p->file_count,
						"a name for each range, ended by a NUL");
		if (range.start % PAGE_SIZE || range.end > MEMORY_END || range.start > range.end)
			return core_note_refuse(note, "start", at, range.start, "whole pages below c0000000");
		p->files[p->file_count] = (struct process_file){range.start, range.end, name};
		if (p->entry >= range.start && p->entry < range.end)
			p->program = name; /* the program is the file that the entry point lies in */
		names += (u32)(nul + 1 - name);
	}
	return true;
}

static bool get_file(struct process *p, const struct core_note *note)
{
	struct core_files files;

	if (note->size < sizeof(files))
		return core_note_refuse(note, "descsz", 0, note->size, "a count and a page size");
	memcpy(&files, note->desc, sizeof(files));
	if (files.count > (note->size - sizeof(files)) / sizeof(struct core_file_range))
		return core_note_refuse(note, "count", 0, files.count, "as many ranges as the note has room for");
	p->files = calloc(files.count + 1, sizeof(*p->files));
	if (!p->files) {
		trouble("%s: %s", p->path, strerror(ENOMEM));
		return false;
	}
	return get_files(p, note, files.count);
}

/* --- TLS --- */

static bool put_tls(const struct process *p, struct file *desc)
{
	bool ok = true;

	for (u32 n = 0; n < CR_TLS_ENTRIES && ok; n++) {
		struct user_desc d = user_desc_from_descriptor(GDT_ENTRY_TLS_MIN + n, p->image.tls[n]);

		ok = file_append(desc, &d, sizeof(d));
	}
	return ok;
}

static bool get_tls(struct process *p, const struct core_note *note)
{
	u32 first = p->x86_64 ? X86_64_TLS_MIN : GDT_ENTRY_TLS_MIN;

	for (u32 at = 0; at < note->size; at += (u32)sizeof(struct user_desc)) {
		struct user_desc d;

		memcpy(&d, note->desc + at, sizeof(d));
		if (d.entry_number - first >= CR_TLS_ENTRIES)
			return core_note_refuse(note, "entry_number", at, d.entry_number,
						p->x86_64 ? "12 to 14, since cs is 0023"
							  : "6 to 8, since cs is not 0023");
		p->image.tls[d.entry_number - first] = user_desc_to_descriptor(&d);
	}
	p->has_tls = true;
	return true;
}

/* gdb takes the first note that it sees as the thread's, so PRSTATUS is the first. Of the FPU's, the last says most. */
const struct core_note_kind core_note_kinds[] = {
	{NT_PRSTATUS, "CORE", "NT_PRSTATUS", sizeof(struct core_prstatus), false, put_prstatus, get_prstatus},
	{NT_PRPSINFO, "CORE", "NT_PRPSINFO", sizeof(struct core_prpsinfo), false, put_prpsinfo, get_prpsinfo},
	{NT_AUXV, "CORE", "NT_AUXV", sizeof(Elf32_auxv_t), true, put_auxv, get_auxv},
	{NT_FILE, "CORE", "NT_FILE", 1, true, NULL, get_file},
	{NT_386_TLS, "LINUX", "NT_386_TLS", sizeof(struct user_desc), true, put_tls, get_tls},
	{NT_FPREGSET, "CORE", "NT_FPREGSET", sizeof(struct fsave), false, put_prfpreg, get_prfpreg},
	{NT_PRXFPREG, "LINUX", "NT_PRXFPREG", sizeof(struct fxsave), false, put_prxfpreg, get_prxfpreg},
	{NT_X86_XSAVE_LAYOUT, "LINUX", "NT_X86_XSAVE_LAYOUT", 16, true, NULL, NULL},
	{NT_X86_XSTATE, "LINUX", "NT_X86_XSTATE", 1, true, put_xstate, get_xstate},
};
_Static_assert(ARRAY_SIZE(core_note_kinds) == CORE_NOTE_KINDS, "a place in struct core for each");
