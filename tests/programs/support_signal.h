/* SPDX-License-Identifier: GPL-2.0-only */
/* Signals, as Linux i386 has them: asm/signal.h, asm/sigcontext.h, asm/ucontext.h. */
#ifndef SUPPORT_SIGNAL_H
#define SUPPORT_SIGNAL_H

#include "program.h"
#include "signals.h"

enum { SIG_BLOCK, SIG_UNBLOCK, SIG_SETMASK };

struct siginfo {
	s32 signo, error, code;
	u32 address; /* or the sender's id */
	u32 rest[28];
};

struct sigcontext {
	u32 gs, fs, es, ds, edi, esi, ebp, esp, ebx, edx, ecx, eax;
	u32 trapno, err, eip, cs, eflags, esp_at_signal, ss;
	struct fpstate *fpstate;
	u32 oldmask, cr2;
};

struct ucontext {
	u32 flags, link;
	struct stack {
		u32 sp, flags, size;
	} stack;
	struct sigcontext mcontext;
	u64 sigmask;
};

/* The FPU state: the first form always, FXSAVE's where magic is 0, XSAVE's where magic1 is what it should be. */
struct fpstate {
	struct fsave fsave;
	u16 status, magic;
	struct fxsave fxsave; /* whose _software bytes are struct sw_bytes */
	u64 xstate_bv, xcomp_bv, reserved[6];
	u8 extended[];
};

struct sw_bytes {
	u32 magic1, extended_size;
	u64 xfeatures;
	u32 xstate_size, padding[7];
};
#define FP_XSTATE_MAGIC1 0x46505853u
#define FP_XSTATE_MAGIC2 0x46505845u

typedef void signal_handler(s32 signo, struct siginfo *info, struct ucontext *context);

enum {
	SYS_KILL = 37,
	SYS_RT_SIGACTION = 174,
	SYS_RT_SIGPROCMASK = 175,
	SYS_RT_SIGPENDING = 176,
	SYS_SIGALTSTACK = 186,
	SYS_TGKILL = 270,
};

extern const u8 signal_restorer[], signal_rt_restorer[];

/* With SA_SIGINFO. `mask`: what is blocked besides. */
static inline s32 signal_handle(u32 signo, signal_handler *handler, u32 flags, u64 mask)
{
	const struct {
		u32 handler, flags, restorer;
		u64 mask;
	} __attribute__((packed)) action = {(u32)(uintptr_t)handler, flags | SA_RESTORER,
					    address(flags & SA_SIGINFO ? signal_rt_restorer : signal_restorer), mask};

	return system_call(SYS_RT_SIGACTION, signo, address(&action), 0, 8);
}

static inline s32 signal_mask(u32 how, u64 set, u64 *old)
{
	return system_call(SYS_RT_SIGPROCMASK, how, address(&set), address(old), 8);
}

static inline u64 signals_pending(void)
{
	u64 set = 0;

	system_call(SYS_RT_SIGPENDING, address(&set), sizeof(set), 0, 0);
	return set;
}

static inline s32 kill(u32 pid, u32 signo)
{
	return system_call(SYS_KILL, pid, signo, 0, 0);
}

static inline s32 sigaltstack(const struct stack *stack, struct stack *old)
{
	return system_call(SYS_SIGALTSTACK, address(stack), address(old), 0, 0);
}

#endif
