/* SPDX-License-Identifier: GPL-2.0-only */
#include "selftest.h"
#include "cases.h"
#include "console.h"
#include "options.h"
#include "tap.h"

static void run(const struct selftest_case *c)
{
	const char *broken = c->run();

	if (broken)
		console_print("selftest %s: this does not hold: %s", c->name, broken);
	tap_result(!broken, "selftest: %s", c->name);
}

void selftest(void)
{
	struct options as_given = options;

	options.image_serial = options.image_debug = false; /* the tests' own images are nobody's */
	for (const struct selftest_case *const *table = selftest_tables; *table; table++)
		for (const struct selftest_case *c = *table; c->name; c++)
			run(c);
	options = as_given;
}
