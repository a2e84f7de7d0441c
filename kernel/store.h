/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The image store: finished images in memory, and the Multiboot modules, under one interface. An image gets its name
 * only when it is complete; a checkpoint that fails leaves nothing behind.
 */
#ifndef KERNEL_STORE_H
#define KERNEL_STORE_H

#include "checkpoint.h"
#include "errno.h"

#define STORE_NAME   32
#define STORE_IMAGES 48

enum store_kind { STORE_FREE, STORE_MAKING, STORE_MODULE, STORE_REGISTERS, STORE_MEMORY };

struct image;

/* `limit` frames at most are used for images. */
void store_init(u32 limit);

/* How many are. */
u32 store_frames(void);

/* Adds what the boot loader brought. False: no more room in the table. */
bool store_add_module(const char *name, const void *start, u32 size);

/* NULL: there is none. */
const struct image *store_find(const char *name, enum store_kind kind);
const struct image *store_get(u32 id);
/* The one after `image`, or the first for NULL. */
const struct image *store_next(const struct image *image);

u32 store_id(const struct image *image); /* 1 and up */
u32 store_size(const struct image *image);
const char *store_name(const struct image *image);
enum store_kind store_kind(const struct image *image);
const void *store_module(const struct image *image); /* a module's bytes, which lie together; NULL for other images */

/* zlib's CRC-32 of a module; worked out when it is first asked for. */
u32 store_crc32(const struct image *module);

/* A new image in the making, or NULL: the table is full. Nobody finds it before it is committed. */
struct image *store_begin(void);
/* A cr_sink_fn for it: -ENOSPC where the store is full. */
int store_append(void *image, const void *buf, u32 count);
/* The image is whole: it gets its name, and replaces another of that name and kind. Returns its id. */
u32 store_commit(struct image *image, const char *name, enum store_kind kind);
/* The image came to nothing. */
void store_abort(struct image *image);

/* A cr_source_fn for any image. */
s32 store_read(void *image, u32 pos, void *buf, u32 count);

/* A cr_look_fn for any image. */
const u8 *store_look(void *image, u32 pos, u32 *size);

#endif
