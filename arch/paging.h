/* SPDX-License-Identifier: GPL-2.0-only */
/* Page tables, SDM 3 §4.3: two levels, pages of 4 KiB, as every CPU from the 486 on has them. */
#ifndef ARCH_PAGING_H
#define ARCH_PAGING_H

#include "errno.h"
#include "frames.h"

#define TASK_SIZE KERNEL_BASE /* user space ends where the kernel begins */

/* A user page's entry that is not 0 has a frame; one without PTE_PRESENT keeps it, out of the task's reach. */
#define PTE_PRESENT  BIT(0)
#define PTE_WRITABLE BIT(1)
#define PTE_USER     BIT(2)
#define PTE_FRAME    0xfffff000u

/* Makes the kernel's text and constants read-only, and the page under the boot stack a guard. */
void paging_init(void);

/* Takes away the kernel page at `address`, so that running into it faults. */
void paging_guard(const void *address);

/* A new page directory: the kernel's half, and an empty user half. NULL: no memory. */
u32 *paging_create(void);

/* Frees the user half with all its frames, and the directory. It must not be active. */
void paging_destroy(u32 *directory);

/* Maps `frame` at a user address, with PTE_ flags. -ENOMEM: no memory for a page table. */
int paging_map(u32 *directory, u32 address, void *frame, u32 flags);

/* Gives a page that is there other flags. */
void paging_protect(u32 *directory, u32 address, u32 flags);

/* Moves a page that is there to where none is. -ENOMEM: no memory for a page table. */
int paging_move(u32 *directory, u32 from, u32 to);

/* Takes a page out of user space again; returns its frame, or NULL. */
void *paging_unmap(u32 *directory, u32 address);

/* The frame mapped at a user address, or NULL. */
void *paging_frame(const u32 *directory, u32 address);

/* The first page that is there from user address `address` on, or `end`. */
u32 paging_next(const u32 *directory, u32 address, u32 end);

void paging_activate(const u32 *directory);

/* The kernel's own directory, in use before there is a task and after the last one. */
extern u32 kernel_directory[1024];

#endif
