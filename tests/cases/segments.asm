; SPDX-License-Identifier: GPL-2.0-only
;
; Segments and TLS. A segment register has a part that can be read, the selector, and a hidden part: base, limit and
; attributes, as the descriptor had them at the load (SDM 3 §3.4.3). A save area holds the selector alone. So the
; hidden part must come back by loading the selector again, with the task's own descriptors in place: whoever loads
; fs before the TLS slots gives a task its neighbour's base, and nothing shows it but an access.
;
; Descriptors here have the accessed bit, unless the case is about that: the processor sets it in memory at a load.

%include "case.inc"

%define RW	SEG_DATA | 1
%define RO	SEG_DATA_RO | 1
%define DOWN	SEG_DATA_DOWN | 1
%define DOWN_RO	SEG_DATA_DOWN_RO | 1
%define CODE_RX	SEG_CODE | 1
%define CODE_XO	SEG_CODE_XO | 1
%define CODE_CO	SEG_CODE_CONFORMING | 1
%define CODE_CO_XO 0xfd

; every MACRO, ARGUMENT...: MACRO fs, ARGUMENT... and so on for each register that may hold any data segment
%macro every 1-*
	%if %0 = 1
		%1 fs
		%1 gs
		%1 ds
		%1 es
	%else
		%1 fs, %{2:-1}
		%1 gs, %{2:-1}
		%1 ds, %{2:-1}
		%1 es, %{2:-1}
	%endif
%endmacro

; name PART..., state PART..., result PART...: strings, register names and numbers, joined with nothing between
; them, as the_name, the_state and the_result
%macro join 1-*
	%define joined ""
	%rep %0
		%ifstr %1
			%strcat joined joined, %1
		%else
			%defstr %%part %1
			%strcat joined joined, %%part
		%endif
		%rotate 1
	%endrep
%endmacro
%macro name 1-*
	join %{1:-1}
	%xdefine the_name joined
%endmacro
%macro state 1-*
	join %{1:-1}
	%xdefine the_state joined
%endmacro
%macro result 1-*
	join %{1:-1}
	%xdefine the_result joined
%endmacro

; --- base and limit ---

; Every slot through every register: the base is added on reads and on writes.
%macro base_case 2			; register, slot
	name	"segments.base.", %1, ".tls", %2
	state	"eax=tls", %2, " [104]=22222222 [204]=33333333 [304]=44444444"
	result	%1, "=tls", %2, " ecx=", %eval(%2 + 2), %eval(%2 + 2), %eval(%2 + 2), %eval(%2 + 2), \
		%eval(%2 + 2), %eval(%2 + 2), %eval(%2 + 2), %eval(%2 + 2), " [", %eval(%2 + 1), "08]=d0d1d2d3"
	case	the_name, "SDM 3 §3.4.3", "a slot's base is where the register's segment begins"
	tls	%2, DATA + 0x100 * (%2 + 1), 0xff, RW, SEG_32
	before	the_state
	mov	%1, eax
	mov	ecx, [%1:4]
	mov	[%1:8], edx
	after	the_result
%endmacro

; The same, loaded by restart and not by the case: nothing but the way back from the save area loads the hidden part.
%macro restarted_case 2
	name	"segments.restarted.", %1, ".tls", %2
	state	%1, "=tls", %2, " [104]=22222222 [204]=33333333 [304]=44444444"
	result	"[", %eval(%2 + 1), "08]=d0d1d2d3"
	case	the_name, "SDM 3 §3.4.3", "a selector that comes out of a save area brings its base along"
	tls	%2, DATA + 0x100 * (%2 + 1), 0xff, RW, SEG_32
	before	the_state
	mov	[%1:8], edx
	cmp	dword [%1:4], 0x11111111 * (%2 + 2)
	after	the_result
	after	"eflags=246"
%endmacro

; One access through a register that holds a slot, and what differs after it; "#GP": it is refused.
%macro access_case 12			; register, slot, name, manual, proves, base, limit, access, flags, before, after or "#GP", instruction
	state	%1, "=tls", %2, %10
	case	%3, %4, %5
	tls	%2, %6, %7, %8, %9
	before	the_state
	mark	bad
	%12
	%ifidn	%11, "#GP"
	ends	"#GP(0)@bad"
	%else
	after	%11
	%endif
%endmacro

; The last byte that the limit lets in, and the first that it does not. The fault comes before anything is written.
%macro limit_case 2
	name	"segments.limit.byte.", %1, ".tls", %2, ".last"
	access_case %1, %2, the_name, "SDM 3 §3.4.5", "the byte at the limit is in the segment", DATA, 0x1e, RW, SEG_32, \
		"", "[1e]=d3", {mov [%1:0x1e], dl}
	name	"segments.limit.byte.", %1, ".tls", %2, ".out"
	access_case %1, %2, the_name, "SDM 3 §5.3", "the byte behind the limit is not: #GP(0)", DATA, 0x1e, RW, SEG_32, \
		"", "#GP", {mov [%1:0x1f], dl}
%endmacro

; With G = 1 the limit counts pages, and the low twelve bits of an offset are not looked at. The page behind is there:
; only the limit can stop the access.
%macro page_case 2
	name	"segments.limit.page.", %1, ".tls", %2, ".last"
	access_case %1, %2, the_name, "SDM 3 §3.4.5", "a limit of 0 pages is one whole page", DATA, 0, RW, SEG_32_PAGES, \
		"", "[ffc]=d0d1d2d3", {mov [%1:0xffc], edx}
	name	"segments.limit.page.", %1, ".tls", %2, ".out"
	access_case %1, %2, the_name, "SDM 3 §5.3", "the first byte of the next page is out", DATA, 0, RW, SEG_32_PAGES, \
		"", "#GP", {mov [%1:0x1000], dl}
%endmacro

; Expand-down, with both upper ends (more of it below, by fs).
%macro down_case 2
	name	"segments.down.32.", %1, ".tls", %2, ".first"
	access_case %1, %2, the_name, "SDM 3 §5.3", "the byte above an expand-down limit is in", DATA - 0x1000, 0xfff, DOWN, \
		SEG_32, "", "[0]=d3", {mov [%1:0x1000], dl}
	name	"segments.down.32.", %1, ".tls", %2, ".out"
	access_case %1, %2, the_name, "SDM 3 §5.3", "the byte at an expand-down limit is out", DATA, 0xf, DOWN, SEG_32, \
		"", "#GP", {mov [%1:0xf], dl}
	name	"segments.down.16.", %1, ".tls", %2, ".top"
	access_case %1, %2, the_name, "SDM 3 §5.3", "B = 0: the upper end is FFFF", DATA - 0xf000, 0x7fff, DOWN, SEG_16, \
		"", "[ffc]=d0d1d2d3", {mov [%1:0xfffc], edx}
	name	"segments.down.16.", %1, ".tls", %2, ".beyond"
	access_case %1, %2, the_name, "SDM 3 §5.3", "B = 0: offset 10000 is out", DATA - 0xf000, 0x7fff, DOWN, SEG_16, \
		"", "#GP", {mov [%1:0x10000], dl}
%endmacro

%assign slot 0
%rep 3
	every	base_case, slot
	every	restarted_case, slot
	every	limit_case, slot
	every	page_case, slot
	every	down_case, slot
%assign slot slot + 1
%endrep

%macro fs_case 9			; name, manual, proves, base, limit, access, flags, after or "#GP", instruction
	name	"segments.", %1
	access_case fs, 2, the_name, %2, %3, %4, %5, %6, %7, " [8]=66667777 [ff8]=88889999", %8, {%9}
%endmacro

fs_case	"limit.mega.last", "SDM 3 §3.4.5", "all 20 bits of a limit in bytes count", DATA - 0xff000, 0xfffff, RW, \
	SEG_32, "[ffc]=d0d1d2d3", {mov [fs:0xffffc], edx}
fs_case	"limit.mega.out", "SDM 3 §5.3", "1 MiB in bytes ends there", DATA - 0xff000, 0xfffff, RW, SEG_32, \
	"#GP", {mov [fs:0x100000], dl}
fs_case	"limit.pages.last", "SDM 3 §3.4.5", "a limit of n pages", DATA - 0x12345000, 0x12345, RW, SEG_32_PAGES, \
	"[ffc]=d0d1d2d3", {mov [fs:0x12345ffc], edx}
fs_case	"limit.pages.out", "SDM 3 §5.3", "n pages end there", DATA - 0x12345000, 0x12345, RW, SEG_32_PAGES, \
	"#GP", {mov [fs:0x12346000], dl}
fs_case	"limit.read.out", "SDM 3 §5.3", "reads are held to the limit, too", DATA, 0x1f, RW, SEG_32, \
	"#GP", {mov cl, [fs:0x20]}
fs_case	"limit.straddle.word", "SDM 3 §5.3", "a word half behind the limit is out", DATA, 0x1f, RW, SEG_32, \
	"#GP", {mov [fs:0x1f], dx}
fs_case	"limit.straddle.dword", "SDM 3 §5.3", "a doubleword partly behind the limit is out", DATA, 0x1f, RW, SEG_32, \
	"#GP", {mov [fs:0x1d], edx}
fs_case	"limit.word.last", "SDM 3 §5.3", "a word that ends at the limit is in", DATA, 0x1f, RW, SEG_32, \
	"[1e]=d2d3", {mov [fs:0x1e], dx}
fs_case	"limit.dword.last", "SDM 3 §5.3", "a doubleword that ends at the limit is in", DATA, 0x1f, RW, SEG_32, \
	"[1c]=d0d1d2d3", {mov [fs:0x1c], edx}
fs_case	"limit.modify.out", "SDM 3 §5.3", "read-modify-write behind the limit", DATA, 0x1f, RW, SEG_32, \
	"#GP", {inc byte [fs:0x20]}
fs_case	"limit.address.wrap", "SDM 3 §3.3.1", "base plus offset is taken modulo 4 GiB", DATA + 0x10, 0xfffff, RW, \
	SEG_32_PAGES, "ecx=66667777", {mov ecx, [fs:0xfffffff8]}
fs_case	"limit.16bit", "SDM 3 §3.4.5", "D/B of a data segment does not cut off offsets", DATA - 0x20000, 0xfffff, RW, \
	SEG_16, "[c]=d0d1d2d3", {mov [fs:0x2000c], edx}
fs_case	"limit.16bit.pages", "SDM 3 §3.4.5", "nor with a limit in pages", DATA - 0x120000, 0xfffff, RW, SEG_16_PAGES, \
	"[c]=d0d1d2d3", {mov [fs:0x12000c], edx}
fs_case	"limit.zero.last", "SDM 3 §3.4.5", "limit 0 is one byte", DATA + 8, 0, RW, SEG_32, \
	"ecx=c0c1c277", {mov cl, [fs:0]}
fs_case	"limit.zero.out", "SDM 3 §5.3", "and no more", DATA + 8, 0, RW, SEG_32, \
	"#GP", {mov cl, [fs:1]}

; Expand-down: what the limit lets in is above it, up to FFFFFFFF, or FFFF where B = 0 (SDM 3 §3.4.5.1, §5.3). An
; implementation that keeps one number for the limit has it the wrong way round, or forgets the upper end.
fs_case	"down.32.zero.out", "SDM 3 §5.3", "and so is offset 0", DATA, 0xf, DOWN, \
	SEG_32, "#GP", {mov cl, [fs:0]}
fs_case	"down.32.straddle", "SDM 3 §5.3", "an access that begins below is out", DATA, 0xf, DOWN, \
	SEG_32, "#GP", {mov [fs:0xe], edx}
fs_case	"down.32.top", "SDM 3 §5.3", "B = 1: the upper end is FFFFFFFF", DATA + 0x10, 0xf, DOWN, \
	SEG_32, "ecx=66667777", {mov ecx, [fs:0xfffffff8]}
fs_case	"down.32.beyond64k", "SDM 3 §5.3", "B = 1: offsets above FFFF are in", DATA - 0x10000, 0xf, DOWN, \
	SEG_32, "ecx=66667777", {mov ecx, [fs:0x10008]}
fs_case	"down.16.first", "SDM 3 §5.3", "B = 0: above the limit is in", DATA - 0xe000, 0xdfff, DOWN, \
	SEG_16, "ecx=66667777", {mov ecx, [fs:0xe008]}
fs_case	"down.16.straddle", "SDM 3 §5.3", "B = 0: an access over FFFF is out", DATA - 0xf000, 0x7fff, DOWN, \
	SEG_16, "#GP", {mov [fs:0xfffe], edx}
fs_case	"down.16.out", "SDM 3 §5.3", "B = 0: the byte at the limit is out", DATA, 0xf, DOWN, \
	SEG_16, "#GP", {mov [fs:0xf], dl}
fs_case	"down.page.first", "SDM 3 §5.3", "a limit of 0 pages: from 1000 on", DATA - 0x1000, 0, DOWN, \
	SEG_32_PAGES, "[0]=d3", {mov [fs:0x1000], dl}
fs_case	"down.page.out", "SDM 3 §5.3", "a limit of 0 pages: FFF is out", DATA, 0, DOWN, \
	SEG_32_PAGES, "#GP", {mov [fs:0xfff], dl}
fs_case	"down.16.page.first", "SDM 3 §5.3", "B = 0, in pages", DATA - 0x1000, 0, DOWN, \
	SEG_16_PAGES, "[0]=d3", {mov [fs:0x1000], dl}
fs_case	"down.16.page.beyond", "SDM 3 §5.3", "B = 0, in pages: offset 10000 is out", DATA - 0x10000, 0, DOWN, \
	SEG_16_PAGES, "#GP", {mov [fs:0x10000], dl}
fs_case	"down.32.empty", "SDM 3 §5.3", "limit FFFFFFFF lets nothing in", DATA + 8, 0xfffff, DOWN, \
	SEG_32_PAGES, "#GP", {mov cl, [fs:0xffffffff]}
fs_case	"down.16.empty", "SDM 3 §5.3", "B = 0, limit FFFF lets nothing in", DATA - 0xf000, 0xffff, DOWN, \
	SEG_16, "#GP", {mov cl, [fs:0xffff]}
fs_case	"down.readonly.read", "SDM 3 §5.5", "expand-down and read-only can be read", DATA, 7, DOWN_RO, \
	SEG_32, "ecx=66667777", {mov ecx, [fs:8]}
fs_case	"down.readonly.write", "SDM 3 §5.5", "expand-down and read-only cannot be written", DATA, 7, DOWN_RO, \
	SEG_32, "#GP", {mov [fs:8], edx}

; --- types ---

fs_case	"readonly.modify", "SDM 3 §5.5", "read-modify-write of a read-only segment", DATA, 0xfff, RO, SEG_32, \
	"#GP", {inc dword [fs:8]}
fs_case	"readonly.compare", "SDM 3 §5.5", "CMP only reads", DATA, 0xfff, RO, SEG_32, \
	"eflags=246", {cmp dword [fs:8], 0x66667777}
fs_case	"readonly.xchg", "SDM 3 §5.5", "XCHG writes", DATA, 0xfff, RO, SEG_32, \
	"#GP", {xchg [fs:8], edx}
fs_case	"code.modify", "SDM 3 §5.5", "a code segment is never written", DATA, 0xfff, CODE_RX, SEG_32, \
	"#GP", {inc dword [fs:8]}

%macro type_case 2
	name	"segments.readonly.", %1, ".tls", %2, ".read"
	access_case %1, %2, the_name, "SDM 3 §5.5", "a read-only segment can be read", DATA, 0xfff, RO, SEG_32, \
		" [8]=66667777", "ecx=66667777", {mov ecx, [%1:8]}
	name	"segments.readonly.", %1, ".tls", %2, ".write"
	access_case %1, %2, the_name, "SDM 3 §5.5", "a read-only segment cannot be written", DATA, 0xfff, RO, SEG_32, \
		" [8]=66667777", "#GP", {mov [%1:8], edx}
	name	"segments.code.", %1, ".tls", %2, ".read"
	access_case %1, %2, the_name, "SDM 3 §5.5", "a readable code segment can be loaded as data, and read", DATA, 0xfff, \
		CODE_RX, SEG_32, " [8]=66667777", "ecx=66667777", {mov ecx, [%1:8]}
	name	"segments.code.", %1, ".tls", %2, ".write"
	access_case %1, %2, the_name, "SDM 3 §5.5", "but not written", DATA, 0xfff, CODE_RX, SEG_32, \
		" [8]=66667777", "#GP", {mov [%1:8], edx}
	name	"segments.conforming.", %1, ".tls", %2, ".read"
	access_case %1, %2, the_name, "SDM 3 §5.5", "a readable conforming code segment can be loaded as data, and read", \
		DATA, 0xfff, CODE_CO, SEG_32, " [8]=66667777", "ecx=66667777", {mov ecx, [%1:8]}
%endmacro
%assign slot 0
%rep 3
	every	type_case, slot
%assign slot slot + 1
%endrep

; --- selectors that cannot be loaded ---

; The register keeps what it had; the error code is the selector, without its RPL.
%macro refused_case 7-8 0		; register, name, selector, exception, slot's access, LDT entry 0's, needs, slot
	name	"segments.load.", %2, ".", %1
	state	"eax=", %3, " "
	case	the_name, "SDM 2B, MOV", "this selector is refused, and the register stays"
	needs	%7
	%if %5
	tls	%8, DATA, 0xfff, %5, SEG_32
	%endif
	%if %6
	ldt	0, DATA, 0xfff, %6, SEG_32
	%endif
	before	the_state
	mark	bad
	mov	%1, eax
	ends	%4
%endmacro
%define ABSENT(access) ((access) ^ SEG_ABSENT)

; refused_slot REGISTER, NAME, SLOT, EXCEPTION, ACCESS
%macro refused_slot 5
	join	%2, ".tls", %3
	%xdefine the_subject joined
	join	"tls", %3
	%xdefine the_slot joined
	join	%4, "(tls", %3, "-3)@bad"
	%xdefine the_end joined
	refused_case %1, the_subject, the_slot, the_end, %5, 0, "", %3
%endmacro
%assign slot 0
%rep 3
	every	refused_slot, "absent", slot, "#NP", ABSENT(RW)
	every	refused_slot, "empty", slot, "#GP", 0
	every	refused_slot, "execute", slot, "#GP", CODE_XO
	every	refused_slot, "execute.conforming", slot, "#GP", CODE_CO_XO
%assign slot slot + 1
%endrep
every	refused_case, "absent.ldt", "sel0", "#NP(sel0-3)@bad", 0, ABSENT(RW), ""
every	refused_case, "execute.ldt", "sel0", "#GP(sel0-3)@bad", 0, CODE_XO, ""
every	refused_case, "beyond", "103", "#GP(100)@bad", 0, 0, ""
every	refused_case, "last", "fffb", "#GP(fff8)@bad", 0, 0, ""
every	refused_case, "no.ldt", "sel0", "#GP(sel0-3)@bad", 0, 0, ""
every	refused_case, "beyond.ldt", "sel1", "#GP(sel1-3)@bad", 0, RW, ""
every	refused_case, "last.ldt", "ffff", "#GP(fffc)@bad", 0, RW, ""
every	refused_case, "kernel.data", "68", "#GP(68)@bad", 0, 0, "ring0"
every	refused_case, "kernel.data.rpl3", "6b", "#GP(68)@bad", 0, 0, "ring0"
every	refused_case, "kernel.code", "60", "#GP(60)@bad", 0, 0, "ring0"
every	refused_case, "kernel.tss", "83", "#GP(80)@bad", 0, 0, "ring0"
every	refused_case, "kernel.ldt", "88", "#GP(88)@bad", 0, 0, "ring0"

; An absent one that is of the wrong type, too: the type is looked at first.
refused_case fs, "execute.absent", "tls0", "#GP(tls0-3)@bad", ABSENT(CODE_XO), 0, ""

; A register that held something keeps it, hidden part and all.
case	"segments.load.refused.keeps", "SDM 2B, MOV", "after a refused load the register is what it was"
	tls	0, DATA + 0x10, 0xf, RW, SEG_32
	tls	1, DATA, 0xf, ABSENT(RW), SEG_32
	before	"fs=tls0 eax=tls1"
	mark	bad
	mov	fs, eax
	ends	"#NP(tls1-3)@bad"

; --- SS ---

; Its descriptor must be writable data, and CPL, RPL and DPL must be equal; not present is #SS and not #NP.
%macro ss_refused 7			; name, selector, ends, slot's access, LDT's, needs, proves
	name	"segments.ss.", %1
	state	"eax=", %2, " "
	case	the_name, "SDM 2B, MOV", %7
	needs	%6
	%if %4
	tls	0, DATA, 0xfff, %4, SEG_32
	%endif
	%if %5
	ldt	0, DATA, 0xfff, %5, SEG_32
	%endif
	before	the_state
	mark	bad
	mov	ss, eax
	ends	%3
%endmacro

; A null selector in SS is for 64-bit code in rings below 3. Here: #GP(0), twice, and CS says that it is ring 3 still.
ss_refused "null", "0", "#GP(0)@bad #GP(0)@bad", 0, 0, "", "SS cannot be null in ring 3, and trying does not change CPL"
ss_refused "null.1", "1", "#GP(0)@bad #GP(0)@bad", 0, 0, "", "nor with RPL 1"
ss_refused "null.2", "2", "#GP(0)@bad #GP(0)@bad", 0, 0, "", "nor with RPL 2"
ss_refused "null.3", "3", "#GP(0)@bad #GP(0)@bad", 0, 0, "", "nor with RPL 3"
ss_refused "rpl0", "tls0-3", "#GP(tls0-3)@bad", RW, 0, "", "RPL 0 is not CPL"
ss_refused "rpl1", "tls0-2", "#GP(tls0-3)@bad", RW, 0, "", "RPL 1 is not CPL"
ss_refused "rpl2", "tls0-1", "#GP(tls0-3)@bad", RW, 0, "", "RPL 2 is not CPL"
ss_refused "readonly", "tls0", "#GP(tls0-3)@bad", RO, 0, "", "a stack is written"
ss_refused "readonly.down", "tls0", "#GP(tls0-3)@bad", DOWN_RO, 0, "", "a stack is written, expand-down or not"
ss_refused "code", "tls0", "#GP(tls0-3)@bad", CODE_RX, 0, "", "code is no stack"
ss_refused "conforming", "tls0", "#GP(tls0-3)@bad", CODE_CO, 0, "", "conforming code is no stack"
ss_refused "user_cs", "user_cs", "#GP(user_cs-3)@bad", 0, 0, "", "nor is the code segment that runs"
ss_refused "absent", "tls0", "#SS(tls0-3)@bad", ABSENT(RW), 0, "", "an absent stack segment is #SS"
ss_refused "absent.ldt", "sel0", "#SS(sel0-3)@bad", 0, ABSENT(RW), "", "an absent stack segment of the LDT is #SS"
ss_refused "absent.readonly", "tls0", "#GP(tls0-3)@bad", ABSENT(RO), 0, "", "the type is looked at before P"
ss_refused "empty", "tls0", "#GP(tls0-3)@bad", 0, 0, "", "an empty slot"
ss_refused "beyond", "103", "#GP(100)@bad", 0, 0, "", "past the GDT's end"
ss_refused "no.ldt", "sel0", "#GP(sel0-3)@bad", 0, 0, "", "the LDT is not there"
ss_refused "beyond.ldt", "sel1", "#GP(sel1-3)@bad", 0, RW, "", "past the LDT's end"
ss_refused "kernel.data", "68", "#GP(68)@bad", 0, 0, "ring0", "the kernel's stack segment"
ss_refused "kernel.data.rpl3", "6b", "#GP(68)@bad", 0, 0, "ring0", "the kernel's stack segment, RPL 3"
ss_refused "kernel.tss", "80", "#GP(80)@bad", 0, 0, "ring0", "a system segment"

; ss_case NAME, MANUAL, PROVES, BASE, LIMIT, ACCESS, FLAGS, ESP, after or "#SS", INSTRUCTION [, SLOT]
%macro ss_case 10-11 1
	name	"segments.ss.", %1
	state	"ss=tls", %11, " esp=", %8
	case	the_name, %2, %3
	tls	%11, %4, %5, %6, %7
	before	"[1008]=66667777 ebp=20"
	before	the_state
	mark	bad
	%10
	%ifidn	%9, "#SS"
	ends	"#SS(0)@bad"
	%else
	after	%9
	%endif
%endmacro

ss_case	"tls.push", "SDM 3 §3.4.3", "the stack's base is added to ESP", STACK, 0xfff, RW, SEG_32, "20", \
	"esp=1c [101c]=a0a1a2a3", {push eax}
ss_case	"tls.pop", "SDM 3 §3.4.3", "and on POP", STACK, 0xfff, RW, SEG_32, "8", \
	"esp=c ecx=66667777", {pop ecx}
ss_case	"limit.push.last", "SDM 3 §5.3", "a push that ends at the limit", STACK, 0x1f, RW, SEG_32, "20", \
	"esp=1c [101c]=a0a1a2a3", {push eax}
ss_case	"limit.push.out", "SDM 3 §5.3", "a push behind the limit is #SS(0), and ESP stays", STACK, 0x1f, RW, SEG_32, \
	"22", "#SS", {push eax}
ss_case	"limit.push.wrap", "SDM 3 §5.3", "a push below offset 0 is behind the limit", STACK, 0x1f, RW, SEG_32, "0", \
	"#SS", {push eax}
ss_case	"limit.pop.out", "SDM 3 §5.3", "a pop over the limit", STACK, 0x1f, RW, SEG_32, "1e", \
	"#SS", {pop ecx}
ss_case	"limit.ebp.out", "SDM 3 §5.3", "an operand by EBP is in SS", STACK, 0x1f, RW, SEG_32, "10", \
	"#SS", {mov ecx, [ebp]}
ss_case	"limit.ebp.last", "SDM 3 §5.3", "an operand by EBP is in SS, with its base", STACK, 0x23, RW, SEG_32, "10", \
	"[1020]=d0d1d2d3", {mov [ebp], edx}
ss_case	"limit.override.out", "SDM 3 §5.3", "an operand by SS prefix", STACK, 0x1f, RW, SEG_32, "10", \
	"#SS", {mov ecx, [ss:0x20]}
ss_case	"limit.call.out", "SDM 3 §5.3", "CALL has no room for EIP: #SS(0) at the CALL", STACK, 0x1f, RW, SEG_32, "2", \
	"#SS", {call .bad}
ss_case	"limit.pusha.out", "SDM 3 §5.3", "PUSHA with room for seven only", STACK, 0x1f, RW, SEG_32, "1c", \
	"#SS", {pushad}
	after	"[1000:20]=?"		; how much of it was written is not said
ss_case	"limit.enter.out", "SDM 3 §5.3", "ENTER has no room for EBP", STACK, 0x1f, RW, SEG_32, "0", \
	"#SS", {enter 0, 0}
ss_case	"limit.leave.out", "SDM 3 §5.3", "LEAVE with EBP behind the limit", STACK, 0x1f, RW, SEG_32, "10", \
	"#SS", {leave}
ss_case	"down.push", "SDM 3 §5.3", "an expand-down stack", STACK - 0x1000, 0xfff, DOWN, SEG_32, "1004", \
	"esp=1000 [1000]=a0a1a2a3", {push eax}
ss_case	"down.push.out", "SDM 3 §5.3", "an expand-down stack that is full", STACK, 0xf, DOWN, SEG_32, "13", \
	"#SS", {push eax}

; The same out of each slot.
%macro ss_slot_limits 1
	join	"tls", %1, ".limit.last"
	ss_case	joined, "SDM 3 §5.3", "a push that ends at the limit", STACK, 0x1f, RW, SEG_32, "20", \
		"esp=1c [101c]=a0a1a2a3", {push eax}, %1
	join	"tls", %1, ".limit.out"
	ss_case	joined, "SDM 3 §5.3", "a push behind the limit", STACK, 0x1e, RW, SEG_32, "20", "#SS", {push eax}, %1
	join	"tls", %1, ".page.last"
	ss_case	joined, "SDM 3 §3.4.5", "a stack of one page", STACK, 0, RW, SEG_32_PAGES, "1000", \
		"esp=ffc [1ffc]=a0a1a2a3", {push eax}, %1
	join	"tls", %1, ".page.out"
	ss_case	joined, "SDM 3 §5.3", "a push behind it, into a page that is there", DATA, 0, RW, SEG_32_PAGES, "1001", \
		"#SS", {push eax}, %1
	join	"tls", %1, ".down.first"
	ss_case	joined, "SDM 3 §5.3", "the bytes above an expand-down limit", STACK - 0x1000, 0xfff, DOWN, SEG_32, "1004", \
		"esp=1000 [1000]=a0a1a2a3", {push eax}, %1
	join	"tls", %1, ".down.out"
	ss_case	joined, "SDM 3 §5.3", "one byte of four at an expand-down limit", STACK, 0xf, DOWN, SEG_32, "13", \
		"#SS", {push eax}, %1
	join	"tls", %1, ".16bit"
	ss_case	joined, "SDM 1 §6.2.3", "B = 0: PUSH uses SP", STACK, 0xffff, RW, SEG_16, "5a5a0020", \
		"esp=5a5a001c [101c]=a0a1a2a3 [0]=5a5a001c", {push eax}, %1
	mov	[DATA], esp
%endmacro

%macro ss_slot_refused 5		; slot, name, exception, access, proves
	name	"segments.ss.tls", %1, ".", %2
	state	"eax=tls", %1
	result	%3, "(tls", %1, "-3)@bad"
	case	the_name, "SDM 2B, MOV", %5
	tls	%1, DATA, 0xfff, %4, SEG_32
	before	the_state
	mark	bad
	mov	ss, eax
	ends	the_result
%endmacro

; SS from each slot, loaded by the case: the hidden part is there for the very next push.
%macro ss_slot_case 1
	name	"segments.ss.load.tls", %1
	state	"eax=tls", %1
	result	"ss=tls", %1, " esp=1c [101c]=d0d1d2d3"
	case	the_name, "SDM 2B, MOV", "a stack segment out of a slot"
	tls	%1, STACK, 0xfff, RW, SEG_32
	before	the_state
	mov	ss, eax
	mov	esp, 0x20
	push	edx
	after	the_result
%endmacro
%assign slot 0
%rep 3
	ss_slot_case slot
	ss_slot_limits slot
	ss_slot_refused slot, "readonly", "#GP", RO, "a stack is written"
	ss_slot_refused slot, "execute", "#GP", CODE_XO, "code is no stack"
	ss_slot_refused slot, "absent", "#SS", ABSENT(RW), "an absent stack segment is #SS"
%assign slot slot + 1
%endrep

case	"segments.ss.load.ldt", "SDM 2B, MOV", "a stack segment out of the LDT"
	ldt	3, STACK, 0xfff, RW, SEG_32
	before	"eax=sel3"
	mov	ss, eax
	mov	esp, 0x20
	push	edx
	after	"ss=sel3 esp=1c [101c]=d0d1d2d3"

; With B = 0 the stack pointer is SP. What stands above it in ESP is not looked at and does not change. IRET to such a
; stack loads SP alone: a kernel has to see to it that the upper half is the task's again.
case	"segments.ss.16bit.push", "SDM 1 §6.2.3", "B = 0: PUSH uses SP"
	ldt	0, STACK, 0xffff, RW, SEG_16
	before	"ss=sel0 esp=5a5a0020"
	push	eax
	mov	[DATA], esp
	after	"esp=5a5a001c [101c]=a0a1a2a3 [0]=5a5a001c"

case	"segments.ss.16bit.high", "SDM 1 §6.2.3", "B = 0: what stands above SP is not an address"
	ldt	0, STACK, 0xffff, RW, SEG_16
	before	"ss=sel0 esp=20"
	nostep
	point
	movzx	ecx, sp
	lea	esp, [ecx + 0x7fff0000]
	push	eax
	pop	ecx
	push	ecx
	mov	[DATA], sp
	point
	after	"esp=7fff001c ecx=a0a1a2a3 [101c]=a0a1a2a3 [0]=001c"

case	"segments.ss.16bit.wrap", "SDM 1 §6.2.3", "B = 0: SP goes from 0 to FFFC"
	ldt	0, STACK - 0xf000, 0xffff, RW, SEG_16
	before	"ss=sel0 esp=80000000"
	push	eax
	mov	[DATA], esp
	after	"esp=8000fffc [1ffc]=a0a1a2a3 [0]=8000fffc"

case	"segments.ss.16bit.leave", "SDM 2A, LEAVE", "B = 0: LEAVE loads SP from BP"
	ldt	0, STACK, 0xffff, RW, SEG_16
	before	"ss=sel0 esp=c0010020 ebp=50 [1050]=12345678"
	leave
	mov	[DATA], sp
	after	"esp=c0010054 ebp=12345678 [0]=0054"

; A system call that no kernel knows, at the end of a code segment: what faults is the kernel's own IRET.
case	"segments.ss.16bit.refused", "SDM 2A, IRET", "IRET to behind CS's limit, with B = 0: the task keeps its ESP"
	ldt	0, STACK, 0xffff, RW, SEG_16
	ldt	1, CODE, 1, CODE_RX, SEG_32
	before	"ss=sel0 esp=5a5a0020 cs=sel1 eip=0 eax=ffffffff"
	nostep				; each step would be such an IRET
	int	0x80
	mark	bad
	ends	"#GP(0)@bad-10000000"
	after	"eax=ffffffda"

; --- null ---

; A null selector can be loaded, and says at the use that nothing is there. Its RPL may stay or become 0 on the way out
; of the kernel: SDM 2A, IRET clears the register, AMD's leave it.
%macro null_case 1
	name	"segments.null.load.", %1
	result	%1, "=0"
	case	the_name, "SDM 2B, MOV", "a null selector can be loaded"
	mov	ecx, ds
	xor	eax, eax
	mov	%1, eax
	after	the_result
	after	"eax=0 ecx=user_ds eflags=246 eflags.AF=?"

	name	"segments.null.use.", %1
	state	%1, "=0"
	case	the_name, "SDM 3 §3.4.2", "an access through a null selector is #GP(0)"
	before	the_state
	mark	bad
	mov	ecx, [%1:DATA]
	ends	"#GP(0)@bad"

	name	"segments.null.write.", %1
	case	the_name, "SDM 3 §3.4.2", "a write, too"
	before	the_state
	mark	bad
	mov	[%1:DATA], edx
	ends	"#GP(0)@bad"

	name	"segments.null.after.", %1
	state	%1, "=tls0 eax=0"
	result	%1, "=0"
	case	the_name, "SDM 3 §3.4.2", "null after a segment: nothing of that is left"
	tls	0, 0, 0xfffff, RW, SEG_32_PAGES
	before	the_state
	mov	%1, eax
	mark	bad
	mov	ecx, [%1:DATA]
	ends	"#GP(0)@bad"
	after	the_result
%endmacro
every	null_case

%macro null_rpl_case 2
	name	"segments.null.rpl", %2, ".", %1
	state	"eax=", %2, " [10]=55"	; (the page is there, so that nothing comes in between)
	result	%1, "=? [4]=000", %2
	case	the_name, "SDM 3 §3.4.2", "index 0 of the GDT is null with any RPL"
	before	the_state
	nostep
	mov	%1, eax
	mov	[DATA + 4], %1
	mov	%1, eax
	mark	bad
	mov	cl, [%1:DATA]
	ends	"#GP(0)@bad"
	after	the_result
%endmacro
%assign rpl 1
%rep 3
	null_rpl_case fs, rpl
	null_rpl_case gs, rpl
	null_rpl_case es, rpl
%assign rpl rpl + 1
%endrep

; Index 0 of the LDT is an entry like any other.
case	"segments.null.not.ldt", "SDM 3 §3.4.2", "index 0 of the LDT is not null"
	ldt	0, DATA, 0xf, RW, SEG_32
	before	"eax=sel0 [4]=77778888"
	mov	fs, eax
	mov	ecx, [fs:4]
	after	"fs=sel0 ecx=77778888"

; --- privilege ---

; DPL 3 is open to every RPL, and the selector is kept as it was loaded. (ptrace takes RPL 3 alone: these put it right
; before they end, so that real CPUs can run them.)
%macro rpl_case 3			; register, RPL's distance from 3, RPL (and the slot)
	name	"segments.rpl", %3, ".", %1
	state	"eax=tls", %3, "-", %2, " ebx=tls", %3, " [4]=77778888"
	case	the_name, "SDM 3 §5.6", "a descriptor of DPL 3 can be loaded with any RPL"
	tls	%3, DATA, 0xf, RW, SEG_32
	before	the_state
	nostep
	mov	%1, eax
	mov	ecx, [%1:4]
	mov	[%1:8], %1
	mov	%1, ebx
	result	%1, "=tls", %3, " ecx=77778888 [8]=tls", %3, "-", %2, " [a]=0000"
	after	the_result
%endmacro
%assign rpl 0
%rep 3
	every	rpl_case, %eval(3 - rpl), rpl
%assign rpl rpl + 1
%endrep

; And so it is saved and restored.
%macro rpl_kept_case 3			; the same
	name	"segments.rpl.kept.", %3, ".", %1
	state	%1, "=tls", %3, "-", %2, " [4]=77778888"
	case	the_name, "SDM 3 §5.6", "a selector of RPL 0 to 2 stays what it is"
	tls	%3, DATA, 0xf, RW, SEG_32
	before	the_state
	mov	ecx, [%1:4]
	mov	[%1:8], %1
	result	"ecx=77778888 [8]=tls", %3, "-", %2, " [a]=0000"
	after	the_result
%endmacro
%assign rpl 0
%rep 3
	every	rpl_kept_case, %eval(3 - rpl), rpl
%assign rpl rpl + 1
%endrep

; Of the other privileges a slot cannot be (docs/FORMAT.md §3, row 10): the case itself makes it so, in the GDT, which
; the next switch loads anew. A data segment's DPL must not be below CPL, nor below RPL (SDM 3 §5.6); a conforming code
; segment can be loaded from anywhere.
%macro set_dpl 2			; EAX: the selector; DPL, access
	sgdt	[DATA + 0x20]
	mov	ebx, [DATA + 0x22]
	movzx	ecx, al
	and	ecx, 0xf8
	mov	byte [ebx + ecx + 5], ((%2) & ~0x60) | (%1) << 5
	mov	dword [DATA + 0x20], 0
	mov	dword [DATA + 0x24], 0
	mov	ebx, 0
	mov	ecx, 0
%endmacro

%macro dpl_case 3			; register, DPL, RPL
	name	"segments.dpl", %2, ".rpl", %3, ".ring0.", %1
	state	"eax=tls1-", %eval(3 - %3), " [4]=77778888"
	case	the_name, "SDM 3 §5.6", "in ring 0 a data segment's DPL must be RPL or above"
	ring0
	tls	1, DATA, 0xf, RW, SEG_32
	before	the_state
	set_dpl	%2, RW
	mark	load
	mov	%1, eax
	%if %2 < %3
	ends	"#GP(tls1-3)@load"
	after	"ebx=0 ecx=0 eflags=202 eflags.AF=? eflags.RF=?"
	%else
	mov	ecx, [%1:4]
	result	"ebx=0 ecx=77778888 eflags=202 eflags.AF=? ", %1, "=tls1-", %eval(3 - %3)
	after	the_result
	%endif
%endmacro

%macro dpl_ring3_case 5			; register, DPL, RPL, kind, access
	name	"segments.dpl", %2, ".rpl", %3, ".ring3.", %4, %1
	state	"eax=tls1-", %eval(3 - %3), " esi=user_cs edi=user_ds ebp=@ring3 [4]=77778888"
	case	the_name, "SDM 3 §5.6", "in ring 3 a data segment's DPL must be 3"
	ring0
	tls	1, DATA, 0xf, %5, SEG_32
	before	the_state
	set_dpl	%2, %5
	mov	edx, eax
	enter_ring3
	mark	ring3
	mov	%1, edx
	%if %5 = RW
	ends	"#GP(tls1-3)@ring3"
	after	"ecx=0"
	%else
	mov	ecx, [%1:4]
	result	%1, "=tls1-", %eval(3 - %3), " ecx=77778888"
	after	the_result
	%endif
	result	"eax=? ebx=0 esp=? edx=tls1-", %eval(3 - %3), " eflags=?"
	after	the_result
%endmacro

%assign dpl 0
%rep 4
%assign rpl 0
%rep 4
	dpl_case fs, dpl, rpl
	%if dpl < 3
	dpl_ring3_case gs, dpl, rpl, "", RW
	%endif
%assign rpl rpl + 1
%endrep
%assign dpl dpl + 1
%endrep
dpl_ring3_case gs, 0, 3, "conforming.", CODE_CO

; --- the LDT ---

%macro ldt_case 1
	name	"segments.ldt.entry", %1
	state	"eax=sel", %1, " [", %1, "4]=77778888"
	result	"gs=sel", %1, " ecx=77778888"
	case	the_name, "SDM 3 §3.5.1", "an entry of the LDT"
	ldt	%1, DATA + 0x10 * %1, 0xf, RW, SEG_32
	before	the_state
	mov	gs, eax
	mov	ecx, [gs:4]
	after	the_result
%endmacro
%assign entry 0
%rep 8
	ldt_case entry
%assign entry entry + 1
%endrep

%macro ldt_register_case 1
	name	"segments.ldt.restarted.", %1
	state	%1, "=sel5 [4]=77778888"
	case	the_name, "SDM 3 §3.5.1", "a selector of the LDT out of a save area"
	ldt	5, DATA, 0xf, RW, SEG_32
	before	the_state
	mov	ecx, [%1:4]
	after	"ecx=77778888"

	name	"segments.ldt.limit.", %1
	case	the_name, "SDM 3 §5.3", "a segment of the LDT has a limit, too"
	ldt	5, DATA, 0xf, RW, SEG_32
	before	the_state
	mark	bad
	mov	ecx, [%1:0xd]
	ends	"#GP(0)@bad"
%endmacro
every	ldt_register_case

; "Whenever a segment selector is loaded the processor sets the accessed bit" in memory, not in the hidden part alone.
; The LDT is the task's memory, so it is seen there.
case	"segments.accessed.data", "SDM 3 §3.4.5.1", "a load sets the accessed bit"
	ldt	0, DATA, 0xf, SEG_DATA, SEG_32
	before	"eax=sel0"
	mov	fs, eax
	after	"fs=sel0 ldt0=1040f3001000000f"

case	"segments.accessed.not", "SDM 2A, LAR", "LAR, LSL, VERR and VERW do not"
	ldt	0, DATA, 0xf, SEG_DATA, SEG_32
	before	"eax=sel0"
	lar	ecx, eax
	lsl	ecx, eax
	verr	ax
	verw	ax
	after	"ecx=f eflags=242"

; modify_ldt(0x11, &desc, 16): an entry comes into being; base 10001010, limit 7, 32-bit, usable
case	"segments.ldt.modify", "SDM 3 §3.5.1", "an entry that the running task has just made"
	before	"eax=7b ebx=11 ecx=data edx=10 [14]=77778888"
	before	"[0]=00000001 [4]=data+10 [8]=00000007 [c]=00000041"
	int	0x80
	mov	ecx, 0xf
	mov	fs, ecx
	mov	ebp, [fs:4]
	after	"eax=0 ecx=f fs=sel1 ebp=77778888 ldt1=1050f30010100007"

; --- a slot that is written while it is loaded ---

; The hidden part is a copy: the descriptor in memory may change, and nothing happens until a load (SDM 3 §3.4.3). In
; ring 0, since every way into the kernel and back is a load.
case	"segments.rewritten.hidden", "SDM 3 §3.4.3", "the old base counts until the register is loaded again"
	ring0
	tls	0, DATA + 0x100, 0xf, RW, SEG_32
	before	"[104]=11111111 [204]=22222222 eax=tls0"
	mov	fs, eax
	sgdt	[DATA]
	mov	ebx, [DATA + 2]
	and	eax, 0xf8
	mov	dword [DATA], 0
	mov	dword [DATA + 4], 0
	mov	byte [ebx + eax + 3], (DATA + 0x200) >> 8 & 0xff
	mov	ecx, [fs:4]
	mov	eax, fs
	mov	fs, eax
	mov	edx, [fs:4]
	mov	ebx, 0
	movzx	eax, ax
	after	"fs=tls0 eax=tls0 ecx=11111111 edx=22222222 ebx=0 eflags=206 eflags.AF=?"

case	"segments.rewritten.absent", "SDM 3 §3.4.3", "a loaded segment stays when its descriptor is taken away"
	ring0
	tls	0, DATA + 0x100, 0xf, RW, SEG_32
	before	"[104]=11111111 eax=tls0"
	mov	fs, eax
	sgdt	[DATA]
	mov	ebx, [DATA + 2]
	and	eax, 0xf8
	mov	dword [DATA], 0
	mov	dword [DATA + 4], 0
	mov	dword [ebx + eax + 4], 0
	mov	ecx, [fs:4]
	mov	ebx, 0
	after	"fs=? eax=tls0-3 ecx=11111111 ebx=0 eflags=206 eflags.AF=?"

; From ring 3, by the system call: its way back loads the register again. set_thread_area(&desc); entry_number is the
; slot's GDT index.
%macro rewritten_case 1
	name	"segments.rewritten.call.", %1
	state	"eax=f3 ebx=data [0]=tls_entry [4]=data+200 [8]=0000000f [c]=00000041 [104]=11111111 [204]=22222222 ", %1, \
		"=tls0"
	case	the_name, "SDM 3 §3.4.3", "after a system call that rewrites the slot, the new base"
	tls	0, DATA + 0x100, 0xf, RW, SEG_32
	before	the_state
	mov	ecx, [%1:4]
	int	0x80
	mov	edx, [%1:4]
	after	"eax=0 ecx=11111111 edx=22222222 gdt6=1050f3001200000f"
%endmacro
every	rewritten_case

%macro rewritten_slot 1
	name	"segments.rewritten.slot.tls", %1
	state	"eax=f3 ebx=data [0]=tls_entry+", %1, " [4]=data+200 [8]=0000000f [c]=00000041 [104]=11111111 [204]=22222222 gs=tls", %1
	result	"eax=0 ecx=11111111 edx=22222222 gdt", %eval(%1 + 6), "=1050f3001200000f"
	case	the_name, "SDM 3 §3.4.3", "after a system call that rewrites the slot, the new base"
	tls	%1, DATA + 0x100, 0xf, RW, SEG_32
	before	the_state
	mov	ecx, [gs:4]
	int	0x80
	mov	edx, [gs:4]
	after	the_result
%endmacro
rewritten_slot 1
rewritten_slot 2

; modify_ldt(0x11, &desc, 16), with the entry loaded
case	"segments.rewritten.ldt", "SDM 3 §3.4.3", "after a system call that rewrites the LDT's entry, the new base"
	ldt	1, DATA + 0x100, 0xf, RW, SEG_32
	before	"eax=7b ebx=11 ecx=data edx=10 es=sel1 [104]=11111111 [204]=22222222"
	before	"[0]=00000001 [4]=data+200 [8]=0000000f [c]=00000041"
	mov	ebp, [es:4]
	int	0x80
	mov	esi, [es:4]
	after	"eax=0 ebp=11111111 esi=22222222 ldt1=1050f3001200000f"

; The first free slot is found by the kernel: entry_number -1.
case	"segments.rewritten.free", "SDM 3 §3.4.3", "a slot that the running task has just filled"
	before	"eax=f3 ebx=data [0]=ffffffff [4]=data+100 [8]=0000000f [c]=00000041 [104]=11111111"
	tls	0, DATA, 0xf, RW, SEG_32
	int	0x80
	mov	ecx, [DATA]
	lea	ecx, [ecx * 8 + 3]
	mov	gs, ecx
	mov	edx, [gs:4]
	after	"eax=0 ecx=tls1 gs=tls1 edx=11111111 [0]=tls_entry+1 gdt7=1050f3001100000f"

; --- another task's ---

; The task that runs in between has other descriptors in the same slots, with other bases, and its own fs and gs. All
; four registers at once, over several points.
case	"segments.tasks.all", "SDM 3 §3.4.3", "no register ever has another task's base"
	tls	0, DATA + 0x10, 0xf, RW, SEG_32
	tls	1, DATA + 0x20, 0xf, RW, SEG_32
	tls	2, DATA + 0x30, 0xf, RW, SEG_32
	ldt	0, DATA + 0x40, 0xf, RW, SEG_32
	before	"fs=tls0 gs=tls1 es=tls2 ds=sel0 [10]=11111111 [20]=22222222 [30]=33333333 [40]=44444444"
	mov	eax, [fs:0]
	mov	ecx, [gs:0]
	mov	edx, [es:0]
	mov	ebx, [ds:0]
	mov	ebp, [fs:0]
	mov	[fs:4], eax
	mov	[gs:4], ecx
	mov	[es:4], edx
	mov	[ds:4], ebx
	after	"eax=11111111 ecx=22222222 edx=33333333 ebx=44444444 ebp=11111111"
	after	"[14]=11111111 [24]=22222222 [34]=33333333 [44]=44444444"

case	"segments.tasks.none", "SDM 3 §3.4.3", "what this task has not loaded is null, whoever ran before"
	nop
	mark	bad
	mov	eax, [fs:0]
	ends	"#GP(0)@bad"

case	"segments.tasks.none.gs", "SDM 3 §3.4.3", "what this task has not loaded is null, whoever ran before: gs"
	nop
	mark	bad
	mov	eax, [gs:0]
	ends	"#GP(0)@bad"

case	"segments.tasks.slot", "SDM 3 §3.5.1", "a slot that this task has not filled is empty, whoever ran before"
	before	"eax=tls1"
	nop
	mark	bad
	mov	fs, eax
	ends	"#GP(tls1-3)@bad"

; --- LAR, LSL, VERR, VERW, ARPL ---

; LAR gives bits 8 to 15 and 20 to 23 of the descriptor's upper half; what it leaves in 16 to 19 is not said. P is not
; among what these instructions look at.
%macro kind_case 7			; name, access, flags, LAR, LSL, readable, writable
	name	"segments.lar.", %1
	case	the_name, "SDM 2A, LAR", "the access rights"
	tls	2, DATA, 0x0fff, %2, %3
	before	"eax=tls2"
	lar	ecx, eax
	setz	dl
	and	ecx, 0xfff0ffff
	result	"ecx=", %4, " edx=d0d1d201 eflags=206 eflags.AF=?"
	after	the_result

	name	"segments.lsl.", %1
	case	the_name, "SDM 2A, LSL", "the limit, in bytes"
	tls	2, DATA, 0x0fff, %2, %3
	before	"eax=tls2"
	lsl	ecx, eax
	result	"eflags=242 ecx=", %5
	after	the_result

	name	"segments.verr.", %1
	case	the_name, "SDM 2B, VERR", "whether it can be read"
	tls	2, DATA, 0x0fff, %2, %3
	before	"eax=tls2 eflags=ad7"
	verr	ax
%if %6
	after	"eflags.ZF=1"
%else
	after	"eflags.ZF=0"
%endif

	name	"segments.verw.", %1
	case	the_name, "SDM 2B, VERW", "whether it can be written"
	tls	2, DATA, 0x0fff, %2, %3
	before	"eax=tls2"
	verw	ax
%if %7
	after	"eflags=242"
%endif
%endmacro
kind_case "data", RW, SEG_32, "40f300", "fff", 1, 1
kind_case "data.16bit", RW, SEG_16, "f300", "fff", 1, 1
kind_case "data.pages", RW, SEG_32_PAGES, "c0f300", "ffffff", 1, 1
kind_case "data.avl", RW, SEG_32 | 1, "50f300", "fff", 1, 1
kind_case "data.readonly", RO, SEG_32, "40f100", "fff", 1, 0
kind_case "data.down", DOWN, SEG_32, "40f700", "fff", 1, 1
kind_case "data.down.readonly", DOWN_RO, SEG_32, "40f500", "fff", 1, 0
kind_case "code", CODE_RX, SEG_32, "40fb00", "fff", 1, 0
kind_case "code.execute", CODE_XO, SEG_32, "40f900", "fff", 0, 0
kind_case "code.conforming", CODE_CO, SEG_32, "40ff00", "fff", 1, 0
kind_case "code.conforming.execute", CODE_CO_XO, SEG_32, "40fd00", "fff", 0, 0
kind_case "absent", ABSENT(RW), SEG_32, "407300", "fff", 1, 1

; Selectors that these four say no to: ZF is 0, and the register stays. None of them faults.
%macro refused_kind_case 4		; name, selector, needs, proves
	name	"segments.lar.no.", %1
	state	"eflags=246 eax=", %2
	case	the_name, "SDM 2A, LAR", %4
	needs	%3
	before	the_state
	lar	ecx, eax
	setz	[DATA]
	cmp	esp, esp
	lsl	ebx, eax
	setz	[DATA + 1]
	cmp	esp, esp
	verr	ax
	setz	[DATA + 2]
	cmp	esp, esp
	verw	ax
	after	"[0]=000000 eflags.ZF=0"
%endmacro
refused_kind_case "null", "0", "", "the null selector"
refused_kind_case "null.rpl3", "3", "", "the null selector with RPL 3"
refused_kind_case "empty", "tls0", "", "an empty slot"
refused_kind_case "beyond", "103", "", "a selector past the GDT's end"
refused_kind_case "last", "fffb", "", "the highest selector of the GDT"
refused_kind_case "no.ldt", "sel0", "", "a selector of the LDT, which is not there"
refused_kind_case "kernel.code", "60", "ring0", "the kernel's code: DPL 0"
refused_kind_case "kernel.data", "68", "ring0", "the kernel's data: DPL 0"
refused_kind_case "kernel.tss", "80", "ring0", "the TSS: DPL 0"
refused_kind_case "kernel.ldt", "88", "ring0", "the LDT's own descriptor: DPL 0"

case	"segments.lar.no.beyond.ldt", "SDM 2A, LAR", "a selector past the LDT's end"
	ldt	0, DATA, 0xf, RW, SEG_32
	before	"eflags=246 eax=sel1"
	lar	ecx, eax
	after	"eflags.ZF=0"

case	"segments.lar.ldt", "SDM 2A, LAR", "an entry of the LDT"
	ldt	1, DATA, 0xf, RO, SEG_32
	before	"eax=sel1"
	lar	ecx, eax
	lsl	ebx, eax
	and	ecx, 0xfff0ffff
	after	"ecx=40f100 ebx=f eflags=206 eflags.AF=?"

case	"segments.lar.16bit", "SDM 2A, LAR", "with a 16-bit operand the type and rights alone"
	tls	0, DATA, 0xf, RO, SEG_32
	before	"eax=tls0"
	lar	cx, ax
	after	"ecx=c0c1f100 eflags=242"

case	"segments.lsl.16bit", "SDM 2A, LSL", "with a 16-bit operand the limit's low half"
	tls	0, DATA, 0x12345, RO, SEG_32
	before	"eax=tls0"
	lsl	cx, ax
	after	"ecx=c0c12345 eflags=242"

case	"segments.lsl.flat", "SDM 2A, LSL", "the flat data segment ends at FFFFFFFF"
	before	"eax=user_ds"
	lsl	ecx, eax
	after	"ecx=ffffffff eflags=242"

case	"segments.lar.rpl", "SDM 2A, LAR", "RPL 0 to 2 make no difference at DPL 3"
	tls	0, DATA, 0xf, RW, SEG_32
	before	"eax=tls0-3"
	lar	ecx, eax
	setz	[DATA]
	inc	eax
	lsl	ebx, eax
	setz	[DATA + 1]
	inc	eax
	verr	ax
	setz	[DATA + 2]
	verw	ax
	and	ecx, 0xfff0ffff
	after	"eax=tls0-1 ecx=40f300 ebx=f [0]=010101 eflags=206 eflags.AF=?"

case	"segments.lar.slots", "SDM 2A, LAR", "LAR, LSL, VERR and VERW of every slot"
	tls	0, DATA, 0x12345, RW, SEG_32
	tls	1, DATA, 0x1, RO, SEG_32_PAGES
	tls	2, DATA, 0x7, CODE_XO, SEG_16
	before	"eax=tls0 ebx=tls1 ebp=tls2"
	lar	ecx, eax
	lar	edx, ebx
	lar	esi, ebp
	and	ecx, 0xfff0ffff
	and	edx, 0xfff0ffff
	and	esi, 0xfff0ffff
	lsl	edi, eax
	mov	[DATA], edi
	lsl	edi, ebx
	mov	[DATA + 4], edi
	lsl	edi, ebp
	mov	[DATA + 8], edi
	verr	ax
	setz	[DATA + 0x10]
	verr	bx
	setz	[DATA + 0x11]
	verr	bp
	setz	[DATA + 0x12]
	verw	ax
	setz	[DATA + 0x14]
	verw	bx
	setz	[DATA + 0x15]
	verw	bp
	setz	[DATA + 0x16]
	after	"ecx=40f300 edx=c0f100 esi=00f900 edi=7 [0]=00012345 [4]=00001fff [8]=00000007"
	after	"[10]=000101 [14]=000001 eflags=206 eflags.AF=? eflags.ZF=0 eflags.PF=?"

; LSL in ring 0 sees system segments, too: the TSS' limit.
case	"segments.lsl.tss", "SDM 2A, LSL", "in ring 0 the TSS has a limit, of at least 67"
	ring0
	str	ax
	movzx	eax, ax
	lsl	ecx, eax
	after	"eax=80 ecx=67 eflags=242"

case	"segments.verr.tss", "SDM 2B, VERR", "a system segment can be neither read nor written, even in ring 0"
	ring0
	before	"eax=80 eflags=246"
	verr	ax
	setz	[DATA]
	cmp	esp, esp
	verw	ax
	after	"[0]=00 eflags.ZF=0 eflags.IF=1"

%macro arpl_case 5			; name, proves, destination, source, what differs
	name	"segments.arpl.", %1
	state	"eax=", %3, " ecx=", %4
	case	the_name, "SDM 2A, ARPL", %2
	before	the_state
	arpl	ax, cx
	after	%5
%endmacro
arpl_case "raised", "RPL is raised to the source's", "30", "3", "eax=33 eflags=242"
arpl_case "raised.1", "RPL is raised to the source's", "30", "31", "eax=31 eflags=242"
arpl_case "equal", "an equal RPL stays, and ZF is 0", "32", "2", "eax=32"
arpl_case "lower", "a higher RPL stays, and ZF is 0", "33", "1", "eax=33"

case	"segments.arpl.memory", "SDM 2A, ARPL", "ARPL in memory"
	before	"[0]=ffff1234 ecx=2"
	arpl	[DATA], cx
	after	"[0]=ffff1236 eflags=242"

; --- system registers, read in ring 3: nothing forbids it where there is no UMIP, which the kernel sets ---

case	"segments.sldt.none", "SDM 2B, SLDT", "a task without an LDT: null"
	needs	"ring0 !umip"
	before	"[0]=ffffffff"
	sldt	[DATA]
	after	"[0]=ffff0000"

case	"segments.sldt.ldt", "SDM 2B, SLDT", "a task with an LDT"
	needs	"ring0 !umip"
	ldt	0, DATA, 0xf, RW, SEG_32
	before	"[0]=ffffffff"
	sldt	[DATA]
	after	"[0]=ffff0088"

case	"segments.str", "SDM 2B, STR", "the task register"
	needs	"ring0 !umip"
	before	"[0]=ffffffff"
	str	[DATA]
	after	"[0]=ffff0080"

case	"segments.smsw", "SDM 2B, SMSW", "PE, of CR0's low half; 16 bits are stored"
	needs	"ring0 !umip"
	before	"[0]=ffffffff"
	smsw	[DATA]
	and	word [DATA], 1
	after	"[0]=ffff0001 eflags=202 eflags.AF=?"

case	"segments.sgdt", "SDM 2B, SGDT", "the GDT's limit, and 6 bytes are stored"
	needs	"ring0 !umip"
	before	"[0]=55555555_55555555"
	sgdt	[DATA]
	after	"[0]=00ff [2:4]=?"

case	"segments.sidt", "SDM 2B, SIDT", "the IDT's limit, and 6 bytes are stored"
	needs	"ring0 !umip"
	before	"[0]=55555555_55555555"
	sidt	[DATA]
	after	"[0]=07ff [2:4]=?"

; umip_case INSTRUCTION
%macro umip_case 1
	%defstr umip_instruction %1
	name	"segments.umip.", umip_instruction
	case	the_name, "SDM 3 §2.5, UMIP", "ring 3 learns nothing of the system registers"
	needs	"ring0 umip"
	mark	bad
	%1	[DATA]
	ends	"#GP(0)@bad"
%endmacro
	umip_case sldt
	umip_case str
	umip_case smsw
	umip_case sgdt
	umip_case sidt

; --- segment registers in and out of memory ---

%macro move_case 2
	name	"segments.push.", %1
	state	%1, "=", %2
	result	"esp=stack-4 [1ffc]=", %2, " [1ffe:2]=?"
	case	the_name, "SDM 2B, PUSH", "PUSH stores the selector; of the upper half one manual says zero, one nothing"
	tls	0, 0, 0xfffff, RW, SEG_32_PAGES
	before	the_state
	push	%1
	after	the_result

	name	"segments.push.upper.", %1
	result	"esp=stack-4 eax=0 [1ffc]=", %2, " [1ffe:2]=? eflags=246"
	case	the_name, "SDM 2B, PUSH", "the upper half is zero, or what stood there before"
	tls	0, 0, 0xfffff, RW, SEG_32_PAGES
	before	the_state
	before	"[1ffc]=5a5a5a5a"
	push	%1
	movzx	eax, word [STACK + 0xffe]
	cmp	eax, 0x5a5a
	jne	.zero
	mov	eax, 0
.zero:	cmp	esp, esp
	after	the_result

	name	"segments.push.word.", %1
	result	"esp=stack-2 [1ffe]=0000 [1ffc]=ffff0000 ebx=", %2
	case	the_name, "SDM 2B, PUSH", "PUSH with a 16-bit operand stores two bytes"
	tls	0, 0, 0xfffff, RW, SEG_32_PAGES
	before	the_state
	o16 push %1
	pop	bx
	push	bx
	movzx	ebx, bx
	mov	word [STACK + 0xffe], 0
	mov	dword [STACK + 0xffc], 0xffff0000
	after	the_result

	name	"segments.store.", %1
	result	"[0]=", %2, " [2]=ffff"
	case	the_name, "SDM 2B, MOV", "MOV to memory stores two bytes"
	tls	0, 0, 0xfffff, RW, SEG_32_PAGES
	before	the_state
	before	"[0]=ffffffff"
	mov	[DATA], %1
	after	the_result
%endmacro
move_case cs, "user_cs"
move_case ss, "user_ds"
move_case ds, "tls0"
move_case es, "tls0"
move_case fs, "tls0"
move_case gs, "tls0"

%macro pop_case 1
	name	"segments.pop.", %1
	state	"[1ff0]=tls0 [1ff2]=dead [104]=77778888"
	result	"esp=stack-c ecx=77778888 ", %1, "=tls0"
	case	the_name, "SDM 2B, POP", "POP loads the selector from 2 of its 4 bytes"
	tls	0, DATA + 0x100, 0xf, RW, SEG_32
	before	the_state
	before	"esp=stack-10"
	pop	%1
	mov	ecx, [%1:4]
	after	the_result

	name	"segments.pop.word.", %1
	state	"[1ff0]=tls0 [1ff2]=dead [104]=77778888"
	result	"esp=stack-e ecx=77778888 ", %1, "=tls0"
	case	the_name, "SDM 2B, POP", "POP with a 16-bit operand takes two bytes"
	tls	0, DATA + 0x100, 0xf, RW, SEG_32
	before	the_state
	before	"esp=stack-10"
	o16 pop %1
	mov	ecx, [%1:4]
	after	the_result

	name	"segments.pop.absent.", %1
	case	the_name, "SDM 2B, POP", "a POP that is refused leaves ESP alone"
	tls	0, DATA + 0x100, 0xf, ABSENT(RW), SEG_32
	before	the_state
	before	"esp=stack-10"
	mark	bad
	pop	%1
	ends	"#NP(tls0-3)@bad"
%endmacro
every	pop_case

case	"segments.pop.ss", "SDM 2B, POP", "POP SS"
	tls	0, STACK, 0xfff, RW, SEG_32
	before	"[1ff0]=tls0 esp=stack-10"
	pop	ss
	mov	esp, 0x20
	push	edx
	after	"ss=tls0 esp=1c [101c]=d0d1d2d3"

case	"segments.pop.ss.null", "SDM 2B, POP", "POP of a null SS is refused and leaves ESP alone"
	before	"[1ff0]=00000000 esp=stack-10"
	mark	bad
	pop	ss
	ends	"#GP(0)@bad"

%macro far_pointer_case 2		; register, instruction
	name	"segments.far.", %2
	state	"[0]=10203040 [4]=tls0 [6]=dead [104]=77778888"
	result	%1, "=tls0 ebx=10203040 ecx=77778888"
	case	the_name, "SDM 2A, LDS", "a far pointer: offset first, then the selector"
	tls	0, DATA + 0x100, 0xf, RW, SEG_32
	before	the_state
	%2	ebx, [DATA]
	mov	ecx, [%1:4]
	after	the_result

	name	"segments.far.word.", %2
	state	"[0]=3040 [2]=tls0 [4]=deaddead [104]=77778888"
	result	%1, "=tls0 ebx=b0b13040 ecx=77778888"
	case	the_name, "SDM 2A, LDS", "a far pointer with a 16-bit offset"
	tls	0, DATA + 0x100, 0xf, RW, SEG_32
	before	the_state
	%2	bx, [DATA]
	mov	ecx, [%1:4]
	after	the_result

	name	"segments.far.absent.", %2
	state	"[0]=10203040 [4]=tls0"
	case	the_name, "SDM 2A, LDS", "a far pointer that is refused loads neither half"
	tls	0, DATA + 0x100, 0xf, ABSENT(RW), SEG_32
	before	the_state
	mark	bad
	%2	ebx, [DATA]
	ends	"#NP(tls0-3)@bad"

	name	"segments.far.null.", %2
	state	"[0]=10203040 [4]=0000"
	result	%1, "=0 ebx=10203040"
	case	the_name, "SDM 2A, LDS", "a far null pointer can be loaded"
	before	the_state
	%2	ebx, [DATA]
	after	the_result
%endmacro
far_pointer_case ds, lds
far_pointer_case es, les
far_pointer_case fs, lfs
far_pointer_case gs, lgs

case	"segments.far.lss", "SDM 2A, LDS", "LSS loads the stack in one instruction"
	tls	0, STACK, 0xfff, RW, SEG_32
	before	"[0]=00000020 [4]=tls0"
	lss	esp, [DATA]
	push	edx
	after	"ss=tls0 esp=1c [101c]=d0d1d2d3"

case	"segments.far.lss.null", "SDM 2A, LDS", "LSS of a null SS is refused, and loads neither half"
	before	"[0]=00000020"
	mark	bad
	lss	esp, [DATA]
	ends	"#GP(0)@bad"

case	"segments.far.lss.absent", "SDM 2A, LDS", "LSS of an absent one is #SS"
	tls	0, STACK, 0xfff, ABSENT(RW), SEG_32
	before	"[0]=00000020 [4]=tls0"
	mark	bad
	lss	esp, [DATA]
	ends	"#SS(tls0-3)@bad"

; --- CS ---

; Code in a segment of its own: its base is CODE, so EIP counts from the start of the case.
%macro code_case 5			; name, manual, proves, where: "tls0" or "sel0", access
	name	"segments.cs.", %1
	case	the_name, %2, %3
.start:
	%ifidn %4, "sel0"
	ldt	0, CODE, 0xfff, %5, SEG_32
	%else
	tls	0, CODE, 0xfff, %5, SEG_32
	%endif
	state	"[0]=@in-10000000 [4]=", %4
	result	"cs=", %4
	before	the_state
%endmacro

%macro code_jump_case 4
	code_case %1, "SDM 2A, JMP", %2, %3, %4
	jmp	far [DATA]
	mark	in
	nop
	mark	end
	ends	"#BP@end-fffffff"
	after	the_result
%endmacro
code_jump_case "jump.ldt", "a far jump into a code segment of the LDT", "sel0", CODE_RX
code_jump_case "jump.execute", "an execute-only code segment runs", "sel0", CODE_XO
code_jump_case "jump.conforming", "a conforming code segment of the same ring runs", "sel0", CODE_CO
code_jump_case "jump.conforming.execute", "conforming and execute-only", "sel0", CODE_CO_XO

code_case "call", "SDM 2A, CALL", "a far call and its return", "sel0", CODE_RX
	call	far [DATA]
	mark	back
	jmp	.end
	mark	in
	retf
	mark	end
	after	"[1ff8]=@back [1ffc]=user_cs [1ffe:2]=?"

code_case "call.word", "SDM 2A, CALL", "a far call with a 16-bit operand: two words", "sel0", CODE_RX
	nostep
	jmp	far [DATA]
	mark	in
	o16 call far [DATA + 0x10]
	mark	back
	before	"[10]=@target-10000000 [12]=sel0"
	mark	target
	mark	end
	ends	"#BP@end-fffffff"
	after	"cs=sel0 esp=stack-4 [1ffc]=@back-10000000 [1ffe]=0007"

code_case "return.pop", "SDM 2B, RET", "a far return takes its parameters off the stack", "sel0", CODE_RX
	call	far [DATA]
	mark	back
	jmp	.end
	mark	in
	retf	0xc
	mark	end
	before	"esp=stack-c"
	after	"esp=stack [1fec]=@back [1ff0]=user_cs [1ff2:2]=?"

code_case "read", "SDM 3 §5.5", "readable code is read through CS, with its base", "sel0", CODE_RX
	jmp	far [DATA]
	mark	in
	mov	ecx, [cs:.datum - .start]
	jmp	.end
	mark	datum
	dd	0x12345678
	mark	end
	ends	"#BP@end-fffffff"
	after	"cs=sel0 ecx=12345678"

code_case "execute.read", "SDM 3 §5.5", "execute-only code cannot be read", "sel0", CODE_XO
	jmp	far [DATA]
	mark	in
	mov	ecx, [cs:0]
	ends	"#GP(0)@in-10000000"
	after	"cs=sel0"

code_case "write", "SDM 3 §5.5", "code is not written through CS, whatever its page says", "sel0", CODE_RX
	jmp	far [DATA]
	mark	in
	mov	[cs:DATA - CODE], ecx
	ends	"#GP(0)@in-10000000"
	after	"cs=sel0"

; The limit holds for fetches and for the targets of jumps, calls and returns, which fault before they go anywhere.
%macro code_limit_case 2			; name, proves
	name	"segments.cs.limit.", %1
	case	the_name, "SDM 3 §5.3", %2
.start:
	ldt	0, CODE, 0xff, CODE_RX, SEG_32
	before	"[0]=@in-10000000 [4]=sel0"
	after	"cs=sel0"
	jmp	far [DATA]
%endmacro

code_limit_case "jump", "a near jump behind the limit"
	mark	in
	jmp	near $ + 0x200
	ends	"#GP(0)@in-10000000"
code_limit_case "jump.condition", "a conditional jump behind the limit"
	mark	in
	jnz	near $ + 0x200
	ends	"#GP(0)@in-10000000"
code_limit_case "jump.negative", "a jump to below offset 0"
	mark	in
	jmp	near $ - 0x200
	ends	"#GP(0)@in-10000000"
code_limit_case "jump.last", "the limit itself can be jumped to"
	mark	in
	jmp	near .end
	times 0xff - ($ - .start) nop
	mark	end
	ends	"#BP@end-fffffff"
code_limit_case "jump.indirect", "an indirect jump behind the limit"
	mark	in
	jmp	[DATA + 8]
	before	"[8]=00000100"
	ends	"#GP(0)@in-10000000"
code_limit_case "call", "a call behind the limit pushes nothing"
	mark	in
	call	$ + 0x200
	ends	"#GP(0)@in-10000000"
code_limit_case "return", "a return behind the limit leaves ESP alone"
	mark	in
	ret
	before	"[1ff0]=00000100 esp=stack-10"
	ends	"#GP(0)@in-10000000"
code_limit_case "fetch", "the instruction behind the limit is not fetched"
	nostep				; the way back to behind the limit is one that no IRET can go
	times 0xf8 - ($ - .start) nop
	mark	in
	times 8 nop
	mark	bad
	nop
	ends	"#GP(0)@bad-10000000"
code_limit_case "fetch.straddle", "an instruction partly behind the limit is not executed"
	times 0xfc - ($ - .start) nop
	mark	in
	nop
	mark	bad
	mov	eax, 0x12345678
	ends	"#GP(0)@bad-10000000"

case	"segments.cs.limit.far", "SDM 2A, JMP", "a far jump behind the limit of its target faults before CS is loaded"
	ldt	0, CODE, 0xff, CODE_RX, SEG_32
	before	"[0]=00000100 [4]=sel0"
	mark	bad
	jmp	far [DATA]
	ends	"#GP(0)@bad"

case	"segments.cs.limit.far.call", "SDM 2A, CALL", "a far call behind the limit of its target faults before CS and ESP are loaded"
	ldt	0, CODE, 0xff, CODE_RX, SEG_32
	before	"[0]=00000100 [4]=sel0"
	mark	bad
	call	far [DATA]
	ends	"#GP(0)@bad"
	after	"[1ff8:8]=?"		; below ESP: AMD's CPUs push first

; With D = 0 operands and addresses are 16 bits wide.
case	"segments.cs.16bit", "SDM 3 §3.4.5", "D = 0: 16-bit operands"
	ldt	0, CODE, 0xffff, CODE_RX, SEG_16
	before	"[0]=@in-10000000 [4]=sel0"
	jmp	far [DATA]
	mark	in
	bits	16
	inc	ax
	mov	cx, 0x1234
	push	dx
	mark	end
	bits	32
	ends	"#BP@end-fffffff"
	after	"cs=sel0 eax=a0a1a2a4 ecx=c0c11234 esp=stack-2 [1ffe]=d2d3 eflags=282"

case	"segments.cs.16bit.prefix", "SDM 3 §3.4.5", "D = 0: the prefixes choose 32 bits"
	ldt	0, CODE, 0xffff, CODE_RX, SEG_16
	before	"[0]=@in-10000000 [4]=sel0 [8]=55556666"
	jmp	far [DATA]
	mark	in
	bits	16
	mov	ecx, 0x12345678
	mov	edx, [dword DATA + 8]
	mark	end
	bits	32
	ends	"#BP@end-fffffff"
	after	"cs=sel0 ecx=12345678 edx=55556666"

case	"segments.cs.16bit.jump", "SDM 2A, JMP", "a jump with a 16-bit operand cuts EIP to 16 bits"
	ldt	0, CODE, 0xfffff, CODE_RX, SEG_16
	before	"[0]=@in-10000000 [4]=sel0"
	jmp	far [DATA]
	mark	end
	int3
	mark	in
	bits	16
	jmp	near .end
	bits	32
	ends	"#BP@end-fffffff"
	after	"cs=sel0"

; The same out of each slot.
%macro cs_slot 7			; slot, name, proves, limit, access, flags, where "start" is to jump to: an offset
	name	"segments.cs.tls", %1, ".", %2
	state	"[0]=", %7, " [4]=tls", %1
	result	"cs=tls", %1
	case	the_name, "SDM 2A, JMP", %3
.start:
	tls	%1, CODE, %4, %5, %6
	before	the_state
%endmacro

%macro cs_slot_cases 1
	cs_slot	%1, "jump", "a far jump into a code segment of a slot", 0xfff, CODE_RX, SEG_32, "@in-10000000"
	jmp	far [DATA]
	mark	in
	nop
	mark	end
	ends	"#BP@end-fffffff"
	after	the_result

	cs_slot	%1, "execute", "an execute-only code segment runs, and cannot be read", 0xfff, CODE_XO, SEG_32, "@in-10000000"
	jmp	far [DATA]
	mark	in
	mov	ecx, [cs:0]
	ends	"#GP(0)@in-10000000"
	after	the_result

	cs_slot	%1, "limit.last", "the limit itself can be jumped to", 0x3f, CODE_RX, SEG_32, "@in-10000000"
	jmp	far [DATA]
	mark	in
	jmp	near .end
	times 0x3f - ($ - .start) nop
	mark	end
	ends	"#BP@end-fffffff"
	after	the_result

	cs_slot	%1, "limit.out", "the byte behind the limit cannot", 0x3e, CODE_RX, SEG_32, "@in-10000000"
	jmp	far [DATA]
	mark	in
	jmp	near .end
	times 0x3f - ($ - .start) nop
	mark	end
	ends	"#GP(0)@in-10000000"
	after	the_result

	cs_slot	%1, "page.last", "a limit of 0 pages is one whole page", 0, CODE_RX, SEG_32_PAGES, "00000fff"
	mark	first
	jmp	far [DATA]		; (the page is full of INT3)
	ends	"#BP@first-ffff000"
	after	the_result

	cs_slot	%1, "page.out", "the first byte of the next page is out", 0, CODE_RX, SEG_32_PAGES, "00001000"
	mark	bad
	jmp	far [DATA]
	ends	"#GP(0)@bad"

	cs_slot	%1, "16bit", "D = 0: 16-bit operands", 0xffff, CODE_RX, SEG_16, "@in-10000000"
	jmp	far [DATA]
	mark	in
	bits	16
	mov	cx, 0x1234
	push	dx
	mark	end
	bits	32
	ends	"#BP@end-fffffff"
	after	the_result
	after	"ecx=c0c11234 esp=stack-2 [1ffe]=d2d3"

	cs_slot	%1, "absent", "a code segment that is not present", 0xfff, ABSENT(CODE_RX), SEG_32, "@bad-10000000"
	mark	bad
	jmp	far [DATA]
	result	"#NP(tls", %1, "-3)@bad"
	ends	the_result

	cs_slot	%1, "readonly", "data is not code", 0xfff, RO, SEG_32, "@bad-10000000"
	mark	bad
	jmp	far [DATA]
	result	"#GP(tls", %1, "-3)@bad"
	ends	the_result
%endmacro
%assign slot 0
%rep 3
	cs_slot_cases slot
%assign slot slot + 1
%endrep

; Restarted in it: the way back from the save area loads CS with its base, limit and D.
case	"segments.cs.restarted", "SDM 3 §3.4.3", "code of the LDT out of a save area"
	ldt	0, CODE, 0xfff, CODE_RX, SEG_32
	before	"cs=sel0 eip=0"
	nop
	nop
	mark	end
	ends	"#BP@end-fffffff"

case	"segments.cs.restarted.16bit", "SDM 3 §3.4.3", "16-bit code of the LDT out of a save area"
	ldt	0, CODE, 0xffff, CODE_RX, SEG_16
	before	"cs=sel0 eip=0"
	bits	16
	inc	ax
	inc	cx
	bits	32
	mark	end
	ends	"#BP@end-fffffff"
	after	"eax=a0a1a2a4 ecx=c0c1c2c4 eflags=282"

; Where a far jump, call, return or IRET may not go. A return must go to RPL 3; a jump does not ask for RPL 3 and gets
; it, since RPL becomes CPL. IRET finds 20 bytes, as a return to another ring needs: AMD's CPUs read them
; all before they look at the selector.
%macro code_refused_case 7		; name, selector, error, ends for returns, slot's access, needs, proves
	name	"segments.cs.refused.jump.", %1
	state	"[0]=@bad [4]=", %2
	case	the_name, "SDM 2A, JMP", %7
	needs	%6
	%if %5
	tls	0, 0, 0xfffff, %5, SEG_32_PAGES
	%endif
	before	the_state
	mark	bad
	jmp	far [DATA]
	result	%3, "@bad"
	ends	the_result

	name	"segments.cs.refused.call.", %1
	case	the_name, "SDM 2A, CALL", %7
	needs	%6
	%if %5
	tls	0, 0, 0xfffff, %5, SEG_32_PAGES
	%endif
	before	the_state
	mark	bad
	call	far [DATA]
	ends	the_result

	name	"segments.cs.refused.return.", %1
	state	"[1ff0]=@bad [1ff4]=", %2, " [1ff6]=0000 esp=stack-10"
	case	the_name, "SDM 2B, RET", %7
	needs	%6
	%if %5
	tls	0, 0, 0xfffff, %5, SEG_32_PAGES
	%endif
	before	the_state
	mark	bad
	retf
	result	%4, "@bad"
	ends	the_result

	name	"segments.cs.refused.iret.", %1
	state	"[1fe0]=@bad [1fe4]=", %2, " [1fe6]=0000 [1fe8]=00000202 esp=stack-20"
	case	the_name, "SDM 2A, IRET", %7
	needs	%6
	%if %5
	tls	0, 0, 0xfffff, %5, SEG_32_PAGES
	%endif
	before	the_state
	mark	bad
	iretd
	ends	the_result
%endmacro
code_refused_case "null", "0000", "#GP(0)", "#GP(0)", 0, "", "CS cannot be null"
code_refused_case "null.rpl3", "0003", "#GP(0)", "#GP(0)", 0, "", "CS cannot be null, RPL 3"
code_refused_case "data", "tls0", "#GP(tls0-3)", "#GP(tls0-3)", RW, "", "data is not code"
code_refused_case "absent", "tls0", "#NP(tls0-3)", "#NP(tls0-3)", ABSENT(CODE_RX), "", "code that is not present"
code_refused_case "absent.data", "tls0", "#GP(tls0-3)", "#GP(tls0-3)", ABSENT(RW), "", "the type is looked at before P"
code_refused_case "empty", "tls0", "#GP(tls0-3)", "#GP(tls0-3)", 0, "", "an empty slot"
code_refused_case "beyond", "0103", "#GP(100)", "#GP(100)", 0, "", "past the GDT's end"
code_refused_case "no.ldt", "sel0", "#GP(sel0-3)", "#GP(sel0-3)", 0, "", "the LDT is not there"
code_refused_case "kernel", "60", "#GP(60)", "#GP(60)", 0, "ring0", "the kernel's code"
code_refused_case "kernel.rpl3", "63", "#GP(60)", "#GP(60)", 0, "ring0", "the kernel's code, RPL 3"
code_refused_case "tss", "83", "#GP(80)", "#GP(80)", 0, "ring0", "the TSS of a ring-0 task"
code_refused_case "ldt", "8b", "#GP(88)", "#GP(88)", 0, "ring0", "the LDT's descriptor"

case	"segments.cs.refused.return.rpl0", "SDM 2B, RET", "no return to an inner ring"
	tls	0, 0, 0xfffff, CODE_RX, SEG_32_PAGES
	before	"[1ff0]=@bad [1ff4]=tls0-3 esp=stack-10"
	mark	bad
	retf
	ends	"#GP(tls0-3)@bad"

case	"segments.cs.refused.return.rpl2", "SDM 2B, RET", "no return to RPL 2"
	tls	0, 0, 0xfffff, CODE_RX, SEG_32_PAGES
	before	"[1ff0]=@bad [1ff4]=tls0-1 esp=stack-10"
	mark	bad
	retf
	ends	"#GP(tls0-3)@bad"

case	"segments.cs.refused.iret.rpl0", "SDM 2A, IRET", "no IRET to an inner ring"
	tls	0, 0, 0xfffff, CODE_RX, SEG_32_PAGES
	before	"[1ff0]=@bad [1ff4]=tls0-3 [1ff8]=00000202 esp=stack-10"
	mark	bad
	iretd
	ends	"#GP(tls0-3)@bad"

%macro code_rpl_case 1
	name	"segments.cs.jump.rpl", %1
	state	"[0]=@in [4]=tls0-", %eval(3 - %1)
	case	the_name, "SDM 2A, JMP", "a jump takes any RPL up to CPL, and CS has CPL"
	tls	0, 0, 0xfffff, CODE_RX, SEG_32_PAGES
	before	the_state
	jmp	far [DATA]
	int3
	mark	in
	after	"cs=tls0"
%endmacro
%assign rpl 0
%rep 4
	code_rpl_case rpl
%assign rpl rpl + 1
%endrep

end_cases
