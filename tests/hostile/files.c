/* SPDX-License-Identifier: GPL-2.0-only */
/* Images that programs write: whole when they are closed, and nothing before that, whatever happens. */
#include "files.h"
#include "cr.h"
#include "frames.h"
#include "images.h"
#include "sample.h"
#include "string.h"
#include "task.h"

static struct file file[FILES];

static s32 open_new(const char *path)
{
	files_init(file);
	return files_open(file, path, O_WRONLY | O_CREAT);
}

static const char *written_is_whole_when_closed(void)
{
	u32 frames = frames_available(), images = images_count(), word = 0x12345678;
	s32 fd = open_new("/regs/written");
	const struct image *image;

	CHECK(fd > 0);
	CHECK(files_write(&file[fd], &word, 4) == 0 && files_write(&file[fd], &word, 3) == 0);
	CHECK(!store_find("written", STORE_REGISTERS) && images_count() == images);
	CHECK(files_close(file, (u32)fd) == 0 && files_close(file, (u32)fd) == -EBADF);
	image = store_find("written", STORE_REGISTERS);
	CHECK(image && !store_find("written", STORE_MEMORY) && store_size(image) == 7);
	CHECK(store_read((void *)image, 3, &word, 4) == 4 && word == 0x34567812);
	image_forget(image);
	CHECK(frames_available() == frames && images_count() == images);
	return NULL;
}

/* Two at a time, and a checkpoint's in between, are three images. */
static const char *several_are_written_at_once(void)
{
	u32 frames = frames_available(), images = images_count();
	s32 a = open_new("/regs/a"), b = files_open(file, "/image/b", O_WRONLY | O_CREAT);
	const struct image *c;

	CHECK(a > 0 && b > 0 && files_write(&file[a], "a", 1) == 0);
	c = image_put((const u8 *)"ccc", 3);
	CHECK(files_write(&file[b], "bb", 2) == 0);
	CHECK(files_close(file, (u32)b) == 0 && files_close(file, (u32)a) == 0);
	CHECK(c && images_count() == images + 3);
	CHECK(store_size(store_find("a", STORE_REGISTERS)) == 1 && store_size(store_find("b", STORE_MEMORY)) == 2);
	CHECK(store_size(c) == 3);
	image_forget(store_find("a", STORE_REGISTERS));
	image_forget(store_find("b", STORE_MEMORY));
	image_forget(c);
	CHECK(frames_available() == frames);
	return NULL;
}

static const char *what_was_closed_outlives_its_writer(void)
{
	u32 frames = frames_available();
	struct task *t = task_create("writer");
	s32 fd = t ? files_open(t->file, "/image/closed", O_WRONLY | O_CREAT) : -ENOMEM;
	const struct image *image;
	char text[6];

	CHECK(fd > 0 && files_write(&t->file[fd], "closed", 6) == 0 && files_close(t->file, (u32)fd) == 0);
	task_destroy(t);
	image = store_find("closed", STORE_MEMORY);
	CHECK(image && store_read((void *)image, 0, text, 6) == 6 && memcmp(text, "closed", 6) == 0);
	image_forget(image);
	CHECK(frames_available() == frames);
	return NULL;
}

static const char *half_written_goes_with_its_task(void)
{
	u32 frames = frames_available(), images = images_count();
	struct task *t = task_create("writer");
	s32 fd = t ? files_open(t->file, "/image/half", O_WRONLY | O_CREAT) : -ENOMEM;

	CHECK(fd > 0 && files_write(&t->file[fd], "half", 4) == 0);
	task_destroy(t);
	CHECK(frames_available() == frames && images_count() == images && !store_find("half", STORE_MEMORY));
	return NULL;
}

/* What was written is in no image: so the task that is restarted from one cannot finish what it has begun. */
static const char *half_written_is_lost_in_a_restart(void)
{
	u32 frames = frames_available(), images = images_count();
	struct task *t = sample_task(1, 0);
	s32 fd = t ? files_open(t->file, "/image/half", O_WRONLY | O_CREAT) : -ENOMEM;
	const struct image *taken;
	s32 id;

	CHECK(fd > 0 && files_write(&t->file[fd], "half", 4) == 0);
	id = checkpoint_task(t, "taken", true);
	taken = id < 0 ? NULL : store_get((u32)id);
	CHECK(taken && restart_task(t, taken) == 0);
	image_forget(taken);
	CHECK(t->file[fd].kind == FILE_NEW_IMAGE && images_count() == images);
	CHECK(files_write(&t->file[fd], "whole", 5) == -EIO && files_close(t->file, (u32)fd) == -EIO);
	task_destroy(t);
	CHECK(frames_available() == frames && images_count() == images && !store_find("half", STORE_MEMORY));
	return NULL;
}

static const char *whole_it_stays_when_its_task_goes(void)
{
	u32 images = images_count();
	struct task *t = task_create("writer");
	s32 fd = t ? files_open(t->file, "/image/whole", O_WRONLY | O_CREAT) : -ENOMEM;

	CHECK(fd > 0 && files_write(&t->file[fd], "whole", 5) == 0 && files_close(t->file, (u32)fd) == 0);
	task_destroy(t);
	CHECK(images_count() == images + 1 && store_find("whole", STORE_MEMORY));
	image_forget(store_find("whole", STORE_MEMORY));
	return NULL;
}

/* Beyond what store= allows. What was there by that name stays. */
static const char *a_full_store_ends_the_writing(void)
{
	static const u8 page[PAGE_SIZE];
	u32 frames = frames_available();
	s32 fd = open_new("/image/full");
	const struct image *before;

	CHECK(files_write(&file[fd], "before", 6) == 0 && files_close(file, (u32)fd) == 0);
	before = store_find("full", STORE_MEMORY);
	fd = open_new("/image/full");
	store_init(3); /* one of them has "before" */
	CHECK(files_write(&file[fd], page, PAGE_SIZE) == 0);
	CHECK(files_write(&file[fd], page, PAGE_SIZE) == -ENOSPC);
	CHECK(frames_available() == frames - 1); /* at once, not only when it is closed */
	CHECK(files_write(&file[fd], page, 1) == -ENOSPC && files_close(file, (u32)fd) == -ENOSPC);
	store_init(frames_available());
	CHECK(store_find("full", STORE_MEMORY) == before && store_size(before) == 6);
	image_forget(before);
	CHECK(frames_available() == frames);
	return NULL;
}

const struct selftest_case file_cases[] = {
	{"what is written to an image is there, whole, when it is closed", written_is_whole_when_closed},
	{"several images can be written at once", several_are_written_at_once},
	{"an image that was closed outlives its writer", what_was_closed_outlives_its_writer},
	{"an image half written goes with its task", half_written_goes_with_its_task},
	{"half written, it is lost in a restart, and closing says so", half_written_is_lost_in_a_restart},
	{"a whole one stays when its task goes", whole_it_stays_when_its_task_goes},
	{"a full store ends the writing, and nothing is left", a_full_store_ends_the_writing},
	{NULL, NULL},
};
