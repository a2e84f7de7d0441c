; SPDX-License-Identifier: GPL-2.0-only
;
; x87: control and status word, the register stack, rounding, exceptions, the values of registers, and what each kind of
; instruction does to them. Tags are in x87_tags.asm, pointers and environments in x87_pointers.asm.
;
; Results are those of IEEE 754 in the format and rounding that FCW asks for, by hand: 1/3 is .AAAA...H in any base of a
; power of two, so its 64 bits are AAAAAAAA_AAAAAAAAH and a rest of two thirds of the last place.

%include "x87.inc"

; --- Control word (SDM 1 §8.1.5) ---
; It is state like any other: each precision and rounding mode, each mask alone and all but it, must be there when the
; task goes on. Bit 6 always reads as 1, so all values have it. A PC of 1 is reserved.

; state_control NAME, FCW
%macro state_control 2
	%strcat x87_name "x87.control.", %1
	x87_case x87_name, "SDM 1 §8.1.5", "the control word stays as it is, and FNSTCW stores it"
	digits	%2, 4
	join	before, "FCW=", x87_digits
	fnstcw	[DATA + 0x10]
	join	after, "[10]=", x87_digits
%endmacro

; load_control NAME, FCW: the same by FLDCW
%macro load_control 2
	%strcat x87_name "x87.fldcw.", %1
	x87_case x87_name, "SDM 2A, FLDCW", "FLDCW loads the control word"
	digits	%2, 4
	join	before, "[10]=", x87_digits
	fldcw	[DATA + 0x10]
	nop
	fnstcw	[DATA + 0x20]
	join	after, "FCW=", x87_digits, " [20]=", x87_digits
%endmacro

%macro both_control 2
	state_control %1, %2
	load_control %1, %2
%endmacro

both_control "single.nearest", 0x007f
both_control "single.down", 0x047f
both_control "single.up", 0x087f
both_control "single.zero", 0x0c7f
both_control "double.nearest", 0x027f
both_control "double.down", 0x067f
both_control "double.up", 0x0a7f
both_control "double.zero", 0x0e7f
both_control "extended.nearest", 0x037f
both_control "extended.down", 0x077f
both_control "extended.up", 0x0b7f
both_control "extended.zero", 0x0f7f
both_control "infinity", 0x137f		; X: without meaning since the 387, but a bit that can be written (§8.1.5.3)
both_control "mask.im", 0x0341
both_control "mask.dm", 0x0342
both_control "mask.zm", 0x0344
both_control "mask.om", 0x0348
both_control "mask.um", 0x0350
both_control "mask.pm", 0x0360
both_control "mask.none", 0x0340
both_control "mask.all_but_im", 0x037e
both_control "mask.all_but_dm", 0x037d
both_control "mask.all_but_zm", 0x037b
both_control "mask.all_but_om", 0x0377
both_control "mask.all_but_um", 0x036f
both_control "mask.all_but_pm", 0x035f

; --- Status word (SDM 1 §8.1.3) ---
; Flags are sticky: nothing but FNCLEX, FNINIT, FNSAVE and the loading of another status word clears them.

; state_status NAME, FSW
%macro state_status 2
	%strcat x87_name "x87.status.", %1
	x87_case x87_name, "SDM 1 §8.1.3", "the status word stays as it is, and FNSTSW stores it, to memory and to AX"
	digits	%2, 4
	join	before, "FSW=", x87_digits
	fnstsw	[DATA + 0x10]
	fnstsw	ax
	join	after, "[10]=", x87_digits, " eax=a0a1", x87_digits
%endmacro

state_status "ie", 0x0001
state_status "de", 0x0002
state_status "ze", 0x0004
state_status "oe", 0x0008
state_status "ue", 0x0010
state_status "pe", 0x0020
state_status "sf", 0x0041		; a stack fault is an invalid operation, too
state_status "all_flags", 0x007f
state_status "c0", 0x0100
state_status "c1", 0x0200
state_status "c2", 0x0400
state_status "c3", 0x4000
state_status "c0123", 0x4700
state_status "top1", 0x0800
state_status "top2", 0x1000
state_status "top3", 0x1800
state_status "top4", 0x2000
state_status "top5", 0x2800
state_status "top6", 0x3000
state_status "top7", 0x3800
state_status "all", 0x7f7f

x87_case "x87.status.sticky", "SDM 1 §8.1.3.3", "an instruction without an exception leaves all flags of those before it"
	before	"FSW=007f FTW=03 ST0=3fff_8000000000000000 ST1=4000_8000000000000000"
	fadd	st0, st1
	after	"ST0=4000_c000000000000000"
	undefined_c023

; With the flag unmasked ES is set, and B with it: on the 8087 B meant busy, since then it is ES once more (§8.1.3).
%macro state_pending 3
	%strcat x87_name "x87.status.pending.", %1
	x87_case x87_name, "SDM 1 §8.1.3", "a pending exception stays pending: flag, ES and B"
	digits	%2, 4
	join	before, "FCW=", x87_digits
	digits	0x8080 | %3, 4
	join	before, "FSW=", x87_digits
	fnstsw	[DATA + 0x10]
	join	after, "[10]=", x87_digits
%endmacro

state_pending "ie", 0x037e, 0x01
state_pending "de", 0x037d, 0x02
state_pending "ze", 0x037b, 0x04
state_pending "oe", 0x0377, 0x08
state_pending "ue", 0x036f, 0x10
state_pending "pe", 0x035f, 0x20
state_pending "all", 0x0340, 0x3f
state_pending "stack", 0x037e, 0x41

; --- The stack: TOP and which registers are not empty (SDM 1 §8.1.2, §8.1.7) ---
; FSAVE and FXSAVE images have registers from the top on and tags by physical number. Whoever mixes the two up passes at
; TOP 0 and fails here. Empty registers keep their values, too: nothing but a write changes one.

; stack_state TOP, FTW, WORD
%macro stack_state 3
	%defstr x87_top %1
	%strcat x87_name "x87.stack.top", x87_top, ".", %3
	x87_case x87_name, "SDM 1 §8.1.2", "TOP, tags and all registers, empty ones as well, stay as they are"
	digits	%2, 2
	join	before, "FSW.TOP=", x87_top, " FTW=", x87_digits
	registers before, %1
	nop
%endmacro

%assign x87_n 0
%rep 8
	stack_state %[x87_n], 0xff, "full"
	stack_state %[x87_n], 0x00, "empty"
	stack_state %[x87_n], 0x5a, "mixed"
	stack_state %[x87_n], 1 << x87_n, "one"
	stack_state %[x87_n], 0x1c, "three"
%assign x87_n x87_n + 1
%endrep

; FINCSTP and FDECSTP move TOP, modulo 8, and nothing else: no register becomes empty or full (SDM 2A).
; stack_move NAME, TOP, MANUAL, {INSTRUCTION}, NEW TOP
%macro stack_move 5
	%defstr x87_top %2
	%strcat x87_name "x87.", %1, ".top", x87_top
	x87_case x87_name, %3, "TOP moves modulo 8; tags and registers stay; C1 is cleared"
	join	before, "FSW.C1=1 FSW.TOP=", x87_top, " FTW=a6"
	registers before, %2
	%4
	%assign x87_new %5
	%defstr x87_top %[x87_new]
	join	after, "FSW.C1=0 FSW.TOP=", x87_top
	registers after, %[x87_new]
	undefined_c023
%endmacro

; push_pop TOP: a load takes R(TOP - 1), a pop gives it back empty
%macro push_pop 1
	%assign x87_new (%1 + 7) & 7
	%defstr x87_top %1
	%defstr x87_down %[x87_new]
	digits	0xff & ~(1 << x87_new), 2
	%xdefine x87_tags x87_digits
	%strcat x87_name "x87.stack.push.top", x87_top
	x87_case x87_name, "SDM 1 §8.1.2", "a load decrements TOP modulo 8 and fills the register there"
	join	before, "FSW.C1=1 FSW.TOP=", x87_top, " FTW=", x87_tags
	registers before, %1
	fld1
	join	after, "FSW.C1=0 FTW=ff FSW.TOP=", x87_down
	registers after, %[x87_new]
	after	"ST0=3fff_8000000000000000"
	undefined_c023
	%strcat x87_name "x87.stack.pop.top", x87_top
	x87_case x87_name, "SDM 1 §8.1.2", "a pop marks the register at TOP as empty and increments TOP modulo 8"
	join	before, "FSW.C1=1 FTW=ff FSW.TOP=", x87_top
	registers before, %1
	fstp	st0
	%assign x87_new (%1 + 1) & 7
	%defstr x87_up %[x87_new]
	digits	0xff & ~(1 << %1), 2
	%xdefine x87_tags x87_digits
	join	after, "FSW.C1=0 FSW.TOP=", x87_up, " FTW=", x87_tags
	registers after, %[x87_new]
	undefined_c023
%endmacro

%assign x87_n 0
%rep 8
	%assign x87_to (x87_n + 1) & 7
	stack_move "fincstp", %[x87_n], "SDM 2A, FINCSTP", {fincstp}, %[x87_to]
	%assign x87_to (x87_n + 7) & 7
	stack_move "fdecstp", %[x87_n], "SDM 2A, FDECSTP", {fdecstp}, %[x87_to]
	push_pop %[x87_n]
%assign x87_n x87_n + 1
%endrep

; FFREE ST(i) counts from the top; the register's value and TOP are not affected (SDM 2A, FFREE).
%macro free 2
	%defstr x87_top %1
	%defstr x87_st %2
	%strcat x87_name "x87.ffree.top", x87_top, ".st", x87_st
	x87_case x87_name, "SDM 2A, FFREE", "FFREE marks ST(i) as empty; its value and TOP stay"
	join	before, "FTW=ff FSW.TOP=", x87_top
	registers before, %1
	ffree	st%2
	%assign x87_r (%1 + %2) & 7
	digits	0xff & ~(1 << x87_r), 2
	%xdefine x87_tags x87_digits
	join	after, "FSW.C1=? FTW=", x87_tags
	undefined_c023
%endmacro

%assign x87_n 0
%rep 8
	free	0, %[x87_n]
	free	5, %[x87_n]
%assign x87_n x87_n + 1
%endrep

x87_one	"x87.fxch", "SDM 2A, FXCH", "FXCH exchanges two registers, NaNs and denormals without an exception", \
	"FTW=03 FSW.C1=1 ST0=7fff_a000000000000001 ST1=0000_0000000000000001", {fxch st1}, \
	"FSW.C1=0 ST0=0000_0000000000000001 ST1=7fff_a000000000000001"
x87_one	"x87.fst.register", "SDM 2A, FST", "FST ST(i) copies the top", \
	"FTW=01 ST0=7fff_a000000000000001", {fst st3}, "FTW=09 ST3=7fff_a000000000000001"
x87_one	"x87.fld.register", "SDM 2A, FLD", "FLD ST(i) pushes a copy; i counts from the top before", \
	"FTW=03 ST0=3fff_8000000000000000 ST1=7fff_a000000000000001", {fld st1}, \
	"FTW=83 FSW.TOP=7 ST0=7fff_a000000000000001 ST1=3fff_8000000000000000 ST2=7fff_a000000000000001"

; --- Rounding and precision (SDM 1 §8.1.5.2, §8.1.5.3, §4.8.4) ---
; FCW is not only kept, it also works: each of three precisions in each of four directions has another result. C1 says
; whether the last rounding went away from zero ("up"), 0 that bits were cut off (§8.5.6, table 8-1).

; rounds NAME, MANUAL, PC, BEFORE, {INSTRUCTION}, NEAREST, DOWN, UP, ZERO
%macro rounds 9
	rounds_one %1, ".nearest", %2, %3, 0, %4, {%5}, %6
	rounds_one %1, ".down", %2, %3, 1, %4, {%5}, %7
	rounds_one %1, ".up", %2, %3, 2, %4, {%5}, %8
	rounds_one %1, ".zero", %2, %3, 3, %4, {%5}, %9
%endmacro

%macro rounds_one 8
	%strcat x87_name "x87.round.", %1, %2
	x87_case x87_name, %3, "the result is rounded as FCW.PC and FCW.RC say, and C1 tells which way"
	digits	0x7f | (%4) << 8 | (%5) << 10, 4
	join	before, "FCW=", x87_digits, " ", %6
	%7
	after	"FSW.PE=1"
	after	%8
	undefined_c023
%endmacro


%define ONE_THIRD "FTW=03 ST0=3fff_8000000000000000 ST1=4000_c000000000000000"
%define MINUS_ONE_THIRD "FTW=03 ST0=bfff_8000000000000000 ST1=4000_c000000000000000"
%define DIVISION "SDM 1 §8.1.5"
%define ROOT_OF_2 "FTW=01 ST0=4000_8000000000000000"

rounds	"third.extended", DIVISION, 3, ONE_THIRD, {fdiv st0, st1}, "ST0=3ffd_aaaaaaaaaaaaaaab FSW.C1=1", \
	"ST0=3ffd_aaaaaaaaaaaaaaaa", "ST0=3ffd_aaaaaaaaaaaaaaab FSW.C1=1", "ST0=3ffd_aaaaaaaaaaaaaaaa"
rounds	"third.double", DIVISION, 2, ONE_THIRD, {fdiv st0, st1}, "ST0=3ffd_aaaaaaaaaaaaa800", \
	"ST0=3ffd_aaaaaaaaaaaaa800", "ST0=3ffd_aaaaaaaaaaaab000 FSW.C1=1", "ST0=3ffd_aaaaaaaaaaaaa800"
rounds	"third.single", DIVISION, 0, ONE_THIRD, {fdiv st0, st1}, "ST0=3ffd_aaaaab0000000000 FSW.C1=1", \
	"ST0=3ffd_aaaaaa0000000000", "ST0=3ffd_aaaaab0000000000 FSW.C1=1", "ST0=3ffd_aaaaaa0000000000"
rounds	"minus_third.extended", DIVISION, 3, MINUS_ONE_THIRD, {fdiv st0, st1}, "ST0=bffd_aaaaaaaaaaaaaaab FSW.C1=1", \
	"ST0=bffd_aaaaaaaaaaaaaaab FSW.C1=1", "ST0=bffd_aaaaaaaaaaaaaaaa", "ST0=bffd_aaaaaaaaaaaaaaaa"
rounds	"minus_third.double", DIVISION, 2, MINUS_ONE_THIRD, {fdiv st0, st1}, "ST0=bffd_aaaaaaaaaaaaa800", \
	"ST0=bffd_aaaaaaaaaaaab000 FSW.C1=1", "ST0=bffd_aaaaaaaaaaaaa800", "ST0=bffd_aaaaaaaaaaaaa800"
rounds	"minus_third.single", DIVISION, 0, MINUS_ONE_THIRD, {fdiv st0, st1}, "ST0=bffd_aaaaab0000000000 FSW.C1=1", \
	"ST0=bffd_aaaaab0000000000 FSW.C1=1", "ST0=bffd_aaaaaa0000000000", "ST0=bffd_aaaaaa0000000000"
; The root of 2 is 1.6A09E667F3BCC908B2FB...H; with the integer bit on top B504F333F9DE6484.597...H
rounds	"root.extended", DIVISION, 3, ROOT_OF_2, {fsqrt}, "ST0=3fff_b504f333f9de6484", \
	"ST0=3fff_b504f333f9de6484", "ST0=3fff_b504f333f9de6485 FSW.C1=1", "ST0=3fff_b504f333f9de6484"
rounds	"root.double", DIVISION, 2, ROOT_OF_2, {fsqrt}, "ST0=3fff_b504f333f9de6800 FSW.C1=1", \
	"ST0=3fff_b504f333f9de6000", "ST0=3fff_b504f333f9de6800 FSW.C1=1", "ST0=3fff_b504f333f9de6000"
rounds	"root.single", DIVISION, 0, ROOT_OF_2, {fsqrt}, "ST0=3fff_b504f30000000000", \
	"ST0=3fff_b504f30000000000", "ST0=3fff_b504f40000000000 FSW.C1=1", "ST0=3fff_b504f30000000000"
; 1 + 2^-64: exactly half of the last place, so that to nearest means to even
rounds	"tie.extended", DIVISION, 3, "FTW=03 ST0=3fff_8000000000000000 ST1=3fbf_8000000000000000", {fadd st0, st1}, \
	"", "", "ST0=3fff_8000000000000001 FSW.C1=1", ""
; an odd last place: 1 + 2^-63 + 2^-64
rounds	"tie.odd", DIVISION, 3, "FTW=03 ST0=3fff_8000000000000001 ST1=3fbf_8000000000000000", {fadd st0, st1}, \
	"ST0=3fff_8000000000000002 FSW.C1=1", "", "ST0=3fff_8000000000000002 FSW.C1=1", ""
rounds	"product.double", DIVISION, 2, "FTW=03 ST0=3fff_8000000000000001 ST1=bfff_8000000000000000", {fmul st0, st1}, \
	"ST0=bfff_8000000000000000", "ST0=bfff_8000000000000800 FSW.C1=1", "ST0=bfff_8000000000000000", \
	"ST0=bfff_8000000000000000"
rounds	"difference.single", DIVISION, 0, "FTW=03 ST0=3fff_8000000000000000 ST1=3fd7_8000000000000000", \
	{fsub st0, st1}, "ST0=3fff_8000000000000000 FSW.C1=1", "ST0=3ffe_ffffff0000000000", \
	"ST0=3fff_8000000000000000 FSW.C1=1", "ST0=3ffe_ffffff0000000000"

; FRNDINT and stores of integers round by RC alone.
%macro rounds_integer 7
	rounds	%1, "SDM 2A, FRNDINT", 0, %2, {frndint}, %3, %4, %5, %6
	rounds	%7, "SDM 2A, FRNDINT", 3, %2, {frndint}, %3, %4, %5, %6
%endmacro

rounds_integer "frndint.plus2", "FTW=01 ST0=4000_a000000000000000", "ST0=4000_8000000000000000", \
	"ST0=4000_8000000000000000", "ST0=4000_c000000000000000 FSW.C1=1", "ST0=4000_8000000000000000", \
	"frndint.plus2.extended"
rounds_integer "frndint.minus3", "FTW=01 ST0=c000_e000000000000000", "ST0=c001_8000000000000000 FSW.C1=1", \
	"ST0=c001_8000000000000000 FSW.C1=1", "ST0=c000_c000000000000000", "ST0=c000_c000000000000000", \
	"frndint.minus3.extended"
rounds	"fist32", "SDM 2A, FIST", 3, "FTW=01 ST0=c000_a000000000000000", {fist dword [DATA + 0x10]}, \
	"[10]=fffffffe", "[10]=fffffffd FSW.C1=1", "[10]=fffffffe", "[10]=fffffffe"
rounds	"fist16", "SDM 2A, FIST", 3, "FTW=01 ST0=4000_e000000000000000", {fist word [DATA + 0x10]}, \
	"[10]=0004 FSW.C1=1", "[10]=0003", "[10]=0004 FSW.C1=1", "[10]=0003"
rounds	"fistp64", "SDM 2A, FIST", 3, "FTW=01 ST0=403c_a000000000000001", {fistp qword [DATA + 0x10]}, \
	"[10]=2800000000000000 FTW=00 FSW.TOP=1 ST0=0 ST7=403c_a000000000000001", \
	"[10]=2800000000000000 FTW=00 FSW.TOP=1 ST0=0 ST7=403c_a000000000000001", \
	"[10]=2800000000000001 FSW.C1=1 FTW=00 FSW.TOP=1 ST0=0 ST7=403c_a000000000000001", \
	"[10]=2800000000000000 FTW=00 FSW.TOP=1 ST0=0 ST7=403c_a000000000000001"

; A store in a shorter format rounds to that format, whatever PC says: 1 + 2^-24, a tie in single precision.
rounds	"fst32", "SDM 2A, FST", 3, "FTW=01 ST0=3fff_8000008000000000", {fst dword [DATA + 0x10]}, \
	"[10]=3f800000", "[10]=3f800000", "[10]=3f800001 FSW.C1=1", "[10]=3f800000"
rounds	"fst64", "SDM 2A, FST", 0, "FTW=01 ST0=bfff_8000000000000c00", {fst qword [DATA + 0x10]}, \
	"[10]=bff0000000000002 FSW.C1=1", "[10]=bff0000000000002 FSW.C1=1", "[10]=bff0000000000001", \
	"[10]=bff0000000000001"

; Which other instructions PC does not reach (§8.1.5.2: FADD, FSUB, FMUL, FDIV, FSQRT and their relatives alone)
x87_one	"x87.precision.fld", "SDM 1 §8.1.5.2", "PC does not round what FLD loads from 80 bits", \
	"FCW=007f [10]=3fff_ffffffffffffffff", {fld tword [DATA + 0x10]}, \
	"FTW=80 FSW.TOP=7 ST0=3fff_ffffffffffffffff"
x87_one	"x87.precision.fild", "SDM 1 §8.1.5.2", "PC does not round what FILD loads from 64 bits", \
	"FCW=007f [10]=7fffffffffffffff", {fild qword [DATA + 0x10]}, \
	"FTW=80 FSW.TOP=7 ST0=403d_fffffffffffffffe"
x87_one	"x87.precision.fchs", "SDM 1 §8.1.5.2", "PC does not round what FCHS changes", \
	"FCW=007f FTW=01 ST0=3fff_ffffffffffffffff", {fchs}, "ST0=bfff_ffffffffffffffff"
x87_one	"x87.precision.exponent", "SDM 1 §8.1.5.2", "PC limits the significand, not the exponent: 2^8000 squared", \
	"FCW=007f FTW=01 ST0=5f3f_8000000000000000", {fmul st0, st0}, "ST0=7e7f_8000000000000000"
x87_one	"x87.precision.exact", "SDM 1 §8.5.6", "an exact result sets neither PE nor C1", \
	"FSW.C1=1 FTW=03 ST0=3fff_c000000000000000 ST1=3fff_a000000000000000", {fmul st0, st1}, \
	"FSW.C1=0 ST0=3fff_f000000000000000"

; --- Constants (SDM 2A, FLD1...) ---
; Kept with more bits than 64, and rounded by RC; PC is ignored, and rounding one is no exception.

; constant NAME, {INSTRUCTION}, CUT, UP, NEAREST
%macro constant 5
	%assign constant_rc 0
	%rep 4
		%substr constant_digit "0123" constant_rc + 1
		%strcat x87_name "x87.constant.", %1, ".rc", constant_digit
		x87_case x87_name, "SDM 2A, FLD1/FLDL2T/FLDL2E/FLDPI/FLDLG2/FLDLN2/FLDZ", "the constant is rounded by RC, not by PC"
		digits	0x7f | constant_rc << 10, 4
		join	before, "FSW.C1=1 FCW=", x87_digits
		%2
		after	"FSW.C1=0 FSW.TOP=7 FTW=80"
		%if constant_rc = 0
			join	after, "ST0=", %5
		%elif constant_rc = 2
			join	after, "ST0=", %4
		%else
			join	after, "ST0=", %3
		%endif
		undefined_c023
		%assign constant_rc constant_rc + 1
	%endrep
%endmacro

constant "fld1", {fld1}, "3fff_8000000000000000", "3fff_8000000000000000", "3fff_8000000000000000"
constant "fldz", {fldz}, "0000_0000000000000000", "0000_0000000000000000", "0000_0000000000000000"
constant "fldpi", {fldpi}, "4000_c90fdaa22168c234", "4000_c90fdaa22168c235", "4000_c90fdaa22168c235"
constant "fldl2t", {fldl2t}, "4000_d49a784bcd1b8afe", "4000_d49a784bcd1b8aff", "4000_d49a784bcd1b8afe"
constant "fldl2e", {fldl2e}, "3fff_b8aa3b295c17f0bb", "3fff_b8aa3b295c17f0bc", "3fff_b8aa3b295c17f0bc"
constant "fldlg2", {fldlg2}, "3ffd_9a209a84fbcff798", "3ffd_9a209a84fbcff799", "3ffd_9a209a84fbcff799"
constant "fldln2", {fldln2}, "3ffe_b17217f7d1cf79ab", "3ffe_b17217f7d1cf79ac", "3ffe_b17217f7d1cf79ac"

; --- The six exceptions, masked and unmasked (SDM 1 §8.5) ---
; Masked, the flag is set and the operation delivers what table 4-10 and its like say. Unmasked, ES and B are set as well;
; #MF comes with the next waiting instruction, not with this one: an FPU that worked beside the CPU could not do otherwise.
; Invalid operation, denormal operand and division by zero are found before the operation: nothing is changed. Overflow,
; underflow and inexact result are found after it: a result for a register is there, scaled by 2^24576 for the first two.

; exception FLAG, BIT, MANUAL, BEFORE, {INSTRUCTION}, MASKED, UNMASKED
%macro exception 7
	digits	0x37f & ~(1 << %2), 4
	%xdefine x87_unmasked x87_digits
	digits	0x8080 | 1 << %2, 4
	%xdefine x87_pending x87_digits

	%strcat x87_name "x87.exception.", %1, ".masked"
	x87_case x87_name, %3, "masked: the flag and the default result, no #MF"
	before	%4
	%5
	fwait
	after	%6
	undefined_c023

	%strcat x87_name "x87.exception.", %1, ".unmasked"
	x87_case x87_name, %3, "unmasked: flag, ES and B; #MF at the next waiting instruction"
	join	before, %4, " FCW=", x87_unmasked
	%5
	nop
	mov	eax, 0x12345678
	mark	wait
	fwait
	ends	"#MF@wait"
	join	after, "eax=12345678 FSW=", x87_pending, " ", %7
	undefined_c023

	%strcat x87_name "x87.exception.", %1, ".next"
	x87_case x87_name, %3, "the next waiting instruction raises #MF and does nothing"
	join	before, %4, " FCW=", x87_unmasked
	%5
	mark	next
	fld1
	ends	"#MF@next"
	join	after, "FSW=", x87_pending, " ", %7
	undefined_c023

	%strcat x87_name "x87.exception.", %1, ".carried"
	x87_case x87_name, "SDM 1 §8.7", "an exception that was pending before is delivered to its task"
	join	before, "FCW=", x87_unmasked, " FSW=", x87_pending
	nop
	mark	wait
	fwait
	ends	"#MF@wait"

	%strcat x87_name "x87.exception.", %1, ".integers"
	x87_case x87_name, "SDM 1 §8.7", "integer instructions do not raise the pending #MF"
	join	before, "FCW=", x87_unmasked, " FSW=", x87_pending
	mov	eax, 1
	lea	ecx, [eax + 2]
	nop
	after	"eax=1 ecx=3"

	; FLDCW unmasks an exception whose flag is set already: it becomes pending (SDM 2A, FLDCW).
	%strcat x87_name "x87.exception.", %1, ".unmasked_later"
	x87_case x87_name, "SDM 2A, FLDCW", "unmasking an exception whose flag is set makes it pending"
	digits	1 << %2, 4
	%xdefine x87_flag x87_digits
	join	before, "FSW=", x87_flag, " [10]=", x87_unmasked
	fldcw	[DATA + 0x10]
	mark	wait
	fwait
	ends	"#MF@wait"
	join	after, "FCW=", x87_unmasked, " FSW=", x87_pending

	%strcat x87_name "x87.exception.", %1, ".masked_later"
	x87_case x87_name, "SDM 1 §8.1.3.3", "masking a pending exception: no #MF any more, the flag stays"
	join	before, "FCW=", x87_unmasked, " FSW=", x87_pending
	fnstenv	[ENVIRONMENT]			; masks all (SDM 2A, FSTENV)
	fwait
	join	after, "FCW=037f FSW=", x87_flag, " [40]=", x87_unmasked, " [44]=", x87_pending, " [48]=ffff"
	after	ENVIRONMENT_RESERVED
	after	ENVIRONMENT_POINTERS
%endmacro

exception "ie", 0, "SDM 1 §8.5.1", "FTW=01 ST0=bfff_8000000000000000", {fsqrt}, \
	"FSW=0001 ST0=ffff_c000000000000000", ""
exception "de", 1, "SDM 1 §8.5.2", "FTW=03 ST0=0000_4000000000000000 ST1=4063_8000000000000000", {fmul st0, st1}, \
	"FSW=0002 ST0=0064_8000000000000000", ""
exception "ze", 2, "SDM 1 §8.5.3", "FTW=03 ST0=bfff_8000000000000000 ST1=0000_0000000000000000", {fdiv st0, st1}, \
	"FSW=0004 ST0=ffff_8000000000000000", ""
exception "oe", 3, "SDM 1 §8.5.4", "FTW=03 ST0=7ffe_8000000000000000 ST1=4000_8000000000000000", {fmul st0, st1}, \
	"FSW=0228 ST0=7fff_8000000000000000", "ST0=1fff_8000000000000000"
exception "ue", 4, "SDM 1 §8.5.5", "FTW=03 ST0=0001_8000000000000001 ST1=3ffe_8000000000000000", {fmul st0, st1}, \
	"FSW=0030 ST0=0000_4000000000000000", "ST0=6000_8000000000000001"
exception "pe", 5, "SDM 1 §8.5.6", "FTW=03 ST0=3fff_8000000000000000 ST1=4000_c000000000000000", {fdiv st0, st1}, \
	"FSW=0220 ST0=3ffd_aaaaaaaaaaaaaaab", "FSW.C1=1 ST0=3ffd_aaaaaaaaaaaaaaab"

x87_case "x87.exception.two.carried", "SDM 1 §8.7", "one unmasked exception among masked ones is delivered"
	before	"FCW=037b FSW=80a4"
	mark	wait
	fwait
	ends	"#MF@wait"

; A result of table 4-10 for each sign and direction: infinity, or the largest finite number. PE comes with it (§8.5.6).
%define OVERFLOW "FTW=03 ST0=7ffe_c000000000000000 ST1=4000_8000000000000000"
%define MINUS_OVERFLOW "FTW=03 ST0=fffe_c000000000000000 ST1=4000_8000000000000000"
%define TABLE_4_10 "SDM 1 table 4-10"
rounds	"overflow", TABLE_4_10, 3, OVERFLOW, {fmul st0, st1}, \
	"FSW.OE=1 ST0=7fff_8000000000000000 FSW.C1=1", "FSW.OE=1 ST0=7ffe_ffffffffffffffff FSW.C1=0", \
	"FSW.OE=1 ST0=7fff_8000000000000000 FSW.C1=1", "FSW.OE=1 ST0=7ffe_ffffffffffffffff FSW.C1=0"
rounds	"minus_overflow", TABLE_4_10, 3, MINUS_OVERFLOW, {fmul st0, st1}, \
	"FSW.OE=1 ST0=ffff_8000000000000000 FSW.C1=1", "FSW.OE=1 ST0=ffff_8000000000000000 FSW.C1=1", \
	"FSW.OE=1 ST0=fffe_ffffffffffffffff FSW.C1=0", "FSW.OE=1 ST0=fffe_ffffffffffffffff FSW.C1=0"
rounds	"overflow.fst32", TABLE_4_10, 3, "FTW=01 ST0=40c7_8000000000000000", {fst dword [DATA + 0x10]}, \
	"FSW.OE=1 FSW.C1=1 [10]=7f800000", "FSW.OE=1 [10]=7f7fffff", "FSW.OE=1 FSW.C1=1 [10]=7f800000", \
	"FSW.OE=1 [10]=7f7fffff"
rounds	"underflow.fst32", "SDM 1 §8.5.5", 3, "FTW=01 ST0=3f00_8000000000000000", {fst dword [DATA + 0x10]}, \
	"FSW.UE=1 [10]=00000000", "FSW.UE=1 [10]=00000000", "FSW.UE=1 FSW.C1=1 [10]=00000001", "FSW.UE=1 [10]=00000000"

; Tiny but exact: no underflow while it is masked, underflow when it is not (§8.5.5, §4.9.1.5).
x87_one	"x87.exception.ue.exact.masked", "SDM 1 §4.9.1.5", "a tiny exact result is no underflow while it is masked", \
	"FTW=03 ST0=0001_8000000000000000 ST1=3ffe_8000000000000000", {fmul st0, st1}, "ST0=0000_4000000000000000"
x87_one	"x87.exception.ue.exact.unmasked", "SDM 1 §4.9.1.5", "a tiny exact result is an underflow when it is unmasked", \
	"FCW=036f FTW=03 ST0=0001_8000000000000000 ST1=3ffe_8000000000000000", {fmul st0, st1}, \
	"FSW=8090 ST0=6000_8000000000000000"

; A result for memory that overflows or underflows unmasked is not stored, and nothing is popped (§8.5.4, §8.5.5).
x87_one	"x87.exception.oe.memory", "SDM 1 §8.5.4", "unmasked overflow of a store: memory and stack stay", \
	"FCW=0377 FTW=01 ST0=40c7_8000000000000000 [10]=5a5a5a5a", {fstp dword [DATA + 0x10]}, "FSW=8088"
x87_one	"x87.exception.ue.memory", "SDM 1 §8.5.5", "unmasked underflow of a store: memory and stack stay", \
	"FCW=036f FTW=01 ST0=3f00_8000000000000000 [10]=5a5a5a5a", {fstp dword [DATA + 0x10]}, "FSW=8090"
x87_one	"x87.exception.pe.memory", "SDM 1 §8.5.6", "unmasked inexact result of a store: stored and popped", \
	"FCW=035f FTW=01 ST0=3fff_8000000000000001 [10]=5a5a5a5a", {fstp dword [DATA + 0x10]}, \
	"FSW=88a0 FTW=00 [10]=3f800000 ST0=0 ST7=3fff_8000000000000001"
x87_one	"x87.exception.ie.memory", "SDM 1 §8.5.1.2", "unmasked invalid operation of a store: memory and stack stay", \
	"FCW=037e FTW=01 ST0=7fff_8000000000000000 [10]=5a5a5a5a", {fistp dword [DATA + 0x10]}, "FSW=8081"
; §8.5.2 says of an unmasked denormal operand that TOP stays as it is; there are processors that push the value of a load
; nevertheless. What becomes of the stack is left open here, not the flags.
x87_one	"x87.exception.de.load", "SDM 1 §8.5.2", "a load of a denormal raises the denormal-operand exception", \
	"FCW=037d [10]=00000001", {fld dword [DATA + 0x10]}, "FSW=8082 FSW.TOP=? FTW=? ST0=? ST7=?"
x87_one	"x87.exception.ie.load", "SDM 1 §8.5.1.2", "unmasked SNaN of a load: nothing is loaded", \
	"FCW=037e [10]=7f800001", {fld dword [DATA + 0x10]}, "FSW=8081"
x87_one	"x87.exception.ie.compare", "SDM 2A, FCOM", "unmasked: a comparison with NaN is pending", \
	"FCW=037e FTW=03 ST0=7fff_c000000000000000", {fcom st1}, "FSW=8081 FSW.C1=0"

; Invalid operations (SDM 1 table 8-10): the indefinite value, from each of them
%macro invalid 3
	%strcat x87_name "x87.invalid.", %1
	x87_one	x87_name, "SDM 1 table 8-10", "the masked answer is the indefinite QNaN", %2, {%3}, \
		"FSW.IE=1 FSW.C1=0 ST0=ffff_c000000000000000"
%endmacro

invalid	"infinity_minus_infinity", "FTW=03 ST0=7fff_8000000000000000 ST1=7fff_8000000000000000", {fsub st0, st1}
invalid	"infinity_plus_minus_infinity", "FTW=03 ST0=7fff_8000000000000000 ST1=ffff_8000000000000000", {fadd st0, st1}
invalid	"infinity_by_zero", "FTW=03 ST0=7fff_8000000000000000 ST1=0000_0000000000000000", {fmul st0, st1}
invalid	"infinity_in_infinity", "FTW=03 ST0=7fff_8000000000000000 ST1=ffff_8000000000000000", {fdiv st0, st1}
invalid	"zero_in_zero", "FTW=03 ST0=8000_0000000000000000 ST1=0000_0000000000000000", {fdiv st0, st1}
invalid	"fprem.zero", "FTW=03 ST0=3fff_8000000000000000 ST1=0000_0000000000000000", {fprem}
invalid	"fprem.infinity", "FTW=03 ST0=7fff_8000000000000000 ST1=3fff_8000000000000000", {fprem1}
invalid	"fsin.infinity", "FTW=01 ST0=7fff_8000000000000000", {fsin}
invalid	"fcos.infinity", "FTW=01 ST0=ffff_8000000000000000", {fcos}
invalid	"unnormal", "FTW=03 ST0=3fff_4000000000000000 ST1=3fff_8000000000000000", {fadd st0, st1}
invalid	"pseudo_nan", "FTW=03 ST0=7fff_4000000000000001 ST1=3fff_8000000000000000", {fmul st0, st1}
invalid	"pseudo_infinity", "FTW=03 ST0=7fff_0000000000000000 ST1=3fff_8000000000000000", {fsub st0, st1}
invalid	"unnormal.root", "FTW=01 ST0=4000_7fffffffffffffff", {fsqrt}

x87_one	"x87.invalid.fist16", "SDM 1 table 8-10", "an integer that does not fit is stored as the indefinite one", \
	"FTW=01 ST0=400e_8000000000000000", {fist word [DATA + 0x10]}, "FSW.IE=1 [10]=8000"
x87_one	"x87.invalid.fist32", "SDM 1 table 8-10", "an integer that does not fit is stored as the indefinite one", \
	"FTW=01 ST0=401e_8000000000000000", {fist dword [DATA + 0x10]}, "FSW.IE=1 [10]=80000000"
x87_one	"x87.invalid.fistp64", "SDM 1 table 8-10", "an integer that does not fit is stored as the indefinite one", \
	"FTW=01 ST0=403e_8000000000000000", {fistp qword [DATA + 0x10]}, \
	"FSW=0801 FTW=00 [10]=8000000000000000 ST0=0 ST7=403e_8000000000000000"
x87_one	"x87.invalid.fist.nan", "SDM 1 table 8-10", "NaN is stored as the indefinite integer", \
	"FTW=01 ST0=7fff_c000000000000000", {fist dword [DATA + 0x10]}, "FSW.IE=1 [10]=80000000"
x87_one	"x87.invalid.fist.lowest", "SDM 2A, FIST", "-2^31 fits", \
	"FTW=01 ST0=c01e_8000000000000000", {fist dword [DATA + 0x10]}, "[10]=80000000"
x87_one	"x87.invalid.fbstp", "SDM 1 table 8-10", "a value of more than 18 digits is stored as the indefinite BCD", \
	"FTW=01 ST0=403e_8000000000000000", {fbstp [DATA + 0x10]}, \
	"FSW=0801 FTW=00 [10]=ffffc000000000000000 ST0=0 ST7=403e_8000000000000000"

; --- Which instructions wait (SDM 1 §8.3.12, §8.7; SDM 3 §6.15, interrupt 16) ---
; All but the FN forms, FXSAVE and the like look for a pending exception first, and then have done nothing.

; waits NAME, {INSTRUCTION}
%macro waits 2
	%strcat x87_name "x87.waits.", %1
	x87_case x87_name, "SDM 3 §6.15, #MF", "a waiting instruction raises the pending #MF and does nothing"
	before	"FCW=037b FSW=8084 FTW=0f ST0=3fff_8000000000000000 ST1=3fff_c000000000000000"
	nop
	mark	it
	%2
	ends	"#MF@it"
%endmacro

; passes NAME, {INSTRUCTION}: with what it changes behind
%macro passes 2
	%strcat x87_name "x87.passes.", %1
	x87_case x87_name, "SDM 1 §8.3.12", "an instruction that does not wait: no #MF"
	before	"FCW=037b FSW=8084 FTW=0f ST0=3fff_8000000000000000 ST1=3fff_c000000000000000"
	nop
	%2
	nop
%endmacro

waits	"fwait", {fwait}
waits	"fnop", {fnop}
waits	"fld1", {fld1}
waits	"fldz", {fldz}
waits	"fldpi", {fldpi}
waits	"fld32", {fld dword [DATA]}
waits	"fld64", {fld qword [DATA]}
waits	"fld80", {fld tword [DATA]}
waits	"fld", {fld st1}
waits	"fst32", {fst dword [DATA]}
waits	"fst64", {fst qword [DATA]}
waits	"fstp80", {fstp tword [DATA]}
waits	"fstp", {fstp st1}
waits	"fild16", {fild word [DATA]}
waits	"fild32", {fild dword [DATA]}
waits	"fild64", {fild qword [DATA]}
waits	"fist32", {fist dword [DATA]}
waits	"fistp64", {fistp qword [DATA]}
waits	"fbld", {fbld [DATA]}
waits	"fbstp", {fbstp [DATA]}
waits	"fadd", {fadd st0, st1}
waits	"fadd32", {fadd dword [DATA]}
waits	"faddp", {faddp st1, st0}
waits	"fsub64", {fsub qword [DATA]}
waits	"fmul", {fmul st1, st0}
waits	"fdivr", {fdivr st0, st1}
waits	"fiadd16", {fiadd word [DATA]}
waits	"fidiv32", {fidiv dword [DATA]}
waits	"fsqrt", {fsqrt}
waits	"fabs", {fabs}
waits	"fchs", {fchs}
waits	"frndint", {frndint}
waits	"fscale", {fscale}
waits	"fprem", {fprem}
waits	"fprem1", {fprem1}
waits	"fxtract", {fxtract}
waits	"fcom", {fcom st1}
waits	"fcomp32", {fcomp dword [DATA]}
waits	"fcompp", {fcompp}
waits	"fucom", {fucom st1}
waits	"fucompp", {fucompp}
waits	"ficom32", {ficom dword [DATA]}
waits	"ftst", {ftst}
waits	"fxam", {fxam}
waits	"fxch", {fxch st1}
waits	"ffree", {ffree st1}
waits	"fincstp", {fincstp}
waits	"fdecstp", {fdecstp}
waits	"fldcw", {fldcw [DATA]}
waits	"fldenv", {fldenv [DATA]}
waits	"frstor", {frstor [DATA]}
waits	"fsin", {fsin}
waits	"fptan", {fptan}
waits	"fpatan", {fpatan}
waits	"f2xm1", {f2xm1}
waits	"fyl2x", {fyl2x}
waits	"fcmov", {fcmovb st0, st1}
	needs	"cmov"
waits	"fcomi", {fcomi st0, st1}
	needs	"cmov"
waits	"fucomip", {fucomip st0, st1}
	needs	"cmov"
waits	"fisttp", {fisttp dword [DATA]}
	needs	"sse3"
waits	"emms", {emms}
	needs	"mmx"
waits	"movd", {movd mm0, eax}
	needs	"mmx"
waits	"movq", {movq [DATA], mm0}
	needs	"mmx"
waits	"paddb", {paddb mm0, mm1}
	needs	"mmx"

passes	"fnstcw", {fnstcw [DATA]}
	after	"[0]=037b"
passes	"fnstsw", {fnstsw [DATA]}
	after	"[0]=8084"
passes	"fnstsw_ax", {fnstsw ax}
	after	"eax=a0a18084"
passes	"fnclex", {fnclex}
	after	"FSW=0000"
	after	"FSW.C1=?"
	undefined_c023
passes	"fninit", {fninit}
	after	"FCW=037f FSW=0000 FTW=00"
passes	"fnstenv", {fnstenv [ENVIRONMENT]}
	after	"FCW=037f FSW=0004 [40]=037b [44]=8084 [48]=ff50"
	after	ENVIRONMENT_RESERVED
	after	ENVIRONMENT_POINTERS
passes	"fxsave", {fxsave [FXSAVE_AREA]}
	needs	"fxsr"
	after	"[200]=037b [202]=8084 [204]=0f [220]=3fff8000000000000000 [230]=3fffc000000000000000"
	after	FXSAVE_POINTERS
	fxsave_reserved
passes	"xorps", {xorps xmm0, xmm0}
	needs	"sse"

; The other way round: FLDCW itself waits before it loads, so that what it unmasks comes with the next one.
x87_case "x87.waits.after_fnclex", "SDM 2A, FCLEX", "FNCLEX takes a pending exception back"
	before	"FCW=037b FSW=c7ff"
	fnclex
	fwait
	fld1
	after	"FSW=3800 FTW=80 ST0=3fff_8000000000000000 FSW.C1=0"
	undefined_c023

x87_case "x87.waits.twice", "SDM 3 §6.15, #MF", "#MF is a fault: it comes again until somebody deals with it"
	before	"FCW=037b FSW=8084"
	mark	wait
	fwait
	ends	"#MF@wait #MF@wait #MF@wait"

; --- Initialising and clearing ---

x87_case "x87.fninit", "SDM 2A, FINIT", "FNINIT: FCW 037FH, FSW 0, all tags empty, pointers 0; the registers keep their values"
	before	"FCW=0c60 FSW=7f7f FTW=ff FIP=12345678 FDP=9abcdef0 FOP=123"
	registers before, 7
	fninit
	fnstenv	[ENVIRONMENT]
	after	"FCW=037f FSW=0000 FTW=00 [40]=037f [44]=0000 [48]=ffff [4c]=00000000 [50]=00000000 [54]=00000000 [58]=0000"
	after	ENVIRONMENT_RESERVED
	registers after, 0

x87_case "x87.fnclex", "SDM 2A, FCLEX", "FNCLEX clears flags, SF, ES and B; TOP, tags and registers stay"
	before	"FCW=0340 FSW=a8ff FTW=a5"
	registers before, 5
	fnclex
	after	"FSW=2800 FSW.C1=?"
	undefined_c023

; --- Values of 80 bits (SDM 1 §4.2.2, §8.2.2) ---
; FLD and FSTP of 80 bits are copies: neither makes a NaN quiet, nor normalises, nor raises anything but a stack fault. An
; emulator that keeps registers as the host's doubles, or as 64 bits of significand without the integer bit, fails here.

; payload NAME, EXPONENT, SIGNIFICAND
%macro payload 3
	%strcat x87_name "x87.payload.", %1, ".state"
	x87_case x87_name, "SDM 1 §8.1.2", "a register holds any 80 bits"
	join	before, "FTW=81 ST0=", %2, "_", %3, " ST7=", %2, "_", %3
	nop
	fnop
	after	"FSW.C1=?"
	undefined_c023

	%strcat x87_name "x87.payload.", %1, ".copy"
	x87_case x87_name, "SDM 2A, FLD", "FLD and FSTP of 80 bits copy, without any exception, even unmasked"
	join	before, "FCW=0340 [10]=", %2, "_", %3
	fld	tword [DATA + 0x10]
	fld	st0
	fxch	st1
	fstp	st1
	fst	st5
	fstp	tword [DATA + 0x20]
	join	after, "FTW=10 [20]=", %2, "_", %3, " ST7=", %2, "_", %3, " ST6=", %2, "_", %3, " ST4=", %2, "_", %3
	after	"FSW.C1=0"
	undefined_c023

	%strcat x87_name "x87.payload.", %1, ".sign"
	x87_case x87_name, "SDM 2A, FABS, FCHS", "FABS and FCHS change the sign alone, without any exception"
	join	before, "FCW=0340 FTW=01 ST0=", %2, "_", %3
	fabs
	fchs
	fabs
	%substr payload_sign %2 1
	%substr payload_rest %2 2,-1
	%ifidn payload_sign, "f"
		join	after, "ST0=7", payload_rest, "_", %3
	%elifidn payload_sign, "b"
		join	after, "ST0=3", payload_rest, "_", %3
	%elifidn payload_sign, "8"
		join	after, "ST0=0", payload_rest, "_", %3
	%endif
	undefined_c023
%endmacro

payload	"snan", "7fff", "8000000000000001"
payload	"snan.negative", "ffff", "bfffffffffffffff"
payload	"qnan", "7fff", "c123456789abcdef"
payload	"qnan.indefinite", "ffff", "c000000000000000"
payload	"infinity", "7fff", "8000000000000000"
payload	"infinity.negative", "ffff", "8000000000000000"
payload	"zero.negative", "8000", "0000000000000000"
payload	"denormal", "0000", "0000000000000001"
payload	"denormal.negative", "8000", "7fffffffffffffff"
payload	"pseudo_denormal", "0000", "8000000000000001"
payload	"unnormal", "3fff", "4000000000000001"
payload	"unnormal.negative", "bfff", "7fffffffffffffff"
payload	"unnormal.zero", "4000", "0000000000000000"
payload	"pseudo_nan", "7fff", "4000000000000001"
payload	"pseudo_nan.negative", "ffff", "0000000000000001"
payload	"pseudo_infinity", "7fff", "0000000000000000"
payload	"largest", "7ffe", "ffffffffffffffff"
payload	"smallest", "0001", "8000000000000000"

; FLD of 32 and 64 bits converts: an SNaN becomes quiet (IE), a denormal gets an exponent (DE).
%macro loads 5
	%strcat x87_name "x87.fld", %1
	x87_one	x87_name, "SDM 2A, FLD", %2, %3, {%4}, %5
%endmacro

loads	"32.snan", "an SNaN of 32 bits becomes quiet, with its payload", "[10]=ff800001", {fld dword [DATA + 0x10]}, \
	"FTW=80 FSW=3801 ST0=ffff_c000010000000000"
loads	"64.snan", "an SNaN of 64 bits becomes quiet, with its payload", "[10]=7ff0000000000001", {fld qword [DATA + 0x10]}, \
	"FTW=80 FSW=3801 ST0=7fff_c000000000000800"
loads	"32.qnan", "a QNaN of 32 bits keeps its payload", "[10]=7fc12345", {fld dword [DATA + 0x10]}, \
	"FTW=80 FSW=3800 ST0=7fff_c123450000000000"
loads	"64.qnan", "a QNaN of 64 bits keeps its payload", "[10]=fff823456789abcd", {fld qword [DATA + 0x10]}, \
	"FTW=80 FSW=3800 ST0=ffff_c11a2b3c4d5e6800"
loads	"32.infinity", "infinity of 32 bits", "[10]=ff800000", {fld dword [DATA + 0x10]}, \
	"FTW=80 FSW=3800 ST0=ffff_8000000000000000"
loads	"32.denormal", "the smallest denormal of 32 bits is 2^-149, and normal", "[10]=80000001", \
	{fld dword [DATA + 0x10]}, "FTW=80 FSW=3802 ST0=bf6a_8000000000000000"
loads	"64.denormal", "the smallest denormal of 64 bits is 2^-1074, and normal", "[10]=0000000000000001", \
	{fld qword [DATA + 0x10]}, "FTW=80 FSW=3802 ST0=3bcd_8000000000000000"
loads	"32.zero", "a zero keeps its sign", "[10]=80000000", {fld dword [DATA + 0x10]}, "FTW=80 FSW=3800 ST0=8000_0000000000000000"

; And so do stores: the upper bits of a NaN's payload are what remains.
%macro stores 5
	%strcat x87_name "x87.fst", %1
	x87_one	x87_name, "SDM 2A, FST", %2, %3, {%4}, %5
%endmacro

stores	"32.snan", "an SNaN is stored quiet, with the upper bits of its payload", "FTW=01 ST0=7fff_a123450000000000", \
	{fst dword [DATA + 0x10]}, "FSW=0001 [10]=7fe12345"
stores	"64.snan", "an SNaN is stored quiet, with the upper bits of its payload", "FTW=01 ST0=ffff_800000000000f800", \
	{fst qword [DATA + 0x10]}, "FSW=0001 [10]=fff800000000001f"
stores	"32.qnan", "the lower bits of a QNaN's payload go without an exception", "FTW=01 ST0=7fff_c123456789abcdef", \
	{fst dword [DATA + 0x10]}, "FSW=0000 [10]=7fc12345"
stores	"64.qnan", "the lower bits of a QNaN's payload go without an exception", "FTW=01 ST0=ffff_c123456789abcdef", \
	{fst qword [DATA + 0x10]}, "FSW=0000 [10]=fff82468acf13579"
stores	"32.denormal", "2^-149 is stored as a denormal, exactly", "FTW=01 ST0=3f6a_8000000000000000", \
	{fst dword [DATA + 0x10]}, "FSW=0000 [10]=00000001"
stores	"32.pseudo_nan", "an unsupported value is stored as the indefinite QNaN", "FTW=01 ST0=7fff_4000000000000001", \
	{fst dword [DATA + 0x10]}, "FSW=0001 [10]=ffc00000"
stores	"64.unnormal", "an unsupported value is stored as the indefinite QNaN", "FTW=01 ST0=3fff_4000000000000001", \
	{fst qword [DATA + 0x10]}, "FSW=0001 [10]=fff8000000000000"

; Two NaNs: which one the result is (SDM 1 table 4-7)
x87_one	"x87.nan.snan_qnan", "SDM 1 table 4-7", "SNaN and QNaN: the QNaN, and IE", \
	"FTW=03 ST0=7fff_bfffffffffffffff ST1=ffff_c000000000000123", {fadd st0, st1}, "FSW=0001 ST0=ffff_c000000000000123"
x87_one	"x87.nan.two_snans", "SDM 1 table 4-7", "two SNaNs: that with the larger significand, made quiet, and IE", \
	"FTW=03 ST0=7fff_8000000000000001 ST1=ffff_8000000000000002", {fmul st0, st1}, "FSW=0001 ST0=ffff_c000000000000002"
x87_one	"x87.nan.two_qnans", "SDM 1 table 4-7", "two QNaNs: that with the larger significand, without an exception", \
	"FTW=03 ST0=7fff_c000000000000001 ST1=ffff_d000000000000002", {fsub st0, st1}, "FSW=0000 ST0=ffff_d000000000000002"
x87_one	"x87.nan.snan_number", "SDM 1 table 4-7", "SNaN and a number: the SNaN, made quiet, and IE", \
	"FTW=03 ST0=7fff_8000000000000001 ST1=3fff_8000000000000000", {fdiv st0, st1}, "FSW=0001 ST0=7fff_c000000000000001"
x87_one	"x87.nan.qnan_number", "SDM 1 table 4-7", "QNaN and a number: the QNaN, without an exception", \
	"FCW=0340 FTW=03 ST0=3fff_8000000000000000 ST1=ffff_c000000000000321", {fadd st0, st1}, \
	"FSW=0000 ST0=ffff_c000000000000321"
x87_one	"x87.nan.snan_root", "SDM 1 table 4-7", "the root of an SNaN is it, made quiet", \
	"FTW=01 ST0=ffff_a000000000000001", {fsqrt}, "FSW=0001 ST0=ffff_e000000000000001"

; --- Stack overflow and underflow (SDM 1 §8.5.1.1) ---
; IE and SF; C1 says which: 1 overflow, 0 underflow. Masked, the indefinite value replaces what the instruction would
; have delivered, in the register where that would be, and TOP moves. Unmasked, TOP and registers stay.

%macro overflow 1
	%assign x87_new (%1 + 7) & 7
	%defstr x87_top %1
	digits	1 << x87_new, 2
	%xdefine x87_tags x87_digits
	%strcat x87_name "x87.overflow.masked.top", x87_top
	x87_case x87_name, "SDM 1 §8.5.1.1", "a push onto a register that is not empty: IE, SF, C1; the indefinite QNaN overwrites it"
	join	before, "FSW.TOP=", x87_top, " FTW=", x87_tags
	registers before, %1
	fld1
	%defstr x87_down %[x87_new]
	join	after, "FSW=0241 FSW.TOP=", x87_down
	registers after, %[x87_new]
	after	"ST0=ffff_c000000000000000"
	undefined_c023

	%strcat x87_name "x87.overflow.unmasked.top", x87_top
	x87_case x87_name, "SDM 1 §8.5.1.1", "unmasked: IE, SF, C1, ES, B; stack and registers stay"
	join	before, "FCW=037e FSW.TOP=", x87_top, " FTW=", x87_tags
	registers before, %1
	fld1
	mark	wait
	fwait
	ends	"#MF@wait"
	join	after, "FSW=82c1 FSW.TOP=", x87_top
	undefined_c023

	%strcat x87_name "x87.underflow.masked.top", x87_top
	digits	0xff & ~(1 << %1), 2
	%xdefine x87_tags x87_digits
	x87_case x87_name, "SDM 1 §8.5.1.1", "an operand that is empty: IE, SF, C1 clear; the indefinite QNaN"
	join	before, "FSW.C1=1 FTW=", x87_tags, " FSW.TOP=", x87_top
	registers before, %1
	fchs
	join	after, "FTW=ff FSW=0041 ST0=ffff_c000000000000000 FSW.TOP=", x87_top
	undefined_c023

	%strcat x87_name "x87.underflow.unmasked.top", x87_top
	x87_case x87_name, "SDM 1 §8.5.1.1", "unmasked: IE, SF, ES, B; stack and registers stay"
	join	before, "FCW=037e FSW.C1=1 FTW=", x87_tags, " FSW.TOP=", x87_top
	registers before, %1
	fchs
	mark	wait
	fwait
	ends	"#MF@wait"
	join	after, "FSW=80c1 FSW.TOP=", x87_top
	undefined_c023
%endmacro

%assign x87_n 0
%rep 8
	overflow %[x87_n]
%assign x87_n x87_n + 1
%endrep

x87_one	"x87.overflow.fld32", "SDM 1 §8.5.1.1", "a load from memory, too", \
	"FTW=80 ST7=3fff_8000000000000000 [10]=3f800000", {fld dword [DATA + 0x10]}, \
	"FSW=3a41 ST0=ffff_c000000000000000 ST7=0"
x87_one	"x87.overflow.fld80", "SDM 1 §8.5.1.1", "a load of 80 bits, too", \
	"FTW=80 ST7=3fff_8000000000000000 [10]=7fff8000000000000001", {fld tword [DATA + 0x10]}, \
	"FSW=3a41 ST0=ffff_c000000000000000 ST7=0"
x87_one	"x87.overflow.fild", "SDM 1 §8.5.1.1", "a load of an integer, too", \
	"FTW=80 ST7=3fff_8000000000000000 [10]=0005", {fild word [DATA + 0x10]}, \
	"FSW=3a41 ST0=ffff_c000000000000000 ST7=0"
x87_one	"x87.overflow.fbld", "SDM 1 §8.5.1.1", "a load of BCD, too", \
	"FTW=80 ST7=3fff_8000000000000000", {fbld [DATA + 0x10]}, \
	"FSW=3a41 ST0=ffff_c000000000000000 ST7=0"
x87_one	"x87.overflow.fxtract", "SDM 1 §8.5.1.1", "FXTRACT: both results are indefinite", \
	"FTW=81 ST0=4000_c000000000000000 ST7=3fff_8000000000000000", {fxtract}, \
	"FSW=3a41 ST0=ffff_c000000000000000 ST1=ffff_c000000000000000 ST7=0"
x87_one	"x87.underflow.fadd", "SDM 1 §8.5.1.1", "one operand of two is enough", \
	"FTW=01 ST0=3fff_8000000000000000", {fadd st0, st1}, "FSW=0041 ST0=ffff_c000000000000000"
x87_one	"x87.underflow.fadd.destination", "SDM 1 §8.5.1.1", "the result goes where it would have gone", \
	"FTW=01 ST0=3fff_8000000000000000", {fadd st1, st0}, "FSW=0041 FTW=03 ST1=ffff_c000000000000000"
x87_one	"x87.underflow.faddp", "SDM 1 §8.5.1.1", "masked, the stack is popped", \
	"FTW=00", {faddp st1, st0}, "FSW=0841 FTW=02 ST0=ffff_c000000000000000"
x87_one	"x87.underflow.fst32", "SDM 1 §8.5.1.1", "a store delivers the indefinite value of its format", \
	"FTW=fe", {fst dword [DATA + 0x10]}, "FSW=0041 [10]=ffc00000"
x87_one	"x87.underflow.fst64", "SDM 1 §8.5.1.1", "a store delivers the indefinite value of its format", \
	"FTW=fe", {fst qword [DATA + 0x10]}, "FSW=0041 [10]=fff8000000000000"
x87_one	"x87.underflow.fstp80", "SDM 1 §8.5.1.1", "a store delivers the indefinite value of its format", \
	"FTW=fe", {fstp tword [DATA + 0x10]}, "FSW=0841 [10]=ffffc000000000000000"
x87_one	"x87.underflow.fist16", "SDM 1 §8.5.1.1", "a store delivers the indefinite value of its format", \
	"FTW=fe", {fist word [DATA + 0x10]}, "FSW=0041 [10]=8000"
x87_one	"x87.underflow.fist32", "SDM 1 §8.5.1.1", "a store delivers the indefinite value of its format", \
	"FTW=fe", {fist dword [DATA + 0x10]}, "FSW=0041 [10]=80000000"
x87_one	"x87.underflow.fistp64", "SDM 1 §8.5.1.1", "a store delivers the indefinite value of its format", \
	"FTW=fe", {fistp qword [DATA + 0x10]}, "FSW=0841 [10]=8000000000000000"
x87_one	"x87.underflow.fbstp", "SDM 1 §8.5.1.1", "a store delivers the indefinite value of its format", \
	"FTW=fe", {fbstp [DATA + 0x10]}, "FSW=0841 [10]=ffffc000000000000000"
x87_one	"x87.underflow.fst32.unmasked", "SDM 1 §8.5.1.1", "unmasked, nothing is stored or popped", \
	"FCW=037e FTW=fe [10]=5a5a5a5a", {fstp dword [DATA + 0x10]}, "FSW=80c1"
x87_one	"x87.underflow.fstp.register", "SDM 1 §8.5.1.1", "a copy of an empty register is the indefinite QNaN", \
	"FTW=00", {fst st1}, "FSW=0041 FTW=02 ST1=ffff_c000000000000000"
x87_one	"x87.underflow.fxch", "SDM 1 §8.5.1.1", "FXCH puts the indefinite QNaN in for the empty one, then exchanges", \
	"FTW=01 ST0=3fff_8000000000000000", {fxch st1}, \
	"FSW=0041 FTW=03 ST0=ffff_c000000000000000 ST1=3fff_8000000000000000"
x87_one	"x87.underflow.fld.register", "SDM 1 §8.5.1.1", "FLD of an empty register pushes the indefinite QNaN", \
	"FTW=00", {fld st3}, "FSW=3841 FTW=80 ST0=ffff_c000000000000000"
x87_case "x87.underflow.fcom", "SDM 2A, FCOM", "a comparison with an empty register: unordered, IE, SF"
	before	"FTW=01 ST0=3fff_8000000000000000"
	fcom	st1
	after	"FSW=4541"
x87_case "x87.underflow.fcomi", "SDM 2A, FCOMI", "a comparison with an empty register: unordered, IE, SF"
	needs	"cmov"
	before	"FTW=01 ST0=3fff_8000000000000000"
	fcomi	st0, st1
	after	"FSW=0041 eflags.ZF=1 eflags.PF=1 eflags.CF=1"

; --- FXAM: the class of each value (SDM 2A, FXAM; C3, C2 and C0 in this order) ---
; C1 is the sign, of an empty register as well.

%macro examine 4
	%strcat x87_name "x87.fxam.", %1
	x87_case x87_name, "SDM 2A, FXAM", "FXAM says the value's class and sign, without an exception"
	join	before, "FCW=0340 ST0=", %2, " ", %3
	fxam
	join	after, "FSW=", %4
%endmacro

%define VALID "FTW=01"
%define EMPTY "FTW=fe"
examine	"normal", "3fff_8000000000000000", VALID, "0400"
examine	"normal.negative", "ffe0_ffffffffffffffff", VALID, "0600"
examine	"infinity", "7fff_8000000000000000", VALID, "0500"
examine	"infinity.negative", "ffff_8000000000000000", VALID, "0700"
examine	"qnan", "7fff_c000000000000000", VALID, "0100"
examine	"qnan.negative", "ffff_c000000000000000", VALID, "0300"
examine	"snan", "7fff_8000000000000001", VALID, "0100"
examine	"snan.negative", "ffff_bfffffffffffffff", VALID, "0300"
examine	"zero", "0000_0000000000000000", VALID, "4000"
examine	"zero.negative", "8000_0000000000000000", VALID, "4200"
examine	"denormal", "0000_0000000000000001", VALID, "4400"
examine	"denormal.negative", "8000_7fffffffffffffff", VALID, "4600"
examine	"pseudo_denormal", "0000_8000000000000000", VALID, "4400"
examine	"empty", "0000_0000000000000000", EMPTY, "4100"
examine	"empty.negative", "bfff_8000000000000000", EMPTY, "4300"
examine	"empty.nan", "7fff_c000000000000000", EMPTY, "4100"
examine	"pseudo_nan", "7fff_4000000000000001", VALID, "0000"
examine	"pseudo_nan.negative", "ffff_0000000000000001", VALID, "0200"
examine	"pseudo_infinity", "7fff_0000000000000000", VALID, "0000"
examine	"unnormal", "3fff_4000000000000000", VALID, "0000"
examine	"unnormal.negative", "bfff_7fffffffffffffff", VALID, "0200"
examine	"unnormal.zero", "4000_0000000000000000", VALID, "0000"

; --- Comparisons ---

; compare NAME, ST0, ST1, {INSTRUCTION}, FSW AFTER
%macro compare 5
	%strcat x87_name "x87.compare.", %1
	x87_case x87_name, "SDM 1 table 8-6", "the condition codes of a comparison"
	join	before, "FSW=4700 FTW=03 ST0=", %2, " ST1=", %3
	%4
	join	after, "FSW=", %5
%endmacro

%define ONE "3fff_8000000000000000"
%define TWO "4000_8000000000000000"
%define ZERO "0000_0000000000000000"
%define MINUS_ZERO "8000_0000000000000000"
%define MINUS_ONE "bfff_8000000000000000"
%define INFINITE "7fff_8000000000000000"
%define QNAN "7fff_c000000000000000"
%define SNAN "7fff_8000000000000001"
%define DENORMAL "0000_0000000000000001"
%define UNNORMAL "3fff_4000000000000000"

compare	"fcom.greater", TWO, ONE, {fcom st1}, "0000"
compare	"fcom.less", ONE, TWO, {fcom st1}, "0100"
compare	"fcom.equal", TWO, TWO, {fcom st1}, "4000"
compare	"fcom.zeros", MINUS_ZERO, ZERO, {fcom st1}, "4000"
compare	"fcom.infinity", INFINITE, ONE, {fcom st1}, "0000"
compare	"fcom.qnan", QNAN, ONE, {fcom st1}, "4501"
compare	"fcom.snan", SNAN, ONE, {fcom st1}, "4501"
compare	"fcom.unnormal", UNNORMAL, ONE, {fcom st1}, "4501"
compare	"fcom.denormal", DENORMAL, ONE, {fcom st1}, "0102"
compare	"fucom.greater", TWO, ONE, {fucom st1}, "0000"
compare	"fucom.less", MINUS_ONE, ONE, {fucom st1}, "0100"
compare	"fucom.equal", ONE, ONE, {fucom st1}, "4000"
compare	"fucom.qnan", QNAN, ONE, {fucom st1}, "4500"
compare	"fucom.snan", SNAN, ONE, {fucom st1}, "4501"
compare	"fucom.unnormal", ONE, UNNORMAL, {fucom st1}, "4501"
compare	"ftst.positive", ONE, ZERO, {ftst}, "0000"
compare	"ftst.negative", MINUS_ONE, ZERO, {ftst}, "0100"
compare	"ftst.zero", MINUS_ZERO, ZERO, {ftst}, "4000"
compare	"ftst.qnan", QNAN, ZERO, {ftst}, "4501"
compare	"fcompp", TWO, ONE, {fcompp}, "1000 FTW=00 ST0=0 ST1=0 ST6=4000_8000000000000000 ST7=3fff_8000000000000000"
compare	"fcom32", ONE, ZERO, {fcom dword [DATA + 0x10]}, "4000"
	before	"[10]=3f800000"
compare	"ficom16", ONE, ZERO, {ficom word [DATA + 0x10]}, "0100"
	before	"[10]=0002"

; compare_flags NAME, ST0, ST1, {INSTRUCTION}, AFTER. FCOMI leaves C0, C2 and C3 alone, and clears OF,
; SF and AF. That it clears C1 as well holds for Intel's CPUs; AMD's Zen 5 leaves it.
%macro compare_flags 5
	%strcat x87_name "x87.compare.", %1
	x87_case x87_name, "SDM 2A, FCOMI", "FCOMI and its relatives set ZF, PF and CF, and clear OF, SF and AF; C0, C2 and C3 stay"
	needs	"cmov"
	join	before, "eflags.OF=1 eflags.SF=1 eflags.AF=1 FSW=4700 FTW=03 ST0=", %2, " ST1=", %3
	%4
	join	after, "eflags.OF=0 eflags.SF=0 eflags.AF=0 FSW.C1=? ", %5
%endmacro

compare_flags "fcomi.greater", TWO, ONE, {fcomi st0, st1}, ""
compare_flags "fcomi.less", ONE, TWO, {fcomi st0, st1}, "eflags.CF=1"
compare_flags "fcomi.equal", ONE, ONE, {fcomi st0, st1}, "eflags.ZF=1"
compare_flags "fcomi.qnan", QNAN, ONE, {fcomi st0, st1}, "eflags.ZF=1 eflags.PF=1 eflags.CF=1 FSW.IE=1"
compare_flags "fucomi.greater", TWO, ONE, {fucomi st0, st1}, ""
compare_flags "fucomi.less", ONE, TWO, {fucomi st0, st1}, "eflags.CF=1"
compare_flags "fucomi.equal", ZERO, MINUS_ZERO, {fucomi st0, st1}, "eflags.ZF=1"
compare_flags "fucomi.qnan", QNAN, ONE, {fucomi st0, st1}, "eflags.ZF=1 eflags.PF=1 eflags.CF=1"
compare_flags "fucomi.snan", SNAN, ONE, {fucomi st0, st1}, "eflags.ZF=1 eflags.PF=1 eflags.CF=1 FSW.IE=1"
compare_flags "fcomip", ONE, TWO, {fcomip st0, st1}, \
	"eflags.CF=1 FSW.TOP=1 FTW=02 ST0=4000_8000000000000000 ST1=0 ST7=3fff_8000000000000000"

x87_case "x87.compare.fcomi.c1", "SDM 2A, FCOMI", "FCOMI clears C1"
	needs	"cmov intel"
	before	"FSW=4700 FTW=03 ST0=3fff_8000000000000000 ST1=4000_8000000000000000"
	fcomi	st0, st1
	after	"FSW=4500 eflags.CF=1"

; move NAME, EFLAGS, {INSTRUCTION}, AFTER
%macro move 4
	%strcat x87_name "x87.fcmov.", %1
	x87_case x87_name, "SDM 2A, FCMOVcc", "FCMOVcc copies ST(i) where its condition holds"
	needs	"cmov"
	join	before, "FTW=03 ST0=3fff_8000000000000000 ST1=7fff_a000000000000001 ", %2
	%3
	after	%4
	undefined_c023
%endmacro
%define MOVED "ST0=7fff_a000000000000001"

move	"b", "eflags.CF=1", {fcmovb st0, st1}, MOVED
move	"b.not", "", {fcmovb st0, st1}, ""
move	"e", "eflags.ZF=1", {fcmove st0, st1}, MOVED
move	"be", "eflags.ZF=1", {fcmovbe st0, st1}, MOVED
move	"u", "eflags.PF=1", {fcmovu st0, st1}, MOVED
move	"nb", "", {fcmovnb st0, st1}, MOVED
move	"nb.not", "eflags.CF=1", {fcmovnb st0, st1}, ""
move	"ne", "eflags.CF=1", {fcmovne st0, st1}, MOVED
move	"nbe", "", {fcmovnbe st0, st1}, MOVED
move	"nu", "eflags.CF=1", {fcmovnu st0, st1}, MOVED

; --- Integers and BCD ---

x87_one	"x87.fild16", "SDM 2A, FILD", "FILD of 16 bits", "[10]=fffe", {fild word [DATA + 0x10]}, \
	"FSW.TOP=7 FTW=80 ST0=c000_8000000000000000"
x87_one	"x87.fild32", "SDM 2A, FILD", "FILD of 32 bits", "[10]=80000000", {fild dword [DATA + 0x10]}, \
	"FSW.TOP=7 FTW=80 ST0=c01e_8000000000000000"
x87_one	"x87.fild64", "SDM 2A, FILD", "FILD of 64 bits keeps every one of them", "[10]=8000000000000001", \
	{fild qword [DATA + 0x10]}, "FSW.TOP=7 FTW=80 ST0=c03d_fffffffffffffffe"
x87_one	"x87.fild.zero", "SDM 2A, FILD", "FILD of 0 is +0", "[10]=0000", {fild word [DATA + 0x10]}, \
	"FSW.TOP=7 FTW=80 ST0=0"
x87_one	"x87.fbld", "SDM 2A, FBLD", "FBLD loads 18 decimal digits", "[10]=80_123456789012345678", {fbld [DATA + 0x10]}, \
	"FSW.TOP=7 FTW=80 ST0=c037_db4da5d31879a700"
x87_one	"x87.fbld.negative_zero", "SDM 2A, FBLD", "FBLD keeps the sign of 0", "[10]=80_000000000000000000", \
	{fbld [DATA + 0x10]}, "FSW.TOP=7 FTW=80 ST0=8000_0000000000000000"
x87_one	"x87.fbstp", "SDM 2A, FBSTP", "FBSTP stores 18 decimal digits and pops", \
	"FTW=01 ST0=c00e_f120000000000000", {fbstp [DATA + 0x10]}, \
	"[10]=80_000000000000061728 FSW.TOP=1 FTW=00 ST0=0 ST7=c00e_f120000000000000"
x87_one	"x87.fbstp.rounds", "SDM 2A, FBSTP", "FBSTP rounds by RC: 2.5 upward", \
	"FCW=0b7f FTW=01 ST0=4000_a000000000000000", {fbstp [DATA + 0x10]}, \
	"[10]=00_000000000000000003 FSW=0a20 FTW=00 ST0=0 ST7=4000_a000000000000000"
x87_one	"x87.fbstp.largest", "SDM 2A, FBSTP", "FBSTP stores 18 nines", \
	"FTW=01 ST0=403a_de0b6b3a763ffff0", {fbstp [DATA + 0x10]}, \
	"[10]=00_999999999999999999 FSW.TOP=1 FTW=00 ST0=0 ST7=403a_de0b6b3a763ffff0"

; FISTTP cuts off whatever RC says (SDM 2A, FISTTP).
%macro truncate 1
	%strcat x87_name "x87.fisttp.rc", %1
	x87_one	x87_name, "SDM 2A, FISTTP", "FISTTP truncates, whatever RC says; C1 is cleared", \
		"FTW=01 ST0=c000_e000000000000000 FSW.C1=1", {fisttp dword [DATA + 0x10]}, \
		"[10]=fffffffd FSW=0820 FTW=00 ST0=0 ST7=c000_e000000000000000"
	needs	"sse3"
	join	before, "FCW.RC=", %1
%endmacro
truncate "0"
truncate "1"
truncate "2"
truncate "3"

; --- Others that have exact results ---

x87_case "x87.fprem.complete", "SDM 2A, FPREM", "7 rem 3 is 1; C2 clear, quotient 2 in C0, C3 and C1"
	before	"FSW=4700 FTW=03 ST0=4001_e000000000000000 ST1=4000_c000000000000000"
	fprem
	after	"ST0=3fff_8000000000000000 FSW=4000"
x87_case "x87.fprem.quotient7", "SDM 2A, FPREM", "23 rem 3 is 2; quotient 7 in C0, C3 and C1"
	before	"FTW=03 ST0=4003_b800000000000000 ST1=4000_c000000000000000"
	fprem
	after	"ST0=4000_8000000000000000 FSW=4300"
x87_case "x87.fprem.negative", "SDM 2A, FPREM", "-5 rem 3 is -2: the sign is the dividend's"
	before	"FTW=03 ST0=c001_a000000000000000 ST1=4000_c000000000000000"
	fprem
	after	"ST0=c000_8000000000000000 FSW=0200"
x87_case "x87.fprem1", "SDM 2A, FPREM1", "11 rem 3 is -1: the quotient 4 is rounded to nearest"
	before	"FTW=03 ST0=4002_b000000000000000 ST1=4000_c000000000000000"
	fprem1
	after	"ST0=bfff_8000000000000000 FSW=0100"
x87_one	"x87.fprem.partial", "SDM 2A, FPREM", "exponents 64 and more apart: C2 says that there is more to do", \
	"FTW=03 ST0=407f_8000000000000000 ST1=4000_c000000000000000", {fprem}, "ST0=?"
	after	"FSW.C1=?"
x87_case "x87.fprem.loop", "SDM 2A, FPREM", "repeated until C2 is clear: 2^128 rem 3 is 1"
	before	"FTW=03 ST0=407f_8000000000000000 ST1=4000_c000000000000000"
	mark	again
	fprem
	fnstsw	ax
	test	ah, 4
	jnz	.again
	after	"ST0=3fff_8000000000000000 FSW.C0=? FSW.C1=? FSW.C3=? eax=? eflags=246"
x87_one	"x87.fscale", "SDM 2A, FSCALE", "FSCALE adds the integer in ST1, rounded toward zero, to the exponent", \
	"FTW=03 ST0=bfff_c000000000000000 ST1=4004_ac00000000000000", {fscale}, "ST0=c02a_c000000000000000"
x87_one	"x87.fxtract", "SDM 2A, FXTRACT", "FXTRACT: exponent, and on top of it the significand", \
	"FTW=01 ST0=c002_b000000000000000", {fxtract}, \
	"FSW.TOP=7 FTW=81 ST0=bfff_b000000000000000 ST1=4000_c000000000000000"
x87_one	"x87.fxtract.zero", "SDM 2A, FXTRACT", "FXTRACT of 0: minus infinity, and ZE", \
	"FTW=01 ST0=8000_0000000000000000", {fxtract}, \
	"FSW=3804 FTW=81 ST0=8000_0000000000000000 ST1=ffff_8000000000000000"
x87_one	"x87.f2xm1.zero", "SDM 2A, F2XM1", "2^-0 - 1 is -0", "FTW=01 ST0=8000_0000000000000000", {f2xm1}, ""
x87_case "x87.fsin.zero", "SDM 2A, FSIN", "the sine of 0 is 0; C2 is cleared"
	before	"FSW.C2=1 FTW=01 ST0=8000_0000000000000000"
	fsin
	after	"FSW.C0=? FSW.C2=0 FSW.C3=?"
x87_case "x87.fsin.range", "SDM 2A, FSIN", "2^63 is out of range: C2 is set, the operand stays"
	before	"FTW=01 ST0=403e_8000000000000000"
	fsin
	after	"FSW.C0=? FSW.C2=1 FSW.C3=?"
x87_case "x87.fptan.zero", "SDM 2A, FPTAN", "the tangent of 0 is 0, and 1 is pushed"
	before	"FSW.C2=1 FTW=01 ST0=0000_0000000000000000"
	fptan
	after	"FSW.TOP=7 FTW=81 ST0=3fff_8000000000000000 FSW.C0=? FSW.C2=0 FSW.C3=?"
x87_case "x87.fptan.range", "SDM 2A, FPTAN", "2^63 is out of range: C2 is set, nothing is pushed"
	before	"FTW=01 ST0=403e_8000000000000000"
	fptan
	after	"FSW.C0=? FSW.C2=1 FSW.C3=?"
x87_one	"x87.fpatan.zero", "SDM 2A, FPATAN", "the angle of 0 / 1 is 0", \
	"FTW=03 ST0=3fff_8000000000000000 ST1=8000_0000000000000000", {fpatan}, \
	"FSW.TOP=1 FTW=02 ST0=8000_0000000000000000 ST1=0 ST7=3fff_8000000000000000"
x87_one	"x87.fyl2x.exact", "SDM 2A, FYL2X", "1.5 times the logarithm of 1 is 0", \
	"FTW=03 ST0=3fff_8000000000000000 ST1=3fff_c000000000000000", {fyl2x}, \
	"FSW.TOP=1 FTW=02 ST0=0 ST1=0 ST7=3fff_8000000000000000"
x87_one	"x87.fyl2xp1.zero", "SDM 2A, FYL2XP1", "1.5 times the logarithm of 0 + 1 is 0", \
	"FTW=03 ST0=0000_0000000000000000 ST1=3fff_c000000000000000", {fyl2xp1}, \
	"FSW.TOP=1 FTW=02 ST0=0 ST1=0 ST7=0"

end_cases
