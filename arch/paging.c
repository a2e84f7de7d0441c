/* SPDX-License-Identifier: GPL-2.0-only */
#include "paging.h"
#include "cpu.h"
#include "msr.h"
#include "string.h"

extern const u8 kernel_start[], kernel_text_end[], kernel_rodata_end[], kernel_end[];
extern const u8 boot_stack_guard[], double_fault_stack_guard[];

#define PTE_PRESENT  BIT(0)
#define PTE_WRITABLE BIT(1)
#define PTE_USER     BIT(2)
#define PTE_COMBINED BIT(3) /* PWT: entry 1 of IA32_PAT, which is ours */
#define PTE_UNCACHED BIT(4) /* PCD: entry 2 of IA32_PAT, or where there is none, uncached */
#define PTE_PAT	     BIT(7) /* ... at level 1; with the two above, the number of the entry in IA32_PAT */
#define PTE_LARGE    BIT(7) /* at level 2: no table, but a page as large as a table maps */
#define PTE_FRAME    0xfffff000u
#define PTE_NX	     ((u64)1 << 63) /* PAE only */

/* --- the formats: all that differs --- */

/*
 * boot/entry.asm began with 32-bit paging: 2 levels of 1024 entries, which are 10 bits of an address. PAE paging: 3 of
 * 512, the highest of 4.
 */
static bool pae;
static u32 levels = 2, index_bits = 10;

static u32 entries(void)
{
	return 1u << index_bits;
}

/* The address bits below the index into a table of `level`, 1 being the lowest. */
static inline u32 shift(u32 level)
{
	return 12 + (level - 1) * index_bits;
}

static u64 entry(const struct page_table *table, u32 n)
{
	return pae ? table->wide[n] : table->narrow[n];
}

/* The upper half first: the processor may look at any time, and the lower one says that the entry is there. */
static void set_entry(struct page_table *table, u32 n, u64 value)
{
	volatile u32 *half = pae ? &table->narrow[2 * n] : &table->narrow[n];

	if (pae)
		half[1] = (u32)(value >> 32);
	half[0] = (u32)value;
}

/* --- tables --- */

static void flush(void)
{
	__asm__ volatile("mov %%cr3, %%eax\n\tmov %%eax, %%cr3" : : : "eax", "memory");
}

static inline u32 place(u32 address, u32 level)
{
	return address >> shift(level) & (entries() - 1);
}

/* What an entry points to. A page that is out of the task's reach has an entry all the same, though it is not present. */
static void *target(u64 entry)
{
	return entry ? phys_to_virt((u32)entry & PTE_FRAME) : NULL;
}

/*
 * What a page allows is said in the lowest entry alone; those above allow everything. The highest of PAE paging have no
 * such bits, and the processor keeps them in registers: only a load of CR3 makes it see a new one (SDM 3 §4.4.1).
 */
static struct page_table *add_table(struct page_table *table, u32 address, u32 level)
{
	u32 allows = level == 3 ? 0 : PTE_WRITABLE | (address < TASK_SIZE ? PTE_USER : 0);
	struct page_table *added = frame_alloc_zero();

	if (!added)
		return NULL;
	set_entry(table, place(address, level), virt_to_phys(added) | PTE_PRESENT | allows);
	if (pae && read_cr3() == virt_to_phys(table))
		flush();
	return added;
}

/* The table of level `to` that `address` lies in. NULL: there is none; or, where it is to be added, no memory. */
static struct page_table *table_of(struct page_table *directory, u32 address, u32 to, bool add)
{
	struct page_table *table = directory;
	u32 bits = shift(levels), mask = entries() - 1;

	for (u32 level = levels; level > to && table; level--, bits -= index_bits) {
		struct page_table *next = target(entry(table, address >> bits & mask));

		table = next || !add ? next : add_table(table, address, level);
	}
	return table;
}

static u64 page_entry(u64 physical, u32 flags)
{
	return physical | (flags ? PTE_PRESENT : 0) | (flags & VM_WRITE ? PTE_WRITABLE : 0) |
	       (pae && !(flags & VM_EXEC) ? PTE_NX : 0);
}

/* --- the kernel's pages --- */

static bool is_text(u32 address)
{
	return address >= (u32)kernel_start && address < (u32)kernel_text_end;
}

static bool is_constant(u32 address)
{
	return address >= (u32)kernel_start && address < (u32)kernel_rodata_end;
}

static u32 kernel_flags(u32 address)
{
	if (is_text(address))
		return VM_READ | VM_EXEC;
	return is_constant(address) ? VM_READ : VM_READ | VM_WRITE;
}

#define CPUID_NX BIT(20) /* of CPUID.80000001H:EDX */
#define MSR_EFER 0xc0000080
#define EFER_NXE BIT(11)

static __cold bool enable_nx(void)
{
	u64 efer;

	return cpu_cpuid(0x80000001, 0).edx & CPUID_NX && msr_read(MSR_EFER, &efer) &&
	       msr_write(MSR_EFER, efer | EFER_NXE);
}

/* An entry of `level` for a page of the kernel, which at level 2 is a large one. */
static __cold void set_kernel_entry(u32 address, u32 level, u64 value)
{
	set_entry(table_of(&kernel_directory, address, level, true), place(address, level), value);
}

/*
 * The linear map of PAE paging. Its tables are made behind the back of 32-bit paging: the highest one has 4 entries, and
 * lies where the directory in use has those of the first 32 MiB, which it does not use. So the directory is both, and CR4
 * can be changed with paging on (SDM 3 §4.1.2). Pages are large where they are all memory.
 */
static __cold void map_linear(u32 start)
{
	for (u32 address = start; address < KERNEL_BASE + LINEAR_SIZE; address += 1u << shift(2))
		set_kernel_entry(address, 2, page_entry(virt_to_phys((void *)address), VM_READ | VM_WRITE) | PTE_LARGE);
}

__cold void paging_init(void)
{
	u32 end;

	pae = enable_nx();
	if (pae) {
		levels = 3;
		index_bits = 9;
	}
	end = ((u32)kernel_end | ((1u << shift(2)) - 1)) + 1; /* of what level 2 maps together with the kernel */
	if (pae)
		map_linear(end);
	for (u32 address = KERNEL_BASE; address < end; address += PAGE_SIZE)
		set_kernel_entry(address, 1, page_entry(virt_to_phys((void *)address), kernel_flags(address)));
	if (pae)
		write_cr4(read_cr4() | CR4_PAE);
	paging_guard(boot_stack_guard);
	paging_guard(double_fault_stack_guard);
}

bool paging_has_nx(void)
{
	return pae;
}

void paging_guard(const void *address)
{
	set_kernel_entry((u32)address, 1, 0);
	flush();
}

#define CPUID_ADDRESS_BITS 0xff /* of CPUID.80000008H:EAX, where that leaf is */
#define PAE_ADDRESS_BITS   36	/* ... and how many there are in any case */

/* Bits of an entry of PAE paging that are above the CPU's addresses are reserved (SDM 3 §4.1.4, §4.4.2). */
static __cold u32 address_bits(void)
{
	u32 bits = cpu_cpuid(0x80000008, 0).eax & CPUID_ADDRESS_BITS;

	if (!pae)
		return 32;
	return bits ? bits : PAE_ADDRESS_BITS;
}

__cold bool paging_reaches(u64 address, u64 size)
{
	u64 end = 1ull << address_bits();

	return address < end && size <= end - address;
}

/* Devices are seen behind the linear map, one after the other. */
static u32 device_end = KERNEL_BASE + LINEAR_SIZE;

static __cold void *map_device(u64 address, u64 size, u32 type)
{
	u32 offset = (u32)address % PAGE_SIZE, start = device_end;
	u64 physical = address - offset, pages = (offset + size + PAGE_SIZE - 1) / PAGE_SIZE;

	if (!paging_reaches(address, size) || pages > (0u - start) / PAGE_SIZE)
		return NULL;
	for (u32 n = 0; n < pages; n++) {
		u32 at = start + n * PAGE_SIZE;
		struct page_table *table = table_of(&kernel_directory, at, 1, true);

		if (!table)
			return NULL;
		set_entry(table, place(at, 1), page_entry(physical + n * PAGE_SIZE, VM_READ | VM_WRITE) | type);
	}
	device_end = start + (u32)pages * PAGE_SIZE;
	return (void *)(start + offset);
}

void *paging_map_device(u64 address, u64 size)
{
	return map_device(address, size, PTE_UNCACHED);
}

/* --- memory types (SDM 3 §11.12) --- */

enum { CPUID_PAT = BIT(16) /* of CPUID.1:EDX */, MSR_PAT = 0x277, PAT_ENTRY_BITS = 8, PAT_COMBINED = 1 };
#define PAT_AFTER_RESET 0x0007040600070406ull

static u64 read_pat(void)
{
	u64 value;

	return cpu.features_edx & CPUID_PAT && msr_read(MSR_PAT, &value) ? value : PAT_AFTER_RESET;
}

/* The entry is write-through after reset. No page has used it yet, so that no cache or TLB can know it as that. */
static bool enable_combining(void)
{
	const u32 shift = PAT_COMBINED * PAT_ENTRY_BITS;
	u64 others = read_pat() & ~(0xffull << shift);

	return cpu.features_edx & CPUID_PAT && msr_write(MSR_PAT, others | (u64)MEMORY_WC << shift);
}

__cold void *paging_map_framebuffer(u64 address, u64 size)
{
	return map_device(address, size, enable_combining() ? PTE_COMBINED : PTE_UNCACHED);
}

__cold u8 paging_memory_type(const void *address)
{
	u64 e = entry(table_of(&kernel_directory, (u32)address, 1, false), place((u32)address, 1));
	u32 n = (e & PTE_COMBINED ? 1 : 0) + (e & PTE_UNCACHED ? 2 : 0) + (e & PTE_PAT ? 4 : 0);

	return (u8)(read_pat() >> n * PAT_ENTRY_BITS);
}

/* --- directories --- */

/* How many entries of a directory there are for addresses up to and with `last`. */
static u32 directory_entries(u32 last)
{
	return (last >> shift(levels)) + 1;
}

#define USER_ENTRIES directory_entries(TASK_SIZE - 1)
#define ALL_ENTRIES  directory_entries(0xffffffff)

/* Where an entry begins. */
static const u32 *entry_at(const struct page_table *table, u32 n)
{
	return &table->narrow[n << pae];
}

struct page_table *paging_create(void)
{
	struct page_table *directory = frame_alloc();

	if (!directory)
		return NULL;
	memset(directory, 0, (u32)entry_at(directory, USER_ENTRIES) - (u32)directory);
	for (u32 n = USER_ENTRIES; n < ALL_ENTRIES; n++)
		set_entry(directory, n, entry(&kernel_directory, n));
	return directory;
}

#define LINE 64 /* bytes: as many as the processor fetches at once */

static bool all_zero(const u32 *w)
{
	return !(w[0] | w[1] | w[2] | w[3] | w[4] | w[5] | w[6] | w[7] | w[8] | w[9] | w[10] | w[11] | w[12] | w[13] |
		 w[14] | w[15]);
}

/* Nearly all are empty: a line at a time is looked at. */
static u32 skip_empty(const struct page_table *table, u32 n, u32 end)
{
	const u32 *at = entry_at(table, n), *last = entry_at(table, end);

	while (at < last && !(at[0] | at[pae])) {
		at += 1 + pae;
		if ((u32)at % LINE == 0)
			while (at < last && all_zero(at))
				at += LINE / sizeof(*at);
	}
	n = (u32)(at - table->narrow) >> pae;
	return n < end ? n : end;
}

/* The next entry from `n` on that is not empty, or `end`. Pages come in runs, and then it is the very first. */
static inline u32 next_entry(const struct page_table *table, u32 n, u32 end)
{
	return n < end && entry(table, n) ? n : skip_empty(table, n, end);
}

/* A table of `level`, with all that is below it; at level 0 that is a page. */
static void free_tree(struct page_table *table, u32 level, u32 end)
{
	for (u32 n = 0; level && (n = next_entry(table, n, end)) < end; n++)
		free_tree(target(entry(table, n)), level - 1, entries());
	frame_free(table);
}

void paging_destroy(struct page_table *directory)
{
	free_tree(directory, levels, USER_ENTRIES);
}

/* A load forgets all translations, and finding them again takes long: none where the directory stays the same. */
void paging_activate(const struct page_table *directory)
{
	u32 cr3 = virt_to_phys(directory);

	if (cr3 != read_cr3())
		__asm__ volatile("mov %0, %%cr3" : : "r"(cr3) : "memory");
}

/* --- user pages --- */

/* Table by table. */
u32 paging_map(struct page_table *directory, const u32 *address, u8 *const *frame, u32 count, u32 flags)
{
	u64 allows = page_entry(0, flags) | PTE_USER;
	u32 n = 0;

	while (n < count) {
		struct page_table *table = table_of(directory, address[n], 1, true);
		u32 last = address[n] | ((1u << shift(2)) - 1), mask = entries() - 1;

		if (!table)
			break;
		for (; n < count && address[n] <= last; n++)
			set_entry(table, address[n] / PAGE_SIZE & mask, virt_to_phys(frame[n]) | allows);
	}
	return n;
}

/* Changes the entry of a page that is there. The CPU may remember what it was. */
static void change(struct page_table *directory, u32 address, u64 value)
{
	set_entry(table_of(directory, address, 1, false), place(address, 1), value);
	__asm__ volatile("invlpg (%0)" : : "r"(address) : "memory");
}

void paging_protect(struct page_table *directory, u32 address, u32 flags)
{
	change(directory, address, page_entry(virt_to_phys(paging_frame(directory, address)), flags) | PTE_USER);
}

int paging_move(struct page_table *directory, u32 from, u32 to)
{
	struct page_table *new = table_of(directory, to, 1, true), *old = table_of(directory, from, 1, false);

	if (!new)
		return -ENOMEM;
	set_entry(new, place(to, 1), entry(old, place(from, 1)));
	change(directory, from, 0);
	return 0;
}

void *paging_unmap(struct page_table *directory, u32 address)
{
	void *frame = paging_frame(directory, address);

	if (frame)
		change(directory, address, 0);
	return frame;
}

void *paging_frame(const struct page_table *directory, u32 address)
{
	const struct page_table *table = table_of((struct page_table *)directory, address, 1, false);

	return table ? target(entry(table, place(address, 1))) : NULL;
}

/* Table by table: one that is not there has no page. */
u32 paging_next(const struct page_table *directory, u32 address, u32 end)
{
	while (address < end) {
		const struct page_table *table = table_of((struct page_table *)directory, address, 1, false);
		u32 n = table ? next_entry(table, place(address, 1), entries()) : entries();

		address = (address & -(1u << shift(2))) + n * PAGE_SIZE;
		if (n < entries())
			break;
	}
	return address < end ? address : end;
}

u32 paging_pages(const struct page_table *directory, u32 *from, u32 end, u32 *address, u8 **frame, u32 most)
{
	u32 count = 0, table_size = 1u << shift(2);

	while (*from < end && count < most) {
		const struct page_table *table = table_of((struct page_table *)directory, *from, 1, false);
		u32 base = *from & -table_size, n = place(*from, 1);
		u32 last = end - base < table_size ? (end - base) / PAGE_SIZE : entries();

		if (!table)
			n = last;
		while (n < last && count < most) {
			u64 e = entry(table, n);

			if (!e) {
				n = skip_empty(table, n, last);
				continue;
			}
			address[count] = base + n++ * PAGE_SIZE;
			frame[count++] = target(e);
		}
		*from = base + n * PAGE_SIZE;
	}
	return count;
}

/* --- the census --- */

static const char *wrong(u32 address, bool writable, bool executable, bool user)
{
	if (writable && executable)
		return "can be written and executed";
	if (writable && is_constant(address))
		return "is the kernel's text or constants, and can be written";
	return user == (address < TASK_SIZE) ? NULL : "is on the wrong side";
}

static void count(struct paging_census *c, u32 address, u64 entry, u32 pages)
{
	bool writable = entry & PTE_WRITABLE, executable = pae ? !(entry & PTE_NX) : is_text(address);
	const char *why = wrong(address, writable, executable, entry & PTE_USER);

	c->writable += writable ? pages : 0;
	c->executable += executable ? pages : 0;
	if (!why || c->wrong)
		return;
	c->wrong = why;
	c->address = address;
}

static __cold void count_tree(struct paging_census *c, const struct page_table *table, u32 level, u32 base, u32 end)
{
	for (u32 n = 0; (n = next_entry(table, n, end)) < end; n++) {
		u64 e = entry(table, n);
		u32 address = base + (n << shift(level));

		if (level == 1 || (level == 2 && e & PTE_LARGE))
			count(c, address, e, 1u << (shift(level) - 12));
		else
			count_tree(c, target(e), level - 1, address, entries());
	}
}

__cold struct paging_census paging_census(const struct page_table *directory)
{
	struct paging_census c = {.wrong = NULL};

	count_tree(&c, directory, levels, 0, ALL_ENTRIES);
	return c;
}
