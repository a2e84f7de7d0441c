/* SPDX-License-Identifier: GPL-2.0-only */
/* cr86 diff on two images, one behind the other in the input. */
#include <string.h>

#include "command.h"
#include "image_inputs.h"

static struct outcome diff(bool all, const char *a, const char *b)
{
	return all ? cr86("diff", "--all", a, b, NULL) : cr86("diff", a, b, NULL);
}

/* Status and lines say the same; an image does not differ from itself. */
static u32 differences(bool all, const char *a, const char *b)
{
	struct outcome o = diff(all, a, b);
	require(o.status == (o.lines ? 1 : 0), "status %d with %u differences: %s", o.status, o.lines, o.err);
	require(!o.lines || strcmp(a, b) != 0, "an image differs from itself: %s", o.out);
	return o.lines;
}

static void compare(const char *a, const char *b)
{
	u32 count = differences(false, a, b);

	require(differences(false, b, a) == count, "there are as many differences the other way round");
	require(differences(true, a, b) >= count, "--all takes none away");
	differences(true, a, a);
	differences(true, b, b);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct cr_error error;
	struct cr_image cr;
	size_t half = image_validate(data, (u32)size, &cr, &error) == 0 ? cr.size : size / 2;
	const char *a = as_file(0, data, half), *b = as_file(1, data + half, size - half);
	bool good_a = is_image(data, half), good_b = is_image(data + half, size - half);

	if (good_a && good_b) {
		compare(a, b);
	} else {
		struct outcome o = diff(false, a, b);

		require(o.status == 2 && !o.out_size, "a bad image is refused");
		require(strncmp(o.err + 6, good_a ? b : a, strlen(a)) == 0, "and named: %s", o.err);
	}
	return 0;
}
