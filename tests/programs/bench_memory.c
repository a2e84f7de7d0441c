/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Measures what a dump and a restore of this task cost with so many MiB of memory in use, and beside them a copy of the
 * same bytes by REP MOVS, in time-stamp counts: guest instructions where the emulator makes it so (one for each round of
 * REP), else time, of which the last line says how many make a millisecond. The arguments are the MiB, in rising order.
 * The task has other pages, too: what was dumped is as large as the image.
 *
 * A restore is the task's own, by restart(2), with its memory given back before, so that it costs nothing to give back:
 * nothing that it remembers in memory of the time before survives that. When it began is in an image, next to that of
 * the task.
 */
#include "program.h"

#define AREA 0x20000000u
#define MIB  (1u << 20)

enum { SEEK_END = 2 };
enum { PROT_READ = 1, PROT_WRITE = 2, MAP_PRIVATE = 0x02, MAP_FIXED = 0x10, MAP_ANONYMOUS = 0x20 };

static const char image[] = "/image/bench", note[] = "/regs/begun";

/* The lower half is enough: all that is measured is shorter than 2^32 counts. */
static u32 counter(void)
{
	u32 low;

	asm volatile("rdtsc" : "=a"(low) : : "edx", "memory");
	return low;
}

static bool map(u32 size)
{
	const u32 arguments[6] = {AREA, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_FIXED | MAP_ANONYMOUS, 0, 0};

	return system_call(SYS_MMAP, address(arguments), 0, 0, 0) == (s32)AREA;
}

/* Each word has its own address, so no page is all zeros, nor like another. */
static void use(u32 size)
{
	for (u32 at = AREA; at < AREA + size; at += sizeof(at))
		*(volatile u32 *)(uintptr_t)at = at;
}

static void check_memory(u32 size)
{
	u32 at = AREA;

	while (at < AREA + size && *(volatile u32 *)(uintptr_t)at == at)
		at += sizeof(at);
	check("what is in the memory up to", AREA + size, at);
}

static void copy(u32 to, u32 from, u32 size)
{
	u32 words = size / sizeof(u32);

	asm volatile("rep movsl" : "+D"(to), "+S"(from), "+c"(words) : : "memory");
}

/* Each half to a third, which is the first half: as many bytes as there are, and nobody needs other memory for it. */
static u32 cost_of_copy(u32 size)
{
	u32 before = counter();

	copy(AREA, AREA + size / 2, size / 2);
	copy(AREA + size / 2, AREA, size / 2);
	return counter() - before;
}

/* The moment goes to an image of its own, and comes back. */
static void remember(u32 moment)
{
	s32 fd = open(note, O_WRONLY | O_CREAT);

	check("the moment is noted", sizeof(moment), (u32)write(fd, &moment, sizeof(moment)));
	check("and kept", 0, (u32)close(fd));
}

static u32 remembered(void)
{
	s32 fd = open(note, O_RDONLY);
	u32 moment = 0;

	check("the moment is read", sizeof(moment), (u32)read(fd, &moment, sizeof(moment)));
	close(fd);
	return moment;
}

static void restore(u32 size)
{
	s32 fd = open(image, O_RDONLY);

	print("bench: image_%u %u", size / MIB, (u32)system_call(SYS_LSEEK, (u32)fd, 0, SEEK_END, 0));
	system_call(SYS_MUNMAP, AREA, size, 0, 0);
	remember(counter());
	check("restart does not return", 0, (u32)restart(0, fd, 0));
}

static void measure(u32 mib)
{
	u32 size = mib * MIB, before;
	s32 fd = open(image, O_WRONLY | O_CREAT), id;

	use(size);
	print("bench: copy_%u %u", mib, cost_of_copy(size));
	use(size);
	before = counter();
	id = checkpoint(0, (u32)fd, 0);
	if (id) {
		print("bench: dump_%u %u", mib, counter() - before);
		check_that("checkpoint gives an id", id > 0);
		restore(size);
		return;
	}
	before = counter();
	print("bench: restore_%u %u", mib, before - remembered());
	check_memory(size);
	close(fd);
}

/* The first dump of a program takes the sum over its module, once and for all. That is no cost of memory. */
static void first_dump(void)
{
	s32 fd = open("/image/first", O_WRONLY | O_CREAT);

	check_that("the first checkpoint gives an id", checkpoint(0, (u32)fd, 0) > 0);
	close(fd);
}

static u32 ticks(void)
{
	struct {
		s32 seconds, microseconds;
	} now = {0, 0};

	system_call(SYS_GETTIMEOFDAY, address(&now), 0, 0, 0);
	return (u32)now.seconds * 100 + (u32)now.microseconds / 10000;
}

/* Counts from the change of a tick to the tenth after it, of 10 ms each (hz=100). */
static u32 counts_per_ms(void)
{
	enum { TICKS = 10 };
	u32 start = ticks(), before;

	while (ticks() == start)
		;
	before = counter();
	while (ticks() - start <= TICKS)
		;
	return (counter() - before) / (TICKS * 10);
}

int main(int argc, char **argv)
{
	u32 mib = 0;

	if (!(cpuid(1, 0).edx & CPUID_1_EDX_TSC))
		skip("this CPU has no time-stamp counter");
	first_dump();
	for (int n = 1; n < argc; n++) {
		const char *digit = argv[n];

		for (mib = 0; *digit; digit++)
			mib = mib * 10 + (u32)(*digit - '0');
		if (!check_that("there is memory", map(mib * MIB)))
			break;
		measure(mib);
	}
	print("bench: counts_per_ms %u", counts_per_ms());
	return verdict();
}
