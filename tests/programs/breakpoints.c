/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Debug registers: all four armed, for execution, writing (two lengths) and access. Several instances of this program
 * run side by side; they are the same code with the same addresses, but each arms its breakpoints at places of its
 * own and also visits those of all others: a debug register that is left armed across a switch hits somebody who must
 * not be hit. That a hit is noticed at all is checked by exact counts of one's own.
 */
#include "program.h"

#define INSTANCES   16
#define TARGET_SIZE 16
#define ROUNDS	    12

extern const u8 breakpoint_targets[INSTANCES][TARGET_SIZE]; /* support_breakpoints.asm */
void breakpoint_single_step(void);

/* An instance's watched memory; the bytes between are not watched. */
struct cells {
	u32 written;	 /* DR1 */
	u8 before, used; /* DR2: `used`, one byte */
	u16 _unwatched;
	u16 half; /* DR3 */
	u16 _unwatched2;
	u32 _unwatched3;
};
_Static_assert(sizeof(struct cells) == 16, "the accesses below count on what lies beside what");

static volatile struct cells all_cells[INSTANCES] __attribute__((aligned(16)));

static u32 instance;
static volatile struct cells *own;

static void visit(u32 number)
{
	void (*target)(void) = (void (*)(void))(uintptr_t)breakpoint_targets[number];

	target();
}

static u32 arm(void)
{
	u32 dr7 = dr7_enable(0, DR_RW_EXECUTE, 1) | dr7_enable(1, DR_RW_WRITE, 4) | dr7_enable(2, DR_RW_ACCESS, 1) |
		  dr7_enable(3, DR_RW_WRITE, 2);

	check("set DR0", 0, (u32)debug_write(0, address(breakpoint_targets[instance])));
	check("set DR1", 0, (u32)debug_write(1, address(&own->written)));
	check("set DR2", 0, (u32)debug_write(2, address(&own->used)));
	check("set DR3", 0, (u32)debug_write(3, address(&own->half)));
	check("set DR7", 0, (u32)debug_write(DR7, dr7));
	return dr7;
}

static void test_others(void)
{
	for (u32 i = 0; i < INSTANCES; i++) {
		volatile struct cells *cells = &all_cells[i];

		if (i == instance)
			continue;
		visit(i);
		cells->written++;
		cells->used++;
		cells->half++;
	}
	check("DR6 after visiting all places of others", 0, debug_hits());
}

static void test_own(void)
{
	visit(instance);
	check("DR6 after execution", DR6_B(0), debug_hits());
	own->written = seed();
	check("DR6 after a write of 4 bytes", DR6_B(1), debug_hits());
	(void)own->written;
	check("DR6 after reading what is watched for writes", 0, debug_hits());
	own->used = 1;
	check("DR6 after a write, watched for access", DR6_B(2), debug_hits());
	(void)own->used;
	check("DR6 after a read, watched for access", DR6_B(2), debug_hits());
	own->before = 1;
	check("DR6 after a write beside the watched byte", 0, debug_hits());
	own->half = 1;
	check("DR6 after a write of 2 bytes", DR6_B(3), debug_hits());
}

/*
 * An access that is wider than the watchpoint. Only an aligned one that meets a single watchpoint: QEMU 7.2 gets the
 * others wrong, and it is the task switch that is tested here, not the CPU.
 */
static void test_overlap(void)
{
	*(volatile u32 *)&own->before = 0; /* covers `before`, `used` and what is behind */
	check("DR6 after a write that covers the watched byte", DR6_B(2), debug_hits());
}

/* DR6's bits add up until they are cleared. */
static void test_sticky(void)
{
	visit(instance);
	live_through_switches();
	own->half = 2;
	check("DR6 after two hits", DR6_B(0) | DR6_B(3), debug_hits());
	check("DR6 after it was cleared", 0, debug_hits());
}

static void test_read_back(u32 dr7)
{
	check("DR0", address(breakpoint_targets[instance]), debug_read(0));
	check("DR1", address(&own->written), debug_read(1));
	check("DR2", address(&own->used), debug_read(2));
	check("DR3", address(&own->half), debug_read(3));
	check("DR7", dr7, debug_read(DR7));
}

/* The kernel itself writes to a watched cell, on behalf of a system call: it must survive that, whoever is told. */
static void test_system_call(void)
{
	own->written = 0;
	check("ptrace storing to a watched cell", 0,
	      (u32)system_call(SYS_PTRACE, PTRACE_PEEKUSR, getpid(), USER_DEBUGREG(0), address(&own->written)));
	debug_write(DR7, 0);
	debug_write(DR6, 0);
	check("what it stored", debug_read(0), own->written);
}

static void test_disarmed(void)
{
	check("clear DR7", 0, (u32)debug_write(DR7, 0));
	visit(instance);
	own->written = 1;
	own->used = 1;
	own->half = 1;
	check("DR6 with all breakpoints disabled", 0, debug_hits());
}

static void test_single_step(void)
{
	breakpoint_single_step();
	check("DR6 after single steps", DR6_BS, debug_hits());
	spin_for(10);
	check("DR6 after TF was cleared", 0, debug_hits());
}

int main(int argc, char **argv)
{
	u32 dr7;

	(void)argc;
	(void)argv;
	if (!on_cr86())
		skip("this kernel does not let a program set its own debug registers");
	instance = getpid() % INSTANCES;
	own = &all_cells[instance];
	dr7 = arm();
	for (u32 i = 0; i < ROUNDS; i++) {
		test_others();
		test_own();
		test_overlap();
		spin_for(100000);
		sched_yield();
	}
	test_sticky();
	test_read_back(dr7);
	test_system_call();
	test_disarmed();
	test_single_step();
	return verdict();
}
