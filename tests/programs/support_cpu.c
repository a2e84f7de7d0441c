/* SPDX-License-Identifier: GPL-2.0-only */
/* What the CPU has, and what the kernel has enabled of it: all asked from ring 3, of the CPU itself. */
#include "program.h"

#define CR0_EM BIT(2) /* x87 instructions trap: there is no FPU (SDM 3 §2.5) */

/* A CPU has CPUID if a program can change EFLAGS.ID (SDM 1 §3.4.3.3): the 80486 came without at first. */
bool cpu_has_cpuid(void)
{
	u32 before, after;

	asm volatile("pushfl\n\t"
		     "popl %0\n\t"
		     "movl %0, %1\n\t"
		     "xorl %2, %1\n\t"
		     "pushl %1\n\t"
		     "popfl\n\t"
		     "pushfl\n\t"
		     "popl %1\n\t"
		     "pushl %0\n\t"
		     "popfl"
		     : "=&r"(before), "=&r"(after)
		     : "i"(EFLAGS_ID)
		     : "cc");
	return (before ^ after) & EFLAGS_ID;
}

static struct cpuid cpuid_raw(u32 leaf, u32 subleaf)
{
	struct cpuid result;

	asm volatile("cpuid"
		     : "=a"(result.eax), "=b"(result.ebx), "=c"(result.ecx), "=d"(result.edx)
		     : "a"(leaf), "c"(subleaf));
	return result;
}

/* Intel's CPUs answer a leaf beyond the last with the last one's values: hence the look at leaf 0 first. */
struct cpuid cpuid(u32 leaf, u32 subleaf)
{
	if (!cpu_has_cpuid() || cpuid_raw(0, 0).eax < leaf)
		return (struct cpuid){0};
	return cpuid_raw(leaf, subleaf);
}

bool cpu_is_amd(void)
{
	struct cpuid vendor = cpuid(0, 0);
	char name[12];

	memcpy(name, &vendor.ebx, 4);
	memcpy(name + 4, &vendor.edx, 4);
	memcpy(name + 8, &vendor.ecx, 4);
	return memcmp(name, "AuthenticAMD", sizeof(name)) == 0 || memcmp(name, "HygonGenuine", sizeof(name)) == 0;
}

/* QEMU's own CPU says so in the leaf that belongs to hypervisors. */
bool cpu_is_tcg(void)
{
	return cpuid(1, 0).ecx & CPUID_1_ECX_HYPERVISOR && cpuid_raw(0x40000000, 0).ebx == 0x54474354; /* "TCGT" */
}

/* SMSW reads CR0's lower half in ring 3 on every CPU that is old enough to lack CPUID. */
bool cpu_has_fpu(void)
{
	u32 cr0;

	if (cpu_has_cpuid())
		return cpuid(1, 0).edx & CPUID_1_EDX_FPU;
	asm volatile("smsw %0" : "=r"(cr0));
	return !(cr0 & CR0_EM);
}

static void fxsave(struct fxsave *image)
{
	asm volatile("fxsave %0" : "=m"(*image));
}

/*
 * Whether CR4.OSFXSR is set: without it every SSE instruction is an invalid opcode, and that would be this program's
 * end. Ring 3 cannot read CR4, but FXSAVE shows it: it stores the XMM registers only with OSFXSR (SDM 2, FXSAVE). So
 * two images over different backgrounds agree where XMM0 was stored, and show their backgrounds where it was not.
 */
static bool fxsave_stores_xmm(void)
{
	static struct fxsave image __attribute__((aligned(16)));
	u8 first;

	memset(&image, 0x00, sizeof(image));
	fxsave(&image);
	first = image.xmm[0][0];
	memset(&image, 0xff, sizeof(image));
	fxsave(&image);
	return image.xmm[0][0] == first;
}

bool cpu_has_sse(void)
{
	const u32 needed = CPUID_1_EDX_FPU | CPUID_1_EDX_FXSR | CPUID_1_EDX_SSE;

	return (cpuid(1, 0).edx & needed) == needed && fxsave_stores_xmm();
}

u32 cpu_mxcsr_mask(void)
{
	static struct fxsave image __attribute__((aligned(16)));

	fxsave(&image);
	return image.mxcsr_mask ? image.mxcsr_mask : MXCSR_MASK_DEFAULT;
}

u64 cpu_xcr0(void)
{
	u32 low, high;

	if (!(cpuid(1, 0).ecx & CPUID_1_ECX_OSXSAVE))
		return 0;
	asm volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
	return (u64)high << 32 | low;
}

bool segment_limit(u32 selector, u32 *limit)
{
	bool usable;

	*limit = 0;
	asm volatile("lsl %2, %0" : "+r"(*limit), "=@ccz"(usable) : "r"(selector));
	return usable;
}

bool segment_rights(u32 selector, u32 *rights)
{
	bool usable;

	*rights = 0;
	asm volatile("lar %2, %0" : "+r"(*rights), "=@ccz"(usable) : "r"(selector));
	return usable;
}

bool cpu_has_avx(void)
{
	return cpuid(1, 0).ecx & CPUID_1_ECX_AVX && (cpu_xcr0() & XCR0_SSE_AVX) == XCR0_SSE_AVX;
}
