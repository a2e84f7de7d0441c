/* SPDX-License-Identifier: GPL-2.0-only */
/* cr86 check: the reader's full validation. */
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "image.h"

static int check(int argc, char **argv)
{
	int status = STATUS_OK, first = 1;

	if (argc > 1 && strcmp(argv[1], "--help") == 0)
		return print_help(&check_command);
	if (argc > 1 && strcmp(argv[1], "--") == 0)
		first = 2;
	else if (argc > 1 && argv[1][0] == '-' && argv[1][1])
		return usage(&check_command, "no option '%s'", argv[1]);
	if (first >= argc)
		return usage(&check_command, "which image?");
	for (int n = first; n < argc; n++) {
		struct image image;

		if (!image_open(&image, argv[n])) {
			status = STATUS_TROUBLE;
			continue;
		}
		printf("%s: ok: task %s, %u bytes, %u pages\n", argv[n], image.comm, image.cr.size,
		       image.cr.vmas.nr_pages);
		image_close(&image);
	}
	return status;
}

const struct command check_command = {
	.name = "check",
	.synopsis = "IMAGE...",
	.summary = "validate images",
	.run = check,
	.help = "DESCRIPTION\n"
		"    Validates each IMAGE with the code that the kernel runs before a restart, for a machine that has\n"
		"    every feature the format can carry: the order and length of all records, every field's range,\n"
		"    selectors against descriptors, breakpoints against user space, reserved bytes and bits. Prints "
		"one\n"
		"    line for each good image to standard output and one for each bad one, with record, field, "
		"offset,\n"
		"    what was found and what was expected, to standard error. An image is a file that ends with TAIL;\n"
		"    bytes after it are refused.\n"
		"\n"
		"    A machine that lacks a feature (SSE, a component of extended state, bits of MXCSR_MASK) may "
		"still\n"
		"    refuse an image that this command accepts.\n"
		"\n"
		"OPTIONS\n"
		"    --help   print this text\n"
		"\n"
		"EXIT STATUS\n"
		"    0   all images are valid\n"
		"    2   at least one is not, or could not be read\n"
		"\n"
		"EXAMPLES\n"
		"    cr86 check images/*.img\n",
};
