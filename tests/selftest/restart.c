/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Images into a task and out again. The task never runs: what counts is that what went in comes out, and that a refused
 * image leaves no trace.
 */
#include "cases.h"
#include "cpu.h"
#include "cr.h"
#include "string.h"

#define NAME "selftest"

/* Every register its own value, all legal. */
static const struct cr_hdr_cpu registers = {
	.bp = 0xb0000001,
	.bx = 0xb1000002,
	.ax = 0xa0000003,
	.cx = 0xc0000004,
	.dx = 0xd0000005,
	.si = 0x51000006,
	.di = 0xd1000007,
	.orig_ax = 0x0a000008,
	.ip = 0x08048009,
	.cs = USER_CS,
	.flags = EFLAGS_USER_ALWAYS | EFLAGS_CF | EFLAGS_DF | EFLAGS_NT | EFLAGS_RF,
	.sp = 0xbffff00a,
	.ss = USER_DS,
	.ds = 0,
	.es = USER_DS,
	.fs = 0x33,
	.gs = 0x43,
	.debugreg0 = 0x0804a000,
	.debugreg1 = 0x0804b001,
	.debugreg2 = 0x0804c002,
	.debugreg3 = 0x0804d004,
	.debugreg6 = DR6_BS | DR6_B(2),
	.debugreg7 = 0xf7110055, /* all four: write 1 byte, write 1, access 2, access 4 */
	.uses_debug = 1,
};

static const u64 tls[CR_TLS_ENTRIES] = {0x0040f30012340fffull, 0, 0x00cff30056780001ull};

/* Writes an image of these registers for task `pid` into the store. */
static const struct image *write_image(u32 pid, const struct cr_hdr_cpu *cpu)
{
	struct cr_hdr_head head = {.magic = CR_HEADER_MAGIC,
				   .rev = CR_REV_RFC,
				   .flags = CR_CTX_CKPT,
				   .release = "release",
				   .version = "version",
				   .machine = "i686"};
	struct image *image = store_begin();
	struct cr_ctx ctx = {.sink = store_append, .cookie = image};
	char comm[CR_TASK_COMM_LEN] = NAME;

	cr_write_head(&ctx, &head);
	cr_write_task(&ctx, comm);
	cr_write_thread(&ctx, pid, tls);
	cr_write_cpu(&ctx, pid, cpu);
	if (cr_write_tail(&ctx) < 0)
		return NULL;
	return store_get(store_commit(image, NAME, STORE_REGISTERS));
}

#define BODY (sizeof(struct cr_hdr) + sizeof(struct cr_hdr_head)) /* all after HEAD, which speaks of the writer */

static bool same_body(const struct image *a, const u8 *bytes)
{
	static u8 other[CR_REGISTERS_IMAGE_SIZE];

	return store_size(a) == sizeof(other) && store_read((void *)a, 0, other, sizeof(other)) == sizeof(other) &&
	       memcmp(other + BODY, bytes + BODY, sizeof(other) - BODY) == 0;
}

/* The store is to be empty of images when the programs start. */
static void forget(const char *name)
{
	store_abort((struct image *)store_find(name, STORE_REGISTERS));
}

static struct task *sample_task(void)
{
	struct task *t = task_create("another name");

	if (t)
		t->mm = mm_create();
	if (t && t->mm)
		t->context.directory = t->mm->directory;
	return t;
}

/* A new image of the task has the same bytes as the one it came from; then the task is gone. */
static const char *goes_out_as(struct task *t, const u8 *bytes)
{
	s32 id = checkpoint_task(t, NAME, false);

	CHECK(id > 0);
	CHECK(same_body(store_get((u32)id), bytes));
	task_destroy(t);
	forget(NAME);
	return NULL;
}

/* Rows 7, 8, 11, 14, 15 and 18: every register of the image is the task's, and all are in the next image. */
static const char *registers_come_back(void)
{
	static u8 bytes[CR_REGISTERS_IMAGE_SIZE];
	struct task *t = sample_task();
	const struct image *image;

	CHECK(t && t->mm);
	image = write_image(t->pid, &registers);
	CHECK(image && store_read((void *)image, 0, bytes, sizeof(bytes)) == sizeof(bytes));
	CHECK(restart_task(t, image) == 0);
	CHECK(t->context.frame->eax == 0xa0000003 && t->context.frame->gs == 0x43);
	CHECK(memcmp(t->context.tls, tls, sizeof(tls)) == 0 && strcmp(t->comm, NAME) == 0);
	return goes_out_as(t, bytes);
}

/* A task that used the FPU and left it in its initial state has used it all the same. */
static const char *used_math_is_kept(void)
{
	static u8 bytes[CR_REGISTERS_IMAGE_SIZE];
	struct cr_hdr_cpu record = registers;
	struct task *t = sample_task();
	const struct image *image;

	CHECK(t && t->mm);
	if (cpu.has_fpu) {
		record.used_math = 1;
		record.has_fxsr = fpu_saves_fxsr();
		if (fpu_saves_fxsr())
			fxsave_init((struct fxsave *)record.xstate);
		else
			fsave_init((struct fsave *)record.xstate);
	}
	image = write_image(t->pid, &record);
	CHECK(image && store_read((void *)image, 0, bytes, sizeof(bytes)) == sizeof(bytes));
	CHECK(restart_task(t, image) == 0);
	fpu_enter(&t->context.fpu); /* it runs, uses the FPU once more, and leaves */
	fpu_not_available(&t->context.fpu);
	fpu_leave(&t->context.fpu);
	return goes_out_as(t, bytes);
}

/* One field of the CPU record made wrong, by number of the row of docs/FORMAT.md that forbids it. */
static const struct {
	const char *what;
	u32 offset; /* of the field in CPU */
	u64 value;
} wrong[] = {
	{"row 8: upper bits of a selector", offsetof(struct cr_hdr_cpu, fs), 0x10033},
	{"row 9: flags without IF", offsetof(struct cr_hdr_cpu, flags), EFLAGS_FIXED},
	{"row 9: flags with IOPL", offsetof(struct cr_hdr_cpu, flags), EFLAGS_USER_ALWAYS | 0x3000},
	{"row 9: the kernel's cs", offsetof(struct cr_hdr_cpu, cs), KERNEL_CS},
	{"row 9: an empty TLS slot in gs", offsetof(struct cr_hdr_cpu, gs), 0x3b},
	{"row 11: a breakpoint in the kernel", offsetof(struct cr_hdr_cpu, debugreg0), 0xc0100000},
	{"row 11: GD", offsetof(struct cr_hdr_cpu, debugreg7), 0xf7112055},
	{"row 15: a register that i386 lacks", offsetof(struct cr_hdr_cpu, r8), 1},
	{"row 15: state without used_math", offsetof(struct cr_hdr_cpu, xstate), 1},
};

/* Rows 5 and 17: a refused image changes nothing and keeps nothing. */
static const char *refused_images_leave_no_trace(void)
{
	static u8 before[CR_REGISTERS_IMAGE_SIZE];
	struct task *t = sample_task();
	s32 id;

	CHECK(t && t->mm);
	CHECK(restart_task(t, write_image(t->pid, &registers)) == 0);
	id = checkpoint_task(t, "before", false);
	CHECK(id > 0 && store_read((void *)store_get((u32)id), 0, before, sizeof(before)) == sizeof(before));
	for (u32 n = 0; n < ARRAY_SIZE(wrong); n++) {
		struct cr_hdr_cpu record = registers;
		const struct image *image;
		u32 frames;

		*(u64 *)((u8 *)&record + wrong[n].offset) = wrong[n].value;
		image = write_image(t->pid, &record);
		frames = frames_available();
		if (restart_task(t, image) != -EINVAL)
			return wrong[n].what;
		CHECK(frames_available() == frames);
		id = checkpoint_task(t, "before", false);
		CHECK(id > 0 && same_body(store_get((u32)id), before));
	}
	CHECK(restart_task(t, write_image(t->pid + 1, &registers)) == -EINVAL); /* row 16 */
	task_destroy(t);
	forget("before");
	forget(NAME);
	return NULL;
}

/* Row 20: reserved bits of MXCSR would raise #GP in the kernel. */
static const char *reserved_mxcsr_is_refused(void)
{
	struct cr_hdr_cpu record = registers;
	struct fxsave *fx = (struct fxsave *)record.xstate;
	struct task *t = sample_task();

	CHECK(t && t->mm);
	record.used_math = record.has_fxsr = 1;
	fxsave_init(fx);
	if (fpu_mxcsr_mask())
		CHECK(restart_task(t, write_image(t->pid, &record)) == 0);
	fx->mxcsr |= BIT(31);
	CHECK(restart_task(t, write_image(t->pid, &record)) == -EINVAL);
	task_destroy(t);
	forget(NAME);
	return NULL;
}

static bool same_images(const struct image *a, const struct image *b)
{
	u64 x, y;

	for (u32 pos = BODY; pos < store_size(a); pos += sizeof(x))
		if (store_read((void *)a, pos, &x, sizeof(x)) != store_read((void *)b, pos, &y, sizeof(y)) || x != y)
			return false;
	return store_size(a) == store_size(b);
}

#define PAGES	      130	  /* more than go into one PGARR record */
#define PAGES_START   0x083d0000u /* 48 of them lie in one page table, of either format, the others in the next */
#define FRAMES_WANTED 2000	  /* for the task twice and two images; a small machine does it with fewer pages */

/* Memory: every page, in more than one batch, and every field of MM. Frames lie together, but for one in three. */
static const char *memory_comes_back(void)
{
	struct task *t = sample_task();
	void *between[PAGES / 3 + 1] = {NULL};
	u64 *field = t && t->mm ? &t->mm->info.start_code : NULL;
	u32 pages = 0;
	s32 before, after;

	CHECK(field && mm_add(t->mm, PAGES_START, PAGES_START + PAGES * PAGE_SIZE, VM_READ | VM_WRITE) == 0);
	for (u32 n = 0; n < 11; n++) /* start_code to env_end */
		field[n] = PAGES_START + n;
	for (; pages < PAGES && frames_available() > FRAMES_WANTED; pages++) {
		u32 word = pages + 1;

		CHECK(mm_write(t->mm, PAGES_START + pages * PAGE_SIZE, &word, sizeof(word)) == 0);
		if (pages % 3 == 0)
			between[pages / 3] = frame_alloc();
	}
	for (u32 n = 0; n < ARRAY_SIZE(between); n++)
		if (between[n])
			frame_free(between[n]);
	before = checkpoint_task(t, "before", true);
	CHECK(before > 0 && restart_task(t, store_get((u32)before)) == 0);
	for (u32 n = 0; n < pages; n++) {
		const u32 *word = paging_frame(t->mm->directory, PAGES_START + n * PAGE_SIZE);

		CHECK(word && *word == n + 1);
	}
	after = checkpoint_task(t, "after", true);
	CHECK(after > 0 && same_images(store_get((u32)before), store_get((u32)after)));
	task_destroy(t);
	store_abort((struct image *)store_get((u32)before));
	store_abort((struct image *)store_get((u32)after));
	return NULL;
}

const struct selftest_case restart_cases[] = {
	{"rows 7, 8, 11, 14, 15, 18: every register comes back", registers_come_back},
	{"memory comes back, page by page", memory_comes_back},
	{"used_math is kept, whatever the state", used_math_is_kept},
	{"rows 5, 8, 9, 11, 15, 16, 17: refused images leave no trace", refused_images_leave_no_trace},
	{"row 20: reserved bits of MXCSR are refused", reserved_mxcsr_is_refused},
	{NULL, NULL},
};
