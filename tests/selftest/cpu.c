/* SPDX-License-Identifier: GPL-2.0-only */
/* The parts of a context, each by what the CPU holds after it was loaded. */
#include "cases.h"
#include "cpu.h"
#include "cr.h"
#include "string.h"

/* x87 and SSE state that is nobody else's: control words off their defaults, every register a pattern of `seed`. */
static struct cr_hdr_cpu fpu_pattern(u8 seed)
{
	struct cr_hdr_cpu record = {.used_math = 1, .has_fxsr = fpu_saves_fxsr()};
	struct fxsave fx;

	fxsave_init(&fx);
	fx.fcw = 0x0e7f; /* 53 bits, towards zero */
	fx.ftw = 0xff;
	for (u32 n = 0; n < 8; n++) {
		memset(fx.st[n].value, seed + (int)n, sizeof(fx.st[n].value));
		fx.st[n].value[7] |= 0x80; /* the integer bit: a normal number */
		if (fpu_mxcsr_mask())
			memset(fx.xmm[n], seed * 2 + (int)n, sizeof(fx.xmm[n]));
	}
	if (fpu_mxcsr_mask())
		fx.mxcsr = 0x3f80; /* round down, all masked */
	if (record.has_fxsr)
		memcpy(record.xstate, &fx, sizeof(fx));
	else
		fxsave_to_fsave((struct fsave *)record.xstate, &fx);
	return record;
}

static bool same_fpu(struct fpu *fpu, const struct cr_hdr_cpu *expected)
{
	struct cr_hdr_cpu record;

	fpu_save(fpu);
	fpu_to_image(fpu, &record);
	return record.used_math == expected->used_math && record.has_fxsr == expected->has_fxsr &&
	       memcmp(record.xstate, expected->xstate, sizeof(record.xstate)) == 0;
}

/* Brings the task's state into the registers, as its first FPU instruction would under lazy switching. */
static void use(struct fpu *fpu)
{
	fpu_enter(fpu);
	fpu_not_available(fpu);
}

static const char *fpu_is_saved_without_being_destroyed(void)
{
	struct cr_hdr_cpu pattern = fpu_pattern(0x11);
	struct fpu fpu;

	if (!cpu.has_fpu)
		return NULL;
	CHECK(fpu_create(&fpu) == 0);
	fpu_from_image(&fpu, &pattern);
	use(&fpu);
	CHECK(fpu.live);
	CHECK(same_fpu(&fpu, &pattern));
	memset(fpu.area, 0, sizeof(struct fsave)); /* so that the second save must come from the registers */
	CHECK(same_fpu(&fpu, &pattern));
	fpu_leave(&fpu);
	fpu_destroy(&fpu);
	return NULL;
}

/* Rows 12 and 13: what is gathered is the named task's, whoever's state is in the registers. */
static const char *state_belongs_to_its_task(void)
{
	struct cr_hdr_cpu pattern[2] = {fpu_pattern(0x21), fpu_pattern(0x31)};
	struct fpu fpu[2];

	if (!cpu.has_fpu)
		return NULL;
	for (u32 n = 0; n < 2; n++) {
		CHECK(fpu_create(&fpu[n]) == 0);
		fpu_from_image(&fpu[n], &pattern[n]);
	}
	for (u32 running = 0; running < 2; running++) {
		use(&fpu[running]);
		CHECK(same_fpu(&fpu[0], &pattern[0]) && same_fpu(&fpu[1], &pattern[1]));
		fpu_leave(&fpu[running]);
	}
	fpu_destroy(&fpu[0]);
	fpu_destroy(&fpu[1]);
	return NULL;
}

/* A task that has not used the FPU has used_math 0 and no state, under eager switching too. */
static const char *an_unused_fpu_is_no_state(void)
{
	struct cr_hdr_cpu nothing = {.used_math = 0};
	struct fpu fpu;

	CHECK(fpu_create(&fpu) == 0);
	fpu_enter(&fpu);
	CHECK(same_fpu(&fpu, &nothing));
	fpu_leave(&fpu);
	CHECK(same_fpu(&fpu, &nothing));
	fpu_destroy(&fpu);
	return NULL;
}

/* LSL tells what the GDT holds now. */
static bool segment_limit(u32 selector, u32 *limit)
{
	bool valid;

	__asm__ volatile("lsl %2, %1" : "=@ccz"(valid), "=r"(*limit) : "r"(selector));
	return valid;
}

/* Row 19: the descriptors are in the GDT before a selector can be loaded from the frame. */
static const char *tls_is_in_the_gdt(void)
{
	const u64 tls[CR_TLS_ENTRIES] = {0x0040f30000000fffull, 0, 0x00c0f30000000001ull};
	const u64 none[CR_TLS_ENTRIES] = {0};
	u32 limit;

	gdt_load_tls(tls);
	CHECK(segment_limit(0x33, &limit) && limit == 0xfff);
	CHECK(!segment_limit(0x3b, &limit));
	CHECK(segment_limit(0x43, &limit) && limit == 0x1fff);
	gdt_load_tls(none);
	CHECK(!segment_limit(0x33, &limit) && !segment_limit(0x43, &limit));
	return NULL;
}

static const char *the_ldt_is_loaded(void)
{
	static const u64 ldt[2] = {0, 0x0040f3000000007full};
	u32 limit;

	gdt_load_ldt(ldt, 2);
	CHECK(segment_limit(0x0f, &limit) && limit == 0x7f);
	CHECK(!segment_limit(0x17, &limit));
	gdt_load_ldt(NULL, 0);
	CHECK(!segment_limit(0x0f, &limit));
	return NULL;
}

static u32 read_dr(u32 n)
{
	u32 value;

	if (n == 0)
		__asm__ volatile("mov %%db0, %0" : "=r"(value));
	else if (n == 3)
		__asm__ volatile("mov %%db3, %0" : "=r"(value));
	else
		__asm__ volatile("mov %%db7, %0" : "=r"(value));
	return value;
}

/* Row 11: the registers are the task's; loaded at a switch to it, disarmed at a switch to one that has none. */
static const char *debug_registers_follow_the_task(void)
{
	const struct debugregs armed = {.dr = {0x08048000, 0, 0, 0x08049004}, .dr7 = 0xd00000c2};
	const struct debugregs unarmed = {.dr = {0x1234}};

	debugregs_load(&armed);
	CHECK(read_dr(0) == 0x08048000 && read_dr(3) == 0x08049004);
	CHECK(read_dr(7) == (0xd00000c2 | DR7_FIXED));
	debugregs_load(&unarmed);
	CHECK(read_dr(7) == DR7_FIXED);
	return NULL;
}

/* DR6 is sticky: what one #DB reports must not be there any more at the next. */
static const char *dr6_is_collected_once(void)
{
	struct debugregs task = {.dr7 = 1}; /* L0 */

	__asm__ volatile("mov %0, %%db6" : : "r"(DR6_RESET | DR6_B(0) | DR6_B(1) | DR6_BS));
	CHECK(debugregs_collect(&task) == (DR6_B(0) | DR6_BS)); /* B1 is nothing that the task has enabled */
	CHECK(task.dr6 == (DR6_B(0) | DR6_BS));
	CHECK(debugregs_collect(&task) == 0);
	CHECK(task.dr6 == (DR6_B(0) | DR6_BS));
	return NULL;
}

const struct selftest_case cpu_cases[] = {
	{"saving FPU state leaves it in the registers", fpu_is_saved_without_being_destroyed},
	{"rows 12, 13: FPU state belongs to its task, whoever runs", state_belongs_to_its_task},
	{"a task that did not use the FPU has no FPU state", an_unused_fpu_is_no_state},
	{"row 19: TLS descriptors are in the GDT", tls_is_in_the_gdt},
	{"LDT descriptors are in the LDT", the_ldt_is_loaded},
	{"row 11: debug registers follow the task", debug_registers_follow_the_task},
	{"what DR6 reports is collected once, and stays with the task", dr6_is_collected_once},
	{NULL, NULL},
};
