/* SPDX-License-Identifier: GPL-2.0-only */
/* What the subcommands of cr86 share: their list, their exit statuses, their way to complain. */
#ifndef TOOLS_COMMAND_H
#define TOOLS_COMMAND_H

#include <stdbool.h>

enum {
	STATUS_OK = 0,
	STATUS_DIFFERENT = 1, /* diff: the images differ; extract: the log holds nothing */
	STATUS_TROUBLE = 2,   /* anything that kept the command from doing its work */
};

struct command {
	const char *name;
	const char *synopsis;		   /* what follows the name */
	const char *summary;		   /* one line for cr86 --help */
	const char *help;		   /* the manual page, from DESCRIPTION on */
	int (*run)(int argc, char **argv); /* argv[0] is the subcommand's name; returns a STATUS */
};

extern const struct command show_command, diff_command, check_command, extract_command, core_command, from_core_command;

/* Prints "cr86: ..." to standard error and returns STATUS_TROUBLE, so that a command can end with it. */
int trouble(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* For arguments that make no sense: the same, followed by where help is. */
int usage(const struct command *command, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* An argument of a command that takes each once. */
struct argument {
	const char *option; /* what stands before it: "-o"; NULL: nothing */
	const char *noun;   /* "directory" */
	bool optional;
	const char *value; /* NULL: not given */
};

/*
 * Fills the `count` values. Returns false where the command is to end with *status: --help is printed, or what is wrong
 * with the arguments.
 */
bool take_arguments(const struct command *command, int argc, char **argv, struct argument *arguments, int count,
		    int *status);

/* Prints the manual page of a subcommand to standard output. Returns STATUS_OK. */
int print_help(const struct command *command);

#endif
