/* SPDX-License-Identifier: GPL-2.0-only */
/* The kernel's command line: words of the form key=value. One table in options.c says which there are. */
#ifndef KERNEL_OPTIONS_H
#define KERNEL_OPTIONS_H

#include "fpu.h"
#include "words.h"
#include "serial.h"

#define OPTION_CHECKPOINTS 24 /* as many as tasks */
#define OPTION_RUNS	   16
#define OPTION_NAME	   32

struct options {
	const char *run
		[OPTION_RUNS]; /* each names separated by commas, or "none", or a line of a name and its arguments; */
	u32 runs;	       /* none of them: every program */
	struct words environment; /* of the programs */
	const char *restart;	  /* names separated by commas, or NULL */
	struct {
		char name[OPTION_NAME];
		u32 ticks;
		bool marked; /* there is a task of that name */
	} checkpoint[OPTION_CHECKPOINTS];
	u32 checkpoints;
	enum { AFTER_CONTINUE, AFTER_DESTROY, AFTER_RESTART } after;
	struct {
		u32 ticks, insns; /* every so many of these; 0: not */
		u32 random;	  /* the state of the random numbers that say when; 0: not so */
	} every;
	enum fpu_switching fpu;
	const char *xstate; /* NULL: the best */
	u32 hz;
	bool image_serial, image_debug;
	enum { EXIT_STAY, EXIT_DEBUG, EXIT_REBOOT, EXIT_OFF } exit;
	struct serial_port console;
	bool selftest;
	bool cpuid;
	bool screen;
	bool probe;
	enum { SHOWME_NO, SHOWME_YES, SHOWME_AUTO } showme;
	const char *cases, *paths; /* of the conformance catalogue: globs, comma-separated; NULL: all */
	bool list;		   /* only name its cases */
	u32 part, parts;	   /* of the selected cases, only those that are number `part`, 1 and up, of `parts` */
	u32 resume;		   /* the case that the machine died in; 0: none */
	u32 repeat;		   /* how often each case is run */
	u32 seed;		   /* of tests that choose at random, and of getrandom(2) */
	u32 store;		   /* KiB; 0: half of the free memory */
};

extern struct options options;

/*
 * Parses `line`, which is changed. Returns true; or prints what is wrong and every option there is, and returns
 * false.
 */
bool options_parse(char *line);

#endif
