/* SPDX-License-Identifier: GPL-2.0-only */
/* The host command, called within this process. */
#ifndef TESTS_FUZZ_COMMAND_H
#define TESTS_FUZZ_COMMAND_H

#include "fuzz.h"
#include "image.h"

/* What a call came to. It stays until the next. */
struct outcome {
	int status;
	char *out, *err; /* all that was printed */
	size_t out_size, err_size;
	u32 lines; /* of standard output */
};

/* cr86 ARGUMENT..., the last of which is NULL. What holds of every call is required here. */
struct outcome cr86(const char *argument, ...) __attribute__((sentinel));

/* The name of a file with these bytes. There are two such files, 0 and 1; each is replaced. */
const char *as_file(u32 n, const u8 *data, size_t size);

/* PATH is where the command may write a file NAME: in a directory of this process's own, which goes with it. */
void scratch_path(char path[4096], const char *name);

/* Whether the reader takes the bytes for one image and nothing else. */
bool is_image(const u8 *data, size_t size);

#endif
