/* SPDX-License-Identifier: GPL-2.0-only */
#include "signals.h"
#include "printf.h"
#include "string.h"
#include "xstate.h"

const char *signal_name(u32 signo, char buf[12])
{
	static const char names[][7] = {"HUP",	"INT",	  "QUIT", "ILL",   "TRAP", "ABRT", "BUS",  "FPE",
					"KILL", "USR1",	  "SEGV", "USR2",  "PIPE", "ALRM", "TERM", "STKFL",
					"CHLD", "CONT",	  "STOP", "TSTP",  "TTIN", "TTOU", "URG",  "XCPU",
					"XFSZ", "VTALRM", "PROF", "WINCH", "IO",   "PWR",  "SYS"};

	if (signo - 1 < ARRAY_SIZE(names))
		lib_snprintf(buf, 12, "SIG%s", names[signo - 1]);
	else
		lib_snprintf(buf, 12, "signal %u", signo);
	return buf;
}

static bool is_address(u64 value)
{
	return value <= 0xffffffff;
}

static const char *action_refused(const struct cr_signal_action *action, u32 signo, u32 *offset)
{
	static const struct cr_signal_action none;

	*offset += offsetof(struct cr_hdr_signal, action) + (signo - 1) * (u32)sizeof(*action);
	if (SIGNALS_UNBLOCKED & SIGNAL_BIT(signo) && memcmp(action, &none, sizeof(none)) != 0)
		return "zeros: SIGKILL and SIGSTOP have no handler";
	if (!is_address(action->handler) || !is_address(action->restorer))
		return "a handler and a restorer at addresses of 32 bits";
	if (action->mask & SIGNALS_UNBLOCKED)
		return "an mask without SIGKILL and SIGSTOP";
	if (action->flags & ~SA_KNOWN)
		return "only SA_ flags that there are";
	if (action->_padding)
		return "0 in the padding";
	return NULL;
}

static const char *info_refused(const struct cr_signal_info *info, bool pending, u32 signo, u32 *offset)
{
	*offset += offsetof(struct cr_hdr_signal, info) + (signo - 1) * (u32)sizeof(*info);
	if (!pending && (info->code || info->pid))
		return "zeros: the signal is not pending";
	if (info->code != SI_USER && info->code != SI_TKILL)
		return "code 0 (SI_USER) or -6 (SI_TKILL)";
	return NULL;
}

const char *signals_refused(const struct cr_hdr_signal *s, u32 *offset)
{
	const char *expected = NULL;

	*offset = 0;
	if (xstate_is_zero(s, sizeof(*s)))
		return "something that is not as in a new task";
	if (s->blocked & SIGNALS_UNBLOCKED)
		return "blocked without SIGKILL and SIGSTOP";
	*offset = offsetof(struct cr_hdr_signal, sas_ss_sp);
	if (s->sas_ss_size ? s->sas_ss_size < MINSIGSTKSZ || !is_address(s->sas_ss_sp) || !is_address(s->sas_ss_size)
			   : s->sas_ss_sp)
		return "an alternate stack of 2048 bytes or more, or zeros";
	*offset = offsetof(struct cr_hdr_signal, cr2);
	if (!is_address(s->cr2))
		return "an address of 32 bits";
	for (u32 signo = 1; signo <= CR_SIGNALS && !expected; signo++) {
		*offset = 0;
		expected = action_refused(&s->action[signo - 1], signo, offset);
	}
	for (u32 signo = 1; signo <= CR_SIGNALS && !expected; signo++) {
		*offset = 0;
		expected = info_refused(&s->info[signo - 1], s->pending & SIGNAL_BIT(signo), signo, offset);
	}
	return expected;
}
