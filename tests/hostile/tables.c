/* SPDX-License-Identifier: GPL-2.0-only */
/* The self-tests of build/hostile. */
#include "cases.h"

extern const struct selftest_case cost_cases[], file_cases[], fault_cases[], limit_cases[], sweep_cases[];

const struct selftest_case *const selftest_tables[] = {cost_cases,  file_cases,	 fault_cases,
						       limit_cases, sweep_cases, NULL};
