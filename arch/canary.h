/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The canary: the word that the compiler puts between a function's arrays and its return address, and compares before the
 * function returns (-fstack-protector-strong). What it calls where they differ is in kernel/panic.c.
 */
#ifndef ARCH_CANARY_H
#define ARCH_CANARY_H

/* Chooses it anew, where the CPU has a time-stamp counter or RDRAND. */
void canary_init(void);

#endif
