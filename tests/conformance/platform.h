/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A place that cases can run in: the kernel (kernel.c), or a process under ptrace on Linux (native.c). The catalogue
 * knows it by this alone.
 */
#ifndef CONFORMANCE_PLATFORM_H
#define CONFORMANCE_PLATFORM_H

#include "text.h"

/* A way for a task's state to be saved and restored while a case runs (docs/CASES.md). */
struct path {
	const char *name;
	const char *method;  /* the instruction, chosen by hand, or NULL: the best there is */
	bool lazy;	     /* FPU state is switched at first use */
	bool switches;	     /* at each point a switch to the scribbler and back */
	bool registers_only; /* ... with the registers alone: the task stays, and its memory with it */
	bool restarts;	     /* at each point checkpoint, destruction, restart; after the switch, where there is one */
	u32 components;	     /* what XSAVE components the method saves; 0: the platform's best */
};
extern struct path platform_paths[];
extern const u32 platform_path_count;

extern struct selectors platform_selectors; /* Linux has others for a 64-bit kernel: set by platform_begin */
extern const bool platform_ring0;	    /* probes can run */

struct cpuid_result platform_cpuid(u32 leaf, u32 subleaf);
bool platform_has_fpu(void);
u32 platform_components(void); /* that XCR0 can enable; x87 and SSE where there is no XSAVE */
u32 platform_mxcsr_mask(void); /* 0 without SSE */

/* Whether the machine has what the path is made of. */
bool platform_has_path(const struct path *path);

/* Once before and once after all cases. */
void platform_begin(void);
void platform_end(void);

#define HANG_TRAPS 1000 /* no case has as many */

/* How a run of a case went. */
struct outcome {
	enum {
		OUTCOME_ENDED,	 /* trap by trap as `ends` says, as far as `stop` tells */
		OUTCOME_REFUSED, /* restart did not take the state before; `why` is RECORD.field */
		OUTCOME_HANG,	 /* the watchdog ended it */
		OUTCOME_SKIPPED, /* this platform cannot run it; `why` says what is in the way */
		OUTCOME_TROUBLE, /* something else went wrong; `why` */
	} kind;
	char why[160];
	struct end stop;     /* the last trap */
	u32 stops;	     /* how many of the ends came; the last may be another than was expected */
	struct vector state; /* after it */
};

/*
 * Runs a case from the state `before`: restarts it, interrupts it as the path says, and lets it go on at each trap as
 * long as they are those of `ends`. Then, or at a trap that is none of those, the state is what a checkpoint sees.
 */
void platform_run(const struct case_vector *c, const struct path *path, const struct vector *before,
		  const struct end *ends, u32 count, struct outcome *outcome);

/* --- output, which each platform has its own way for --- */

void platform_expect(const struct case_vector *c, u32 times); /* of each case that will run, before the first runs */
void platform_start(const struct case_vector *c);	      /* ... and before it does */
void platform_result(bool ok, const char *line);	      /* "NAME [...]" */
void platform_comment(const char *line);
void platform_detail(const char *line); /* more of a result that has failed */
void platform_skip_to(u32 number);	/* the next result has the number after this one */
void platform_bail_out(const char *line) __attribute__((noreturn));

#endif
