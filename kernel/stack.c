/* SPDX-License-Identifier: GPL-2.0-only */
#include "stack.h"
#include "cpu.h"
#include "printf.h"
#include "random.h"
#include "string.h"
#include "sys.h"

/* linux/auxvec.h */
enum {
	AT_NULL = 0,
	AT_PHDR = 3,
	AT_PHENT = 4,
	AT_PHNUM = 5,
	AT_PAGESZ = 6,
	AT_BASE = 7,
	AT_FLAGS = 8,
	AT_ENTRY = 9,
	AT_UID = 11,
	AT_EUID = 12,
	AT_GID = 13,
	AT_EGID = 14,
	AT_PLATFORM = 15,
	AT_HWCAP = 16,
	AT_CLKTCK = 17,
	AT_SECURE = 23,
	AT_RANDOM = 25,
	AT_HWCAP2 = 26,
	AT_EXECFN = 31
};

/* A place on the stack, and the first thing that went wrong. */
struct stack {
	struct mm *mm;
	u32 at;
	int error;
};

static void put(struct stack *s, const void *from, u32 count)
{
	if (!s->error)
		s->error = mm_write(s->mm, s->at, from, count);
}

/* Puts bytes below what is there, and returns where. */
static u32 push(struct stack *s, const void *from, u32 count)
{
	s->at -= count;
	put(s, from, count);
	return s->at;
}

static void put_word(struct stack *s, u32 word)
{
	put(s, &word, sizeof(word));
	s->at += sizeof(word);
}

/* Pointers to words whose text stands at `text`, and a null pointer. */
static void put_pointers(struct stack *s, const struct words *words, u32 text)
{
	for (const char *word = NULL; (word = words_next(words, word));)
		put_word(s, text + (u32)(word - words->text));
	put_word(s, 0);
}

/* i386 to i686, as Linux calls the CPU. */
static u32 push_platform(struct stack *s)
{
	char name[8];

	lib_snprintf(name, sizeof(name), "i%u86", cpu.family < 3 ? 3 : cpu.family < 6 ? cpu.family : 6);
	return push(s, name, strlen(name) + 1);
}

static u32 push_name(struct stack *s, const char *name)
{
	static const char directory[] = "/module/";

	push(s, name, strlen(name) + 1);
	return push(s, directory, sizeof(directory) - 1);
}

static u32 push_random(struct stack *s)
{
	u8 bytes[16];

	random_bytes(bytes, sizeof(bytes));
	return push(s, bytes, sizeof(bytes));
}

/* System V ABI, i386 supplement, figure 3-31: what ESP points to is argc; ESP is a multiple of 16, as compilers count on. */
static u32 put_vectors(struct stack *s, const struct words *argv, u32 argv_text, const struct words *environment,
		       u32 environment_text, const u32 *aux, u32 aux_size)
{
	u32 esp = (s->at - (argv->count + environment->count + 3) * sizeof(u32) - aux_size) & ~15u;

	s->at = esp;
	put_word(s, argv->count);
	put_pointers(s, argv, argv_text);
	put_pointers(s, environment, environment_text);
	put(s, aux, aux_size);
	return esp;
}

/* As in Linux, the last word is 0: glibc reads on behind the end of GLIBC_TUNABLES, up to a byte that is. */
int stack_build(struct mm *mm, const struct stack_program *program, const struct words *argv,
		const struct words *environment)
{
	struct stack s = {mm, STACK_TOP - sizeof(u32), 0};
	int ret =
		mm_add(mm, STACK_TOP - STACK_SIZE, STACK_TOP, VM_READ | VM_WRITE | (program->executable ? VM_EXEC : 0));

	if (ret)
		return ret;

	u32 name = push_name(&s, argv->text);
	u32 environment_text = push(&s, environment->text, environment->size);
	u32 argv_text = push(&s, argv->text, argv->size);
	const u32 aux[] = {
		AT_HWCAP,    fpu_hwcap(),
		AT_HWCAP2,   0,
		AT_PLATFORM, push_platform(&s),
		AT_PAGESZ,   PAGE_SIZE,
		AT_CLKTCK,   USER_HZ,
		AT_PHDR,     program->phdr,
		AT_PHENT,    program->phent,
		AT_PHNUM,    program->phnum,
		AT_BASE,     0,
		AT_FLAGS,    0,
		AT_ENTRY,    program->entry,
		AT_UID,	     0,
		AT_EUID,     0,
		AT_GID,	     0,
		AT_EGID,     0,
		AT_SECURE,   0,
		AT_RANDOM,   push_random(&s),
		AT_EXECFN,   name,
		AT_NULL,     0,
	};

	mm->info.arg_start = argv_text;
	mm->info.arg_end = mm->info.env_start = argv_text + argv->size;
	mm->info.env_end = environment_text + environment->size;
	mm->info.start_stack = put_vectors(&s, argv, argv_text, environment, environment_text, aux, sizeof(aux));
	return s.error;
}
