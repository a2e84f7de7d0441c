/* SPDX-License-Identifier: GPL-2.0-only */
#include "options.h"
#include "boot_info.h"
#include "console.h"
#include "list.h"
#include "string.h"
#include "timer.h"

struct options options = {.console = {SERIAL_IO, 0x3f8, 115200},
			  .hz = 100,
			  .selftest = true,
			  .cpuid = true,
			  .screen = true,
			  .repeat = 1,
			  .part = 1,
			  .parts = 1};

/* A decimal number from min to max, and nothing else. */
static bool parse_number(const char *text, u32 min, u32 max, u32 *number)
{
	u32 n = 0;

	for (; *text; text++) {
		if (*text < '0' || *text > '9' || n > max)
			return false;
		n = n * 10 + (u32)(*text - '0');
	}
	*number = n;
	return n >= min && n <= max;
}

/* The place of `value` in a list of words "a|b|c", or -1. */
static int parse_word(const char *value, const char *words)
{
	u32 length = strlen(value);

	for (int n = 0; length; n++) {
		if (strncmp(words, value, length) == 0 && (words[length] == '|' || !words[length]))
			return n;
		words = strchr(words, '|');
		if (!words)
			break;
		words++;
	}
	return -1;
}

static bool parse_bool(const char *value, bool *to)
{
	int n = parse_word(value, "no|yes");

	*to = n == 1;
	return n >= 0;
}

static bool option_run(const char *value)
{
	if (!*value || options.runs == OPTION_RUNS)
		return false;
	options.run[options.runs++] = value;
	return true;
}

static bool option_env(const char *value)
{
	static char text[BOOT_COMMAND_LINE];

	return strlen(value) < sizeof(text) && words_split(value, text, &options.environment);
}

static bool option_restart(const char *value)
{
	options.restart = value;
	return *value;
}

/* NAME@TICKS[,NAME@TICKS...] */
static bool option_checkpoint(const char *value)
{
	char word[OPTION_NAME];

	while (list_next(&value, word, sizeof(word))) {
		char *at = strchr(word, '@');

		if (!at || at == word || options.checkpoints == OPTION_CHECKPOINTS)
			return false;
		*at = '\0';
		memcpy(options.checkpoint[options.checkpoints].name, word, OPTION_NAME);
		if (!at[1] || !parse_number(at + 1, 0, 1000000, &options.checkpoint[options.checkpoints].ticks))
			return false;
		options.checkpoints++;
	}
	return options.checkpoints;
}

static bool option_after(const char *value)
{
	int n = parse_word(value, "continue|destroy|restart");

	options.after = n;
	return n >= 0;
}

/* TICKS, insns:N or random:SEED */
static bool option_every(const char *value)
{
	if (strncmp(value, "insns:", 6) == 0)
		return parse_number(value + 6, 1, 1000000, &options.every.insns);
	if (strncmp(value, "random:", 7) == 0)
		return parse_number(value + 7, 1, 1000000, &options.every.random);
	return parse_number(value, 1, 1000000, &options.every.ticks);
}

static bool option_fpu(const char *value)
{
	int n = parse_word(value, "eager|lazy");

	options.fpu = n;
	return n >= 0;
}

static bool option_xstate(const char *value)
{
	options.xstate = value;
	return parse_word(value, "fsave|fxsave|xsave|xsaveopt|xsavec") >= 0;
}

static bool option_hz(const char *value)
{
	return *value && parse_number(value, HZ_MIN, HZ_MAX, &options.hz);
}

static bool option_image(const char *value)
{
	char word[OPTION_NAME];

	options.image_serial = options.image_debug = false;
	while (list_next(&value, word, sizeof(word))) {
		int n = parse_word(word, "none|serial|debug");

		if (n < 0)
			return false;
		options.image_serial |= n == 1;
		options.image_debug |= n == 2;
	}
	return true;
}

static bool parse_hex(const char *text, u32 *number)
{
	u32 n = 0, digits = 0;

	for (; *text; text++, digits++) {
		u32 digit = *text <= '9' ? (u32)(*text - '0') : (u32)((*text | 0x20) - 'a') + 10;

		if (digit > 15)
			return false;
		n = n << 4 | digit;
	}
	*number = n;
	return digits && digits <= 8;
}

static bool parse_port(const char *name, struct serial_port *port)
{
	static const u16 com[] = {0x3f8, 0x2f8, 0x3e8, 0x2e8};
	int n = parse_word(name, "ttyS0|ttyS1|ttyS2|ttyS3|pci|none");

	if (strncmp(name, "mmio:", 5) == 0) {
		port->kind = SERIAL_MEMORY;
		return parse_hex(name + 5, &port->address);
	}
	port->kind = n == 4 ? SERIAL_PCI : n == 5 ? SERIAL_NONE : SERIAL_IO;
	port->address = n >= 0 && n < 4 ? com[n] : 0;
	return n >= 0;
}

static bool option_console(const char *value)
{
	char word[OPTION_NAME];

	if (!list_next(&value, word, sizeof(word)) || !parse_port(word, &options.console))
		return false;
	return !*value || parse_number(value, 50, 115200, &options.console.baud);
}

static bool option_exit(const char *value)
{
	int n = parse_word(value, "stay|debug|reboot|off");

	options.exit = n < 0 ? EXIT_STAY : (typeof(options.exit))n;
	return n >= 0;
}

static bool option_selftest(const char *value)
{
	return parse_bool(value, &options.selftest);
}

static bool option_screen(const char *value)
{
	return parse_bool(value, &options.screen);
}

static bool option_cpuid(const char *value)
{
	int n = parse_word(value, "off|on");

	options.cpuid = n;
	return n >= 0;
}

static bool option_probe(const char *value)
{
	return parse_bool(value, &options.probe);
}

static bool option_showme(const char *value)
{
	int n = parse_word(value, "no|yes|auto");

	options.showme = n < 0 ? SHOWME_NO : (typeof(options.showme))n;
	return n >= 0;
}

static bool option_store(const char *value)
{
	return *value && parse_number(value, 8, 1 << 20, &options.store);
}

static bool option_case(const char *value)
{
	options.cases = value;
	return *value;
}

static bool option_path(const char *value)
{
	options.paths = value;
	return *value;
}

static bool option_list(const char *value)
{
	return parse_bool(value, &options.list);
}

static bool option_resume(const char *value)
{
	return *value && parse_number(value, 1, 1000000, &options.resume);
}

/* I/N */
static bool option_part(const char *value)
{
	char part[OPTION_NAME];
	const char *slash = strchr(value, '/');

	if (!slash || slash == value || (u32)(slash - value) >= sizeof(part))
		return false;
	memcpy(part, value, (u32)(slash - value));
	part[slash - value] = '\0';
	return slash[1] && parse_number(slash + 1, 1, 1000, &options.parts) &&
	       parse_number(part, 1, options.parts, &options.part);
}

static bool option_repeat(const char *value)
{
	return *value && parse_number(value, 1, 100000000, &options.repeat);
}

static bool option_seed(const char *value)
{
	return *value && parse_number(value, 0, 100000000, &options.seed);
}

static const struct {
	const char *key, *values;
	bool (*parse)(const char *value);
} table[] = {
	{"run", "NAME[,NAME...], \"NAME ARG...\" or none: programs to start (default: every module that is one)",
	 option_run},
	{"env", "\"NAME=VALUE ...\": the programs' environment", option_env},
	{"restart", "NAME[,NAME...]: images to restart", option_restart},
	{"checkpoint", "NAME@TICKS[,...]: checkpoint a task after so many timer ticks of its own", option_checkpoint},
	{"after", "continue|destroy|restart: what becomes of it then", option_after},
	{"every", "TICKS, insns:N or random:SEED: restart each task from its image so often", option_every},
	{"image", "none|serial|debug|serial,debug: where finished images go", option_image},
	{"fpu", "eager|lazy: when FPU state is switched", option_fpu},
	{"xstate", "fsave|fxsave|xsave|xsaveopt|xsavec: how it is saved (default: the best of the first three)",
	 option_xstate},
	{"hz", "19 to 1000: timer ticks a second (default: 100)", option_hz},
	{"store", "8 to 1048576: KiB for images in memory (default: half of what is free)", option_store},
	{"case", "GLOB[,GLOB...] or none: cases of the conformance catalogue to run (default: all)", option_case},
	{"path", "GLOB[,GLOB...]: the paths to run them on (default: all)", option_path},
	{"list", "yes|no: name the cases, and run none", option_list},
	{"part", "I/N: every Nth of the selected cases, from the Ith on", option_part},
	{"repeat", "1 to 100000000: how often to run each case", option_repeat},
	{"seed", "0 to 100000000: where what is random begins: choices of tests, getrandom(2)", option_seed},
	{"resume", "N: case N killed the machine: report that, and go on behind it", option_resume},
	{"console", "ttyS0..ttyS3|mmio:ADDRESS|pci|none[,BAUD]: the serial port (default: ttyS0,115200)",
	 option_console},
	{"screen", "yes|no: no: where there is a serial port, it alone shows the run (default: yes)", option_screen},
	{"exit", "stay|debug|reboot|off: stay at the end, leave the emulator, reset, or switch off", option_exit},
	{"selftest", "yes|no: run the kernel's self-tests first (default: yes)", option_selftest},
	{"cpuid", "on|off: off: as on a CPU without CPUID", option_cpuid},
	{"probe", "yes|no: only try whether this machine runs FPU instructions in ring 0", option_probe},
	{"showme", "no|yes|auto: show a context switch step by step, at a key or by itself (build/showme)",
	 option_showme},
};

static bool is_key(const char *word, u32 length, const char *key)
{
	return strlen(key) == length && strncmp(word, key, length) == 0;
}

/* KEY=VALUE; or KEY alone, where the values are yes and no: it means yes. */
static bool parse_option(const char *word)
{
	const char *equals = strchr(word, '=');
	u32 length = equals ? (u32)(equals - word) : strlen(word);

	for (u32 n = 0; n < ARRAY_SIZE(table); n++) {
		if (!is_key(word, length, table[n].key))
			continue;
		if (equals ? table[n].parse(equals + 1)
			   : strncmp(table[n].values, "yes|no", 6) == 0 && table[n].parse("yes"))
			return true;
		console_print("%s: expected %s=%s", word, table[n].key, table[n].values);
		return false;
	}
	console_print("the options are:");
	for (u32 n = 0; n < ARRAY_SIZE(table); n++)
		console_print("  %s=%s", table[n].key, table[n].values);
	console_print("unknown option '%s': there are those above", word); /* last, so that no screen is too small */
	return false;
}

bool options_parse(char *line)
{
	struct words words;

	if (!words_split(line, line, &words)) {
		console_print("a quotation has no end");
		return false;
	}
	for (const char *word = NULL; (word = words_next(&words, word));)
		if (!parse_option(word))
			return false;
	return true;
}
