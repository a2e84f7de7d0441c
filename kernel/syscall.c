/* SPDX-License-Identifier: GPL-2.0-only */
/* The table of all system calls; here, too, those that look at a task from outside. */
#include "syscall.h"
#include "checkpoint.h"
#include "console.h"
#include "descriptors.h"
#include "signal.h"
#include "symbols.h"
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

static s32 missing(struct trap_frame *f)
{
	(void)f;
	return -ENOSYS;
}

/* Number and function, each once. Most numbers have none: so the table by number has bytes, and that of functions is short. */
#define CALLS(CALL)                                                                                                    \
	CALL(1, sys_exit)                                                                                              \
	CALL(3, sys_read)                                                                                              \
	CALL(4, sys_write)                                                                                             \
	CALL(5, sys_open)                                                                                              \
	CALL(6, sys_close)                                                                                             \
	CALL(13, sys_time)                                                                                             \
	CALL(19, sys_lseek)                                                                                            \
	CALL(20, sys_getpid)                                                                                           \
	CALL(24, sys_getuid)                                                                                           \
	CALL(26, sys_ptrace)                                                                                           \
	CALL(29, sys_pause)                                                                                            \
	CALL(37, sys_kill)                                                                                             \
	CALL(43, sys_times)                                                                                            \
	CALL(45, sys_brk)                                                                                              \
	CALL(47, sys_getuid) /* getgid */                                                                              \
	CALL(48, sys_signal)                                                                                           \
	CALL(49, sys_getuid) /* geteuid */                                                                             \
	CALL(50, sys_getuid) /* getegid */                                                                             \
	CALL(54, sys_ioctl)                                                                                            \
	CALL(64, sys_getuid) /* getppid: the kernel's */                                                               \
	CALL(67, sys_sigaction)                                                                                        \
	CALL(72, sys_sigsuspend)                                                                                       \
	CALL(73, sys_sigpending)                                                                                       \
	CALL(76, sys_getrlimit)                                                                                        \
	CALL(78, sys_gettimeofday)                                                                                     \
	CALL(85, sys_readlink)                                                                                         \
	CALL(90, sys_mmap)                                                                                             \
	CALL(91, sys_munmap)                                                                                           \
	CALL(116, sys_sysinfo)                                                                                         \
	CALL(119, sys_sigreturn)                                                                                       \
	CALL(122, sys_uname)                                                                                           \
	CALL(123, sys_modify_ldt)                                                                                      \
	CALL(125, sys_mprotect)                                                                                        \
	CALL(126, sys_sigprocmask)                                                                                     \
	CALL(140, sys_llseek)                                                                                          \
	CALL(145, sys_readv)                                                                                           \
	CALL(146, sys_writev)                                                                                          \
	CALL(158, sys_sched_yield)                                                                                     \
	CALL(162, sys_nanosleep)                                                                                       \
	CALL(163, sys_mremap)                                                                                          \
	CALL(173, sys_rt_sigreturn)                                                                                    \
	CALL(174, sys_rt_sigaction)                                                                                    \
	CALL(175, sys_rt_sigprocmask)                                                                                  \
	CALL(176, sys_rt_sigpending)                                                                                   \
	CALL(177, sys_rt_sigtimedwait)                                                                                 \
	CALL(179, sys_rt_sigsuspend)                                                                                   \
	CALL(186, sys_sigaltstack)                                                                                     \
	CALL(191, sys_getrlimit) /* ugetrlimit: no limit here is told differently */                                   \
	CALL(192, sys_mmap2)                                                                                           \
	CALL(195, sys_stat64)                                                                                          \
	CALL(196, sys_stat64) /* lstat64: there are no links */                                                        \
	CALL(197, sys_fstat64)                                                                                         \
	CALL(199, sys_getuid) /* getuid32 */                                                                           \
	CALL(200, sys_getuid) /* getgid32 */                                                                           \
	CALL(201, sys_getuid) /* geteuid32 */                                                                          \
	CALL(202, sys_getuid) /* getegid32 */                                                                          \
	CALL(219, sys_madvise)                                                                                         \
	CALL(224, sys_getpid) /* gettid: tasks have no threads */                                                      \
	CALL(238, sys_tkill)                                                                                           \
	CALL(243, sys_set_thread_area)                                                                                 \
	CALL(244, sys_get_thread_area)                                                                                 \
	CALL(252, sys_exit) /* exit_group */                                                                           \
	CALL(258, sys_set_tid_address)                                                                                 \
	CALL(265, sys_clock_gettime)                                                                                   \
	CALL(266, sys_clock_getres)                                                                                    \
	CALL(267, sys_clock_nanosleep)                                                                                 \
	CALL(270, sys_tgkill)                                                                                          \
	CALL(295, sys_openat)                                                                                          \
	CALL(300, sys_fstatat64)                                                                                       \
	CALL(305, sys_readlinkat)                                                                                      \
	CALL(311, sys_set_robust_list)                                                                                 \
	CALL(333, sys_checkpoint)                                                                                      \
	CALL(334, sys_restart)                                                                                         \
	CALL(340, sys_prlimit64)                                                                                       \
	CALL(355, sys_getrandom)                                                                                       \
	CALL(383, sys_statx)                                                                                           \
	CALL(386, missing) /* rseq, which C libraries do without */                                                    \
	CALL(403, sys_clock_gettime64)                                                                                 \
	CALL(406, sys_clock_getres64)                                                                                  \
	CALL(407, sys_clock_nanosleep64)                                                                               \
	CALL(421, sys_rt_sigtimedwait64)

#define PLACE(number, function)	    PLACE_##number,
#define BY_NUMBER(number, function) [number] = PLACE_##number,
#define BY_PLACE(number, function)  [PLACE_##number] = function,

enum { PLACE_NONE, CALLS(PLACE) };
static const u8 places[] = {CALLS(BY_NUMBER)};
static s32 (*const functions[])(struct trap_frame *) = {CALLS(BY_PLACE)};

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
	u32 number = frame->eax, place = number < ARRAY_SIZE(places) ? places[number] : PLACE_NONE;
	s32 ret = -ENOSYS;

	if (place)
		ret = functions[place](frame);
	else
		report_missing(number);
	if (ret == -ERESTART) {
		frame->eip -= 2; /* INT 80H has two bytes, and eax still has the number */
		need_resched = true;
		return;
	}
	frame->eax = (u32)ret;
}
