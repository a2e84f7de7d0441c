/* SPDX-License-Identifier: GPL-2.0-only */
#include "store.h"
#include "crc32.h"
#include "frames.h"
#include "string.h"

/* The first frame of an image is named in its struct, the others in a chain of index frames. */
#define INDEX_ENTRIES (PAGE_SIZE / sizeof(void *) - 1)

struct index {
	u8 *frame[INDEX_ENTRIES];
	struct index *next;
};
_Static_assert(sizeof(struct index) == PAGE_SIZE, "an index is a frame");

struct image {
	enum store_kind kind; /* STORE_FREE: this slot is free */
	u32 id;		      /* 0 until it is committed */
	char name[STORE_NAME];
	u32 size;
	const u8 *module;    /* bytes that lie together, not the store's own, */
	u32 crc32;	     /* ... whose checksum is this, */
	bool has_crc32;	     /* ... if somebody has asked for it */
	u8 *first;	     /* or frames: this one ... */
	struct index *index; /* ... and those that follow */
	struct index *last;  /* of the chain */
	u8 *end;	     /* where the next byte goes ... */
	u32 room;	     /* ... and how many more fit there, in the last frame */
};

static struct image images[STORE_IMAGES];
static u32 last_id;
static u32 frames_used, frames_limit;

void store_init(u32 limit)
{
	frames_limit = limit;
}

u32 store_frames(void)
{
	return frames_used;
}

static struct image *free_slot(void)
{
	for (struct image *i = images; i < images + STORE_IMAGES; i++)
		if (i->kind == STORE_FREE)
			return i;
	return NULL;
}

static void set_name(struct image *image, const char *name, enum store_kind kind)
{
	for (u32 n = 0; n < STORE_NAME - 1 && name[n]; n++)
		image->name[n] = name[n];
	image->kind = kind;
	image->id = ++last_id;
}

bool store_add_module(const char *name, const void *start, u32 size)
{
	struct image *image = free_slot();

	if (!image)
		return false;
	*image = (struct image){.size = size, .module = start};
	set_name(image, name, STORE_MODULE);
	return true;
}

const struct image *store_find(const char *name, enum store_kind kind)
{
	for (struct image *i = images; i < images + STORE_IMAGES; i++)
		if (i->id && i->kind == kind && strcmp(i->name, name) == 0)
			return i;
	return NULL;
}

const struct image *store_get(u32 id)
{
	for (struct image *i = images; i < images + STORE_IMAGES; i++)
		if (id && i->id == id)
			return i;
	return NULL;
}

const struct image *store_next(const struct image *image)
{
	for (image = image ? image + 1 : images; image < images + STORE_IMAGES; image++)
		if (image->id)
			return image;
	return NULL;
}

u32 store_id(const struct image *image)
{
	return image->id;
}

u32 store_size(const struct image *image)
{
	return image->size;
}

const char *store_name(const struct image *image)
{
	return image->name;
}

enum store_kind store_kind(const struct image *image)
{
	return image->kind;
}

const void *store_module(const struct image *image)
{
	return image->module;
}

u32 store_crc32(const struct image *module)
{
	struct image *image = &images[module - images];

	if (!image->has_crc32)
		image->crc32 = crc32_update(0, image->module, image->size);
	image->has_crc32 = true;
	return image->crc32;
}

static void *take_frame(void)
{
	void *frame;

	if (frames_used == frames_limit)
		return NULL;
	frame = frame_alloc();
	frames_used += frame != NULL;
	return frame;
}

static void give_frame(void *frame)
{
	frame_free(frame);
	frames_used--;
}

static u32 frames_for(u32 size)
{
	return (size + PAGE_SIZE - 1) / PAGE_SIZE;
}

void store_abort(struct image *image)
{
	u32 frames = image->module ? 0 : frames_for(image->size);

	if (frames)
		give_frame(image->first);
	for (struct index *index = image->index, *next; index; index = next) {
		for (u32 n = 0; n < INDEX_ENTRIES && frames > 1; n++, frames--)
			give_frame(index->frame[n]);
		next = index->next;
		give_frame(index);
	}
	*image = (struct image){.kind = STORE_FREE};
}

struct image *store_begin(void)
{
	struct image *image = free_slot();

	if (image)
		*image = (struct image){.kind = STORE_MAKING};
	return image;
}

/* Where the next frame's address is to be noted, or NULL: the store is full. */
static u8 **next_slot(struct image *image)
{
	u32 frame = frames_for(image->size), slot = (frame - 1) % INDEX_ENTRIES;

	if (frame == 0)
		return &image->first;
	if (slot == 0) {
		struct index *index = take_frame();

		if (!index)
			return NULL;
		index->next = NULL;
		if (image->last)
			image->last->next = index;
		else
			image->index = index;
		image->last = index;
	}
	return &image->last->frame[slot];
}

/* The image goes on in a new frame. False: the store is full. */
static bool add_frame(struct image *image)
{
	u8 **slot = next_slot(image);

	if (!slot)
		return false;
	image->end = *slot = take_frame();
	image->room = image->end ? PAGE_SIZE : 0;
	return image->end;
}

static void append(struct image *image, const void *buf, u32 count)
{
	memcpy(image->end, buf, count);
	image->end += count;
	image->room -= count;
	image->size += count;
}

int store_append(void *cookie, const void *buf, u32 count)
{
	struct image *image = cookie;

	while (count > image->room) {
		u32 part = image->room;

		append(image, buf, part);
		buf = (const u8 *)buf + part;
		count -= part;
		if (!add_frame(image))
			return -ENOSPC;
	}
	append(image, buf, count);
	return 0;
}

u32 store_commit(struct image *image, const char *name, enum store_kind kind)
{
	const struct image *old = store_find(name, kind);

	if (old)
		store_abort(&images[old - images]);
	set_name(image, name, kind);
	return image->id;
}

/* Where the byte at `pos` is, and of *count bytes from there on, all in the image, how many lie together. */
static const u8 *bytes_at(const struct image *image, u32 pos, u32 *count)
{
	u32 n = pos / PAGE_SIZE, offset = pos % PAGE_SIZE, frames = frames_for(offset + *count), left = 1, bytes;
	const struct index *index = image->index;
	u8 *const *frame = &image->first;

	if (image->module)
		return image->module + pos;
	if (n--) {
		for (; n >= INDEX_ENTRIES; n -= INDEX_ENTRIES)
			index = index->next;
		frame = &index->frame[n];
		left = INDEX_ENTRIES - n;
	}
	bytes = cr_adjacent(frame, frames < left ? frames : left) * PAGE_SIZE - offset;
	if (*count > bytes)
		*count = bytes;
	return *frame + offset;
}

s32 store_read(void *cookie, u32 pos, void *buf, u32 count)
{
	const struct image *image = cookie;

	if (pos >= image->size)
		return 0;
	if (count > image->size - pos)
		count = image->size - pos;
	for (u32 done = 0, part; done < count; done += part) {
		const u8 *bytes;

		part = count - done;
		bytes = bytes_at(image, pos + done, &part);
		memcpy((u8 *)buf + done, bytes, part);
	}
	return (s32)count;
}

/* In one frame: whether the next one follows it in memory matters to nobody who reads a record. */
const u8 *store_look(void *cookie, u32 pos, u32 *size)
{
	const struct image *image = cookie;
	u32 left = pos < image->size ? image->size - pos : 0, in_frame = PAGE_SIZE - pos % PAGE_SIZE;

	*size = left < in_frame || image->module ? left : in_frame;
	return left ? bytes_at(image, pos, size) : NULL;
}
