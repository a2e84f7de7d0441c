/* SPDX-License-Identifier: GPL-2.0-only */
/* cr86 diff: the states of two images, field by field. */
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "comparison.h"

const u8 comparison_zeros[PAGE_SIZE];

/* A difference: "RECORD.field...: A=x B=y". */
static void differ(struct comparison *c, const char *record, const char *field, const char *a, const char *b)
{
	printf("%s.%s: A=%s B=%s\n", record, field, a, b);
	c->differences++;
}

/* The first record of the type, or false. */
static bool find_record(const struct image *image, s32 type, struct record *record)
{
	struct record *previous = NULL;

	for (; image_next(image, previous, record); previous = record)
		if (record->hdr.type == type)
			return true;
	return false;
}

static void compare_payloads(struct comparison *c, s32 type, const u8 *a, const u8 *b)
{
	for (u32 n = 0; n < field_count; n++) {
		const struct field *f = &fields[n];
		char text_a[FIELD_TEXT_SIZE], text_b[FIELD_TEXT_SIZE];

		if (f->record != type || (f->writer && !c->all) || memcmp(a + f->offset, b + f->offset, f->size) == 0)
			continue;
		field_format(text_a, f, a);
		field_format(text_b, f, b);
		differ(c, cr_record_name(type), f->name, text_a, text_b);
	}
}

void compare_fields(struct comparison *c, s32 type)
{
	struct record a, b;

	if (find_record(&c->a.image, type, &a) && find_record(&c->b.image, type, &b))
		compare_payloads(c, type, a.payload, b.payload);
}

/* What an image without a SIGNAL record stands for is a record of zeros. */
static void compare_signals(struct comparison *c)
{
	struct cr_hdr_signal *a = &c->a.image.cr.signal, *b = &c->b.image.cr.signal;

	compare_payloads(c, CR_HDR_SIGNAL, (const u8 *)a, (const u8 *)b);
	for (u32 signo = 1; signo <= CR_SIGNALS; signo++) {
		char name[12], text_a[SIGNAL_TEXT_SIZE], text_b[SIGNAL_TEXT_SIZE];

		describe_signal(name, text_a, a, signo);
		describe_signal(name, text_b, b, signo);
		if (strcmp(text_a, text_b) != 0)
			differ(c, "SIGNAL", name, text_a, text_b);
	}
}

/* The task's id is the system's that wrote the image, not the task's own: another one may give it another. */
static void compare_pid(struct comparison *c)
{
	char a[12], b[12];

	if (!c->all || c->a.image.cr.pid == c->b.image.cr.pid)
		return;
	snprintf(a, sizeof(a), "%u", c->a.image.cr.pid);
	snprintf(b, sizeof(b), "%u", c->b.image.cr.pid);
	differ(c, "THREAD", "cr_hdr.parent", a, b);
}

static int compare(struct comparison *c)
{
	compare_fields(c, CR_HDR_HEAD);
	compare_fields(c, CR_HDR_TASK);
	compare_fields(c, CR_HDR_STRING);
	compare_memory(c);
	compare_ldt(c);
	compare_files(c);
	compare_pid(c);
	compare_tls(c);
	compare_cpu(c);
	compare_xstate(c);
	compare_signals(c);
	return c->differences ? STATUS_DIFFERENT : STATUS_OK;
}

static int diff(int argc, char **argv)
{
	struct comparison c = {0};
	int n = 1, status = STATUS_TROUBLE;

	for (; n < argc && argv[n][0] == '-' && argv[n][1]; n++) {
		if (strcmp(argv[n], "--help") == 0)
			return print_help(&diff_command);
		if (strcmp(argv[n], "--all") != 0)
			return usage(&diff_command, "no option '%s'", argv[n]);
		c.all = true;
	}
	if (n + 2 != argc)
		return usage(&diff_command, "two images, please");
	if (image_open(&c.a.image, argv[n]) && image_open(&c.b.image, argv[n + 1]))
		status = compare(&c);
	image_close(&c.a.image);
	image_close(&c.b.image);
	return status;
}

const struct command diff_command = {
	.name = "diff",
	.synopsis = "[--all] A B",
	.summary = "compare the states in two images, field by field",
	.run = diff,
	.help = "DESCRIPTION\n"
		"    Compares the state of the task in image A with that in image B and prints one line for each\n"
		"    difference, nothing where there is none:\n"
		"\n"
		"        CPU.xstate.mxcsr (MXCSR): A=00001f80 B=00001fc0  bits: DAZ 0\u21921\n"
		"        VMA: A=08048000-0804a000 r-x B=none\n"
		"        memory at 0804a010: A=00 B=2a  the first of 4 differing bytes in its page\n"
		"\n"
		"    State is compared, not bytes. A page, a component of extended state or an LDT descriptor that an\n"
		"    image leaves out is zero; x87 and SSE state that a task never used is the initial one. Where one\n"
		"    image has an FSAVE image and the other an FXSAVE image, the first is converted, so that the same\n"
		"    registers compare equal. What says something about the writing and not about the task does not\n"
		"    count: HEAD but for machine, the task's id, has_fxsr.\n"
		"\n"
		"OPTIONS\n"
		"    --all    compare that, too, and count it\n"
		"    --help   print this text\n"
		"\n"
		"EXIT STATUS\n"
		"    0   the same state\n"
		"    1   the states differ\n"
		"    2   an image could not be read or is not valid\n"
		"\n"
		"EXAMPLES\n"
		"    cr86 diff before.img after.img && echo nothing was lost\n",
};
