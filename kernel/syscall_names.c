/* SPDX-License-Identifier: GPL-2.0-only */
#include "list.h"
#include "printf.h"
#include "string.h"
#include "syscall.h"

/* Those that a statically linked program is likely to make and that syscall.c does not have (asm/unistd_32.h). */
static const char names[] =
	"2fork,7waitpid,10unlink,11execve,12chdir,27alarm,29pause,33access,37kill,38rename,39mkdir,40rmdir,41dup,"
	"42pipe,55fcntl,57setpgid,63dup2,65getpgrp,66setsid,67sigaction,75setrlimit,77getrusage,80getgroups,"
	"82select,93ftruncate,102socketcall,104setitimer,105getitimer,114wait4,119sigreturn,120clone,"
	"126sigprocmask,141getdents,142_newselect,168poll,172prctl,173rt_sigreturn,174rt_sigaction,"
	"175rt_sigprocmask,179rt_sigsuspend,180pread64,181pwrite64,183getcwd,186sigaltstack,190vfork,"
	"194ftruncate64,220getdents64,221fcntl64,238tkill,240futex,241sched_setaffinity,242sched_getaffinity,"
	"270tgkill,301unlinkat,307faccessat,308pselect6,309ppoll,330dup3,331pipe2,359socket,384arch_prctl,"
	"413pselect6_time64,414ppoll_time64,422futex_time64,435clone3,436close_range,439faccessat2";

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
