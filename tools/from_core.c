/* SPDX-License-Identifier: GPL-2.0-only */
/* cr86 from-core: a core file of Linux or gdb as an image. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "command.h"
#include "core_file.h"

/* --- From the core --- */

static bool read_notes(struct process *p, const struct core *core)
{
	if (!core_find_note(core, NT_PRSTATUS))
		return core_refuse(core, "notes", core->notes_offset, 0, "a note NT_PRSTATUS");
	for (u32 n = 0; n < CORE_NOTE_KINDS; n++) {
		const struct core_note *note = &core->notes[n];

		if (note->desc && note->kind->get && !note->kind->get(p, note))
			return false;
	}
	return true;
}

static bool read_process(struct process *p, const struct core *core, const char *program)
{
	if (!read_notes(p, core) || !process_memory(p, core, program) || !process_tls(p, core) ||
	    !process_vdso(p, core))
		return false;
	process_mm(p);
	return true;
}

/* --- To an image --- */

static int append(void *cookie, const void *buf, u32 count)
{
	return file_append(cookie, buf, count) ? 0 : -ENOMEM;
}

static bool uses_components(const struct process *p)
{
	for (u32 n = XSTATE_AVX; n < XSTATE_COMPONENTS; n++)
		if (p->component[n].bytes)
			return true;
	return false;
}

static struct cr_hdr_head make_head(const struct process *p)
{
	struct cr_hdr_head head;
	struct stat core;

	cr_head_init(&head);
	head.rev = uses_components(p) ? CR_REV_XSTATE : CR_REV_RFC;
	snprintf(head.version, sizeof(head.version), "from a core file");
	if (stat(p->path, &core) == 0)
		head.time = (u64)core.st_mtime; /* of the core is the time when the process was stopped */
	return head;
}

static bool write_records(struct file *image, const struct process *p)
{
	struct cr_ctx ctx = {.sink = append, .cookie = image};
	struct cr_hdr_head head = make_head(p);

	cr_write_head(&ctx, &head);
	cr_write_task(&ctx, p->image.comm);
	if (p->image.has_mm) {
		cr_write_mm(&ctx, &p->image.mm);
		memory_write(&ctx, &p->memory);
		cr_write_mm_context(&ctx, NULL, 0);
	}
	cr_write_thread(&ctx, p->image.pid, p->image.tls);
	cr_write_cpu(&ctx, p->image.pid, &p->image.cpu);
	for (u32 n = XSTATE_AVX; n < XSTATE_COMPONENTS; n++)
		if (p->component[n].bytes)
			cr_write_xstate(&ctx, p->image.pid, n, p->component[n].bytes, p->component[n].size);
	return cr_write_tail(&ctx) == 0;
}

/* What no image can hold shows here: the reader judges it as it would any other. */
static bool check_image(const struct file *image, const struct process *p)
{
	struct cr_error error;
	struct cr_image read;
	char why[256];

	if (image_validate(image->data, image->size, &read, &error) == 0)
		return true;
	cr_error_format(why, sizeof(why), &error);
	trouble("%s: no image can hold this: %s", p->path, why);
	return false;
}

static bool write_image(const struct process *p, const char *path)
{
	struct file image = {NULL, 0};
	bool ok = write_records(&image, p) && check_image(&image, p) && file_write(path, image.data, image.size);

	if (ok)
		printf("%s: %u bytes\n", path, image.size);
	file_free(&image);
	return ok;
}

/* --- The command --- */

static int image_of_core(struct process *p, const struct core *core, const char *program, const char *path)
{
	char *remarks = NULL;
	size_t size;
	bool ok;

	p->remarks = open_memstream(&remarks, &size);
	if (!p->remarks)
		return trouble("%s", strerror(ENOMEM));
	ok = read_process(p, core, program) && write_image(p, path);
	fclose(p->remarks);
	if (ok)
		fputs(remarks, stdout);
	free(remarks);
	free(p->files);
	memory_free(&p->memory);
	return ok ? STATUS_OK : STATUS_TROUBLE;
}

static int from_core(int argc, char **argv)
{
	struct argument arguments[] = {{.noun = "core"},
				       {.option = "-o", .noun = "image"},
				       {.option = "--program", .noun = "program", .optional = true}};
	static struct process process;
	struct core core;
	int status;

	if (!take_arguments(&from_core_command, argc, argv, arguments, ARRAY_SIZE(arguments), &status))
		return status;
	if (!core_open(&core, arguments[0].value))
		return STATUS_TROUBLE;
	memset(&process, 0, sizeof(process));
	process.path = core.path;
	status = image_of_core(&process, &core, arguments[2].value, arguments[1].value);
	core_close(&core);
	return status;
}

const struct command from_core_command = {
	.name = "from-core",
	.synopsis = "[--program FILE] CORE -o IMAGE",
	.summary = "make an image of a core file, to carry its process on",
	.run = from_core,
	.help = "DESCRIPTION\n"
		"    Makes an image of CORE: a core file of a statically linked 32-bit process with one thread that\n"
		"    Linux or gdb's gcore has written, or cr86 core. The process must have lived below c0000000, "
		"where\n"
		"    cr86's own memory begins: start it by setarch i386 --3gb PROGRAM.\n"
		"\n"
		"    Linux and gdb leave out of a core what is the same in the program's file. It is read from there,\n"
		"    by the name that CORE has of it or from FILE, whose pages must be those of CORE where that has\n"
		"    them.\n"
		"\n"
		"    What Linux x86-64 does in another way than i386, and what cr86 does not do, is changed. Each "
		"such\n"
		"    thing is told in a line:\n"
		"\n"
		"    - selectors and TLS entries have the numbers of i386: gs 0063 becomes 0033. Copies of a selector\n"
		"      in the process's memory stay as they are\n"
		"    - a core of gcore has no TLS descriptors: that of gs is made for the thread control block, which\n"
		"      is looked for in memory\n"
		"    - an interrupted system call (eax is -ERESTARTSYS and the like) is made again, from its start\n"
		"    - sysenter and syscall in the vDSO are taken away, so that it goes on to int 0x80; its functions\n"
		"      that tell the time become system calls\n"
		"    - the stack gets the 8 MiB to which Linux would let it grow\n"
		"    - of eflags what a task may not have is cleared; PKRU 55555554 is Linux's default and dropped\n"
		"\n"
		"    MM's bounds come from the program headers and the initial stack in memory, the end of the heap\n"
		"    from its mapping. Debug registers, the LDT, open files and signal handlers are not in a core.\n"
		"\n"
		"    IMAGE appears under its name only when it is complete and valid.\n"
		"\n"
		"OPTIONS\n"
		"    -o IMAGE         the file to write\n"
		"    --program FILE   the program, if it is not where CORE says\n"
		"    --help           print this text\n"
		"\n"
		"EXIT STATUS\n"
		"    0   IMAGE was written\n"
		"    2   CORE was refused, or a file could not be read or written\n"
		"\n"
		"EXAMPLES\n"
		"    setarch i386 --3gb ./program & gcore $!\n"
		"    cr86 from-core core.1234 -o program.img\n",
};
