/* SPDX-License-Identifier: GPL-2.0-only */
#include "features.h"
#include "platform.h"
#include "string.h"

#define X87 BIT(XSTATE_X87)
#define SSE BIT(XSTATE_SSE)
#define AVX (SSE | BIT(XSTATE_AVX))
#define ZMM (AVX | BIT(XSTATE_OPMASK) | BIT(XSTATE_ZMM_HI256) | BIT(XSTATE_HI16_ZMM))
#define MPX (BIT(XSTATE_BNDREGS) | BIT(XSTATE_BNDCSR))
#define PKU BIT(XSTATE_PKRU)

/* XSAVE and the like: a path that saves by another instruction leaves CR4.OSXSAVE clear. Bit 31 is no component. */
#define XSAVE_ENABLED BIT(31)
#define XSAVE	      (X87 | SSE | XSAVE_ENABLED)

enum { EAX, EBX, ECX, EDX };

/* A bit of CPUID; bit 32 is no bit at all. `inverse`: the feature is there where the bit is 0. */
static const struct feature {
	const char *name;
	u32 leaf, subleaf;
	u8 output, bit;
	bool inverse;
	u32 components; /* of the state that it works on, which XCR0 must be able to hold from AVX on */
} features[] = {
	{"x87", 1, 0, EDX, 0, false, X87},
	{"vme", 1, 0, EDX, 1, false, 0},
	{"de", 1, 0, EDX, 2, false, 0},
	{"pse", 1, 0, EDX, 3, false, 0},
	{"tsc", 1, 0, EDX, 4, false, 0},
	{"sep", 1, 0, EDX, 11, false, 0},
	{"syscall", 0x80000001, 0, EDX, 11, false, 0},
	{"cmov", 1, 0, EDX, 15, false, 0},
	{"mmx", 1, 0, EDX, 23, false, X87},
	{"fxsr", 1, 0, EDX, 24, false, X87},
	{"sse", 1, 0, EDX, 25, false, SSE},
	{"sse2", 1, 0, EDX, 26, false, SSE},
	{"sse3", 1, 0, ECX, 0, false, SSE},
	{"ssse3", 1, 0, ECX, 9, false, SSE},
	{"fma", 1, 0, ECX, 12, false, AVX},
	{"sse4.1", 1, 0, ECX, 19, false, SSE},
	{"xsave", 1, 0, ECX, 26, false, XSAVE},
	{"avx", 1, 0, ECX, 28, false, AVX},
	{"f16c", 1, 0, ECX, 29, false, AVX},
	{"avx2", 7, 0, EBX, 5, false, AVX},
	{"mpx", 7, 0, EBX, 14, false, MPX},
	{"avx512f", 7, 0, EBX, 16, false, ZMM},
	{"avx512bw", 7, 0, EBX, 30, false, ZMM},
	{"amx", 7, 0, EDX, 24, false, 0},
	{"umip", 7, 0, ECX, 2, false, 0},
	{"pku", 7, 0, ECX, 3, false, PKU},
	{"nx", 0x80000001, 0, EDX, 20, false, 0},
	{"xsaveopt", 0xd, 1, EAX, 0, false, XSAVE},
	{"xsavec", 0xd, 1, EAX, 1, false, XSAVE},
	{"xgetbv1", 0xd, 1, EAX, 2, false, XSAVE},
	{"xsaves", 0xd, 1, EAX, 3, false, XSAVE},
	/* FDP is updated by all instructions, not only by those that raise an unmasked exception (SDM 1 §8.1.8) */
	{"fdp_always", 7, 0, EBX, 6, true, X87},
	/* FCS and FDS are saved, not 0 (SDM 1 §8.1.8) */
	{"fcs_fds", 7, 0, EBX, 13, true, X87},
};

/* Each case asks, and CPUID is slow in emulators and slower still under hypervisors: the answers are kept. */
static struct cpuid_result cpuid(u32 leaf, u32 subleaf)
{
	static struct {
		u32 leaf, subleaf;
		struct cpuid_result result;
	} known[8];
	static u32 count;
	struct cpuid_result r;

	for (u32 n = 0; n < count; n++)
		if (known[n].leaf == leaf && known[n].subleaf == subleaf)
			return known[n].result;
	r = platform_cpuid(leaf, subleaf);
	if (count < ARRAY_SIZE(known)) {
		known[count].leaf = leaf;
		known[count].subleaf = subleaf;
		known[count++].result = r;
	}
	return r;
}

static u32 cpuid_output(const struct feature *f)
{
	struct cpuid_result r = cpuid(f->leaf, f->subleaf);
	const u32 output[] = {r.eax, r.ebx, r.ecx, r.edx};

	return output[f->output];
}

static bool vendor_is(const char *vendor)
{
	struct cpuid_result r = cpuid(0, 0);
	u32 name[3] = {r.ebx, r.edx, r.ecx};

	return memcmp(name, vendor, sizeof(name)) == 0;
}

/* --- what no bit of CPUID says --- */

static bool has_cpuid(void)
{
	return cpuid(0, 0).eax;
}

static bool has_ring0(void)
{
	return platform_ring0;
}

static bool has_daz(void)
{
	return platform_mxcsr_mask() & BIT(6);
}

/* AMD's misaligned exception mask (APM 1 §4.2.2) */
static bool has_mxcsr_mm(void)
{
	return platform_mxcsr_mask() & BIT(17);
}

static bool is_amd(void)
{
	return vendor_is("AuthenticAMD") || vendor_is("HygonGenuine");
}

static bool is_intel(void)
{
	return vendor_is("GenuineIntel");
}

/*
 * x87 pointers survive FXSAVE and FXRSTOR, XSAVE and XRSTOR, whether an exception is pending or not. AMD's CPUs do not
 * store them without one, also where CPUID says RstrFpErrPtrs (APM 2 §11.5.9): then they store zeros.
 */
static bool has_pointers(void)
{
	return !is_amd();
}

/*
 * The error code of a page fault tells fetches from reads (SDM 3 §4.7, I/D): with SMEP, or NX under PAE paging, either of
 * which is on where there is one.
 */
static bool has_fetch_told(void)
{
	return platform_cpuid(0x80000001, 0).edx & BIT(20) || platform_cpuid(7, 0).ebx & BIT(7);
}

static const struct {
	const char *name;
	bool (*has)(void);
} properties[] = {
	{"cpuid", has_cpuid}, {"ring0", has_ring0}, {"daz", has_daz},		{"mxcsr_mm", has_mxcsr_mm},
	{"amd", is_amd},      {"intel", is_intel},  {"pointers", has_pointers}, {"fetch_told", has_fetch_told},
};

static bool is(const char *name, u32 length, const char *wanted)
{
	for (u32 n = 0; n < length; n++)
		if (name[n] != wanted[n])
			return false;
	return !wanted[length];
}

static const struct feature *find(const char *name, u32 length)
{
	for (u32 n = 0; n < ARRAY_SIZE(features); n++)
		if (is(name, length, features[n].name))
			return &features[n];
	return NULL;
}

static bool announced(const struct feature *f)
{
	/* Where there is no CPUID, an FPU is found by trying. */
	bool bit = f->leaf == 1 && f->bit == 0 && f->output == EDX ? platform_has_fpu() : cpuid_output(f) >> f->bit & 1;

	/* SSE state without FXSAVE cannot be kept by anybody: CR4.OSFXSR stays clear. */
	bool kept = !(f->components & SSE) || cpuid(1, 0).edx & BIT(24);

	return bit != f->inverse && kept;
}

/* What is announced without a usable place for its state is neither there nor absent. */
static bool usable(const struct feature *f)
{
	u32 extended = f->components & ~(XSTATE_LEGACY_MASK | XSAVE_ENABLED);

	return announced(f) && (platform_components() & extended) == extended;
}

static bool property_has(const char *name, u32 length)
{
	for (u32 n = 0; n < ARRAY_SIZE(properties); n++)
		if (is(name, length, properties[n].name))
			return properties[n].has();
	return false; /* an unknown name is a feature that no machine has: cases_test finds it */
}

static bool need_met(const char *name, u32 length)
{
	bool absent = *name == '!';
	const struct feature *f = find(name + absent, length - absent);

	if (f)
		return absent ? !announced(f) : usable(f);
	return property_has(name + absent, length - absent) != absent;
}

static bool next(const char **text, const char **name, u32 *length)
{
	while (**text == ' ')
		++*text;
	*name = *text;
	while (**text && **text != ' ')
		++*text;
	*length = (u32)(*text - *name);
	return *length;
}

bool features_met(const char *needs, const char **missing, u32 *length)
{
	while (next(&needs, missing, length))
		if (!need_met(*missing, *length))
			return false;
	return true;
}

u32 features_components(const char *needs)
{
	const char *name;
	u32 length, components = 0;

	while (next(&needs, &name, &length)) {
		const struct feature *f = *name == '!' ? NULL : find(name, length);

		components |= f ? f->components : 0;
	}
	return components;
}
