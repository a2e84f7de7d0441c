/* SPDX-License-Identifier: GPL-2.0-only */
#include "export.h"
#include "armour.h"
#include "console.h"
#include "machine.h"
#include "options.h"

static void to_debug_port(const struct image *image)
{
	u8 bytes[512];
	s32 count;

	for (u32 pos = 0; (count = store_read((void *)image, pos, bytes, sizeof(bytes))) > 0; pos += (u32)count)
		debug_port_write(bytes, (u32)count);
}

static int to_console(void *unused, const char *line)
{
	(void)unused;
	console_line(line);
	return 0;
}

void export_image(const struct image *image)
{
	if (options.image_debug)
		to_debug_port(image);
	if (options.image_serial)
		armour_write(store_name(image), store_size(image), store_read, (void *)image, to_console, NULL);
}
