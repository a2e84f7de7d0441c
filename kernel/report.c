/* SPDX-License-Identifier: GPL-2.0-only */
#include "report.h"
#include "cr.h"
#include "console.h"
#include "printf.h"
#include "string.h"
#include "tap.h"
#include "watch.h"

/* Registers are packed into lines of about this many characters. */
#define LINE_WIDTH 100

struct line {
	char text[LINE_WIDTH + CR_LINE_SIZE];
	u32 length;
};

static void flush(struct line *line)
{
	if (line->length)
		console_print("%s", line->text);
	line->length = 0;
}

static void add(struct line *line, const char *text)
{
	u32 length = strlen(text);

	if (line->length && line->length + 2 + length > LINE_WIDTH)
		flush(line);
	line->length += (u32)lib_snprintf(line->text + line->length, sizeof(line->text) - line->length, "%s%s",
					  line->length ? "  " : "", text);
}

/* General registers and segments always; of the others those that hold something. i386 has no 64-bit registers. */
static bool worth_showing(const struct cr_register *r, const void *value)
{
	if (r->group == CR_GROUP_GENERAL || r->group == CR_GROUP_SEGMENTS)
		return true;
	return r->group != CR_GROUP_GENERAL_64 && r->group != CR_GROUP_RECORD && !xstate_is_zero(value, r->size);
}

/* A processor that cannot forbid fetches does not tell them from reads either. */
static const char *access(u32 error)
{
	if (error & PF_WRITE)
		return "a write";
	if (error & PF_FETCH)
		return "a fetch";
	return paging_has_nx() ? "a read" : "a read or fetch";
}

void report_fault(struct task *t, const struct trap_frame *frame, u32 cr2)
{
	static struct cr_hdr_cpu cpu;
	struct line line = {.length = 0};
	char text[CR_LINE_SIZE];

	console_print("[%u %s] ended by %s at eip %08x: error code %x", t->pid, t->comm, trap_name(frame->vector),
		      frame->eip, frame->error);
	if (frame->vector == TRAP_PF)
		console_print("address %08x: %s of %s", cr2, access(frame->error),
			      frame->error & PF_PRESENT ? "a page that does not allow it" : "a page that is not there");
	checkpoint_gather(t, &cpu);
	for (u32 n = 0; n < cr_register_count; n++) {
		const struct cr_register *r = &cr_registers[n];
		const void *value = checkpoint_find(r, t->context.tls, &t->context.fpu, &cpu);

		if (!value || !worth_showing(r, value))
			continue;
		cr_register_format(text, sizeof(text), r, value);
		add(&line, text);
	}
	flush(&line);
}

void report_end(struct task *t, bool passed, const char *why)
{
	bool skipped = passed && why;

	if (t->column)
		console_print("[%u %s] its last line has no end", t->pid, t->comm);
	if (!watch_end || !watch_end(t, passed, why))
		tap_result(passed, "run %s%s%s", t->comm, why ? " # " : "", why ? why : "");
	if (t->every.restarts)
		console_print("%s was restarted %u times", t->comm, t->every.restarts);
	if (t->checkpoint_at != NO_CHECKPOINT)
		tap_result(skipped, "checkpoint %s # %s", t->comm, skipped ? why : "it ended before");
	task_destroy(t);
}
