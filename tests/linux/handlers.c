/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Signals as C programs use them: handlers that compute in floating point in the middle of such a computation, that leave
 * by siglongjmp, that run on a stack of their own when there is no other left; x87 exceptions by fenv.h; masks.
 */
#include <errno.h>
#include <fenv.h>
#include <math.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>

static volatile sig_atomic_t handled;
static volatile double in_handler;
static sigjmp_buf back;

/* Uses all that the interrupted code uses. */
static void on_usr1(int signo)
{
	double sum = signo;

	for (int n = 1; n < 200; n++)
		sum += sin(n) * sqrt(n) / (1.0 + sum * sum);
	in_handler += sum;
	handled++;
}

static void compute(void)
{
	long double product = 1;
	double sum = 0;

	signal(SIGUSR1, on_usr1);
	fesetround(FE_UPWARD);
	for (int n = 1; n <= 3000; n++) {
		sum += cos(n) * exp(1.0 / n) + (double)(product *= 1.0L + 1.0L / (n * (long double)n));
		if (n % 7 == 0)
			raise(SIGUSR1);
	}
	fesetround(FE_TONEAREST);
	printf("%d handlers, %.17g outside, %.17g inside, %.20Lg\n", handled, sum, in_handler, product);
}

static void on_fault(int signo, siginfo_t *info, void *context)
{
	(void)context;
	siglongjmp(back, signo * 1000 + info->si_code);
}

static void handle(int signo, void (*handler)(int, siginfo_t *, void *), int flags)
{
	struct sigaction action = {.sa_sigaction = handler, .sa_flags = SA_SIGINFO | flags};

	sigemptyset(&action.sa_mask);
	if (sigaction(signo, &action, NULL) != 0)
		printf("sigaction: %s\n", strerror(errno));
}

/* feenableexcept(3) for the x87, which musl does not have; excepts 0: none. */
static void unmask(int excepts)
{
	unsigned short fcw;

	__asm__ volatile("fnstcw %0" : "=m"(fcw));
	fcw = (unsigned short)((fcw | FE_ALL_EXCEPT) & ~excepts);
	__asm__ volatile("fldcw %0" : : "m"(fcw));
}

static volatile int zero, *volatile nowhere;
static volatile double dzero, quotient;

static void faults(void)
{
	int result;

	handle(SIGFPE, on_fault, 0);
	handle(SIGSEGV, on_fault, 0);
	handle(SIGILL, on_fault, 0);
	for (volatile int round = 0; round < 50; round++) {
		if ((result = sigsetjmp(back, 1)) == 0)
			zero = 7 / zero;
		if (round == 49)
			printf("integer division: %d\n", result);
		if ((result = sigsetjmp(back, 1)) == 0)
			*nowhere = 1;
		if (round == 49)
			printf("null pointer: %d\n", result);
		if ((result = sigsetjmp(back, 1)) == 0)
			__asm__ volatile("ud2");
		if (round == 49)
			printf("no instruction: %d\n", result);
		if ((result = sigsetjmp(back, 1)) == 0) {
			unmask(FE_DIVBYZERO);
			quotient = 1 / dzero;
			__asm__ volatile("fwait"); /* QEMU raises it here and at no x87 instruction */
		}
		unmask(0);
		if (round == 49)
			printf("floating-point division: %d\n", result);
	}
	feclearexcept(FE_ALL_EXCEPT);
}

static int deeper(volatile int depth)
{
	volatile char frame[4096];

	frame[0] = (char)depth;
	return depth < 0 ? 0 : deeper(depth + 1) + frame[0];
}

static void overflow(void)
{
	static char stack[65536];
	stack_t alternate = {.ss_sp = stack, .ss_size = sizeof(stack)};

	if (sigaltstack(&alternate, NULL) != 0)
		printf("sigaltstack: %s\n", strerror(errno));
	handle(SIGSEGV, on_fault, SA_ONSTACK);
	for (volatile int round = 0; round < 3; round++)
		if (sigsetjmp(back, 1) == 0)
			printf("%d\n", deeper(0));
	printf("the stack ran over, three times\n");
}

static volatile int order;

static void on_order(int signo)
{
	order = order * 100 + signo;
}

static void masks(void)
{
	sigset_t set, old, pending;

	signal(SIGUSR1, on_order);
	signal(SIGUSR2, on_order);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigaddset(&set, SIGUSR2);
	sigprocmask(SIG_BLOCK, &set, &old);
	raise(SIGUSR2);
	raise(SIGUSR1);
	raise(SIGUSR1);
	sigpending(&pending);
	printf("pending: %d %d %d\n", sigismember(&pending, SIGUSR1), sigismember(&pending, SIGUSR2), order);
	sigprocmask(SIG_SETMASK, &old, NULL);
	printf("one of each: %d\n", order > 0 && order % 100 + order / 100 == SIGUSR1 + SIGUSR2);
}

static void on_context(int signo, siginfo_t *info, void *p)
{
	ucontext_t *context = p;

	(void)signo;
	(void)info;
	context->uc_mcontext.gregs[REG_EIP] += 2; /* ud2 */
	context->uc_mcontext.gregs[REG_EAX] = 4711;
}

static void contexts(void)
{
	int value = 1;

	handle(SIGILL, on_context, 0);
	__asm__ volatile("ud2" : "+a"(value));
	printf("a handler has set eax to %d\n", value);
}

int main(void)
{
	compute();
	faults();
	masks();
	contexts();
	overflow();
	return 0;
}
