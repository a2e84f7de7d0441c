/* SPDX-License-Identifier: GPL-2.0-only */
/* Boot order, one step a line; then the tasks run, and the last of them to end is the end. */
#include "acpi.h"
#include "boot_info.h"
#include "canary.h"
#include "clock.h"
#include "conformance.h"
#include "console.h"
#include "cpu.h"
#include "cr.h"
#include "elf.h"
#include "every.h"
#include "journal.h"
#include "keyboard.h"
#include "list.h"
#include "machine.h"
#include "machine_check.h"
#include "options.h"
#include "power.h"
#include "printf.h"
#include "probe.h"
#include "screen.h"
#include "selftest.h"
#include "showme.h"
#include "status.h"
#include "string.h"
#include "tap.h"
#include "timer.h"
#include "tss.h"
#include "version.h"

/* Called by boot/entry.asm. */
void kernel_main(u32 magic, u32 information) __attribute__((noreturn));

extern const u8 kernel_start[], kernel_end[];

static struct boot_info boot;

#define FRAMES_NEEDED 64 /* below that nothing useful can run */

static void memory_init(void)
{
	for (u32 n = 0; n < boot.ranges; n++)
		if (boot.memory[n].usable)
			frames_add(boot.memory[n].start, boot.memory[n].end);
	/* Maps of real machines have ranges that overlap. */
	for (u32 n = 0; n < boot.ranges; n++)
		if (!boot.memory[n].usable)
			frames_reserve(boot.memory[n].start, boot.memory[n].end);
	frames_reserve(0, PAGE_SIZE); /* so that no frame is a null pointer to anybody */
	frames_reserve(virt_to_phys(kernel_start), virt_to_phys(kernel_end));
	for (u32 n = 0; n < boot.modules; n++)
		frames_reserve(virt_to_phys(boot.module[n].start),
			       virt_to_phys(boot.module[n].start) + boot.module[n].size);
	if (frames_available() < FRAMES_NEEDED)
		tap_bail_out("too little memory: %u KiB are free, %u KiB are needed", frames_available() * 4,
			     FRAMES_NEEDED * 4);
	store_init(options.store ? options.store / 4 : frames_available() / 2);
}

static void print_banner(void)
{
	console_line("TAP version 13");
	console_print("%s", CR86_RELEASE);
	console_print("CPU: %s, family %u model %u stepping %u%s%s", cpu.vendor, cpu.family, cpu.model, cpu.stepping,
		      cpu.brand[0] ? ", " : "", cpu.brand);
}

/* With a framebuffer, nothing was seen so far. */
static void screen_attach_boot(void)
{
	const char *refused = boot.has_framebuffer ? framebuffer_refused(&boot.framebuffer) : NULL;

	if (!boot.has_framebuffer)
		return;
	if (refused)
		console_print("the framebuffer is not used: %s; the serial port has the output", refused);
	screen_attach(refused ? NULL : &boot.framebuffer);
	if (!refused && framebuffer_is_small(&boot.framebuffer))
		status_title("too small: gfxpayload=640x480 or more");
}

/* screen=no: where there is a serial port, it alone shows the run. */
static void screen_hide_boot(void)
{
	if (options.screen || !serial_is_there())
		return;
	status_title(CR86_RELEASE ": the serial line alone shows the run (screen=no)");
	console_window(STATUS_ROWS);
	screen_hide(true);
}

static void print_fpu(void)
{
	const struct xstate_layout *layout = fpu_layout();

	console_print("FPU state: %s, %s switching", fpu_method(), options.fpu == FPU_LAZY ? "lazy" : "eager");
	for (u32 n = XSTATE_AVX; layout->xcr0 >> n; n++)
		if (layout->xcr0 >> n & 1)
			console_print("XSAVE component %u: %s, %u bytes at %u", n,
				      xstate_component_name(n) ? xstate_component_name(n) : "(unknown)",
				      layout->component[n].size, layout->component[n].offset);
}

static void print_protection(void)
{
	char line[80];
	int n = lib_snprintf(line, sizeof(line), "protection:");

	for (u32 i = 0; i < ARRAY_SIZE(cpu_protections); i++)
		if (cpu.has_cpuid && read_cr4() & cpu_protections[i].cr4)
			n += lib_snprintf(line + n, sizeof(line) - (u32)n, " %s", cpu_protections[i].name);
	console_print("%s%s", line, paging_has_nx() ? " NX" : "");
}

/* The tables as they are, and not as they were meant to be. */
static void check_paging(void)
{
	struct paging_census c = paging_census(&kernel_directory);

	if (c.wrong)
		tap_bail_out("page tables: the page at %08x %s", c.address, c.wrong);
	console_print("page tables: %u pages can be written, %u executed, none both", c.writable, c.executable);
}

static void modules_init(void)
{
	for (u32 n = 0; n < boot.modules; n++)
		store_add_module(boot.module[n].name, boot.module[n].start, boot.module[n].size);
}

/* What the command line wants done with a program or an image while it runs: every=, checkpoint=. */
static void apply_options(struct task *t)
{
	every_start(t);
	for (u32 n = 0; n < options.checkpoints; n++) {
		if (strcmp(options.checkpoint[n].name, t->comm) != 0)
			continue;
		options.checkpoint[n].marked = true;
		if (options.checkpoint[n].ticks)
			t->checkpoint_at = options.checkpoint[n].ticks;
		else
			task_request(t, REQUEST_KERNEL_CHECKPOINT, 0, 0);
	}
}

static u32 memory_mib(void)
{
	u64 size = 0;

	for (u32 n = 0; n < boot.ranges; n++)
		if (boot.memory[n].usable)
			size += boot.memory[n].end - boot.memory[n].start;
	return (u32)((size + (1 << 19)) >> 20);
}

/* The machine's parts are looked for. The run goes on without those that it lacks, and each is named. */
static void look_for_parts(void)
{
	const char *ticks, *no_timer = timer_init(options.hz, &ticks);
	const struct {
		bool there;
		const char *name, *so;
	} parts[] = {
		{screen_is_there(), "screen", "the serial port has all that would be seen"},
		{serial_is_there() || options.console.kind == SERIAL_NONE, "serial port", "the screen has the results"},
		{keyboard_is_there(), "keyboard", "none is needed"},
		{!no_timer, no_timer, ticks},
		{clock_init(), "clock", "time begins in 1970, and the time left is not known"},
		{power_init(), "ACPI", "switch it off by hand"},
	};

	for (u32 n = 0; n < ARRAY_SIZE(parts); n++) {
		if (parts[n].there)
			continue;
		status_part("no %s", parts[n].name);
		console_print("no %s: %s", parts[n].name, parts[n].so);
	}
	if (no_timer)
		status_part("%s", ticks);
}

static void print_machine(void)
{
	static const char *const names[] = {"BIOS", "UEFI of 32 bits", "UEFI of 64 bits"};
	const char *firmware = names[boot.firmware];
	u32 cpus = acpi_cpus();

	console_print("firmware: %s; memory: %u MiB, %u of them free for use", firmware, memory_mib(),
		      frames_available() / 256);
	if (cpu.microcode)
		console_print("microcode: %x", cpu.microcode);
	if (cpu.oddity)
		console_print("%s", cpu.oddity);
	status_machine(firmware, memory_mib());
	if (cpus > 1) {
		console_print("CPUs: %u, of which one is used", cpus);
		status_part("one of %u CPUs used", cpus);
	}
}

static void check_marks(void)
{
	for (u32 n = 0; n < options.checkpoints; n++)
		if (!options.checkpoint[n].marked)
			tap_result(false, "checkpoint %s # there is no task of that name", options.checkpoint[n].name);
}

static void run_program(const struct words *argv)
{
	const char *name = argv->text, *why = "there is no module of that name";
	const struct image *module = store_find(name, STORE_MODULE);
	struct task *t = module ? elf_load(argv, store_module(module), store_size(module), &why) : NULL;

	if (!t) {
		tap_result(false, "run %s # %s", name, why);
		return;
	}
	apply_options(t);
	task_start(t);
}

static void run_named(const char *name)
{
	const struct words argv = word(name);

	run_program(&argv);
}

static void run_all_programs(void)
{
	u32 programs = 0;

	for (const struct image *m = store_next(NULL); m; m = store_next(m)) {
		if (store_kind(m) != STORE_MODULE || !elf_is(store_module(m), store_size(m)))
			continue;
		run_named(store_name(m));
		programs++;
	}
	if (!programs && !options.restart && !conformance)
		tap_bail_out("there is no program to run: no module is an ELF file");
}

/* One value of run=: names, or a name and its arguments. */
static void run_line(const char *line)
{
	static char text[BOOT_COMMAND_LINE];
	char name[OPTION_NAME];
	struct words argv;

	if (!words_split(line, text, &argv) || !argv.count)
		tap_result(false, "run %s # it has a quotation without an end, or no name", line);
	else if (argv.count > 1)
		run_program(&argv);
	else
		for (const char *list = argv.text; list_next(&list, name, sizeof(name));)
			if (strcmp(name, "none") != 0)
				run_named(name);
}

static void run_programs(void)
{
	for (u32 n = 0; n < options.runs; n++)
		run_line(options.run[n]);
	if (!options.runs)
		run_all_programs();
}

static void restart_images(void)
{
	const char *list = options.restart;
	char name[OPTION_NAME];

	while (list_next(&list, name, sizeof(name))) {
		const struct image *module = store_find(name, STORE_MODULE);
		struct task *t = module ? restart_new(module) : NULL;

		tap_result(t, "restart %s%s", name, module ? "" : " # there is no module of that name");
		if (t)
			apply_options(t);
	}
}

enum {
	SERIAL_QUEUE = 1 << 20, /* bytes at most: more than a run writes; */
	SERIAL_PART = 16,	/* and what part of all that is free */
};

/*
 * A run that the screen shows does not wait for the serial port, which would take many times as long. But the adapter of
 * an emulator (exit=debug) sees nothing else, and is to have each line before what comes next can kill the machine.
 */
static void queue_serial(void)
{
	u32 size;
	char *memory;

	if (!serial_is_there() || !screen_is_there() || !options.screen || options.exit == EXIT_DEBUG) {
		serial_wait();
		return;
	}
	memory = frames_share(SERIAL_PART, SERIAL_QUEUE, &size);
	if (memory)
		serial_queue(memory, size);
}

static void showme_init(void)
{
	if (!showme)
		tap_bail_out("this kernel has no show-me mode: boot build/showme");
	showme();
}

static bool cases_wanted(void)
{
	if (!conformance && (options.cases || options.list))
		tap_bail_out("this kernel has no conformance cases: boot build/conformance");
	return conformance && !(options.cases && strcmp(options.cases, "none") == 0);
}

void kernel_main(u32 magic, u32 information)
{
	const char *refused = boot_read(magic, information, &boot); /* before its memory is put to use */
	bool understood;

	console_init();
	keyboard_init(); /* early, for what ends the run early ends in keys_stay() */
	status_init();
	gdt_init();
	tss_init();
	idt_init();
	understood = options_parse(boot.command_line);
	if (!understood)
		options.console = SERIAL_COM1;
	if (options.console.kind == SERIAL_IO)
		serial_init(&options.console);
	cpu_init(options.cpuid);
	canary_init();
	print_banner();
	if (refused)
		tap_bail_out("%s", refused);
	if (!understood)
		tap_bail_out("the command line was not understood (see above)");
	memory_init();
	machine_check_init();
	cpu_protect();
	paging_init();
	if (options.console.kind != SERIAL_IO)
		serial_init(&options.console);
	screen_attach_boot();
	screen_hide_boot();
	print_protection();
	check_paging();
	journal_init();
	if (fpu_init(options.xstate, options.fpu) < 0)
		tap_bail_out("xstate=%s: this CPU cannot do that", options.xstate);
	print_fpu();
	acpi_init(boot.rsdp_size ? boot.rsdp : NULL);
	print_machine();
	look_for_parts();
	queue_serial();
	if (options.probe)
		probe();
	checkpoint_init();
	tasks_init();
	modules_init();
	if (options.selftest && selftest)
		selftest();
	if (cases_wanted())
		conformance();
	/* Images first, so that they find their ids free. */
	restart_images();
	run_programs();
	check_marks();
	if (options.showme)
		showme_init();
	timer_begin();
	need_resched = true;
	trap_resume(trap_leave());
}
