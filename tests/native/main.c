/* SPDX-License-Identifier: GPL-2.0-only */
/* build/native WORDS: the options of the kernel that are the catalogue's, and TAP on standard output. */
#define _GNU_SOURCE
#include <sched.h>
#include <string.h>

#include "catalogue.h"
#include "native.h"
#include "version.h"

/* The kernel's canary, which its objects look for here, too (arch/canary.h). */
extern u32 __stack_chk_guard;
u32 __stack_chk_guard = 0x1badcafe;

static u32 results, failures;

/* Nobody looks at a screen here. */
void platform_expect(const struct case_vector *c, u32 times)
{
	(void)c, (void)times;
}

void platform_start(const struct case_vector *c)
{
	(void)c;
}

void platform_result(bool ok, const char *line)
{
	results++;
	failures += !ok;
	printf("%s %u - %s\n", ok ? "ok" : "not ok", results, line);
	fflush(stdout);
}

void platform_comment(const char *line)
{
	printf("# %s\n", line);
	fflush(stdout);
}

void platform_detail(const char *line)
{
	platform_comment(line);
}

void platform_skip_to(u32 number)
{
	results = number;
}

void platform_bail_out(const char *line)
{
	printf("Bail out! %s\n", line);
	exit(1);
}

static bool parse_number(const char *text, u32 *number)
{
	char *end;

	*number = (u32)strtoul(text, &end, 10);
	return *text && !*end && *number;
}

/* For the adapter: whether cases can run here at all. */
static int probe(void)
{
	const char *wrong = scribble_create();

	if (wrong)
		printf("native: %s\n", wrong);
	scribble_destroy();
	return wrong ? 1 : 0;
}

static bool parse(const char *word, struct catalogue_options *o, bool *list)
{
	if (strcmp(word, "list") == 0)
		return *list = true;
	if (strncmp(word, "case=", 5) == 0)
		return *(o->cases = word + 5);
	if (strncmp(word, "path=", 5) == 0)
		return *(o->paths = word + 5);
	if (strncmp(word, "resume=", 7) == 0)
		return parse_number(word + 7, &o->resume);
	return strncmp(word, "repeat=", 7) == 0 && parse_number(word + 7, &o->repeat);
}

/* Tracer, task and scribbler on one CPU, so that what one leaves in the registers the next one meets. */
static void stay_on_one_cpu(void)
{
	cpu_set_t set;
	int cpu = sched_getcpu();

	CPU_ZERO(&set);
	CPU_SET(cpu < 0 ? 0 : cpu, &set);
	sched_setaffinity(0, sizeof(set), &set);
}

int main(int count, char **words)
{
	struct catalogue_options o = {.part = 1, .parts = 1, .repeat = 1};
	bool list = false;
	char line[160];

	stay_on_one_cpu();
	machine_init();
	descriptors_init(&platform_selectors);
	if (count == 2 && strcmp(words[1], "probe") == 0)
		return probe();
	printf("TAP version 13\n");
	for (int n = 1; n < count; n++)
		if (!parse(words[n], &o, &list)) {
			snprintf(line, sizeof(line), "%s: case=, path=, repeat=, resume= and list are the options here",
				 words[n]);
			platform_bail_out(line);
		}
	platform_comment(CR86_RELEASE);
	machine_describe(line, sizeof(line));
	platform_comment(line);
	if (list)
		catalogue_list(&o);
	else
		catalogue_run(&o);
	printf("1..%u\n", results);
	return failures != 0;
}
