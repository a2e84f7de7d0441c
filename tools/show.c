/* SPDX-License-Identifier: GPL-2.0-only */
/* cr86 show: every record of an image and every register in it. */
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "printer.h"

static void show_fields(const struct printer *p, const struct record *record)
{
	for (u32 n = 0; n < field_count; n++) {
		char text[FIELD_TEXT_SIZE];

		if (fields[n].record != record->hdr.type)
			continue;
		field_format(text, &fields[n], record->payload);
		p->field(fields[n].name, text, fields[n].kind == FIELD_DECIMAL || fields[n].kind == FIELD_SIGNED);
	}
}

/* One group of the registers that `base` holds: a CPU record's payload, the raw descriptors, or a component's bytes. */
static void show_group(const struct printer *p, s16 record, u32 component, enum cr_group group, const u8 *base,
		       const struct cr_hdr_cpu *cpu)
{
	bool any = false;

	for (u32 n = 0; n < cr_register_count; n++) {
		const struct cr_register *r = &cr_registers[n];
		struct note notes[NOTES];

		if (r->record != record || r->group != group || r->component != component ||
		    (cpu && !register_in_form(r, cpu)))
			continue;
		if (!any)
			p->registers_begin(cr_group_name[group]);
		any = true;
		describe_register(notes, r, base + r->offset, cpu);
		p->reg(r, base + r->offset, notes);
	}
	if (any)
		p->registers_end();
}

/*
 * Groups that say nothing are left out: the registers of x86-64 in an image of i386, x87 and SSE where used_math is 0
 * (their bytes are no state then), SSE in an FSAVE image.
 */
static void show_cpu(const struct printer *p, const struct image *image, const struct record *record)
{
	struct cr_hdr_cpu cpu;

	memcpy(&cpu, record->payload, sizeof(cpu));
	show_group(p, CR_HDR_CPU, 0, CR_GROUP_RECORD, record->payload, &cpu);
	for (int group = 0; group < CR_GROUP_RECORD; group++) {
		if (group == CR_GROUP_GENERAL_64 && strcmp(image->cr.head.machine, "x86_64") != 0)
			continue;
		if ((group == CR_GROUP_X87 || group == CR_GROUP_SSE) && !cpu.used_math)
			continue;
		show_group(p, CR_HDR_CPU, 0, (enum cr_group)group, record->payload, &cpu);
	}
}

static void show_ldt(const struct printer *p, const struct record *record)
{
	if (!record->raw_size)
		return;
	p->registers_begin("LDT descriptors");
	for (u32 n = 0; n < record->raw_size / CR_LDT_ENTRY_SIZE; n++) {
		const u8 *descriptor = record->raw + n * CR_LDT_ENTRY_SIZE;
		struct note notes[NOTES];
		struct ldt_row ldt;

		ldt_row_init(&ldt, n);
		describe_register(notes, &ldt.row, descriptor, NULL);
		p->reg(&ldt.row, descriptor, notes);
	}
	p->registers_end();
}

static bool has_registers(u32 component)
{
	for (u32 n = 0; n < cr_register_count; n++)
		if (cr_registers[n].record == CR_HDR_XSTATE && cr_registers[n].component == component)
			return true;
	return false;
}

/* By register where the component is one that the table knows, else byte by byte. Bytes that are not there are zero. */
static void show_xstate(const struct printer *p, const struct record *record)
{
	u8 state[INT16_MAX] = {0}; /* more than cr_hdr.len allows */
	struct cr_hdr_xstate hh;
	char name[24];

	memcpy(&hh, record->payload, sizeof(hh));
	memcpy(state, record->payload + sizeof(hh), hh.size);
	describe_component(name, hh.component);
	p->field("name", name, false);
	if (has_registers(hh.component))
		show_group(p, CR_HDR_XSTATE, hh.component, CR_GROUP_XSTATE, state, NULL);
	else
		p->bytes(state, hh.size);
}

static void show_vma(const struct printer *p, const struct record *record)
{
	struct cr_hdr_vma vma;
	char access[4];

	memcpy(&vma, record->payload, sizeof(vma));
	describe_vma_flags(access, vma.vm_flags);
	p->field("access", access, false);
}

static void show_record(const struct printer *p, const struct image *image, const struct record *record)
{
	struct pages pages;

	p->record_begin(record, cr_record_name(record->hdr.type));
	show_fields(p, record);
	switch (record->hdr.type) {
	case CR_HDR_VMA:
		show_vma(p, record);
		break;
	case CR_HDR_PGARR:
		pages = record_pages(record);
		p->pages(&pages);
		break;
	case CR_HDR_MM_CONTEXT:
		show_ldt(p, record);
		break;
	case CR_HDR_THREAD:
		show_group(p, CR_HDR_THREAD, 0, CR_GROUP_TLS, record->raw, NULL);
		break;
	case CR_HDR_CPU:
		show_cpu(p, image, record);
		break;
	case CR_HDR_XSTATE:
		show_xstate(p, record);
		break;
	default:
		break;
	}
	p->record_end();
}

static int show(int argc, char **argv)
{
	const struct printer *p = &text_printer;
	struct record record, *previous = NULL;
	struct image image;
	int n = 1;

	for (; n < argc && argv[n][0] == '-' && argv[n][1]; n++) {
		if (strcmp(argv[n], "--help") == 0)
			return print_help(&show_command);
		if (strcmp(argv[n], "--json") != 0)
			return usage(&show_command, "no option '%s'", argv[n]);
		p = &json_printer;
	}
	if (n + 1 != argc)
		return usage(&show_command, n < argc ? "one image at a time" : "which image?");
	if (!image_open(&image, argv[n]))
		return STATUS_TROUBLE;
	p->image_begin(&image);
	while (image_next(&image, previous, &record)) {
		show_record(p, &image, &record);
		previous = &record;
	}
	p->image_end();
	image_close(&image);
	return STATUS_OK;
}

const struct command show_command = {
	.name = "show",
	.synopsis = "[--json] IMAGE",
	.summary = "print every record and every register of an image",
	.run = show,
	.help = "DESCRIPTION\n"
		"    Prints every record of IMAGE in the order of the file: its name, its offset in the file, the\n"
		"    length of its payload, the raw bytes that follow it, the task's id where it has one; then its\n"
		"    fields. Registers are printed by the manual's name, in hexadecimal, most significant digit "
		"first,\n"
		"    in groups of 16 digits where they are longer; then the names of the bits that are set, and\n"
		"    NAME=VALUE for fields of several bits that are not 0.\n"
		"\n"
		"    TLS and LDT descriptors are decoded (base, limit in bytes, type). Of each x87 data register the "
		"tag\n"
		"    is told: valid, zero, special (infinity, NaN, denormal, unsupported) or empty. Registers that "
		"carry\n"
		"    no state are left out: r8 to r15 in an image of i386, x87 and SSE where used_math is 0. "
		"Components\n"
		"    of extended state whose registers cr86 has no names for are printed as bytes. Of memory the VMAs\n"
		"    and the addresses of the pages are printed, not the contents.\n"
		"\n"
		"OPTIONS\n"
		"    --json   print one JSON object with the same content. Registers and addresses are strings of\n"
		"             hexadecimal digits; counts, sizes, offsets and fields of bits are numbers.\n"
		"    --help   print this text\n"
		"\n"
		"EXIT STATUS\n"
		"    0   printed\n"
		"    2   IMAGE could not be read or is not valid; nothing is printed then but the reason\n"
		"\n"
		"EXAMPLES\n"
		"    cr86 show traveller.img\n"
		"    cr86 show --json traveller.img | jq '.records[] | select(.record == \"CPU\")'\n",
};
