/* SPDX-License-Identifier: GPL-2.0-only */
/* cr86 diff: registers and descriptors, by the table of all registers. */
#include <stdio.h>
#include <string.h>

#include "comparison.h"

static void print_bits(const struct cr_register *r, const u8 *a, const u8 *b)
{
	const char *separator = "  bits: ";

	for (const struct cr_bits *bits = r->bits; bits && bits->name; bits++) {
		u64 x = cr_bits_value(bits, r, a), y = cr_bits_value(bits, r, b);

		if (x == y)
			continue;
		printf("%s%s %llx\u2192%llx", separator, bits->name, (unsigned long long)x, (unsigned long long)y);
		separator = ", ";
	}
}

/* `owner` is what stands before the field's name: the record's, and of XSTATE also the component's. */
static void compare_register(struct comparison *c, const char *owner, const struct cr_register *r, const u8 *a,
			     const u8 *b)
{
	char text_a[CR_VALUE_SIZE], text_b[CR_VALUE_SIZE];

	if (memcmp(a, b, r->size) == 0)
		return;
	cr_value_format(text_a, sizeof(text_a), r, a);
	cr_value_format(text_b, sizeof(text_b), r, b);
	printf("%s.%s (%s): A=%s B=%s", owner, r->field, r->name, text_a, text_b);
	print_bits(r, a, b);
	putchar('\n');
	c->differences++;
}

/* A task that never used the FPU has the state that FNINIT leaves, wherever the record says nothing. */
static void expand_unused(struct cr_hdr_cpu *cpu)
{
	struct fxsave fx;

	if (cpu->used_math)
		return;
	fxsave_init(&fx);
	memcpy(cpu->xstate, &fx, sizeof(fx));
	cpu->has_fxsr = 1;
}

static void convert_to_fxsave(struct cr_hdr_cpu *cpu)
{
	struct fsave fs;
	struct fxsave fx;

	if (cpu->has_fxsr)
		return;
	memcpy(&fs, cpu->xstate, sizeof(fs));
	fsave_to_fxsave(&fx, &fs);
	memcpy(cpu->xstate, &fx, sizeof(fx));
	cpu->has_fxsr = 1;
}

/* Which form an image has is its writer's choice; the state in it is the same. */
static void bring_to_one_form(struct comparison *c)
{
	c->a.cpu = c->a.image.cr.cpu;
	c->b.cpu = c->b.image.cr.cpu;
	expand_unused(&c->a.cpu);
	expand_unused(&c->b.cpu);
	if (c->a.cpu.has_fxsr != c->b.cpu.has_fxsr) {
		convert_to_fxsave(&c->a.cpu);
		convert_to_fxsave(&c->b.cpu);
	}
}

void compare_cpu(struct comparison *c)
{
	const struct cr_hdr_cpu *a = &c->a.image.cr.cpu, *b = &c->b.image.cr.cpu;

	bring_to_one_form(c);
	for (u32 n = 0; n < cr_register_count; n++) {
		const struct cr_register *r = &cr_registers[n];
		bool form_itself = r->offset == offsetof(struct cr_hdr_cpu, has_fxsr);

		if (r->record != CR_HDR_CPU || !register_in_form(r, &c->a.cpu))
			continue;
		if (!form_itself)
			compare_register(c, "CPU", r, (const u8 *)&c->a.cpu + r->offset,
					 (const u8 *)&c->b.cpu + r->offset);
		else if (c->all)
			compare_register(c, "CPU", r, (const u8 *)a + r->offset, (const u8 *)b + r->offset);
	}
}

void compare_tls(struct comparison *c)
{
	for (u32 n = 0; n < cr_register_count; n++) {
		const struct cr_register *r = &cr_registers[n];

		if (r->record == CR_HDR_THREAD)
			compare_register(c, "THREAD", r, (const u8 *)c->a.image.cr.tls + r->offset,
					 (const u8 *)c->b.image.cr.tls + r->offset);
	}
}

/* An image without memory says nothing of the LDT: the task keeps the one it has. */
void compare_ldt(struct comparison *c)
{
	const struct cr_image *a = &c->a.image.cr, *b = &c->b.image.cr;

	if (!a->has_mm || !b->has_mm)
		return;
	for (u32 n = 0; n < a->nldt || n < b->nldt; n++) {
		const u8 *x =
			n < a->nldt ? c->a.image.file.data + a->ldt_pos + n * CR_LDT_ENTRY_SIZE : comparison_zeros;
		const u8 *y =
			n < b->nldt ? c->b.image.file.data + b->ldt_pos + n * CR_LDT_ENTRY_SIZE : comparison_zeros;
		struct ldt_row ldt;

		ldt_row_init(&ldt, n);
		compare_register(c, "MM_CONTEXT", &ldt.row, x, y);
	}
}

/* --- Extended state --- */

/* A component's byte n, as far as the image has it. */
static u8 component_byte(const struct side *side, u32 component, u32 n)
{
	const struct cr_image *cr = &side->image.cr;

	return n < cr->xstate[component].size ? side->image.file.data[cr->xstate[component].pos + n] : 0;
}

static bool byte_in_register(u32 component, u32 n)
{
	for (u32 i = 0; i < cr_register_count; i++) {
		const struct cr_register *r = &cr_registers[i];

		if (r->record == CR_HDR_XSTATE && r->component == component && n >= r->offset &&
		    n < (u32)r->offset + r->size)
			return true;
	}
	return false;
}

/* What no register covers: components that cr86 has no names for, and reserved bytes. */
static void compare_component_bytes(struct comparison *c, const char *owner, u32 component, u32 size)
{
	for (u32 n = 0; n < size; n++) {
		u8 a = component_byte(&c->a, component, n), b = component_byte(&c->b, component, n);

		if (a == b || byte_in_register(component, n))
			continue;
		printf("%s.byte[%u]: A=%02x B=%02x\n", owner, n, a, b);
		c->differences++;
	}
}

static void compare_component_registers(struct comparison *c, const char *owner, u32 component)
{
	for (u32 i = 0; i < cr_register_count; i++) {
		const struct cr_register *r = &cr_registers[i];
		u8 a[CR_VALUE_SIZE], b[CR_VALUE_SIZE];

		if (r->record != CR_HDR_XSTATE || r->component != component)
			continue;
		for (u32 n = 0; n < r->size; n++) {
			a[n] = component_byte(&c->a, component, r->offset + n);
			b[n] = component_byte(&c->b, component, r->offset + n);
		}
		compare_register(c, owner, r, a, b);
	}
}

/* Only components in use have a record: one that is missing is in its initial state, which is all zeros. */
void compare_xstate(struct comparison *c)
{
	for (u32 component = 0; component < XSTATE_COMPONENTS; component++) {
		u32 a = c->a.image.cr.xstate_bv >> component & 1 ? c->a.image.cr.xstate[component].size : 0;
		u32 b = c->b.image.cr.xstate_bv >> component & 1 ? c->b.image.cr.xstate[component].size : 0;
		char name[24], owner[32];

		if (!a && !b)
			continue;
		describe_component(name, component);
		snprintf(owner, sizeof(owner), "XSTATE.%s", name);
		compare_component_registers(c, owner, component);
		compare_component_bytes(c, owner, component, a > b ? a : b);
	}
}
