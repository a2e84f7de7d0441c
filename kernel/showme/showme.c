/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Show-me mode: one context switch in slow motion. It is the ordinary switch, which knows nothing of it. The timer's next
 * trap is taken in single steps (idt_step), so that a #DB comes behind each instruction of the kernel, through the
 * ordinary way in, onto the same stack. Most of them are let pass. Where a line of kernel/showme/steps is reached, all
 * that can be seen of the registers is read, and shown beside what was there before. The last #DB comes from ring 3: IRET
 * has been executed, and the task's first instruction has not.
 */
#include "showme.h"
#include "console.h"
#include "keyboard.h"
#include "keys.h"
#include "options.h"
#include "picture.h"
#include "printf.h"
#include "steps.h"
#include "string.h"
#include "tap.h"
#include "watch.h"

enum { TITLE, SOURCE, WHAT, WHO, BLANK, REGISTERS, HELP = REGISTERS + PICTURE_ROWS };
_Static_assert(HELP == SCREEN_ROWS - 1, "the picture fills the screen");

/*
 * So long both tasks have run before: they hold values of their own by then. The one that comes has run a tick more: the
 * kernel starts with the second of its tasks, and with two it is the first one that leaves.
 */
#define TICKS 2

static enum { OFF, WAITING, SHOWING } state;

static struct snapshot snapshots[2], *now = &snapshots[0], *before = &snapshots[1];
static const struct task *leaves, *comes;
static const struct switch_step *under_way; /* reached, but not yet over; NULL: the task still runs */
static u32 shown;
static struct screen screen; /* as it was before */

/* --- the picture --- */

static void put(u32 row, const struct line *line, u8 background)
{
	for (u32 n = 0; n < line->length; n++)
		screen_put(row, n, (u8)line->text[n], line->attribute[n]);
	screen_clear(row, line->length, background);
}

static void add(struct line *line, u8 attribute, const char *format, ...) __attribute__((format(printf, 3, 4)));

static void add(struct line *line, u8 attribute, const char *format, ...)
{
	char text[SCREEN_COLUMNS + 1];
	va_list args;

	va_start(args, format);
	lib_vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	line_put(line, 0, text, attribute);
}

static void describe(struct line heads[REGISTERS])
{
	const char *where = under_way ? under_way->where : "ring 3";
	const char *source = under_way ? under_way->source : "the task's own instructions";
	const char *what = under_way ? under_way->what : "A task runs. The timer is about to interrupt it.";

	memset(heads, 0, REGISTERS * sizeof(*heads));
	add(&heads[TITLE], SCREEN_TITLE, "show-me: step %u of %u", shown, showme_steps);
	add(&heads[SOURCE], SCREEN_BRIGHT, "%s: %s", where, source);
	add(&heads[WHAT], SCREEN_PLAIN, "%s", what);
	add(&heads[WHO], COLOUR_LEAVES, "[%u %s] leaves", leaves->pid, leaves->comm);
	add(&heads[WHO], SCREEN_PLAIN, " | the CPU | ");
	add(&heads[WHO], COLOUR_COMES, "[%u %s] comes", comes->pid, comes->comm);
	add(&heads[WHO], SCREEN_PLAIN, " | * changed | = same");
}

static void log_line(const struct line *line)
{
	char text[SCREEN_COLUMNS + 3];

	lib_snprintf(text, sizeof(text), "# %s", line->text);
	console_log(text);
}

/* All pages. */
static void to_serial(const struct line heads[REGISTERS], u32 pages)
{
	struct line line;

	for (u32 n = 0; n < REGISTERS; n++)
		log_line(&heads[n]);
	for (u32 page = 0; page < pages; page++)
		for (u32 row = 0; row < picture_rows(page); row++) {
			picture_line(&line, now, before, page, row);
			log_line(&line);
		}
}

static void to_screen(const struct line heads[REGISTERS], u32 page, u32 pages)
{
	struct line line;

	for (u32 n = 0; n < REGISTERS; n++)
		put(n, &heads[n], n == TITLE ? SCREEN_TITLE : SCREEN_PLAIN);
	for (u32 row = 0; row < PICTURE_ROWS; row++) {
		picture_line(&line, now, before, page, row);
		put(REGISTERS + row, &line, SCREEN_PLAIN);
	}
	line.length = 0;
	add(&line, SCREEN_TITLE, "space: the next step   page up, page down: other registers (page %u of %u)", page + 1,
	    pages);
	put(HELP, &line, SCREEN_TITLE);
}

/* Until a space is typed, where one can be. Meanwhile other pages can be looked at. */
static void show(void)
{
	struct line heads[REGISTERS];
	u32 pages = picture_layout(now), page = picture_page(now, before);

	describe(heads);
	to_serial(heads, pages);
	for (u8 key = KEY_NONE; key != ' ';) {
		to_screen(heads, page, pages);
		if (options.showme == SHOWME_AUTO || !keyboard_is_there())
			break;
		key = keys_wait();
		if (key == KEY_PAGE_DOWN && page + 1 < pages)
			page++;
		if (key == KEY_PAGE_UP && page)
			page--;
	}
}

/* --- the steps --- */

static void look(const struct trap_frame *cpu, u32 esp)
{
	struct snapshot *last = before;

	before = now;
	now = last;
	snapshot_take(now, leaves, comes, cpu, esp);
}

/* The CPU's registers at a #DB, and the kernel's stack pointer. Out of the kernel, the trap pushed no ESP and SS. */
static void look_at_step(const struct trap_frame *f)
{
	struct trap_frame cpu = *f;
	u32 esp = trap_from_user(f) ? (u32)(f + 1) : (u32)&f->esp;

	if (!trap_from_user(f)) {
		cpu.esp = esp;
		cpu.ss = KERNEL_DS;
	}
	look(&cpu, esp);
}

/*
 * At the stub's first instruction: before, the CPU held what it has just pushed; all else it still holds. Is this the
 * switch to show?
 */
static bool begin(const struct trap_frame *f)
{
	struct trap_frame cpu = *f;

	if (current->next == current || current->ticks < TICKS || current->next->ticks <= TICKS)
		return false;
	leaves = current;
	comes = current->next;
	memcpy(&cpu.eip, &leaves->context.frame->eip, sizeof(cpu) - offsetof(struct trap_frame, eip));
	screen_save(&screen);
	snapshot_begin();
	for (u32 n = 0; n < 2; n++) /* twice: nothing has changed so far */
		look(&cpu, (u32)(leaves->context.frame + 1));
	state = SHOWING;
	show();
	return true;
}

/* The step whose line's code begins at `address`, or NULL. */
static const struct switch_step *step_at(u32 address)
{
	for (u32 n = 0; n < showme_addresses; n++)
		if (showme_address[n].address == address)
			return &showme_step[showme_address[n].step];
	return NULL;
}

/* What the step under way did is seen when the next one is reached, or ring 3. */
static void step_over(const struct trap_frame *f)
{
	shown++;
	look_at_step(f);
	show();
}

static void end(void)
{
	state = OFF;
	screen_restore(&screen);
	idt_step(TRAP_TIMER, false);
	tap_result(shown == showme_steps, "show-me: %u of %u steps", shown, showme_steps);
}

bool watch_step(struct trap_frame *f)
{
	const struct switch_step *reached = step_at(f->eip);

	if (state == OFF || (state == WAITING && trap_from_user(f)) || !debugregs_stepped(true))
		return false;
	f->eflags &= ~EFLAGS_TF;
	if (state == WAITING && !begin(f))
		return true;
	if (under_way && (reached || trap_from_user(f)))
		step_over(f);
	if (reached)
		under_way = reached;
	if (trap_from_user(f))
		end();
	else
		f->eflags |= EFLAGS_TF;
	return true;
}

void showme(void)
{
	if (snapshot_create(now) < 0 || snapshot_create(before) < 0)
		tap_bail_out("no memory to show a switch in");
	state = WAITING;
	idt_step(TRAP_TIMER, true);
	console_print("show-me: waits for two programs that run for more than %u timer ticks each", TICKS);
}
