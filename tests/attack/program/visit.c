/* SPDX-License-Identifier: GPL-2.0-only */
#include "hostile.h"

/*
 * No memory is used while the register holds the selector, whatever segment that is. As the kernel sees a system call
 * from there, so it sees whatever else happens.
 */
#define LIVE_THROUGH(reg)                                                                                              \
	asm volatile("mov %2, %%" reg "\n\t"                                                                           \
		     "int $0x80\n\t"                                                                                   \
		     "mov %%" reg ", %0\n\t"                                                                           \
		     "mov %3, %%" reg                                                                                  \
		     : "=&r"(found), "+a"(call)                                                                        \
		     : "r"(selector), "r"(USER_DS))

/* ESP, too, must be as it was, also where the stack segment's B is 0. */
static u32 live_through_ss(u32 selector)
{
	u32 found = 0, esp_before, esp_after, call = SYS_SCHED_YIELD;

	asm volatile("mov %%esp, %2\n\t"
		     "mov %4, %%ss\n\t"
		     "int $0x80\n\t"
		     "mov %%ss, %0\n\t"
		     "mov %%esp, %3\n\t"
		     "mov %5, %%ss\n\t"
		     "mov %2, %%esp"
		     : "=&r"(found), "+a"(call), "=&r"(esp_before), "=&r"(esp_after)
		     : "r"(selector), "r"(USER_DS));
	if (esp_before != esp_after)
		breach("ESP is another after a system call");
	return found;
}

static u32 found_after(u32 selector, u32 segment_register)
{
	u32 found = 0, call = SYS_SCHED_YIELD;

	switch (segment_register) {
	case IN_DS:
		LIVE_THROUGH("ds");
		break;
	case IN_ES:
		LIVE_THROUGH("es");
		break;
	case IN_FS:
		LIVE_THROUGH("fs");
		break;
	case IN_GS:
		LIVE_THROUGH("gs");
		break;
	default:
		found = live_through_ss(selector);
	}
	return found;
}

void live_through(u32 selector, u32 segment_register)
{
	u32 found = found_after(selector, segment_register) & 0xffff;

	/* What IRET makes of a null selector's RPL is the processor's choice. */
	if (found != (selector & 0xffff) && (found > 3 || (selector & 0xffff) > 3))
		breach("a segment register holds another selector after a system call");
}

/* From wherever that leads to, the last instruction leads back; CS is a flat segment, or that is the end. */
#define RETURN_TO_USER_CS "1:\tint $0x80\n\tljmp %[user], $2f\n2:"

void visit_by_retf(u32 selector)
{
	u32 call = SYS_SCHED_YIELD;

	asm volatile("pushl %1\n\tpushl $1f\n\tlretl\n" RETURN_TO_USER_CS
		     : "+a"(call)
		     : "r"(selector), [user] "i"(USER_CS)
		     : "memory");
}

void visit_by_iret(u32 selector, u32 eflags)
{
	u32 call = SYS_SCHED_YIELD;

	asm volatile("pushl %2\n\tpushl %1\n\tpushl $1f\n\tiretl\n" RETURN_TO_USER_CS "\tpushl $0x202\n\tpopfl"
		     : "+a"(call)
		     : "r"(selector), "r"(eflags), [user] "i"(USER_CS)
		     : "memory", "cc");
}
