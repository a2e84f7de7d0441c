/* SPDX-License-Identifier: GPL-2.0-only */
/* cr86, the host command: looks at checkpoint images, compares them, takes them out of logs, and exchanges core files. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "version.h"

static const struct command *const commands[] = {&show_command,	   &diff_command, &check_command,
						 &extract_command, &core_command, &from_core_command};
enum { COMMANDS = sizeof(commands) / sizeof(commands[0]) };

int trouble(const char *format, ...)
{
	va_list args;

	fflush(stdout);
	fputs("cr86: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	return STATUS_TROUBLE;
}

int usage(const struct command *command, const char *format, ...)
{
	va_list args;

	fprintf(stderr, "cr86 %s: ", command->name);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fprintf(stderr, "\nTry 'cr86 %s --help'.\n", command->name);
	return STATUS_TROUBLE;
}

int print_help(const struct command *command)
{
	printf("NAME\n    cr86 %s - %s\n\n", command->name, command->summary);
	printf("SYNOPSIS\n    cr86 %s %s\n\n", command->name, command->synopsis);
	fputs(command->help, stdout);
	return STATUS_OK;
}

static int print_overview(void)
{
	printf("NAME\n"
	       "    cr86 - look at, compare, extract and convert checkpoint images of x86 tasks\n"
	       "\n"
	       "SYNOPSIS\n");
	for (int n = 0; n < COMMANDS; n++)
		printf("    cr86 %s %s\n", commands[n]->name, commands[n]->synopsis);
	printf("    cr86 COMMAND --help\n"
	       "    cr86 --help | --version\n"
	       "\n"
	       "DESCRIPTION\n"
	       "    A checkpoint image holds the state of one ring-3 task as the cr86 kernel writes it: registers,\n"
	       "    TLS and LDT descriptors, x87, SSE and extended state, memory. The format is described in\n"
	       "    docs/FORMAT.md. Every command first validates an image wholly, as the kernel does before a\n"
	       "    restart, and refuses it with file, record, field and offset if anything is wrong.\n"
	       "\n"
	       "COMMANDS\n");
	for (int n = 0; n < COMMANDS; n++)
		printf("    %-9s %s\n", commands[n]->name, commands[n]->summary);
	printf("\n"
	       "OPTIONS\n"
	       "    --help      print this text, or the page of a command, and exit\n"
	       "    --version   print the version and exit\n"
	       "\n"
	       "EXIT STATUS\n"
	       "    0   done; for diff: the images hold the same state\n"
	       "    1   diff: the images differ; extract: the log holds no image\n"
	       "    2   trouble: bad arguments, an unreadable file, an image, a log or a core that was refused\n"
	       "\n"
	       "EXAMPLES\n"
	       "    cr86 extract console.log -o images\n"
	       "    cr86 check images/*.img\n"
	       "    cr86 show images/traveller.img\n"
	       "    cr86 diff before.img after.img\n"
	       "    cr86 core traveller.img -o traveller.core && gdb traveller traveller.core\n");
	return STATUS_OK;
}

static int run_command(int argc, char **argv)
{
	if (argc > 1 && strcmp(argv[1], "--help") == 0)
		return print_overview();
	if (argc > 1 && strcmp(argv[1], "--version") == 0) {
		puts(CR86_RELEASE);
		return STATUS_OK;
	}
	for (int n = 0; argc > 1 && n < COMMANDS; n++)
		if (strcmp(argv[1], commands[n]->name) == 0)
			return commands[n]->run(argc - 1, argv + 1);
	if (argc > 1)
		trouble("no command '%s'", argv[1]);
	else
		trouble("which command?");
	fputs("Try 'cr86 --help'.\n", stderr);
	return STATUS_TROUBLE;
}

int main(int argc, char **argv)
{
	int status = run_command(argc, argv);

	/* A full disk or a closed pipe must not look like success. */
	if (fflush(stdout) != 0 || ferror(stdout))
		return trouble("standard output: write error");
	return status;
}
