/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the ring-3 programs share. Each of them is an ordinary static i386 Linux program that needs no C library, and
 * runs on Linux as well as on cr86: what a program expects of the kernel can be tried on a kernel that is known to be
 * right. What only cr86 has (debug registers of one's own, checkpoint, restart) is skipped there.
 *
 * The compiler is told of a CPU without vector registers and the programs use no floating-point type, so that compiled
 * code never touches x87, SSE or AVX state: what a program puts there stays there until it looks again, and only the
 * kernel can have changed it. For the same reason no asm statement here needs to declare such registers as clobbered.
 */
#ifndef PROGRAM_H
#define PROGRAM_H

#include "errno.h"
#include "string.h"
#include "x86.h"

/* The exit statuses that the kernel turns into TAP. main returns one of them. */
enum { EXIT_PASSED = 0, EXIT_FAILED = 1, EXIT_SKIPPED = 77 };

int main(int argc, char **argv);

/* --- support_print.c: output, a line at a time --- */

/* Writes one line, with one system call, so that lines of several programs never mix. %s %c %d %u %x %08x %%. */
void print(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The same into a buffer that lives until the fourth call after this one: names for check(). */
const char *text(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* --- support_check.c: checks that say what differed --- */

/* Each returns whether the check held, counts it, and prints what differed where it did not. */
bool check(const char *what, u32 expected, u32 actual);
bool check_bytes(const char *what, const void *expected, const void *actual, u32 size);
bool check_that(const char *claim, bool holds);

/* main's return value: passed if at least one check was made and all held. */
int verdict(void);

/* Ends the program: what it is about does not exist here. */
_Noreturn void skip(const char *reason);

/* --- support_time.c --- */

/*
 * Lets time go by so that this task is switched out and in many times: by the timer in the middle of a loop, and by
 * sched_yield. To the caller's registers beyond the integer ones nothing happens here: the compiler does not know them.
 */
void live_through_switches(void);

/* A loop of two instructions a round. */
void spin_for(u32 rounds);

/* --- support_cpu.c: what this CPU and this kernel offer --- */

struct cpuid {
	u32 eax, ebx, ecx, edx;
};

bool cpu_has_cpuid(void);
struct cpuid cpuid(u32 leaf, u32 subleaf); /* all zero for a leaf that the CPU does not have */
bool cpu_is_amd(void);
bool cpu_is_tcg(void);
bool cpu_has_fpu(void);
bool cpu_has_sse(void); /* and the kernel lets programs use it */
bool cpu_has_avx(void); /* likewise */
u64 cpu_xcr0(void);	/* the state components that the kernel has enabled; 0 without XSAVE */
u32 cpu_mxcsr_mask(void);

/* CPUID's feature bits, by their leaf and register (SDM 2, CPUID) */
#define CPUID_1_EDX_FPU	       BIT(0)
#define CPUID_1_EDX_TSC	       BIT(4)
#define CPUID_1_EDX_FXSR       BIT(24)
#define CPUID_1_EDX_SSE	       BIT(25)
#define CPUID_1_ECX_OSXSAVE    BIT(27)
#define CPUID_1_ECX_AVX	       BIT(28)
#define CPUID_1_ECX_HYPERVISOR BIT(31)
#define CPUID_7_EBX_MPX	       BIT(14)
#define CPUID_7_EBX_AVX512F    BIT(16)
#define CPUID_7_EBX_SMAP       BIT(20)
#define CPUID_7_EBX_AVX512BW   BIT(30)
#define CPUID_7_ECX_OSPKE      BIT(4)

/* XCR0's bits (SDM 1 §13.3) */
#define XCR0_SSE_AVX (BIT(1) | BIT(2))
#define XCR0_MPX     (BIT(3) | BIT(4))			       /* BNDREGS, BNDCSR */
#define XCR0_AVX512  (XCR0_SSE_AVX | BIT(5) | BIT(6) | BIT(7)) /* opmask, ZMM_Hi256, Hi16_ZMM */
#define XCR0_PKRU    BIT(9)

/* --- support_state.c: values to recognise, registers to put them in --- */

/*
 * Bytes that look random, the same for the same seed. Seeds come from seed(), so that two instances of a program, at
 * the same addresses and at the same instruction, never hold the same values: were their registers mixed up, it shows.
 */
void fill(void *bytes, u32 size, u32 seed);
u32 seed(void);

/* All eight vector registers. Not where the CPU lacks them. */
void xmm_load(const u8 registers[8][16]);
void xmm_store(u8 registers[8][16]);
void ymm_load(const u8 registers[8][32]);
void ymm_store(u8 registers[8][32]);

/*
 * The widest that there are: vector_bytes() is 32 for YMM, 16 for XMM only, 0 for neither; of a row in memory, 32
 * bytes long, so many are used. A program that may be carried to another CPU asks once and stays with the answer.
 */
u32 vector_bytes(void);
void vectors_load(u32 bytes, const u8 registers[8][32]);
void vectors_store(u32 bytes, u8 registers[8][32]);

/* The whole x87 state. Storing it the FSAVE way initialises the FPU, so fpu_store() loads it again at once. */
void fpu_load(const struct fsave *state);
void fpu_store(struct fsave *state);

/* A value of 80 bits: the exponent with the sign above it, and the significand with its explicit leading bit. */
void fpu_value(u8 value[10], u16 sign_and_exponent, u64 significand);
#define LEADING ((u64)1 << 63)

/*
 * Makes an x87 state in which everything differs from the initial one and every kind of value stands in some
 * register. Uses the FPU for that.
 */
void fpu_unusual(struct fsave *state, u32 seed);

/* Compares all of two FSAVE images, naming registers; the last instruction's pointers only where CPUs keep them. */
void check_fpu(const char *when, const struct fsave *expected, const struct fsave *actual);

static inline void mxcsr_load(u32 value)
{
	asm volatile("ldmxcsr %0" : : "m"(value));
}

static inline u32 mxcsr_store(void)
{
	u32 value;

	asm volatile("stmxcsr %0" : "=m"(value));
	return value;
}

/* MXCSR (SDM 1 §11.6.4): flags in bits 0-5, DAZ, masks in bits 7-12, rounding control, FTZ */
#define MXCSR_DE       BIT(1)
#define MXCSR_PE       BIT(5)
#define MXCSR_DAZ      BIT(6)
#define MXCSR_DM       BIT(8)
#define MXCSR_UM       BIT(11)
#define MXCSR_PM       BIT(12)
#define MXCSR_MASKS    0x1f80u
#define MXCSR_RC_SHIFT 13
#define MXCSR_RC_ZERO  (3u << MXCSR_RC_SHIFT)
#define MXCSR_FTZ      BIT(15)

/* The x87's control word: masks in bits 0-5, precision and rounding control; status word: TOP (SDM 1 §8.1) */
#define FCW_FIXED    0x0040u /* reads as 1 */
#define FCW_MASKS    0x003fu
#define FCW_ZM	     0x0004u
#define FCW_PC_24    0x0000u
#define FCW_PC_53    0x0200u
#define FCW_RC_DOWN  0x0400u
#define FCW_RC_UP    0x0800u
#define FCW_RC_ZERO  0x0c00u
#define EXP_OF_ONE   0x3fff /* the biased exponent of an 80-bit value in [1, 2) */
#define FSW_FLAGS    0x003fu
#define FSW_C0_TO_C3 0x4700u
#define FSW_TOP(top) ((u32)(top) << 11)

/*
 * The integer registers and flags in the order in which PUSHFD and PUSHAD leave them in memory (registers.inc). esp is
 * the program's own value, kept behind the others since PUSHAD's place for it is skipped by POPAD.
 */
struct registers {
	u32 edi, esi, ebp, skipped, ebx, edx, ecx, eax;
	u32 eflags;
	u32 esp;
};

void check_registers(const char *when, const struct registers *expected, const struct registers *actual);

/* --- system calls: Linux i386's numbers and structures --- */

enum system_call_number {
	SYS_EXIT = 1,
	SYS_READ = 3,
	SYS_WRITE = 4,
	SYS_OPEN = 5,
	SYS_CLOSE = 6,
	SYS_LSEEK = 19,
	SYS_GETPID = 20,
	SYS_PTRACE = 26,
	SYS_BRK = 45,
	SYS_GETTIMEOFDAY = 78,
	SYS_MMAP = 90,
	SYS_MUNMAP = 91,
	SYS_MODIFY_LDT = 123,
	SYS_MPROTECT = 125,
	SYS_SCHED_YIELD = 158,
	SYS_MREMAP = 163,
	SYS_SET_THREAD_AREA = 243,
	SYS_GET_THREAD_AREA = 244,
	SYS_EXIT_GROUP = 252,
	SYS_CHECKPOINT = 333, /* the RFC's; Linux has given the two numbers to preadv and pwritev since */
	SYS_RESTART = 334,
};

#define STDOUT 1

#define O_RDONLY 0
#define O_WRONLY 1
#define O_CREAT	 0100

#define KERNEL_START 0xc0000000u /* ring 3 ends here */

static inline u32 address(const volatile void *pointer)
{
	return (u32)(uintptr_t)pointer;
}

/* Results are as the kernel returns them: -errno for an error. */
static inline s32 system_call(u32 number, u32 a, u32 b, u32 c, u32 d)
{
	s32 result;

	asm volatile("int $0x80" : "=a"(result) : "a"(number), "b"(a), "c"(b), "d"(c), "S"(d) : "memory");
	return result;
}

static inline _Noreturn void exit(int status)
{
	for (;;)
		system_call(SYS_EXIT_GROUP, (u32)status, 0, 0, 0);
}

static inline s32 read(s32 fd, void *buffer, u32 size)
{
	return system_call(SYS_READ, (u32)fd, address(buffer), size, 0);
}

static inline s32 write(s32 fd, const void *bytes, u32 size)
{
	return system_call(SYS_WRITE, (u32)fd, address(bytes), size, 0);
}

static inline s32 open(const char *path, u32 flags)
{
	return system_call(SYS_OPEN, address(path), flags, 0644, 0);
}

static inline s32 close(s32 fd)
{
	return system_call(SYS_CLOSE, (u32)fd, 0, 0, 0);
}

static inline u32 getpid(void)
{
	return (u32)system_call(SYS_GETPID, 0, 0, 0, 0);
}

static inline void sched_yield(void)
{
	system_call(SYS_SCHED_YIELD, 0, 0, 0, 0);
}

/* A segment as set_thread_area and modify_ldt take it. */
struct user_desc {
	u32 entry_number; /* (u32)-1: any free one */
	u32 base_addr;
	u32 limit;
	u32 seg_32bit : 1;
	u32 contents : 2; /* 0: data, 1: data that expands down, 2: code */
	u32 read_exec_only : 1;
	u32 limit_in_pages : 1;
	u32 seg_not_present : 1;
	u32 useable : 1;
};

#define ANY_ENTRY 0xffffffffu

static inline s32 set_thread_area(struct user_desc *segment)
{
	return system_call(SYS_SET_THREAD_AREA, address(segment), 0, 0, 0);
}

static inline s32 get_thread_area(struct user_desc *segment)
{
	return system_call(SYS_GET_THREAD_AREA, address(segment), 0, 0, 0);
}

enum modify_ldt_function { LDT_READ = 0, LDT_WRITE = 0x11 };

static inline s32 modify_ldt(u32 function, void *data, u32 size)
{
	return system_call(SYS_MODIFY_LDT, function, address(data), size, 0);
}

static inline s32 checkpoint(u32 pid, s32 fd, u32 flags)
{
	return system_call(SYS_CHECKPOINT, pid, (u32)fd, flags, 0);
}

static inline s32 restart(u32 crid, s32 fd, u32 flags)
{
	return system_call(SYS_RESTART, crid, (u32)fd, flags, 0);
}

/* --- support_debug.c: one's own debug registers --- */

enum ptrace_request { PTRACE_PEEKUSR = 3, PTRACE_POKEUSR = 6 };

/* Where ptrace finds debug register n: offsetof(struct user, u_debugreg[n]) on i386 */
#define USER_DEBUGREG(n) (252u + 4u * (n))

#define DR6 6
#define DR7 7

/*
 * Whether debug registers can be had at all. On Linux a process cannot ptrace itself, so this also tells the two
 * kernels apart.
 */
bool on_cr86(void);

s32 debug_write(u32 number, u32 value);
u32 debug_read(u32 number);

/* DR7's bits for one breakpoint. */
static inline u32 dr7_enable(u32 number, u32 type, u32 bytes)
{
	return BIT(2 * number) | (type | (bytes - 1) << 2) << (16 + 4 * number);
}

/* The breakpoints hit since the last call: DR6's status bits, which are then cleared. */
u32 debug_hits(void);

/* --- segments --- */

/* fs and gs are the compiler's to leave alone in static code: they belong to the programs. */
static inline void load_fs(u32 selector)
{
	asm volatile("mov %0, %%fs" : : "r"(selector));
}

static inline void load_gs(u32 selector)
{
	asm volatile("mov %0, %%gs" : : "r"(selector));
}

static inline u32 read_fs(void)
{
	u32 selector = 0;

	asm volatile("mov %%fs, %0" : "=r"(selector));
	return selector & 0xffff;
}

static inline u32 read_gs(void)
{
	u32 selector = 0;

	asm volatile("mov %%gs, %0" : "=r"(selector));
	return selector & 0xffff;
}

static inline u32 load_byte_fs(u32 offset)
{
	u8 byte;

	asm volatile("movb %%fs:(%1), %0" : "=q"(byte) : "r"(offset) : "memory");
	return byte;
}

static inline u32 load_byte_gs(u32 offset)
{
	u8 byte;

	asm volatile("movb %%gs:(%1), %0" : "=q"(byte) : "r"(offset) : "memory");
	return byte;
}

static inline void store_byte_gs(u32 offset, u8 byte)
{
	asm volatile("movb %0, %%gs:(%1)" : : "q"(byte), "r"(offset) : "memory");
}

/* What the CPU makes of a selector: LSL gives its limit in bytes, LAR its rights; false where it may not be used. */
bool segment_limit(u32 selector, u32 *limit);
bool segment_rights(u32 selector, u32 *rights);

#endif
