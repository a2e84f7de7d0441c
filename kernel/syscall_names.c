/* SPDX-License-Identifier: GPL-2.0-only */
#include "list.h"
#include "printf.h"
#include "string.h"
#include "syscall.h"

/* Those that a statically linked program may well make and that are not in syscall.c's table (asm/unistd_32.h). */
static const char names[] =
	"2fork,7waitpid,8creat,9link,10unlink,11execve,12chdir,14mknod,15chmod,21mount,23setuid,27alarm,29pause,30utime,"
	"33access,34nice,36sync,37kill,38rename,39mkdir,40rmdir,41dup,42pipe,46setgid,48signal,55fcntl,57setpgid,60umask,"
	"61chroot,63dup2,65getpgrp,66setsid,67sigaction,72sigsuspend,73sigpending,75setrlimit,77getrusage,79settimeofday,"
	"80getgroups,81setgroups,82select,83symlink,88reboot,92truncate,93ftruncate,94fchmod,95fchown,96getpriority,"
	"97setpriority,99statfs,100fstatfs,102socketcall,103syslog,104setitimer,105getitimer,106stat,107lstat,108fstat,"
	"114wait4,117ipc,118fsync,119sigreturn,120clone,126sigprocmask,132getpgid,133fchdir,136personality,"
	"141getdents,142_newselect,143flock,144msync,147getsid,148fdatasync,150mlock,151munlock,152mlockall,"
	"154sched_setparam,155sched_getparam,156sched_setscheduler,157sched_getscheduler,159sched_get_priority_max,"
	"160sched_get_priority_min,168poll,172prctl,173rt_sigreturn,174rt_sigaction,175rt_sigprocmask,176rt_sigpending,"
	"177rt_sigtimedwait,178rt_sigqueueinfo,179rt_sigsuspend,180pread64,181pwrite64,182chown,183getcwd,184capget,"
	"186sigaltstack,187sendfile,190vfork,193truncate64,194ftruncate64,205getgroups32,207fchown32,209getresuid32,"
	"211getresgid32,212chown32,213setuid32,214setgid32,218mincore,220getdents64,221fcntl64,238tkill,"
	"239sendfile64,240futex,241sched_setaffinity,242sched_getaffinity,254epoll_create,255epoll_ctl,256epoll_wait,"
	"259timer_create,260timer_settime,264clock_settime,268statfs64,269fstatfs64,270tgkill,271utimes,272fadvise64_64,"
	"284waitid,296mkdirat,301unlinkat,302renameat,307faccessat,308pselect6,309ppoll,312get_robust_list,318getcpu,"
	"320utimensat,323eventfd,325timerfd_settime,328eventfd2,329epoll_create1,330dup3,331pipe2,353renameat2,354seccomp,"
	"356memfd_create,358execveat,359socket,362connect,375membarrier,384arch_prctl,412utimensat_time64,"
	"413pselect6_time64,414ppoll_time64,422futex_time64,435clone3,436close_range,437openat2,439faccessat2";

const char *syscall_name(u32 number)
{
	static char name[32];
	char digits[12];
	u32 length = (u32)lib_snprintf(digits, sizeof(digits), "%u", number);

	for (const char *list = names; list_next(&list, name, sizeof(name));)
		if (strncmp(name, digits, length) == 0 && (name[length] < '0' || name[length] > '9'))
			return name + length;
	return "(unknown)";
}
