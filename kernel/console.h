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

/* On: all that follows is dropped, for a test that ends thousands of tasks and speaks for them itself. */
void console_mute(bool on);

/* From here on text goes to the screen's rows from `top` on. */
void console_window(u32 top);

/* From here on text has the whole screen, and stands out: white on red. */
void console_alarm(void);

/* A whole line that the screen need not show: what it says is in the status. */
void console_log(const char *line);

/* A line "# ..." for which the screen has no room while others come: it shows it when somebody pages through the text. */
void console_detail(const char *line);

/* A whole line, without its end. A task's unfinished line is broken off before it. */
void console_line(const char *line);

/* A line "# ..." from a format; longer than 511 characters it is cut. */
void console_print(const char *format, ...) __attribute__((format(printf, 1, 2)));

/*
 * What task `pid` of name `comm` wrote: any bytes, whole lines or not. *column is the task's: how many bytes of a line it
 * has written.
 */
void console_task_output(u32 pid, const char *comm, u32 *column, const char *text, u32 count);

#endif
