/* SPDX-License-Identifier: GPL-2.0-only */
/* Any value into any debug register, and whatever may raise #DB in an awkward place. */
#include "hostile.h"

#define STEPS 200

static volatile u32 watched = USER_DS;

static void target(void)
{
	asm volatile("nop\n\tnop");
}

static u32 somewhere(void)
{
	switch (below(4)) {
	case 0:
		return address(&watched) + below(4);
	case 1:
		return address(target) + below(3);
	default:
		return pointer();
	}
}

static u32 kept(u32 number, u32 value)
{
	return number == DR6 ? value & DR6_STATUS : number == DR7 ? value & ~DR7_FIXED : value;
}

static void check_breakpoints(void)
{
	u32 dr7 = debug_read(DR7);

	if (dr7 & ~DR7_USER)
		breach("DR7 has bits that are not the program's");
	for (u32 n = 0; n < 4; n++)
		if (DR7_ENABLED(dr7, n) && debug_read(n) + DR7_LEN(dr7, n) >= KERNEL_START)
			breach("a breakpoint is armed in the kernel");
}

static void set(void)
{
	u32 number = below(8), value = number < 4 ? somewhere() : one_in(4) ? any() : any() & DR7_USER;
	u32 before = debug_read(number);
	s32 result = debug_write(number, value);
	u32 after = debug_read(number);

	if (number == 4 || number == 5)
		return;
	/* DR6 may have got a bit meanwhile: the kernel writes to watched memory, too. */
	if (number != DR6 && after != (result == 0 ? kept(number, value) : before))
		breach("a debug register has a value that nobody gave it");
	check_breakpoints();
}

/* With TF set, an instruction that traps anyway, in the kernel's face. */
static void single_step(void)
{
	u32 call = SYS_SCHED_YIELD;

	asm volatile("pushfl\n\t"
		     "orl $0x100, (%%esp)\n\t"
		     "popfl\n\t"
		     "int $0x80\n\t"
		     "nop\n\t"
		     "pushfl\n\t"
		     "andl $~0x100, (%%esp)\n\t"
		     "popfl"
		     : "+a"(call)
		     :
		     : "memory", "cc");
}

/* The #DB of a watched operand of MOV SS waits until after the next instruction: it is raised in the kernel. */
static void shadow(void)
{
	u32 call = SYS_SCHED_YIELD;

	debug_write(DR7, 0);
	debug_write(0, address(&watched));
	debug_write(DR7, dr7_enable(0, DR_RW_ACCESS, 4));
	asm volatile("movw %1, %%ss\n\tint $0x80" : "+a"(call) : "m"(watched) : "memory");
}

static void touch(void)
{
	target();
	watched = USER_DS;
	(void)watched;
}

static void privileged(void)
{
	switch (below(3)) {
	case 0:
		asm volatile("mov %0, %%db7" : : "r"(DR7_ENABLE));
		break;
	case 1:
		asm volatile("mov %%db6, %%eax" : : : "eax");
		break;
	default:
		asm volatile("mov %0, %%db0" : : "r"(KERNEL_START));
	}
	breach("debug registers obey MOV in ring 3");
}

void attack_debug(void)
{
	static void (*const ways[])(void) = {set, set, set, touch, single_step, shadow, sched_yield};

	for (; steps_done < STEPS; steps_done++) {
		ways[below(ARRAY_SIZE(ways))]();
		check_privilege();
	}
	privileged();
}
