/* SPDX-License-Identifier: GPL-2.0-only */
#include "tap.h"
#include "conformance.h"
#include "console.h"
#include "crc32.h"
#include "journal.h"
#include "keys.h"
#include "machine.h"
#include "options.h"
#include "power.h"
#include "printf.h"
#include "screen.h"
#include "serial.h"
#include "status.h"
#include "string.h"

static u32 results, failures;
static u32 checksum; /* of all result lines */
static bool bailed_out;

void tap_result(bool ok, const char *format, ...)
{
	char line[512];
	va_list args;
	int n;

	results++;
	failures += !ok;
	n = lib_snprintf(line, sizeof(line), "%s %u - ", ok ? "ok" : "not ok", results);
	va_start(args, format);
	lib_vsnprintf(line + n, sizeof(line) - (u32)n, format, args);
	va_end(args);
	checksum = crc32_update(checksum, line, strlen(line));
	status_result(line + n, ok, strchr(line, '#'));
	keys_poll();
	if (ok)
		console_log(line);
	else
		console_line(line);
}

void tap_skip_to(u32 number)
{
	results = number;
}

void tap_bail_out(const char *format, ...)
{
	char line[256];
	va_list args;
	int n = lib_snprintf(line, sizeof(line), "Bail out! ");

	va_start(args, format);
	lib_vsnprintf(line + n, sizeof(line) - (u32)n, format, args);
	va_end(args);
	screen_hide(false);
	console_line(line);
	bailed_out = true;
	tap_end();
}

static void conclude(void)
{
	bool passed = results && !failures && !bailed_out;
	char plan[16];

	if (!bailed_out) {
		lib_snprintf(plan, sizeof(plan), "1..%u", results);
		console_line(plan);
	}
	if (bailed_out)
		console_print("FAILED: given up after %u results, checksum %08x", results, checksum);
	else
		console_print("%s: %u of %u failed, checksum %08x", passed ? "PASSED" : "FAILED", failures, results,
			      checksum);
	status_verdict(passed, checksum);
	if (options.exit == EXIT_STAY)
		return;
	serial_drain(); /* a machine that ends loses what it has not sent */
	if (options.exit == EXIT_DEBUG)
		machine_exit(passed);
	if (options.exit == EXIT_REBOOT)
		power_reset();
	if (options.exit == EXIT_OFF)
		power_off();
}

static void begin_again(void)
{
	results = failures = checksum = 0;
	bailed_out = false;
	journal_clear();
	status_again();
	console_window(STATUS_ROWS);
	console_line("TAP version 13");
}

void tap_end(void)
{
	for (;;) {
		conclude();
		keys_stay(!bailed_out);
		begin_again();
		conformance();
	}
}
