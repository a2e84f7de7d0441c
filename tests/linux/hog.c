/* SPDX-License-Identifier: GPL-2.0-only */
/* Asks for too much: of the system calls, and of memory, until there is none. Not meant for a machine that has much. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#define MOST   0x20000000u /* bytes */
#define PIECE  0x100000u   /* as much is given, since nobody uses it yet */
#define PIECES 100

static int missing(void)
{
	char path[8];

	return syscall(SYS_getcwd, path, sizeof(path)) < 0 ? -errno : 0;
}

int main(void)
{
	static char *piece[PIECES];

	printf("getcwd: %d", missing());
	printf(", %d\n", missing());
	syscall(SYS_swapon, "", 0);
	syscall(SYS_io_pgetevents_time64, 0, 0, 0, 0, 0, 0);
	printf("more than there is: %s\n",
	       mmap(NULL, MOST, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED ? "refused"
													  : "given");
	fflush(stdout);
	for (int n = 0; n < PIECES; n++)
		piece[n] = mmap(NULL, PIECE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	for (int n = 0; n < PIECES; n++)
		if (piece[n] != MAP_FAILED)
			memset(piece[n], 1, PIECE);
	return 1;
}
