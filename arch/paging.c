/* SPDX-License-Identifier: GPL-2.0-only */
#include "paging.h"
#include "string.h"

extern u32 linear_tables[LINEAR_SIZE / PAGE_SIZE];
extern const u8 kernel_start[], kernel_rodata_end[];
extern const u8 boot_stack_guard[];

#define DIRECTORY_INDEX(address) ((address) >> 22)
#define TABLE_INDEX(address)	 ((address) >> 12 & 1023)
#define TABLE_ENTRIES		 1024
#define USER_TABLES		 DIRECTORY_INDEX(TASK_SIZE)

static void flush(void)
{
	__asm__ volatile("mov %%cr3, %%eax\n\tmov %%eax, %%cr3" : : : "eax", "memory");
}

void paging_init(void)
{
	for (u32 page = virt_to_phys(kernel_start); page < virt_to_phys(kernel_rodata_end); page += PAGE_SIZE)
		linear_tables[page / PAGE_SIZE] &= ~PTE_WRITABLE;
	paging_guard(boot_stack_guard);
}

void paging_guard(const void *address)
{
	linear_tables[virt_to_phys(address) / PAGE_SIZE] &= ~PTE_PRESENT;
	flush();
}

u32 *paging_create(void)
{
	u32 *directory = frame_alloc_zero();

	if (directory)
		memcpy(directory + USER_TABLES, kernel_directory + USER_TABLES, (1024 - USER_TABLES) * sizeof(u32));
	return directory;
}

static u32 *table_of(const u32 *directory, u32 address)
{
	u32 entry = directory[DIRECTORY_INDEX(address)];

	return entry & PTE_PRESENT ? phys_to_virt(entry & PTE_FRAME) : NULL;
}

/* The next entry from `n` on that is not empty, or `entries`. Nearly all are: four at a time are looked at. */
static u32 next_entry(const u32 *table, u32 n, u32 entries)
{
	for (; n < entries; n++) {
		if (n % 4 == 0 && !(table[n] | table[n + 1] | table[n + 2] | table[n + 3]))
			n += 3;
		else if (table[n])
			break;
	}
	return n;
}

void paging_destroy(u32 *directory)
{
	for (u32 n = 0; (n = next_entry(directory, n, USER_TABLES)) < USER_TABLES; n++) {
		u32 *table = phys_to_virt(directory[n] & PTE_FRAME);

		for (u32 m = 0; (m = next_entry(table, m, TABLE_ENTRIES)) < TABLE_ENTRIES; m++)
			frame_free(phys_to_virt(table[m] & PTE_FRAME));
		frame_free(table);
	}
	frame_free(directory);
}

/* The entry of a user page in its table, which is made if there is none. NULL: no memory. */
static u32 *entry_for(u32 *directory, u32 address)
{
	u32 *table = table_of(directory, address);

	if (!table) {
		table = frame_alloc_zero();
		if (!table)
			return NULL;
		/* What a page allows is said in its table's entry alone; the directory's allow everything. */
		directory[DIRECTORY_INDEX(address)] = virt_to_phys(table) | PTE_PRESENT | PTE_WRITABLE | PTE_USER;
	}
	return &table[TABLE_INDEX(address)];
}

static u32 *entry_of(const u32 *directory, u32 address)
{
	u32 *table = table_of(directory, address);

	return table ? &table[TABLE_INDEX(address)] : NULL;
}

/* Every change of an entry that was there goes through here: the CPU may remember what it was. */
static void set_entry(u32 *entry, u32 address, u32 value)
{
	*entry = value;
	__asm__ volatile("invlpg (%0)" : : "r"(address) : "memory");
}

int paging_map(u32 *directory, u32 address, void *frame, u32 flags)
{
	u32 *entry = entry_for(directory, address);

	if (!entry)
		return -ENOMEM;
	*entry = virt_to_phys(frame) | flags;
	return 0;
}

void paging_protect(u32 *directory, u32 address, u32 flags)
{
	u32 *entry = entry_of(directory, address);

	set_entry(entry, address, (*entry & PTE_FRAME) | flags);
}

int paging_move(u32 *directory, u32 from, u32 to)
{
	u32 *new = entry_for(directory, to), *old = entry_of(directory, from);

	if (!new)
		return -ENOMEM;
	*new = *old;
	set_entry(old, from, 0);
	return 0;
}

void *paging_unmap(u32 *directory, u32 address)
{
	void *frame = paging_frame(directory, address);

	if (frame)
		set_entry(entry_of(directory, address), address, 0);
	return frame;
}

void *paging_frame(const u32 *directory, u32 address)
{
	const u32 *entry = entry_of(directory, address);

	return entry && *entry ? phys_to_virt(*entry & PTE_FRAME) : NULL;
}

/* Table by table: one that is not there has no page. */
u32 paging_next(const u32 *directory, u32 address, u32 end)
{
	while (address < end) {
		u32 base = address & -(TABLE_ENTRIES * PAGE_SIZE);
		const u32 *table = table_of(directory, address);
		u32 n = table ? next_entry(table, TABLE_INDEX(address), TABLE_ENTRIES) : TABLE_ENTRIES;

		address = base + n * PAGE_SIZE;
		if (n < TABLE_ENTRIES)
			break;
	}
	return address < end ? address : end;
}

void paging_activate(const u32 *directory)
{
	__asm__ volatile("mov %0, %%cr3" : : "r"(virt_to_phys(directory)) : "memory");
}
