/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the screen shows of a run: which machine this is, how far the run has come, what is under way, and in the end the
 * verdict. Results are grouped by the first word of their names; a family of cases is such a group.
 */
#ifndef KERNEL_STATUS_H
#define KERNEL_STATUS_H

#include "types.h"

#define STATUS_ROWS 14 /* of the screen, from the top; below is the console's text */

/* The frame, without the machine. The console's text goes into what it leaves free. */
void status_init(void);

/* Another title. */
void status_title(const char *title);

/*
 * The machine, once the CPU is known: its firmware, all of its memory. Behind that, one by one, what else is to say of it, as
 * far as there is room; the console tells the same.
 */
void status_machine(const char *firmware, u32 memory_mib);
void status_part(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* There will be so many more results of this name. Groups that nobody announced appear with their first result. */
void status_expect(const char *name, u32 times);

/* What is under way. A machine that freezes shows the name. */
void status_under_way(const char *name);

/* Since then, by clock_running(), the run stood still. */
void status_paused(u32 since);

/* A result came. */
void status_result(const char *name, bool ok, bool skipped);

/* All results are forgotten: another run begins. */
void status_again(void);

/* Puts letters in the place of the groups' bars, or the bars back there. */
void status_letters(bool on);

/* The name of the n-th group, or NULL. */
const char *status_group_name(u32 n);

/* The screen is another's now: no verdict is drawn over what that shows. */
void status_hide(void);

/* The verdict, in large letters, with a checksum of all results, by which two runs can be compared. */
void status_verdict(bool passed, u32 checksum);

#endif
