/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The system calls that syscall.c's table names, by subject. Each takes its arguments from the frame (ebx, ecx, edx, esi,
 * edi, ebp) and returns Linux's result: a number, or a negative errno.
 */
#ifndef KERNEL_SYS_H
#define KERNEL_SYS_H

#include "trap.h"

/* What a call returns that has to wait: it is made again when its task runs next. No task sees this number. */
#define ERESTART 512

#define USER_HZ 100 /* in which times(2) counts: AT_CLKTCK */

/* sys_files.c */
s32 sys_read(struct trap_frame *f);
s32 sys_write(struct trap_frame *f);
s32 sys_readv(struct trap_frame *f);
s32 sys_writev(struct trap_frame *f);
s32 sys_open(struct trap_frame *f);
s32 sys_openat(struct trap_frame *f);
s32 sys_close(struct trap_frame *f);
s32 sys_lseek(struct trap_frame *f);
s32 sys_llseek(struct trap_frame *f);
s32 sys_ioctl(struct trap_frame *f);

/* sys_stat.c */
s32 sys_stat64(struct trap_frame *f);
s32 sys_fstat64(struct trap_frame *f);
s32 sys_fstatat64(struct trap_frame *f);
s32 sys_statx(struct trap_frame *f);
s32 sys_readlink(struct trap_frame *f);
s32 sys_readlinkat(struct trap_frame *f);

/* sys_memory.c */
s32 sys_brk(struct trap_frame *f);
s32 sys_mmap(struct trap_frame *f);
s32 sys_mmap2(struct trap_frame *f);
s32 sys_munmap(struct trap_frame *f);
s32 sys_mprotect(struct trap_frame *f);
s32 sys_mremap(struct trap_frame *f);
s32 sys_madvise(struct trap_frame *f);

/* sys_time.c */
s32 sys_time(struct trap_frame *f);
s32 sys_times(struct trap_frame *f);
s32 sys_gettimeofday(struct trap_frame *f);
s32 sys_clock_gettime(struct trap_frame *f);
s32 sys_clock_gettime64(struct trap_frame *f);
s32 sys_clock_getres(struct trap_frame *f);
s32 sys_clock_getres64(struct trap_frame *f);
s32 sys_nanosleep(struct trap_frame *f);
s32 sys_clock_nanosleep(struct trap_frame *f);
s32 sys_clock_nanosleep64(struct trap_frame *f);

/*
 * For a call that waits for a signal as long as the time at user address `from` says (0: for ever), a timespec of 64 bits
 * or 32 each: signal_wait's result; -EAGAIN: it is over; -EFAULT, -EINVAL.
 */
s32 sleep_until_signal(u32 from, bool is_wide);

/* sys_process.c */
s32 sys_exit(struct trap_frame *f);
s32 sys_getpid(struct trap_frame *f);
s32 sys_getuid(struct trap_frame *f);
s32 sys_sched_yield(struct trap_frame *f);
s32 sys_set_tid_address(struct trap_frame *f);
s32 sys_set_robust_list(struct trap_frame *f);
s32 sys_set_thread_area(struct trap_frame *f);
s32 sys_get_thread_area(struct trap_frame *f);
s32 sys_modify_ldt(struct trap_frame *f);
s32 sys_uname(struct trap_frame *f);
s32 sys_sysinfo(struct trap_frame *f);
s32 sys_getrandom(struct trap_frame *f);
s32 sys_getrlimit(struct trap_frame *f);
s32 sys_prlimit64(struct trap_frame *f);

/* sys_signal.c */
s32 sys_rt_sigaction(struct trap_frame *f);
s32 sys_rt_sigprocmask(struct trap_frame *f);
s32 sys_rt_sigpending(struct trap_frame *f);
s32 sys_rt_sigsuspend(struct trap_frame *f);
s32 sys_rt_sigtimedwait(struct trap_frame *f);
s32 sys_rt_sigtimedwait64(struct trap_frame *f);
s32 sys_sigaction(struct trap_frame *f);
s32 sys_signal(struct trap_frame *f);
s32 sys_sigprocmask(struct trap_frame *f);
s32 sys_sigpending(struct trap_frame *f);
s32 sys_sigsuspend(struct trap_frame *f);
s32 sys_pause(struct trap_frame *f);
s32 sys_rt_sigreturn(struct trap_frame *f);
s32 sys_sigreturn(struct trap_frame *f);
s32 sys_sigaltstack(struct trap_frame *f);
s32 sys_kill(struct trap_frame *f);
s32 sys_tkill(struct trap_frame *f);
s32 sys_tgkill(struct trap_frame *f);

#endif
