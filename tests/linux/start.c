/* SPDX-License-Identifier: GPL-2.0-only */
/* What a process finds at its start: arguments, environment, auxiliary vector. */
#include <elf.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

extern char **environ;
extern const Elf32_Ehdr __ehdr_start;
extern void _start(void);

/* The vector itself: what the C library tells of AT_HWCAP is its own idea of it. */
static unsigned long vector_entry(unsigned type)
{
	char **end = environ;

	while (*end)
		end++;
	for (const Elf32_auxv_t *a = (const Elf32_auxv_t *)(end + 1); a->a_type != AT_NULL; a++)
		if (a->a_type == type)
			return a->a_un.a_val;
	return 0;
}

int main(int argc, char **argv)
{
	unsigned char random[16] = {0};

	for (int n = 0; n <= argc; n++)
		printf("argument %d is <%s>\n", n, argv[n] ? argv[n] : "the end");
	for (char **e = environ; *e; e++)
		printf("environment has <%s>\n", *e);
	printf("page size %ld, clock ticks %ld\n", (long)getauxval(AT_PAGESZ), (long)getauxval(AT_CLKTCK));
	printf("headers %d of %ld, %ld bytes each\n",
	       getauxval(AT_PHDR) == (uintptr_t)&__ehdr_start + __ehdr_start.e_phoff, (long)getauxval(AT_PHNUM),
	       (long)getauxval(AT_PHENT));
	printf("entry %d, base %ld, flags %ld\n", getauxval(AT_ENTRY) == (uintptr_t)_start, (long)getauxval(AT_BASE),
	       (long)getauxval(AT_FLAGS));
	printf("secure %ld, user %d, group %d\n", (long)getauxval(AT_SECURE), getauxval(AT_UID) == getauxval(AT_EUID),
	       getauxval(AT_GID) == getauxval(AT_EGID));
	printf("FPU %ld, SSE2 %ld\n", vector_entry(AT_HWCAP) & 1, vector_entry(AT_HWCAP) >> 26 & 1);
	memcpy(random, (void *)getauxval(AT_RANDOM), sizeof(random));
	printf("random %d\n", memcmp(random, (unsigned char[16]){0}, 16) != 0);
	printf("platform %.1s, file %d\n", (char *)getauxval(AT_PLATFORM),
	       strstr((char *)getauxval(AT_EXECFN), "start") != NULL);
	printf("the stack is aligned: %d\n", (uintptr_t)__builtin_frame_address(0) % 4 == 0);
	return 0;
}
