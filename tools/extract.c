/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * cr86 extract: results and images out of what a machine sent. A log of the serial line holds TAP, and images in armour; a
 * capture of the debug port holds images as bytes. All of it is checked before anything is written: a damaged log gives
 * nothing at all.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "armour.h"
#include "command.h"
#include "image.h"
#include "results.h"

/* An image that was found: in a buffer of its own, or a part of the log. */
struct found {
	char name[ARMOUR_NAME_SIZE];
	const u8 *data;
	u32 size;
	u8 *owned;
};

struct harvest {
	struct found *images;
	u32 count;
	struct results results;
};

/* Adds an image; *owned, where there is one, is freed with it. Returns false without memory. */
static bool harvest_add(struct harvest *h, const char *name, const u8 *data, u32 size, u8 *owned)
{
	struct found *images = realloc(h->images, (h->count + 1) * sizeof(*images));

	if (!images) {
		free(owned);
		trouble("%s", strerror(ENOMEM));
		return false;
	}
	h->images = images;
	images[h->count] = (struct found){.data = data, .size = size, .owned = owned};
	snprintf(images[h->count].name, sizeof(images->name), "%s", name);
	h->count++;
	return true;
}

static void harvest_free(struct harvest *h)
{
	for (u32 n = 0; n < h->count; n++)
		free(h->images[n].owned);
	free(h->images);
	results_free(&h->results);
}

/* --- Bytes --- */

/* What every image begins with: HEAD's cr_hdr and magic. No text has these bytes. */
static const u8 head_bytes[16] = {0x01, 0x00, 0xe0, 0x00, 0x00, 0x00, 0x00, 0x00,
				  0x00, 0xd2, 0xa2, 0xc0, 0x0c, 0xed, 0xfe, 0x00};

/* Where the next image begins at or after `pos`, or the log's size. */
static u32 find_head(const struct file *log, u32 pos)
{
	const u8 *head = NULL;

	if (pos < log->size)
		head = memmem(log->data + pos, log->size - pos, head_bytes, sizeof(head_bytes));
	return head ? (u32)(head - log->data) : log->size;
}

/* The task's name as the name of a file. */
static void name_of_task(char name[ARMOUR_NAME_SIZE], const struct cr_image *cr)
{
	char one[2] = "";

	snprintf(name, ARMOUR_NAME_SIZE, "%.*s", CR_TASK_COMM_LEN, cr->comm);
	for (char *c = name; *c; c++) {
		one[0] = *c;
		if (!armour_name_valid(one))
			*c = '_';
	}
	if (!name[0])
		strcpy(name, "image");
}

static bool harvest_bytes(struct harvest *h, const char *path, const struct file *log)
{
	struct cr_image cr;

	for (u32 pos = find_head(log, 0); pos < log->size; pos = find_head(log, pos + cr.size)) {
		char name[ARMOUR_NAME_SIZE], why[256];
		struct cr_error error;

		if (image_validate(log->data + pos, log->size - pos, &cr, &error) < 0) {
			cr_error_format(why, sizeof(why), &error);
			trouble("%s: image at offset %u: %s", path, pos, why);
			return false;
		}
		name_of_task(name, &cr);
		if (!harvest_add(h, name, log->data + pos, cr.size, NULL))
			return false;
	}
	return true;
}

/* --- Armour --- */

/* Room for the image that has begun, or false with the reason in the reader's error, where all others are. */
static bool begin_image(struct armour_reader *reader, u8 **image)
{
	if (reader->size <= FILE_SIZE_MAX)
		*image = malloc(reader->size ? reader->size : 1);
	if (!*image)
		snprintf(reader->error, sizeof(reader->error), "line %u: no memory for an image of %u bytes",
			 reader->line, reader->size);
	return *image;
}

/* One line of the log. *image is the buffer of the image that is being read; whole, it goes to the harvest. */
static bool harvest_line(struct harvest *h, struct armour_reader *reader, const char *path, const char *line,
			 u32 length, u8 **image)
{
	u8 *whole;

	switch (armour_read_line(reader, line, length)) {
	case ARMOUR_TEXT:
		return results_line(&h->results, path, reader->line, line, length);
	case ARMOUR_BEGIN:
		return begin_image(reader, image);
	case ARMOUR_BYTES:
		memcpy(*image + reader->received - reader->count, reader->bytes, reader->count);
		return true;
	case ARMOUR_END:
		whole = *image;
		*image = NULL;
		return harvest_add(h, reader->name, whole, reader->size, whole);
	default:
		return false;
	}
}

static bool harvest_armour(struct harvest *h, const char *path, const struct file *log)
{
	struct armour_reader reader = {0};
	u8 *image = NULL;
	bool ok = true;

	for (u32 pos = 0, length; ok && pos < log->size; pos += length) {
		const char *line = (const char *)log->data + pos;
		const char *end = memchr(line, '\n', log->size - pos);

		length = end ? (u32)(end + 1 - line) : log->size - pos;
		ok = harvest_line(h, &reader, path, line, length, &image);
	}
	ok = ok && armour_read_end(&reader) == 0;
	if (!ok && reader.error[0])
		trouble("%s: %s", path, reader.error);
	free(image);
	return ok;
}

/* --- Writing --- */

/* How many images before this one have its name. */
static u32 namesakes(const struct harvest *h, u32 index)
{
	u32 count = 0;

	for (u32 n = 0; n < index; n++)
		count += strcmp(h->images[n].name, h->images[index].name) == 0;
	return count;
}

static bool write_image(const struct harvest *h, u32 index, const char *directory)
{
	const struct found *image = &h->images[index];
	u32 before = namesakes(h, index);
	char path[4096], number[16] = "";
	int length;

	if (before)
		snprintf(number, sizeof(number), "-%u", before + 1);
	length = snprintf(path, sizeof(path), "%s/%s%s.img", directory, image->name, number);
	if (length >= (int)sizeof(path)) {
		trouble("%s: %s", directory, strerror(ENAMETOOLONG));
		return false;
	}
	if (!file_write(path, image->data, image->size))
		return false;
	printf("%s: %u bytes\n", path, image->size);
	return true;
}

static int write_all(const struct harvest *h, const char *directory)
{
	if (mkdir(directory, 0777) != 0 && errno != EEXIST)
		return trouble("%s: %s", directory, strerror(errno));
	for (u32 n = 0; n < h->count; n++)
		if (!write_image(h, n, directory))
			return STATUS_TROUBLE;
	return results_write(&h->results, directory) ? STATUS_OK : STATUS_TROUBLE;
}

/* --- The command --- */

static int extract_from(const char *path, const char *directory)
{
	struct harvest harvest = {0};
	int status = STATUS_TROUBLE;
	struct file log;
	bool ok;

	if (!file_read(path, &log))
		return STATUS_TROUBLE;
	if (find_head(&log, 0) < log.size)
		ok = harvest_bytes(&harvest, path, &log);
	else
		ok = harvest_armour(&harvest, path, &log);
	if (ok && harvest.count == 0 && harvest.results.count == 0) {
		trouble("%s: no image, and no results", path);
		status = STATUS_DIFFERENT;
	} else if (ok) {
		status = write_all(&harvest, directory);
	}
	harvest_free(&harvest);
	file_free(&log);
	return status;
}

static int extract(int argc, char **argv)
{
	struct argument arguments[] = {{.noun = "log"}, {.option = "-o", .noun = "directory"}};
	int status;

	if (!take_arguments(&extract_command, argc, argv, arguments, ARRAY_SIZE(arguments), &status))
		return status;
	return extract_from(arguments[0].value, arguments[1].value);
}

const struct command extract_command = {
	.name = "extract",
	.synopsis = "LOG -o DIR",
	.summary = "take results and images out of a serial log or a debug-port capture",
	.run = extract,
	.help = "DESCRIPTION\n"
		"    Finds results and images in LOG and writes them to DIR, which is made if it is missing. LOG is "
		"one of\n"
		"\n"
		"    - a log of the serial line (kernel option image=serial), where an image stands as lines of text\n"
		"      between -----BEGIN CR86 IMAGE NAME BYTES----- and -----END CR86 IMAGE NAME crc32 ...-----.\n"
		"      Lines of other output may stand before and after an image, never inside it. The image becomes\n"
		"      DIR/NAME.img. The results, from the line \"TAP version 13\" to the verdict, become\n"
		"      DIR/results.tap; those of another boot or of a repeated run, DIR/results-2.tap.\n"
		"    - a capture of the debug port (image=debug), where images stand as they are, between bytes of\n"
		"      anything else. An image is named after its task, and validated as by cr86 check.\n"
		"\n"
		"    A second image of a name becomes NAME-2.img, a third NAME-3.img. Files of these names are\n"
		"    replaced. One line is printed for each file.\n"
		"\n"
		"    A log with a damaged, missing or additional line is refused with that line's number; where only\n"
		"    the checksum tells, with the numbers of the image's first and last line. So is one whose results "
		"are\n"
		"    not those of the verdict's checksum. Nothing is written then.\n"
		"    A file appears under its name only when it is complete.\n"
		"\n"
		"OPTIONS\n"
		"    -o DIR   the directory to write to\n"
		"    --help   print this text\n"
		"\n"
		"EXIT STATUS\n"
		"    0   results, or at least one image, were written\n"
		"    1   LOG holds neither\n"
		"    2   LOG was refused, or a file could not be read or written\n"
		"\n"
		"EXAMPLES\n"
		"    cr86 extract console.log -o images\n",
};
