; SPDX-License-Identifier: GPL-2.0-only
;
; MMX: its registers are the significands of the x87 FPU's, by physical number (SDM 1 §9.2.2; SDM 3 chapter 12).
;
; Every MMX instruction but EMMS sets TOP to 0 and all tags to valid; one that writes a register also sets that register's
; exponent and sign to all ones (SDM 3 §12.2, table 12-1). Nothing else of the FPU changes.

%include "x87.inc"

; mmx_case NAME, MANUAL, PROVES
%macro mmx_case 3
	x87_case %1, %2, %3
	needs	"mmx"
%endmacro

; --- As state ---

mmx_case "mmx.state", "SDM 3 §12.2", "eight MMX registers, as x87 registers with all ones above, stay as they are"
	before	"FTW=ff ST0=ffff_0123456789abcdef ST1=ffff_123456789abcdef0 ST2=ffff_23456789abcdef01"
	before	"ST3=ffff_3456789abcdef012 ST4=ffff_456789abcdef0123 ST5=ffff_56789abcdef01234"
	before	"ST6=ffff_6789abcdef012345 ST7=ffff_789abcdef0123456"
	nop

; --- Reading and writing each register, at each TOP ---

; write REGISTER, TOP
%macro write 2
	%defstr mmx_register %1
	%defstr mmx_top %2
	%strcat mmx_name "mmx.write.mm", mmx_register, ".top", mmx_top
	mmx_case mmx_name, "SDM 3 table 12-1", "a write sets TOP to 0, all tags valid, the exponent all ones, and no other register"
	join	before, "[10]=0f1e2d3c4b5a6978 FTW=21 FSW=4745 FSW.TOP=", mmx_top
	registers	before, %2
	movq	mm%1, [DATA + 0x10]
	after	"FTW=ff FSW=4745"
	registers	after, 0
	join	after, "ST", mmx_register, "=ffff_0f1e2d3c4b5a6978"
%endmacro

; read REGISTER, TOP
%macro read 2
	%defstr mmx_register %1
	%defstr mmx_top %2
	%strcat mmx_name "mmx.read.mm", mmx_register, ".top", mmx_top
	mmx_case mmx_name, "SDM 3 table 12-1", "a read is of the physical register; it sets TOP to 0 and all tags valid"
	join	before, "FTW=21 FSW=4745 FSW.TOP=", mmx_top
	registers	before, %2
	movq	[DATA + 0x10], mm%1
	after	"FTW=ff FSW=4745"
	registers	after, 0
	%substr mmx_significand R%1 6,-1
	join	after, "[10]=", mmx_significand
%endmacro

%assign mmx_n 0
%rep 8
	write	%[mmx_n], 0
	write	%[mmx_n], 5
	read	%[mmx_n], 0
	read	%[mmx_n], 3
%assign mmx_n mmx_n + 1
%endrep

; every TOP
%assign mmx_n 0
%rep 8
	%if mmx_n <> 0 && mmx_n <> 3 && mmx_n <> 5
		write	2, %[mmx_n]
		read	6, %[mmx_n]
	%endif
%assign mmx_n mmx_n + 1
%endrep

; --- Tags ---
; FNSTENV looks at the values again: what is "valid" to MMX is special to it, the exponent being all ones (SDM 3 §12.2).

mmx_case "mmx.tags.fnstenv", "SDM 3 §12.2", "FNSTENV after MMX: a written register is special, others are what they hold"
	before	"ST1=3fff_8000000000000000"
	movd	mm0, eax
	fnstenv	[ENVIRONMENT]
	after	"FTW=ff ST0=ffff_00000000a0a1a2a3 [40]=037f [44]=0000 [48]=5552"
	after	ENVIRONMENT_RESERVED
	after	ENVIRONMENT_POINTERS

mmx_case "mmx.tags.fxsave", "SDM 3 §12.2", "FXSAVE after MMX: no register is empty"
	needs	"fxsr"
	before	"FSW=2800"
	movq	mm7, [DATA]
	fxsave	[FXSAVE_AREA]
	after	"FSW=0000 FTW=ff ST7=ffff_0000000000000000 [200]=037f [202]=0000 [204]=ff [290]=ffff_0000000000000000"
	after	FXSAVE_POINTERS
	fxsave_reserved

mmx_case "mmx.emms", "SDM 2A, EMMS", "EMMS marks all registers as empty; their values stay"
	before	"FTW=ff"
	registers	before, 0
	emms
	after	"FTW=00"

mmx_case "mmx.emms.flags", "SDM 3 table 12-1", "EMMS leaves control word and flags alone"
	before	"FTW=5a FCW=0f7f FSW=477f"
	registers	before, 0
	emms
	after	"FTW=00"

mmx_case "mmx.overflow", "SDM 3 §12.5", "without EMMS, an x87 load after MMX overflows the stack"
	movd	mm0, eax
	fld1
	after	"FSW=3a41 FTW=ff ST0=ffff_c000000000000000 ST1=ffff_00000000a0a1a2a3"
	undefined_c023

mmx_case "mmx.emms.load", "SDM 3 §12.5", "after EMMS, an x87 load finds its register empty"
	movd	mm0, eax
	emms
	fld1
	after	"FSW=3800 FTW=80 ST0=3fff_8000000000000000 ST1=ffff_00000000a0a1a2a3"
	undefined_c023

; --- Writes of all kinds set the exponent; reads do not ---

; kind NAME, {INSTRUCTION}, AFTER: mm0 and mm1 hold numbers of x87
%macro kind 3
	%strcat mmx_name "mmx.kind.", %1
	mmx_case mmx_name, "SDM 3 table 12-1", "TOP 0, all tags valid; the exponent of the register that is written, alone"
	before	"FSW=3000 FTW=c0 ST2=3fff_8000000000000001 ST3=4000_c000000000000002"
	%2
	after	"FSW=0000 FTW=ff ST2=0 ST3=0 ST0=3fff_8000000000000001 ST1=4000_c000000000000002"
	after	%3
%endmacro

kind	"movd.to", {movd mm0, edx}, "ST0=ffff_00000000d0d1d2d3"
kind	"movd.from", {movd edx, mm0}, "edx=1"
kind	"movd.load", {movd mm0, [DATA]}, "ST0=ffff_0000000000000000"
kind	"movd.store", {movd [DATA], mm1}, "[0]=00000002"
kind	"movq.register", {movq mm0, mm1}, "ST0=ffff_c000000000000002"
kind	"movq.same", {movq mm1, mm1}, "ST1=ffff_c000000000000002"
kind	"movq.store", {movq [DATA], mm1}, "[0]=c000000000000002"
kind	"paddb", {paddb mm0, mm1}, "ST0=ffff_4000000000000003"
kind	"paddd", {paddd mm1, mm0}, "ST1=ffff_4000000000000003"
kind	"psubw", {psubw mm0, mm1}, "ST0=ffff_c00000000000ffff"
kind	"pxor", {pxor mm1, mm1}, "ST1=ffff_0000000000000000"
kind	"pand", {pand mm0, mm1}, "ST0=ffff_8000000000000000"
kind	"por", {por mm0, mm1}, "ST0=ffff_c000000000000003"
kind	"pcmpeqd", {pcmpeqd mm0, mm1}, "ST0=ffff_0000000000000000"
kind	"psllq", {psllq mm0, 4}, "ST0=ffff_0000000000000010"
kind	"psrad", {psrad mm0, 31}, "ST0=ffff_ffffffff00000000"
kind	"pmullw", {pmullw mm0, mm1}, "ST0=ffff_0000000000000002"
kind	"punpckldq", {punpckldq mm0, mm1}, "ST0=ffff_0000000200000001"
kind	"packuswb", {packuswb mm0, mm1}, "ST0=ffff_0000000200000001"

; --- From one to the other ---

mmx_case "mmx.alias.fst", "SDM 1 §9.2.2", "what MMX wrote is a NaN to x87, whose significand it is"
	before	"[10]=8123456789abcdef"
	movq	mm0, [DATA + 0x10]
	fstp	tword [DATA + 0x20]
	after	"FTW=fe FSW=0800 ST0=0 ST7=ffff_8123456789abcdef [20]=ffff_8123456789abcdef"
	undefined_c023

mmx_case "mmx.alias.fld", "SDM 1 §9.2.2", "what x87 loaded is in the MMX register of its physical number: R7"
	before	"[10]=4002_8123456789abcdef"
	fld	tword [DATA + 0x10]
	movq	[DATA + 0x20], mm7
	after	"FTW=ff FSW=0000 ST7=4002_8123456789abcdef [20]=8123456789abcdef"

; --- The rest of the FPU ---

mmx_case "mmx.pointers", "SDM 3 table 12-1", "MMX instructions leave FIP, FDP and FOP alone"
	needs	"!amd"
	before	"FIP=12345678 FDP=9abcdef0 FOP=321"
	movq	mm0, [DATA]
	paddb	mm0, mm1
	after	"FTW=ff ST0=ffff_0000000000000000 FIP=12345678 FDP=9abcdef0 FOP=321"

mmx_case "mmx.control", "SDM 3 table 12-1", "MMX instructions leave FCW and the flags of FSW alone"
	before	"FCW=0c7f FSW=477f"
	movq	mm0, [DATA]
	after	"FTW=ff ST0=ffff_0000000000000000"

; A fault on the way to memory comes before TOP and tags are touched.
mmx_case "mmx.fault", "SDM 3 §6.5", "an MMX load that faults has done nothing"
	before	"FSW=2800 FTW=21"
	mark	bad
	movq	mm0, [UNMAPPED]
	ends	"#PF(4)@bad"
	after	"cr2=stack"

mmx_case "mmx.fault.store", "SDM 3 §6.5", "an MMX store that faults has done nothing"
	before	"FSW=2800 FTW=21"
	mark	bad
	movq	[UNMAPPED], mm0
	ends	"#PF(6)@bad"
	after	"cr2=stack"

end_cases
