/* SPDX-License-Identifier: GPL-2.0-only */
#include "panic.h"
#include "console.h"
#include "cpu.h"
#include "machine.h"
#include "machine_check.h"
#include "status.h"
#include "stray.h"
#include "symbols.h"
#include "sysregs.h"
#include "tap.h"
#include "task.h"
#include "tss.h"
#include "usercopy.h"
#include "version.h"

const char *panic_reason;

/* Has the frame the words above EIP, CS and EFLAGS? In ring 0 the stack itself begins there. */
static bool has_stack(const struct trap_frame *f)
{
	return trap_from_user(f) || f->vector == TRAP_DF;
}

static u32 stack_pointer(const struct trap_frame *f)
{
	return has_stack(f) ? f->esp : (u32)&f->esp;
}

static void print_registers(const struct trap_frame *f, u32 cr2, const struct sysregs *s)
{
	console_print("eax %08x  ebx %08x  ecx %08x  edx %08x", f->eax, f->ebx, f->ecx, f->edx);
	console_print("esi %08x  edi %08x  ebp %08x  esp %08x", f->esi, f->edi, f->ebp, stack_pointer(f));
	console_print("eip %08x  eflags %08x", f->eip, f->eflags);
	console_print("cs %04x  ss %04x  ds %04x  es %04x  fs %04x  gs %04x", f->cs & 0xffff,
		      has_stack(f) ? f->ss & 0xffff : KERNEL_DS, f->ds & 0xffff, f->es & 0xffff, f->fs & 0xffff,
		      f->gs & 0xffff);
	console_print("cr0 %08x  cr2 %08x  cr3 %08x  cr4 %08x  xcr0 %08x", s->cr0, cr2, s->cr3, s->cr4, s->xcr0);
	console_print("dr0 %08x  dr1 %08x  dr2 %08x  dr3 %08x", s->dr[0], s->dr[1], s->dr[2], s->dr[3]);
	console_print("dr6 %08x  dr7 %08x", s->dr6, s->dr7);
}

static void print_machine_check(void)
{
	struct machine_check check;

	for (u32 n = 0; n < machine_check_banks(); n++)
		if (machine_check_read(n, &check))
			console_print("bank %u: status %016llx address %016llx misc %016llx", n, check.status,
				      check.address, check.misc);
}

/*
 * Is `address` where a call returns to? Before it stands E8 and a distance that leads into the text, or FF /2 with a
 * register or a place in memory (SDM 2A, CALL).
 */
static bool follows_call(u32 address)
{
	const u8 *at = (const u8 *)address;

	if (!symbol_is_text(address) || !symbol_is_text(address - 7))
		return false;
	if (at[-5] == 0xe8 && symbol_is_text(address + *(const u32 *)(at - 4)))
		return true;
	for (u32 n = 2; n <= 7; n++)
		if (at[-n] == 0xff && (at[1 - n] >> 3 & 7) == 2)
			return true;
	return false;
}

#define TRACE_LINES 12
#define TRACE_BYTES (3 * PAGE_SIZE) /* more than there is on any stack */

/*
 * The way there, without frame pointers: every word on the stack that a call may have left. Some may be of calls that
 * are over. The words are read as a task's are, since the stack pointer may be anything; one that ran over points below
 * the stack. A page that is not there lies behind every stack. A function that calls itself is told once.
 */
static void print_trace(u32 eip, u32 stack)
{
	char text[SYMBOL_SIZE];
	bool inside = false;
	u32 lines = 1, word, last = 0, end = stack + TRACE_BYTES;

	symbol_format(text, sizeof(text), eip);
	console_print("at %s", text);
	for (stack &= ~3u; stack < end && lines < TRACE_LINES; stack += 4) {
		if (user_copy(&word, (const void *)stack, sizeof(word))) {
			if (inside || stack % PAGE_SIZE == 0)
				break;
			continue;
		}
		inside = true;
		if (word == last || !follows_call(word))
			continue;
		last = word;
		symbol_format(text, sizeof(text), word - 1); /* the call: what follows it may be another function */
		console_print("   %s", text);
		lines++;
	}
}

/* A panic may fall over what led to it. Each time there is less that it dares to do. */
static void check_depth(const char *why)
{
	static u32 depth;

	if (++depth == 2)
		tap_bail_out("kernel panic, in the panic: %s", why);
	if (depth > 2)
		machine_halt();
}

void panic(const char *why, const struct trap_frame *f)
{
	u32 cr2 = read_cr2();
	struct sysregs sysregs;
	char id[41];

	check_depth(why);
	sysregs_save(&sysregs);
	status_hide();
	console_alarm();
	console_print("kernel panic: %s", why);
	console_print("by %s, error code %x", trap_name(f->vector), f->error);
	print_registers(f, cr2, &sysregs);
	if (f->vector == TRAP_MC)
		print_machine_check();
	print_trace(f->eip, stack_pointer(f));
	if (current)
		console_print("in task %u %.15s", current->pid, current->comm);
	stray_sum();
	build_id_format(id, sizeof(id));
	console_print("%s, build %s", CR86_RELEASE, id);
	console_print("Please report all lines from \"kernel panic\" on, with what was booted on what");
	console_print("machine, and how: the README's section \"When the kernel panics\" says where.");
	tap_bail_out("kernel panic: %s: %s at %08x", why, trap_name(f->vector), f->eip);
}

/* Called by the compiler's code in a function that finds its canary changed. */
void __stack_chk_fail(void) __attribute__((noreturn));

void __stack_chk_fail(void)
{
	panic_here("the stack was overwritten");
}

void panic_here(const char *why)
{
	panic_reason = why;
	__asm__ volatile("ud2");
	__builtin_unreachable();
}
