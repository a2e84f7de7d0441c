/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Signals: every exception that ring 3 can raise, as the signal, code and address that Linux gives it; what stands in the
 * frame; and that what a handler writes there takes effect when it returns. Run on Linux it says the same.
 */
#include "support_signal.h"

/* The exception under way: its instruction, where to go on, and what the handler found. */
static volatile u32 fault_at, resume_at;
static struct {
	u32 count;
	struct siginfo info;
	struct sigcontext context;
} seen;

static void on_fault(s32 signo, struct siginfo *info, struct ucontext *context)
{
	(void)signo;
	seen.count++;
	seen.info = *info;
	seen.context = context->mcontext;
	context->mcontext.eip = resume_at;
	context->mcontext.eflags &= ~(u32)(EFLAGS_TF | EFLAGS_AC);
}

/* Runs `before`, then `instruction`, which raises an exception. */
#define RAISE(before, instruction, ...)                                                                                \
	do {                                                                                                           \
		seen.count = 0;                                                                                        \
		asm volatile("movl $1f, fault_at\n\tmovl $2f, resume_at\n\t" before "\n1:\t" instruction               \
			     "\n2:" ::__VA_ARGS__                                                                      \
			     : "memory", "cc", "eax", "edx");                                                          \
	} while (0)

/* `address`: NULL: that of the instruction. */
static void expect(const char *what, u32 signo, u32 code, u32 address, u32 trapno, u32 err)
{
	check(text("%s: signals", what), 1, seen.count);
	check(text("%s: si_signo", what), signo, (u32)seen.info.signo);
	check(text("%s: si_code", what), code, (u32)seen.info.code);
	check(text("%s: si_addr", what), address, seen.info.address);
	check(text("%s: trapno", what), trapno, seen.context.trapno);
	check(text("%s: err", what), err, seen.context.err);
	print("%s: signal %u, code %u", what, seen.info.signo, seen.info.code);
}

enum { FPE_INTDIV = 1, ILL_ILLOPN = 2, SEGV_MAPERR = 1, SEGV_ACCERR, BUS_ADRALN = 1, TRAP_TRACE = 2 };

static void test_exceptions(void)
{
	RAISE("xor %%eax, %%eax\n\tcltd", "div %%eax", );
	expect("DIV by 0", SIGFPE, FPE_INTDIV, fault_at, 0, 0);
	RAISE("", "int3", );
	expect("INT3", SIGTRAP, SI_KERNEL, 0, 3, 0);
	check("INT3: eip is behind it", resume_at, seen.context.eip);
	RAISE("mov $0x7f, %%al\n\tinc %%al", "into", );
	expect("INTO", SIGSEGV, SI_KERNEL, 0, 4, 0);
	RAISE("", "ud2", );
	expect("UD2", SIGILL, ILL_ILLOPN, fault_at, 6, 0);
	check("UD2: eip is at it", fault_at, seen.context.eip);
	RAISE("", "hlt", );
	expect("HLT", SIGSEGV, SI_KERNEL, 0, 13, 0);
	RAISE("", "int $0x42", );
	expect("INT 42H", SIGSEGV, SI_KERNEL, 0, 13, 0x42 * 8 + 2);
	RAISE("mov $0xfff3, %%eax", "mov %%ax, %%fs", ); /* (an entry that the GDT does not reach) */
	expect("a selector that there is not", SIGSEGV, SI_KERNEL, 0, 13, 0xfff0);
}

static void test_bound(void)
{
	static const u32 bounds[2] = {1, 2};

	RAISE("mov $3, %%eax", "bound %%eax, %0", "m"(bounds));
	expect("BOUND", SIGSEGV, SI_KERNEL, 0, 5, 0);
}

static void test_page_faults(void)
{
	RAISE("", "movl 0x10, %%eax", );
	expect("a read of nothing", SIGSEGV, SEGV_MAPERR, 0x10, 14, 4);
	check("a read of nothing: cr2", 0x10, seen.context.cr2);
	RAISE("", "movl $0, 0x20", );
	expect("a write to nothing", SIGSEGV, SEGV_MAPERR, 0x20, 14, 6);
	RAISE("", "movl $0, test_page_faults", );
	expect("a write to text", SIGSEGV, SEGV_ACCERR, address(test_page_faults), 14, 7);
	RAISE("", "ud2", );
	check("cr2 is still there", address(test_page_faults), seen.context.cr2);
}

/* A segment that is not present: #NP in a data segment register, #SS in ss. */
static void test_segments(void)
{
	struct user_desc d = {.entry_number = 1,
			      .limit = 0xfffff,
			      .seg_32bit = 1,
			      .limit_in_pages = 1,
			      .seg_not_present = 1,
			      .useable = 1};

	if (modify_ldt(LDT_WRITE, &d, sizeof(d)) != 0)
		return;
	RAISE("mov $0xf, %%eax", "mov %%ax, %%fs", );
	expect("a segment that is not present", SIGBUS, SI_KERNEL, 0, 11, 0xc);
	RAISE("mov $0xf, %%eax", "mov %%ax, %%ss", );
	expect("the same for the stack", SIGBUS, SI_KERNEL, 0, 12, 0xc);
}

/* QEMU raises no #AC. */
static void test_alignment(void)
{
	static u32 cell[2];

	RAISE("pushf\n\torl $0x40000, (%%esp)\n\tpopf", "movl %%eax, 1+%0\n\tpushf\n\tandl $~0x40000, (%%esp)\n\tpopf",
	      "m"(cell));
	if (seen.count)
		expect("an address that is not aligned", SIGBUS, BUS_ADRALN, 0, 17, 0);
}

static void test_step(void)
{
	RAISE("pushf\n\torl $0x100, (%%esp)\n\tpopf", "nop", );
	expect("TF", SIGTRAP, TRAP_TRACE, fault_at + 1, 1, 0);
	check("TF: in the frame", EFLAGS_TF, seen.context.eflags & EFLAGS_TF);
}

/* --- x87 and SSE exceptions: one unmasked --- */

enum { FPE_FLTDIV = 3, FPE_FLTOVF, FPE_FLTUND, FPE_FLTRES, FPE_FLTINV };

static void raise_x87(const char *what, u32 exception, u32 code, const char *values)
{
	static const u8 least[10] = {1}, greatest[10] = {255, 255, 255, 255, 255, 255, 255, 255, 0xfe, 0x7f};
	u16 fcw = (u16)(FCW_INIT & ~BIT(exception));

	asm volatile("fninit\n\tfldcw %0" : : "m"(fcw));
	switch (*values) {
	case '0':
		RAISE("fldz\n\tfldz\n\tfdivrp", "fwait", );
		break;
	case '1':
		RAISE("fld1\n\tfldz\n\tfdivrp", "fwait", ); /* 1 / 0 */
		break;
	case 'd':
		RAISE("fldt %0\n\tfld1\n\tfaddp", "fwait", "m"(least));
		break;
	case 'g':
		RAISE("fldt %0\n\tfadd %%st(0)", "fwait", "m"(greatest));
		break;
	case 'l':
		RAISE("fldt %0\n\tfldt %0\n\tfmulp", "fwait", "m"(least));
		break;
	default:
		RAISE("fldpi\n\tfld1\n\tfdivp", "fwait", );
	}
	asm volatile("fninit");
	if (seen.count || *values != 'd') /* QEMU raises no #MF for a denormal */
		expect(what, SIGFPE, code, fault_at, 16, 0);
}

static void test_x87(void)
{
	raise_x87("x87, invalid", 0, FPE_FLTINV, "0");
	raise_x87("x87, denormal", 1, FPE_FLTUND, "denormal");
	raise_x87("x87, division by 0", 2, FPE_FLTDIV, "1");
	raise_x87("x87, overflow", 3, FPE_FLTOVF, "greatest");
	raise_x87("x87, underflow", 4, FPE_FLTUND, "least");
	raise_x87("x87, precision", 5, FPE_FLTRES, "pi");
}

/* QEMU raises no #XM. */
static void raise_sse(const char *what, u32 exception, u32 code, u32 a, u32 b)
{
	mxcsr_load(MXCSR_MASKS & ~(0x80u << exception));
	RAISE("movss %0, %%xmm0\n\tmovss %1, %%xmm1", "divss %%xmm1, %%xmm0", "m"(a), "m"(b));
	mxcsr_load(MXCSR_MASKS);
	if (seen.count)
		expect(what, SIGFPE, code, fault_at, 19, 0);
}

static void test_sse(void)
{
	raise_sse("SSE, invalid", 0, FPE_FLTINV, 0, 0);
	raise_sse("SSE, denormal", 1, FPE_FLTUND, 1, 0x3f800000);
	raise_sse("SSE, division by 0", 2, FPE_FLTDIV, 0x3f800000, 0);
	raise_sse("SSE, overflow", 3, FPE_FLTOVF, 0x7f7fffff, 0x00800000);
	raise_sse("SSE, underflow", 4, FPE_FLTUND, 0x00800000, 0x7f7fffff);
	raise_sse("SSE, precision", 5, FPE_FLTRES, 0x3f800000, 0x40400000);
}

int main(int argc, char **argv)
{
	static const u32 signals[] = {SIGILL, SIGTRAP, SIGBUS, SIGFPE, SIGSEGV};

	(void)argc;
	(void)argv;
	for (u32 n = 0; n < ARRAY_SIZE(signals); n++)
		check("rt_sigaction", 0, (u32)signal_handle(signals[n], on_fault, SA_SIGINFO, 0));
	test_exceptions();
	test_bound();
	test_page_faults();
	test_segments();
	test_alignment();
	test_step();
	if (cpu_has_fpu())
		test_x87();
	if (cpu_has_sse())
		test_sse();
	return verdict();
}
