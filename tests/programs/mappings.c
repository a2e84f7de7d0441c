/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory that is mapped, protected, moved and unmapped, over and over, and a heap that grows and shrinks: what is there,
 * what it may be used for, and what was written to it, in every round. A restart in between has to bring it all back.
 */
#include "program.h"

#define AREA   0x20000000u
#define ROUNDS 60
#define PAGES  12

enum { PROT_NONE = 0, PROT_READ = 1, PROT_WRITE = 2 };
enum { MAP_PRIVATE = 0x02, MAP_FIXED = 0x10, MAP_ANONYMOUS = 0x20 };
enum { MREMAP_MAYMOVE = 1, MREMAP_FIXED = 2 };

static u32 page(u32 n)
{
	return AREA + n * PAGE_SIZE;
}

static volatile u32 *word(u32 at)
{
	return (volatile u32 *)(uintptr_t)at;
}

static u32 map(u32 at, u32 pages, u32 protection)
{
	const u32 arguments[6] = {at, pages * PAGE_SIZE, protection, MAP_PRIVATE | MAP_FIXED | MAP_ANONYMOUS, 0, 0};

	return (u32)system_call(SYS_MMAP, address(arguments), 0, 0, 0);
}

static u32 protect(u32 at, u32 pages, u32 protection)
{
	return (u32)system_call(SYS_MPROTECT, at, pages * PAGE_SIZE, protection, 0);
}

/* Some of the pages, the others go. MREMAP_FIXED has a fifth argument, in edi. */
static u32 move(u32 from, u32 pages, u32 to, u32 keep)
{
	u32 result;

	asm volatile("int $0x80"
		     : "=a"(result)
		     : "a"(SYS_MREMAP), "b"(from), "c"(pages * PAGE_SIZE), "d"(keep * PAGE_SIZE),
		       "S"(MREMAP_MAYMOVE | MREMAP_FIXED), "D"(to)
		     : "memory");
	return result;
}

/* Asked of the kernel, which writes and reads there for us: a path that can be read is none that exists. */
static void check_access(const char *what, u32 at, bool readable, bool writable)
{
	u32 before = readable ? *word(at) : 0;

	check(text("%s can be read", what), (u32)(readable ? -ENOENT : -EFAULT),
	      (u32)system_call(SYS_OPEN, at + 1024, O_RDONLY, 0, 0));
	check(text("%s can be written", what), (u32)(writable ? 0 : -EFAULT),
	      (u32)system_call(SYS_GETTIMEOFDAY, at, 0, 0, 0));
	if (writable)
		*word(at) = before;
}

static void arrange(u32 round)
{
	check("mmap", AREA, map(AREA, PAGES, PROT_READ | PROT_WRITE));
	for (u32 n = 0; n < PAGES; n++) {
		check(text("page %u is new", n), 0, *word(page(n)));
		*word(page(n)) = round * 100 + n;
	}
}

/* Pages 3 and 4 read-only, 6 out of reach, 8 and 11 gone, 9 and 10 elsewhere. */
static void rearrange(void)
{
	check("mprotect, read", 0, protect(page(3), 2, PROT_READ));
	check("mprotect, none", 0, protect(page(6), 1, PROT_NONE));
	check("munmap", 0, (u32)system_call(SYS_MUNMAP, page(8), PAGE_SIZE, 0, 0));
	check("mremap", page(20), move(page(9), 3, page(20), 2));
}

static void look(u32 round)
{
	static const u32 kept[] = {0, 1, 2, 3, 4, 5, 7};

	for (u32 n = 0; n < ARRAY_SIZE(kept); n++)
		check(text("page %u", kept[n]), round * 100 + kept[n], *word(page(kept[n])));
	check("page 9, elsewhere", round * 100 + 9, *word(page(20)));
	check("page 10, elsewhere", round * 100 + 10, *word(page(21)));
	check_access("page 2", page(2), true, true);
	check_access("page 3", page(3), true, false);
	check_access("page 6", page(6), false, false);
	check_access("page 8", page(8), false, false);
	check_access("page 9", page(9), false, false);
	check_access("page 11", page(11), false, false);
	check_access("page 20", page(20), true, true);
	check("mprotect, back", 0, protect(page(6), 1, PROT_READ));
	check("page 6, back", round * 100 + 6, *word(page(6)));
	check("munmap", 0, (u32)system_call(SYS_MUNMAP, AREA, 32 * PAGE_SIZE, 0, 0));
}

static u32 set_break(u32 to)
{
	return (u32)system_call(SYS_BRK, to, 0, 0, 0);
}

int main(int argc, char **argv)
{
	u32 start = set_break(0);

	(void)argc;
	(void)argv;
	for (u32 round = 1; round <= ROUNDS; round++) {
		u32 end = start + round % 7 * PAGE_SIZE + 40;

		check("the break", end, set_break(end));
		*word(end - 8) = round;
		arrange(round);
		rearrange();
		look(round);
		check("the break is still there", end, set_break(0));
		check("what lies under it", round, *word(end - 8));
		check("the break, down", start, set_break(start));
	}
	return verdict();
}
