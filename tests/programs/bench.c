/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Measures what the kernel's services cost, in time-stamp counts: guest instructions where the emulator makes it so.
 * What is measured depends on the program's name:
 *
 *   bench            a checkpoint, a restart, a timer tick; no other task may run
 *   bench_yield      sched_yield to another task, bench_peer, and back, halved
 *
 * with "_fpu" behind the name for a task that has x87, SSE and AVX state in use, as far as the CPU has it. One line for
 * each result: "bench: NAME VALUE".
 */
#include "program.h"
#include "support_bench.h"

#define SAMPLES 512
#define TICKS	64

/* So many counter readings have one timer tick among them, or a few: ten milliseconds at 100 Hz and one count a ns. */
#define READINGS_OF_TICK 1000000u

static u32 samples[SAMPLES];
static bool with_fpu;

static bool contains(const char *text, const char *word)
{
	for (; *text; text++)
		if (strncmp(text, word, strlen(word)) == 0)
			return true;
	return false;
}

/* Insertion sort, and the value in the middle: timer ticks that fell into a sample or two do not count. */
static u32 median(u32 *values, u32 count)
{
	for (u32 i = 1; i < count; i++) {
		u32 value = values[i];
		u32 at = i;

		for (; at && values[at - 1] > value; at--)
			values[at] = values[at - 1];
		values[at] = value;
	}
	return values[count / 2];
}

static void report(const char *name, u32 value)
{
	print("bench: %s%s %u", name, with_fpu ? "_fpu" : "", value);
}

static u32 cost_of_nothing(void)
{
	for (u32 i = 0; i < SAMPLES; i++)
		samples[i] = bench_nothing();
	return median(samples, SAMPLES);
}

static void use_fpu(void)
{
	struct fsave fpu;
	u8 vectors[8][32];

	if (!cpu_has_fpu())
		skip("this CPU has no x87");
	fpu_unusual(&fpu, seed());
	fpu_load(&fpu);
	fill(vectors, sizeof(vectors), seed());
	vectors_load(vector_bytes(), vectors);
}

/*
 * That really another task ran is seen by its pauses: each yields in its turn, so exactly every PEER_PAUSE_EVERY-th
 * sample has one in it, give or take one at the ends.
 */
static void check_peer(u32 usual)
{
	u32 long_ones = 0;

	for (u32 i = 0; i < SAMPLES; i++)
		if (samples[i] >= usual + 2 * PEER_PAUSE && samples[i] < usual + 3 * PEER_PAUSE)
			long_ones++;
	check_that("the peer takes turns with this task: is bench_peer running?",
		   long_ones >= SAMPLES / PEER_PAUSE_EVERY - 2 && long_ones <= SAMPLES / PEER_PAUSE_EVERY + 2);
}

static void measure_yield(u32 nothing)
{
	u32 (*yield)(void) = with_fpu ? bench_sched_yield_fpu : bench_sched_yield;
	u32 usual;

	for (u32 i = 0; i < SAMPLES; i++)
		samples[i] = yield();
	usual = median(samples, SAMPLES);
	check_peer(usual);
	report("yield", (usual - nothing) / 2);
}

static void measure_checkpoint(u32 nothing, u32 fd)
{
	for (u32 i = 0; i < SAMPLES; i++) {
		samples[i] = bench_checkpoint(fd);
		check_that("checkpoint gives an id", bench_result > 0);
	}
	report("checkpoint", median(samples, SAMPLES) - nothing);
}

static void measure_restart(u32 nothing, u32 fd, const char *path)
{
	for (u32 i = 0; i < SAMPLES; i++) {
		samples[i] = bench_restart(fd, path);
		check_that("restart comes back", samples[i]);
		close(bench_result);
	}
	report("restart", median(samples, SAMPLES) - nothing);
}

static void measure_tick(void)
{
	u32 usual;

	for (u32 i = 0; i < TICKS; i++)
		samples[i] = bench_largest_gap(READINGS_OF_TICK);
	usual = bench_usual_gap;
	check_that("timer ticks are seen", median(samples, TICKS) > 2 * usual);
	report("tick", median(samples, TICKS) - usual);
}

int main(int argc, char **argv)
{
	static const char path[] = "/regs/bench";
	const char *name = argc ? argv[0] : "bench";
	u32 nothing;
	s32 fd;

	if (!(cpuid(1, 0).edx & CPUID_1_EDX_TSC))
		skip("this CPU has no time-stamp counter");
	nothing = cost_of_nothing();
	with_fpu = contains(name, "_fpu");
	if (with_fpu)
		use_fpu();
	if (contains(name, "_yield")) {
		measure_yield(nothing);
		return verdict();
	}
	fd = open(path, O_WRONLY | O_CREAT);
	if (fd < 0)
		skip("this kernel has no checkpoint and no restart");
	measure_checkpoint(nothing, (u32)fd);
	measure_restart(nothing, (u32)fd, path);
	measure_tick();
	return verdict();
}
