/* SPDX-License-Identifier: GPL-2.0-only */
/* support_bench.asm: measurements whose own cost is a few instructions, known by measuring nothing. */
#ifndef SUPPORT_BENCH_H
#define SUPPORT_BENCH_H

#include "program.h"

/* The lower half of the time-stamp counter is enough: all that is measured is far shorter than 2^32. */
u32 bench_nothing(void);
u32 bench_sched_yield(void);
u32 bench_checkpoint(u32 fd);

/*
 * Checkpoints this task to `fd`, opens `path`, where the image is then found, and restarts it: what is measured is from
 * the restart to the second return of the checkpoint. 0: one of the three system calls failed.
 */
u32 bench_restart(u32 fd, const char *path);

/* What the system call before returned; for bench_restart, the descriptor it opened. */
extern s32 bench_result;

/*
 * Reads the counter `rounds` times, one reading right after the other, and returns the largest difference: where one
 * timer tick came, its cost and one usual difference. The usual one goes to bench_usual_gap.
 */
u32 bench_largest_gap(u32 rounds);
extern u32 bench_usual_gap;

/*
 * `yields` times sched_yield, and nothing else, but that every PEER_PAUSE_EVERY-th time PEER_PAUSE rounds of a loop
 * of two instructions come in between. With an x87 instruction after each, or without.
 */
void bench_peer(u32 yields);
void bench_peer_fpu(u32 yields);

/* As in support_bench.asm. */
#define PEER_PAUSE	 1000
#define PEER_PAUSE_EVERY 16

/* bench_sched_yield with an x87 instruction behind it. */
u32 bench_sched_yield_fpu(void);

#endif
