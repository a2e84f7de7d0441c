/* SPDX-License-Identifier: GPL-2.0-only */
#include "frames.h"
#include "string.h"

#define FRAMES (LINEAR_SIZE / PAGE_SIZE)

static u32 free_map[FRAMES / 32]; /* a set bit: the frame is free */
static u32 available;
static u32 hint; /* the word of free_map where the last search ended */

static bool is_free(u32 frame)
{
	return free_map[frame / 32] & BIT(frame % 32);
}

static void set_free(u32 frame, bool is)
{
	if (is_free(frame) == is)
		return;
	free_map[frame / 32] ^= BIT(frame % 32);
	available += is ? 1u : -1u;
}

__cold void frames_add(u64 start, u64 end)
{
	if (start >= LINEAR_SIZE)
		return;
	if (end > LINEAR_SIZE)
		end = LINEAR_SIZE;
	for (u64 at = (start + PAGE_SIZE - 1) & ~(u64)(PAGE_SIZE - 1); at + PAGE_SIZE <= end; at += PAGE_SIZE)
		set_free((u32)at / PAGE_SIZE, true);
}

__cold void frames_reserve(u64 start, u64 end)
{
	if (end > LINEAR_SIZE)
		end = LINEAR_SIZE;
	for (u64 at = start & ~(u64)(PAGE_SIZE - 1); at < end; at += PAGE_SIZE)
		set_free((u32)at / PAGE_SIZE, false);
}

u32 frames_fail_at;

static bool must_fail(void)
{
	return frames_fail_at && --frames_fail_at == 0;
}

/* Moves hint on to the next word that has a free frame. False: none has. */
static bool next_word(void)
{
	for (u32 n = 0; n < ARRAY_SIZE(free_map); n++) {
		hint = hint + 1 < ARRAY_SIZE(free_map) ? hint + 1 : 0;
		if (free_map[hint])
			return true;
	}
	return false;
}

void *frame_alloc(void)
{
	u32 bits;

	if (must_fail() || (!free_map[hint] && !next_word()))
		return NULL;
	bits = free_map[hint];
	free_map[hint] = bits & (bits - 1); /* without the lowest, which is the one */
	available--;
	return phys_to_virt((hint * 32 + (u32)__builtin_ctz(bits)) * PAGE_SIZE);
}

void *frame_alloc_zero(void)
{
	void *frame = frame_alloc();

	return frame ? memset(frame, 0, PAGE_SIZE) : NULL;
}

void *frames_alloc(u32 count)
{
	u32 run = 0;

	if (count == 1)
		return frame_alloc();
	if (must_fail())
		return NULL;
	for (u32 frame = 0; frame < FRAMES; frame++) {
		run = is_free(frame) ? run + 1 : 0;
		if (run < count)
			continue;
		for (u32 n = 0; n < count; n++)
			set_free(frame - n, false);
		return phys_to_virt((frame - count + 1) * PAGE_SIZE);
	}
	return NULL;
}

__cold void *frames_share(u32 part, u32 most, u32 *size)
{
	u32 count = available / part;

	if (count > most / PAGE_SIZE)
		count = most / PAGE_SIZE;
	*size = count * PAGE_SIZE;
	return count ? frames_alloc(count) : NULL;
}

void frame_free(void *frame)
{
	set_free(virt_to_phys(frame) / PAGE_SIZE, true);
}

void frames_free(void *frame, u32 count)
{
	for (u32 n = 0; n < count; n++)
		frame_free((u8 *)frame + n * PAGE_SIZE);
}

u32 frames_available(void)
{
	return available;
}
