/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A context switch at one moment, as it can be seen from beside it: what the kernel's memory holds of the task that
 * leaves, what the CPU holds, and what the memory holds of the task that comes. A switch moves registers from the second
 * to the first and from the third to the second.
 */
#ifndef SHOWME_SNAPSHOT_H
#define SHOWME_SNAPSHOT_H

#include "registers.h"
#include "task.h"

/* What the switch sets beside the task's own registers (SDM 3 §2.5, §2.4.2, §7.2.1). */
struct kernel_registers {
	u32 cr0, cr3, ldtr, esp0;
};

#define GROUP_KERNEL CR_GROUPS /* the group of these, beside those of the table of all registers */
extern const struct cr_register kernel_registers[];
extern const u32 kernel_register_count;

struct holder {
	struct cr_hdr_cpu cpu, cpu_known; /* known: the bits that there are */
	struct kernel_registers kernel, kernel_known;
	u64 tls[CR_TLS_ENTRIES];
	struct fpu fpu; /* nobody's: a copy */
};

enum { LEAVES, CPU, COMES, HOLDERS };

struct snapshot {
	struct holder holder[HOLDERS];
};

/* Gives it memory. 0 or -ENOMEM. */
int snapshot_create(struct snapshot *s);

/* Before the first one of a switch: nobody's stack has been seen. */
void snapshot_begin(void);

/*
 * Fills it. `frame` has the CPU's general registers and segments; of the tasks' frames only what stands at `esp`, the
 * kernel's stack pointer, or above has been pushed and not yet popped. What was popped is remembered.
 */
void snapshot_take(struct snapshot *s, const struct task *leaves, const struct task *comes,
		   const struct trap_frame *frame, u32 esp);

/* Where a register's value stands, or NULL where this one has none. */
const u8 *snapshot_find(const struct holder *h, const struct cr_register *r);

#endif
