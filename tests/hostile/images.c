/* SPDX-License-Identifier: GPL-2.0-only */
#include "images.h"
#include "cr.h"
#include "string.h"
#include "trial.h"

void image_forget(const struct image *image)
{
	store_abort((struct image *)image);
}

const char *image_take(struct task *t, bool with_mm, u8 *bytes, u32 *size)
{
	s32 id = checkpoint_task(t, "taken", with_mm);
	const struct image *image = id < 0 ? NULL : store_get((u32)id);

	CHECK(image);
	*size = store_size(image);
	CHECK(*size <= IMAGE_MAX && store_read((void *)image, 0, bytes, *size) == (s32)*size);
	image_forget(image);
	return NULL;
}

const struct image *image_put(const u8 *bytes, u32 size)
{
	struct image *image = store_begin();

	if (!image || store_append(image, bytes, size) < 0)
		return NULL;
	store_commit(image, "tried", STORE_MEMORY);
	return image;
}

u32 images_count(void)
{
	u32 count = 0;

	for (const struct image *i = store_next(NULL); i; i = store_next(i))
		count++;
	return count;
}

u32 image_cpu_pos(const u8 *bytes, u32 size, const struct task *t)
{
	static struct cr_image image;
	struct cr_machine machine = cr_any_machine;
	struct cr_bytes from = {bytes, size};
	struct cr_ctx ctx = {.source = cr_bytes_source, .cookie = &from};

	machine.ldt = t->context.ldt;
	machine.nldt = t->context.nldt;
	return cr_read_image(&ctx, &machine, &image) < 0 ? 0 : image.cpu_pos;
}
