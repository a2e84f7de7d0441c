; SPDX-License-Identifier: GPL-2.0-only
;
; CR0.EM, MP and TS: which instructions they stop, and lazy switching, which is built on TS.

%include "case.inc"
%include "xstate.inc"

%define CR0_MP (1 << 1)
%define CR0_EM (1 << 2)
%define CR0_TS (1 << 3)

; --- the grid: eight values of EM, MP and TS, every kind of instruction ---
;
;			EM		TS		EM and TS
; x87			#NM		#NM		#NM		SDM 3 §2.5, table 2-2
; WAIT			-		#NM where MP	#NM where MP	the same table
; MMX			#UD		#NM		#UD		SDM 3 §12.1, table 12-1
; SSE			#UD		#NM		#UD		SDM 3 §13.1, table 13-1, and SDM 2A §2.4
; FXSAVE, FXRSTOR	#NM		#NM		#NM		SDM 2A, their pages
; VEX, EVEX		-		#NM		#NM		SDM 2A §2.4 and §2.8
; XSAVE, XRSTOR ...	-		#NM		#NM		SDM 1 §13.7 to §13.10
; PREFETCH, SFENCE ...	-		-		-		no XMM registers: SDM 3 §2.5
; XGETBV, RDPKRU	-		-		-		SDM 2B, 2D
;
; MP is about WAIT alone. Where both could be meant, #UD comes first: an emulated FPU has no MMX and no SSE.
%macro outcome_x87 0
	%if em || ts
	%define outcome "#NM@instruction"
	%endif
%endmacro
%macro outcome_wait 0
	%if mp && ts
	%define outcome "#NM@instruction"
	%endif
%endmacro
%macro outcome_mmx 0
	%if em
	%define outcome "#UD@instruction"
	%elif ts
	%define outcome "#NM@instruction"
	%endif
%endmacro
%macro outcome_sse 0
	outcome_mmx
%endmacro
%macro outcome_fxsave 0
	outcome_x87
%endmacro
%macro outcome_xsave 0
	%if ts
	%define outcome "#NM@instruction"
	%endif
%endmacro
%macro outcome_vex 0
	outcome_xsave
%endmacro
%macro outcome_never 0
%endmacro

; grid NAME, RULE, NEEDS, MANUAL, {INSTRUCTION}, STATE BEFORE, STATE AFTER: where nothing stops the instruction
%macro grid 7
%assign grid_bits 0
%rep 8
	%assign em grid_bits >> 2 & 1
	%assign mp grid_bits >> 1 & 1
	%assign ts grid_bits & 1
	%define outcome ""
	outcome_%2
	%strcat name "cr0.grid.", %1, ".em", DEC(em), "_mp", DEC(mp), "_ts", DEC(ts)
case	name, %4, "whether EM, MP and TS stop it, and with which exception"
	needs	%3
	ring0
	before	%6
	mov	eax, cr0
	and	eax, ~(CR0_EM | CR0_MP | CR0_TS)
	or	eax, em * CR0_EM | mp * CR0_MP | ts * CR0_TS
	mov	cr0, eax
	same_registers
	mark	instruction
	%5
	after	SAME_FLAGS
	%ifidn outcome, ""
	after	%7
	%else
	ends	outcome
	%endif
	%assign grid_bits grid_bits + 1
%endrep
%endmacro

%macro xgetbv_0 0
	mov	ecx, 0
	xgetbv
%endmacro
%macro rdpkru_0 0
	mov	ecx, 0
	db	0x0f, 0x01, 0xee
%endmacro

%define TABLE_2_2 "SDM 3 §2.5, table 2-2"
	grid "x87_load", x87, "x87", TABLE_2_2, {fld1}, "", "FSW=3800 FTW=80 ST0=3fff8000000000000000"
	grid "x87_fnop", x87, "x87", TABLE_2_2, {fnop}, "", ""
	grid "x87_fnstsw", x87, "x87", TABLE_2_2, {fnstsw [DATA]}, "[0]=5a5a", "[0]=0000"
	grid "x87_fnstcw", x87, "x87", TABLE_2_2, {fnstcw [DATA]}, "[0]=5a5a", "[0]=037f"
	grid "x87_fninit", x87, "x87", TABLE_2_2, {fninit}, "", ""
	grid "x87_fnclex", x87, "x87", TABLE_2_2, {fnclex}, "", ""
	grid "x87_fnsave", x87, "x87", TABLE_2_2, {fnsave [DATA]}, "", "[0:6c]=?"
	grid "wait", wait, "x87", TABLE_2_2, {fwait}, "", ""
	grid "mmx_operation", mmx, "mmx", "SDM 3 §12.1, table 12-1", {por mm0, mm0}, "FTW=ff ST0=ffff0123456789abcdef", ""
	grid "mmx_emms", mmx, "mmx", "SDM 3 §12.1, table 12-1", {emms}, "", ""
	grid "mmx_load", mmx, "mmx", "SDM 3 §12.1, table 12-1", {movd mm0, eax}, "FTW=ff ST0=ffff0123456789abcdef", "ST0=ffff00000000a0a1a2a3"
	grid "sse_move", sse, "sse", "SDM 3 §13.1, table 13-1", {movaps xmm0, xmm1}, XMM_DISTINCT, "XMM0=1f1e1d1c1b1a1918_1716151413121110"
	grid "sse_operation", sse, "sse", "SDM 3 §13.1, table 13-1", {addps xmm0, xmm1}, "", ""
	grid "sse2_integer", sse, "sse2", "SDM 3 §13.1, table 13-1", {paddd xmm0, xmm1}, "", ""
	grid "sse_on_mmx", sse, "sse", "SDM 3 §13.1, table 13-1", {pavgb mm0, mm0}, "FTW=ff ST0=ffff0123456789abcdef", ""
	grid "ldmxcsr", sse, "sse", "SDM 2A, LDMXCSR", {ldmxcsr [DATA]}, "[0]=00001fa0", "MXCSR=1fa0"
	grid "stmxcsr", sse, "sse", "SDM 2B, STMXCSR", {stmxcsr [DATA]}, "", "[0]=00001f80"
	grid "fxsave", fxsave, "fxsr", "SDM 2A, FXSAVE", {fxsave [DATA + 0x100]}, "", "[100:200]=?"
	grid "fxrstor", fxsave, "sse", "SDM 2A, FXRSTOR", {fxrstor [DATA + 0x100]}, "[100]=027f [118]=00001fa0", "FCW=027f MXCSR=1fa0"
	grid "avx", vex, "avx", "SDM 2A §2.4", {vmovaps ymm0, ymm1}, YMM_DISTINCT, "YMM0_Hi128=9f9e9d9c9b9a9998_9796959493929190"
	grid "avx_128", vex, "avx", "SDM 2A §2.4", {vmovaps xmm0, xmm1}, YMM_DISTINCT, "YMM0_Hi128=0"
	grid "vzeroupper", vex, "avx", "SDM 2C, VZEROUPPER", {vzeroupper}, "", ""
	grid "vldmxcsr", vex, "avx", "SDM 2A, LDMXCSR", {vldmxcsr [DATA]}, "[0]=00001fa0", "MXCSR=1fa0"
	grid "avx512", vex, "avx512f", "SDM 2A §2.8", {vmovdqa32 zmm0, zmm1}, "", ""
	grid "opmask", vex, "avx512f", "SDM 2A, KMOVW", {kmovw k1, eax}, "", "K1=a2a3"
	grid "xsave", xsave, "xsave", "SDM 1 §13.7", {xsave [DATA + 0x40]}, "", "[40:400]=?"
	grid "xsaveopt", xsave, "xsaveopt", "SDM 1 §13.9", {xsaveopt [DATA + 0x40]}, "", "[40:400]=?"
	grid "xsavec", xsave, "xsavec", "SDM 1 §13.10", {xsavec [DATA + 0x40]}, "", "[40:400]=?"
	grid "xrstor", xsave, "xsave", "SDM 1 §13.8", {xrstor [DATA + 0x40]}, "FCW=0b7f", "FCW=037f MXCSR=?"
	grid "xgetbv", never, "xsave", "SDM 2D, XGETBV", {xgetbv_0}, "", "eax=? ecx=0 edx=?"
	grid "rdpkru", never, "pku", "SDM 2B, RDPKRU", {rdpkru_0}, "PKRU=5a5a5a58", "eax=5a5a5a58 ecx=0 edx=0"
	grid "sfence", never, "sse", "SDM 2B, SFENCE", {sfence}, "", ""
	grid "lfence", never, "sse2", "SDM 2A, LFENCE", {lfence}, "", ""
	grid "mfence", never, "sse2", "SDM 2B, MFENCE", {mfence}, "", ""
	grid "prefetch", never, "sse", "SDM 2B, PREFETCHh", {prefetcht0 [DATA]}, "", ""
	grid "movnti", never, "sse2", "SDM 2B, MOVNTI", {movnti [DATA], eax}, "", "[0]=a0a1a2a3"
	grid "pause", never, "sse2", "SDM 2B, PAUSE", {pause}, "", ""
	grid "clts", never, "x87", "SDM 2A, CLTS", {clts}, "", ""

; --- #NM comes before what the memory operand would raise (SDM 3 §6.9, table 6-2) ---
%macro before_operand 4 ; name, needs, instruction, why
	%strcat name "cr0.priority.", %1
case	name, "SDM 3 §6.9, table 6-2", %4
	needs	%2
	ring0
	mov	eax, cr0
	or	eax, CR0_TS
	mov	cr0, eax
	same_registers
	mark	instruction
	%3
	ends	"#NM@instruction"
	after	SAME_FLAGS
%endmacro
	before_operand "x87_page", "x87", {fld dword [UNMAPPED]}, "#NM before the page fault of an x87 operand"
	before_operand "sse_page", "sse", {movups xmm0, [UNMAPPED]}, "#NM before the page fault of an SSE operand"
	before_operand "sse_alignment", "sse", {movaps xmm0, [DATA + 1]}, "#NM before #GP of a misaligned SSE operand"
	before_operand "fxsave_alignment", "fxsr", {fxsave [DATA + 1]}, "#NM before #GP of a misaligned FXSAVE"
	before_operand "xsave_alignment", "xsave", {xsave [DATA + 1]}, "#NM before #GP of a misaligned XSAVE"
	before_operand "avx_page", "avx", {vmovups ymm0, [UNMAPPED]}, "#NM before the page fault of an AVX operand"
	before_operand "ldmxcsr_reserved", "sse", {ldmxcsr [DATA]}, "#NM before #GP of a reserved bit"
	before	"[0]=ffffffff"

; A pending exception is #MF, but TS is looked at first.
case	"cr0.priority.pending", "SDM 3 §6.9, table 6-2", "#NM before a pending x87 exception"
	needs	"x87"
	ring0
	before	"FCW=037b FSW=b884 FTW=80 ST0=3fff8000000000000000"
	mov	eax, cr0
	or	eax, CR0_TS
	mov	cr0, eax
	same_registers
	mark	instruction
	fld1
	ends	"#NM@instruction"
	after	SAME_FLAGS

; --- CLTS, LMSW, MOV CR0 ---

; What of CR0 stays: all but TS.
case	"cr0.clts.clears_ts", "SDM 2A, CLTS", "CLTS clears TS, and nothing else"
	needs	"x87"
	ring0
	mov	ecx, cr0
	mov	eax, ecx
	or	eax, CR0_TS
	mov	cr0, eax
	clts
	mov	edx, cr0
	xor	eax, edx
	mov	[DATA], eax
	same_registers
	after	SAME_FLAGS
	after	"[0]=00000008"

case	"cr0.clts.lets_through", "SDM 2A, CLTS", "after CLTS an x87 instruction is not stopped"
	needs	"x87"
	ring0
	mov	eax, cr0
	or	eax, CR0_TS
	mov	cr0, eax
	clts
	fld1
	same_registers
	after	SAME_FLAGS
	after	"FSW=3800 FTW=80 ST0=3fff8000000000000000"

case	"cr0.lmsw.ts", "SDM 2A, LMSW", "LMSW sets TS, MP and EM"
	needs	"x87"
	ring0
	mov	eax, cr0
	and	eax, ~(CR0_EM | CR0_MP | CR0_TS)
	mov	cr0, eax
	mov	eax, 1 | CR0_EM | CR0_MP | CR0_TS
	lmsw	ax
	mov	eax, cr0
	and	eax, 0xf
	mov	[DATA], eax
	same_registers
	after	SAME_FLAGS
	after	"[0]=0000000f"

case	"cr0.lmsw.clears", "SDM 2A, LMSW", "LMSW clears TS, MP and EM, but not PE"
	needs	"x87"
	ring0
	mov	eax, cr0
	or	eax, CR0_EM | CR0_MP | CR0_TS
	mov	cr0, eax
	mov	eax, 0
	lmsw	ax
	mov	eax, cr0
	and	eax, 0xf
	mov	[DATA], eax
	same_registers
	after	SAME_FLAGS
	after	"[0]=00000001"

%macro privileged 4
	%strcat name "cr0.ring3.", %1
case	name, %2, "outside ring 0: #GP(0)"
	%ifnempty %4
	before	%4
	%endif
	mark	bad
	%3
	ends	"#GP(0)@bad"
%endmacro
	privileged "clts", "SDM 2A, CLTS", {clts}, ""
	privileged "lmsw", "SDM 2A, LMSW", {lmsw ax}, ""
	privileged "write", "SDM 2B, MOV", {mov cr0, eax}, ""
	privileged "read", "SDM 2B, MOV", {mov eax, cr0}, ""
	privileged "read_cr4", "SDM 2B, MOV", {mov eax, cr4}, ""

; The first CPUs with XSAVE had no XSAVEOPT. QEMU 7.2 never gets over the setting of the bit there: to reach this case,
; the kernel must not have set it (xstate=fxsave).
case	"cr0.osxsave", "SDM 3 §2.5", "CR4.OSXSAVE can be set on a CPU that has XSAVE but not XSAVEOPT"
	needs	"cpuid !xsaveopt"
	ring0
	mov	eax, 1
	cpuid
	test	ecx, 1 << 26		; XSAVE
	jz	.done
	mov	eax, cr4
	or	eax, 1 << 18
	mov	cr4, eax
	mov	eax, 1
	cpuid
	shr	ecx, 27			; CPUID shows the bit
	and	ecx, 1
	mov	[DATA], ecx
	jmp	.shown
	mark	done
	mov	dword [DATA], 1
	mark	shown
	same_registers
	after	SAME_FLAGS
	after	"[0]=00000001"

; --- a CPU without an FPU: EM is set for good ---

%macro no_fpu 2
	%strcat name "cr0.no_fpu.", %1
case	name, "SDM 3 §9.2.1", "without an FPU x87 instructions raise #NM"
	needs	"!x87"
	mark	bad
	%2
	ends	"#NM@bad"
%endmacro
	no_fpu "fld1", {fld1}
	no_fpu "fninit", {fninit}
	no_fpu "fnstcw", {fnstcw [DATA]}

case	"cr0.no_fpu.wait", "SDM 3 §2.5, table 2-2", "without an FPU WAIT does nothing: MP is clear"
	needs	"!x87"
	fwait

; --- lazy switching: no register of another task's, whatever a task does first ---
;
; The scribbler has used the FPU before each of these, and at each step between. Path lazy is what they are made
; for; all others must give the same.
%macro first_use 5 ; name, needs, before, instruction, after
	%strcat name "cr0.lazy.", %1
case	name, "SDM 3 §13.4.1", "the first FPU instruction sees the task's own state"
	needs	%2
	before	%3
	nop
	%4
	after	%5
%endmacro
	%strcat OWN X87_DISTINCT, " ", XMM_DISTINCT, "MXCSR=3fa1"
	in_memory XMM_SAVED, 0x1a0, 16, 0, BYTES16

	first_use "none.initial", "x87", "", {nop}, ""
	first_use "none.x87", "x87", X87_DISTINCT, {nop}, ""
	first_use "none.sse", "sse x87", OWN, {nop}, ""
	first_use "none.avx", "avx", YMM_DISTINCT, {nop}, ""
	first_use "fnstcw", "x87", "FCW=0b7f", {fnstcw [DATA]}, "[0]=0b7f"
	first_use "fnstcw.initial", "x87", "", {fnstcw [DATA]}, "[0]=037f"
	first_use "fnstsw", "x87", "FSW=3a00", {fnstsw ax}, "eax=a0a13a00"
	first_use "fnstsw.initial", "x87", "", {fnstsw ax}, "eax=a0a10000"
	first_use "fwait", "x87", X87_DISTINCT, {fwait}, ""
	first_use "fwait.initial", "x87", "", {fwait}, ""
	first_use "fld1.initial", "x87", "", {fld1}, "FSW=3800 FTW=80 ST0=3fff8000000000000000"
	first_use "fninit", "x87", "FCW=0b7f FSW=3a00", {fninit}, "FCW=037f FSW=0"
	first_use "fstp", "x87", "FSW=3800 FTW=80 ST0=3fff8000000000000000", {fst dword [DATA]}, \
		"[0]=3f800000 FSW.C0=? FSW.C2=? FSW.C3=?"
	first_use "mmx", "mmx", "FTW=ff ST1=ffff0123456789abcdef", {movq [DATA], mm1}, "[0]=0123456789abcdef"
	first_use "mmx.initial", "mmx", "", {movq [DATA], mm1}, "FTW=ff"
	first_use "stmxcsr", "sse", "MXCSR=3fa1", {stmxcsr [DATA]}, "[0]=00003fa1"
	first_use "stmxcsr.initial", "sse", "", {stmxcsr [DATA]}, "[0]=00001f80"
	first_use "ldmxcsr", "sse x87", OWN, {ldmxcsr [DATA + 0x10]}, "MXCSR=5f80"
	before	"[10]=00005f80"
	first_use "movups", "sse x87", OWN, {movups [DATA], xmm5}, "[0]=5f5e5d5c5b5a5958_5756555453525150"
	first_use "movups.initial", "sse", "", {movups [DATA], xmm5}, ""
	first_use "addss", "sse", "XMM0=3f800000 XMM1=33800000 MXCSR=5f80", {addss xmm0, xmm1}, "XMM0=3f800001 MXCSR=5fa0"
	first_use "fxsave", "sse", XMM_DISTINCT, {fxsave [DATA + 0x100]}, "[100:200]=?"
	after	XMM_SAVED
	after	"[100]=037f [102]=0000 [104]=00 [118]=00001f80"
	first_use "fxrstor", "sse x87", OWN, {fxrstor [DATA + 0x100]}, "FCW=037f FSW=0 FTW=0 MXCSR=1f80"
	before	"[100]=037f [118]=00001f80"
	after	X87_INITIAL
	after	XMM_INITIAL
	first_use "avx", "avx", YMM_DISTINCT, {vmovups [DATA], ymm3}, "[10]=bfbebdbcbbbab9b8_b7b6b5b4b3b2b1b0"
	first_use "avx.initial", "avx", "", {vmovups [DATA], ymm3}, ""
	first_use "vzeroupper", "avx x87", OWN, {vzeroupper}, ""
	first_use "kmovw", "avx512f", "K3=5a5b", {kmovw eax, k3}, "eax=00005a5b"
	first_use "kmovw.initial", "avx512f", "", {kmovw eax, k3}, "eax=0"
	first_use "zmm", "avx512f", ZMM_DISTINCT, {vextractf64x4 ymm0, zmm1, 1}, \
		"XMM0=5f5e5d5c5b5a5958_5756555453525150 YMM0_Hi128=dfdedddcdbdad9d8_d7d6d5d4d3d2d1d0 ZMM0_Hi256=0"
	first_use "rdpkru", "pku", "PKRU=12345678 ecx=0", {db 0x0f, 0x01, 0xee}, "eax=12345678 edx=0"
	first_use "rdpkru.initial", "pku", "ecx=0", {db 0x0f, 0x01, 0xee}, "eax=0 edx=0"
	first_use "bndmov", "mpx", "BND2=00000000cfcfcfc0_0000000030303030 BNDCFGU=3 esi=data", {bndmov [esi], bnd2}, "[0]=cfcfcfc0_30303030"

; An XSAVE of one's own obeys TS, and XRSTOR, too (SDM 1 §13.7, §13.8).
	in_memory XMM_XSAVED, 0x40 + 160, 16, 0, BYTES16
	first_use "xsave", "xsave", XMM_DISTINCT, {xsave [DATA + 0x40]}, "eax=2 edx=0 [5c:4]=?"
	before	"eax=2 edx=0"
	after	XMM_XSAVED
	after	"[58]=00001f80 [240]=0000000000000002"
	first_use "xrstor", "xsave", OWN, {xrstor [DATA + 0x40]}, "eax=1 edx=0"
	before	"eax=1 edx=0"
	after	X87_INITIAL

; Late, after points at which the task did not have it.
case	"cr0.lazy.late", "SDM 3 §13.4.1", "state that was not used for long is the task's own when it is"
	needs	"sse x87"
	before	X87_DISTINCT
	before	XMM_DISTINCT
	before	"MXCSR=3fa1"
	nop
	nop
	nop
	nop
	stmxcsr	[DATA]
	nop
	nop
	fnstcw	[DATA + 4]
	nop
	movups	[DATA + 0x10], xmm7
	after	"[0]=00003fa1 [4]=0b7f [10]=7f7e7d7c7b7a7978_7776757473727170"

case	"cr0.lazy.between", "SDM 3 §13.4.1", "state that is changed between two switches is kept"
	needs	"sse x87"
	fld1
	nop
	ldmxcsr	[DATA]
	nop
	fldz
	nop
	movups	xmm3, [DATA + 0x10]
	nop
	fxch
	before	"[0]=00005f80 [10]=00112233_44556677_8899aabb_ccddeeff"
	after	"FSW=3000 FSW.C0=? FSW.C1=? FSW.C2=? FSW.C3=? FTW=c0 ST0=3fff8000000000000000 ST1=0"
	after	"MXCSR=5f80 XMM3=00112233_44556677_8899aabb_ccddeeff"

; In either order of first use, and where one task, the other, or neither uses the FPU at all. `both.other_first` is how
; all cases of this section are; in the others the scribbler comes later or never.
%macro order 3 ; name, directive that says what the other task does, proves
	%strcat name "cr0.lazy.order.", %1, ".x87"
case	name, "SDM 3 §13.4.1", %3
	needs	"x87"
	%2
	fld1
	nop
	fnstcw	[DATA]
	nop
	fst	dword [DATA + 4]
	after	"[0]=037f [4]=3f800000 FSW=3800 FTW=80 ST0=3fff8000000000000000 FSW.C0=? FSW.C2=? FSW.C3=?"

	%strcat name "cr0.lazy.order.", %1, ".sse"
case	name, "SDM 3 §13.4.1", %3
	needs	"sse"
	before	"[0]=00005f80 [10]=00112233_44556677_8899aabb_ccddeeff"
	%2
	movups	xmm3, [DATA + 0x10]
	nop
	stmxcsr	[DATA + 4]
	ldmxcsr	[DATA]
	nop
	movups	[DATA + 0x20], xmm4
	after	"[4]=00001f80 MXCSR=5f80 XMM3=00112233_44556677_8899aabb_ccddeeff"

	%strcat name "cr0.lazy.order.", %1, ".avx"
case	name, "SDM 3 §13.4.1", %3
	needs	"avx"
	before	"[10]=00112233_44556677_8899aabb_ccddeeff"
	%2
	vmovups	ymm3, [DATA]
	nop
	vmovups	[DATA + 0x20], ymm4
	after	"YMM3_Hi128=00112233_44556677_8899aabb_ccddeeff"

	%strcat name "cr0.lazy.order.", %1, ".old"
case	name, "SDM 3 §13.4.1", %3
	needs	"sse x87"
	before	OWN
	%2
	fnstcw	[DATA]
	nop
	stmxcsr	[DATA + 4]
	nop
	movups	[DATA + 0x10], xmm5
	after	"[0]=0b7f [4]=00003fa1 [10]=5f5e5d5c5b5a5958_5756555453525150"
%endmacro

%macro order_without 3 ; the same for a case that does not use it
	%strcat name "cr0.lazy.order.", %1, ".fresh"
case	name, "SDM 3 §13.4.1", %3
	needs	"x87"
	%2
	nop
	nop
	nop

	%strcat name "cr0.lazy.order.", %1, ".old"
case	name, "SDM 3 §13.4.1", %3
	needs	"sse x87"
	before	OWN
	%2
	nop
	nop
	nop
%endmacro
	order "both.other_first", {}, "the other task uses the FPU first, then this one"
	order "both.other_last", other_late, "this task uses the FPU first, then the other one"
	order "this", other_idle, "this task alone uses the FPU"
	order_without "other", {}, "the other task alone uses the FPU"
	order_without "other_late", other_late, "the other task alone uses the FPU, for the first time behind this one's first instruction"
	order_without "neither", other_idle, "neither task uses the FPU"

; An exception that waits belongs to its task, however long it waits.
case	"cr0.lazy.pending", "SDM 1 §8.7", "a pending x87 exception waits for the task's next x87 instruction"
	needs	"x87"
	before	"FCW=037b FSW=b884 FTW=80 ST0=3fff8000000000000000"
	nop
	nop
	mark	pending
	fwait
	ends	"#MF@pending"

end_cases
