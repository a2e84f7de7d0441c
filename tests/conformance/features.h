/* SPDX-License-Identifier: GPL-2.0-only */
/* What a case may need of a CPU, by name. */
#ifndef CONFORMANCE_FEATURES_H
#define CONFORMANCE_FEATURES_H

#include "xstate.h"

/* Whether the machine has what `needs` lists. If not, *missing is the first that it lacks (*length characters). */
bool features_met(const char *needs, const char **missing, u32 *length);

/* XSAVE components that a case's needs name: it cannot run where the kernel saves less. */
u32 features_components(const char *needs);

#endif
