/* SPDX-License-Identifier: GPL-2.0-only */
/* Static i386 ELF executables (System V ABI, chapters 4 and 5; i386 supplement), and how a process starts. */
#ifndef KERNEL_ELF_H
#define KERNEL_ELF_H

#include "task.h"
#include "words.h"

/* Whether bytes begin as an ELF file does. */
bool elf_is(const u8 *bytes, u32 size);

/*
 * A new task, not yet runnable, with the program loaded and a stack as the ABI wants it: argc, argv, environment,
 * auxiliary vector. `argv`, of one word at least, begins with the module's name. NULL: `*why`, valid until the next call,
 * says what is wrong with the file, or that memory ran out.
 */
struct task *elf_load(const struct words *argv, const u8 *bytes, u32 size, const char **why);

#endif
