/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Damaged images with memory and descriptors: a small one that this program makes up. Refused, restart(2) returns.
 * Accepted, the program is gone, and the image's code checkpoints itself and then restarts this program, from an image
 * taken before the first trial. All that it knows of the trials since is in a file.
 */
#include "landing.h"
#include "restarter.h"

/*
 * The lowest descriptors that are free, in the order in which they are opened. AGAIN_FD and SELF_FD are in landing.asm: an
 * image has them open, too, for its code.
 */
enum { NEW_SELF_FD = 4, TRIED_FD = 6 };

#define CODE 0x40000000u
#define DATA 0x50000000u /* two pages, of which one is there */

#define NOP 0x90

#define SAMPLED 61 /* of the contents of memory, each so many'th byte is tried */

static struct image base, tried, again, expected;
static struct cr_record record[RECORDS_MAX];
static u32 records;

/* The bytes of `base` whose bits are flipped, and in front of which it is cut. */
static u16 position[4096];
static u32 positions;

static struct progress {
	u32 next, accepted, refused, wrong;
} progress;

static const char *path(const char *name)
{
	return image_path("image", name);
}

/* --- The image --- */

static void add_bytes(const void *bytes, u32 size)
{
	memcpy(base.bytes + base.size, bytes, size);
	base.size += size;
}

static void add(s16 type, const void *payload, s16 len)
{
	struct cr_hdr h = {type, len, 0};

	add_bytes(&h, sizeof(h));
	add_bytes(payload, (u32)len);
}

/* A VMA of which the first page is there. */
static void add_vma(u32 start, u32 end, u32 flags, u32 prot, const u8 *page)
{
	struct cr_hdr_vma vma = {
		.vma_type = CR_VMA_ANON, .vm_start = start, .vm_end = end, .vm_page_prot = prot, .vm_flags = flags};
	struct cr_hdr_pgarr pages = {1}, none = {0};

	add(CR_HDR_VMA, &vma, sizeof(vma));
	add(CR_HDR_PGARR, &pages, sizeof(pages));
	add_bytes(&start, sizeof(start));
	add_bytes(page, PAGE_SIZE);
	add(CR_HDR_PGARR, &none, sizeof(none));
}

static void add_memory(void)
{
	static const u64 ldt[] = {0, 0x0040f30012340fffull, 0, 0x00cff2000000ffffull};
	struct cr_hdr_mm_context context = {CR_LDT_ENTRY_SIZE, ARRAY_SIZE(ldt), 0};
	struct cr_hdr_mm mm = {.map_count = 2, .start_code = CODE, .end_code = CODE + PAGE_SIZE, .start_stack = 4711};
	static u8 page[PAGE_SIZE];
	u32 size = (u32)(landing_code_end - landing_code);

	add(CR_HDR_MM, &mm, sizeof(mm));
	memset(page, NOP, sizeof(page));
	memcpy(page + PAGE_SIZE - size, landing_code, size);
	add_vma(CODE, CODE + PAGE_SIZE, VM_READ | VM_EXEC, 5, page);
	fill(page, sizeof(page), seed());
	add_vma(DATA, DATA + 2 * PAGE_SIZE, VM_READ | VM_WRITE, 7, page);
	add(CR_HDR_MM_CONTEXT, &context, sizeof(context));
	add_bytes(ldt, sizeof(ldt));
}

static void add_fd(u32 objref, s32 fd, u32 flags, const char *name)
{
	struct cr_hdr_fd_ent ent = {.objref = objref, .fd = fd};
	struct cr_hdr_fd_data data = {
		.fd_type = CR_FD_FILE, .f_flags = flags, .f_mode = flags == O_RDONLY ? FMODE_READ : FMODE_WRITE};

	add(CR_HDR_FD_ENT, &ent, sizeof(ent));
	add(CR_HDR_FD_DATA, &data, sizeof(data));
	add(CR_HDR_FNAME, name, (s16)(strlen(name) + 1));
}

/* From here to there in `base` are the two descriptors that the code uses. */
static u32 own_fds, own_fds_end;

static void add_files(void)
{
	struct cr_hdr_files files = {.nfds = 5};

	add(CR_HDR_FILES, &files, sizeof(files));
	add_fd(1, 0, O_RDONLY, "/dev/null");
	add_fd(2, 1, O_WRONLY, "/dev/console");
	add_fd(3, 2, O_WRONLY, "/dev/console");
	own_fds = base.size;
	add_fd(4, AGAIN_FD, O_WRONLY | O_CREAT, path("again"));
	add_fd(5, SELF_FD, O_RDONLY, path("self"));
	own_fds_end = base.size;
}

/* An image of this program's registers gives the other records. */
static void make_base(void)
{
	static struct image registers;
	struct cr_hdr_cpu *cpu;
	s32 fd = open(image_path("regs", "own"), O_WRONLY | O_CREAT);

	check_that("an image of one's registers", checkpoint(0, fd, 0) > 0);
	close(fd);
	image_read(&registers, image_path("regs", "own"));
	records = image_records(&registers, record);
	for (u32 n = 0; n < records; n++) {
		image_add(&base, &registers, &record[n]);
		if (n == 2) { /* HEAD, TASK, STRING */
			add_memory();
			add_files();
		}
	}
	cpu = (struct cr_hdr_cpu *)(base.bytes + image_payload(&base, CR_HDR_CPU));
	cpu->ip = CODE + PAGE_SIZE / 2;
	cpu->gs = SELECTOR(1, 3) | SELECTOR_TI;
	records = image_records(&base, record);
}

/* --- What is tried --- */

/* The records between STRING and THREAD; images of registers have the others, too, and restarter.c tries all of those. */
static bool is_of_memory(const struct cr_record *r)
{
	return (r->hdr.type >= CR_HDR_MM && r->hdr.type <= CR_HDR_FD_DATA) || r->hdr.type == CR_HDR_FNAME;
}

/*
 * Not the code, which would do anything if it were damaged, nor the descriptors that it uses. The kernel tries all of it
 * (tests/hostile/sweep.c).
 */
static bool is_tried(const struct cr_record *r, u32 at)
{
	if (!is_of_memory(r) || (at >= own_fds && at < own_fds_end))
		return false;
	return at < r->pages || (base.bytes[r->pages] != NOP && (at - r->pages) % SAMPLED == 0);
}

/* The order of the records in which the code's page is not there (image_reorder); and where its VMA has VM_EXEC. */
static u32 without_code, exec_at;

static void find_positions(void)
{
	exec_at = image_payload(&base, CR_HDR_VMA) + offsetof(struct cr_hdr_vma, vm_flags);
	for (u32 n = 0; n < records; n++) {
		if (base.bytes[record[n].pages] == NOP && record[n].pages < record[n].pos + record[n].size)
			without_code = 2 * n;
		for (u32 at = record[n].pos; at < record[n].pos + record[n].size; at++)
			if (is_tried(&record[n], at) && positions < ARRAY_SIZE(position))
				position[positions++] = (u16)at;
	}
}

/* Whether the code that this image leads to can do what it is to do: it is there, and its descriptors are. */
static bool can_land(u32 order)
{
	u32 size = own_fds_end - own_fds;

	if (order == without_code)
		return false;
	for (u32 at = 0; at + size <= tried.size; at++)
		if (memcmp(tried.bytes + at, base.bytes + own_fds, size) == 0)
			return true;
	return false;
}

static void make_good(void)
{
	tried.size = base.size;
	memcpy(tried.bytes, base.bytes, base.size);
}

/* The n-th damaged image; where it could do anything, one that is not damaged. False: there are no more. */
static bool make(u32 n)
{
	make_good();
	if (n < 8 * positions) {
		tried.bytes[position[n / 8]] ^= (u8)BIT(n % 8);
		tried.bytes[exec_at] |= VM_EXEC;
		return true;
	}
	n -= 8 * positions;
	if (n <= positions) {
		tried.size = n < positions ? position[n] : base.size + 1;
		return true;
	}
	n -= positions + 1;
	if (!image_reorder(&tried, &base, n))
		return false;
	if (!can_land(n))
		make_good();
	return true;
}

/* --- The trials --- */

static void save_progress(void)
{
	s32 fd = open(image_path("regs", "progress"), O_WRONLY | O_CREAT);

	write(fd, &progress, sizeof(progress));
	close(fd);
}

static void load_progress(void)
{
	s32 fd = open(image_path("regs", "progress"), O_RDONLY);

	check("progress", sizeof(progress), (u32)read(fd, &progress, sizeof(progress)));
	close(fd);
}

/* A descriptor of the LDT that is loaded into gs becomes an accessed one (SDM 3 §3.4.5.1). */
static void set_accessed(const struct cr_hdr_cpu *cpu)
{
	u32 ldt = image_payload(&expected, CR_HDR_MM_CONTEXT) + sizeof(struct cr_hdr_mm_context);

	if (cpu->gs & SELECTOR_TI)
		expected.bytes[ldt + SELECTOR_INDEX(cpu->gs) * CR_LDT_ENTRY_SIZE + 5] |= 1;
}

/* This program is back: the image was accepted, and has left another. */
static void judge(void)
{
	u32 cpu_pos;
	struct cr_hdr_cpu *cpu;

	make(progress.next);
	image_read(&again, path("again"));
	expected = tried;
	again_set_writer(expected.bytes, again.bytes);
	cpu_pos = image_payload(&expected, CR_HDR_CPU);
	cpu = (struct cr_hdr_cpu *)(expected.bytes + cpu_pos);
	set_accessed(cpu);
	set_landed(cpu, AGAIN_FD, PAGE_SIZE - (u32)(landing_code_end - landing_code_landed));
	progress.accepted++;
	if (!same_state(&expected, &again, cpu_pos)) {
		progress.wrong++;
		print("image %u is not the same again", progress.next);
	}
	progress.next++;
}

static void try_all(void)
{
	for (; make(progress.next); progress.next++) {
		save_progress();
		check("a descriptor", TRIED_FD, (u32)image_write(&tried, path("tried")));
		check_that("restart(2) returns an error", restart(0, TRIED_FD, 0) < 0);
		close(TRIED_FD);
		progress.refused++;
	}
}

int restart_memory(void)
{
	s32 id;

	make_base();
	find_positions();
	check("a descriptor", AGAIN_FD, (u32)open(path("again"), O_WRONLY | O_CREAT));
	check("a descriptor", NEW_SELF_FD, (u32)open(path("self"), O_WRONLY | O_CREAT));
	save_progress();
	id = checkpoint(0, NEW_SELF_FD, 0);
	load_progress();
	check("a descriptor", SELF_FD, (u32)open(path("self"), O_RDONLY));
	if (id == 0)
		judge();
	try_all();
	check("images that are not the same again", 0, progress.wrong);
	print("image of %u bytes: %u accepted, %u refused", base.size, progress.accepted, progress.refused);
	return verdict();
}
