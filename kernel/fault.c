/* SPDX-License-Identifier: GPL-2.0-only */
/* Exceptions as signals: which one, why (si_code) and where (si_addr), as Linux has it. */
#include "cpu.h"
#include "signal.h"

enum { FPE_INTDIV = 1, FPE_FLTDIV = 3, FPE_FLTOVF, FPE_FLTUND, FPE_FLTRES, FPE_FLTINV };
enum { ILL_ILLOPN = 2 };
enum { SEGV_MAPERR = 1, SEGV_ACCERR };
enum { BUS_ADRALN = 1 };
enum { TRAP_BRKPT = 1, TRAP_TRACE, TRAP_HWBKPT = 4 };

/* x87's and SSE's exception flags: IE, DE, ZE, OE, UE, PE (SDM 1 §8.1.3, §10.2.3). The first that is not masked counts. */
static s32 fpe_code(u32 unmasked)
{
	static const struct {
		u8 flags, code;
	} codes[] = {{BIT(0), FPE_FLTINV}, {BIT(2), FPE_FLTDIV}, {BIT(3), FPE_FLTOVF}, {BIT(1) | BIT(4), FPE_FLTUND}};

	for (u32 n = 0; n < ARRAY_SIZE(codes); n++)
		if (unmasked & codes[n].flags)
			return codes[n].code;
	return FPE_FLTRES;
}

static s32 debug_code(u32 dr6)
{
	return dr6 & (DR6_BS | DR6_BT) ? TRAP_TRACE : dr6 & DR6_STATUS ? TRAP_HWBKPT : TRAP_BRKPT;
}

static bool raise(struct task *t, u32 signo, s32 code, u32 address)
{
	const struct trap_frame *f = t->context.frame;

	if (!t->signal)
		return false;
	t->signal->trap_nr = f->vector;
	t->signal->error_code = f->error;
	return signal_force(t, signo, code, address);
}

static bool page_fault(struct task *t)
{
	u32 address = read_cr2();
	s32 code = vma_find(&t->mm->vmas, address) ? SEGV_ACCERR : SEGV_MAPERR;

	if (t->signal)
		t->signal->cr2 = address;
	return raise(t, SIGSEGV, code, address);
}

bool fault_signal(struct task *t)
{
	u32 eip = t->context.frame->eip;

	switch (t->context.frame->vector) {
	case TRAP_DE:
		return raise(t, SIGFPE, FPE_INTDIV, eip);
	case TRAP_BP:
		return raise(t, SIGTRAP, SI_KERNEL, 0);
	case TRAP_UD:
		return raise(t, SIGILL, ILL_ILLOPN, eip);
	case TRAP_OF:
	case TRAP_BR:
	case TRAP_TS:
	case TRAP_GP:
		return raise(t, SIGSEGV, SI_KERNEL, 0);
	case TRAP_NP:
	case TRAP_SS:
		return raise(t, SIGBUS, SI_KERNEL, 0);
	case TRAP_PF:
		return page_fault(t);
	case TRAP_MF:
		return raise(t, SIGFPE, fpe_code(fpu_unmasked(&t->context.fpu, false)), eip);
	case TRAP_XM:
		return raise(t, SIGFPE, fpe_code(fpu_unmasked(&t->context.fpu, true)), eip);
	case TRAP_AC:
		return raise(t, SIGBUS, BUS_ADRALN, 0);
	default:
		return false;
	}
}

bool fault_debug(struct task *t, u32 dr6)
{
	return raise(t, SIGTRAP, debug_code(dr6), t->context.frame->eip);
}
