/* SPDX-License-Identifier: GPL-2.0-only */
/* What Linux keeps from being seen here. One row a limit; each is Linux's doing, not the CPU's. */
#include <string.h>

#include "glob.h"
#include "native.h"

struct limit {
	const char *cases; /* globs; NULL: all */
	const char *names; /* words, one of which the case's texts must have; NULL: no matter */
	bool (*holds)(void);
	const char *reason;
};

static bool kernel_is_64bit(void)
{
	return linux_tls_entry(0) != GDT_ENTRY_TLS_MIN;
}

/* Whose #DB for ICEBP is intercepted, and raised again before the instruction. */
static bool is_amd_under_hypervisor(void)
{
	return machine_has_hypervisor() && platform_cpuid(0, 0).ebx == 0x68747541; /* "Auth" */
}

static const struct limit limits[] = {
	{NULL, "FCS FDS", kernel_is_64bit, "a 64-bit kernel saves FIP and FDP with 64 bits, without FCS and FDS"},
	{"segments.accessed.*", NULL, NULL, "Linux sets the accessed bit of all descriptors when they are made"},
	{"segments.rpl.kept.*", NULL, NULL, "ptrace takes selectors of RPL 3 alone"},
	{"*icebp*", NULL, is_amd_under_hypervisor, "the hypervisor raises ICEBP's #DB before the instruction"},
};

static bool names_register(const char *text, const char *name)
{
	u32 length = strlen(name);

	for (const char *at = text; (at = strstr(at, name)); at++)
		if ((at == text || at[-1] == ' ') && (at[length] == '=' || at[length] == '.'))
			return true;
	return false;
}

static bool names_one(const struct case_vector *c, const char *names)
{
	char name[32];

	while (*names) {
		u32 length = strcspn(names, " ");

		memcpy(name, names, length);
		name[length] = '\0';
		if (names_register(c->before, name) || names_register(c->after, name))
			return true;
		names += length + strspn(names + length, " ");
	}
	return false;
}

const char *limits_on(const struct case_vector *c)
{
	for (u32 n = 0; n < ARRAY_SIZE(limits); n++) {
		const struct limit *l = &limits[n];

		if ((!l->cases || glob_list(l->cases, c->name)) && (!l->names || names_one(c, l->names)) &&
		    (!l->holds || l->holds()))
			return l->reason;
	}
	return NULL;
}
