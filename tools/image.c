/* SPDX-License-Identifier: GPL-2.0-only */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "command.h"
#include "image.h"
#include "record.h"

/* --- Opening --- */

int image_validate(const u8 *data, u32 size, struct cr_image *cr, struct cr_error *error)
{
	struct cr_bytes bytes = {data, size};
	struct cr_ctx ctx = {.source = cr_bytes_source, .cookie = &bytes};
	int ret;

	memset(cr, 0, sizeof(*cr));
	ret = cr_read_image(&ctx, &cr_any_machine, cr);
	*error = ctx.error;
	return ret;
}

/* Text from an image, for a terminal: whatever is not printable ASCII becomes \xNN. */
static void printable(char *to, u32 size, const char *from, u32 length)
{
	u32 at = 0;

	for (u32 n = 0; n < length && from[n]; n++) {
		unsigned char c = (unsigned char)from[n];
		bool plain = c >= 0x20 && c < 0x7f && c != '\\';

		if (at + 5 > size)
			break;
		at += (u32)snprintf(to + at, size - at, plain ? "%c" : "\\x%02x", c);
	}
	to[at] = '\0';
}

bool image_open(struct image *image, const char *path)
{
	struct cr_error error;
	char why[256];

	image->path = path;
	if (!file_read(path, &image->file))
		return false;
	if (image_validate(image->file.data, image->file.size, &image->cr, &error) < 0) {
		cr_error_format(why, sizeof(why), &error);
		trouble("%s: %s", path, why);
	} else if (image->cr.size != image->file.size) {
		trouble("%s: %u bytes at offset %u: expected none after TAIL", path, image->file.size - image->cr.size,
			image->cr.size);
	} else {
		printable(image->comm, sizeof(image->comm), image->cr.comm, sizeof(image->cr.comm));
		return true;
	}
	image_close(image);
	return false;
}

void image_close(struct image *image)
{
	file_free(&image->file);
}

/* --- Walking. The reader has accepted the image, so every length in it is right. --- */

bool image_next(const struct image *image, const struct record *previous, struct record *next)
{
	u32 pos = previous ? previous->offset + previous->size : 0;
	struct cr_record r;

	if (pos >= image->cr.size)
		return false;
	r = cr_record_at(image->file.data, pos);
	next->offset = pos;
	next->size = r.size;
	next->hdr = r.hdr;
	next->payload = image->file.data + cr_payload(&r);
	next->raw = next->payload + r.hdr.len;
	next->raw_size = r.raw_size;
	return true;
}

struct pages record_pages(const struct record *pgarr)
{
	u32 count = pgarr->raw_size / (u32)(sizeof(u32) + PAGE_SIZE);

	return (struct pages){count, pgarr->raw, pgarr->raw + count * sizeof(u32)};
}

u32 page_address(const struct pages *pages, u32 n)
{
	u32 address;

	memcpy(&address, pages->addresses + n * sizeof(address), sizeof(address));
	return address;
}

/* --- Fields --- */

#define FIELD(RECORD, type, member, kind_, writer_)                                                                    \
	{                                                                                                              \
		.record = CR_HDR_##RECORD, .offset = offsetof(struct type, member),                                    \
		.size = sizeof(((struct type *)0)->member), .name = #member, .kind = FIELD_##kind_, .writer = writer_  \
	}
#define HEAD(member, kind, writer) FIELD(HEAD, cr_hdr_head, member, kind, writer)
#define TASK(member, kind)	   FIELD(TASK, cr_hdr_task, member, kind, false)
#define MM(member, kind)	   FIELD(MM, cr_hdr_mm, member, kind, false)
#define VMA(member, kind)	   FIELD(VMA, cr_hdr_vma, member, kind, false)

const struct field fields[] = {
	HEAD(magic, HEX, true),
	HEAD(major, DECIMAL, true),
	HEAD(minor, DECIMAL, true),
	HEAD(patch, DECIMAL, true),
	HEAD(rev, DECIMAL, true), /* follows from there being XSTATE, SIGNAL or PROGRAM, which are compared as such */
	HEAD(time, TIME, true),
	HEAD(flags, HEX, true),
	HEAD(release, TEXT, true),
	HEAD(version, TEXT, true),
	HEAD(machine, TEXT, false),

	TASK(state, DECIMAL),
	TASK(exit_state, DECIMAL),
	TASK(exit_code, DECIMAL),
	TASK(exit_signal, DECIMAL),
	TASK(task_comm_len, SIGNED),
	{.record = CR_HDR_STRING, .size = CR_TASK_COMM_LEN, .name = "comm", .kind = FIELD_TEXT},

	MM(objref, DECIMAL),
	MM(map_count, DECIMAL),
	MM(start_code, HEX),
	MM(end_code, HEX),
	MM(start_data, HEX),
	MM(end_data, HEX),
	MM(start_brk, HEX),
	MM(brk, HEX),
	MM(start_stack, HEX),
	MM(arg_start, HEX),
	MM(arg_end, HEX),
	MM(env_start, HEX),
	MM(env_end, HEX),

	VMA(vma_type, DECIMAL),
	VMA(vm_start, HEX),
	VMA(vm_end, HEX),
	VMA(vm_page_prot, HEX),
	VMA(vm_flags, HEX),
	VMA(vm_pgoff, HEX),
	FIELD(PGARR, cr_hdr_pgarr, nr_pages, DECIMAL, false),
	FIELD(MM_CONTEXT, cr_hdr_mm_context, ldt_entry_size, SIGNED, false),
	FIELD(MM_CONTEXT, cr_hdr_mm_context, nldt, SIGNED, false),

	FIELD(FILES, cr_hdr_files, objref, DECIMAL, false),
	FIELD(FILES, cr_hdr_files, nfds, DECIMAL, false),
	FIELD(FD_ENT, cr_hdr_fd_ent, objref, DECIMAL, false),
	FIELD(FD_ENT, cr_hdr_fd_ent, fd, SIGNED, false),
	FIELD(FD_ENT, cr_hdr_fd_ent, close_on_exec, DECIMAL, false),
	FIELD(FD_DATA, cr_hdr_fd_data, fd_type, DECIMAL, false),
	FIELD(FD_DATA, cr_hdr_fd_data, f_mode, DECIMAL, false),
	FIELD(FD_DATA, cr_hdr_fd_data, f_flags, HEX, false),
	FIELD(FD_DATA, cr_hdr_fd_data, f_pos, DECIMAL, false),
	FIELD(FD_DATA, cr_hdr_fd_data, f_version, DECIMAL, false),
	{.record = CR_HDR_FNAME, .size = CR_FNAME_SIZE, .name = "name", .kind = FIELD_TEXT},

	FIELD(THREAD, cr_hdr_thread, gdt_entry_tls_entries, SIGNED, false),
	FIELD(THREAD, cr_hdr_thread, sizeof_tls_array, SIGNED, false),
	FIELD(THREAD, cr_hdr_thread, ntls, SIGNED, false),

	FIELD(XSTATE, cr_hdr_xstate, component, DECIMAL, false),
	FIELD(XSTATE, cr_hdr_xstate, size, DECIMAL, false),

	FIELD(SIGNAL, cr_hdr_signal, blocked, HEX, false),
	FIELD(SIGNAL, cr_hdr_signal, pending, HEX, false),
	FIELD(SIGNAL, cr_hdr_signal, sas_ss_sp, HEX, false),
	FIELD(SIGNAL, cr_hdr_signal, sas_ss_size, DECIMAL, false),
	FIELD(SIGNAL, cr_hdr_signal, cr2, HEX, false),
	FIELD(SIGNAL, cr_hdr_signal, trap_nr, DECIMAL, false),
	FIELD(SIGNAL, cr_hdr_signal, error_code, HEX, false),

	FIELD(PROGRAM, cr_hdr_program, size, DECIMAL, false),
	FIELD(PROGRAM, cr_hdr_program, crc32, HEX, false),

	FIELD(TAIL, cr_hdr_tail, magic, HEX, true),
};
const u32 field_count = ARRAY_SIZE(fields);

static void time_format(char text[FIELD_TEXT_SIZE], u64 seconds)
{
	time_t t = (time_t)seconds;
	struct tm tm;

	if (t < 0 || (u64)t != seconds || !gmtime_r(&t, &tm) ||
	    !strftime(text, FIELD_TEXT_SIZE, "%Y-%m-%dT%H:%M:%SZ", &tm))
		snprintf(text, FIELD_TEXT_SIZE, "%" PRIu64 " s after 1970", seconds);
}

void field_format(char text[FIELD_TEXT_SIZE], const struct field *field, const u8 *payload)
{
	u64 value = 0;

	if (field->kind == FIELD_TEXT) {
		printable(text, FIELD_TEXT_SIZE, (const char *)payload + field->offset, field->size);
		return;
	}
	memcpy(&value, payload + field->offset, field->size);
	if (field->kind == FIELD_TIME)
		time_format(text, value);
	else if (field->kind == FIELD_HEX)
		snprintf(text, FIELD_TEXT_SIZE, "%0*" PRIx64, value >> 32 ? 16 : 8, value);
	else if (field->kind == FIELD_SIGNED && value >> (8 * field->size - 1))
		snprintf(text, FIELD_TEXT_SIZE, "%" PRId64, (s64)(value - ((u64)1 << 8 * field->size)));
	else
		snprintf(text, FIELD_TEXT_SIZE, "%" PRIu64, value);
}
