; SPDX-License-Identifier: GPL-2.0-only
;
; AVX, AVX-512, MPX and PKRU: registers that only XSAVE saves, and what instructions do to their upper parts.

%include "case.inc"
%include "xstate.inc"

	%strcat YMM_ALL XMM_DISTINCT, YMM_DISTINCT
	%strcat ZMM_ALL YMM_ALL, ZMM_DISTINCT, K_DISTINCT
	%strcat ZMM_16 YMM_ALL, ZMM_DISTINCT
	%define YMM_2 "XMM2=2f2e2d2c2b2a2928_2726252423222120 YMM2_Hi128=afaeadacabaaa9a8_a7a6a5a4a3a2a1a0"
	%xdefine ZMM_2 %strcat(YMM_2, " ZMM2_Hi256=", BYTES32(6))

; A task's initial state of what stands above XMM, and all eight of it
%define YMM_UPPER_ZERO ""
%define ZMM_UPPER_ZERO ""
%assign n 0
%rep 8
	%strcat YMM_UPPER_ZERO YMM_UPPER_ZERO, "YMM", DEC(n), "_Hi128=0 "
	%strcat ZMM_UPPER_ZERO ZMM_UPPER_ZERO, "ZMM", DEC(n), "_Hi256=0 "
	%assign n n + 1
%endrep

; --- registers ---

case	"avx.ymm.distinct", "SDM 1 §14.1.1", "YMM0 to YMM7 keep their own values"
	needs	"avx"
	before	YMM_ALL
	before	"MXCSR=5fbf"
	nop
	nop

case	"avx.ymm.upper_alone", "SDM 1 §13.6", "upper halves are kept though XMM is in its initial state"
	needs	"avx"
	before	YMM_DISTINCT
	nop
	nop

case	"avx.ymm.initial", "SDM 1 §13.6", "a task without AVX state has zeros in YMM0 to YMM7"
	needs	"avx"
%assign n 0
%rep 8
	vmovups	[DATA + 32 * n], ymm %+ n
	%assign n n + 1
%endrep

; Each half has its place in memory and in the next register.
%assign n 0
%rep 8
	%assign m (n + 1) & 7
	%strcat name "avx.ymm.move.", DEC(n), "_", DEC(m)
	%xdefine text %strcat("XMM", DEC(m), "=", BYTES16(n), " YMM", DEC(m), "_Hi128=", BYTES16(8 + n))
case	name, "SDM 2B, MOVAPS", "VMOVAPS writes the register it names, and no other"
	needs	"avx"
	before	YMM_ALL
	vmovaps	ymm %+ m, ymm %+ n
	after	text
	%strcat name "avx.ymm.store.", DEC(n)
	%xdefine text %strcat("[20]=", BYTES16(n), " [30]=", BYTES16(8 + n))
case	name, "SDM 2B, MOVAPS", "VMOVAPS stores both halves of a register"
	needs	"avx"
	before	YMM_ALL
	before	"[0:100]=5a"
	vmovaps	[DATA + 0x20], ymm %+ n
	after	text
	%strcat name "avx.zmm.move.", DEC(n), "_", DEC(m)
	%xdefine text %strcat("XMM", DEC(m), "=", BYTES16(n), " YMM", DEC(m), "_Hi128=", BYTES16(8 + n), " ZMM", DEC(m), "_Hi256=", BYTES32(4 + n))
case	name, "SDM 2B, MOVAPS", "a 512-bit move writes the register it names, and no other"
	needs	"avx512bw"
	before	ZMM_ALL
	vmovaps	zmm %+ m, zmm %+ n
	after	text
	%strcat name "avx.opmask.move.", DEC(n), "_", DEC(m)
	%xdefine text %strcat("K", DEC(m), "=", BYTES8(6 + n))
case	name, "SDM 2A, KMOVQ", "KMOVQ writes the register it names, and no other"
	needs	"avx512bw"
	before	ZMM_ALL
	kmovq	k %+ m, k %+ n
	after	text
	%strcat name "avx.opmask.store.", DEC(n)
	%xdefine text %strcat("[20]=", BYTES8(6 + n))
case	name, "SDM 2A, KMOVQ", "KMOVQ stores a register"
	needs	"avx512bw"
	before	K_DISTINCT
	kmovq	[DATA + 0x20], k %+ n
	after	text
	%assign n n + 1
%endrep

case	"avx.opmask.distinct", "SDM 1 §15.6.1", "K0 to K7 keep their own values"
	needs	"avx512bw"
	before	K_DISTINCT
	nop
	nop

case	"avx.opmask.16", "SDM 1 §15.6.1", "K0 to K7 keep 16 bits of their own without AVX512BW"
	needs	"avx512f"
	before	"K0=6160 K1=7170 K2=8180 K3=9190 K4=a1a0 K5=b1b0 K6=c1c0 K7=d1d0"
	nop
	nop

case	"avx.opmask.kmovw", "SDM 2A, KMOVW", "KMOVW clears bits 63 to 16"
	needs	"avx512bw"
	before	ZMM_ALL
	kmovw	k3, k5
	kmovw	eax, k7
	after	"K3=b1b0 eax=0000d1d0"

case	"avx.opmask.initial", "SDM 1 §13.6", "a task without AVX-512 state has zeros in K0 to K7"
	needs	"avx512f"
%assign n 0
%rep 8
	kmovw	[DATA + 2 * n], k %+ n
	%assign n n + 1
%endrep

case	"avx.zmm.distinct", "SDM 1 §15.2", "ZMM0 to ZMM7 keep their own values"
	needs	"avx512bw"
	before	ZMM_ALL
	nop
	nop

case	"avx.zmm.upper_alone", "SDM 1 §13.6", "ZMM_Hi256 is kept though all below is in its initial state"
	needs	"avx512f"
	before	ZMM_DISTINCT
	nop
	nop

case	"avx.zmm.initial", "SDM 1 §13.6", "a task without AVX-512 state has zeros in ZMM0 to ZMM7"
	needs	"avx512f"
%assign n 0
%rep 8
	vmovups	[DATA + 64 * n], zmm %+ n
	%assign n n + 1
%endrep

; --- upper parts: VEX clears them up to the end of the longest register, SSE leaves them (SDM 1 §14.1.2, §15.1) ---
;
; ZMM_16 is the whole of a 512-bit register, so that an instruction that clears 255 to 128 but leaves 511 to 256 is
; seen.
%macro upper 5 ; name, proves, instruction, after with AVX, after with AVX-512 besides
	%strcat name "avx.upper.", %1
case	name, "SDM 1 §14.1.2", %2
	needs	"avx"
	before	YMM_ALL
	%3
	after	%4
	%strcat name "avx.upper.", %1, ".512"
case	name, "SDM 1 §15.1", %2
	needs	"avx512f"
	before	ZMM_16
	%3
	after	%4
	after	%5
%endmacro
	upper "legacy_move", "MOVAPS leaves the upper parts", {movaps xmm1, xmm0}, \
		"XMM1=0f0e0d0c0b0a0908_0706050403020100", ""
	upper "legacy_load", "a scalar SSE load leaves all above bit 127", {movss xmm1, [DATA]}, "XMM1=0", ""
	upper "legacy_operation", "XORPS leaves the upper parts", {xorps xmm1, xmm1}, "XMM1=0", ""
	upper "legacy_integer", "PXOR leaves the upper parts", {pxor xmm1, xmm1}, "XMM1=0", ""
	upper "vex_move", "VMOVAPS of 128 bits clears all above", {vmovaps xmm1, xmm0}, \
		"XMM1=0f0e0d0c0b0a0908_0706050403020100 YMM1_Hi128=0", "ZMM1_Hi256=0"
	upper "vex_same", "VMOVAPS of 128 bits to itself clears all above", {vmovaps xmm1, xmm1}, \
		"YMM1_Hi128=0", "ZMM1_Hi256=0"
	upper "vex_load", "a scalar VEX load clears all above", {vmovss xmm1, [DATA]}, \
		"XMM1=0 YMM1_Hi128=0", "ZMM1_Hi256=0"
	upper "vex_scalar", "a scalar VEX move takes bits 127 to 32 from its first source, and clears all above", \
		{vmovss xmm1, xmm2, xmm3}, "XMM1=2f2e2d2c2b2a2928_2726252433323130 YMM1_Hi128=0", "ZMM1_Hi256=0"
	upper "vex_operation", "VXORPS of 128 bits clears all above", {vxorps xmm1, xmm1, xmm1}, \
		"XMM1=0 YMM1_Hi128=0", "ZMM1_Hi256=0"
	upper "vex_integer", "VMOVD clears all above", {vmovd xmm1, eax}, "XMM1=a0a1a2a3 YMM1_Hi128=0", "ZMM1_Hi256=0"
	upper "vex_256", "VMOVAPS of 256 bits clears all above", {vmovaps ymm1, ymm0}, \
		"XMM1=0f0e0d0c0b0a0908_0706050403020100 YMM1_Hi128=8f8e8d8c8b8a8988_8786858483828180", "ZMM1_Hi256=0"
	upper "vex_store", "a store changes no register", {vmovaps [DATA], xmm0}, \
		"[0]=0f0e0d0c0b0a0908_0706050403020100", ""
	upper "insert", "VINSERTF128 writes one half and keeps the other", {vinsertf128 ymm1, ymm1, xmm2, 1}, \
		"YMM1_Hi128=2f2e2d2c2b2a2928_2726252423222120", "ZMM1_Hi256=0"
	upper "extract", "VEXTRACTF128 takes the upper half", {vextractf128 xmm1, ymm2, 1}, \
		"XMM1=afaeadacabaaa9a8_a7a6a5a4a3a2a1a0 YMM1_Hi128=0", "ZMM1_Hi256=0"
	upper "permute", "VPERM2F128 takes halves of two registers", {vperm2f128 ymm1, ymm2, ymm3, 0x31}, \
		"XMM1=afaeadacabaaa9a8_a7a6a5a4a3a2a1a0 YMM1_Hi128=bfbebdbcbbbab9b8_b7b6b5b4b3b2b1b0", "ZMM1_Hi256=0"
	upper "vzeroupper", "VZEROUPPER clears all above bit 127 of all registers", {vzeroupper}, YMM_UPPER_ZERO, ZMM_UPPER_ZERO
	%strcat ALL_ZERO XMM_INITIAL, " ", YMM_UPPER_ZERO
	upper "vzeroall", "VZEROALL clears all registers", {vzeroall}, ALL_ZERO, ZMM_UPPER_ZERO

case	"avx.vzeroall", "SDM 2C, VZEROALL", "VZEROALL clears XMM and upper halves; MXCSR, x87 and opmasks stay"
	needs	"avx x87"
	before	YMM_ALL
	before	X87_DISTINCT
	before	"MXCSR=5fa1"
	vzeroall
	after	XMM_INITIAL
	after	YMM_UPPER_ZERO

case	"avx.vzeroupper.opmask", "SDM 2C, VZEROUPPER", "VZEROUPPER leaves opmasks and MXCSR"
	needs	"avx512bw"
	before	ZMM_ALL
	before	"MXCSR=5fa1"
	vzeroupper
	after	YMM_UPPER_ZERO
	after	ZMM_UPPER_ZERO

; FXSAVE and FXRSTOR do not know upper halves.
case	"avx.fxrstor", "SDM 1 §10.5", "FXRSTOR leaves upper halves"
	needs	"avx"
	before	YMM_ALL
	before	"[100]=037f [118]=00001f80 [1a0:80]=a6"
	fxrstor	[DATA + 0x100]
%assign n 0
%rep 8
	%xdefine text %strcat("XMM", DEC(n), "=a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6")
	after	text
	%assign n n + 1
%endrep

; MXCSR is one register for both encodings.
case	"avx.mxcsr", "SDM 2C, VLDMXCSR", "VLDMXCSR and VSTMXCSR move MXCSR"
	needs	"avx"
	before	YMM_ALL
	before	"[0]=00005fa1"
	vldmxcsr [DATA]
	vstmxcsr [DATA + 8]
	stmxcsr	[DATA + 0x10]
	after	"MXCSR=5fa1 [8]=00005fa1 [10]=00005fa1"

case	"avx.mxcsr.reserved", "SDM 2A, LDMXCSR", "VLDMXCSR with a reserved bit: #GP(0), and nothing is loaded"
	needs	"avx"
	before	"MXCSR=5fa1 [0]=00011f80"
	mark	bad
	vldmxcsr [DATA]
	ends	"#GP(0)@bad"

; --- exceptions and rounding of VEX- and EVEX-encoded operations ---

case	"avx.exception.masked", "SDM 1 §14.8", "the flags of all eight lanes are set"
	needs	"avx"
	before	"XMM0=3f800000_3f800000_3f800000_3f800000 YMM0_Hi128=00000000_3f800000_3f800000_7f7fffff"
	before	"XMM1=3f800000_3f800000_3f800000_3f800000 YMM1_Hi128=00000000_00000000_40400000_3f000000"
	vdivps	ymm0, ymm0, ymm1
	after	"YMM0_Hi128=ffc00000_7f800000_3eaaaaab_7f800000 MXCSR=1fad"

case	"avx.exception.unmasked", "SDM 1 §14.8", "#XM for a lane of the upper half: the destination is unchanged"
	needs	"avx"
	before	"XMM0=3f800000_3f800000_3f800000_3f800000 YMM0_Hi128=3f800000_3f800000_3f800000_3f800000 MXCSR=1d80"
	before	"XMM1=3f800000_3f800000_3f800000_3f800000 YMM1_Hi128=3f800000_00000000_3f800000_3f800000"
	before	YMM_2
	mark	bad
	vdivps	ymm2, ymm0, ymm1
	ends	"#XM@bad"
	after	"MXCSR=1d84"

case	"avx.exception.osxmmexcpt_clear", "SDM 3 §2.5, OSXMMEXCPT", "unmasked with CR4.OSXMMEXCPT clear: #UD"
	needs	"avx"
	ring0
	before	"XMM0=3f800000_3f800000_3f800000_3f800000 MXCSR=1d80"
	mov	eax, cr4
	and	eax, ~(1 << 10)
	mov	cr4, eax
	same_registers
	mark	bad
	vdivps	xmm2, xmm0, xmm1
	ends	"#UD@bad"
	after	SAME_FLAGS
	after	"MXCSR.ZE=?"

; Rounding that the instruction itself has (EVEX.b) counts instead of MXCSR.RC, and no exception is reported (SDM 1
; §15.6.4).
%macro embedded 4 ; name, rounding, quotient of 1 and 3, MXCSR
	%strcat name "avx.embedded_rounding.", %1
	%xdefine text %strcat("MXCSR=", %4)
	%xdefine text_after %strcat("XMM2=0c0d0e0f_11223344_55667788_", %3, " YMM2_Hi128=0 ZMM2_Hi256=0")
case	name, "SDM 1 §15.6.4", "the instruction's own rounding counts, and sets no flag"
	needs	"avx512f"
	before	"XMM0=0c0d0e0f_11223344_55667788_3f800000 XMM1=40400000"
	before	ZMM_2
	before	text
	vdivss	xmm2, xmm0, xmm1, %2
	after	text_after
%endmacro
	embedded "nearest", {{rn-sae}}, "3eaaaaab", "7f80"
	embedded "down", {{rd-sae}}, "3eaaaaaa", "1f80"
	embedded "up", {{ru-sae}}, "3eaaaaab", "7f80"
	embedded "zero", {{rz-sae}}, "3eaaaaaa", "1f80"
	embedded "unmasked", {{rd-sae}}, "3eaaaaaa", "0000"

; --- masks of memory and of lanes ---

; Lanes that a mask leaves out cannot fault: their page may be missing (SDM 2C, VMASKMOV).
case	"avx.maskmov.load", "SDM 2C, VMASKMOV", "lanes that are masked out are 0, and touch no memory"
	needs	"avx"
	before	"XMM1=80000000_80000000_80000000_80000000 YMM1_Hi128=7fffffff_7fffffff_7fffffff_7fffffff"
	before	"[1ff0]=33333333_22222222_11111111_00000001"
	before	YMM_2
	vmaskmovps ymm2, ymm1, [UNMAPPED - 16]
	after	"XMM2=33333333_22222222_11111111_00000001 YMM2_Hi128=0"

case	"avx.maskmov.store", "SDM 2C, VMASKMOV", "lanes that are masked out are not stored"
	needs	"avx"
	before	"XMM1=80000000_00000000_80000000_00000000"
	before	YMM_2
	before	"[0:20]=5a"
	vmaskmovps [DATA], ymm1, ymm2
	after	"[4]=27262524 [c]=2f2e2d2c"

case	"avx.maskmov.fault", "SDM 2C, VMASKMOV", "a lane that is not masked out faults, and nothing is loaded"
	needs	"avx"
	before	"XMM1=80000000_80000000_80000000_80000000 YMM1_Hi128=00000000_00000000_00000000_80000000"
	before	YMM_2
	mark	bad
	vmaskmovps ymm2, ymm1, [UNMAPPED - 16]
	ends	"#PF(4)@bad"
	after	"cr2=10003000"

case	"avx.opmask.merging", "SDM 1 §15.6.1", "lanes that an opmask leaves out keep their value"
	needs	"avx512f"
	before	ZMM_16
	before	"K1=5555"
	vpxord	zmm2{k1}, zmm2, zmm2
	after	"XMM2=2f2e2d2c00000000_2726252400000000 YMM2_Hi128=afaeadac00000000_a7a6a5a400000000"
	after	"ZMM2_Hi256=efeeedec00000000_e7e6e5e400000000_6f6e6d6c00000000_6766656400000000"

case	"avx.opmask.zeroing", "SDM 1 §15.6.1", "with {z} lanes that an opmask leaves out are 0"
	needs	"avx512f"
	before	ZMM_16
	before	"K1=0001"
	vmovdqa32 zmm2{k1}{z}, zmm3
	after	"XMM2=33323130 YMM2_Hi128=0 ZMM2_Hi256=0"

case	"avx.opmask.compare", "SDM 2C, VPCMPEQD", "a comparison writes an opmask, and clears its upper bits"
	needs	"avx512f"
	before	ZMM_16
	before	"K1=ffff"
	vpcmpeqd k1, zmm2, zmm3
	vpcmpeqd k2, zmm2, zmm2
	after	"K1=0 K2=ffff"

case	"avx.opmask.flags", "SDM 2A, KORTESTW", "KORTESTW sets ZF and CF"
	needs	"avx512f"
	before	"K1=ff00 K2=00ff eflags=ad6"
	kortestw k1, k2
	after	"eflags=203"

; --- alignment ---

case	"avx.misaligned.vmovaps", "SDM 2A, table 2-18", "VMOVAPS of 256 bits from no multiple of 32: #GP(0)"
	needs	"avx"
	before	YMM_ALL
	mark	bad
	vmovaps	ymm0, [DATA + 0x10]
	ends	"#GP(0)@bad"

case	"avx.misaligned.vmovaps_128", "SDM 2A, table 2-18", "VMOVAPS of 128 bits from no multiple of 16: #GP(0)"
	needs	"avx"
	before	YMM_ALL
	mark	bad
	vmovaps	xmm0, [DATA + 8]
	ends	"#GP(0)@bad"

case	"avx.misaligned.vmovaps_512", "SDM 2A, table 2-44", "VMOVAPS of 512 bits from no multiple of 64: #GP(0)"
	needs	"avx512f"
	before	ZMM_16
	mark	bad
	vmovaps	zmm0, [DATA + 0x20]
	ends	"#GP(0)@bad"

; VEX-encoded operations take operands from anywhere, unlike those of SSE (SDM 1 §14.9).
case	"avx.misaligned.operand", "SDM 1 §14.9", "an operand of a VEX-encoded operation may be anywhere"
	needs	"avx"
	before	YMM_ALL
	before	"[3:20]=a6"
	vorps	ymm1, ymm1, [DATA + 3]
	vxorps	ymm1, ymm1, ymm1
	after	"XMM1=0 YMM1_Hi128=0"

; --- without AVX ---

%macro absent 3
	%strcat name "avx.absent.", %1
case	name, "SDM 3 §6.15, vector 6", "a CPU without the instruction raises #UD"
	needs	%2
	mark	bad
	%3
	ends	"#UD@bad"
%endmacro
	absent "vmovaps", "!avx", {vmovaps xmm0, xmm1}
	absent "vzeroupper", "!avx", {vzeroupper}
	absent "kmovw", "!avx512f", {kmovw k0, k1}
	absent "evex", "!avx512f", {vmovaps zmm0, zmm1}
	absent "rdpkru", "!pku", {db 0x0f, 0x01, 0xee}

; --- AMX: only 64-bit code has it, so that a 32-bit task can have no tiles in use, whatever XCR0 says ---

%macro amx 3 ; name, the instruction's page, its bytes
	%strcat name "avx.amx.", %1
case	name, %2, "AMX instructions outside 64-bit mode: #UD"
	mark	bad
	db	%3
	ends	"#UD@bad"
%endmacro
%define AT_DATA 0, 0x10, 0, 0x10	; DATA as a displacement
	amx "ldtilecfg", "SDM 2A, LDTILECFG", {0xc4, 0xe2, 0x78, 0x49, 0x05, AT_DATA}
	amx "sttilecfg", "SDM 2B, STTILECFG", {0xc4, 0xe2, 0x79, 0x49, 0x05, AT_DATA}
	amx "tilerelease", "SDM 2B, TILERELEASE", {0xc4, 0xe2, 0x78, 0x49, 0xc0}
	amx "tilezero", "SDM 2B, TILEZERO", {0xc4, 0xe2, 0x7b, 0x49, 0xc0}
	amx "tileloadd", "SDM 2B, TILELOADD", {0xc4, 0xe2, 0x7b, 0x4b, 0x04, 0x25, AT_DATA}
	amx "tilestored", "SDM 2B, TILESTORED", {0xc4, 0xe2, 0x7a, 0x4b, 0x04, 0x25, AT_DATA}
	amx "tdpbssd", "SDM 2B, TDPBSSD", {0xc4, 0xe2, 0x63, 0x5e, 0xca}

; --- PKRU (SDM 3 §4.6.2) ---
;
; Key 0, which all pages have, stays open.
%macro rdpkru 0
	db	0x0f, 0x01, 0xee
%endmacro
%macro wrpkru 0
	db	0x0f, 0x01, 0xef
%endmacro

case	"avx.pkru.keep", "SDM 3 §4.6.2", "a task keeps its PKRU"
	needs	"pku"
	before	"PKRU=12345678"
	nop
	nop

case	"avx.pkru.read", "SDM 2B, RDPKRU", "RDPKRU reads PKRU, and clears EDX"
	needs	"pku"
	before	"PKRU=fedcba98 ecx=0"
	rdpkru
	after	"eax=fedcba98 edx=0"

case	"avx.pkru.write", "SDM 2D, WRPKRU", "WRPKRU writes PKRU"
	needs	"pku"
	before	"PKRU=12345678 eax=5a5a5a58 ecx=0 edx=0"
	wrpkru
	after	"PKRU=5a5a5a58"

case	"avx.pkru.initial", "SDM 1 §13.6", "a task without PKRU of its own has 0"
	needs	"pku"
	before	"ecx=0"
	rdpkru
	after	"eax=0 edx=0"

case	"avx.pkru.read.ecx", "SDM 2B, RDPKRU", "RDPKRU with ECX other than 0: #GP(0)"
	needs	"pku"
	before	"PKRU=12345678 ecx=1"
	mark	bad
	rdpkru
	ends	"#GP(0)@bad"

case	"avx.pkru.write.ecx", "SDM 2D, WRPKRU", "WRPKRU with ECX other than 0: #GP(0)"
	needs	"pku"
	before	"PKRU=12345678 eax=5a5a5a58 ecx=80000000 edx=0"
	mark	bad
	wrpkru
	ends	"#GP(0)@bad"

case	"avx.pkru.write.edx", "SDM 2D, WRPKRU", "WRPKRU with EDX other than 0: #GP(0)"
	needs	"pku"
	before	"PKRU=12345678 eax=5a5a5a58 ecx=0 edx=1"
	mark	bad
	wrpkru
	ends	"#GP(0)@bad"

%assign bit 2
%rep 30
	%strcat name "avx.pkru.bit", DEC(bit)
	%xdefine text %strcat("PKRU=", HEX8(1 << bit), " ecx=0")
	%xdefine text_after %strcat("eax=", HEX8(1 << bit), " edx=0")
case	name, "SDM 3 §4.6.2", "a task keeps this bit of PKRU"
	needs	"pku"
	before	text
	rdpkru
	after	text_after
	%assign bit bit + 1
%endrep

; --- MPX (SDM 1 appendix E) ---
;
; BNDPRESERVE, so that no branch makes bounds initial.
case	"avx.bnd.distinct", "SDM 1 §E.3.1", "BND0 to BND3, BNDCFGU and BNDSTATUS keep their own values"
	needs	"mpx"
	before	"BND0=1f1e1d1c1b1a1918_1716151413121110 BND1=2f2e2d2c2b2a2928_2726252423222120"
	before	"BND2=3f3e3d3c3b3a3938_3736353433323130 BND3=4f4e4d4c4b4a4948_4746454443424140"
	before	"BNDCFGU=0000000012345003 BNDSTATUS=0000000087654321"
	nop
	nop

; BNDMOV of 32-bit code stores lower and upper bound in four bytes each; the upper one is kept in one's complement.
%assign n 0
%rep 4
	%strcat name "avx.bnd.store.", DEC(n)
case	name, "SDM 2A, BNDMOV", "BNDMOV stores both bounds"
	needs	"mpx"
	before	"BND0=00000000efefefe0_0000000010101010 BND1=00000000dfdfdfd0_0000000020202020"
	before	"BND2=00000000cfcfcfc0_0000000030303030 BND3=00000000bfbfbfb0_0000000040404040 BNDCFGU=3 esi=data"
	bndmov	[esi], bnd %+ n
	%if n = 0
	after	"[0]=10101010 [4]=efefefe0"
	%elif n = 1
	after	"[0]=20202020 [4]=dfdfdfd0"
	%elif n = 2
	after	"[0]=30303030 [4]=cfcfcfc0"
	%else
	after	"[0]=40404040 [4]=bfbfbfb0"
	%endif
	%assign n n + 1
%endrep

case	"avx.bnd.below", "SDM 2A, BNDCL", "an address below the bound: #BR, and BNDSTATUS says 1"
	needs	"mpx"
	before	"BND1=0_0000000020000000 BNDCFGU=3 eax=1fffffff"
	mark	bad
	bndcl	bnd1, [eax]
	ends	"#BR@bad"
	after	"BNDSTATUS=1"

case	"avx.bnd.within", "SDM 2A, BNDCL", "an address at the bound passes"
	needs	"mpx"
	before	"BND1=0_0000000020000000 BNDCFGU=3 eax=20000000"
	bndcl	bnd1, [eax]

case	"avx.bnd.disabled", "SDM 1 §E.3.3", "without BNDCFGU.EN MPX instructions do nothing"
	needs	"mpx"
	before	"BND1=0_0000000020000000 BNDCFGU=2 eax=1fffffff"
	bndcl	bnd1, [eax]

case	"avx.bnd.branch", "SDM 1 §E.3.7", "without BNDPRESERVE a near branch makes the bounds initial"
	needs	"mpx"
	before	"BND0=11_22 BND1=33_44 BND2=55_66 BND3=77_88 BNDCFGU=1"
	jmp	near .there
.there:	nop
	after	"BND0=0 BND1=0 BND2=0 BND3=0"

end_cases
