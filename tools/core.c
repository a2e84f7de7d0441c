/* SPDX-License-Identifier: GPL-2.0-only */
/* cr86 core: an image as a core file. */
#include <string.h>

#include "command.h"
#include "core_file.h"

static void take_components(struct process *p, const struct image *image)
{
	for (u32 n = XSTATE_AVX; n < XSTATE_COMPONENTS; n++) {
		if (!(image->cr.xstate_bv >> n & 1))
			continue;
		p->component[n].bytes = image->file.data + image->cr.xstate[n].pos;
		p->component[n].size = image->cr.xstate[n].size;
	}
}

static int core_of_image(const struct image *image, const char *path)
{
	static struct process p;
	int status = STATUS_TROUBLE, ret = memory_from_image(&p.memory, image);

	p.path = image->path;
	p.image = image->cr;
	take_components(&p, image);
	if (ret < 0)
		trouble("%s: %s", image->path, strerror(-ret));
	else if (core_write(&p, path))
		status = STATUS_OK;
	memory_free(&p.memory);
	return status;
}

static int core(int argc, char **argv)
{
	struct argument arguments[] = {{.noun = "image"}, {.option = "-o", .noun = "core"}};
	struct image image;
	int status;

	if (!take_arguments(&core_command, argc, argv, arguments, ARRAY_SIZE(arguments), &status))
		return status;
	if (!image_open(&image, arguments[0].value))
		return STATUS_TROUBLE;
	status = core_of_image(&image, arguments[1].value);
	image_close(&image);
	return status;
}

const struct command core_command = {
	.name = "core",
	.synopsis = "IMAGE -o CORE",
	.summary = "make a core file of an image, for a debugger",
	.run = core,
	.help = "DESCRIPTION\n"
		"    Writes the task in IMAGE as a core file of Linux i386, which gdb and other tools can read: gdb\n"
		"    PROGRAM CORE shows registers, memory and, where PROGRAM has symbols, the backtrace. CORE holds\n"
		"\n"
		"        NT_PRSTATUS    general and segment registers, the task's id\n"
		"        NT_PRPSINFO    its name and arguments\n"
		"        NT_AUXV        its auxiliary vector, if that is on its stack where the kernel put it\n"
		"        NT_386_TLS     its TLS descriptors\n"
		"        NT_FPREGSET    x87 state; with NT_PRXFPREG SSE state, too; with NT_X86_XSTATE extended state\n"
		"        PT_LOAD        one for each VMA, if the image has memory\n"
		"\n"
		"    NT_X86_XSTATE has its components where Intel's processors have them, which gdb takes for "
		"granted.\n"
		"    A note of state that the task does not have is left out.\n"
		"\n"
		"    A core file has no place for debug registers, the LDT, and MM's bounds of code, data and heap. "
		"It\n"
		"    does not keep the accessed bit of TLS descriptors.\n"
		"\n"
		"    Pages of zeros are holes in CORE where the file system has such. CORE appears under its name "
		"only\n"
		"    when it is complete.\n"
		"\n"
		"OPTIONS\n"
		"    -o CORE   the file to write\n"
		"    --help    print this text\n"
		"\n"
		"EXIT STATUS\n"
		"    0   CORE was written\n"
		"    2   IMAGE could not be read or is not valid, or CORE could not be written\n"
		"\n"
		"EXAMPLES\n"
		"    cr86 core traveller.img -o traveller.core\n"
		"    gdb -ex bt -ex 'info all-registers' traveller traveller.core\n",
};
