/* SPDX-License-Identifier: GPL-2.0-only */
/* Sorting and hashing over megabytes: much memory, all of it alive. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "digest.h"

#define NUMBERS 262144
#define WORDS	5000

static int by_value(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void numbers(void)
{
	uint32_t *number = malloc(NUMBERS * sizeof(*number)), state = 42;

	for (int n = 0; n < NUMBERS; n++)
		number[n] = next_random(&state);
	printf("as they come: %016llx\n", (unsigned long long)digest(DIGEST_START, number, NUMBERS * sizeof(*number)));
	qsort(number, NUMBERS, sizeof(*number), by_value);
	for (int n = 1; n < NUMBERS; n++)
		if (number[n - 1] > number[n])
			printf("%d is out of order\n", n);
	printf("sorted: %016llx\n", (unsigned long long)digest(DIGEST_START, number, NUMBERS * sizeof(*number)));
	free(number);
}

static void words(void)
{
	char **word = calloc(WORDS, sizeof(*word));
	uint64_t sum = DIGEST_START;
	uint32_t state = 7;

	for (int n = 0; n < WORDS; n++) {
		size_t length = 3 + next_random(&state) % 40;

		word[n] = malloc(length + 1);
		for (size_t i = 0; i < length; i++)
			word[n][i] = (char)('a' + next_random(&state) % 26);
		word[n][length] = '\0';
	}
	qsort(word, WORDS, sizeof(*word), by_text);
	for (int n = 0; n < WORDS; n++) {
		sum = digest(sum, word[n], strlen(word[n]));
		if (n % 1000 == 0)
			printf("word %d is %s\n", n, word[n]);
		free(word[n]);
	}
	printf("words: %016llx\n", (unsigned long long)sum);
	free(word);
}

int main(void)
{
	numbers();
	words();
	return 0;
}
