/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "command.h"

int cr86_main(int argc, char **argv); /* tools/cr86.c's main */

/* Whatever an image holds, a terminal gets text. The arrow of diff is the only thing beyond ASCII. */
static bool is_text(const char *s)
{
	for (; *s; s++)
		if ((unsigned char)*s < 0x20 && *s != '\n')
			return false;
		else if ((unsigned char)*s > 0x7e && strncmp(s, "\u2192", 3) == 0)
			s += 2;
		else if ((unsigned char)*s > 0x7e)
			return false;
	return true;
}

static void check(const struct outcome *o)
{
	require(strlen(o->out) == o->out_size && is_text(o->out), "standard output is text");
	require(strlen(o->err) == o->err_size && is_text(o->err), "standard error is text");
	require(!o->out_size || o->out[o->out_size - 1] == '\n', "standard output ends with a line");
	require(o->status >= 0 && o->status <= 2, "an exit status of %d", o->status);
	require(o->status != 2 || strncmp(o->err, "cr86: ", 6) == 0, "trouble is told: %s", o->err);
	require(o->status != 0 || !o->err_size, "no trouble without its status: %s", o->err);
}

struct outcome cr86(const char *argument, ...)
{
	static struct outcome o;
	FILE *out = stdout, *err = stderr;
	const char *argv[8] = {"cr86", argument};
	int argc = 2;
	va_list args;

	va_start(args, argument);
	while ((argv[argc] = va_arg(args, const char *)))
		argc++;
	va_end(args);
	free(o.out);
	free(o.err);
	stdout = open_memstream(&o.out, &o.out_size);
	stderr = open_memstream(&o.err, &o.err_size);
	o.status = cr86_main(argc, (char **)argv);
	fclose(stdout);
	fclose(stderr);
	stdout = out;
	stderr = err;
	o.lines = 0;
	for (const char *c = o.out; *c; c++)
		o.lines += *c == '\n';
	check(&o);
	return o;
}

const char *as_file(u32 n, const u8 *data, size_t size)
{
	static char name[2][32];
	static int fd[2];

	if (!name[n][0]) {
		fd[n] = memfd_create("input", 0);
		snprintf(name[n], sizeof(name[n]), "/proc/self/fd/%d", fd[n]);
	}
	require(ftruncate(fd[n], 0) == 0 && pwrite(fd[n], data, size, 0) == (ssize_t)size, "a file of %zu bytes", size);
	return name[n];
}

static char scratch[2048];

static void remove_scratch(void)
{
	rmdir(scratch);
}

void scratch_path(char path[4096], const char *name)
{
	const char *temporary = getenv("TMPDIR");

	if (!scratch[0]) {
		snprintf(scratch, sizeof(scratch), "%s/cr86-fuzz-XXXXXX", temporary ? temporary : "/tmp");
		require(mkdtemp(scratch), "a directory %s", scratch);
		atexit(remove_scratch);
	}
	snprintf(path, 4096, "%s/%s", scratch, name);
}

bool is_image(const u8 *data, size_t size)
{
	struct cr_error error;
	struct cr_image cr;

	return image_validate(data, (u32)size, &cr, &error) == 0 && cr.size == size;
}
