/* SPDX-License-Identifier: GPL-2.0-only */
#include "compose.h"
#include "string.h"

/* A page of the case as a VMA with its page; NULL: there is nothing in it. */
static void write_page(struct cr_ctx *ctx, u32 address, u32 flags, const void *page)
{
	struct cr_hdr_vma vma = {.vma_type = CR_VMA_ANON,
				 .vm_start = address,
				 .vm_end = address + PAGE_SIZE,
				 .vm_page_prot = cr_page_prot(flags),
				 .vm_flags = flags};

	cr_write_vma(ctx, &vma);
	if (page) {
		cr_write_pgarr(ctx, &address, 1);
		cr_kwrite(ctx, page, PAGE_SIZE);
	}
	cr_write_pgarr(ctx, NULL, 0);
}

const u8 *compose_code(const struct case_vector *c)
{
	static u8 code[PAGE_SIZE] __attribute__((aligned(4)));

	memset(code, 0xcc, sizeof(code));
	memcpy(code, c->code, (u32)(c->code_end - c->code));
	return code;
}

static void write_memory(struct cr_ctx *ctx, const struct case_vector *c, const struct vector *v)
{
	const struct cr_hdr_mm mm = {.map_count = 3, .start_code = CASE_CODE, .end_code = CASE_DATA};

	cr_write_mm(ctx, &mm);
	write_page(ctx, CASE_CODE, VM_READ | VM_EXEC, compose_code(c));
	write_page(ctx, CASE_DATA, VM_READ | VM_WRITE, v->page[0]);
	write_page(ctx, CASE_STACK, VM_READ | VM_WRITE | VM_EXEC, v->page[1]);
	cr_write_mm_context(ctx, v->ldt, vector_nldt(v));
}

/* The record's flags that say which of its fields count follow from the state. */
static void write_state(struct cr_ctx *ctx, const struct vector *v, const struct xstate_layout *layout)
{
	struct cr_hdr_cpu record = v->cpu;
	u32 components = vector_components(v);
	struct fxsave initial;

	fxsave_init(&initial);
	record.uses_debug = (v->cpu.debugreg7 & DR7_ENABLE) != 0;
	record.used_math = components || memcmp(v->cpu.xstate, &initial, sizeof(initial)) != 0;
	record.has_fxsr = record.used_math;
	if (!record.used_math)
		memset(record.xstate, 0, sizeof(record.xstate));
	cr_write_thread(ctx, COMPOSE_PID, v->tls);
	cr_write_cpu(ctx, COMPOSE_PID, &record);
	for (u32 n = XSTATE_AVX; n < VECTOR_COMPONENTS; n++)
		if (components >> n & 1)
			cr_write_xstate(ctx, COMPOSE_PID, n, v->xstate[n], layout->component[n].size);
}

int compose_image(struct cr_ctx *ctx, const struct cr_hdr_head *head, const struct case_vector *c,
		  const struct vector *v, const struct xstate_layout *layout)
{
	static const char comm[CR_TASK_COMM_LEN] = COMPOSE_NAME;

	cr_write_head(ctx, head);
	cr_write_task(ctx, comm);
	if (c)
		write_memory(ctx, c, v);
	write_state(ctx, v, layout);
	return cr_write_tail(ctx);
}
