/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The module that a task's program is from. Where it is here, and is the same, the text of a restarted task comes from it;
 * where none of that name is here, from the image; another one is no way to go on.
 */
#ifndef KERNEL_PROGRAM_H
#define KERNEL_PROGRAM_H

#include "store.h"

/* Names the module in `program`, if there is one of that name. */
void program_name(struct cr_program *program, const char *module);

/* Size and checksum of the module that `program` names, which is here; unless they are known already. */
void program_identify(struct cr_program *program);

/*
 * Puts the module of the image's program into *module; NULL: it is not here. Refuses the image where it is another than
 * the image says: returns 0 or -EINVAL.
 */
int program_find(struct cr_ctx *ctx, const struct cr_image *image, const struct image **module);

#endif
