/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Text out: the serial port and the screen. Every line is one of
 *
 *   a TAP line        ok 3 - run integers
 *   a diagnostic      # 486, fsave, eager
 *   a task's output   [2 integers] text        (or "[2 integers]+ text", where it goes on with a line that other output broke)
 *   an armour line    -----BEGIN CR86 IMAGE ...
 */
#ifndef KERNEL_CONSOLE_H
#define KERNEL_CONSOLE_H

#include "types.h"

void console_init(void);

/* A whole line, without its end. A task's unfinished line is broken off before it. */
void console_line(const char *line);

/* A line "# ..." from a format; longer than 255 characters it is cut. */
void console_print(const char *format, ...) __attribute__((format(printf, 1, 2)));

/*
 * What task `pid` of name `comm` wrote: any bytes, whole lines or not. *column is the task's: how many bytes of a line it
 * has written.
 */
void console_task_output(u32 pid, const char *comm, u32 *column, const char *text, u32 count);

#endif
