/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE
#include <elf.h>
#include <string.h>

#include "initial_stack.h"

/* Passes over pointers and the zero behind them. False: memory ends before. */
static bool pass_pointers(const struct memory *memory, u32 *address)
{
	u32 word;

	do {
		if (!memory_word(memory, *address, &word))
			return false;
		*address += (u32)sizeof(word);
	} while (word);
	return true;
}

const u8 *initial_stack_auxv(const struct memory *memory, u32 start_stack, u32 *size)
{
	u32 auxv = start_stack + (u32)sizeof(u32), type;

	if (!pass_pointers(memory, &auxv) || !pass_pointers(memory, &auxv))
		return NULL;
	*size = 0;
	do {
		if (!memory_word(memory, auxv + *size, &type))
			return NULL;
		*size += (u32)sizeof(Elf32_auxv_t);
	} while (type != AT_NULL);
	return *size > sizeof(Elf32_auxv_t) ? memory_at(memory, auxv, *size) : NULL;
}

/* --- The other way --- */

/* The address of the last copy of the vector, or 0. */
static u32 find_bytes(const struct memory *memory, const u8 *bytes, u32 size)
{
	for (u32 n = memory->count; size && n-- > 0;) {
		const struct segment *s = &memory->segments[n];
		const u8 *found = memmem(s->bytes, s->end - s->start, bytes, size);

		if (found)
			return s->start + (u32)(found - s->bytes);
	}
	return 0;
}

/* The end of the string at `address`: behind its NUL. 0: it has none. */
static u32 string_end(const struct memory *memory, u32 address)
{
	const struct segment *s = memory_segment(memory, address);
	const u8 *nul = s ? memchr(s->bytes + (address - s->start), 0, s->end - address) : NULL;

	return nul ? s->start + (u32)(nul - s->bytes) + 1 : 0;
}

/* The first of the pointers that stand below the zero at `zero`, down to another zero or to their own number (argc). */
static u32 first_pointer(const struct memory *memory, u32 zero, bool down_to_count)
{
	u32 address = zero, word, count = 0;

	while (memory_word(memory, address - (u32)sizeof(word), &word) && word != (down_to_count ? count : 0)) {
		address -= (u32)sizeof(word);
		count++;
	}
	return address;
}

void initial_stack_find(struct cr_hdr_mm *mm, const struct memory *memory, const u8 *auxv, u32 size)
{
	u32 at = find_bytes(memory, auxv, size), env, argv, argc, word;

	if (!at)
		return;
	env = first_pointer(memory, at - (u32)sizeof(word), false);
	argv = first_pointer(memory, env - (u32)sizeof(word), true);
	if (!memory_word(memory, argv - (u32)sizeof(argc), &argc) || argc == 0 ||
	    argc != (env - argv) / sizeof(word) - 1)
		return;
	mm->start_stack = argv - (u32)sizeof(argc);
	memory_word(memory, argv, &word);
	mm->arg_start = word;
	memory_word(memory, argv + (argc - 1) * (u32)sizeof(word), &word);
	mm->arg_end = mm->env_start = mm->env_end = string_end(memory, word);
	if (env + sizeof(word) < at && memory_word(memory, at - 2 * (u32)sizeof(word), &word))
		mm->env_end = string_end(memory, word);
}
