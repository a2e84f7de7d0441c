/* SPDX-License-Identifier: GPL-2.0-only */
#include "cases.h"

extern const struct selftest_case memory_cases[], cpu_cases[], machine_cases[], restart_cases[];

const struct selftest_case *const selftest_tables[] = {memory_cases, cpu_cases, machine_cases, restart_cases, NULL};
