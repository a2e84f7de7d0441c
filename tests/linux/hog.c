/* SPDX-License-Identifier: GPL-2.0-only */
/* Asks for too much: of the system calls, and of memory, until there is none. Not meant for a machine that has much. */
#include <errno.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#define MOST 0x20000000u /* bytes */

static int missing(void)
{
	char path[8];

	return syscall(SYS_getcwd, path, sizeof(path)) < 0 ? -errno : 0;
}

int main(void)
{
	printf("getcwd: %d", missing());
	printf(", %d\n", missing());
	printf("more than there is: %s\n",
	       mmap(NULL, MOST, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED ? "refused" : "given");
	fflush(stdout);
	for (unsigned given = 0; given < MOST; given += 65536) {
		char *memory = mmap(NULL, 65536, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		for (unsigned n = 0; memory != MAP_FAILED && n < 65536; n += 4096)
			memory[n] = 1;
	}
	return 1;
}
