/* SPDX-License-Identifier: GPL-2.0-only */
/* What a signal does to a task, by the program's name: most of these do not live to tell (tests/signals.t). */
#include "support_signal.h"

static volatile u32 runs;
static u32 width;
static struct fsave unusual;

static void on_signal(s32 signo, struct siginfo *info, struct ucontext *context)
{
	(void)context;
	runs++;
	print("signal %u from %u", (u32)signo, info->address);
}

/* Long enough to be checkpointed in it, with the state of the code that it interrupted in its frame alone. */
static void on_journey(s32 signo, struct siginfo *info, struct ucontext *context)
{
	(void)signo;
	(void)info;
	(void)context;
	spin_for(2000000);
	runs++;
}

static int journey(u32 bytes)
{
	static u8 before[8][32], after[8][32];
	struct fsave found;

	width = bytes;
	signal_handle(SIGUSR1, on_journey, SA_SIGINFO, 0);
	for (u32 n = 0; n < 8; n++)
		fill(before[n], width, 3 + n);
	vectors_load(width, before);
	fpu_unusual(&unusual, 5);
	fpu_load(&unusual);
	kill(getpid(), SIGUSR1);
	fpu_store(&found);
	vectors_store(width, after);
	check("the handler has run", 1, runs);
	check_bytes("x87 registers", unusual.st, found.st, sizeof(found.st));
	check("FCW", unusual.fcw, found.fcw);
	check("FSW", unusual.fsw, found.fsw);
	check_bytes("vector registers", before, after, sizeof(after));
	return verdict();
}

static void yield_for(u32 times)
{
	while (times--)
		sched_yield();
}

/* Task 1 is the waiter. */
static int killer(void)
{
	yield_for(20);
	check("kill, only whether it is there", 0, (u32)kill(1, 0));
	check("kill", 0, (u32)kill(1, SIGUSR1));
	return verdict();
}

static int waiter(void)
{
	signal_handle(SIGUSR1, on_signal, SA_SIGINFO, 0);
	while (!runs)
		sched_yield();
	return EXIT_PASSED;
}

/* Each call that waits is ended by a signal of another task; *left is what nanosleep(2) says then. */
static int pauser(void)
{
	const struct {
		u32 seconds, ns;
	} time = {1000, 0}, none = {0, 0};
	u64 nothing = 0, other = SIGNAL_BIT(SIGUSR2), mask;
	struct siginfo info;
	u32 left[2] = {0, 0};

	signal_handle(SIGUSR1, on_signal, SA_SIGINFO, 0);
	check("pause", (u32)-EINTR, (u32)system_call(29, 0, 0, 0, 0));
	check("pause: handlers", 1, runs);
	check("nanosleep", (u32)-EINTR, (u32)system_call(162, address(&time), address(left), 0, 0));
	check("nanosleep: handlers", 2, runs);
	check_that(text("nanosleep: %u s and %u ns are left", left[0], left[1]),
		   left[0] >= 900 && left[0] < 1000 && left[1] < 1000000000);
	signal_mask(SIG_BLOCK, SIGNAL_BIT(SIGUSR1), NULL);
	check("rt_sigsuspend", (u32)-EINTR, (u32)system_call(179, address(&nothing), sizeof(nothing), 0, 0));
	check("rt_sigsuspend: handlers", 3, runs);
	signal_mask(SIG_BLOCK, 0, &mask);
	check_that("rt_sigsuspend: the mask is as before", mask == SIGNAL_BIT(SIGUSR1));
	signal_mask(SIG_BLOCK, other, NULL);
	check("rt_sigtimedwait", SIGUSR2, (u32)system_call(177, address(&other), address(&info), 0, sizeof(other)));
	check("rt_sigtimedwait: si_signo", SIGUSR2, (u32)info.signo);
	check("rt_sigtimedwait: si_pid", 2, info.address);
	check("rt_sigtimedwait: in time", (u32)-EAGAIN,
	      (u32)system_call(177, address(&other), 0, address(&none), sizeof(other)));
	check("handlers", 3, runs);
	return verdict();
}

/* It runs often enough, before the first and between the signals, for the pauser to wait again, and for some ticks. */
static int prodder(void)
{
	static const u32 signals[] = {SIGUSR1, SIGUSR1, SIGUSR1, SIGUSR2};

	for (u32 n = 0; n < ARRAY_SIZE(signals); n++) {
		yield_for(2000);
		check("kill", 0, (u32)kill(1, signals[n]));
	}
	return verdict();
}

/* Its stack is nowhere. */
static void no_stack(void)
{
	signal_handle(SIGUSR1, on_signal, SA_SIGINFO, 0);
	asm volatile("xor %%esp, %%esp\n\tint $0x80" : : "a"(SYS_KILL), "b"(getpid()), "c"(SIGUSR1));
}

static void divide_by_zero(void)
{
	asm volatile("xor %%ecx, %%ecx\n\tdiv %%ecx" : : : "eax", "ecx", "edx");
}

int main(int argc, char **argv)
{
	const char *name = argc ? argv[0] : "";

	if (strcmp(name, "waiter") == 0)
		return waiter();
	if (strcmp(name, "killer") == 0)
		return killer();
	if (strcmp(name, "pauser") == 0)
		return pauser();
	if (strcmp(name, "prodder") == 0)
		return prodder();
	if (strcmp(name, "journey_x87") == 0)
		return journey(0);
	if (strcmp(name, "journey_sse") == 0)
		return journey(16);
	if (strcmp(name, "journey_avx") == 0)
		return journey(32);
	if (strcmp(name, "term") == 0)
		kill(getpid(), SIGTERM);
	if (strcmp(name, "kill") == 0)
		kill(getpid(), SIGKILL);
	if (strcmp(name, "blocked") == 0) {
		signal_handle(8, on_signal, SA_SIGINFO, 0);
		signal_mask(SIG_BLOCK, SIGNAL_BIT(SIGFPE), NULL);
		divide_by_zero();
	}
	if (strcmp(name, "ignored") == 0) {
		signal_handle(8, (signal_handler *)1, 0, 0);
		divide_by_zero();
	}
	if (strcmp(name, "no_stack") == 0)
		no_stack();
	kill(getpid(), 17); /* SIGCHLD, which does nothing */
	kill(getpid(), 19); /* SIGSTOP, which does nothing here */
	return EXIT_PASSED;
}
