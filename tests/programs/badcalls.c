/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * System calls as they should not be made: unknown numbers, pointers to what is not the program's, wrong descriptors,
 * wrong debug registers. Each is refused with the errno that Linux has for it, and the program goes on.
 */
#include "program.h"

#define TEXT_ADDRESS	  address(main)
#define LAST_ENTRY_OF_LDT 8191 /* a selector has 13 bits for the index */

extern u8 _end[]; /* the linker's: where .bss ends */

/* What the kernel calls this program, and its module. */
static const char *own_name;

#define NOWHERE 4711 /* no file, no process, no request */

#define BUFFER_SIZE 16

/* At none of these addresses there are BUFFER_SIZE bytes of the program's. */
static const struct {
	const char *name;
	u32 address;
} bad_buffers[] = {
	{"null", 0},
	{"the first kernel address", KERNEL_START},
	{"the kernel", KERNEL_START + 0x100000},
	{"the last bytes of memory", 0xfffffff0},
	{"a buffer that wraps around", 0xfffffff8},
	{"a buffer that runs into the kernel", KERNEL_START - 8},
	{"an address that is not mapped", 0x40000000},
};

static s32 open_own_module(void)
{
	return open(text("/module/%s", own_name), O_RDONLY);
}

static void test_numbers(void)
{
	static const u32 unknown[] = {222, 1000, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff};

	for (u32 i = 0; i < ARRAY_SIZE(unknown); i++)
		check(text("system call %08x", unknown[i]), (u32)-ENOSYS, (u32)system_call(unknown[i], 0, 0, 0, 0));
}

static void test_pointers(void)
{
	s32 module = open_own_module();

	if (on_cr86())
		check_that("the program's own module can be opened", module >= 0);
	for (u32 i = 0; i < ARRAY_SIZE(bad_buffers); i++) {
		const char *name = bad_buffers[i].name;
		u32 at = bad_buffers[i].address;

		check(text("set_thread_area, %s", name), (u32)-EFAULT,
		      (u32)system_call(SYS_SET_THREAD_AREA, at, 0, 0, 0));
		check(text("get_thread_area, %s", name), (u32)-EFAULT,
		      (u32)system_call(SYS_GET_THREAD_AREA, at, 0, 0, 0));
		check(text("modify_ldt, write, %s", name), (u32)-EFAULT,
		      (u32)system_call(SYS_MODIFY_LDT, LDT_WRITE, at, BUFFER_SIZE, 0));
		if (!on_cr86())
			continue; /* Linux may write as much as there is of a buffer */
		check(text("write, %s", name), (u32)-EFAULT, (u32)system_call(SYS_WRITE, STDOUT, at, BUFFER_SIZE, 0));
		check(text("open, %s", name), (u32)-EFAULT, (u32)system_call(SYS_OPEN, at, O_RDONLY, 0, 0));
		check(text("ptrace, %s", name), (u32)-EFAULT,
		      (u32)system_call(SYS_PTRACE, PTRACE_PEEKUSR, getpid(), USER_DEBUGREG(0), at));
		check(text("read, %s", name), (u32)-EFAULT,
		      (u32)system_call(SYS_READ, (u32)module, at, BUFFER_SIZE, 0));
	}
	close(module);
}

/*
 * Buffers that begin in the program's last bytes and go on where nothing is. What is in those bytes must not decide:
 * they are a valid slot's number for get_thread_area, and no end of a string for open.
 */
static void test_straddling(void)
{
	u32 end = (address(_end) + PAGE_SIZE - 1) & -PAGE_SIZE;
	u32 *last = (u32 *)(uintptr_t)(end - sizeof(u32));
	struct user_desc segment = {.entry_number = ANY_ENTRY, .limit = 1, .seg_32bit = 1};
	s32 module;

	check("set_thread_area", 0, (u32)set_thread_area(&segment));
	*last = segment.entry_number;
	check("get_thread_area, straddling", (u32)-EFAULT, (u32)get_thread_area((void *)last));
	check("set_thread_area, straddling", (u32)-EFAULT, (u32)set_thread_area((void *)last));
	check("modify_ldt, write, straddling", (u32)-EFAULT, (u32)modify_ldt(LDT_WRITE, last, sizeof(segment)));
	memset(last, 'x', sizeof(*last));
	check("open, straddling", (u32)-EFAULT, (u32)open((const char *)last, O_RDONLY));
	if (!on_cr86())
		return; /* Linux writes and reads as much as there is */
	module = open_own_module();
	check("write, straddling", (u32)-EFAULT, (u32)write(STDOUT, last, BUFFER_SIZE));
	check("read, straddling", (u32)-EFAULT, (u32)read(module, last, BUFFER_SIZE));
	check("ptrace, straddling", (u32)-EFAULT,
	      (u32)system_call(SYS_PTRACE, PTRACE_PEEKUSR, getpid(), USER_DEBUGREG(0), end - 2));
	close(module);
}

/* Memory that the program can read but not write: the kernel must not write there for it. */
static void test_read_only(void)
{
	u32 before = *(const volatile u32 *)(uintptr_t)TEXT_ADDRESS;

	if (on_cr86())
		check("ptrace, storing to code", (u32)-EFAULT,
		      (u32)system_call(SYS_PTRACE, PTRACE_PEEKUSR, getpid(), USER_DEBUGREG(0), TEXT_ADDRESS));
	check("modify_ldt, an entry to read", 0,
	      (u32)modify_ldt(LDT_WRITE, &(struct user_desc){.limit = 1, .seg_32bit = 1}, sizeof(struct user_desc)));
	check("modify_ldt, reading to code", (u32)-EFAULT,
	      (u32)system_call(SYS_MODIFY_LDT, LDT_READ, TEXT_ADDRESS, 8, 0));
	check("the code", before, *(const volatile u32 *)(uintptr_t)TEXT_ADDRESS);
}

static void test_files(void)
{
	u8 byte;

	check("write to no file", (u32)-EBADF, (u32)write(NOWHERE, "", 1));
	check("write to file -1", (u32)-EBADF, (u32)write(-1, "", 1));
	check("read from no file", (u32)-EBADF, (u32)read(NOWHERE, &byte, 1));
	check("close of no file", (u32)-EBADF, (u32)close(NOWHERE));
	check("open of what does not exist", (u32)-ENOENT, (u32)open("/module/no-such-module", O_RDONLY));
	check("open of an empty name", (u32)-ENOENT, (u32)open("", O_RDONLY));
	check("write of nothing", 0, (u32)write(STDOUT, "", 0));
}

static void test_segments(void)
{
	static const u32 bad_entries[] = {0, 1, 5, 9, 15, 32, 8191, 0x7fffffff, 0xfffffffe};
	struct user_desc segment = {.limit = 1, .seg_32bit = 1};

	for (u32 i = 0; i < ARRAY_SIZE(bad_entries); i++) {
		segment.entry_number = bad_entries[i];
		check(text("set_thread_area, entry %u", bad_entries[i]), (u32)-EINVAL, (u32)set_thread_area(&segment));
		check(text("get_thread_area, entry %u", bad_entries[i]), (u32)-EINVAL, (u32)get_thread_area(&segment));
	}
	segment.entry_number = LAST_ENTRY_OF_LDT + 1;
	check("modify_ldt, entry 8192", (u32)-EINVAL, (u32)modify_ldt(LDT_WRITE, &segment, sizeof(segment)));
	segment.entry_number = 0;
	check("modify_ldt, wrong size", (u32)-EINVAL, (u32)modify_ldt(LDT_WRITE, &segment, sizeof(segment) - 1));
	check("modify_ldt, unknown function", (u32)-ENOSYS, (u32)modify_ldt(99, &segment, sizeof(segment)));
}

/* Linux checks a breakpoint as soon as both its address and its enable bit are there, in either order. */
static void test_debug_registers(void)
{
	static const struct {
		const char *name;
		u32 dr0, dr7;
	} bad[] = {
		{"a breakpoint in the kernel", KERNEL_START + 0x100000, BIT(0)},
		{"a breakpoint at the first kernel address", KERNEL_START, BIT(0)},
		{"a watchpoint at the end of memory", 0xfffffffc, BIT(0) | (DR_RW_WRITE | 3 << 2) << 16},
		{"an unaligned watchpoint", 0x08048001, BIT(0) | (DR_RW_WRITE | 3 << 2) << 16},
		{"an I/O breakpoint", 0x80, BIT(0) | DR_RW_IO << 16},
		{"an execution breakpoint of 4 bytes", 0x08048000, BIT(0) | (DR_RW_EXECUTE | 3 << 2) << 16},
		{"general detect", 0, DR7_GD},
		{"a reserved bit", 0, BIT(12)},
	};

	for (u32 i = 0; i < ARRAY_SIZE(bad); i++) {
		s32 address_refused = debug_write(0, bad[i].dr0);
		s32 control_refused = debug_write(DR7, bad[i].dr7);

		check_that(bad[i].name, address_refused == -EINVAL || control_refused == -EINVAL);
		check("DR7 after that", 0, debug_read(DR7));
		check("DR0 may be cleared", 0, (u32)debug_write(0, 0));
	}
	check_that("ptrace of DR4 is refused", debug_write(4, 0) < 0);
	check_that("ptrace of what is no debug register is refused",
		   system_call(SYS_PTRACE, PTRACE_POKEUSR, 0, 0, 0) < 0);
	check("ptrace of nobody", (u32)-ESRCH,
	      (u32)system_call(SYS_PTRACE, PTRACE_POKEUSR, NOWHERE, USER_DEBUGREG(0), 0));
	check_that("an unknown ptrace request is refused", system_call(SYS_PTRACE, NOWHERE, getpid(), 0, 0) < 0);
}

int main(int argc, char **argv)
{
	own_name = argc ? argv[0] : "badcalls";
	test_numbers();
	test_pointers();
	test_straddling();
	test_read_only();
	test_files();
	test_segments();
	if (on_cr86())
		test_debug_registers();
	return verdict();
}
