/* SPDX-License-Identifier: GPL-2.0-only */
#include "sample.h"
#include "checkpoint.h"
#include "cpu.h"
#include "signal.h"
#include "string.h"

#define TEXT	    0x08048000u
#define TEXT_OFFSET 0x3000u	/* in its file, which ends a byte before the page does */
#define DATA	    0x08049000u /* two pages, of which one is there */
#define HEAP	    0x10000000u /* nothing of it is there */
#define TOP	    0xbffff000u /* of a stack of two pages, of which the upper one is there */

#define TLS_DATA    0x0040f30012340fffull /* 4 KiB, writable */
#define TLS_CODE    0x00cffa0000000001ull /* readable, 8 KiB */
#define LDT_DATA    0x00c0f2000804ffffull
#define LDT_UP_DOWN 0x0040f60080491fffull /* expand-down */

const u32 sample_page[SAMPLE_PAGES] = {TEXT, DATA, TOP - PAGE_SIZE};

/* Bytes that look random, none of them 0: the generator of TAOCP 2 §3.3.4, table 1, line 16. */
static void fill(void *to, u32 count, u32 seed)
{
	u8 *byte = to;

	while (count--) {
		seed = seed * 1664525 + 1013904223;
		*byte++ = (u8)(seed >> 24 | 1);
	}
}

static bool add_pages(struct mm *mm, u32 seed)
{
	for (u32 n = 0; n < SAMPLE_PAGES; n++) {
		void *page = mm_page(mm, sample_page[n]);

		if (!page)
			return false;
		fill(page, PAGE_SIZE, seed + n);
	}
	return true;
}

static bool fill_memory(struct mm *mm, u32 seed)
{
	u64 *address = &mm->info.start_code;

	for (u32 n = 0; n < 11; n++) /* start_code to env_end */
		address[n] = TEXT + seed + n;
	mm->ldt = frame_alloc_zero();
	if (!mm->ldt)
		return false;
	mm->program = (struct cr_program){.name = "/module/absent", .file = {.size = TEXT_OFFSET + PAGE_SIZE - 1}};
	mm->program.file.crc32 = seed;
	mm->nldt = 4;
	mm->ldt[1] = LDT_DATA;
	mm->ldt[3] = LDT_UP_DOWN;
	return mm_add(mm, TEXT, DATA, vma_file_flags(VM_READ | VM_EXEC, TEXT, TEXT_OFFSET)) == 0 &&
	       mm_add(mm, DATA, DATA + 2 * PAGE_SIZE, VM_READ | VM_WRITE) == 0 &&
	       mm_add(mm, HEAP, HEAP + PAGE_SIZE, VM_READ) == 0 &&
	       mm_add(mm, TOP - 2 * PAGE_SIZE, TOP, VM_READ | VM_WRITE) == 0 && add_pages(mm, seed);
}

static void fill_registers(struct context *c, u32 seed)
{
	struct trap_frame *f = c->frame;

	fill(f, sizeof(*f), seed);
	f->eip = TEXT + seed % PAGE_SIZE;
	f->esp = TOP - 16 * seed % PAGE_SIZE;
	f->eflags = EFLAGS_USER_ALWAYS | EFLAGS_CF | EFLAGS_DF | EFLAGS_AC;
	f->cs = USER_CS;
	f->ss = f->es = USER_DS;
	f->ds = 0;
	f->fs = SELECTOR(GDT_ENTRY_TLS_MIN, 3);
	f->gs = SELECTOR(1, 3) | SELECTOR_TI;
	c->tls[0] = TLS_DATA + ((u64)(seed & 0xff) << 16);
	c->tls[2] = TLS_CODE;
	c->debug =
		(struct debugregs){.dr = {DATA + 4 * seed, DATA + 1, TEXT + seed, TOP - 8}, .dr6 = DR6_BS | DR6_B(2)};
	c->debug.dr7 = 0xd0110055 | DR7_LE; /* all four: write 1 byte, write 1, execute, write 4 */
}

static void fill_legacy(struct fpu *fpu, u32 seed)
{
	struct cr_hdr_cpu record = {.used_math = 1, .has_fxsr = fpu_saves_fxsr()};
	struct fxsave fx;

	fxsave_init(&fx);
	fx.fcw = 0x0e7f;
	fx.fsw = 0x3d00; /* TOP 7 */
	fx.ftw = 0x7f;
	fx.fip = 0x08048000 + seed;
	for (u32 n = 0; n < 8; n++) {
		fill(fx.st[n].value, sizeof(fx.st[n].value), seed + n);
		fx.st[n].value[7] |= 0x80; /* the integer bit: a normal number */
		if (fpu_mxcsr_mask())
			fill(fx.xmm[n], sizeof(fx.xmm[n]), seed + 8 + n);
	}
	if (fpu_mxcsr_mask())
		fx.mxcsr = 0x3fa1; /* round down, all masked, PE and IE raised */
	if (record.has_fxsr)
		memcpy(record.xstate, &fx, sizeof(fx));
	else
		fxsave_to_fsave((struct fsave *)record.xstate, &fx);
	fpu_from_image(fpu, &record);
}

/* What 32-bit code can have in a component, without the bits that XRSTOR refuses. */
static void fill_component(struct fpu *fpu, u32 component, u32 seed)
{
	static const u32 bndcsr[] = {0x0804b003, 0, 0x0804c001, 0}; /* BNDCFGU: EN and BNDPRESERVE; BNDSTATUS */
	static const u32 pkru = 0x55555550;			    /* key 0, the only one, allows everything */
	u32 size = fpu_layout()->component[component].size;

	switch (component) {
	case XSTATE_AVX:
	case XSTATE_ZMM_HI256:
		fill(fpu_set_component(fpu, component), size / 2, seed); /* registers 0 to 7 */
		break;
	case XSTATE_BNDREGS:
	case XSTATE_OPMASK:
		fill(fpu_set_component(fpu, component), size, seed);
		break;
	case XSTATE_BNDCSR:
		memcpy(fpu_set_component(fpu, component), bndcsr, sizeof(bndcsr));
		break;
	case XSTATE_PKRU:
		memcpy(fpu_set_component(fpu, component), &pkru, sizeof(pkru));
		break;
	}
}

/* One of each kind of action; a pending signal that is blocked, one that is not, and one of the highest number. */
static bool add_signals(struct task *t, u32 seed)
{
	struct cr_hdr_signal *s = signal_state(t);

	if (!s)
		return false;
	s->blocked = SIGNAL_BIT(SIGBUS) | SIGNAL_BIT(CR_SIGNALS);
	s->pending = SIGNAL_BIT(SIGBUS) | SIGNAL_BIT(SIGSEGV) | SIGNAL_BIT(CR_SIGNALS);
	s->info[SIGBUS - 1] = (struct cr_signal_info){SI_USER, seed};
	s->info[SIGSEGV - 1] = (struct cr_signal_info){SI_TKILL, seed + 1};
	s->info[CR_SIGNALS - 1] = (struct cr_signal_info){SI_USER, seed + 2};
	s->action[SIGCHLD - 1].handler = SIG_IGN;
	s->action[SIGFPE - 1] = (struct cr_signal_action){
		.handler = TEXT + seed, .restorer = TEXT + 1, .mask = SIGNAL_BIT(SIGSEGV), .flags = SA_KNOWN};
	s->sas_ss_sp = DATA;
	s->sas_ss_size = MINSIGSTKSZ;
	s->cr2 = HEAP + seed;
	s->trap_nr = TRAP_PF;
	s->error_code = PF_WRITE;
	return true;
}

static bool add_file(struct task *t, u32 seed)
{
	s32 fd = files_open(t->file, "/module/hello", O_RDONLY);

	if (fd >= 0)
		t->file[fd].pos = seed;
	return fd >= 0;
}

struct task *sample_task(u32 seed, u32 extras)
{
	struct task *t = task_create("sample");
	struct mm *mm = t ? mm_create() : NULL;

	if (!mm || !fill_memory(mm, seed) || !add_file(t, seed) || (extras & SAMPLE_SIGNALS && !add_signals(t, seed))) {
		mm_destroy(mm);
		if (t)
			task_destroy(t);
		return NULL;
	}
	task_set_mm(t, mm);
	fill_registers(&t->context, seed);
	if (extras & SAMPLE_FPU && cpu.has_fpu)
		fill_legacy(&t->context.fpu, seed);
	for (u32 n = XSTATE_AVX; fpu_layout()->xcr0 >> n; n++)
		if ((extras & SAMPLE_XSTATE) == SAMPLE_XSTATE && fpu_layout()->xcr0 >> n & 1)
			fill_component(&t->context.fpu, n, seed);
	return t;
}
