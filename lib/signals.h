/* SPDX-License-Identifier: GPL-2.0-only */
/* Signals by Linux i386's numbers: what the kernel, the reader's validation, the host command and ring-3 programs share. */
#ifndef LIB_SIGNALS_H
#define LIB_SIGNALS_H

#include "checkpoint_hdr.h"

enum {
	SIGILL = 4,
	SIGTRAP = 5,
	SIGBUS = 7,
	SIGFPE = 8,
	SIGKILL = 9,
	SIGUSR1 = 10,
	SIGSEGV = 11,
	SIGUSR2 = 12,
	SIGTERM = 15,
	SIGCHLD = 17,
	SIGCONT = 18,
	SIGSTOP = 19,
	SIGTSTP = 20,
	SIGTTIN = 21,
	SIGTTOU = 22,
	SIGURG = 23,
	SIGWINCH = 28,
};

/* A signal set: bit n - 1 is signal n. */
#define SIGNAL_BIT(n)	  ((u64)1 << ((n)-1))
#define SIGNALS_UNBLOCKED (SIGNAL_BIT(SIGKILL) | SIGNAL_BIT(SIGSTOP)) /* they cannot be blocked, nor have a handler */

/* Handlers that are none. */
#define SIG_DFL 0u
#define SIG_IGN 1u

#define SA_SIGINFO   0x4u
#define SA_RESTORER  0x04000000u
#define SA_ONSTACK   0x08000000u
#define SA_RESTART   0x10000000u
#define SA_NODEFER   0x40000000u
#define SA_RESETHAND 0x80000000u
#define SA_KNOWN                                                                                                       \
	(0x3u /* of child processes */ | SA_SIGINFO | SA_RESTORER | SA_ONSTACK | SA_RESTART | SA_NODEFER | SA_RESETHAND)

#define MINSIGSTKSZ 2048u

/* Where a signal comes from: siginfo's si_code. */
#define SI_USER	  0    /* kill(2) */
#define SI_KERNEL 0x80 /* an exception that has no code of its own */
#define SI_TKILL  (-6) /* tkill(2), tgkill(2) */

/* "SIGSEGV"; "signal 34" is written to `buf` for those that have no name. */
const char *signal_name(u32 signo, char buf[12]);

/* A field of a SIGNAL record, and what was expected there. */
struct signals_fault {
	const char *field;
	u32 offset; /* in the record */
	const char *expected;
};

/* Whether something in the record is not as it may be: the first of it comes to *fault. */
bool signals_refused(const struct cr_hdr_signal *s, struct signals_fault *fault);

#endif
