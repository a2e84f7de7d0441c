; SPDX-License-Identifier: GPL-2.0-only
;
; x87 pointers: where the last non-control instruction was (FCS:FIP), what it was (FOP), which memory it used (FDS:FDP).
;
; SDM 1 §8.1.8 and §8.1.9, and what they leave open:
; - FDP and FDS are undefined after an instruction without a memory operand.
; - Where CPUID.7.0:EBX[6] is set, FDP changes only with an unmasked exception ("!fdp_always").
; - Where CPUID.7.0:EBX[13] is set, FCS and FDS are stored as 0 ("!fcs_fds").
; - FOP is that of the last instruction with an unmasked exception; on older CPUs, or in fopcode compatibility mode, that
;   of the last one (§8.1.9.1). Cases of instructions without an exception begin with the FOP that they would set, so that
;   both answers are the same one; a control instruction must leave another's.
; - AMD's CPUs store the pointers in FXSAVE and XSAVE images only while an exception is pending (APM 5, FXSAVE): elsewhere
;   they do not survive a switch. One that announces RstrFpErrPtrs (APM 3, 8000_0008H, EBX[2]) has been seen to store 0
;   without one, too. So cases that have none pending ask for "!amd".

%include "x87.inc"

; --- Pointers as state: whatever they are, they must be there when the task goes on ---

%macro pointers_before 0
	before	"FIP=12345678 FDP=9abcdef0 FOP=321"
%endmacro
%macro pointers_after 0
	after	"FIP=12345678 FDP=9abcdef0 FOP=321"
%endmacro

x87_case "x87.pointers.state", "SDM 1 §8.1.8", "FIP, FDP and FOP stay as they are, without an FPU instruction"
	needs	"!amd"
	pointers_before
	nop
	pointers_after

x87_case "x87.pointers.state.ones", "SDM 1 §8.1.8", "all bits of FIP and FDP, and the eleven of FOP"
	needs	"!amd"
	before	"FIP=ffffffff FDP=ffffffff FOP=7ff"
	nop
	after	"FIP=ffffffff FDP=ffffffff FOP=7ff"

x87_case "x87.pointers.state.initial", "SDM 2A, FINIT", "a fresh task's pointers are 0: those of no other task"
	needs	"!amd"
	nop
	fnstenv	[ENVIRONMENT]
	after	"FIP=0 FCS=0 FDP=0 FDS=0 FOP=0 [40]=037f [48]=ffff [4c]=00000000 [50]=00000000 [54]=00000000 [58]=0000"
	after	ENVIRONMENT_RESERVED

x87_case "x87.pointers.state.pending", "SDM 1 §8.1.8", "pointers of a pending exception stay, on AMD's CPUs, too"
	before	"FCW=037b FSW=8084"
	pointers_before
	nop
	pointers_after

x87_case "x87.pointers.state.selectors", "SDM 1 §8.1.8", "FCS and FDS stay, where the CPU has them"
	needs	"!amd fcs_fds"
	before	"FCS=user_cs FDS=user_ds"
	pointers_before
	nop
	pointers_after
	after	"FCS=user_cs FDS=user_ds"

x87_case "x87.pointers.state.selectors.deprecated", "SDM 1 §8.1.8", "FCS and FDS are stored as 0 where they are deprecated"
	needs	"!amd !fcs_fds"
	before	"FCS=user_cs FDS=user_ds"
	pointers_before
	nop
	pointers_after
	after	"FCS=0 FDS=0"

; --- What sees them: FNSTENV and FNSAVE in both forms, FXSAVE ---

; seen NAME, MANUAL, {INSTRUCTION}: the pointers of before, in what the instruction stores; `after` and `needs` follow
%macro seen 3
	%strcat x87_name "x87.pointers.", %1
	x87_case x87_name, %2, "the pointers as they were loaded are stored"
	needs	"!amd"
	pointers_before
	%3
%endmacro

%define STORED "[4c]=12345678 [52]=0321 [54]=9abcdef0 "
seen	"fnstenv", "SDM 1 figure 8-9", {fnstenv [ENVIRONMENT]}
	after	STORED
	after	"[50]=0000 [58]=0000 [40]=037f [48]=ffff"
	after	ENVIRONMENT_RESERVED
	pointers_after
seen	"fnstenv.selectors", "SDM 1 figure 8-9", {fnstenv [ENVIRONMENT]}
	needs	"fcs_fds"
	before	"FCS=user_cs FDS=user_ds"
	after	STORED
	after	"[58]=user_ds [50]=user_cs [52]=0321 [40]=037f [48]=ffff"
	after	ENVIRONMENT_RESERVED
	pointers_after
seen	"fnstenv.selectors.deprecated", "SDM 1 §8.1.8", {fnstenv [ENVIRONMENT]}
	needs	"!fcs_fds"
	before	"FCS=user_cs FDS=user_ds"
	after	STORED
	after	"[50]=0000 [58]=0000 [40]=037f [48]=ffff"
	after	ENVIRONMENT_RESERVED
	pointers_after
seen	"fnsave", "SDM 1 figure 8-9", {fnsave [ENVIRONMENT]}
	after	STORED
	after	"[50]=0000 [58]=0000 [40]=037f [48]=ffff FIP=0 FDP=0 FOP=0 FCS=0 FDS=0"
	after	ENVIRONMENT_RESERVED
seen	"fxsave", "SDM 2A, FXSAVE", {fxsave [FXSAVE_AREA]}
	needs	"fxsr"
	after	"[200]=037f [204]=00 [206]=0321 [208]=12345678 [20c]=0000 [210]=9abcdef0 [214]=0000"
	fxsave_reserved
	pointers_after
seen	"fxsave.selectors", "SDM 2A, FXSAVE", {fxsave [FXSAVE_AREA]}
	needs	"fxsr fcs_fds"
	before	"FCS=user_cs FDS=user_ds"
	after	"[20c]=user_cs [214]=user_ds [200]=037f [204]=00 [206]=0321 [208]=12345678 [210]=9abcdef0"
	fxsave_reserved
	pointers_after
seen	"fxsave.selectors.deprecated", "SDM 2A, FXSAVE", {fxsave [FXSAVE_AREA]}
	needs	"fxsr !fcs_fds"
	before	"FCS=user_cs FDS=user_ds"
	after	"[200]=037f [204]=00 [206]=0321 [208]=12345678 [20c]=0000 [210]=9abcdef0 [214]=0000"
	fxsave_reserved
	pointers_after

; The 16-bit forms: 14 bytes, lower halves of the offsets, no FOP (figure 8-11); what stands behind is left alone.
seen	"fnstenv16", "SDM 1 figure 8-11", {o16 fnstenv [ENVIRONMENT]}
	before	"FSW=3d00 FTW=80 ST0=7fff_c000000000000000 [40:20]=5a"
	after	"[40]=037f [42]=3d00 [44]=bfff [46]=5678 [48]=0000 [4a]=def0 [4c]=0000"
	pointers_after
seen	"fnsave16", "SDM 1 figure 8-11", {o16 fnsave [ENVIRONMENT]}
	before	"FSW=3d00 FTW=81 ST0=7fff_c000000000000001 ST1=3fff_8000000000000000 [40:80]=5a"
	after	"[40]=037f [42]=3d00 [44]=bffc [46]=5678 [48]=0000 [4a]=def0 [4c]=0000"
	after	"[4e]=7fff_c000000000000001 [58]=3fff_8000000000000000 [62:3c]=00 FSW=0000 FTW=00"
	after	"ST0=3fff_8000000000000000 ST1=0 ST7=7fff_c000000000000001 FIP=0 FDP=0 FOP=0"

; AMD, older CPUs included: while an exception is pending, FXSAVE stores pointers.
x87_case "x87.pointers.fxsave.pending", "APM 5, FXSAVE", "with an exception pending, FXSAVE stores the pointers on all CPUs"
	needs	"fxsr"
	before	"FCW=037b FSW=8084"
	pointers_before
	fxsave	[FXSAVE_AREA]
	after	"[200]=037b [202]=8084 [204]=00 [206]=0321 [208]=12345678 [20c]=0000 [210]=9abcdef0 [214]=0000"
	fxsave_reserved
	pointers_after

; --- What loads them ---

x87_case "x87.pointers.fldenv", "SDM 2A, FLDENV", "FLDENV loads FCW, FSW, tags and pointers, and leaves the registers alone"
	needs	"!amd"
	before	"ST0=3fff_8000000000000000 ST4=4000_8000000000000000"
	before	"[80]=0f7f [84]=6300 [88]=3fff [8c]=55667788 [92]=0123 [94]=99aabbcc"
	fldenv	[DATA + 0x80]
	fnstenv	[ENVIRONMENT]
	after	"FCW=0f7f FSW=6300 FTW=80 ST0=4000_8000000000000000 ST4=3fff_8000000000000000"
	after	"[40]=0f7f [44]=6300 [48]=7fff [4c]=55667788 [50]=0000 [52]=0123 [54]=99aabbcc [58]=0000"
	after	ENVIRONMENT_RESERVED
	after	"FIP=55667788 FDP=99aabbcc FOP=123"

x87_case "x87.pointers.fldenv.selectors", "SDM 2A, FLDENV", "FLDENV loads FCS and FDS"
	needs	"!amd fcs_fds"
	before	"[90]=user_cs [98]=user_ds [80]=037f [88]=ffff [8c]=55667788 [92]=0123 [94]=99aabbcc"
	fldenv	[DATA + 0x80]
	after	"FCS=user_cs FDS=user_ds FIP=55667788 FDP=99aabbcc FOP=123"

x87_case "x87.pointers.fldenv.reserved", "SDM 1 figure 8-9", "FLDENV ignores the reserved halves"
	before	"[80]=ffff0f7f [84]=ffff2000 [88]=ffffffff [98]=ffff0000"
	fldenv	[DATA + 0x80]
	after	"FCW=0f7f FSW=2000"

x87_case "x87.pointers.fldenv.pending", "SDM 2A, FLDENV", "an unmasked flag in the image becomes a pending exception"
	before	"[80]=037b [84]=8084 [88]=ffff"
	fldenv	[DATA + 0x80]
	nop
	mark	wait
	fwait
	ends	"#MF@wait"
	after	"FCW=037b FSW=8084"

x87_case "x87.pointers.fldenv16", "SDM 1 figure 8-11", "the 16-bit form of FLDENV"
	needs	"!amd"
	before	"[80]=0b7f [82]=1800 [84]=0fff [86]=7788 [8a]=bbcc"
	o16 fldenv [DATA + 0x80]
	o16 fnstenv [ENVIRONMENT]
	after	"FCW=0b7f FSW=1800 FTW=c0 [40]=0b7f [42]=1800 [44]=5fff [46]=7788 [48]=0000 [4a]=bbcc [4c]=0000"

x87_case "x87.pointers.frstor", "SDM 2A, FRSTOR", "FRSTOR loads all that FNSAVE has stored"
	needs	"!amd"
	before	"[80]=0e7f [84]=2b00 [88]=f7ff [8c]=55667788 [92]=0123 [94]=99aabbcc"
	before	"[9c]=7fff_8000000000000001 [a6]=c000_c90fdaa22168c235 [b0]=0000_8000000000000001 [ba]=3fff_4000000000000000"
	before	"[c4]=7fff_4000000000000000 [ce]=8000_0000000000000000 [d8]=ffff_8000000000000000 [e2]=1234_ffffffffffffffff"
	frstor	[DATA + 0x80]
	nop
	fnsave	[ENVIRONMENT + 0x100]
	frstor	[ENVIRONMENT + 0x100]
	after	"FCW=0e7f FSW=2b00 FTW=20 FIP=55667788 FDP=99aabbcc FOP=123"
	after	"ST0=7fff_8000000000000001 ST1=c000_c90fdaa22168c235 ST2=0000_8000000000000001 ST3=3fff_4000000000000000"
	after	"ST4=7fff_4000000000000000 ST5=8000_0000000000000000 ST6=ffff_8000000000000000 ST7=1234_ffffffffffffffff"
	after	"[140]=0e7f [144]=2b00 [148]=fbff [14c]=55667788 [150]=0000 [152]=0123 [154]=99aabbcc [158]=0000"
	after	"[142:2]=? [146:2]=? [14a:2]=? [15a:2]=?"
	after	"[15c]=7fff_8000000000000001 [166]=c000_c90fdaa22168c235 [170]=0000_8000000000000001 [17a]=3fff_4000000000000000"
	after	"[184]=7fff_4000000000000000 [18e]=8000_0000000000000000 [198]=ffff_8000000000000000 [1a2]=1234_ffffffffffffffff"

x87_case "x87.pointers.frstor16", "SDM 1 figure 8-11", "the 16-bit form of FRSTOR has its registers behind 14 bytes"
	before	"[80]=0e7f [82]=3000 [84]=4fff [8e]=7fff_8000000000000001 [98]=0000_0000000000000001"
	o16 frstor [DATA + 0x80]
	after	"FCW=0e7f FSW=3000 FTW=c0 ST0=7fff_8000000000000001 ST1=0000_0000000000000001"

x87_case "x87.pointers.fxrstor", "SDM 2A, FXRSTOR", "FXRSTOR loads all that FXSAVE has stored"
	needs	"!amd fxsr"
	before	"[80]=0e7f [82]=2b00 [84]=20 [86]=0123 [88]=55667788 [90]=99aabbcc [98]=1f80"
	before	"[a0]=7fff_8000000000000001 [b0]=c000_c90fdaa22168c235 [110]=1234_ffffffffffffffff"
	fxrstor	[DATA + 0x80]
	fnstenv	[ENVIRONMENT]
	after	"FCW=0e7f FSW=2b00 FTW=20 FIP=55667788 FDP=99aabbcc FOP=123"
	after	"ST0=7fff_8000000000000001 ST1=c000_c90fdaa22168c235 ST7=1234_ffffffffffffffff"
	after	"[40]=0e7f [44]=2b00 [48]=fbff [4c]=55667788 [50]=0000 [52]=0123 [54]=99aabbcc [58]=0000"
	after	ENVIRONMENT_RESERVED

x87_case "x87.pointers.fxrstor.pending", "APM 5, FXRSTOR", "with an exception pending, FXRSTOR loads the pointers on all CPUs"
	needs	"fxsr"
	before	"[80]=037b [82]=8084 [86]=0123 [88]=55667788 [90]=99aabbcc [98]=1f80"
	fxrstor	[DATA + 0x80]
	fnstenv	[ENVIRONMENT]
	after	"FCW=037f FSW=0004 [40]=037b [44]=8084 [48]=ffff"
	after	"[4c]=55667788 [50]=0000 [52]=0123 [54]=99aabbcc [58]=0000"
	after	ENVIRONMENT_RESERVED

; FXSAVE leaves the FPU as it is, FNSAVE does not (SDM 1 §10.5.1; the cases of x87.tags.fnsave show the other half).
x87_case "x87.pointers.fxsave.leaves", "SDM 1 §10.5.1", "FXSAVE stores the state and leaves it in the FPU"
	needs	"fxsr"
	before	"FCW=0e7f FSW=2b41 FTW=20 ST0=7fff_8000000000000001 ST1=c000_c90fdaa22168c235 ST7=1234_ffffffffffffffff"
	fxsave	[FXSAVE_AREA]
	after	"[200]=0e7f [202]=2b41 [204]=20 [220]=7fff_8000000000000001 [230]=c000_c90fdaa22168c235"
	after	"[290]=1234_ffffffffffffffff"
	after	FXSAVE_POINTERS
	fxsave_reserved

x87_case "x87.pointers.fnsave.initialises", "SDM 2A, FSAVE", "FNSAVE stores the state and initialises the FPU"
	before	"FCW=0e7f FSW=2b41 FTW=20 ST0=7fff_8000000000000001 ST1=c000_c90fdaa22168c235 ST7=1234_ffffffffffffffff"
	fnsave	[ENVIRONMENT]
	after	"[40]=0e7f [44]=2b41 [48]=fbff [5c]=7fff_8000000000000001 [66]=c000_c90fdaa22168c235"
	after	"[a2]=1234_ffffffffffffffff FCW=037f FSW=0 FTW=0 ST0=0 ST1=0 ST7=0 FIP=0 FDP=0 FOP=0"
	after	"ST5=7fff_8000000000000001 ST6=c000_c90fdaa22168c235 ST4=1234_ffffffffffffffff"
	after	ENVIRONMENT_RESERVED
	after	ENVIRONMENT_POINTERS

; --- What sets them: the last non-control instruction ---

; sets_one NAME, FOP, NEEDS, FDP AFTER, {INSTRUCTION}, AFTER: seen in the record, and by FNSTENV
; FDP is "?" for an instruction without a memory operand.
%macro sets_one 6
	%strcat x87_name "x87.pointers.set.", %1
	x87_case x87_name, "SDM 1 §8.1.8", "a non-control instruction sets FIP, and FDP to its memory operand"
	join	needs, "!amd ", %3
	join	before, "FIP=12345678 FDP=9abcdef0 FOP=", %2, " FTW=03 ST0=4000_8000000000000000 ST1=3fff_8000000000000000"
	before	"[10]=3f800000"
	nop
	mark	it
	%5
	nop
	after	%6
	undefined_c023
	join	after, "FIP=@it FOP=", %2, " FDP=", %4

	%strcat x87_name "x87.pointers.fnstenv.", %1
	x87_case x87_name, "SDM 1 §8.1.8", "FNSTENV stores where the last non-control instruction was"
	join	needs, "!amd ", %3
	join	before, "FIP=12345678 FDP=9abcdef0 FOP=", %2, " FTW=03 ST0=4000_8000000000000000 ST1=3fff_8000000000000000"
	before	"[10]=3f800000"
	nop
	mark	it
	%5
	fnstenv	[ENVIRONMENT]
	after	%6
	undefined_c023
	join	after, "[40]=037f [44:2]=? [48:2]=? [4c]=@it [50:2]=? [52]=0", %2, " [54:4]=? [58:2]=?"
	after	ENVIRONMENT_RESERVED
	%ifnidn %4, "?"
		join	after, "[54]=", %4
	%endif

	%strcat x87_name "x87.pointers.fnsave.", %1
	x87_case x87_name, "SDM 1 §8.1.8", "FNSAVE stores where the last non-control instruction was, and clears the pointers"
	join	needs, "!amd ", %3
	join	before, "FIP=12345678 FDP=9abcdef0 FOP=", %2, " FTW=03 ST0=4000_8000000000000000 ST1=3fff_8000000000000000"
	before	"[10]=3f800000"
	nop
	mark	it
	%5
	fnsave	[ENVIRONMENT]
	after	%6
	after	"FSW=0 FTW=0 ST0=? ST1=? ST2=? ST3=? ST4=? ST5=? ST6=? ST7=? FIP=0 FDP=0 FCS=0 FDS=0 FOP=0"
	join	after, "[40]=037f [44:2]=? [48:2]=? [4c]=@it [50:2]=? [52]=0", %2, " [54:4]=? [58:2]=? [5c:50]=?"
	after	ENVIRONMENT_RESERVED
	%ifnidn %4, "?"
		join	after, "[54]=", %4
	%endif

	%strcat x87_name "x87.pointers.fxsave.", %1
	x87_case x87_name, "SDM 1 §8.1.8", "FXSAVE stores where the last non-control instruction was"
	join	needs, "fxsr !amd ", %3
	join	before, "FIP=12345678 FDP=9abcdef0 FOP=", %2, " FTW=03 ST0=4000_8000000000000000 ST1=3fff_8000000000000000"
	before	"[10]=3f800000"
	nop
	mark	it
	%5
	fxsave	[FXSAVE_AREA]
	after	%6
	undefined_c023
	join	after, "[200]=037f [202:2]=? [204:1]=? [206]=0", %2, " [208]=@it [20c:2]=? [210:4]=? [214:2]=? [220:80]=?"
	fxsave_reserved
	%ifnidn %4, "?"
		join	after, "[210]=", %4
	%endif
%endmacro

; sets NAME, FOP, OPERAND, {INSTRUCTION}, AFTER: an instruction with a memory operand. Where FDP is not always updated, it
; must stay as it was.
%macro sets 5
	sets_one %1, %2, "fdp_always", %3, {%4}, %5
	%strcat sets_name %1, ".fdp_kept"
	sets_one sets_name, %2, "!fdp_always", "9abcdef0", {%4}, %5
%endmacro

; sets_no_memory NAME, FOP, {INSTRUCTION}, AFTER
%macro sets_no_memory 4
	sets_one %1, %2, "", "?", {%3}, %4
%endmacro

sets	"fld32", "105", "data+10", {fld dword [DATA + 0x10]}, \
	"FSW.TOP=7 FTW=83 ST0=3fff_8000000000000000 ST1=4000_8000000000000000 ST2=3fff_8000000000000000"
sets	"fld80", "32d", "data+20", {fld tword [DATA + 0x20]}, \
	"FSW.TOP=7 FTW=83 ST0=0 ST1=4000_8000000000000000 ST2=3fff_8000000000000000"
sets	"fild16", "705", "data+20", {fild word [DATA + 0x20]}, \
	"FSW.TOP=7 FTW=83 ST0=0 ST1=4000_8000000000000000 ST2=3fff_8000000000000000"
sets	"fadd32", "005", "data+10", {fadd dword [DATA + 0x10]}, "ST0=4000_c000000000000000"
sets	"fiadd16", "605", "data+20", {fiadd word [DATA + 0x20]}, ""
sets	"fcom64", "415", "data+20", {fcom qword [DATA + 0x20]}, ""
sets	"fst32", "115", "data+30", {fst dword [DATA + 0x30]}, "[30]=40000000"
sets	"fistp32", "31d", "data+30", {fistp dword [DATA + 0x30]}, "[30]=00000002 FSW.TOP=1 FTW=02 ST0=3fff_8000000000000000 ST1=0 ST7=4000_8000000000000000"
sets_no_memory "fadd", "0c1", {fadd st0, st1}, "ST0=4000_c000000000000000"
sets_no_memory "fsqrt", "1fa", {fsqrt}, "ST0=3fff_b504f333f9de6484 FSW.PE=1"
sets_no_memory "fxch", "1c9", {fxch st1}, "ST0=3fff_8000000000000000 ST1=4000_8000000000000000"
sets_no_memory "fld1", "1e8", {fld1}, \
	"FSW.TOP=7 FTW=83 ST0=3fff_8000000000000000 ST1=4000_8000000000000000 ST2=3fff_8000000000000000"
sets_no_memory "fcompp", "6d9", {fcompp}, \
	"FSW.TOP=2 FTW=00 ST0=0 ST1=0 ST6=4000_8000000000000000 ST7=3fff_8000000000000000"

x87_case "x87.pointers.set.selectors", "SDM 1 §8.1.8", "FCS and FDS are those of the instruction and of its operand"
	needs	"!amd fcs_fds fdp_always"
	before	"FOP=105 FCS=tls1 FDS=tls2"
	mark	it
	fld	dword [DATA + 0x10]
	fnstenv	[ENVIRONMENT]
	after	"FSW.TOP=7 FTW=80 FIP=@it FDP=data+10 FCS=user_cs FDS=user_ds"
	after	"[40]=037f [44:2]=? [48]=7fff [48:2]=? [4c]=@it [58]=user_ds [54]=data+10 [50]=user_cs [52]=0105"
	after	ENVIRONMENT_RESERVED
	undefined_c023

; FCS and FDS, too, in everything that stores them; FCS and FDS of before are others' (tls1, tls2).

; in_store NAME, STORE, its name in capitals, NEEDS, BEFORE, FOP, {INSTRUCTION}: up to the store.
%macro in_store 7
	%strcat x87_name "x87.pointers.stored.", %1, ".", %2
	%strcat x87_proves "what ", %3, " stores behind it"
	x87_case x87_name, "SDM 1 §8.1.8", x87_proves
	join	needs, "!amd ", %4
	join	before, "FIP=12345678 FCS=tls1 FDP=9abcdef0 FDS=tls2 FOP=", %6, " ", %5
	nop
	mark	it
	%7
%endmacro

; An environment that FNSTENV or FNSAVE has stored: FOP, FIP, FCS, FDP, FDS.
%macro environment_has 5
	join	after, "[40:2]=? [44:2]=? [48:2]=? [4c]=", %2, " [50]=", %3, " [52]=0", %1, " [54]=", %4, " [58]=", %5
	after	ENVIRONMENT_RESERVED
%endmacro

; in_stores NAME, NEEDS, BEFORE, {INSTRUCTION}, AFTER, FOP, FIP, FCS, FDP, FDS: what each of the three stores then.
%macro in_stores 10
	in_store %1, "fnstenv", "FNSTENV", %2, %3, %6, {%4}
	fnstenv	[ENVIRONMENT]
	after	%5
	undefined_c023
	environment_has %{6:10}

	in_store %1, "fnsave", "FNSAVE", %2, %3, %6, {%4}
	fnsave	[ENVIRONMENT]
	after	"FCW=037f FSW=0 FTW=0 ST0=? ST1=? ST7=?"
	environment_has %{6:10}
	after	"[5c:50]=?"

	%strcat x87_needs "fxsr ", %2
	in_store %1, "fxsave", "FXSAVE", x87_needs, %3, %6, {%4}
	fxsave	[FXSAVE_AREA]
	after	%5
	join	after, "[200:2]=? [202:2]=? [204:1]=? [206]=0", %6, " [208]=", %7, " [20c]=", %8, " [210]=", %9, " [214]=", %10
	after	"[220:80]=?"
	fxsave_reserved
%endmacro

in_stores "load", "fcs_fds fdp_always", "[10]=3f800000", {fld dword [DATA + 0x10]}, \
	"FSW.TOP=7 FTW=80 ST0=3fff_8000000000000000", "105", "@it", "user_cs", "data+10", "user_ds"
in_stores "arithmetic", "fcs_fds fdp_always", "[10]=3f800000 FTW=01 ST0=3fff_8000000000000000", \
	{fadd dword [DATA + 0x10]}, "ST0=4000_8000000000000000", "005", "@it", "user_cs", "data+10", "user_ds"
in_stores "control", "fcs_fds", "[10]=0f7f", {fldcw [DATA + 0x10]}, "FCW=0f7f", "321", "12345678", "tls1", "9abcdef0", "tls2"
in_stores "control.deprecated", "!fcs_fds", "[10]=0f7f", {fldcw [DATA + 0x10]}, "FCW=0f7f", "321", "12345678", "0000", \
	"9abcdef0", "0000"

x87_case "x87.pointers.unmasked.selectors", "SDM 1 §8.1.8", "FCS and FDS of a pending exception, on AMD's CPUs, too"
	needs	"fcs_fds"
	before	"FCW=037b FCS=tls1 FDS=tls2 FTW=01 ST0=bfff_8000000000000000"
	nop
	mark	it
	fdiv	dword [DATA + 0x10]
	nop
	mark	wait
	fwait
	ends	"#MF@wait"
	after	"FSW=8084 FSW.C1=? FIP=@it FCS=user_cs FDP=data+10 FDS=user_ds"
	undefined_c023

; FIP is the address of the first prefix (§8.1.8), FOP leaves all prefixes out (§8.1.9), and FDP is an offset: not a linear
; address, which this segment's base shows.
x87_case "x87.pointers.set.segment", "SDM 1 §8.1.8", "FIP points to the prefix; FDP is the offset in its segment"
	needs	"!amd fdp_always"
	tls	0, DATA, 0xfff, SEG_DATA, SEG_32
	before	"fs=tls0 FOP=105 [10]=3f800000"
	nop
	mark	it
	fld	dword [fs:0x10]
	after	"FSW.TOP=7 FTW=80 ST0=3fff_8000000000000000 FIP=@it FDP=10 FOP=105"
	undefined_c023
x87_case "x87.pointers.set.segment.fds", "SDM 1 §8.1.8", "FDS is the selector of the segment that was used"
	needs	"!amd fdp_always fcs_fds"
	tls	0, DATA, 0xfff, SEG_DATA, SEG_32
	before	"fs=tls0 FOP=105 [10]=3f800000"
	nop
	mark	it
	fld	dword [fs:0x10]
	after	"FSW.TOP=7 FTW=80 ST0=3fff_8000000000000000 FIP=@it FDP=10 FDS=tls0 FCS=user_cs"
	undefined_c023

; --- An unmasked exception sets all of them, on every CPU, and while it is pending all CPUs save them ---

; raises NAME, FCW, FSW, FOP, FDP AFTER, {INSTRUCTION}
%macro raises 6
	%strcat x87_name "x87.pointers.unmasked.", %1
	x87_case x87_name, "SDM 1 §8.1.9", "an unmasked exception: FIP, FDP and FOP are the instruction's"
	join	before, "FCW=", %2, " FIP=12345678 FDP=9abcdef0 FOP=321 FTW=01 ST0=bfff_8000000000000000 [14]=7f800001"
	nop
	mark	it
	%6
	nop
	mark	wait
	fwait
	ends	"#MF@wait"
	join	after, "FSW=", %3, " FSW.C1=? FIP=@it FOP=", %4, " FDP=", %5
	undefined_c023

	%strcat x87_name "x87.pointers.unmasked.", %1, ".fnstenv"
	x87_case x87_name, "SDM 1 §8.1.9", "FNSTENV, FNSTSW and the like show the pointers of a pending exception, and leave them"
	join	before, "FCW=", %2, " FIP=12345678 FDP=9abcdef0 FOP=321 FTW=01 ST0=bfff_8000000000000000 [14]=7f800001"
	nop
	mark	it
	%6
	fnstcw	[DATA + 0x100]
	fnstsw	[DATA + 0x102]
	fnstenv	[ENVIRONMENT]
	join	after, "FCW=", %2, " FCW.IM=1 FCW.ZM=1 FCW.OM=1 FCW.DM=1 FSW=", %3, " FSW.ES=0 FSW.B=0 FSW.C1=?"
	join	after, "[100]=", %2, " [102:2]=? [40]=", %2, " [44:2]=? [48:2]=? [4c]=@it [50:2]=? [52]=0", %4, " [54:4]=? [58:2]=?"
	after	ENVIRONMENT_RESERVED
	%ifnidn %5, "?"
		join	after, "[54]=", %5
	%endif
	undefined_c023

	%strcat x87_name "x87.pointers.unmasked.", %1, ".fxsave"
	x87_case x87_name, "SDM 1 §8.1.9", "FXSAVE stores the pointers of a pending exception, and leaves it pending"
	needs	"fxsr"
	join	before, "FCW=", %2, " FIP=12345678 FDP=9abcdef0 FOP=321 FTW=01 ST0=bfff_8000000000000000 [14]=7f800001"
	nop
	mark	it
	%6
	fxsave	[FXSAVE_AREA]
	join	after, "FSW=", %3, " FSW.C1=? FIP=@it FOP=", %4, " FDP=", %5
	join	after, "[200]=", %2, " [202:2]=? [204]=01 [206]=0", %4, " [208]=@it [20c:2]=? [210:4]=? [214:2]=?"
	after	"[220]=bfff8000000000000000"
	fxsave_reserved
	%ifnidn %5, "?"
		join	after, "[210]=", %5
	%endif
	undefined_c023
%endmacro

raises	"fdiv32", "037b", "8084", "035", "data+10", {fdiv dword [DATA + 0x10]}
raises	"fidiv16", "037b", "8084", "635", "data+10", {fidiv word [DATA + 0x10]}
raises	"fdivr", "037e", "80c1", "0f9", "?", {fdivr st0, st1}
raises	"fsqrt", "037e", "8081", "1fa", "?", {fsqrt}
raises	"fld32", "037e", "8081", "105", "data+14", {fld dword [DATA + 0x14]}
raises	"fcom32", "037e", "8081", "015", "data+14", {fcom dword [DATA + 0x14]}

x87_case "x87.pointers.unmasked.masked_one", "SDM 1 §8.1.8", "a masked exception is none: FDP follows the rule of all others"
	needs	"!amd !fdp_always"
	before	"FIP=12345678 FDP=9abcdef0 FOP=035 FTW=01 ST0=bfff_8000000000000000"
	nop
	mark	it
	fdiv	dword [DATA + 0x10]
	after	"FSW.ZE=1 ST0=ffff_8000000000000000 FIP=@it FDP=9abcdef0"
	undefined_c023

; --- What leaves them: the control instructions (SDM 1 §8.1.8) ---

; keeps NAME, {INSTRUCTION}
%macro keeps 2
	%strcat x87_name "x87.pointers.kept.", %1
	x87_case x87_name, "SDM 1 §8.1.8", "a control instruction leaves the pointers alone"
	needs	"!amd"
	pointers_before
	%2
	pointers_after
%endmacro

keeps	"fldcw", {fldcw [DATA + 0x10]}
	before	"[10]=0f7f"
	after	"FCW=0f7f"
keeps	"fnstcw", {fnstcw [DATA + 0x10]}
	after	"[10]=037f"
keeps	"fstcw", {fstcw [DATA + 0x10]}
	after	"[10]=037f"
keeps	"fnstsw", {fnstsw [DATA + 0x10]}
	after	"[10]=0000"
keeps	"fnstsw_ax", {fnstsw ax}
	after	"eax=a0a10000"
keeps	"fnclex", {fnclex}
	before	"FSW=007f"
	after	"FSW=0 FSW.C1=?"
	undefined_c023
keeps	"fwait", {fwait}
keeps	"fnstenv", {fnstenv [ENVIRONMENT]}
	after	"[40]=037f [48]=ffff"
	after	STORED
	after	"[50]=0000 [58]=0000"
	after	ENVIRONMENT_RESERVED
keeps	"integers", {mov eax, [DATA]}
	after	"eax=0"
keeps	"mf", {fwait}				; and #MF itself
	before	"FCW=037b FSW=8084"
	mark	behind
	ends	"#MF@behind-1"

; FNINIT and FNSAVE clear them.
x87_case "x87.pointers.cleared.fninit", "SDM 2A, FINIT", "FNINIT clears the pointers"
	needs	"!amd"
	pointers_before
	fninit
	after	"FIP=0 FDP=0 FCS=0 FDS=0 FOP=0"
x87_case "x87.pointers.cleared.fnsave", "SDM 2A, FSAVE", "FNSAVE clears the pointers"
	needs	"!amd"
	pointers_before
	fnsave	[ENVIRONMENT]
	after	"[40]=037f [48]=ffff FIP=0 FDP=0 FCS=0 FDS=0 FOP=0"
	after	STORED
	after	"[50]=0000 [58]=0000"
	after	ENVIRONMENT_RESERVED

; --- Nobody else's (the class of CVE-2006-1056) ---
; AMD's CPUs leave the pointers alone in FXRSTOR and XRSTOR while no exception is pending, so that a task would read where
; another one's last FPU instruction was, unless the kernel puts something harmless there. These are the scribbler's:

%define SCRIBBLER 0x20000000
%define SCRIBBLER_DATA 0x10002f10

; EDX: 1 where FIP, 100H where FDP is the other task's
%macro judge_pointers 2
	mov	eax, [%1]
	and	eax, 0xfffff000
	cmp	eax, SCRIBBLER
	sete	dl
	cmp	dword [%2], SCRIBBLER_DATA
	sete	dh
	cmp	esp, esp
	after	"eax=? edx=d0d10000 eflags.ZF=1 eflags.PF=1"
%endmacro

x87_case "x87.pointers.leak.fnstenv", "APM 2 §11.4.4", "FNSTENV shows no other task's pointers"
	fnstenv	[ENVIRONMENT]
	judge_pointers ENVIRONMENT + 0xc, ENVIRONMENT + 0x14
	after	"[40]=037f [44]=0000 [48]=ffff"
	after	ENVIRONMENT_RESERVED
	after	ENVIRONMENT_POINTERS
x87_case "x87.pointers.leak.fnsave", "APM 2 §11.4.4", "FNSAVE shows no other task's pointers"
	fnsave	[ENVIRONMENT]
	judge_pointers ENVIRONMENT + 0xc, ENVIRONMENT + 0x14
	after	"[40]=037f [44]=0000 [48]=ffff"
	after	ENVIRONMENT_RESERVED
	after	ENVIRONMENT_POINTERS
x87_case "x87.pointers.leak.fxsave", "APM 2 §11.4.4", "FXSAVE shows no other task's pointers"
	needs	"fxsr"
	fxsave	[FXSAVE_AREA]
	judge_pointers FXSAVE_AREA + 8, FXSAVE_AREA + 16
	after	"[200]=037f"
	after	FXSAVE_POINTERS
	fxsave_reserved
; A task that has used the FPU itself, and has no exception pending
x87_case "x87.pointers.leak.used", "APM 2 §11.4.4", "FNSTENV shows no other task's pointers to a task with FPU state"
	before	"FTW=81 FSW=3800 ST0=3fff_8000000000000000 ST1=7fff_c000000000000000"
	fnstenv	[ENVIRONMENT]
	judge_pointers ENVIRONMENT + 0xc, ENVIRONMENT + 0x14
	after	"[40]=037f [44]=3800 [48]=3ffe"
	after	ENVIRONMENT_RESERVED
	after	ENVIRONMENT_POINTERS
; and one with masked flags set, which are no pending exception
x87_case "x87.pointers.leak.flags", "APM 2 §11.4.4", "FNSTENV shows no other task's pointers to a task with flags set"
	before	"FSW=003f"
	fnstenv	[ENVIRONMENT]
	judge_pointers ENVIRONMENT + 0xc, ENVIRONMENT + 0x14
	after	"[40]=037f [44]=003f [48]=ffff"
	after	ENVIRONMENT_RESERVED
	after	ENVIRONMENT_POINTERS

end_cases
