/* SPDX-License-Identifier: GPL-2.0-only */
/* From a vector to the image of the task that is to be restarted from it: the same for all places that cases run in. */
#ifndef CONFORMANCE_COMPOSE_H
#define CONFORMANCE_COMPOSE_H

#include "vector.h"

#define COMPOSE_NAME "case"
#define COMPOSE_PID  0x1000u

/* The page with a case's code. Behind it stand INT3s, so that a case that runs too far ends at once. */
const u8 *compose_code(const struct case_vector *c);

/*
 * Writes all records, from HEAD to TAIL, with the sizes of components that `layout` has. 0, or a negative errno with the
 * details in ctx->error. Without a case the image is of registers alone.
 */
int compose_image(struct cr_ctx *ctx, const struct cr_hdr_head *head, const struct case_vector *c,
		  const struct vector *v, const struct xstate_layout *layout);

#endif
