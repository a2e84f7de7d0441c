/* SPDX-License-Identifier: GPL-2.0-only */
/* All cases on all paths: what is run, what is compared, what is said. */
#include "catalogue.h"
#include "features.h"
#include "glob.h"
#include "list.h"
#include "platform.h"
#include "printf.h"
#include "string.h"

#define FIELDS	     16 /* names in a verdict */
#define FIELD_NAME   24
#define DIAGNOSTICS  6144
#define PATH_DETAILS 8 /* lines that one path may fill */
#define DETAILS	     1024

/* What is known of the case under way. */
struct verdict {
	const struct case_vector *c;
	const struct path *path;	/* the one under way */
	char paths[128];		/* those that failed */
	char field[FIELDS][FIELD_NAME]; /* what was wrong on them, each once */
	u32 fields;
	u32 details;	      /* lines of this path */
	char detail[DETAILS]; /* those lines, "what is wrong" each */
	char first[DETAILS];  /* those of the first path that failed: most fail alike, and that is said once */
	bool stands;	      /* that path went to its end, and the state there is in `state` */
	struct vector state;
	char text[DIAGNOSTICS];
	u32 length;
	char skipped[160]; /* why the last path was skipped */
	u32 runs;
};

static struct sum {
	u32 cases, passed, failed, skipped, runs, checks;
} sum;

static struct vector before;
static struct expectation expected;
static struct outcome outcome;

/* --- what goes wrong --- */

static void add_field(struct verdict *v, const char *name)
{
	for (u32 n = 0; n < v->fields; n++)
		if (strcmp(v->field[n], name) == 0)
			return;
	if (v->fields == FIELDS)
		return;
	lib_snprintf(v->field[v->fields++], FIELD_NAME, "%s", name);
}

static const char *path_name(const struct verdict *v)
{
	return v->path ? v->path->name : "none";
}

/* The path under way has failed, and this is why. */
static void tell(struct verdict *v, const char *what)
{
	u32 length = strlen(v->detail);

	if (!v->details++)
		lib_snprintf(v->paths + strlen(v->paths), sizeof(v->paths) - strlen(v->paths), "%s%s",
			     *v->paths ? " " : "", path_name(v));
	if (v->details <= PATH_DETAILS)
		lib_snprintf(v->detail + length, DETAILS - length, "%s\n", what);
}

/* The same with the name of what is wrong. */
static void fail(struct verdict *v, const char *field, const char *what)
{
	add_field(v, field);
	tell(v, what);
}

/* The lines of the path under way become diagnostics, unless the first path that failed has said the same. */
static void end_path(struct verdict *v)
{
	char *line = v->detail;

	if (!v->details || strcmp(v->detail, v->first) == 0)
		return;
	if (!*v->first)
		memcpy(v->first, v->detail, DETAILS);
	for (char *end; (end = strchr(line, '\n')) && v->length < DIAGNOSTICS - 256; line = end + 1) {
		*end = '\0';
		v->length += (u32)lib_snprintf(v->text + v->length, DIAGNOSTICS - v->length, "path %s: %s\n",
					       path_name(v), line);
	}
}

/* The path under way has failed as the first one that did. */
static void tell_again(struct verdict *v)
{
	tell(v, "");
	memcpy(v->detail, v->first, DETAILS);
}

/* The verdict names wrong bits one by one, the line about them names them together. */
static void differs(void *cookie, const struct vector_difference *d)
{
	struct verdict *v = cookie;
	char field[FIELD_NAME], what[DETAILS / 2];
	int n = lib_snprintf(what, sizeof(what), "%s", d->name);

	for (u32 p = 0; p < d->parts; p++) {
		n += lib_snprintf(what + n, sizeof(what) - (u32)n, " %s", d->part[p]);
		lib_snprintf(field, sizeof(field), "%s.%s", d->name, d->part[p]);
		if (*d->part[p] != '[')
			add_field(v, field);
	}
	if (!d->parts || *d->part[0] == '[')
		add_field(v, d->name);
	lib_snprintf(what + n, sizeof(what) - (u32)n, " is %s, expected %s", d->found, d->expected);
	tell(v, what);
}

static const char *name_trap(char *buf, u32 size, const struct end *end)
{
	lib_snprintf(buf, size, "%s(%x) at code+%x", trap_name(end->vector), end->error, end->eip - CASE_CODE);
	return buf;
}

/* The trap that a run ended with must be the last of the ends; those before it have come, or it would not be there. */
static void judge_end(struct verdict *v, const struct end *ends, u32 count)
{
	const struct end *should = &ends[outcome.stops < count ? outcome.stops : count - 1];
	char is[48], expect[48], what[160];

	sum.checks += outcome.stops;
	if (outcome.stops == count)
		return;
	lib_snprintf(what, sizeof(what), "ended by %s, expected %s", name_trap(is, sizeof(is), &outcome.stop),
		     name_trap(expect, sizeof(expect), should));
	fail(v, outcome.stop.vector == should->vector && outcome.stop.eip == should->eip ? "error" : "end", what);
}

static void judge_refusal(struct verdict *v, const char *refused)
{
	char what[256];
	bool was = outcome.kind == OUTCOME_REFUSED;

	sum.checks++;
	if (refused && was && strcmp(refused, outcome.why) == 0)
		return;
	lib_snprintf(what, sizeof(what), "restart refused %s, expected it to refuse %s", was ? outcome.why : "nothing",
		     refused ? refused : "nothing");
	fail(v, "refused", what);
}

/* The state after the last of the ends. Where it is wrong, it is most often the same on the next path. */
static void judge_state(struct verdict *v)
{
	const struct vector_report report = {differs, v};

	sum.checks += expected.checks;
	if (v->stands && vector_same(&outcome.state, &v->state, &expected.care)) {
		tell_again(v);
		return;
	}
	vector_compare(&outcome.state, &expected, &report);
	if (v->details && !*v->first) {
		v->stands = true;
		vector_copy(&v->state, &outcome.state);
	}
}

static void judge(struct verdict *v, const struct end *ends, u32 count, const char *refused)
{
	if (outcome.kind == OUTCOME_HANG) {
		fail(v, "hang", "it hung, and was ended by the watchdog");
	} else if (outcome.kind == OUTCOME_TROUBLE) {
		fail(v, "trouble", outcome.why);
	} else if (refused || outcome.kind == OUTCOME_REFUSED) {
		judge_refusal(v, refused);
	} else {
		judge_end(v, ends, count);
		if (outcome.stops == count)
			judge_state(v);
	}
}

/* --- what is said --- */

static void print_lines(char *text)
{
	for (char *end; (end = strchr(text, '\n')); text = end + 1) {
		*end = '\0';
		platform_detail(text);
	}
}

static void print_failure(struct verdict *v)
{
	char line[512];
	int n = lib_snprintf(line, sizeof(line), "%s [%s:", v->c->name, v->paths);

	for (u32 f = 0; f < v->fields; f++)
		n += lib_snprintf(line + n, sizeof(line) - (u32)n, " %s", v->field[f]);
	lib_snprintf(line + n, sizeof(line) - (u32)n, v->fields == FIELDS ? " ...]" : "]");
	platform_result(false, line);
	print_lines(v->text);
	for (char *blank; (blank = strchr(v->paths, ' '));)
		*blank = ',';
	lib_snprintf(line, sizeof(line), "%s; repeat: case=%s path=%s", v->c->manual, v->c->name, v->paths);
	platform_detail(line);
}

static void print_verdict(struct verdict *v)
{
	char line[256];

	sum.runs += v->runs;
	if (*v->paths) {
		sum.failed++;
		print_failure(v);
	} else if (!v->runs) {
		sum.skipped++;
		lib_snprintf(line, sizeof(line), "%s # SKIP %s", v->c->name, v->skipped);
		platform_result(true, line);
	} else {
		sum.passed++;
		platform_result(true, v->c->name);
	}
}

/* --- one case --- */

/* A method that saves less than a case uses cannot carry it. */
static bool path_carries(const struct path *path, const struct case_vector *c, u32 uses)
{
	if (c->flags & (CASE_RING0 | CASE_PLAIN) && (path->switches || path->restarts))
		return false;
	return !path->components || (uses & ~path->components) == 0;
}

static bool path_selected(const char *paths, const struct path *path)
{
	return (!paths || glob_list(paths, path->name)) && platform_has_path(path);
}

static void run_paths(struct verdict *v, const char *paths, const struct end *ends, u32 count, const char *refused)
{
	u32 uses = features_components(v->c->needs) | vector_components(&before);

	lib_snprintf(v->skipped, sizeof(v->skipped), "no selected path can carry it");
	for (u32 n = 0; n < platform_path_count; n++) {
		const struct path *path = &platform_paths[n];

		if (!path_selected(paths, path) || !path_carries(path, v->c, uses))
			continue;
		v->path = path;
		v->details = 0;
		*v->detail = '\0';
		platform_run(v->c, path, &before, ends, count, &outcome);
		if (outcome.kind == OUTCOME_SKIPPED) {
			memcpy(v->skipped, outcome.why, sizeof(v->skipped));
			continue;
		}
		v->runs++;
		judge(v, ends, count, refused);
		end_path(v);
		if (outcome.kind == OUTCOME_HANG)
			return; /* on the other paths it would, too, and that takes long */
	}
}

static bool needs_met(struct verdict *v)
{
	const char *missing;
	char name[32] = "";
	u32 length;

	if (v->c->flags & CASE_RING0 && !platform_ring0) {
		lib_snprintf(v->skipped, sizeof(v->skipped), "its code runs in ring 0");
		return false;
	}
	if (features_met(v->c->needs, &missing, &length))
		return true;
	memcpy(name, missing, length < sizeof(name) ? length : sizeof(name) - 1);
	if (*name == '!')
		lib_snprintf(v->skipped, sizeof(v->skipped), "it needs a CPU without %s", name + 1);
	else
		lib_snprintf(v->skipped, sizeof(v->skipped), "it needs %s", name);
	return false;
}

static void run_case(const struct case_vector *c, const char *paths)
{
	static struct verdict verdict;
	struct verdict *v = &verdict;
	char why[200] = "";
	const struct text text = {c, &platform_selectors, why, sizeof(why)};
	struct end ends[TEXT_ENDS];
	const char *refused;
	u32 count;

	v->c = c;
	v->path = NULL;
	v->fields = v->details = v->length = v->runs = 0;
	v->stands = false;
	*v->paths = *v->text = *v->first = *v->detail = '\0';
	platform_start(c);
	if (needs_met(v)) {
		if (text_before(&text, &before) && (count = text_ends(&text, ends, &refused)) &&
		    text_after(&text, &before, &expected))
			run_paths(v, paths, ends, count, refused);
		else
			fail(v, "text", why); /* the case itself is wrong, not the machine */
		end_path(v);
	}
	print_verdict(v);
}

/* --- all of them --- */

static bool selected(const struct catalogue_options *o, const struct case_vector *c)
{
	return !o->cases || glob_list(o->cases, c->name);
}

/* The next case to run after `c`, or the first for NULL; NULL: there is none. *n counts those that are selected. */
static const struct case_vector *next_case(const struct catalogue_options *o, const struct case_vector *c, u32 *n)
{
	for (c = c ? c + 1 : __start_cases; c < __stop_cases; c++)
		if (selected(o, c) && (*n)++ % o->parts == o->part - 1)
			return c;
	return NULL;
}

static bool case_exists(const char *pattern)
{
	for_each_case (c)
		if (glob_list(pattern, c->name))
			return true;
	return false;
}

static bool path_exists(const char *pattern)
{
	for (u32 n = 0; n < platform_path_count; n++)
		if (glob_list(pattern, platform_paths[n].name))
			return true;
	return false;
}

/* A pattern that matches nothing is a mistake, not a run that passes. */
static void check_patterns(const char *list, const char *kind, bool (*exists)(const char *))
{
	char pattern[64], line[128];

	while (list_next(&list, pattern, sizeof(pattern))) {
		if (exists(pattern))
			continue;
		lib_snprintf(line, sizeof(line), "%s=%s: no %s has such a name", kind, pattern, kind);
		platform_bail_out(line);
	}
}

static void print_header(const struct catalogue_options *o)
{
	char line[256];
	u32 n;

	n = 0;
	for (const struct case_vector *c = NULL; (c = next_case(o, c, &n));) {
		sum.cases++;
		platform_expect(c, o->repeat);
	}
	n = (u32)lib_snprintf(line, sizeof(line), "conformance: %u cases, paths:", sum.cases * o->repeat);
	for (u32 p = 0; p < platform_path_count; p++)
		if (path_selected(o->paths, &platform_paths[p]))
			n += (u32)lib_snprintf(line + n, sizeof(line) - n, " %s", platform_paths[p].name);
	platform_comment(line);
}

static void report_death(const struct case_vector *c)
{
	char line[128];

	sum.failed++;
	lib_snprintf(line, sizeof(line), "%s [died]", c->name);
	platform_result(false, line);
}

void catalogue_run(const struct catalogue_options *o)
{
	u32 number = 0, count = 0;
	char line[160];

	sum = (struct sum){0};
	check_patterns(o->cases, "case", case_exists);
	check_patterns(o->paths, "path", path_exists);
	platform_begin();
	print_header(o);
	if (o->resume)
		platform_skip_to(o->resume - 1);
	for (const struct case_vector *c = NULL; (c = next_case(o, c, &count));)
		for (u32 n = 0; n < o->repeat; n++) {
			if (++number == o->resume)
				report_death(c);
			else if (number > o->resume)
				run_case(c, o->paths);
		}
	platform_end();
	lib_snprintf(line, sizeof(line), "conformance: %u cases (%u passed, %u failed, %u skipped), %u runs, %u checks",
		     number, sum.passed, sum.failed, sum.skipped, sum.runs, sum.checks);
	platform_comment(line);
}

void catalogue_list(const struct catalogue_options *o)
{
	char line[400];
	u32 count = 0;

	check_patterns(o->cases, "case", case_exists);
	for_each_case (c) {
		if (!selected(o, c))
			continue;
		lib_snprintf(line, sizeof(line), "case: %s\t%s\t%s\t%s", c->name, *c->needs ? c->needs + 1 : "",
			     c->manual, c->proves);
		platform_comment(line);
		count++;
	}
	lib_snprintf(line, sizeof(line), "list of %u cases", count);
	platform_result(true, line);
}
