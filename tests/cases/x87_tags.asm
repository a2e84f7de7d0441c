; SPDX-License-Identifier: GPL-2.0-only
;
; The tag word (SDM 1 §8.1.7). FSTENV and FSAVE store two bits for each physical register: valid, zero, special, empty.
; FXSAVE stores one: empty or not (SDM 1 §10.5.1.1). What is between the two must be found again in the registers, and
; those stand in images by distance from the top: hence every class at every TOP.

%include "x87.inc"

%define TAG_VALID 0
%define TAG_ZERO 1
%define TAG_SPECIAL 2
%define TAG_EMPTY 3

; tag_word TOP, TAG OF ST0: x87_digits is the tag word with ST0 so, ST1 valid, ST2 zero, all others empty
%macro tag_word 2
	%assign tag_r1 (%1 + 1) & 7
	%assign tag_r2 (%1 + 2) & 7
	%assign tag_all 0xffff & ~(3 << (%1 * 2)) & ~(3 << (tag_r1 * 2)) & ~(3 << (tag_r2 * 2))
	%assign tag_all tag_all | (%2) << (%1 * 2) | TAG_VALID << (tag_r1 * 2) | TAG_ZERO << (tag_r2 * 2)
	digits	tag_all, 4
%endmacro

; abridged_word TOP, TAG OF ST0: the same in FXSAVE's form
%macro abridged_word 2
	%assign tag_all 1 << ((%1 + 1) & 7) | 1 << ((%1 + 2) & 7)
	%if %2 <> TAG_EMPTY
		%assign tag_all tag_all | 1 << %1
	%endif
	digits	tag_all, 2
%endmacro

; tag_state TOP, VALUE, TAG: ST3 holds what would be valid, were it not empty
%macro tag_state 3
	%defstr tag_top %1
	%assign tag_fsw %1 << 11
	abridged_word %1, %3
	join	before, "FSW.TOP=", tag_top, " FTW=", x87_digits, " ST0=", %2
	before	"ST1=3fff_8000000000000000 ST3=4000_8000000000000000"
%endmacro

; class NAME, VALUE, TAG: FNSTENV and FNSAVE at every TOP
%macro class 3
	%assign tag_n 0
	%rep 8
		class_at %1, %2, %3, %[tag_n]
		%assign tag_n tag_n + 1
	%endrep
%endmacro

%macro class_at 4
	%defstr tag_top %4
	%strcat x87_name "x87.tags.", %1, ".top", tag_top
	x87_case x87_name, "SDM 1 §8.1.7", "FNSTENV's tag word is made of what the registers hold"
	tag_state %4, %2, %3
	fnstenv	[ENVIRONMENT]
	tag_word %4, %3
	join	after, "[40]=037f [48]=", x87_digits
	digits	tag_fsw, 4
	join	after, "[44]=", x87_digits
	after	ENVIRONMENT_RESERVED
	after	ENVIRONMENT_POINTERS

	%strcat x87_name "x87.tags.fnsave.", %1, ".top", tag_top
	x87_case x87_name, "SDM 2A, FSAVE", "FNSAVE stores registers from the top on, and initialises the FPU"
	tag_state %4, %2, %3
	fnsave	[ENVIRONMENT]
	tag_word %4, %3
	join	after, "[40]=037f [48]=", x87_digits
	digits	tag_fsw, 4
	join	after, "[44]=", x87_digits
	join	after, "[5c]=", %2
	after	"[66]=3fff_8000000000000000 [70]=0000_0000000000000000 [7a]=4000_8000000000000000"
	after	ENVIRONMENT_RESERVED
	after	ENVIRONMENT_POINTERS
	%assign tag_st 0
	after	"ST0=0 ST1=0 ST3=0 FSW=0000 FTW=00"
	%assign tag_st %4
	%defstr tag_digit %[tag_st]
	join	after, "ST", tag_digit, "=", %2
	%assign tag_st (%4 + 1) & 7
	%defstr tag_digit %[tag_st]
	join	after, "ST", tag_digit, "=3fff_8000000000000000"
	%assign tag_st (%4 + 3) & 7
	%defstr tag_digit %[tag_st]
	join	after, "ST", tag_digit, "=4000_8000000000000000"
%endmacro

class	"valid", "c000_ffffffffffffffff", TAG_VALID
class	"zero", "0000_0000000000000000", TAG_ZERO
class	"zero.negative", "8000_0000000000000000", TAG_ZERO
class	"snan", "7fff_8000000000000001", TAG_SPECIAL
class	"qnan", "ffff_c000000000000001", TAG_SPECIAL
class	"infinity", "7fff_8000000000000000", TAG_SPECIAL
class	"denormal", "0000_0000000000000001", TAG_SPECIAL
class	"unnormal", "3fff_4000000000000000", TAG_SPECIAL
class	"unnormal.zero", "4000_0000000000000000", TAG_SPECIAL
class	"pseudo_denormal", "0000_8000000000000000", TAG_SPECIAL
class	"pseudo_nan", "7fff_4000000000000001", TAG_SPECIAL
class	"pseudo_infinity", "ffff_0000000000000000", TAG_SPECIAL
class	"empty", "3fff_8000000000000001", TAG_EMPTY

; All eight at once, one of each class, at every TOP
%define MIXED_0 "3fff_8000000000000000"
%define MIXED_1 "8000_0000000000000000"
%define MIXED_2 "7fff_a000000000000000"
%define MIXED_3 "0000_7fffffffffffffff"
%define MIXED_4 "4321_0fffffffffffffff"
%define MIXED_5 "c0de_8000000000000001"
%define MIXED_6 "0000_0000000000000000"
%define MIXED_7 "ffff_8000000000000000"
; R0 to R7: valid zero special special special valid zero special: 2h, 1h, ... of two bits each from R0 up
%define MIXED_TAGS "92a4"

%macro mixed 1
	%assign tag_st 0
	%rep 8
		%assign tag_r (tag_st + %1) & 7
		%defstr tag_digit %[tag_st]
		join	before, "ST", tag_digit, "=", MIXED_%[tag_r]
		%assign tag_st tag_st + 1
	%endrep
%endmacro

%assign tag_n 0
%rep 8
	%defstr tag_top %[tag_n]
	%strcat x87_name "x87.tags.mixed.top", tag_top
	x87_case x87_name, "SDM 1 §8.1.7", "tags go by physical register, whatever TOP is"
	mixed	%[tag_n]
	join	before, "FTW=ff FSW.TOP=", tag_top
	fnstenv	[ENVIRONMENT]
	%assign tag_fsw tag_n << 11
	digits	tag_fsw, 4
	join	after, "[40]=037f [48]=", MIXED_TAGS, " [44]=", x87_digits
	after	ENVIRONMENT_RESERVED
	after	ENVIRONMENT_POINTERS

	%strcat x87_name "x87.tags.fxsave.top", tag_top
	x87_case x87_name, "SDM 1 §10.5.1.1", "FXSAVE's abridged tags go by physical register, its registers from the top on"
	needs	"fxsr"
	mixed	%[tag_n]
	join	before, "FTW=b4 FSW.TOP=", tag_top
	fxsave	[FXSAVE_AREA]
	join	after, "[200]=037f [202]=", x87_digits, " [204]=b4"
	%assign tag_st 0
	%rep 8
		%assign tag_r (tag_st + tag_n) & 7
		digits	0x220 + tag_st * 16, 3
		join	after, "[", x87_digits, "]=", MIXED_%[tag_r]
		%assign tag_st tag_st + 1
	%endrep
	after	FXSAVE_POINTERS
	fxsave_reserved
%assign tag_n tag_n + 1
%endrep

; The other way: FLDENV, FRSTOR and FXRSTOR look at empty or not alone; what else a tag claims is looked up in the
; register (SDM 1 §8.1.7). R0 to R7 here are valid, zero, special, valid and the same again, and the tag word lies.

; lies NAME, TAG WORD, ABRIDGED, TAG WORD STORED
%macro lies 4
	%strcat x87_name "x87.tags.fldenv.", %1
	x87_case x87_name, "SDM 1 §8.1.7", "FLDENV takes from each tag no more than empty or not"
	before	"FTW=0f ST0=3fff_8000000000000000 ST2=7fff_8000000000000000 ST3=4000_c000000000000000"
	before	"ST4=3fff_8000000000000000 ST6=7fff_8000000000000000 ST7=4000_c000000000000000"
	join	before, "[80]=037f [88]=", %2
	fldenv	[DATA + 0x80]
	fnstenv	[ENVIRONMENT]
	join	after, "FTW=", %3, " [40]=037f [44]=0000 [48]=", %4
	after	ENVIRONMENT_RESERVED
	after	ENVIRONMENT_POINTERS

	%strcat x87_name "x87.tags.fldenv16.", %1
	x87_case x87_name, "SDM 1 §8.1.7", "the 16-bit form of FLDENV does the same"
	before	"FTW=0f ST0=3fff_8000000000000000 ST2=7fff_8000000000000000 ST3=4000_c000000000000000"
	before	"ST4=3fff_8000000000000000 ST6=7fff_8000000000000000 ST7=4000_c000000000000000"
	join	before, "[80]=037f [84]=", %2
	o16 fldenv [DATA + 0x80]
	fnstenv	[ENVIRONMENT]
	join	after, "FTW=", %3, " [40]=037f [44]=0000 [48]=", %4
	after	ENVIRONMENT_RESERVED
	after	ENVIRONMENT_POINTERS

	%strcat x87_name "x87.tags.frstor.", %1
	x87_case x87_name, "SDM 1 §8.1.7", "FRSTOR takes from each tag no more than empty or not"
	join	before, "[80]=037f [88]=", %2, " [9c]=3fff8000000000000000 [b0]=7fff8000000000000000"
	before	"[ba]=4000c000000000000000 [c4]=3fff8000000000000000 [d8]=7fff8000000000000000 [e2]=4000c000000000000000"
	frstor	[DATA + 0x80]
	fnstenv	[ENVIRONMENT]
	join	after, "FTW=", %3, " [40]=037f [44]=0000 [48]=", %4
	after	"ST0=3fff_8000000000000000 ST2=7fff_8000000000000000 ST3=4000_c000000000000000"
	after	"ST4=3fff_8000000000000000 ST6=7fff_8000000000000000 ST7=4000_c000000000000000"
	after	ENVIRONMENT_RESERVED
	after	ENVIRONMENT_POINTERS
%endmacro

lies	"all_valid", "0000", "ff", "2424"
lies	"all_zero", "5555", "ff", "2424"
lies	"all_special", "aaaa", "ff", "2424"
lies	"all_empty", "ffff", "00", "ffff"
lies	"low_empty", "00ff", "f0", "24ff"
lies	"high_empty", "ff1b", "0e", "ff27"
lies	"rotated", "1b1b", "ee", "2727"

; FXRSTOR: a bit of the abridged word for each physical register
%macro fxrstor_tags 2
	%strcat x87_name "x87.tags.fxrstor.", %1
	x87_case x87_name, "SDM 1 §10.5.1.1", "FXRSTOR marks registers as empty by the abridged tags, FNSTENV makes them whole again"
	needs	"fxsr"
	join	before, "[200]=037f [202]=1800 [218]=00001f80 [204]=", %1
	before	"[220]=3fff8000000000000000 [240]=7fff8000000000000000 [250]=4000c000000000000000"
	before	"[260]=3fff8000000000000000 [280]=7fff8000000000000000 [290]=4000c000000000000000"
	fxrstor	[FXSAVE_AREA]
	fnstenv	[ENVIRONMENT]
	join	after, "FSW=1800 FTW=", %1, " [40]=037f [44]=1800 [48]=", %2
	after	"ST0=3fff_8000000000000000 ST2=7fff_8000000000000000 ST3=4000_c000000000000000"
	after	"ST4=3fff_8000000000000000 ST6=7fff_8000000000000000 ST7=4000_c000000000000000"
	after	ENVIRONMENT_RESERVED
	after	ENVIRONMENT_POINTERS
%endmacro

; At TOP 3, R0 to R7 are ST5, ST6, ST7, ST0 ... ST4: zero, special, valid, valid, zero, special, valid, valid.
fxrstor_tags "ff", "0909"
fxrstor_tags "00", "ffff"
fxrstor_tags "0f", "ff09"
fxrstor_tags "a5", "3bcd"

; What instructions do to tags
x87_case "x87.tags.store_makes_zero", "SDM 1 §8.1.7", "a tag follows its register's value"
	before	"FTW=03 ST0=3fff_8000000000000000 ST1=3fff_8000000000000000"
	fsub	st0, st1
	fnstenv	[ENVIRONMENT]
	after	"ST0=0 [40]=037f [44:2]=? [48]=fff1"
	after	ENVIRONMENT_RESERVED
	after	ENVIRONMENT_POINTERS
	undefined_c023

x87_case "x87.tags.ffree", "SDM 2A, FFREE", "a register freed is empty in FNSTENV's tag word"
	before	"FTW=07 ST0=3fff_8000000000000000 ST1=3fff_8000000000000000 ST2=3fff_8000000000000000"
	ffree	st1
	fnstenv	[ENVIRONMENT]
	after	"FTW=05 [40]=037f [44:2]=? [48]=ffcc FSW.C1=?"
	after	ENVIRONMENT_RESERVED
	after	ENVIRONMENT_POINTERS
	undefined_c023

end_cases
