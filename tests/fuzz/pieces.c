/* SPDX-License-Identifier: GPL-2.0-only */
#include "pieces.h"

void pieces_init(struct pieces *p, u8 *data, size_t size, size_t max, unsigned seed,
		 u32 (*find)(const struct buffer *b, struct span *spans, u32 max))
{
	p->b = (struct buffer){data, (u32)size};
	p->max = (u32)max;
	p->random = seed;
	p->find = find;
	p->count = find(&p->b, p->span, PIECES_MAX);
}

/* Knuth's MMIX generator; its upper bits are the better ones. */
u32 pieces_random(struct pieces *p, u32 below)
{
	p->random = p->random * 6364136223846793005u + 1442695040888963407u;
	return (u32)((p->random >> 32) * below >> 32);
}

struct span pieces_any(struct pieces *p)
{
	return p->count ? p->span[pieces_random(p, p->count)] : (struct span){0, 0};
}

void pieces_splice(struct pieces *p, u32 at, u32 old, const void *bytes, u32 count)
{
	u8 *copy = malloc(count + 1);

	if (copy && p->b.size - old + count <= p->max) {
		if (count)
			memcpy(copy, bytes, count);
		memmove(p->b.data + at + count, p->b.data + at + old, p->b.size - at - old);
		memcpy(p->b.data + at, copy, count);
		p->b.size += count - old;
		p->count = p->find(&p->b, p->span, PIECES_MAX);
	}
	free(copy);
}

static void move(struct pieces *p, struct span from, struct span to)
{
	u8 *copy = malloc(from.size + 1);

	if (copy) {
		memcpy(copy, p->b.data + from.at, from.size);
		pieces_splice(p, from.at, from.size, NULL, 0);
		pieces_splice(p, to.at > from.at ? to.at - from.size : to.at, 0, copy, from.size);
	}
	free(copy);
}

/* By libFuzzer, which may make it longer or shorter. */
static void change(struct pieces *p, struct span piece)
{
	u32 room = piece.size + 64;
	u8 *copy = malloc(room);

	if (copy) {
		memcpy(copy, p->b.data + piece.at, piece.size);
		pieces_splice(p, piece.at, piece.size, copy, (u32)LLVMFuzzerMutate(copy, piece.size, room));
	}
	free(copy);
}

void pieces_mutate(struct pieces *p)
{
	struct span one = pieces_any(p), other = pieces_any(p);

	switch (pieces_random(p, 8)) {
	case 0:
		pieces_splice(p, one.at, one.size, NULL, 0);
		break;
	case 1:
		pieces_splice(p, one.at, 0, p->b.data + one.at, one.size);
		break;
	case 2:
		move(p, one, other);
		break;
	case 3:
		pieces_splice(p, one.at, one.size, p->b.data + other.at, other.size);
		break;
	case 4:
		p->b.size = one.at + pieces_random(p, one.size + 1);
		break;
	default:
		change(p, one);
		break;
	}
}
