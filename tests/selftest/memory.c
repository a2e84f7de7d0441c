/* SPDX-License-Identifier: GPL-2.0-only */
/* Frames, a task's memory, copies to and from it, the image store. */
#include "cases.h"
#include "cpu.h"
#include "mm.h"
#include "store.h"
#include "string.h"
#include "task.h"
#include "trap.h"
#include "usercopy.h"

#define TEXT 0x08048000u
#define DATA 0x08049000u
#define HOLE 0x0804a000u

/* A memory with a page that may be written, one that may not, and nothing behind them. */
static struct mm *sample_mm(void)
{
	struct mm *mm = mm_create();

	if (mm && mm_add(mm, TEXT, DATA, VM_READ | VM_EXEC) == 0 && mm_add(mm, DATA, HOLE, VM_READ | VM_WRITE) == 0)
		return mm;
	mm_destroy(mm);
	return NULL;
}

static const char *frames_come_back(void)
{
	u32 before = frames_available();
	struct mm *mm = sample_mm();
	void *run = frames_alloc(3);

	CHECK(mm && run);
	CHECK(mm_write(mm, TEXT + PAGE_SIZE - 2, "abcd", 4) == 0);
	CHECK(frames_available() == before - 3 - (paging_has_nx() ? 6 : 5)); /* the run; mm, tables, two pages */
	frames_free(run, 3);
	mm_destroy(mm);
	CHECK(frames_available() == before);
	return NULL;
}

static const char *pages_begin_as_zeros(void)
{
	struct mm *mm = sample_mm();
	u8 *page;

	CHECK(mm);
	CHECK(!paging_frame(mm->directory, DATA));
	CHECK(mm_fault(mm, DATA + 5, PF_WRITE) == 0);
	page = paging_frame(mm->directory, DATA);
	CHECK(page && xstate_is_zero(page, PAGE_SIZE));
	mm_destroy(mm);
	return NULL;
}

static const char *protection_holds(void)
{
	struct mm *mm = sample_mm();

	CHECK(mm);
	CHECK(mm_fault(mm, TEXT, PF_WRITE) == -EFAULT);
	CHECK(mm_fault(mm, TEXT, 0) == 0);
	CHECK(mm_fault(mm, TEXT, PF_PRESENT | PF_WRITE) == -EFAULT);
	CHECK(mm_fault(mm, DATA, PF_WRITE) == 0);
	CHECK(mm_fault(mm, DATA, PF_PRESENT | PF_WRITE) == -EFAULT); /* it is there: no cure */
	CHECK(mm_fault(mm, DATA, PF_FETCH) == -EFAULT && mm_fault(mm, TEXT, PF_FETCH) == 0);
	CHECK(mm_fault(mm, HOLE, 0) == -EFAULT);
	CHECK(mm_fault(mm, TEXT - 1, 0) == -EFAULT);
	mm_destroy(mm);
	return NULL;
}

static const char *vmas_do_not_overlap(void)
{
	struct mm *mm = sample_mm();

	CHECK(mm);
	CHECK(mm_add(mm, TEXT, HOLE, VM_READ) == -EEXIST);
	CHECK(mm_add(mm, TEXT - PAGE_SIZE, DATA, VM_READ) == -EEXIST);
	CHECK(mm_add(mm, HOLE, HOLE, VM_READ) == -EINVAL);
	CHECK(mm_add(mm, HOLE + 1, HOLE + PAGE_SIZE, VM_READ) == -EINVAL);
	CHECK(mm_add(mm, TASK_SIZE - PAGE_SIZE, TASK_SIZE + PAGE_SIZE, VM_READ) == -EINVAL);
	CHECK(mm_add(mm, TEXT - PAGE_SIZE, TEXT, VM_READ) == 0 && mm->vmas.vma[0].start == TEXT - PAGE_SIZE);
	mm_destroy(mm);
	return NULL;
}

/* No task runs yet, so every user address is one that is not there: the copy must come back with an error. */
static const char *copies_survive_bad_addresses(void)
{
	u32 word = 0;

	CHECK(copy_from_user(&word, TASK_SIZE - 2, 4) == -EFAULT);
	CHECK(copy_from_user(&word, KERNEL_BASE + 0x100000, 4) == -EFAULT);
	CHECK(copy_to_user(0xfffffffe, &word, 4) == -EFAULT);
	return NULL;
}

extern const u8 boot_stack_guard[];

/* Under each kernel stack there is a page that faults: the copy, which may fault, comes back with nothing copied. */
static const char *stacks_are_guarded(void)
{
	u32 word;

	CHECK(user_copy(&word, boot_stack_guard, 4) == 4);
	CHECK(user_copy(&word, boot_stack_guard + PAGE_SIZE, 4) == 0);
	for (u32 n = 0; n < TASKS; n++) {
		CHECK(user_copy(&word, task_stack_guard(n), 4) == 4);
		CHECK(user_copy(&word, (const u8 *)task_stack_guard(n) + PAGE_SIZE, 4) == 0);
	}
	return NULL;
}

/* The census sees what is mapped, and a page that is both written and executed, such as no kernel page may be. */
static const char *the_census_counts(void)
{
	struct mm *mm = sample_mm();
	struct paging_census empty, full, wrong;
	u32 nx = paging_has_nx();

	CHECK(mm);
	empty = paging_census(mm->directory);
	CHECK(!empty.wrong && empty.executable == paging_census(&kernel_directory).executable);
	CHECK(mm_page(mm, TEXT) && mm_page(mm, DATA));
	full = paging_census(mm->directory);
	CHECK(!full.wrong && full.writable == empty.writable + 1 && full.executable == empty.executable + nx);
	CHECK(mm_add(mm, HOLE, HOLE + PAGE_SIZE, VM_WRITE | VM_EXEC) == 0 && mm_page(mm, HOLE));
	wrong = paging_census(mm->directory);
	CHECK(!wrong.wrong == !nx && (!nx || wrong.address == HOLE));
	mm_destroy(mm);
	return NULL;
}

static const char *kernel_text_is_read_only(void)
{
	static const u32 constant = 0x12345678;
	u32 word = 0;

	CHECK(user_copy((void *)&constant, &word, 4) == 4);
	CHECK(user_copy((void *)user_copy, &word, 4) == 4);
	return NULL;
}

static u32 store_images(void)
{
	u32 count = 0;

	for (const struct image *i = store_next(NULL); i; i = store_next(i))
		count++;
	return count;
}

/* Appends until the store is full, more than there is memory for an image of. */
static int fill(struct image *image)
{
	int ret = 0;

	for (u32 n = frames_available(); n && !ret; n--)
		ret = store_append(image, phys_to_virt(0), PAGE_SIZE);
	return ret;
}

/* Of pages that nobody touches, where VGA's are, what the processor would find in their entries and in IA32_PAT. */
static const char *a_screen_is_written_in_lines(void)
{
	const bool has_pat = cpu.features_edx & BIT(16);
	u8 screen = paging_memory_type(paging_map_framebuffer(0xa0000, PAGE_SIZE));
	u8 device = paging_memory_type(paging_map_device(0xa0000, PAGE_SIZE));

	CHECK(screen == (has_pat ? MEMORY_WC : MEMORY_UC_MINUS));
	CHECK(device == MEMORY_UC || device == MEMORY_UC_MINUS);
	return NULL;
}

static const char *a_full_store_refuses(void)
{
	u32 frames = frames_available(), images = store_images();
	struct image *image = store_begin();

	CHECK(image);
	CHECK(fill(image) == -ENOSPC);
	store_abort(image);
	CHECK(frames_available() == frames);
	CHECK(store_images() == images);
	return NULL;
}

/* All of an image's words at once, but for the first, after which nothing is aligned to a frame any more. */
static const char *all_words_read_back(const struct image *image)
{
	static u32 words[4999];

	CHECK(store_read((void *)image, 4, words, sizeof(words)) == sizeof(words));
	for (u32 n = 0; n < ARRAY_SIZE(words); n++)
		CHECK(words[n] == n + 1);
	return NULL;
}

/* Longer than a frame, and not a whole number of frames, of which the last two do not lie together. */
static const char *images_read_back(void)
{
	struct image *image = store_begin();
	u32 frames = frames_available(), word, size;
	const struct image *found;
	void *between = NULL;

	CHECK(image);
	for (u32 n = 0; n < 5000; n++) {
		if (n == 4000)
			between = frame_alloc();
		CHECK(store_append(image, &n, sizeof(n)) == 0);
	}
	frame_free(between);
	store_commit(image, "selftest", STORE_REGISTERS);
	found = store_find("selftest", STORE_REGISTERS);
	CHECK(found && store_size(found) == 20000 && !store_find("selftest", STORE_MEMORY));
	for (u32 n = 0; n < 5000; n++)
		CHECK(store_read(image, n * 4, &word, 4) == 4 && word == n);
	CHECK(store_read(image, 4094, &word, 4) == 4 && word == (1023u >> 16 | 1024u << 16));
	CHECK(store_read(image, 19998, &word, 4) == 2);
	CHECK(store_read(image, 20000, &word, 4) == 0);
	CHECK(!all_words_read_back(image));
	for (u32 at = 0; at < 20000; at += 500) {
		const u32 *there = (const u32 *)store_look(image, at, &size);

		CHECK(there && size >= 4 && size <= 20000 - at && *there == at / 4);
		CHECK(there[size / 4 - 1] == at / 4 + size / 4 - 1);
	}
	CHECK(!store_look(image, 20000, &size) && size == 0);
	store_abort(image);
	CHECK(frames_available() == frames);
	return NULL;
}

static const char *a_new_image_replaces_the_old(void)
{
	u32 frames = frames_available(), images = store_images();
	struct image *image = NULL;

	for (u32 n = 1; n <= 2; n++) {
		image = store_begin();
		CHECK(image && store_append(image, &n, sizeof(n)) == 0);
		store_commit(image, "selftest", STORE_REGISTERS);
	}
	CHECK(store_find("selftest", STORE_REGISTERS) == image);
	CHECK(store_images() == images + 1 && frames_available() == frames - 1);
	store_abort(image);
	CHECK(store_images() == images && frames_available() == frames);
	return NULL;
}

const struct selftest_case memory_cases[] = {
	{"frames come back when a memory is destroyed", frames_come_back},
	{"a page begins as zeros when it is first touched", pages_begin_as_zeros},
	{"text cannot be written, nor data executed, and what is not mapped stays so", protection_holds},
	{"VMAs do not overlap and stay in user space", vmas_do_not_overlap},
	{"copies from and to bad user addresses come back with -EFAULT", copies_survive_bad_addresses},
	{"a guard page lies under every kernel stack", stacks_are_guarded},
	{"the census of page tables finds a page that is written and executed", the_census_counts},
	{"the kernel's text and constants cannot be written", kernel_text_is_read_only},
	{"a screen's memory is write-combining, a device's uncached", a_screen_is_written_in_lines},
	{"a full store refuses, and nothing of the image is left", a_full_store_refuses},
	{"an image reads back as it was written", images_read_back},
	{"a new image replaces one of the same name", a_new_image_replaces_the_old},
	{NULL, NULL},
};
