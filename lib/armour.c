/* SPDX-License-Identifier: GPL-2.0-only */
/* The writer. */
#include "armour.h"
#include "armour_lines.h"
#include "base64.h"
#include "crc32.h"
#include "printf.h"

bool armour_name_valid(const char *name)
{
	u32 length = 0;

	while (name_char(name[length]))
		if (++length >= ARMOUR_NAME_SIZE)
			return false;
	return length > 0 && name[length] == '\0';
}

/* The image's bytes as lines of base64. Sets *crc to their CRC-32. */
static int write_bytes(u32 size, cr_source_fn source, void *source_cookie, armour_line_fn sink, void *sink_cookie,
		       u32 *crc)
{
	*crc = 0;
	for (u32 pos = 0, count; pos < size; pos += count) {
		u8 bytes[ARMOUR_LINE_BYTES];
		char line[ARMOUR_LINE_CHARS + 1];
		int error;
		s32 got;

		count = size - pos < ARMOUR_LINE_BYTES ? size - pos : ARMOUR_LINE_BYTES;
		got = source(source_cookie, pos, bytes, count);
		if (got != (s32)count)
			return got < 0 ? got : -EPIPE;
		*crc = crc32_update(*crc, bytes, count);
		line[base64_encode(line, bytes, count)] = '\0';
		error = sink(sink_cookie, line);
		if (error)
			return error;
	}
	return 0;
}

int armour_write(const char *name, u32 size, cr_source_fn source, void *source_cookie, armour_line_fn sink,
		 void *sink_cookie)
{
	char line[ARMOUR_LINE_SIZE];
	u32 crc;
	int error;

	if (!armour_name_valid(name))
		return -EINVAL;
	lib_snprintf(line, sizeof(line), BEGIN "%s %u" DASHES, name, size);
	error = sink(sink_cookie, line);
	if (!error)
		error = write_bytes(size, source, source_cookie, sink, sink_cookie, &crc);
	if (error)
		return error;
	lib_snprintf(line, sizeof(line), END "%s crc32 %08x" DASHES, name, crc);
	return sink(sink_cookie, line);
}
