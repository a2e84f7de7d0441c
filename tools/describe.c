/* SPDX-License-Identifier: GPL-2.0-only */
#include <stdio.h>
#include <string.h>

#include "describe.h"
#include "signals.h"

static const char *const data_types[8] = {
	"data, read-only",
	"data, read-only, accessed",
	"data, read/write",
	"data, read/write, accessed",
	"data, expand-down, read-only",
	"data, expand-down, read-only, accessed",
	"data, expand-down, read/write",
	"data, expand-down, read/write, accessed",
};

static const char *const code_types[8] = {
	"code, execute-only",
	"code, execute-only, accessed",
	"code, execute/read",
	"code, execute/read, accessed",
	"code, conforming, execute-only",
	"code, conforming, execute-only, accessed",
	"code, conforming, execute/read",
	"code, conforming, execute/read, accessed",
};

static void describe_descriptor(struct note notes[NOTES], u64 d)
{
	u32 type = DESC_TYPE(d);

	memset(notes, 0, NOTES * sizeof(notes[0]));
	if (!d)
		return;
	notes[0].key = "base";
	snprintf(notes[0].text, sizeof(notes[0].text), "%08x", desc_base(d));
	notes[1].key = "limit";
	snprintf(notes[1].text, sizeof(notes[1].text), "%08x", desc_limit(d));
	notes[2].key = "segment";
	snprintf(notes[2].text, sizeof(notes[2].text), "%s%s",
		 (type & DESC_TYPE_CODE ? code_types : data_types)[type & 7], d & DESC_P ? "" : ", not present");
}

/* The tag of ST(n) in either form: physical register TOP + n. */
static u32 tag_of(const struct cr_hdr_cpu *cpu, u32 n)
{
	u32 top, tags;

	if (cpu->has_fxsr) {
		struct fxsave fx;

		memcpy(&fx, cpu->xstate, sizeof(fx));
		top = fx.fsw >> 11 & 7;
		tags = fxsave_tag_word(&fx);
	} else {
		struct fsave fs;

		memcpy(&fs, cpu->xstate, sizeof(fs));
		top = fs.fsw >> 11 & 7;
		tags = fs.ftw;
	}
	return tags >> 2 * ((top + n) & 7) & 3;
}

void describe_register(struct note notes[NOTES], const struct cr_register *r, const void *value,
		       const struct cr_hdr_cpu *cpu)
{
	static const char *const tags[4] = {"valid", "zero", "special", "empty"};
	u64 descriptor;
	u32 n;

	memset(notes, 0, NOTES * sizeof(notes[0]));
	if (r->group == CR_GROUP_TLS) {
		memcpy(&descriptor, value, sizeof(descriptor));
		describe_descriptor(notes, descriptor);
	} else if (cpu && r->group == CR_GROUP_X87 && sscanf(r->name, "ST%u", &n) == 1) {
		notes[0].key = "tag";
		snprintf(notes[0].text, sizeof(notes[0].text), "%s", tags[tag_of(cpu, n)]);
	}
}

void describe_vma_flags(char text[4], u64 vm_flags)
{
	text[0] = vm_flags & VM_READ ? 'r' : '-';
	text[1] = vm_flags & VM_WRITE ? 'w' : '-';
	text[2] = vm_flags & VM_EXEC ? 'x' : '-';
	text[3] = '\0';
}

void ldt_row_init(struct ldt_row *ldt, u32 index)
{
	const struct cr_register *r = cr_registers;

	while (r->group != CR_GROUP_TLS)
		r++;
	ldt->row = *r;
	snprintf(ldt->name, sizeof(ldt->name), "ldt[%u]", index);
	ldt->row.name = ldt->row.field = ldt->name;
	ldt->row.record = CR_HDR_MM_CONTEXT;
}

void describe_component(char text[24], u32 component)
{
	const char *name = xstate_component_name(component);

	if (name)
		snprintf(text, 24, "%s", name);
	else
		snprintf(text, 24, "component %u", component);
}

void describe_signal(char name[12], char text[SIGNAL_TEXT_SIZE], const struct cr_hdr_signal *signal, u32 signo)
{
	const struct cr_signal_action *action = &signal->action[signo - 1];
	const struct cr_signal_info *info = &signal->info[signo - 1];
	int length;

	signal_name(signo, name);
	length = snprintf(text, SIGNAL_TEXT_SIZE, "handler %08llx, flags %08x, mask %016llx, restorer %08llx",
			  (unsigned long long)action->handler, action->flags, (unsigned long long)action->mask,
			  (unsigned long long)action->restorer);
	if (signal->pending & SIGNAL_BIT(signo))
		snprintf(text + length, (size_t)(SIGNAL_TEXT_SIZE - length), ", pending: si_code %d, si_pid %u",
			 info->code, info->pid);
}

bool register_in_form(const struct cr_register *r, const struct cr_hdr_cpu *cpu)
{
	return r->form == CR_FORM_ANY || (r->form == CR_FORM_FXSAVE) == (cpu->has_fxsr != 0);
}
