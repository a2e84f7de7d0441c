/* SPDX-License-Identifier: GPL-2.0-only */
#include <string.h>

#include "command.h"

/* The argument that the word is an option of, or may be itself; NULL: there is none. */
static struct argument *find(struct argument *arguments, int count, const char *word)
{
	bool option = word[0] == '-' && word[1];

	for (int n = 0; n < count; n++) {
		const char *name = arguments[n].option;

		if (option ? name && strcmp(name, word) == 0 : !name)
			return &arguments[n];
	}
	return NULL;
}

static bool wrong(int *status)
{
	*status = STATUS_TROUBLE;
	return false;
}

/* "-o which directory?", "which log?" */
static bool missing(const struct command *command, const struct argument *a, int *status)
{
	usage(command, "%s%swhich %s?", a->option ? a->option : "", a->option ? " " : "", a->noun);
	return wrong(status);
}

bool take_arguments(const struct command *command, int argc, char **argv, struct argument *arguments, int count,
		    int *status)
{
	for (int n = 1; n < argc; n++) {
		struct argument *a = find(arguments, count, argv[n]);

		if (strcmp(argv[n], "--help") == 0) {
			*status = print_help(command);
			return false;
		}
		if (!a) {
			usage(command, "no option '%s'", argv[n]);
			return wrong(status);
		}
		if (a->value) {
			usage(command, "one %s at a time", a->noun);
			return wrong(status);
		}
		if (a->option && ++n == argc)
			return missing(command, a, status);
		a->value = argv[n];
	}
	for (int n = 0; n < count; n++)
		if (!arguments[n].value && !arguments[n].optional)
			return missing(command, &arguments[n], status);
	return true;
}
