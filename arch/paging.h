/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Page tables, with pages of 4 KiB. Every CPU from the 486 on has 32-bit paging (SDM 3 §4.3); where the CPU can forbid
 * execution, which takes the longer entries of PAE paging (§4.4), it is that. Which one it is does not show here.
 */
#ifndef ARCH_PAGING_H
#define ARCH_PAGING_H

#include "checkpoint_hdr.h"
#include "errno.h"
#include "frames.h"

#define TASK_SIZE KERNEL_BASE /* user space ends where the kernel begins */

/* A table of any level; what CR3 points to is a directory here, in either format. */
struct page_table {
	union {
		u32 narrow[1024]; /* entries of 32-bit paging */
		u64 wide[512];	  /* ... and of PAE paging */
	};
};
_Static_assert(sizeof(struct page_table) == PAGE_SIZE, "a table fills a frame");

/*
 * Of the kernel's own pages, makes the text executable, the text and the constants read-only, and those under its stacks
 * guards. Uses a few frames.
 */
void paging_init(void);

/* Whether execution can be forbidden. */
bool paging_has_nx(void);

/* Takes away the kernel page at `address`, so that running into it faults. */
void paging_guard(const void *address);

/* Whether all of these physical addresses can be had: those below 4 GiB, with PAE paging all that the CPU has. */
bool paging_reaches(u64 address, u64 size);

/*
 * Makes `size` bytes of a device's memory at a physical address visible to the kernel. Before there is a task: its
 * directory takes over what the kernel's has. NULL: out of paging's reach, no memory for page tables, or no address is left.
 */
void *paging_map_device(u64 address, u64 size);

/*
 * The same for memory that is written and hardly ever read, as a screen's: writes may be combined (type WC), so that a bus
 * transfers whole lines. Some may wait for the next locked instruction (SDM 3 §11.3.1). On a CPU without PAT it is as
 * uncached as other devices.
 */
void *paging_map_framebuffer(u64 address, u64 size);

/* The memory type of a page that one of these has mapped (SDM 3 table 11-10), from its entry and IA32_PAT. */
u8 paging_memory_type(const void *address);
#define MEMORY_UC	0
#define MEMORY_WC	1
#define MEMORY_UC_MINUS 7 /* uncached, unless an MTRR says WC */

/* A new directory: the kernel's part, and an empty user part. NULL: no memory. */
struct page_table *paging_create(void);

/* Frees the user part with all its frames, and the directory. It must not be active. */
void paging_destroy(struct page_table *directory);

/*
 * Maps `count` frames at user addresses, which rise; `flags` is VM_READ, VM_WRITE and VM_EXEC: with none of them the pages
 * are there, out of the task's reach. Returns how many: if not all, there was no memory for a page table.
 */
u32 paging_map(struct page_table *directory, const u32 *address, u8 *const *frame, u32 count, u32 flags);

/* Gives a page that is there other flags. */
void paging_protect(struct page_table *directory, u32 address, u32 flags);

/* Moves a page that is there to where none is. -ENOMEM: no memory for a page table. */
int paging_move(struct page_table *directory, u32 from, u32 to);

/* Takes a page out of user space again; returns its frame, or NULL. */
void *paging_unmap(struct page_table *directory, u32 address);

/* The frame mapped at a user address, or NULL. */
void *paging_frame(const struct page_table *directory, u32 address);

/*
 * The other way round: up to `most` pages of user space that are there, from `*from` on and below `end`, in rising order;
 * `*from` is then where to go on. Returns how many; 0: no more.
 */
u32 paging_pages(const struct page_table *directory, u32 *from, u32 end, u32 *address, u8 **frame, u32 most);

/* The first page that is there from user address `address` on, or `end`. */
u32 paging_next(const struct page_table *directory, u32 address, u32 end);

void paging_activate(const struct page_table *directory);

/* All mappings of a directory, counted in pages, and the first that should not be. */
struct paging_census {
	u32 writable, executable;
	u32 address;	   /* of the wrong one */
	const char *wrong; /* "can be written and executed"; NULL: all are right */
};

/*
 * No page may be both writable and executable. The text and the constants may not be writable, and user pages and the
 * kernel's must be so on either side of TASK_SIZE. Where execution cannot be forbidden, only the kernel's text counts as
 * executable.
 */
struct paging_census paging_census(const struct page_table *directory);

/* The kernel's own directory, in use before there is a task and after the last one. */
extern struct page_table kernel_directory;

#endif
