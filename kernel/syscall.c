/* SPDX-License-Identifier: GPL-2.0-only */
/* The table of all system calls; here, too, those that look at a task from outside. */
#include "syscall.h"
#include "checkpoint.h"
#include "console.h"
#include "sys.h"
#include "task.h"
#include "usercopy.h"

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
	current->request = (struct request){.kind = REQUEST_CHECKPOINT, .pid = pid, .fd = (s32)fd};
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
	current->request = (struct request){.kind = REQUEST_RESTART, .fd = (s32)fd};
	return 0;
}

static s32 missing(struct trap_frame *f)
{
	(void)f;
	return -ENOSYS;
}

static s32 (*const table[])(struct trap_frame *) = {
	[1] = sys_exit,
	[3] = sys_read,
	[4] = sys_write,
	[5] = sys_open,
	[6] = sys_close,
	[13] = sys_time,
	[19] = sys_lseek,
	[20] = sys_getpid,
	[24] = sys_getuid,
	[26] = sys_ptrace,
	[43] = sys_times,
	[45] = sys_brk,
	[47] = sys_getuid, /* getgid */
	[49] = sys_getuid, /* geteuid */
	[50] = sys_getuid, /* getegid */
	[54] = sys_ioctl,
	[64] = sys_getuid, /* getppid: the kernel's */
	[76] = sys_getrlimit,
	[78] = sys_gettimeofday,
	[85] = sys_readlink,
	[90] = sys_mmap,
	[91] = sys_munmap,
	[116] = sys_sysinfo,
	[122] = sys_uname,
	[123] = sys_modify_ldt,
	[125] = sys_mprotect,
	[140] = sys_llseek,
	[145] = sys_readv,
	[146] = sys_writev,
	[158] = sys_sched_yield,
	[162] = sys_nanosleep,
	[163] = sys_mremap,
	[191] = sys_getrlimit, /* ugetrlimit: no limit here is one that the two tell differently */
	[192] = sys_mmap2,
	[195] = sys_stat64,
	[196] = sys_stat64, /* lstat64: there are no links */
	[197] = sys_fstat64,
	[199] = sys_getuid, /* getuid32, getgid32, geteuid32, getegid32 */
	[200] = sys_getuid,
	[201] = sys_getuid,
	[202] = sys_getuid,
	[219] = sys_madvise,
	[224] = sys_getpid, /* gettid: tasks have no threads */
	[243] = sys_set_thread_area,
	[244] = sys_get_thread_area,
	[252] = sys_exit, /* exit_group */
	[258] = sys_set_tid_address,
	[265] = sys_clock_gettime,
	[266] = sys_clock_getres,
	[267] = sys_clock_nanosleep,
	[295] = sys_openat,
	[300] = sys_fstatat64,
	[305] = sys_readlinkat,
	[311] = sys_set_robust_list,
	[333] = sys_checkpoint,
	[334] = sys_restart,
	[340] = sys_prlimit64,
	[355] = sys_getrandom,
	[383] = sys_statx,
	[386] = missing, /* rseq, which C libraries do without */
	[403] = sys_clock_gettime64,
	[406] = sys_clock_getres64,
	[407] = sys_clock_nanosleep64,
};

/* A call that is not there is told of when it is first made, in any task: more often would drown all else. */
static void report_missing(u32 number)
{
	static u32 told[16];

	if (number >= 32 * ARRAY_SIZE(told) || told[number / 32] & BIT(number % 32))
		return;
	told[number / 32] |= BIT(number % 32);
	console_print("[%u %s] system call %u %s is missing here", current->pid, current->comm, number,
		      syscall_name(number));
}

void syscall(struct trap_frame *frame)
{
	u32 number = frame->eax;
	s32 ret = -ENOSYS;

	if (number < ARRAY_SIZE(table) && table[number])
		ret = table[number](frame);
	else
		report_missing(number);
	if (ret == -ERESTART) {
		frame->eip -= 2; /* INT 80H has two bytes, and eax still has the number */
		need_resched = true;
		return;
	}
	frame->eax = (u32)ret;
}
