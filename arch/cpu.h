/* SPDX-License-Identifier: GPL-2.0-only */
/* What the CPU is and has: read once at boot, constant afterwards. */
#ifndef ARCH_CPU_H
#define ARCH_CPU_H

#include "xstate.h"

struct cpu {
	char vendor[13]; /* "GenuineIntel"; "i486" where there is no CPUID */
	char brand[49];	 /* the marketing name, or empty */
	u32 family, model, stepping;
	bool has_cpuid;
	bool has_fpu, has_fxsr, has_sse, has_xsave, has_xsaveopt, has_xsavec, has_pku;
	bool fxsave_leaks;  /* FXRSTOR leaves FIP, FDP and FOP alone when no exception is pending (AMD) */
	u32 features_edx;   /* CPUID.1:EDX as it is */
	u32 microcode;	    /* its revision (Intel), its patch level (AMD); 0: not known */
	const char *oddity; /* what CPUID says that makes no sense, and what becomes of it; NULL: nothing */
	u32 xcr0_supported; /* all components that there are yet have numbers below 32 */
};

extern struct cpu cpu;

/* Fills `cpu`. Traps must be in working order. Without `use_cpuid` as on a CPU that has no CPUID instruction. */
void cpu_init(bool use_cpuid);

/*
 * What the kernel protects itself with, where the CPU has it (SDM 3 §4.6, §2.5): ring 0 does not execute user pages, nor
 * touch them but in user_copy(); ring 3 learns nothing of the descriptor tables; broken hardware is told.
 */
extern const struct cpu_protection {
	const char *name;
	u32 cr4;
	u8 leaf, word, bit; /* the bit of CPUID.leaf that says that it is there, in EAX, EBX, ECX or EDX: 0 to 3 */
} cpu_protections[4];

/* Switches on those that there are. Traps must be in working order. */
void cpu_protect(void);

/*
 * CPUID, or zeros for a leaf beyond the highest. Where what it says of XSAVE makes no sense, there is no XSAVE.
 */
struct cpuid_result cpu_cpuid(u32 leaf, u32 subleaf);

#define CR0_MP BIT(1) /* WAIT obeys TS */
#define CR0_EM BIT(2) /* no FPU: x87 instructions raise #NM */
#define CR0_TS BIT(3) /* the next FPU instruction raises #NM */
#define CR0_NE BIT(5) /* x87 exceptions as #MF, not through the PIC */
#define CR0_AM BIT(18)

#define CR4_PAE	       BIT(5)
#define CR4_MCE	       BIT(6)
#define CR4_OSFXSR     BIT(9)
#define CR4_OSXMMEXCPT BIT(10)
#define CR4_UMIP       BIT(11)
#define CR4_OSXSAVE    BIT(18)
#define CR4_SMEP       BIT(20)
#define CR4_SMAP       BIT(21)
#define CR4_PKE	       BIT(22)

static inline u32 read_cr0(void)
{
	u32 value;

	__asm__ volatile("mov %%cr0, %0" : "=r"(value));
	return value;
}

static inline void write_cr0(u32 value)
{
	__asm__ volatile("mov %0, %%cr0" : : "r"(value));
}

static inline u32 read_cr2(void)
{
	u32 value;

	__asm__ volatile("mov %%cr2, %0" : "=r"(value));
	return value;
}

static inline u32 read_cr3(void)
{
	u32 value;

	__asm__ volatile("mov %%cr3, %0" : "=r"(value));
	return value;
}

/* CR4 exists from the later 486s on; it is touched only for features that such a CPU does not have. */
static inline u32 read_cr4(void)
{
	u32 value;

	__asm__ volatile("mov %%cr4, %0" : "=r"(value));
	return value;
}

static inline void write_cr4(u32 value)
{
	__asm__ volatile("mov %0, %%cr4" : : "r"(value));
}

#endif
