/* SPDX-License-Identifier: GPL-2.0-only */
/* System calls with arguments that are nearly right, at an edge, or anything. */
#include "hostile.h"

#define CALLS	   1000
#define MAX_LENGTH (3 * PAGE_SIZE)

enum argument { NONE, FD, PATH, HOW, BUFFER, LENGTH, PID, REQUEST, USER, FUNCTION, SEGMENT, SEGMENT_SIZE, ID, FLAGS };

static const struct call {
	u32 number;
	u8 argument[4]; /* enum argument */
} calls[] = {
	{SYS_READ, {FD, BUFFER, LENGTH}},
	{SYS_WRITE, {FD, BUFFER, LENGTH}},
	{SYS_OPEN, {PATH, HOW}},
	{SYS_OPEN, {PATH, HOW}},
	{SYS_CLOSE, {FD}},
	{SYS_GETPID, {NONE}},
	{SYS_PTRACE, {REQUEST, PID, USER, BUFFER}},
	{SYS_MODIFY_LDT, {FUNCTION, SEGMENT, SEGMENT_SIZE}},
	{SYS_SCHED_YIELD, {NONE}},
	{SYS_SET_THREAD_AREA, {SEGMENT}},
	{SYS_GET_THREAD_AREA, {SEGMENT}},
	{SYS_CHECKPOINT, {PID, FD, FLAGS}},
	{SYS_RESTART, {ID, FD, FLAGS}},
};

static u32 path(void)
{
	static const char *const paths[] = {
		"/image/a",
		"/image/b",
		"/regs/a",
		"/regs/b",
		"/module/spin",
		"/module/calls",
		"/image/",
		"/",
		"",
		"/image/../a",
		"/regs/\xff\x01\x7f",
		"/image/a-name-that-is-longer-than-any-name-in-the-store-can-be-and-than-a-path"};

	return one_in(4) ? pointer() : address(paths[below(ARRAY_SIZE(paths))]);
}

/* A user_desc in the playground, of which some fields make sense. */
static u32 segment(void)
{
	struct user_desc *d = (void *)playground;

	d->entry_number = one_in(2) ? 6 + below(3) : edge();
	d->base_addr = edge();
	d->limit = edge();
	*(&d->limit + 1) = any();
	return one_in(4) ? pointer() : address(d);
}

static u32 value_of(enum argument what)
{
	if (one_in(16))
		return edge();
	switch (what) {
	case FD:
		return below(9);
	case PATH:
		return path();
	case HOW:
		return one_in(2) ? O_RDONLY : O_WRONLY | O_CREAT;
	case BUFFER:
		return pointer();
	case LENGTH:
		return one_in(2) ? below(MAX_LENGTH) : edge();
	case PID:
		return one_in(2) ? 0 : one_in(2) ? getpid() : below(8);
	case REQUEST:
		return one_in(2) ? PTRACE_PEEKUSR : PTRACE_POKEUSR;
	case USER:
		return USER_DEBUGREG(below(9)) - 4 * one_in(8);
	case FUNCTION:
		return one_in(2) ? LDT_WRITE : below(3);
	case SEGMENT:
		return segment();
	case SEGMENT_SIZE:
		return one_in(4) ? below(9000) : sizeof(struct user_desc);
	case ID:
		return one_in(2) ? 0 : below(60);
	default:
		return 0;
	}
}

/* What a call with its buffer in the kernel may give: an error, or nothing. */
static void check_result(const struct call *c, const u32 value[4], s32 result)
{
	for (u32 n = 0; n < 4; n++)
		if ((c->argument[n] == BUFFER || c->argument[n] == SEGMENT || c->argument[n] == PATH) &&
		    value[n] >= KERNEL_START && result > 0)
			breach("a call took a pointer into the kernel");
	if (c->number == SYS_WRITE && result > (s32)PAGE_SIZE)
		breach("a write was not cut");
	if (result < 0 && result < -4095)
		breach("what a call gave is no errno");
}

void attack_calls(void)
{
	for (; steps_done < CALLS; steps_done++) {
		const struct call *c = &calls[below(ARRAY_SIZE(calls))];
		u32 value[4];
		s32 result;

		for (u32 n = 0; n < 4; n++)
			value[n] = value_of((enum argument)c->argument[n]);
		if (one_in(64)) {
			system_call(1000 + (edge() & 0x7fffffff), value[0], value[1], value[2], value[3]);
			continue;
		}
		result = system_call(c->number, value[0], value[1], value[2], value[3]);
		check_result(c, value, result);
		if (c->number == SYS_CHECKPOINT && result == 0)
			done(); /* restarted from that image: it would be so again and again */
	}
	check_privilege();
}
