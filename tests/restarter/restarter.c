/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Restarts damaged images of itself, as any program can: each bit flipped, each length, each order of the records. It
 * writes the bytes to a file, and calls restart(2). Refused, it goes on as if nothing had been, with all its state.
 * Accepted, it is what the image says, and checkpoints itself at once (landing.asm): the bytes are the same again.
 *
 * Which state it has depends on its name: "restarter" has general, segment, TLS and debug registers, "restarter_fpu" x87
 * and SSE, "restarter_xstate" AVX state as well, and "restarter_memory" memory and an LDT (memory.c).
 */
#include "restarter.h"
#include "landing.h"

/* An image that lands; what is taken there; what is tried; and what is taken after that. */
static struct image base, landed, tried, again;
static s32 base_fd;

/* In an image of registers, CPU stands at a fixed place. */
#define CPU_POS 328
static struct cr_hdr_cpu *cpu_of(struct image *image)
{
	return (struct cr_hdr_cpu *)(image->bytes + CPU_POS + sizeof(struct cr_hdr));
}

/* --- The state that images have --- */

/* Nobody reads, writes or executes this page. */
static u8 watched[PAGE_SIZE] __attribute__((aligned(PAGE_SIZE)));
static u8 tls[2][64];

static void set_tls(u32 entry, u8 *area)
{
	struct user_desc segment = {
		.entry_number = entry, .base_addr = address(area), .limit = sizeof(tls[0]) - 1, .seg_32bit = 1};

	check("set_thread_area", 0, (u32)set_thread_area(&segment));
}

/* The slot between the two stays empty, so that no flip of a bit leads from ss to another writable segment. */
static void set_segments(void)
{
	set_tls(GDT_ENTRY_TLS_MIN, tls[0]);
	set_tls(GDT_ENTRY_TLS_MAX, tls[1]);
	load_fs(SELECTOR(GDT_ENTRY_TLS_MIN, 3));
	load_gs(SELECTOR(GDT_ENTRY_TLS_MAX, 3));
}

static void set_breakpoints(void)
{
	for (u32 n = 0; n < 4; n++)
		check("set DR0 to DR3", 0, (u32)debug_write(n, address(watched + 0xff0 + n * 4)));
	check("set DR7", 0,
	      (u32)debug_write(DR7, dr7_enable(0, DR_RW_WRITE, 4) | dr7_enable(1, DR_RW_WRITE, 1) |
					    dr7_enable(2, DR_RW_ACCESS, 2) | dr7_enable(3, DR_RW_EXECUTE, 1)));
}

static bool ends_with(const char *text, const char *end)
{
	for (; *text; text++)
		if (strcmp(text, end) == 0)
			return true;
	return false;
}

static void set_fpu(const char *name)
{
	bool with_xstate = ends_with(name, "_xstate"), with_fpu = with_xstate || ends_with(name, "_fpu");
	struct fsave fpu;
	u8 vectors[8][32];

	if ((with_fpu && !cpu_has_fpu()) || (with_xstate && !cpu_has_avx()))
		skip("this CPU has no such state");
	if (!with_fpu)
		return;
	fpu_unusual(&fpu, seed());
	fpu_load(&fpu);
	fill(vectors, sizeof(vectors), seed());
	if (cpu_has_sse())
		vectors_load(with_xstate ? 32 : 16, (const u8(*)[32])vectors);
}

static void take_base(void)
{
	struct cr_hdr_cpu *cpu = cpu_of(&base);

	fill(&landing_registers, sizeof(landing_registers), seed());
	landing_registers.eflags = EFLAGS_USER_ALWAYS | EFLAGS_CF | EFLAGS_OF | EFLAGS_DF;
	landing_fd = open(image_path("regs", "again"), O_WRONLY | O_CREAT);
	check("an image of oneself", LANDED, (u32)landing_take(LANDING_MIDDLE));
	check_that("the image can be read", image_read(&landed, image_path("regs", "again")));
	base = landed;
	cpu->ax = landing_registers.eax;
	cpu->bx = landing_registers.ebx;
	cpu->cx = landing_registers.ecx;
	cpu->dx = landing_registers.edx;
	cpu->ip = address(LANDING_MIDDLE);
	base_fd = image_write(&base, image_path("regs", "base"));
}

/* --- What the new image must have --- */

/* The landing has written down the registers that it needs for itself. */
static void check_saved(const struct cr_hdr_cpu *cpu)
{
	check("EAX after the restart", (u32)cpu->ax, landing_saved.eax);
	check("EBX after the restart", (u32)cpu->bx, landing_saved.ebx);
	check("ECX after the restart", (u32)cpu->cx, landing_saved.ecx);
	check("EDX after the restart", (u32)cpu->dx, landing_saved.edx);
}

void set_landed(struct cr_hdr_cpu *cpu, s32 fd, u32 offset)
{
	cpu->ax = 0;
	cpu->bx = 0;
	cpu->cx = (u32)fd;
	cpu->dx = 0;
	cpu->orig_ax = SYS_CHECKPOINT;
	cpu->ip = (cpu->ip & -PAGE_SIZE) | offset;
	cpu->flags &= ~(u64)EFLAGS_RF; /* the first instruction clears it */
	if (cpu->flags & EFLAGS_TF)
		cpu->debugreg6 |= DR6_BS; /* and is stepped */
}

/* x87 and SSE state as this CPU keeps it: loaded and stored again. QEMU 7.2 loses FIP, FDP and FOP, for one. */
static void through_the_cpu(struct cr_hdr_cpu *cpu)
{
	static struct fxsave fx __attribute__((aligned(16)));

	memcpy(&fx, cpu->xstate, sizeof(fx));
	if (cpu->has_fxsr) {
		asm volatile("fnclex\n\tfxrstor %0\n\tfxsave %0" : "+m"(fx));
		fxsave_canonical(&fx);
	} else {
		asm volatile("fnclex\n\tfrstor %0\n\tfnsave %0" : "+m"(*(struct fsave *)&fx));
		fsave_canonical((struct fsave *)&fx);
	}
	memcpy(cpu->xstate, &fx, sizeof(fx));
}

bool same_state(struct image *expected, struct image *found, u32 cpu_pos)
{
	struct cr_hdr_cpu *cpu = (struct cr_hdr_cpu *)(expected->bytes + cpu_pos);

	again_set_form(cpu, ((const struct cr_hdr_cpu *)(found->bytes + cpu_pos))->has_fxsr);
	if (cpu->used_math && !image_same(expected, found))
		through_the_cpu(cpu);
	return image_same(expected, found);
}

static bool as_expected(void)
{
	static struct image expected;

	if (!image_read(&again, image_path("regs", "again")))
		return false;
	expected = tried;
	again_set_writer(expected.bytes, again.bytes);
	check_saved(cpu_of(&expected));
	set_landed(cpu_of(&expected), landing_fd, cpu_of(&landed)->ip & (PAGE_SIZE - 1));
	return same_state(&expected, &again, CPU_POS + sizeof(struct cr_hdr));
}

/* This program as it was before: by an image taken now. */
static bool unchanged(void)
{
	image_read(&again, image_path("regs", "again"));
	again_set_writer(again.bytes, landed.bytes);
	return image_same(&again, &landed);
}

u32 accepted, refused;

static void try(const char *what, u32 a, u32 b)
{
	s32 fd = image_write(&tried, image_path("regs", "tried"));
	s32 result = landing_restart(fd);

	if (result == LANDED) {
		accepted++;
		if (!check_that("a restarted image is the same again", as_expected()))
			print(what, a, b);
		result = landing_restart(base_fd);
	} else {
		refused++;
		result = landing_take(LANDING_MIDDLE);
	}
	if (!check_that("the state from before is there again", result == LANDED && unchanged()))
		print(what, a, b);
	close(fd);
}

/* --- What is tried --- */

static void flip_each_bit(void)
{
	for (u32 at = 0; at < base.size; at++)
		for (u32 bit = 0; bit < 8; bit++) {
			tried.bytes[at] ^= (u8)BIT(bit);
			try("bit %u of byte %u", bit, at);
			tried.bytes[at] ^= (u8)BIT(bit);
		}
}

static void cut_everywhere(void)
{
	for (tried.size = 0; tried.size < base.size; tried.size++)
		try("the first %u of %u bytes", tried.size, base.size);
	tried.size = base.size + 1;
	try("%u bytes, more than %u", tried.size, base.size);
}

static void reorder_records(void)
{
	for (u32 n = 0; image_reorder(&tried, &base, n); n++)
		try("records in order %u of many", n, 0);
}

int main(int argc, char **argv)
{
	const char *name = argc ? argv[0] : "restarter";

	if (ends_with(name, "_memory"))
		return restart_memory();
	set_segments();
	set_breakpoints();
	set_fpu(name);
	take_base();
	tried = base;
	try("nothing", 0, 0);
	flip_each_bit();
	cut_everywhere();
	reorder_records();
	print("image of %u bytes: %u accepted, %u refused", base.size, accepted, refused);
	return verdict();
}
