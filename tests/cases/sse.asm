; SPDX-License-Identifier: GPL-2.0-only
;
; SSE: MXCSR bit by bit, its exceptions, XMM registers, FXSAVE and FXRSTOR.

%include "case.inc"
%include "xstate.inc"

; Of a scalar operation: what stays in XMM0 above the result.
%define UPPER "11223344_55667788_99aabbcc_"

; --- registers ---

case	"sse.xmm.distinct", "SDM 1 §10.2.2", "XMM0 to XMM7 keep their own values"
	needs	"sse"
	before	XMM_DISTINCT
	before	"MXCSR=1fbf"
	nop
	nop

case	"sse.xmm.initial", "SDM 1 §10.2.2", "a task without SSE state has zeros in XMM0 to XMM7"
	needs	"sse"
	movups	[DATA], xmm0
	movups	[DATA + 0x10], xmm1
	movups	[DATA + 0x20], xmm2
	movups	[DATA + 0x30], xmm3
	movups	[DATA + 0x40], xmm4
	movups	[DATA + 0x50], xmm5
	movups	[DATA + 0x60], xmm6
	movups	[DATA + 0x70], xmm7
	after	"[0:80]=0"

case	"sse.mxcsr.initial", "SDM 1 §10.2.3", "a task without SSE state has MXCSR 1F80H"
	needs	"sse"
	stmxcsr	[DATA]
	after	"[0]=00001f80"

; The registers change places, so that each value goes through memory in every register.
%assign n 0
%rep 8
	%assign m (n + 1) & 7
	%xdefine from DEC(n)
	%xdefine to DEC(m)
	%xdefine value BYTES16(n)
	%strcat name "sse.xmm.move.", from, "_", to
	%strcat after_text "XMM", to, "=", value
case	name, "SDM 2B, MOVAPS", "MOVAPS writes the register it names, and no other"
	needs	"sse"
	before	XMM_DISTINCT
	movaps	xmm %+ m, xmm %+ n
	after	after_text
	%assign n n + 1
%endrep

; A scalar load clears the rest of the register, a move between registers and an operation leave it (SDM 1 §10.4.1).
case	"sse.scalar.load", "SDM 2B, MOVSS", "a scalar load clears bits 127 to 32"
	needs	"sse"
	before	XMM_DISTINCT
	before	"[0]=3f800000"
	movss	xmm3, [DATA]
	after	"XMM3=3f800000"

case	"sse.scalar.move", "SDM 2B, MOVSS", "a scalar move between registers leaves bits 127 to 32"
	needs	"sse"
	before	XMM_DISTINCT
	movss	xmm3, xmm5
	after	"XMM3=3f3e3d3c_3b3a3938_37363534_53525150"

case	"sse.scalar.operation", "SDM 1 §10.4.1", "a scalar operation leaves bits 127 to 32"
	needs	"sse"
	before	"XMM0=11223344_55667788_99aabbcc_3f800000 XMM1=7fc12345_ff812345_00000001_40000000"
	addss	xmm0, xmm1
	after	"XMM0=11223344_55667788_99aabbcc_40400000"

case	"sse.scalar.double", "SDM 1 §11.4.1.1", "a scalar operation on doubles leaves bits 127 to 64"
	needs	"sse2"
	before	"XMM0=11223344_55667788_3ff0000000000000 XMM1=7ff1234512345678_4000000000000000"
	addsd	xmm0, xmm1
	after	"XMM0=11223344_55667788_4008000000000000"

case	"sse.scalar.load_high", "SDM 2B, MOVHPS", "MOVHPS and MOVLPS leave the other half"
	needs	"sse"
	before	XMM_DISTINCT
	before	"[0]=01234567_89abcdef [8]=fedcba98_76543210"
	movhps	xmm0, [DATA]
	movlps	xmm1, [DATA + 8]
	after	"XMM0=0123456789abcdef_0706050403020100 XMM1=1f1e1d1c1b1a1918_fedcba9876543210"

; --- alignment (SDM 1 §10.2.2; exceptions of type 1 and 4 in SDM 2A §2.4) ---

%macro misaligned 4 ; NAME, what is proved, instruction, needs
case	%1, "SDM 2A, table 2-18", %2
	needs	%4
	before	XMM_DISTINCT
	mark	bad
	%3
	ends	"#GP(0)@bad"
%endmacro
	misaligned "sse.misaligned.movaps_load", "MOVAPS from an address that is no multiple of 16: #GP(0)", \
		{movaps xmm0, [DATA + 0x18]}, "sse"
	misaligned "sse.misaligned.movaps_store", "MOVAPS to an address that is no multiple of 16: #GP(0)", \
		{movaps [DATA + 0x11], xmm1}, "sse"
	misaligned "sse.misaligned.movntps", "MOVNTPS to an address that is no multiple of 16: #GP(0)", \
		{movntps [DATA + 0x1f], xmm1}, "sse"
	misaligned "sse.misaligned.addps", "a packed operand at an address that is no multiple of 16: #GP(0)", \
		{addps xmm0, [DATA + 4]}, "sse !mxcsr_mm"
	misaligned "sse.misaligned.fxsave", "FXSAVE to an address that is no multiple of 16: #GP(0)", \
		{fxsave [DATA + 0x108]}, "sse"
	misaligned "sse.misaligned.fxsave_by_one", "FXSAVE to an address that is no multiple of 16: #GP(0)", \
		{fxsave [DATA + 0x101]}, "sse"

; AMD's MXCSR.MM lets packed operands be anywhere, but not those of MOVAPS (APM 1 §4.2.2).
case	"sse.misaligned.mm_clear", "APM 1 §4.2.2", "a misaligned packed operand with MXCSR.MM clear: #GP(0)"
	needs	"sse mxcsr_mm"
	before	XMM_DISTINCT
	mark	bad
	addps	xmm0, [DATA + 4]
	ends	"#GP(0)@bad"

case	"sse.misaligned.mm_set", "APM 1 §4.2.2", "a misaligned packed operand with MXCSR.MM set: no fault"
	needs	"sse mxcsr_mm"
	before	"MXCSR=21f80 XMM0=3f800000 [4]=40000000"
	addps	xmm0, [DATA + 4]
	after	"XMM0=40400000"

case	"sse.misaligned.movups", "SDM 2B, MOVUPS", "MOVUPS and scalar operands may be anywhere"
	needs	"sse"
	before	"XMM0=3f800000 [3]=40000000 [11]=00112233_44556677_8899aabb_ccddeeff"
	addss	xmm0, [DATA + 3]
	movups	xmm1, [DATA + 0x11]
	movups	[DATA + 0x31], xmm1
	after	"XMM0=40400000 XMM1=00112233_44556677_8899aabb_ccddeeff [31]=00112233_44556677_8899aabb_ccddeeff"

case	"sse.misaligned.ldmxcsr", "SDM 2A, LDMXCSR", "the operand of LDMXCSR and STMXCSR may be anywhere"
	needs	"sse"
	before	"[1]=00005f81"
	ldmxcsr	[DATA + 1]
	stmxcsr	[DATA + 0x13]
	after	"MXCSR=5f81 [13]=00005f81"

; --- MXCSR: every bit can be loaded and stored alone; it survives ---

%assign bit 0
%rep 16
	%assign value 1 << bit
	%xdefine digits DEC(bit)
	%xdefine text HEX8(value)
	%strcat name "sse.mxcsr.load.bit", digits
	%strcat before_text "[0]=", text, " [8]=5a5a5a5a"
	%strcat after_text "MXCSR=", text, " [8]=", text
case	name, "SDM 1 §10.2.3", "LDMXCSR and STMXCSR move this bit, alone"
	needs	"sse"
	%if bit = 6
	needs	"daz"
	%endif
	before	before_text
	ldmxcsr	[DATA]
	stmxcsr	[DATA + 8]
	after	after_text

	%strcat name "sse.mxcsr.keep.bit", digits
	%strcat before_text "MXCSR=", text
case	name, "SDM 1 §10.2.3", "a task keeps this bit"
	needs	"sse"
	%if bit = 6
	needs	"daz"
	%endif
	before	before_text
	nop
	stmxcsr	[DATA]
	%strcat after_text "[0]=", text
	after	after_text
	%assign bit bit + 1
%endrep

; LDMXCSR with a reserved bit: #GP(0), MXCSR as before. Which bits are reserved says MXCSR_MASK; DAZ came later than
; SSE, bit 17 is AMD's, the rest has never been anything (SDM 1 §11.6.6).
%macro reserved_bit 2 ; bit, needs
	%assign value 1 << %1 | 0x1f80
	%xdefine digits DEC(%1)
	%strcat name "sse.mxcsr.reserved.ldmxcsr.bit", digits
	%xdefine text HEX8(value)
	%strcat before_text "MXCSR=5fa1 [0]=", text
case	name, "SDM 2A, LDMXCSR", "LDMXCSR with a reserved bit: #GP(0), and nothing is loaded"
	needs	%2
	before	before_text
	mark	bad
	ldmxcsr	[DATA]
	ends	"#GP(0)@bad"
%endmacro
	reserved_bit 6, "sse !daz"
	reserved_bit 16, "sse"
	reserved_bit 17, "sse !mxcsr_mm"
%assign bit 18
%rep 14
	reserved_bit bit, "sse"
	%assign bit bit + 1
%endrep

; --- rounding: four modes, each seen in a quotient, a tie, an overflow and a conversion ---
;
; Lanes from the highest: -1/3, 1/3, -2/3, 2/3. The exact quotients lie between ..aaaa and ..aaab, above the middle.
; Then 1 + 2^-24 and 1 + 2^-23 + 2^-24, both signs: exactly in the middle, and even decides. Then twice the largest
; number (SDM 1 §4.8.4, table 4-10 for the overflow).
%macro rounding 6 ; RC, name, quotients, ties, overflows, integers
	%assign value 0x1f80 | %1 << 13
	%xdefine text HEX(value)
	%xdefine inexact HEX(value | 0x20)
	%xdefine overflow HEX(value | 0x28)
	%strcat name "sse.rounding.", %2, ".quotient"
	%strcat before_text "XMM0=bf800000_3f800000_c0000000_40000000 XMM1=40400000_40400000_40400000_40400000 MXCSR=", text
	%strcat after_text "XMM0=", %3, " MXCSR=", inexact
case	name, "SDM 1 §10.2.3.1", "MXCSR.RC rounds quotients"
	needs	"sse"
	before	before_text
	divps	xmm0, xmm1
	after	after_text

	%strcat name "sse.rounding.", %2, ".tie"
	%strcat before_text "XMM0=bf800001_3f800001_bf800000_3f800000 XMM1=b3800000_33800000_b3800000_33800000 MXCSR=", text
	%strcat after_text "XMM0=", %4, " MXCSR=", inexact
case	name, "SDM 1 §4.8.4", "MXCSR.RC rounds sums that lie in the middle"
	needs	"sse"
	before	before_text
	addps	xmm0, xmm1
	after	after_text

	%strcat name "sse.rounding.", %2, ".overflow"
	%strcat before_text "XMM0=3f800000_3f800000_ff7fffff_7f7fffff XMM1=3f800000_3f800000_40000000_40000000 MXCSR=", text
	%strcat after_text "XMM0=3f800000_3f800000_", %5, " MXCSR=", overflow
case	name, "SDM 1 §4.9.1.4, table 4-10", "MXCSR.RC decides what a masked overflow gives"
	needs	"sse"
	before	before_text
	mulps	xmm0, xmm1
	after	after_text

	%strcat name "sse.rounding.", %2, ".integer"
	%strcat before_text "[0]=40200000 [4]=c0200000 [8]=40600000 [c]=c0600000 MXCSR=", text
	%strcat after_text %6, " MXCSR=", inexact
case	name, "SDM 2A, CVTSS2SI", "MXCSR.RC rounds 2.5, -2.5, 3.5 and -3.5 to integers"
	needs	"sse"
	before	before_text
	cvtss2si eax, [DATA]
	cvtss2si ecx, [DATA + 4]
	cvtss2si edx, [DATA + 8]
	cvtss2si ebx, [DATA + 0xc]
	after	after_text

	%strcat name "sse.rounding.", %2, ".truncation"
	%strcat after_text "eax=2 ecx=fffffffe edx=3 ebx=fffffffd MXCSR=", inexact
case	name, "SDM 2A, CVTTSS2SI", "CVTTSS2SI truncates, whatever MXCSR.RC is"
	needs	"sse"
	before	before_text
	cvttss2si eax, [DATA]
	cvttss2si ecx, [DATA + 4]
	cvttss2si edx, [DATA + 8]
	cvttss2si ebx, [DATA + 0xc]
	after	after_text
%endmacro
	rounding 0, "nearest", "beaaaaab_3eaaaaab_bf2aaaab_3f2aaaab", "bf800002_3f800002_bf800000_3f800000", \
		"ff800000_7f800000", "eax=2 ecx=fffffffe edx=4 ebx=fffffffc"
	rounding 1, "down", "beaaaaab_3eaaaaaa_bf2aaaab_3f2aaaaa", "bf800002_3f800001_bf800001_3f800000", \
		"ff800000_7f7fffff", "eax=2 ecx=fffffffd edx=3 ebx=fffffffc"
	rounding 2, "up", "beaaaaaa_3eaaaaab_bf2aaaaa_3f2aaaab", "bf800001_3f800002_bf800000_3f800001", \
		"ff7fffff_7f800000", "eax=3 ecx=fffffffe edx=4 ebx=fffffffd"
	rounding 3, "zero", "beaaaaaa_3eaaaaaa_bf2aaaaa_3f2aaaaa", "bf800001_3f800001_bf800000_3f800000", \
		"ff7fffff_7f7fffff", "eax=2 ecx=fffffffe edx=3 ebx=fffffffd"

; 1/3 and -1/3 as doubles: between ..5555 and ..5556, below the middle.
%macro rounding_double 3 ; RC, name, quotients
	%assign value 0x1f80 | %1 << 13
	%xdefine text HEX(value)
	%xdefine inexact HEX(value | 0x20)
	%strcat name "sse.rounding.", %2, ".double"
	%strcat before_text "XMM0=bff0000000000000_3ff0000000000000 XMM1=4008000000000000_4008000000000000 MXCSR=", text
	%strcat after_text "XMM0=", %3, " MXCSR=", inexact
case	name, "SDM 1 §10.2.3.1", "MXCSR.RC rounds quotients of doubles"
	needs	"sse2"
	before	before_text
	divpd	xmm0, xmm1
	after	after_text
%endmacro
	rounding_double 0, "nearest", "bfd5555555555555_3fd5555555555555"
	rounding_double 1, "down", "bfd5555555555556_3fd5555555555555"
	rounding_double 2, "up", "bfd5555555555555_3fd5555555555556"
	rounding_double 3, "zero", "bfd5555555555555_3fd5555555555555"

; --- the six exceptions ---
;
; Each is raised by one scalar instruction: masked, with its flag already set, with all other flags set, masked while
; the others are not, unmasked with and without CR4.OSXMMEXCPT. OE and UE bring PE with them when they are masked
; (SDM 1 §11.5.2.4 and §11.5.2.5); what PE is when they are not, §11.5.2.6 does not say.
%macro exception 8 ; name, flag's bit, instruction, XMM0, XMM1, result, flags that it sets, masks it needs
	%strcat values "XMM0=", UPPER, %4, " XMM1=", %5
	%strcat result " XMM0=", UPPER, %6

	%strcat name "sse.exception.", %1, ".masked"
	%xdefine text HEX(0x1f80 | %7)
	%strcat after_text "MXCSR=", text, result
case	name, "SDM 1 §11.5.2", "masked, the exception gives its result and sets its flag"
	needs	"sse"
	before	values
	%3	xmm0, xmm1
	after	after_text

	%strcat name "sse.exception.", %1, ".set_already"
	%strcat before_text values, " MXCSR=", text
case	name, "SDM 1 §10.2.3", "a flag that is set already stays set"
	needs	"sse"
	before	before_text
	%3	xmm0, xmm1
	after	result

	%strcat name "sse.exception.", %1, ".others_set"
	%xdefine text HEX(0x1f80 | (0x3f & ~(1 << %2)))
	%strcat before_text values, " MXCSR=", text
	%xdefine text HEX(0x1fbf)
	%strcat after_text "MXCSR=", text, result
case	name, "SDM 1 §10.2.3", "flags of other exceptions are sticky: they stay set"
	needs	"sse"
	before	before_text
	%3	xmm0, xmm1
	after	after_text

	; All other exceptions are unmasked.
	%strcat name "sse.exception.", %1, ".mask_alone"
	%xdefine text HEX(%8)
	%strcat before_text values, " MXCSR=", text
	%xdefine text HEX((%8) | (%7))
	%strcat after_text "MXCSR=", text, result
case	name, "SDM 1 §10.2.3", "its own mask is what masks it"
	needs	"sse"
	before	before_text
	%3	xmm0, xmm1
	after	after_text

	; Of a scalar operation that raises #XM: the destination is as it was, the flag is set, EIP is at the instruction.
	%strcat name "sse.exception.", %1, ".unmasked"
	%assign mask 0x1f80 & ~(0x80 << %2)
	%xdefine text HEX(mask)
	%strcat before_text values, " MXCSR=", text
	%xdefine text HEX(mask | 1 << %2)
	%strcat after_text "MXCSR=", text
case	name, "SDM 1 §11.5.3", "unmasked: #XM, the destination unchanged, the flag set"
	needs	"sse"
	before	before_text
	mark	bad
	%3	xmm0, xmm1
	ends	"#XM@bad"
	after	after_text
	%if %2 = 3 || %2 = 4
	after	"MXCSR.PE=?"
	%endif

	; LDMXCSR brings the mask and an unmasked flag: no exception by itself (LDMXCSR's page).
	%strcat name "sse.exception.", %1, ".flag_loaded"
	%xdefine text HEX8(mask | 1 << %2)
	%strcat before_text "XMM0=3f800000 XMM1=3f800000 [0]=", text
	%strcat after_text "XMM0=40000000 MXCSR=", text
case	name, "SDM 2A, LDMXCSR", "an unmasked flag that is loaded raises nothing, neither at once nor later"
	needs	"sse"
	before	before_text
	ldmxcsr	[DATA]
	addss	xmm0, xmm1
	after	after_text

	%strcat name "sse.exception.", %1, ".flag_sticky"
	%xdefine text HEX(0x1f80 | 1 << %2)
	%strcat before_text "XMM0=3f800000 XMM1=3f800000 MXCSR=", text
case	name, "SDM 1 §10.2.3", "an operation without exceptions leaves the flag set"
	needs	"sse"
	before	before_text
	addss	xmm0, xmm1
	after	"XMM0=40000000"

	; CR4.OSXMMEXCPT clear: the operating system cannot take #XM, so it gets #UD. Whether the flag is set then is left
	; open.
	%strcat name "sse.exception.", %1, ".osxmmexcpt_clear"
	%xdefine text HEX(mask)
	%strcat before_text values, " MXCSR=", text
case	name, "SDM 3 §2.5, OSXMMEXCPT", "unmasked with CR4.OSXMMEXCPT clear: #UD"
	needs	"sse"
	ring0
	before	before_text
	mov	eax, cr4
	and	eax, ~(1 << 10)
	mov	cr4, eax
	same_registers
	mark	bad
	%3	xmm0, xmm1
	ends	"#UD@bad"
	after	SAME_FLAGS
	after	"MXCSR.IE=? MXCSR.DE=? MXCSR.ZE=? MXCSR.OE=? MXCSR.UE=? MXCSR.PE=?"
%endmacro
	exception "invalid", 0, divss, "00000000", "00000000", "ffc00000", 0x01, 0x0080
	exception "denormal", 1, mulss, "00400000", "40000000", "00800000", 0x02, 0x0100
	exception "zero", 2, divss, "3f800000", "80000000", "ff800000", 0x04, 0x0200
	exception "overflow", 3, mulss, "7f7fffff", "40000000", "7f800000", 0x28, 0x1400
	exception "underflow", 4, mulss, "00800001", "3f000000", "00400000", 0x30, 0x1800
	exception "precision", 5, divss, "3f800000", "40400000", "3eaaaaab", 0x20, 0x1000

; All lanes of a packed operation are judged: 0/0, 1/0, 1/3, and the largest number over 0.5.
case	"sse.exception.packed.masked", "SDM 1 §11.5.2", "the flags of all lanes are set"
	needs	"sse"
	before	"XMM0=00000000_3f800000_3f800000_7f7fffff XMM1=00000000_00000000_40400000_3f000000"
	divps	xmm0, xmm1
	after	"XMM0=ffc00000_7f800000_3eaaaaab_7f800000 MXCSR=1fad"

; Invalid, denormal and division by zero are found before the operation; then nothing that is found after it is
; reported, and no lane is written (SDM 1 §11.5.3).
case	"sse.exception.packed.unmasked", "SDM 1 §11.5.3", "#XM for one lane: no lane is written"
	needs	"sse"
	before	"XMM0=3f800000_3f800000_3f800000_3f800000 XMM1=3f800000_00000000_40400000_3f800000 MXCSR=1d80"
	mark	bad
	divps	xmm0, xmm1
	ends	"#XM@bad"
	after	"MXCSR=1d84"

; Tiny and exact: masked there is no underflow, unmasked there is (SDM 1 §4.9.1.5).
case	"sse.exception.underflow.exact.masked", "SDM 1 §4.9.1.5", "tiny and exact is no masked underflow"
	needs	"sse"
	before	"XMM0=00800000 XMM1=3f000000"
	mulss	xmm0, xmm1
	after	"XMM0=00400000"

case	"sse.exception.underflow.exact.unmasked", "SDM 1 §4.9.1.5", "tiny and exact is an unmasked underflow"
	needs	"sse"
	before	"XMM0=00800000 XMM1=3f000000 MXCSR=1780"
	mark	bad
	mulss	xmm0, xmm1
	ends	"#XM@bad"
	after	"MXCSR=1790"

; Comparisons: COMISS objects to every NaN, UCOMISS to SNaNs only. #XM leaves EFLAGS as they are.
case	"sse.exception.comiss.qnan", "SDM 2A, COMISS", "COMISS with a QNaN is invalid; unordered"
	needs	"sse"
	before	"XMM0=7fc00000 eflags=ad7"
	comiss	xmm0, xmm0
	after	"eflags=247 MXCSR=1f81"

case	"sse.exception.ucomiss.qnan", "SDM 2B, UCOMISS", "UCOMISS with a QNaN is not invalid; unordered"
	needs	"sse"
	before	"XMM0=7fc00000 eflags=ad7"
	ucomiss	xmm0, xmm0
	after	"eflags=247"

case	"sse.exception.ucomiss.snan", "SDM 2B, UCOMISS", "UCOMISS with an SNaN is invalid; unordered"
	needs	"sse"
	before	"XMM0=7f800001 eflags=ad7"
	ucomiss	xmm0, xmm0
	after	"eflags=247 MXCSR=1f81"

case	"sse.exception.comiss.unmasked", "SDM 2A, COMISS", "#XM of COMISS leaves EFLAGS as they are"
	needs	"sse"
	before	"XMM0=7fc00000 eflags=ad7 MXCSR=1f00"
	mark	bad
	comiss	xmm0, xmm0
	ends	"#XM@bad"
	after	"MXCSR=1f01"

case	"sse.exception.snan.masked", "SDM 1 §4.8.3.5", "an SNaN operand is made quiet, with its payload"
	needs	"sse"
	before	"XMM0=ff812345 XMM1=3f800000"
	addss	xmm0, xmm1
	after	"XMM0=ffc12345 MXCSR=1f81"

case	"sse.exception.convert.masked", "SDM 2A, CVTSS2SI", "an integer that does not fit is 80000000H, and invalid"
	needs	"sse"
	before	"[0]=4f000000"
	cvtss2si eax, [DATA]
	after	"eax=80000000 MXCSR=1f81"

case	"sse.exception.convert.unmasked", "SDM 2A, CVTSS2SI", "#XM of a conversion leaves the general register"
	needs	"sse"
	before	"[0]=4f000000 MXCSR=1f00"
	mark	bad
	cvtss2si eax, [DATA]
	ends	"#XM@bad"
	after	"MXCSR=1f01"

case	"sse.exception.double.overflow", "SDM 1 §11.5.2.4", "a double that does not fit in a single overflows"
	needs	"sse2"
	before	"XMM0=11223344_55667788_99aabbcc_ddeeff00 XMM1=7fefffffffffffff"
	cvtsd2ss xmm0, xmm1
	after	"XMM0=11223344_55667788_99aabbcc_7f800000 MXCSR=1fa8"

case	"sse.exception.memory", "SDM 2A, DIVSS", "#XM with an operand in memory"
	needs	"sse"
	before	"XMM0=3f800000 MXCSR=1d80"
	mark	bad
	divss	xmm0, [DATA]
	ends	"#XM@bad"
	after	"MXCSR=1d84"

; x87 exceptions are not SSE's: MXCSR does not see them, nor FSW those of SSE.
case	"sse.exception.not_x87", "SDM 1 §11.5", "a division by zero of each kind sets its own flag only"
	needs	"sse x87"
	before	"XMM0=3f800000"
	divss	xmm0, [DATA]
	fninit
	fld1
	fldz
	fdivp	st1
	after	"XMM0=7f800000 MXCSR=1f84 FSW=3804 FTW=80 ST0=7fff8000000000000000 ST7=?"

; --- flush to zero (SDM 1 §10.2.3.3) ---

case	"sse.fz.exact", "SDM 1 §10.2.3.3", "with FZ a tiny result is 0, also where it is exact; UE and PE are set"
	needs	"sse"
	before	"XMM0=00800000 XMM1=3f000000 MXCSR=9f80"
	mulss	xmm0, xmm1
	after	"XMM0=0 MXCSR=9fb0"

case	"sse.fz.inexact", "SDM 1 §10.2.3.3", "with FZ a tiny result is 0; UE and PE are set"
	needs	"sse"
	before	"XMM0=00800001 XMM1=3f000000 MXCSR=9f80"
	mulss	xmm0, xmm1
	after	"XMM0=0 MXCSR=9fb0"

case	"sse.fz.negative", "SDM 1 §10.2.3.3", "with FZ a tiny result keeps its sign"
	needs	"sse"
	before	"XMM0=80800001 XMM1=3f000000 MXCSR=9f80"
	mulss	xmm0, xmm1
	after	"XMM0=80000000 MXCSR=9fb0"

case	"sse.fz.rounding", "SDM 1 §10.2.3.3", "with FZ a tiny result is 0, whatever RC is"
	needs	"sse"
	before	"XMM0=00800001 XMM1=3f000000 MXCSR=df80"
	mulss	xmm0, xmm1
	after	"XMM0=0 MXCSR=dfb0"

case	"sse.fz.unmasked", "SDM 1 §10.2.3.3", "with UM clear FZ has no effect: #XM"
	needs	"sse"
	before	"XMM0=00800001 XMM1=3f000000 MXCSR=9780"
	mark	bad
	mulss	xmm0, xmm1
	ends	"#XM@bad"
	after	"MXCSR=9790 MXCSR.PE=?"

case	"sse.fz.double", "SDM 1 §10.2.3.3", "with FZ a tiny double is 0"
	needs	"sse2"
	before	"XMM0=0010000000000001 XMM1=3fe0000000000000 MXCSR=9f80"
	mulsd	xmm0, xmm1
	after	"XMM0=0 MXCSR=9fb0"

case	"sse.fz.normal", "SDM 1 §10.2.3.3", "with FZ the smallest normal number stays"
	needs	"sse"
	before	"XMM0=00800000 XMM1=3f800000 MXCSR=9f80"
	mulss	xmm0, xmm1

case	"sse.fz.operand", "SDM 1 §10.2.3.3", "FZ is for results: a denormal operand counts"
	needs	"sse"
	before	"XMM0=00400000 XMM1=40000000 MXCSR=9f80"
	mulss	xmm0, xmm1
	after	"XMM0=00800000 MXCSR=9f82"

; --- denormals are zeros (SDM 1 §10.2.3.4) ---

%macro daz 7 ; name, proves, instruction, XMM0, XMM1, with DAZ, without
	%strcat name "sse.daz.", %1
	%strcat before_text "XMM0=", %4, " XMM1=", %5, " MXCSR=1fc0"
case	name, "SDM 1 §10.2.3.4", %2
	needs	"sse daz"
	before	before_text
	%3	xmm0, xmm1
	after	%6
	%strcat name "sse.daz.clear.", %1
	%strcat before_text "XMM0=", %4, " XMM1=", %5
case	name, "SDM 1 §10.2.3.4", "the same without DAZ"
	needs	"sse"
	before	before_text
	%3	xmm0, xmm1
	after	%7
%endmacro
	daz "add", "a denormal operand is 0, and sets no flag", addss, "00000001", "3f800000", \
		"XMM0=3f800000", "XMM0=3f800000 MXCSR=1fa2"
	daz "both", "two denormal operands are 0", addss, "00000001", "00000001", "XMM0=0", "XMM0=00000002 MXCSR=1f82"
	daz "sign", "a negative denormal is -0: its square root is -0", sqrtss, "0", "80000001", \
		"XMM0=80000000", "XMM0=ffc00000 MXCSR=1f81"
	daz "divisor", "a denormal divisor is 0: division by zero", divss, "3f800000", "00000001", \
		"XMM0=7f800000 MXCSR=1fc4", "XMM0=7f800000 MXCSR=1faa"
	daz "logic", "an operation on bits does not see DAZ", andps, "00000003", "00000001", "XMM0=1", "XMM0=1"
	daz "compare", "a denormal is equal to 0", ucomiss, "00000001", "80000000", \
		"eflags=242", "eflags=202 MXCSR=1f82"

case	"sse.daz.double", "SDM 1 §10.2.3.4", "a denormal double is 0"
	needs	"sse2 daz"
	before	"XMM0=000fffffffffffff XMM1=3ff0000000000000 MXCSR=1fc0"
	mulsd	xmm0, xmm1
	after	"XMM0=0"

case	"sse.daz.convert", "SDM 1 §10.2.3.4", "a denormal that is converted is 0"
	needs	"sse2 daz"
	before	"XMM0=80000001 MXCSR=1fc0"
	cvtss2sd xmm1, xmm0
	after	"XMM1=8000000000000000"

case	"sse.daz.unmasked", "SDM 1 §10.2.3.4", "with DAZ the denormal exception does not come, even unmasked"
	needs	"sse daz"
	before	"XMM0=00000001 XMM1=3f800000 MXCSR=1ec0"
	addss	xmm0, xmm1
	after	"XMM0=3f800000"

; --- FXSAVE and FXRSTOR (SDM 1 §10.5, SDM 2A) ---

	in_memory XMM_IMAGE, 0x100 + 160, 16, 0, BYTES16
	x87_in_memory ST_IMAGE, 0x100
	x87_reserved X87_OPEN, 0x100

; What is reserved may hold anything after FXSAVE, bytes 288 to 463, too; 464 to 511 are the software's.
case	"sse.fxsave.image", "SDM 1 §10.5.1", "FXSAVE stores x87 and SSE state, and changes none of it"
	needs	"sse x87"
	before	X87_DISTINCT
	before	XMM_DISTINCT
	before	"MXCSR=3fa1 [80:300]=5a"
	fxsave	[DATA + 0x100]
	after	"[100]=0b7f [102]=3a00 [104]=ff [118]=00003fa1 [11c:4]=?"
	after	ST_IMAGE
	after	XMM_IMAGE
	after	X87_OPEN
	after	"[220:b0]=?"

; MXCSR_MASK 0 stands for FFBFH (SDM 1 §11.6.6): bits 0 to 15 but for DAZ are always there, and 18 to 31 never.
case	"sse.fxsave.mask", "SDM 1 §11.6.6", "MXCSR_MASK has bits that can be set, and no others"
	needs	"sse"
	nostep
	fxsave	[DATA + 0x100]
	point
	mov	eax, [DATA + 0x11c]
	test	eax, eax
	jnz	.there
	mov	eax, 0xffbf
.there:	and	eax, 0xfffdffbf
	mov	edi, DATA + 0x100
	mov	ecx, 128
	mov	edx, eax
	xor	eax, eax
	cld
	rep stosd
	mov	eax, edx
	mov	edx, 0xd0d1d2d3
	mov	edi, 0xd4d5d6d7
	same_flags
	after	"eax=0000ffbf ecx=0"
	after	SAME_FLAGS

case	"sse.fxsave.mask.daz", "SDM 1 §11.6.6", "MXCSR_MASK has DAZ where it can be set"
	needs	"sse daz"
	nostep
	fxsave	[DATA + 0x100]
	point
	mov	eax, [DATA + 0x11c]
	and	eax, 0x40
	mov	edi, DATA + 0x100
	mov	ecx, 128
	mov	edx, eax
	xor	eax, eax
	cld
	rep stosd
	mov	eax, edx
	mov	edx, 0xd0d1d2d3
	mov	edi, 0xd4d5d6d7
	same_flags
	after	"eax=40 ecx=0"
	after	SAME_FLAGS

case	"sse.fxsave.unlike_fsave", "SDM 2A, FXSAVE", "FXSAVE does not wait, and leaves a pending x87 exception alone"
	needs	"sse x87"
	before	"FCW=037b FSW=b884 FTW=80 ST0=3fff8000000000000000"
	fxsave	[DATA + 0x100]
	after	"[100:200]=?"

case	"sse.fxrstor.image", "SDM 2A, FXRSTOR", "FXRSTOR loads x87 and SSE state"
	needs	"sse x87"
	before	"[100]=0b7f [102]=3a00 [104]=ff [118]=00003fa1 [11c]=0000ffff [2d0:30]=a5"
	before	ST_IMAGE
	before	XMM_IMAGE
	fxrstor	[DATA + 0x100]
	after	X87_DISTINCT
	after	XMM_DISTINCT
	after	"MXCSR=3fa1"

case	"sse.fxrstor.mask", "SDM 2A, FXRSTOR", "FXRSTOR does not look at MXCSR_MASK in the image"
	needs	"sse"
	before	"[100]=037f [118]=00001fbf [11c]=00000000"
	fxrstor	[DATA + 0x100]
	after	"MXCSR=1fbf"

case	"sse.fxrstor.flag", "SDM 2A, FXRSTOR", "an unmasked flag that is loaded raises nothing, neither at once nor later"
	needs	"sse"
	before	"[100]=037f [118]=00001d84 [1a0]=3f800000 [1b0]=3f800000"
	fxrstor	[DATA + 0x100]
	addss	xmm0, xmm1
	after	"MXCSR=1d84 XMM0=40000000 XMM1=3f800000"

; A reserved bit of MXCSR in the image: #GP(0), and nothing of it is loaded, whatever comes first in memory.
%macro fxrstor_reserved 2 ; bit, needs
	%xdefine digits DEC(%1)
	%xdefine text HEX8(1 << %1 | 0x1f80)
	%strcat name "sse.mxcsr.reserved.fxrstor.bit", digits
	%strcat before_text "MXCSR=3fa1 [100]=0f7f [102]=1900 [104]=55 [118]=", text, " [120:80]=a5 [1a0:80]=a5"
case	name, "SDM 2A, FXRSTOR", "FXRSTOR with a reserved bit of MXCSR: #GP(0), and nothing is loaded"
	needs	%2
	before	X87_DISTINCT
	before	XMM_DISTINCT
	before	before_text
	mark	bad
	fxrstor	[DATA + 0x100]
	ends	"#GP(0)@bad"
%endmacro
	fxrstor_reserved 6, "sse x87 !daz"
	fxrstor_reserved 16, "sse x87"
	fxrstor_reserved 17, "sse x87 !mxcsr_mm"
%assign bit 18
%rep 14
	fxrstor_reserved bit, "sse x87"
	%assign bit bit + 1
%endrep

%assign offset 1
%rep 4
	%xdefine digits DEC(offset)
	%strcat name "sse.misaligned.fxrstor.by", digits
case	name, "SDM 2A, FXRSTOR", "FXRSTOR from an address that is no multiple of 16: #GP(0), and nothing is loaded"
	needs	"sse x87"
	before	X87_DISTINCT
	before	XMM_DISTINCT
	before	"MXCSR=3fa1 [100]=0f7f [108]=0f7f"
	mark	bad
	fxrstor	[DATA + 0x100 + offset]
	ends	"#GP(0)@bad"
	%assign offset offset * 2
%endrep

; A CPU may find the bad page before or after it has loaded the registers that come before it: but a fault has no
; effect.
case	"sse.fxrstor.page_fault", "SDM 3 §6.5", "FXRSTOR that runs into a missing page loads nothing"
	needs	"sse x87"
	before	X87_DISTINCT
	before	XMM_DISTINCT
	before	"MXCSR=3fa1 [1f00]=0f7f [1f18]=00001f80"
	mark	bad
	fxrstor	[DATA + 0x1f00]
	ends	"#PF(4)@bad"
	after	"cr2=?"

; --- CR4.OSFXSR ---

%macro osfxsr 3 ; name, needs, instruction
	%strcat name "sse.osfxsr_clear.", %1
case	name, "SDM 3 §2.5, OSFXSR", "with CR4.OSFXSR clear an SSE instruction raises #UD"
	needs	%2
	ring0
	before	XMM_DISTINCT
	mov	eax, cr4
	and	eax, ~(1 << 9)
	mov	cr4, eax
	same_registers
	mark	bad
	%3
	ends	"#UD@bad"
	after	SAME_FLAGS
%endmacro
	osfxsr "addps", "sse", {addps xmm0, xmm1}
	osfxsr "movaps", "sse", {movaps xmm0, xmm1}
	osfxsr "ldmxcsr", "sse", {ldmxcsr [DATA]}
	osfxsr "stmxcsr", "sse", {stmxcsr [DATA]}
	osfxsr "paddd", "sse2", {paddd xmm0, xmm1}
	osfxsr "cvtsi2ss", "sse", {cvtsi2ss xmm0, eax}

; SFENCE, PREFETCH and MOVNTI use no XMM register: they do not need CR4.OSFXSR (SDM 3 §2.5, OSFXSR).
case	"sse.osfxsr_clear.sfence", "SDM 3 §2.5, OSFXSR", "with CR4.OSFXSR clear SFENCE and PREFETCH work"
	needs	"sse"
	ring0
	mov	eax, cr4
	and	eax, ~(1 << 9)
	mov	cr4, eax
	same_registers
	sfence
	prefetcht0 [DATA]
	prefetchnta [UNMAPPED]
	after	SAME_FLAGS

; --- without SSE ---

%macro absent 3
	%strcat name "sse.absent.", %1
case	name, "SDM 3 §6.15, vector 6", "a CPU without SSE raises #UD"
	needs	%2
	mark	bad
	%3
	ends	"#UD@bad"
%endmacro
	absent "addps", "!sse", {addps xmm0, xmm1}
	absent "movups", "!sse", {movups xmm0, [DATA]}
	absent "ldmxcsr", "!sse", {ldmxcsr [DATA]}
	absent "stmxcsr", "!sse", {stmxcsr [DATA]}
	absent "sfence", "!sse", {sfence}
	absent "sse2", "!sse2", {addpd xmm0, xmm1}
	absent "fxsave", "!fxsr", {fxsave [DATA]}
	absent "fxrstor", "!fxsr", {fxrstor [DATA]}

end_cases
