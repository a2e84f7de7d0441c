/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What no kernel should do, for tests/hardening.t: build/faulty is the kernel with these in the place of its self-tests.
 * run=NAME says which; each is to end in the panic screen.
 */
#include "options.h"
#include "panic.h"
#include "selftest.h"
#include "string.h"
#include "tap.h"
#include "task.h"
#include "usercopy.h"

/* Back-traces are to show all of the way: no function becomes part of its caller, none ends in a jump (the empty asm). */
#define STEP __attribute__((noinline))

/* Values that the screen must show. */
static STEP void registers(void)
{
	__asm__ volatile("mov %0, %%fs\n\t"
			 "mov %1, %%eax\n\t"
			 "mov %%eax, %%db0\n\t"
			 "mov $0xa1a1a1a1, %%eax\n\t"
			 "mov $0xb1b1b1b1, %%ebx\n\t"
			 "mov $0xc1c1c1c1, %%ecx\n\t"
			 "mov $0xd1d1d1d1, %%edx\n\t"
			 "mov $0x51515151, %%esi\n\t"
			 "mov $0xd2d2d2d2, %%edi\n\t"
			 "mov $0xb2b2b2b2, %%ebp\n\t"
			 "stc\n\t"
			 "ud2"
			 :
			 : "r"(USER_DS), "i"(0x08049000));
}

static STEP void step_two(void)
{
	panic_here("for the test");
}

static STEP void step_one(void (*next)(void))
{
	next();
	__asm__ volatile("");
}

static STEP void trace(void)
{
	step_one(step_two);
	__asm__ volatile("");
}

static void (*volatile again)(void);

static STEP void overflow(void)
{
	again = overflow;
	again();
	__asm__ volatile("");
}

static STEP void no_stack(void)
{
	__asm__ volatile("mov %0, %%esp\n\tpush %%eax" : : "r"(0x1000));
}

static STEP void null(void)
{
	__asm__ volatile("movl $0, 8");
}

static STEP void smash(void)
{
	volatile u8 room[8];
	volatile u8 *volatile to = room;

	for (u32 n = 0; n < 24; n++)
		to[n] = 0x41;
}

static STEP void write_text(void)
{
	*(volatile u8 *)(u32)write_text = 0;
}

static STEP void execute_data(void)
{
	static u8 code[] = {0xc3}; /* RET */

	void (*volatile function)(void) = (void (*)(void))(u32)code;

	function();
	__asm__ volatile("");
}

#define PAGE 0x08048000u

/* A task's page, which the kernel has no business with: there, and executable. */
static void map_user_page(void)
{
	struct mm *mm = mm_create();

	if (!mm || mm_add(mm, PAGE, PAGE + PAGE_SIZE, VM_READ | VM_EXEC) < 0 || mm_write(mm, PAGE, "\xc3", 1) < 0)
		tap_bail_out("no memory");
	paging_activate(mm->directory);
}

static STEP void execute_user(void)
{
	map_user_page();
	((void (*)(void))PAGE)();
	__asm__ volatile("");
}

/* After a copy that may. */
static STEP void read_user(void)
{
	u8 byte;

	map_user_page();
	if (copy_from_user(&byte, PAGE, 1) < 0)
		tap_bail_out("the copy did not succeed");
	__asm__ volatile("mov %0, %%al" : : "m"(*(u8 *)PAGE) : "eax");
}

/* So that the panic itself faults. */
static STEP void panic_twice(void)
{
	current = (struct task *)0x10;
	null();
}

static const struct {
	const char *name;
	void (*commit)(void);
} faults[] = {
	{"registers", registers},
	{"trace", trace},
	{"overflow", overflow},
	{"no_stack", no_stack},
	{"null", null},
	{"smash", smash},
	{"write_text", write_text},
	{"execute_data", execute_data},
	{"execute_user", execute_user},
	{"read_user", read_user},
	{"panic_twice", panic_twice},
};

void selftest(void)
{
	for (u32 n = 0; n < ARRAY_SIZE(faults); n++)
		if (options.runs && strcmp(options.run[0], faults[n].name) == 0)
			faults[n].commit();
	tap_bail_out("the kernel survived, or there is no such fault");
}
