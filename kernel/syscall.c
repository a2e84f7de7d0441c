/* SPDX-License-Identifier: GPL-2.0-only */
#include "syscall.h"
#include "checkpoint.h"
#include "console.h"
#include "descriptors.h"
#include "printf.h"
#include "report.h"
#include "signal.h"
#include "task.h"
#include "usercopy.h"

#define EXIT_SKIPPED 77 /* a program's "this CPU lacks what I test" */

static s32 sys_exit(struct trap_frame *f)
{
	u32 status = f->ebx & 0xff;
	char why[24];

	lib_snprintf(why, sizeof(why), "exit status %u", status);
	if (status == EXIT_SKIPPED)
		report_end(current, true, "SKIP the CPU lacks what it tests");
	else
		report_end(current, status == 0, status ? why : NULL);
	return 0;
}

/* Bytes pass through the kernel in pieces of this size. */
#define PIECE 256u

/* Nobody else runs meanwhile, and the console is slow: one call writes no more. Linux, too, may write less than it is asked. */
#define WRITE_MAX PAGE_SIZE

static s32 sys_read(struct trap_frame *f)
{
	struct file *from = files_get(current->file, f->ebx, FILE_IMAGE);
	const struct image *image = from ? store_get(from->id) : NULL;
	u8 piece[PIECE];
	u32 done = 0;

	if (files_get(current->file, f->ebx, FILE_STDIN))
		return 0;
	if (!image)
		return -EBADF;
	while (done < f->edx) {
		u32 count = f->edx - done < PIECE ? f->edx - done : PIECE;
		s32 got = store_read((void *)image, from->pos, piece, count);

		if (got <= 0)
			break;
		if (copy_to_user(f->ecx + done, piece, (u32)got) < 0)
			return done ? (s32)done : -EFAULT;
		from->pos += (u32)got;
		done += (u32)got;
	}
	return (s32)done;
}

static int write_piece(struct file *to, const char *piece, u32 count)
{
	if (to->kind == FILE_NEW_IMAGE)
		return files_write(to, piece, count);
	console_task_output(current->pid, current->comm, piece, count);
	return 0;
}

static s32 sys_write(struct trap_frame *f)
{
	struct file *to = files_get(current->file, f->ebx, FILE_CONSOLE);
	u32 size = f->edx < WRITE_MAX ? f->edx : WRITE_MAX, done = 0;
	char piece[PIECE];

	if (!to)
		to = files_get(current->file, f->ebx, FILE_NEW_IMAGE);
	if (!to)
		return -EBADF;
	if (!user_range_ok(f->ecx, f->edx))
		return -EFAULT;
	while (done < size) {
		u32 count = size - done < PIECE ? size - done : PIECE;

		if (copy_from_user(piece, f->ecx + done, count) < 0)
			return done ? (s32)done : -EFAULT;
		if (write_piece(to, piece, count) < 0)
			return to->error;
		done += count;
	}
	return (s32)done;
}

/* A path is a text that ends within this many bytes. */
#define PATH_SIZE 64

static s32 sys_open(struct trap_frame *f)
{
	char path[PATH_SIZE];

	for (u32 n = 0; n < PATH_SIZE; n++) {
		if (copy_from_user(&path[n], f->ebx + n, 1) < 0)
			return -EFAULT;
		if (!path[n])
			return files_open(current->file, path, f->ecx);
	}
	return -ENAMETOOLONG;
}

static s32 sys_close(struct trap_frame *f)
{
	return files_close(current->file, f->ebx);
}

static s32 sys_getpid(struct trap_frame *f)
{
	(void)f;
	return (s32)current->pid;
}

static s32 sys_sched_yield(struct trap_frame *f)
{
	(void)f;
	need_resched = true;
	return 0;
}

static s32 sys_set_thread_area(struct trap_frame *f)
{
	return set_thread_area(current, f->ebx);
}

static s32 sys_get_thread_area(struct trap_frame *f)
{
	return get_thread_area(current, f->ebx);
}

static s32 sys_modify_ldt(struct trap_frame *f)
{
	return modify_ldt(current, f->ebx, f->ecx, f->edx);
}

/* ptrace(2) on oneself: reads and sets the debug registers as a debugger under Linux would. */
enum { PTRACE_PEEKUSR = 3, PTRACE_POKEUSR = 6 };
#define U_DEBUGREG 252 /* offsetof(struct user, u_debugreg) on i386 */

static u32 peek_debugreg(const struct debugregs *debug, u32 n)
{
	return n < 4 ? debug->dr[n] : n == 6 ? debug->dr6 : n == 7 ? debug->dr7 : 0;
}

static s32 poke_debugreg(struct task *t, u32 n, u32 value)
{
	struct debugregs debug = t->context.debug;

	if (n < 4)
		debug.dr[n] = value;
	else if (n == 6)
		debug.dr6 = value & DR6_STATUS;
	else if (n == 7)
		debug.dr7 = value & ~DR7_FIXED;
	else
		return -EIO;
	if (cr_debugregs_refused(debug.dr, debug.dr7, TASK_SIZE))
		return -EINVAL;
	t->context.debug = debug;
	debugregs_load(&t->context.debug);
	return 0;
}

static s32 sys_ptrace(struct trap_frame *f)
{
	u32 request = f->ebx, pid = f->ecx, address = f->edx, data = f->esi;
	u32 n = (address - U_DEBUGREG) / 4, value;

	if (pid && pid != current->pid)
		return -ESRCH;
	if (address % 4 || n > 7 || (request != PTRACE_PEEKUSR && request != PTRACE_POKEUSR))
		return -EIO;
	if (request == PTRACE_POKEUSR)
		return poke_debugreg(current, n, data);
	value = peek_debugreg(&current->context.debug, n);
	return copy_to_user(data, &value, sizeof(value));
}

/* Marks the caller; the safe point takes the image (requests.c) and puts its id in place of this 0. */
static s32 sys_checkpoint(struct trap_frame *f)
{
	u32 pid = f->ebx ? f->ebx : current->pid, fd = f->ecx, flags = f->edx;
	const struct file *to = files_get(current->file, fd, FILE_NEW_IMAGE);

	if (flags || (to && to->image))
		return -EINVAL;
	if (!task_find(pid))
		return -ESRCH;
	if (!to)
		return -EBADF;
	task_request(current, REQUEST_CHECKPOINT, pid, (s32)fd);
	return 0;
}

/* `crid` 0: whatever image the descriptor gives. */
static s32 sys_restart(struct trap_frame *f)
{
	u32 crid = f->ebx, fd = f->ecx, flags = f->edx;
	const struct file *from = files_get(current->file, fd, FILE_IMAGE);

	if (flags)
		return -EINVAL;
	if (!from)
		return -EBADF;
	if (crid && crid != from->id)
		return -EINVAL;
	task_request(current, REQUEST_RESTART, 0, (s32)fd);
	return 0;
}

static s32 (*const table[])(struct trap_frame *) = {
	[1] = sys_exit,
	[3] = sys_read,
	[4] = sys_write,
	[5] = sys_open,
	[6] = sys_close,
	[20] = sys_getpid,
	[26] = sys_ptrace,
	[37] = sys_kill,
	[119] = sys_sigreturn,
	[123] = sys_modify_ldt,
	[158] = sys_sched_yield,
	[173] = sys_rt_sigreturn,
	[174] = sys_rt_sigaction,
	[175] = sys_rt_sigprocmask,
	[176] = sys_rt_sigpending,
	[186] = sys_sigaltstack,
	[238] = sys_tkill,
	[243] = sys_set_thread_area,
	[244] = sys_get_thread_area,
	[252] = sys_exit, /* exit_group: tasks have no threads */
	[270] = sys_tgkill,
	[333] = sys_checkpoint,
	[334] = sys_restart,
};

void syscall(struct trap_frame *frame)
{
	u32 number = frame->eax;
	s32 ret = -ENOSYS;

	if (number < ARRAY_SIZE(table) && table[number])
		ret = table[number](frame);
	frame->eax = (u32)ret;
}
