/* SPDX-License-Identifier: GPL-2.0-only */
/* Clocks, which go in ticks, and sleep. */
#include "clock.h"
#include "signal.h"
#include "sys.h"
#include "task.h"
#include "timer.h"
#include "usercopy.h"

#define NS_PER_SECOND 1000000000u

enum {
	CLOCK_REALTIME,
	CLOCK_MONOTONIC,
	CLOCK_PROCESS_CPUTIME_ID,
	CLOCK_THREAD_CPUTIME_ID,
	CLOCK_MONOTONIC_RAW,
	CLOCK_REALTIME_COARSE,
	CLOCK_MONOTONIC_COARSE,
	CLOCK_BOOTTIME,
};

/* Linux's struct timespec with 64 bits; the older one has 32 bits for each. */
struct timespec64 {
	s64 seconds;
	u32 ns;
	u32 _padding; /* not looked at */
};
struct timespec32 {
	s32 seconds;
	u32 ns;
};

static struct timespec64 from_ticks(u32 ticks)
{
	u32 hz = timer_hz();

	return (struct timespec64){ticks / hz, ticks % hz * (NS_PER_SECOND / hz), 0};
}

/* False: there is no such clock. */
static bool read_clock(u32 clock, struct timespec64 *now)
{
	switch (clock) {
	case CLOCK_REALTIME:
	case CLOCK_REALTIME_COARSE:
		*now = from_ticks(timer_ticks());
		now->seconds = (s64)clock_now();
		return true;
	case CLOCK_PROCESS_CPUTIME_ID:
	case CLOCK_THREAD_CPUTIME_ID:
		*now = from_ticks(current->ticks);
		return true;
	default:
		*now = from_ticks(timer_ticks());
		return clock <= CLOCK_BOOTTIME;
	}
}

static s32 put_timespec64(u32 to, const struct timespec64 *time)
{
	return copy_to_user(to, time, sizeof(*time));
}

static s32 put_timespec32(u32 to, const struct timespec64 *time)
{
	const struct timespec32 old = {(s32)time->seconds, time->ns};

	return copy_to_user(to, &old, sizeof(old));
}

static s32 get_timespec64(struct timespec64 *time, u32 from)
{
	return copy_from_user(time, from, sizeof(*time));
}

static s32 get_timespec32(struct timespec64 *time, u32 from)
{
	struct timespec32 old;

	if (copy_from_user(&old, from, sizeof(old)) < 0)
		return -EFAULT;
	*time = (struct timespec64){old.seconds, old.ns, 0};
	return 0;
}

static s32 clock_gettime(u32 clock, u32 to, s32 (*put)(u32, const struct timespec64 *))
{
	struct timespec64 now;

	return read_clock(clock, &now) ? put(to, &now) : -EINVAL;
}

static s32 clock_getres(u32 clock, u32 to, s32 (*put)(u32, const struct timespec64 *))
{
	struct timespec64 now, resolution = from_ticks(1);

	if (!read_clock(clock, &now))
		return -EINVAL;
	return to ? put(to, &resolution) : 0;
}

s32 sys_clock_gettime(struct trap_frame *f)
{
	return clock_gettime(f->ebx, f->ecx, put_timespec32);
}

s32 sys_clock_gettime64(struct trap_frame *f)
{
	return clock_gettime(f->ebx, f->ecx, put_timespec64);
}

s32 sys_clock_getres(struct trap_frame *f)
{
	return clock_getres(f->ebx, f->ecx, put_timespec32);
}

s32 sys_clock_getres64(struct trap_frame *f)
{
	return clock_getres(f->ebx, f->ecx, put_timespec64);
}

s32 sys_time(struct trap_frame *f)
{
	u32 now = (u32)clock_now();

	return f->ebx && copy_to_user(f->ebx, &now, sizeof(now)) < 0 ? -EFAULT : (s32)now;
}

s32 sys_gettimeofday(struct trap_frame *f)
{
	static const u32 time_zone[2];
	const u32 time[2] = {(u32)clock_now(), from_ticks(timer_ticks()).ns / 1000};

	if (f->ebx && copy_to_user(f->ebx, time, sizeof(time)) < 0)
		return -EFAULT;
	return f->ecx ? copy_to_user(f->ecx, time_zone, sizeof(time_zone)) : 0;
}

/* In units of USER_HZ, whatever hz= says. */
static u32 user_ticks(u32 ticks)
{
	u32 hz = timer_hz();

	return ticks / hz * USER_HZ + ticks % hz * USER_HZ / hz;
}

s32 sys_times(struct trap_frame *f)
{
	const u32 used[4] = {user_ticks(current->ticks)}; /* its own time; the kernel's, its children's */

	if (f->ebx && copy_to_user(f->ebx, used, sizeof(used)) < 0)
		return -EFAULT;
	return (s32)user_ticks(timer_ticks());
}

/* Ticks that are as long as that, or longer; at most so many that they can be compared. */
static u32 to_ticks(const struct timespec64 *time)
{
	u32 hz = timer_hz(), tick_ns = NS_PER_SECOND / hz;

	if (time->seconds >= 0x3fffffff / HZ_MAX)
		return 0x3fffffff;
	return (u32)time->seconds * hz + (time->ns + tick_ns - 1) / tick_ns;
}

/* When a sleep is over, in ticks. One that is relative begins with a tick of which nobody knows how much is left. */
static u32 wake_at(bool absolute, u32 clock, const struct timespec64 *time)
{
	struct timespec64 now, left = *time;

	if (!absolute)
		return timer_ticks() + to_ticks(time) + 1;
	read_clock(clock, &now);
	left.seconds -= now.seconds + (left.ns < now.ns);
	left.ns += (left.ns < now.ns ? NS_PER_SECOND : 0) - now.ns;
	return timer_ticks() + (left.seconds < 0 ? 0 : to_ticks(&left));
}

/* How Linux's structure of one width is read and written. */
struct width {
	s32 (*get)(struct timespec64 *, u32);
	s32 (*put)(u32, const struct timespec64 *);
};
static const struct width narrow = {get_timespec32, put_timespec32}, wide = {get_timespec64, put_timespec64};

/* The call is made again until its time has come, or a signal: the task is runnable all the while. */
static s32 sleep(bool absolute, u32 clock, u32 from, const struct width *width)
{
	struct timespec64 time;

	if (!current->waits) {
		if (width->get(&time, from) < 0)
			return -EFAULT;
		if (time.seconds < 0 || time.ns >= NS_PER_SECOND)
			return -EINVAL;
		current->wake_at = wake_at(absolute, clock, &time);
	}
	timer_wait();
	if ((s32)(current->wake_at - timer_ticks()) > 0)
		return signal_wait(current);
	signal_wait_end(current);
	return 0;
}

/*
 * The same; where a signal interrupts it, what is left goes to user address `left`, unless that is 0: without the tick that
 * was put on top.
 */
static s32 sleep_for(u32 clock, u32 from, u32 left, const struct width *width)
{
	s32 ret = sleep(false, clock, from, width);
	struct timespec64 rest;

	if (ret != -EINTR || !left)
		return ret;
	rest = from_ticks(current->wake_at - timer_ticks() - 1);
	return width->put(left, &rest) < 0 ? -EFAULT : ret;
}

/* With its time over, rt_sigtimedwait(2) has got nothing. */
s32 sleep_until_signal(u32 from, bool is_wide)
{
	s32 ret = from ? sleep(false, CLOCK_MONOTONIC, from, is_wide ? &wide : &narrow) : signal_wait(current);

	return ret ? ret : -EAGAIN;
}

static s32 clock_nanosleep(const struct trap_frame *f, const struct width *width)
{
	enum { TIMER_ABSTIME = 1 };
	struct timespec64 now;

	if (!read_clock(f->ebx, &now) || f->ebx == CLOCK_THREAD_CPUTIME_ID)
		return -EINVAL;
	if (f->ebx != CLOCK_REALTIME && f->ebx != CLOCK_MONOTONIC && f->ebx != CLOCK_BOOTTIME)
		return -EOPNOTSUPP;
	return f->ecx & TIMER_ABSTIME ? sleep(true, f->ebx, f->edx, width) : sleep_for(f->ebx, f->edx, f->esi, width);
}

s32 sys_nanosleep(struct trap_frame *f)
{
	return sleep_for(CLOCK_MONOTONIC, f->ebx, f->ecx, &narrow);
}

s32 sys_clock_nanosleep(struct trap_frame *f)
{
	return clock_nanosleep(f, &narrow);
}

s32 sys_clock_nanosleep64(struct trap_frame *f)
{
	return clock_nanosleep(f, &wide);
}
