/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * cr86 extract on any log: either it writes results and images, whole, and extracts the same images from a log made of
 * them; or it writes nothing at all.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "armour.h"
#include "command.h"
#include "log_inputs.h"

/*
 * An image of the directory into a log, under its name, and the name and its size into a list. (A name that has become too
 * long by -2 cannot be sent.)
 */
static void pack(const char *path, const char *name, struct buffer *log, struct buffer *list)
{
	struct file image;
	char line[4096];

	require(file_read(path, &image), "%s can be read", path);
	for (const char *c = name; *c; c++)
		require(armour_name_valid((char[]){*c, '\0'}), "a name for any file system: %s", name);
	if (armour_write(name, image.size, buffer_source, &(struct buffer){image.data, image.size}, put_line, log) ==
	    0) {
		snprintf(line, sizeof(line), "%s %u %08x\n", name, image.size,
			 image.size ? image.data[image.size - 1] : 0);
		buffer_sink(list, line, (u32)strlen(line));
	}
	file_free(&image);
}

/* Takes all images out of DIR, and DIR away, in the order of their names. Returns how many files there were. */
static u32 collect(const char *dir, struct buffer *log, struct buffer *list)
{
	struct dirent **entries;
	int count = scandir(dir, &entries, NULL, alphasort);
	u32 files = 0;

	for (int n = 0; n < count; n++) {
		char path[8192], *end = strrchr(entries[n]->d_name, '.');

		snprintf(path, sizeof(path), "%s/%s", dir, entries[n]->d_name);
		if (entries[n]->d_name[0] != '.' || strlen(entries[n]->d_name) > 2) {
			bool results = end && strcmp(end, ".tap") == 0;

			require(results || (end && strcmp(end, ".img") == 0), "no file but results and images: %s",
				entries[n]->d_name);
			*end = '\0';
			if (!results)
				pack(path, entries[n]->d_name, log, list);
			require(unlink(path) == 0, "%s can be removed", path);
			files++;
		}
		free(entries[n]);
	}
	free(entries);
	require(rmdir(dir) == 0, "%s is empty then", dir);
	return files;
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct buffer log = {0}, list = {0}, more = {0}, again = {0};
	char dir[4096];
	struct outcome o;
	struct stat st;

	scratch_path(dir, "images");
	o = cr86("extract", as_file(0, data, size), "-o", dir, NULL);
	if (o.status != 0) {
		require(!o.out_size && stat(dir, &st) != 0, "nothing is written: %s", o.out);
		return 0;
	}
	require(collect(dir, &log, &list) == o.lines, "a line for each file: %s", o.out);
	if (log.size) {
		o = cr86("extract", as_file(0, log.data, log.size), "-o", dir, NULL);
		require(o.status == 0, "what was extracted can be sent and extracted again: %s", o.err);
		collect(dir, &more, &again);
		require(list.size == again.size && memcmp(list.data, again.data, list.size) == 0, "to the same images");
		require(log.size == more.size && memcmp(log.data, more.data, log.size) == 0, "byte for byte");
	}
	buffer_free(&log);
	buffer_free(&list);
	buffer_free(&more);
	buffer_free(&again);
	return 0;
}
