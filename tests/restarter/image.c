/* SPDX-License-Identifier: GPL-2.0-only */
#include "image.h"

const char *image_path(const char *directory, const char *name)
{
	return text("/%s/%s-%u", directory, name, getpid());
}

bool image_read(struct image *image, const char *path)
{
	s32 fd = open(path, O_RDONLY), size = read(fd, image->bytes, IMAGE_MAX);

	close(fd);
	image->size = size < 0 ? 0 : (u32)size;
	return size > 0;
}

s32 image_write(const struct image *image, const char *path)
{
	s32 fd = open(path, O_WRONLY | O_CREAT), part;

	for (u32 done = 0; done < image->size; done += (u32)part) {
		part = write(fd, image->bytes + done, image->size - done);
		if (!check_that("an image can be written", part > 0))
			break;
	}
	check("close of an image", 0, (u32)close(fd));
	return open(path, O_RDONLY);
}

bool image_same(const struct image *a, const struct image *b)
{
	return a->size == b->size && memcmp(a->bytes, b->bytes, a->size) == 0;
}

u32 image_records(const struct image *image, struct cr_record record[RECORDS_MAX])
{
	return cr_records(image->bytes, image->size, record, RECORDS_MAX);
}

u32 image_payload(const struct image *image, s16 type)
{
	struct cr_record record[RECORDS_MAX];
	u32 count = image_records(image, record), n = 0;

	while (n < count - 1 && record[n].hdr.type != type)
		n++;
	return cr_payload(&record[n]);
}

void image_add(struct image *to, const struct image *from, const struct cr_record *record)
{
	memcpy(to->bytes + to->size, from->bytes + record->pos, record->size);
	to->size += record->size;
}

/* The records of `from`, number `which` so many times. */
static void repeat(struct image *to, const struct image *from, u32 which, u32 times)
{
	struct cr_record record[RECORDS_MAX];
	u32 count = image_records(from, record);

	to->size = 0;
	for (u32 n = 0; n < count; n++)
		for (u32 i = 0; i < (n == which ? times : 1); i++)
			image_add(to, from, &record[n]);
}

static void swap(struct image *to, const struct image *from, u32 a, u32 b)
{
	struct cr_record record[RECORDS_MAX];
	u32 count = image_records(from, record);

	to->size = 0;
	for (u32 n = 0; n < count; n++)
		image_add(to, from, &record[n == a ? b : n == b ? a : n]);
}

bool image_reorder(struct image *to, const struct image *from, u32 n)
{
	struct cr_record record[RECORDS_MAX];
	u32 count = image_records(from, record);

	if (n < 2 * count) {
		repeat(to, from, n / 2, n % 2 ? 2 : 0);
		return true;
	}
	n -= 2 * count;
	for (u32 a = 0; a < count; a++) {
		u32 pairs = count - a - 1; /* of it with those behind */

		if (n < pairs) {
			swap(to, from, a, a + 1 + n);
			return true;
		}
		n -= pairs;
	}
	return false;
}
