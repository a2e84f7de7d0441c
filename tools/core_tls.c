/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * gdb's gcore writes no TLS descriptors. What gs refers to can be found all the same: the thread control block, whose
 * first word is its own address, as the i386 ABI for TLS has it; glibc and musl have it in the third once more, and
 * AT_SYSINFO in the fifth. The descriptor is the one that both libraries ask for: all of memory from there on.
 */
#include <string.h>

#include "core_notes.h"

enum { SELF = 0, SELF_AGAIN = 8, SYSINFO = 16 };

static bool is_control_block(const struct process *p, u32 address)
{
	u32 self, again, sysinfo;

	return memory_word(&p->memory, address + SELF, &self) && self == address &&
	       memory_word(&p->memory, address + SELF_AGAIN, &again) && again == address &&
	       memory_word(&p->memory, address + SYSINFO, &sysinfo) && sysinfo == p->sysinfo;
}

/* The only one; 0: there is none, or more than one. */
static u32 find_control_block(const struct process *p)
{
	u32 found = 0, count = 0;

	for (u32 n = 0; n < p->memory.count; n++) {
		const struct segment *s = &p->memory.segments[n];

		for (u32 address = s->start; s->flags & VM_WRITE && address < s->end; address += sizeof(u32)) {
			if (!is_control_block(p, address))
				continue;
			found = address;
			count++;
		}
	}
	return count == 1 ? found : 0;
}

bool process_tls(struct process *p, const struct core *core)
{
	u32 gs = (u32)p->image.cpu.gs, slot = SELECTOR_INDEX(gs) - GDT_ENTRY_TLS_MIN;
	struct user_desc d = {.limit = 0xfffff, .flags = SEG_32BIT | LIMIT_IN_PAGES | USEABLE};

	if (p->has_tls || gs & SELECTOR_TI || slot >= CR_TLS_ENTRIES)
		return true;
	d.base_addr = p->sysinfo ? find_control_block(p) : 0;
	if (!d.base_addr)
		return core_note_refuse(core_find_note(core, NT_PRSTATUS), "xgs",
					offsetof(struct core_prstatus, pr_reg[10]), gs,
					"a note NT_386_TLS, or one thread control block in memory, for its segment");
	p->image.tls[slot] = user_desc_to_descriptor(&d);
	fprintf(p->remarks, "TLS: no NT_386_TLS; the thread control block is at %08x\n", d.base_addr);
	return true;
}
