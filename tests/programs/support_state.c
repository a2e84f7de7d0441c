/* SPDX-License-Identifier: GPL-2.0-only */
/* Recognisable values, and the registers that hold them. */
#include "program.h"

/* Multiplier and increment of a full-period generator modulo 2^32 (Knuth, TAOCP 2 §3.3.4, table 1, line 16). */
static u32 next_random(u32 *state)
{
	*state = *state * 1664525 + 1013904223;
	return *state;
}

void fill(void *bytes, u32 size, u32 seed)
{
	u8 *byte = bytes;

	while (size--)
		*byte++ = (u8)(next_random(&seed) >> 24); /* the upper bits are the random ones */
}

u32 seed(void)
{
	static u32 state;

	if (!state)
		state = getpid();
	return next_random(&state);
}

void xmm_load(const u8 registers[8][16])
{
	asm volatile("movups 0x00(%0), %%xmm0\n\t"
		     "movups 0x10(%0), %%xmm1\n\t"
		     "movups 0x20(%0), %%xmm2\n\t"
		     "movups 0x30(%0), %%xmm3\n\t"
		     "movups 0x40(%0), %%xmm4\n\t"
		     "movups 0x50(%0), %%xmm5\n\t"
		     "movups 0x60(%0), %%xmm6\n\t"
		     "movups 0x70(%0), %%xmm7"
		     :
		     : "r"(registers)
		     : "memory");
}

void xmm_store(u8 registers[8][16])
{
	asm volatile("movups %%xmm0, 0x00(%0)\n\t"
		     "movups %%xmm1, 0x10(%0)\n\t"
		     "movups %%xmm2, 0x20(%0)\n\t"
		     "movups %%xmm3, 0x30(%0)\n\t"
		     "movups %%xmm4, 0x40(%0)\n\t"
		     "movups %%xmm5, 0x50(%0)\n\t"
		     "movups %%xmm6, 0x60(%0)\n\t"
		     "movups %%xmm7, 0x70(%0)"
		     :
		     : "r"(registers)
		     : "memory");
}

void ymm_load(const u8 registers[8][32])
{
	asm volatile("vmovups 0x00(%0), %%ymm0\n\t"
		     "vmovups 0x20(%0), %%ymm1\n\t"
		     "vmovups 0x40(%0), %%ymm2\n\t"
		     "vmovups 0x60(%0), %%ymm3\n\t"
		     "vmovups 0x80(%0), %%ymm4\n\t"
		     "vmovups 0xa0(%0), %%ymm5\n\t"
		     "vmovups 0xc0(%0), %%ymm6\n\t"
		     "vmovups 0xe0(%0), %%ymm7"
		     :
		     : "r"(registers)
		     : "memory");
}

void ymm_store(u8 registers[8][32])
{
	asm volatile("vmovups %%ymm0, 0x00(%0)\n\t"
		     "vmovups %%ymm1, 0x20(%0)\n\t"
		     "vmovups %%ymm2, 0x40(%0)\n\t"
		     "vmovups %%ymm3, 0x60(%0)\n\t"
		     "vmovups %%ymm4, 0x80(%0)\n\t"
		     "vmovups %%ymm5, 0xa0(%0)\n\t"
		     "vmovups %%ymm6, 0xc0(%0)\n\t"
		     "vmovups %%ymm7, 0xe0(%0)"
		     :
		     : "r"(registers)
		     : "memory");
}

u32 vector_bytes(void)
{
	return cpu_has_avx() ? 32 : cpu_has_sse() ? 16 : 0;
}

void vectors_load(u32 bytes, const u8 registers[8][32])
{
	u8 xmm[8][16];

	if (bytes == 32) {
		ymm_load(registers);
		return;
	}
	for (u32 i = 0; i < 8; i++)
		memcpy(xmm[i], registers[i], sizeof(xmm[i]));
	if (bytes == 16)
		xmm_load((const u8(*)[16])xmm);
}

void vectors_store(u32 bytes, u8 registers[8][32])
{
	u8 xmm[8][16];

	if (bytes == 32)
		ymm_store(registers);
	if (bytes != 16)
		return;
	xmm_store(xmm);
	for (u32 i = 0; i < 8; i++)
		memcpy(registers[i], xmm[i], sizeof(xmm[i]));
}

void fpu_load(const struct fsave *state)
{
	asm volatile("frstor %0" : : "m"(*state));
}

void fpu_store(struct fsave *state)
{
	asm volatile("fnsave %0\n\t"
		     "fwait\n\t"
		     "frstor %0"
		     : "=m"(*state));
}

#define FOP_MASK 0x7ff /* an opcode without its upper five bits, which are always 11011 */

/*
 * Whether pointers and opcode of the last x87 instruction are kept. AMD's CPUs save them only while an exception is
 * pending (APM 2 §11.4.4), and QEMU 7.2 does not load them: there, comparing them would blame the kernel.
 */
static bool fpu_keeps_pointers(void)
{
	struct fsave wanted = {.fcw = FCW_INIT, .ftw = 0xffff, .fip = 0x12345678, .fdp = 0x1abcdef0, .fop = 0x321};
	struct fsave found;

	fpu_load(&wanted);
	fpu_store(&found);
	return !cpu_is_amd() && found.fip == wanted.fip && found.fdp == wanted.fdp &&
	       (found.fop & FOP_MASK) == wanted.fop;
}

void fpu_value(u8 value[10], u16 sign_and_exponent, u64 significand)
{
	memcpy(value, &significand, sizeof(significand));
	memcpy(value + sizeof(significand), &sign_and_exponent, sizeof(sign_and_exponent));
}

#define QUIET	 ((u64)1 << 62) /* tells quiet NaNs from signalling ones */
#define NEGATIVE 0x8000u
#define SPECIAL	 0x7fffu /* the exponent of infinities and NaNs */

/* Tags (SDM 1 §8.1.7) */
enum tag { TAG_VALID = 0, TAG_ZERO = 1, TAG_SPECIAL = 2, TAG_EMPTY = 3 };

static bool pointers_kept;

/*
 * All eight registers in use, one of every kind. FRSTOR takes the registers by their place in the stack, but tags by
 * register number: register (TOP + i) mod 8 is ST(i).
 */
void fpu_unusual(struct fsave *state, u32 seed)
{
	enum { TOP = 5 };
	static const enum tag tags[8] = {TAG_VALID,   TAG_SPECIAL, TAG_SPECIAL, TAG_SPECIAL,
					 TAG_SPECIAL, TAG_ZERO,	   TAG_VALID,	TAG_SPECIAL};
	u64 payload;

	fill(&payload, sizeof(payload), seed);
	pointers_kept = fpu_keeps_pointers();
	payload = payload >> 2 | 1; /* never zero: a signalling NaN without payload would be infinity */
	memset(state, 0, sizeof(*state));
	fpu_value(state->st[0], NEGATIVE | (EXP_OF_ONE + 1234), LEADING | payload);
	fpu_value(state->st[1], SPECIAL, LEADING | QUIET | payload);		       /* quiet NaN */
	fpu_value(state->st[2], NEGATIVE | SPECIAL, LEADING | (payload ^ 0x5a5a5a5a)); /* signalling NaN */
	fpu_value(state->st[3], 0, payload >> 7);				       /* denormal */
	fpu_value(state->st[4], NEGATIVE | SPECIAL, LEADING);			       /* minus infinity */
	fpu_value(state->st[5], NEGATIVE, 0);					       /* minus zero */
	fpu_value(state->st[6], EXP_OF_ONE - 4321, LEADING | ~(payload << 2 | 1));
	fpu_value(state->st[7], NEGATIVE, LEADING | payload); /* pseudo-denormal */
	for (u32 i = 0; i < 8; i++)
		state->ftw |= (u16)(tags[i] << 2 * ((TOP + i) % 8));

	/* All flags set but the one whose exception is not masked: a set flag that is not masked would be a #MF. */
	state->fcw = FCW_FIXED | (FCW_MASKS & ~FCW_ZM) | FCW_PC_53 | FCW_RC_DOWN;
	state->fsw = FSW_TOP(TOP) | FSW_C0_TO_C3 | (FSW_FLAGS & ~FCW_ZM);
	fill(&state->fip, sizeof(state->fip), seed + 1);
	fill(&state->fdp, sizeof(state->fdp), seed + 2);
	state->fop = 0x123; /* any 11 bits */
}

/*
 * FSAVE fills the upper halves of some words with ones; newer CPUs have no selectors to go with the pointers. Neither
 * is compared.
 */
void check_fpu(const char *when, const struct fsave *expected, const struct fsave *actual)
{
	check(text("%s, FCW", when), expected->fcw, actual->fcw);
	check(text("%s, FSW", when), expected->fsw, actual->fsw);
	check(text("%s, FTW", when), expected->ftw, actual->ftw);
	if (pointers_kept) {
		check(text("%s, FIP", when), expected->fip, actual->fip);
		check(text("%s, FDP", when), expected->fdp, actual->fdp);
		check(text("%s, FOP", when), expected->fop & FOP_MASK, actual->fop & FOP_MASK);
	}
	for (u32 i = 0; i < 8; i++)
		check_bytes(text("%s, ST(%u)", when, i), expected->st[i], actual->st[i], sizeof(expected->st[i]));
}

void check_registers(const char *when, const struct registers *expected, const struct registers *actual)
{
	check(text("%s, EAX", when), expected->eax, actual->eax);
	check(text("%s, EBX", when), expected->ebx, actual->ebx);
	check(text("%s, ECX", when), expected->ecx, actual->ecx);
	check(text("%s, EDX", when), expected->edx, actual->edx);
	check(text("%s, ESI", when), expected->esi, actual->esi);
	check(text("%s, EDI", when), expected->edi, actual->edi);
	check(text("%s, EBP", when), expected->ebp, actual->ebp);
	check(text("%s, ESP", when), expected->esp, actual->esp);
	check(text("%s, EFLAGS", when), expected->eflags, actual->eflags);
}
