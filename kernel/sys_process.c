/* SPDX-License-Identifier: GPL-2.0-only */
/* What a process is and may: its end, its ids, its thread area, its limits; and what it runs on. */
#include "descriptors.h"
#include "printf.h"
#include "random.h"
#include "report.h"
#include "string.h"
#include "sys.h"
#include "timer.h"
#include "usercopy.h"
#include "version.h"

#define EXIT_SKIPPED 77 /* a program's "this CPU lacks what I test" */

s32 sys_exit(struct trap_frame *f)
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

s32 sys_getpid(struct trap_frame *f)
{
	(void)f;
	return (s32)current->pid;
}

/* Every id of user and group is root's. */
s32 sys_getuid(struct trap_frame *f)
{
	(void)f;
	return 0;
}

s32 sys_sched_yield(struct trap_frame *f)
{
	(void)f;
	need_resched = true;
	return 0;
}

/* The address would be cleared, and a lock be given up, for other threads when this one ends: there are none. */
s32 sys_set_tid_address(struct trap_frame *f)
{
	return sys_getpid(f);
}

s32 sys_set_robust_list(struct trap_frame *f)
{
	enum { ROBUST_LIST_HEAD = 12 }; /* the size of Linux's structure */

	return f->ecx == ROBUST_LIST_HEAD ? 0 : -EINVAL;
}

s32 sys_set_thread_area(struct trap_frame *f)
{
	return set_thread_area(current, f->ebx);
}

s32 sys_get_thread_area(struct trap_frame *f)
{
	return get_thread_area(current, f->ebx);
}

s32 sys_modify_ldt(struct trap_frame *f)
{
	return modify_ldt(current, f->ebx, f->ecx, f->edx);
}

/* The release is that of a Linux whose system calls these are: C libraries refuse to run on one that is too old. */
s32 sys_uname(struct trap_frame *f)
{
	static const char *const texts[] = {"Linux", "cr86", "6.1.0", CR86_RELEASE, "i686", "(none)"};
	char name[65] = {0};

	for (u32 n = 0; n < ARRAY_SIZE(texts); n++) {
		lib_snprintf(name, sizeof(name), "%s", texts[n]);
		if (copy_to_user(f->ebx + n * sizeof(name), name, sizeof(name)) < 0)
			return -EFAULT;
	}
	return 0;
}

/* All memory that there is, is told as free: what the kernel and the modules have is no task's to count on. */
s32 sys_sysinfo(struct trap_frame *f)
{
	const struct {
		u32 uptime, loads[3], totalram, freeram, shared, buffers, totalswap, freeswap;
		u16 procs, _padding;
		u32 totalhigh, freehigh, unit;
		u8 _rest[8];
	} info = {.uptime = timer_ticks() / timer_hz(),
		  .totalram = frames_available(),
		  .freeram = frames_available(),
		  .procs = 1,
		  .unit = PAGE_SIZE};

	_Static_assert(sizeof(info) == 64, "as Linux i386 has it");
	return copy_to_user(f->ebx, &info, sizeof(info));
}

s32 sys_getrandom(struct trap_frame *f)
{
	enum { GRND_NONBLOCK = 1, GRND_RANDOM = 2, GRND_INSECURE = 4 };
	u32 count = f->ecx < 0x7fffffff ? f->ecx : 0x7fffffff, flags = f->edx;
	u8 bytes[64];

	if (flags & ~7u || (flags & GRND_RANDOM && flags & GRND_INSECURE))
		return -EINVAL;
	for (u32 done = 0, part; done < count; done += part) {
		part = count - done < sizeof(bytes) ? count - done : sizeof(bytes);
		random_bytes(bytes, part);
		if (copy_to_user(f->ebx + done, bytes, part) < 0)
			return done ? (s32)done : -EFAULT;
	}
	return (s32)count;
}

enum { RLIMIT_STACK = 3, RLIMIT_CORE = 4, RLIMIT_NOFILE = 7, RLIMIT_NLIMITS = 16 };
#define RLIM_INFINITY	0xffffffffu
#define RLIM64_INFINITY 0xffffffffffffffffull

static u32 limit(u32 resource)
{
	return resource == RLIMIT_STACK	   ? STACK_SIZE
	       : resource == RLIMIT_NOFILE ? FILES
	       : resource == RLIMIT_CORE   ? 0
					   : RLIM_INFINITY;
}

s32 sys_getrlimit(struct trap_frame *f)
{
	const u32 limits[2] = {limit(f->ebx), limit(f->ebx)};

	return f->ebx < RLIMIT_NLIMITS ? copy_to_user(f->ecx, limits, sizeof(limits)) : -EINVAL;
}

/* Limits are what they are: one that is set to another value would not hold. */
s32 sys_prlimit64(struct trap_frame *f)
{
	u32 pid = f->ebx, resource = f->ecx, new = f->edx, old = f->esi;
	u64 value = limit(resource) == RLIM_INFINITY ? RLIM64_INFINITY : limit(resource);
	const u64 limits[2] = {value, value};
	u64 wanted[2];

	if (resource >= RLIMIT_NLIMITS)
		return -EINVAL;
	if (pid && pid != current->pid)
		return -ESRCH;
	if (new &&copy_from_user(wanted, new, sizeof(wanted)) < 0)
		return -EFAULT;
	if (new &&wanted[0] > wanted[1])
		return -EINVAL;
	if (new &&memcmp(wanted, limits, sizeof(limits)) != 0)
		return -EPERM;
	return old ? copy_to_user(old, limits, sizeof(limits)) : 0;
}
