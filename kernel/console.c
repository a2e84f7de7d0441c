/* SPDX-License-Identifier: GPL-2.0-only */
#include "console.h"
#include "printf.h"
#include "serial.h"
#include "string.h"
#include "vga.h"

static u32 line_owner; /* the task whose line stands unfinished on the console; 0: none does */

static void out(const char *text, u32 count)
{
	serial_write(text, count);
	vga_write(text, count);
}

static void end_line(void)
{
	out("\r\n", 2);
	line_owner = 0;
}

static void break_line(void)
{
	if (line_owner)
		end_line();
}

void console_init(void)
{
	vga_init();
	serial_init();
}

void console_line(const char *line)
{
	break_line();
	out(line, strlen(line));
	end_line();
}

void console_print(const char *format, ...)
{
	char line[512] = "# ";
	va_list args;

	va_start(args, format);
	lib_vsnprintf(line + 2, sizeof(line) - 2, format, args);
	va_end(args);
	console_line(line);
}

static void start_task_line(u32 pid, const char *comm, bool goes_on)
{
	char prefix[48];
	int n = lib_snprintf(prefix, sizeof(prefix), "[%u %.15s]%s ", pid, comm, goes_on ? "+" : "");

	if (line_owner == pid)
		return;
	break_line();
	out(prefix, (u32)n);
	line_owner = pid;
}

void console_task_output(u32 pid, const char *comm, u32 *column, const char *text, u32 count)
{
	while (count) {
		u32 n = 0;

		while (n < count && text[n] != '\n')
			n++;
		start_task_line(pid, comm, *column);
		out(text, n);
		*column += n;
		if (n < count) {
			end_line();
			*column = 0;
			n++;
		}
		text += n;
		count -= n;
	}
}
