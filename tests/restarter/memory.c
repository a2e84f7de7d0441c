/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Damaged images with memory and descriptors: a small one that this program makes up. Refused, restart(2) returns.
 * Accepted, the program is gone, and the image's code checkpoints itself and then restarts this program, from an image
 * taken before the first trial (HOME). All that it knows of the trials since is in a file.
 */
#include "landing.h"
#include "restarter.h"

#define CODE LANDING_CODE
#define DATA 0x50000000u /* two pages, of which one is there */

/*
 * Of one letter: names with a bit flipped are files, too, where such a one has been written before, and the store has room
 * for some dozens. The image's code takes the new image to AGAIN, unless the image says otherwise; and what is tried comes
 * out of TRIED.
 */
#define AGAIN "/image/a"
#define TRIED "/image/b"

#define NOP 0x90

#define SAMPLED 61 /* of the contents of memory, each so many'th byte is tried */
#define STEP	5  /* of all changes, each so many'th; which of them it begins with, the process's id says */

static struct image base, tried, again, expected;
static struct cr_record record[RECORDS_MAX];
static u32 records;

/* The bytes of `base` whose bits are flipped, and in front of which it is cut. */
static u16 position[4096];
static u32 positions;

static struct progress {
	u32 next, accepted, refused, wrong;
} progress;

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

static void add_fd(u32 objref, s32 fd, u16 mode, u32 flags, u64 pos, const char *name)
{
	struct cr_hdr_fd_ent ent = {.objref = objref, .fd = fd};
	struct cr_hdr_fd_data data = {.fd_type = CR_FD_FILE, .f_mode = mode, .f_flags = flags, .f_pos = pos};

	add(CR_HDR_FD_ENT, &ent, sizeof(ent));
	add(CR_HDR_FD_DATA, &data, sizeof(data));
	add(CR_HDR_FNAME, name, (s16)(strlen(name) + 1));
}

static void add_files(void)
{
	struct cr_hdr_files files = {.nfds = 3};

	add(CR_HDR_FILES, &files, sizeof(files));
	add_fd(1, 1, FMODE_WRITE, O_WRONLY, 7, "/dev/console");
	add_fd(2, 3, FMODE_WRITE, O_WRONLY | O_CREAT, 0, AGAIN);
	add_fd(3, 5, FMODE_READ, O_RDONLY, 4711, TRIED);
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

/* The descriptor that a new image can be taken to, and its path. */
struct target {
	s32 fd;
	const char *path;
	u32 pos; /* of f_pos */
};

static struct target target_of(const struct image *image)
{
	struct cr_record r[RECORDS_MAX];
	u32 count = image_records(image, r);
	struct target target = {-1, "", 0};

	for (u32 n = 0; n + 2 < count; n++) {
		const struct cr_hdr_fd_ent *ent = (const void *)(image->bytes + cr_payload(&r[n]));
		const struct cr_hdr_fd_data *data = (const void *)(image->bytes + cr_payload(&r[n + 1]));

		if (r[n].hdr.type == CR_HDR_FD_ENT && data->f_flags == (O_WRONLY | O_CREAT))
			target = (struct target){ent->fd, (const char *)image->bytes + cr_payload(&r[n + 2]),
						 cr_payload(&r[n + 1]) + offsetof(struct cr_hdr_fd_data, f_pos)};
	}
	return target;
}

/*
 * Not the code, which would do anything if it were damaged; nor the upper bits of ip, which would lead where there is no
 * code: the kernel tries these (tests/hostile/sweep.c). Nor how much of AGAIN is written: as what was written is lost, no
 * image could be taken to there.
 */
static bool is_left_out(u32 at)
{
	u32 ip = image_payload(&base, CR_HDR_CPU) + offsetof(struct cr_hdr_cpu, ip);
	u32 written = target_of(&base).pos;
	u32 code = 0;

	if ((at > ip && at < ip + sizeof(u32)) || (at >= written && at < written + sizeof(u64)))
		return true;
	for (u32 n = 0; n < records; n++) {
		const struct cr_record *r = &record[n];

		if (r->pages < r->pos + r->size && !code)
			code = r->pages; /* the first page */
		if (at >= r->pages && at < r->pos + r->size)
			return r->pages == code || (at - r->pages) % SAMPLED;
	}
	return false;
}

/* The order of the records in which the code's page is not there (image_reorder); and where its VMA has VM_EXEC. */
static u32 without_code, exec_at;

static void find_positions(void)
{
	exec_at = image_payload(&base, CR_HDR_VMA) + offsetof(struct cr_hdr_vma, vm_flags);
	for (u32 n = 0; n < records; n++)
		if (base.bytes[record[n].pages] == NOP && record[n].pages < record[n].pos + record[n].size)
			without_code = 2 * n;
	for (u32 at = 0; at < base.size; at++)
		if (!is_left_out(at) && positions < ARRAY_SIZE(position))
			position[positions++] = (u16)at;
}

/* The n-th damaged image; where that takes the code away, one that is not damaged. False: there are no more. */
static bool make(u32 n)
{
	tried.size = base.size;
	memcpy(tried.bytes, base.bytes, base.size);
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
	return n == without_code ? true : image_reorder(&tried, &base, n);
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

/* It has been taken by the try of that number. */
static void set_taken(struct image *image, s32 fd)
{
	u32 cpu_pos = image_payload(image, CR_HDR_CPU);
	struct cr_hdr_cpu *cpu = (struct cr_hdr_cpu *)(image->bytes + cpu_pos);
	u32 each = (u32)(landing_code_first - landing_code), start = PAGE_SIZE - (u32)(landing_code_end - landing_code);

	set_landed(cpu, fd, start + each * ((u32)fd + 1));
	set_accessed(cpu);
}

static bool same_again(const char *path)
{
	if (!image_read(&again, path))
		return false;
	again_set_writer(expected.bytes, again.bytes);
	return same_state(&expected, &again, image_payload(&expected, CR_HDR_CPU));
}

/* This program is back: the image was accepted, and has left another. */
static void judge(void)
{
	struct target target;

	make(progress.next);
	target = target_of(&tried);
	expected = tried;
	set_taken(&expected, target.fd);
	progress.accepted++;
	if (!same_again(target.path)) {
		progress.wrong++;
		print("image %u is not the same again", progress.next);
	}
	progress.next += STEP;
}

static void try_all(void)
{
	for (; make(progress.next); progress.next += STEP) {
		s32 fd = image_write(&tried, TRIED);

		save_progress();
		check_that("restart(2) returns an error", restart(0, fd, 0) < 0);
		close(fd);
		progress.refused++;
	}
}

int restart_memory(void)
{
	s32 home, id;

	make_base();
	find_positions();
	progress.next = (u32)getpid() % STEP;
	save_progress();
	home = open(HOME, O_WRONLY | O_CREAT);
	id = checkpoint(0, home, 0);
	close(home);
	load_progress();
	if (id == 0)
		judge();
	try_all();
	check("images that are not the same again", 0, progress.wrong);
	print("image of %u bytes: %u accepted, %u refused", base.size, progress.accepted, progress.refused);
	return verdict();
}
