/* SPDX-License-Identifier: GPL-2.0-only */
/* cr86 show and cr86 check on any bytes: both take what the reader takes, and say of all else where the trouble is. */
#include <string.h>

#include "command.h"
#include "image_inputs.h"

/* Nothing on standard output, and one line on standard error, which names the file. */
static void require_refusal(const struct outcome *o, const char *file)
{
	require(o->status == 2 && !o->out_size, "refused, and nothing printed: %s", o->out);
	require(strncmp(o->err + 6, file, strlen(file)) == 0, "the file is named: %s", o->err);
	require(strchr(o->err, '\n') == o->err + o->err_size - 1, "one line: %s", o->err);
	require(strstr(o->err, " offset ") && strstr(o->err, "expected "), "where, and what was expected: %s", o->err);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	static const char *const ways[][2] = {{"check", "--"}, {"show", NULL}, {"show", "--json"}};
	const char *file = as_file(0, data, size);
	bool good = is_image(data, size);

	for (u32 n = 0; n < ARRAY_SIZE(ways); n++) {
		struct outcome o = ways[n][1] ? cr86(ways[n][0], ways[n][1], file, NULL) : cr86(ways[n][0], file, NULL);

		if (good)
			require(o.status == 0 && o.out_size, "%s of a good image: %s", ways[n][0], o.err);
		else
			require_refusal(&o, file);
	}
	return 0;
}
