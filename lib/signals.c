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

static bool action_valid(const struct cr_signal_action *action, u32 signo)
{
	if (SIGNALS_UNBLOCKED & SIGNAL_BIT(signo))
		return xstate_is_zero(action, sizeof(*action));
	return is_address(action->handler) && is_address(action->restorer) && !(action->mask & SIGNALS_UNBLOCKED) &&
	       !(action->flags & ~SA_KNOWN) && !action->_padding;
}

static bool info_valid(const struct cr_signal_info *info, bool pending)
{
	return pending ? info->code == SI_USER || info->code == SI_TKILL : xstate_is_zero(info, sizeof(*info));
}

/* True, as is what it says: at `place` in the record stands something else than what is expected. */
static bool refused(struct signals_fault *fault, const struct cr_hdr_signal *s, const char *field, const void *place,
		    const char *expected)
{
	*fault = (struct signals_fault){field, (u32)((const u8 *)place - (const u8 *)s), expected};
	return true;
}

bool signals_refused(const struct cr_hdr_signal *s, struct signals_fault *fault)
{
	if (xstate_is_zero(s, sizeof(*s)))
		return refused(fault, s, "blocked", &s->blocked, "not all zeros");
	if (s->blocked & SIGNALS_UNBLOCKED)
		return refused(fault, s, "blocked", &s->blocked, "no SIGKILL or SIGSTOP");
	if (s->sas_ss_size ? s->sas_ss_size < MINSIGSTKSZ || !is_address(s->sas_ss_sp) || !is_address(s->sas_ss_size)
			   : s->sas_ss_sp)
		return refused(fault, s, "sas_ss_sp", &s->sas_ss_sp, "2048 bytes or more, or zeros");
	if (!is_address(s->cr2))
		return refused(fault, s, "cr2", &s->cr2, "an address of 32 bits");
	for (u32 n = 0; n < CR_SIGNALS; n++) {
		if (!action_valid(&s->action[n], n + 1))
			return refused(fault, s, "action", &s->action[n],
				       "an action that there can be for this signal");
		if (!info_valid(&s->info[n], s->pending & SIGNAL_BIT(n + 1)))
			return refused(fault, s, "info", &s->info[n],
				       "SI_USER or SI_TKILL for a pending signal, else zeros");
	}
	return false;
}
