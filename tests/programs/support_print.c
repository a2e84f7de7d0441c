/* SPDX-License-Identifier: GPL-2.0-only */
/* Output. A line leaves with one system call: the kernel never puts another task's text into the middle of one. */
#include "program.h"
#include "printf.h"

#define LINE_SIZE 256
#define TEXTS	  4
#define TEXT_SIZE 64

void print(const char *format, ...)
{
	char line[LINE_SIZE + 1];
	va_list args;
	int length;

	va_start(args, format);
	length = lib_vsnprintf(line, LINE_SIZE, format, args);
	va_end(args);
	if (length >= LINE_SIZE)
		length = LINE_SIZE - 1; /* longer than any line of ours: cut off */
	line[length] = '\n';
	write(STDOUT, line, (u32)length + 1);
}

const char *text(const char *format, ...)
{
	static char buffers[TEXTS][TEXT_SIZE];
	static u32 next;
	char *buffer = buffers[next++ % TEXTS];
	va_list args;

	va_start(args, format);
	lib_vsnprintf(buffer, TEXT_SIZE, format, args);
	va_end(args);
	return buffer;
}
