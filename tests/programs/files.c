/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reads its own file, which it finds in its memory, too, from two descriptors at different places. Whoever checkpoints and
 * restarts it in between has to bring back where each of them was, and what they led to.
 */
#include "program.h"

extern const u8 __ehdr_start[]; /* the linker's: the file's first bytes, as they are loaded */

#define BYTES	 3000
#define DISTANCE 100 /* of the second descriptor behind the first */

enum { SEEK_SET, SEEK_CUR };

static s32 seek(s32 fd, s32 offset, u32 whence)
{
	return system_call(SYS_LSEEK, (u32)fd, (u32)offset, whence, 0);
}

static void read_in_two_places(s32 first, s32 second)
{
	for (u32 n = 0; n < BYTES; n++) {
		u8 byte = 0, ahead = 0;

		if (read(first, &byte, 1) != 1 || byte != __ehdr_start[n])
			check(text("byte %u", n), __ehdr_start[n], byte);
		if (read(second, &ahead, 1) != 1 || ahead != __ehdr_start[n + DISTANCE])
			check(text("byte %u, ahead", n), __ehdr_start[n + DISTANCE], ahead);
	}
	check("where the first is", BYTES, (u32)seek(first, 0, SEEK_CUR));
	check("where the second is", BYTES + DISTANCE, (u32)seek(second, 0, SEEK_CUR));
}

int main(int argc, char **argv)
{
	const char *path = on_cr86() && argc ? text("/module/%s", argv[0]) : "/proc/self/exe";
	s32 first = open(path, O_RDONLY), null = open("/dev/null", O_WRONLY), second = open(path, O_RDONLY);

	check_that("the program's own file can be opened", first >= 0 && second > null && null > first);
	check("a place to begin", DISTANCE, (u32)seek(second, DISTANCE, SEEK_SET));
	check("close", 0, (u32)close(null));
	read_in_two_places(first, second);
	check("what was closed", (u32)-EBADF, (u32)write(null, "", 1));
	check("what is to be read cannot be written", (u32)-EBADF, (u32)write(first, "", 1));
	return verdict();
}
