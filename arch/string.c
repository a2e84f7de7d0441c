/* SPDX-License-Identifier: GPL-2.0-only */
/* The kernel's memcpy and friends. The string instructions move four bytes in each of their steps. */
#include "string.h"
#include "types.h"

void *memcpy(void *restrict to, const void *restrict from, size_t count)
{
	void *d = to;
	size_t words = count / 4, rest = count % 4;

	__asm__ volatile("rep movsl\n\t"
			 "movl %3, %%ecx\n\t"
			 "rep movsb"
			 : "+D"(d), "+S"(from), "+c"(words)
			 : "r"(rest)
			 : "memory");
	return to;
}

void *memmove(void *to, const void *from, size_t count)
{
	u8 *d = to;
	const u8 *s = from;

	if (d <= s || d >= s + count)
		return memcpy(to, from, count);
	while (count--)
		d[count] = s[count];
	return to;
}

void *memset(void *to, int byte, size_t count)
{
	void *d = to;
	size_t words = count / 4, rest = count % 4;

	__asm__ volatile("rep stosl\n\t"
			 "movl %3, %%ecx\n\t"
			 "rep stosb"
			 : "+D"(d), "+c"(words)
			 : "a"((u8)byte * 0x01010101u), "r"(rest)
			 : "memory");
	return to;
}

/* Words first, then bytes; where two words differ, their bytes are looked at again. */
int memcmp(const void *a, const void *b, size_t count)
{
	const u8 *x = a, *y = b;
	size_t words = count / 4, rest = count % 4, back = 4;
	bool same;

	__asm__ volatile("cmpl %%eax, %%eax\n\t" /* ZF, for a count of 0 */
			 "repe cmpsl"
			 : "+S"(x), "+D"(y), "+c"(words), "=@ccz"(same)
			 :
			 : "memory");
	if (same) {
		back = 1;
		__asm__ volatile("cmpl %%eax, %%eax\n\t"
				 "repe cmpsb"
				 : "+S"(x), "+D"(y), "+c"(rest), "=@ccz"(same)
				 :
				 : "memory");
	}
	if (same)
		return 0;
	for (x -= back, y -= back; *x == *y; x++, y++)
		;
	return *x - *y;
}

size_t strlen(const char *s)
{
	size_t n = 0;

	while (s[n])
		n++;
	return n;
}

int strncmp(const char *a, const char *b, size_t count)
{
	for (; count; count--, a++, b++)
		if (*a != *b || !*a)
			return (u8)*a - (u8)*b;
	return 0;
}

int strcmp(const char *a, const char *b)
{
	while (*a && *a == *b) {
		a++;
		b++;
	}
	return (u8)*a - (u8)*b;
}

char *strchr(const char *s, int c)
{
	for (; *s; s++)
		if (*s == (char)c)
			return (char *)s;
	return c ? NULL : (char *)s;
}

void *memchr(const void *bytes, int byte, size_t count)
{
	const u8 *at = bytes;
	bool found;

	if (!count)
		return NULL;
	__asm__ volatile("repne scasb" : "+D"(at), "+c"(count), "=@ccz"(found) : "a"(byte) : "memory");
	return found ? (void *)(at - 1) : NULL;
}
