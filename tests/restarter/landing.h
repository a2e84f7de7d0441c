/* SPDX-License-Identifier: GPL-2.0-only */
/* Landing after a restart (landing.asm). */
#ifndef LANDING_H
#define LANDING_H

#include "program.h"

/* The page that images land in, at its middle; those whose ip has an upper bit flipped land in another of the kind. */
extern const u8 landing[PAGE_SIZE];
#define LANDING_MIDDLE (landing + PAGE_SIZE / 2)

/* What landing_take() puts into the registers. */
extern struct registers landing_registers;

/* The four registers that the landing's system call takes, as they were before it. */
extern struct {
	u32 eax, ebx, ecx, edx;
} landing_saved;

/* A new image, to be checkpointed to. */
extern s32 landing_fd;

#define LANDED 1

/* Goes to `middle` with landing_registers, and takes an image. LANDED, or checkpoint's errno. */
s32 landing_take(const void *middle);

/* LANDED: the image was accepted, and another one taken where it landed. Or restart's errno. */
s32 landing_restart(s32 fd);

/*
 * Code for the end of a page at LANDING_CODE, in an image with memory: it tries to take a new image to each descriptor in
 * turn, and restarts the one called HOME. After the first try ip is at landing_code_first, after the last one, which was to
 * FILES - 1, at landing_code_last; each is as long as the others.
 */
extern const u8 landing_code[], landing_code_first[], landing_code_last[], landing_code_end[];
#define LANDING_CODE 0x40000000u
#define HOME	     "/image/home"
#define FILES	     8 /* as in kernel/files.h */

#endif
