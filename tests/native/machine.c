/* SPDX-License-Identifier: GPL-2.0-only */
/* What this machine's CPU is, and what Linux lets a 32-bit process have of it. */
#include <string.h>

#include "native.h"
#include "printf.h"

static u32 highest_leaf, highest_extended, mxcsr_mask;
static struct xstate_layout layout;

static struct cpuid_result cpuid(u32 leaf, u32 subleaf)
{
	struct cpuid_result r;

	__asm__ volatile("cpuid" : "=a"(r.eax), "=b"(r.ebx), "=c"(r.ecx), "=d"(r.edx) : "a"(leaf), "c"(subleaf));
	return r;
}

struct cpuid_result platform_cpuid(u32 leaf, u32 subleaf)
{
	u32 highest = leaf & 0x80000000 ? highest_extended : highest_leaf;

	return leaf <= highest ? cpuid(leaf, subleaf) : (struct cpuid_result){0};
}

/* XCR0, where Linux has XSAVE in use (CPUID.1:ECX.OSXSAVE). */
static u32 read_xcr0(void)
{
	u32 low, high;

	if (!(platform_cpuid(1, 0).ecx & BIT(27)))
		return 0;
	__asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
	return low & ~XSTATE_64BIT_ONLY;
}

static u32 read_mxcsr_mask(void)
{
	static struct fxsave image __attribute__((aligned(16)));

	if (!(platform_cpuid(1, 0).edx & BIT(25)))
		return 0;
	__asm__ volatile("fxsave %0" : "=m"(image));
	return image.mxcsr_mask ? image.mxcsr_mask : MXCSR_MASK_DEFAULT;
}

void machine_init(void)
{
	highest_leaf = cpuid(0, 0).eax;
	highest_extended = cpuid(0x80000000, 0).eax;
	if (highest_extended < 0x80000000 || highest_extended > 0x8000ffff)
		highest_extended = 0;
	xstate_layout_init(&layout, read_xcr0(), platform_cpuid);
	mxcsr_mask = read_mxcsr_mask();
}

const struct xstate_layout *machine_layout(void)
{
	return &layout;
}

bool platform_has_fpu(void)
{
	return platform_cpuid(1, 0).edx & BIT(0);
}

u32 platform_components(void)
{
	return (u32)layout.xcr0 | XSTATE_LEGACY_MASK;
}

u32 platform_mxcsr_mask(void)
{
	return mxcsr_mask;
}

bool machine_has_hypervisor(void)
{
	return platform_cpuid(1, 0).ecx & BIT(31);
}

void machine_describe(char *line, u32 size)
{
	struct cpuid_result r = platform_cpuid(0, 0), brand[3] = {0};
	u32 vendor[4] = {r.ebx, r.edx, r.ecx, 0}, signature = platform_cpuid(1, 0).eax;
	u32 family = signature >> 8 & 0xf, model = signature >> 4 & 0xf;

	if (family == 6 || family == 15)
		model |= signature >> 12 & 0xf0;
	if (family == 15)
		family += signature >> 20 & 0xff;
	for (u32 n = 0; n < 3; n++)
		brand[n] = platform_cpuid(0x80000002 + n, 0);
	lib_snprintf(line, size, "CPU: %s, family %u model %u stepping %u, %.48s%s", (const char *)vendor, family,
		     model, signature & 0xf, (const char *)brand,
		     machine_has_hypervisor() ? ", under a hypervisor" : "");
}
