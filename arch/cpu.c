/* SPDX-License-Identifier: GPL-2.0-only */
#include "cpu.h"
#include "msr.h"
#include "string.h"

struct cpu cpu;

enum { CPUID_FEATURES = 1, CPUID_XSTATE = 0xd };
#define CPUID_MSR   BIT(5)  /* of CPUID.1:EDX */
#define CPUID_XSAVE BIT(26) /* of CPUID.1:ECX */

static u32 highest_leaf, highest_extended;

/* CPUID is there if software can change EFLAGS.ID (SDM 1 §20.1.2). */
static bool cpuid_exists(void)
{
	u32 before, after;

	__asm__ volatile("pushfl\n\t"
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
			 : "i"(EFLAGS_ID));
	return (before ^ after) & EFLAGS_ID;
}

static struct cpuid_result cpuid_raw(u32 leaf, u32 subleaf)
{
	struct cpuid_result r;

	__asm__ volatile("cpuid" : "=a"(r.eax), "=b"(r.ebx), "=c"(r.ecx), "=d"(r.edx) : "a"(leaf), "c"(subleaf));
	return r;
}

static struct cpuid_result cpuid(u32 leaf, u32 subleaf)
{
	u32 highest = leaf & 0x80000000 ? highest_extended : highest_leaf;

	return cpu.has_cpuid && leaf <= highest ? cpuid_raw(leaf, subleaf) : (struct cpuid_result){0};
}

struct cpuid_result cpu_cpuid(u32 leaf, u32 subleaf)
{
	struct cpuid_result r = cpuid(leaf, subleaf);

	if (leaf == CPUID_FEATURES && !cpu.has_xsave)
		r.ecx &= ~CPUID_XSAVE;
	return leaf == CPUID_XSTATE && !cpu.has_xsave ? (struct cpuid_result){0} : r;
}

/* An FPU shows itself by a status word of 0 after FNINIT (SDM 1 §20.1.3, as on CPUs without CPUID). */
static bool fpu_exists(void)
{
	u16 fsw = 0x5a5a;

	write_cr0(read_cr0() & ~(CR0_EM | CR0_TS));
	__asm__ volatile("fninit\n\tfnstsw %0" : "+m"(fsw));
	return fsw == 0;
}

static void read_identity(void)
{
	struct cpuid_result r = cpuid(0, 0);

	memcpy(cpu.vendor, &r.ebx, 4);
	memcpy(cpu.vendor + 4, &r.edx, 4);
	memcpy(cpu.vendor + 8, &r.ecx, 4);
	for (u32 n = 0; n < 3; n++) {
		r = cpuid(0x80000002 + n, 0);
		memcpy(cpu.brand + 16 * n, &r, 16);
	}
	r = cpuid(CPUID_FEATURES, 0);
	cpu.stepping = r.eax & 0xf;
	cpu.model = r.eax >> 4 & 0xf;
	cpu.family = r.eax >> 8 & 0xf;
	if (cpu.family == 6 || cpu.family == 15)
		cpu.model |= r.eax >> 12 & 0xf0;
	if (cpu.family == 15)
		cpu.family += r.eax >> 20 & 0xff;
}

/*
 * A hypervisor or a firmware setting may hide leaves and leave the bits that announce them. A task's state must not
 * depend on that: components without a place are left alone, and without a place for x87 and SSE so is all of XSAVE.
 */
static void read_xsave(void)
{
	u32 announced = cpuid(CPUID_XSTATE, 0).eax & ~XSTATE_64BIT_ONLY;
	u32 variants = cpuid(CPUID_XSTATE, 1).eax;

	cpu.xcr0_supported = (u32)xstate_usable_xcr0((u32)~XSTATE_64BIT_ONLY, cpuid);
	cpu.has_xsave = cpu.xcr0_supported;
	cpu.has_xsaveopt = cpu.has_xsave && variants & BIT(0);
	cpu.has_xsavec = cpu.has_xsave && variants & BIT(1);
	if (!cpu.has_xsave)
		cpu.oddity = "CPUID leaf 0DH makes no sense: XSAVE is not used";
	else if (cpu.xcr0_supported != announced)
		cpu.oddity = "CPUID leaf 0DH gives components without a place, or not all of a set: they are not used";
}

/* CPUID.1, CPUID.7 and CPUID.0DH: SDM 2A, CPUID */
static void read_features(void)
{
	struct cpuid_result r1 = cpuid(CPUID_FEATURES, 0);

	cpu.features_edx = r1.edx;
	cpu.has_fpu = r1.edx & BIT(0);
	cpu.has_fxsr = cpu.has_fpu && r1.edx & BIT(24);
	cpu.has_sse = cpu.has_fxsr && r1.edx & BIT(25);
	cpu.has_pku = cpuid(7, 0).ecx & BIT(3);
	if (cpu.has_fxsr && r1.ecx & CPUID_XSAVE)
		read_xsave();
	/*
	 * AMD's leave the pointers alone, unless they say otherwise (XSaveErPtr, APM 2 §11.5.9 and APM 3, CPUID
	 * 8000_0008H)
	 */
	cpu.fxsave_leaks = (strcmp(cpu.vendor, "AuthenticAMD") == 0 || strcmp(cpu.vendor, "HygonGenuine") == 0) &&
			   !(cpuid(0x80000008, 0).ebx & BIT(2));
}

#define MSR_PATCH_LEVEL 0x8b /* AMD; IA32_BIOS_SIGN_ID for Intel */

/*
 * Intel: a 0 is written, CPUID puts the revision into the upper half (SDM 3 §9.11.7.1). AMD: the patch level stands in
 * the lower one (APM 2 §13.4). Other vendors have no such register.
 */
static u32 read_microcode(void)
{
	bool intel = strcmp(cpu.vendor, "GenuineIntel") == 0;
	u64 value;

	if (!(cpu.features_edx & CPUID_MSR) || (!intel && strcmp(cpu.vendor, "AuthenticAMD") != 0) ||
	    (intel && !msr_write(MSR_PATCH_LEVEL, 0)))
		return 0;
	cpuid_raw(CPUID_FEATURES, 0);
	if (!msr_read(MSR_PATCH_LEVEL, &value))
		return 0;
	return (u32)(intel ? value >> 32 : value);
}

const struct cpu_protection cpu_protections[] = {
	{"SMEP", CR4_SMEP, 7, 1, 7},
	{"SMAP", CR4_SMAP, 7, 1, 20},
	{"UMIP", CR4_UMIP, 7, 2, 2},
	{"MCE", CR4_MCE, 1, 3, 7},
};

void cpu_protect(void)
{
	u32 cr4 = 0;

	for (u32 n = 0; n < ARRAY_SIZE(cpu_protections); n++) {
		const struct cpu_protection *p = &cpu_protections[n];
		struct cpuid_result r = cpu_cpuid(p->leaf, 0);
		const u32 words[] = {r.eax, r.ebx, r.ecx, r.edx};

		if (words[p->word] >> p->bit & 1)
			cr4 |= p->cr4;
	}
	if (cr4)
		write_cr4(read_cr4() | cr4);
}

void cpu_init(bool use_cpuid)
{
	cpu.has_cpuid = use_cpuid && cpuid_exists();
	if (!cpu.has_cpuid) {
		memcpy(cpu.vendor, "i486", sizeof("i486"));
		cpu.family = 4;
		cpu.has_fpu = fpu_exists();
		cpu.features_edx = cpu.has_fpu;
		return;
	}
	highest_leaf = cpuid_raw(0, 0).eax;
	if (highest_leaf < CPUID_FEATURES)
		highest_leaf = CPUID_FEATURES; /* no CPU has CPUID and not this leaf */
	highest_extended = cpuid_raw(0x80000000, 0).eax;
	if (highest_extended < 0x80000000 || highest_extended > 0x8000ffff)
		highest_extended = 0; /* a CPU without extended leaves answers with its highest basic one */
	read_identity();
	read_features();
	cpu.microcode = read_microcode();
}
