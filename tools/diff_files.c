/* SPDX-License-Identifier: GPL-2.0-only */
/* cr86 diff: descriptors, by number. */
#include <stdio.h>
#include <string.h>

#include "comparison.h"

/* A place among an image's descriptors, which stand in rising order, each in three records. */
struct cursor {
	const struct image *image;
	struct record record;
	bool valid;
	struct cr_hdr_fd_ent ent;
	char text[FIELD_TEXT_SIZE + 64]; /* what it leads to */
};

static void next_fd(struct cursor *c)
{
	struct cr_hdr_fd_data data;
	char name[FIELD_TEXT_SIZE];

	snprintf(c->text, sizeof(c->text), "none");
	do
		c->valid = image_next(c->image, c->valid ? &c->record : NULL, &c->record);
	while (c->valid && c->record.hdr.type != CR_HDR_FD_ENT);
	if (!c->valid)
		return;
	memcpy(&c->ent, c->record.payload, sizeof(c->ent));
	image_next(c->image, &c->record, &c->record);
	memcpy(&data, c->record.payload, sizeof(data));
	image_next(c->image, &c->record, &c->record);
	field_format(name, &(struct field){.kind = FIELD_TEXT, .size = CR_FNAME_SIZE}, c->record.payload);
	snprintf(c->text, sizeof(c->text), "%s flags %o at %llu", name, data.f_flags, (unsigned long long)data.f_pos);
}

void compare_files(struct comparison *c)
{
	struct cursor a = {.image = &c->a.image}, b = {.image = &c->b.image};

	next_fd(&a);
	next_fd(&b);
	while (a.valid || b.valid) {
		bool only_a = !b.valid || (a.valid && a.ent.fd < b.ent.fd);
		bool only_b = !a.valid || (b.valid && b.ent.fd < a.ent.fd);
		const char *text_a = only_b ? "none" : a.text, *text_b = only_a ? "none" : b.text;

		if (strcmp(text_a, text_b) != 0) {
			printf("descriptor %d: A=%s B=%s\n", only_b ? b.ent.fd : a.ent.fd, text_a, text_b);
			c->differences++;
		}
		if (!only_b)
			next_fd(&a);
		if (!only_a)
			next_fd(&b);
	}
}
