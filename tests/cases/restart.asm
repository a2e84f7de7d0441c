; SPDX-License-Identifier: GPL-2.0-only
;
; Restart itself: what docs/FORMAT.md §3 refuses, and, next to each refusal, the extremes that are legal and come back
; as they were. A state that the processor would refuse must never reach it: the fault would be the kernel's own.

%include "case.inc"
%include "xstate.inc"

; refuse NAME, PROVES, BEFORE, RECORD.FIELD: no task comes into being
%macro refuse 4
	%strcat %%name "restart.refused.", %1
	%strcat %%ends "refused:", %4
	case	%%name, "docs/FORMAT.md §3", %2
	before	%3
	nop
	ends	%%ends
%endmacro

; accept NAME, PROVES, BEFORE: it comes back, and is the same after two instructions
%macro accept 3
	%strcat %%name "restart.accepted.", %1
	case	%%name, "docs/FORMAT.md §3", %2
	before	%3
	nop
	nop
%endmacro

; --- row 8: widths ---

; Registers stand in 64 bits of the record.
%macro wide_case 2
	%strcat %%subject "wide.", %1
	%strcat %%before %1, "=100000000"
	%strcat %%field "CPU.", %2
	refuse	%%subject, "row 8: a register of 32 bits, zero-extended", %%before, %%field
%endmacro
wide_case "eax", "ax"
wide_case "ecx", "cx"
wide_case "edx", "dx"
wide_case "ebx", "bx"
wide_case "esp", "sp"
wide_case "ebp", "bp"
wide_case "esi", "si"
wide_case "edi", "di"
wide_case "eip", "ip"
wide_case "eflags", "flags"
wide_case "orig_eax", "orig_ax"
wide_case "cs", "cs"
wide_case "ss", "ss"
wide_case "ds", "ds"
wide_case "es", "es"
wide_case "fs", "fs"
wide_case "gs", "gs"
wide_case "DR0", "debugreg0"
wide_case "DR1", "debugreg1"
wide_case "DR2", "debugreg2"
wide_case "DR3", "debugreg3"
wide_case "DR6", "debugreg6"
wide_case "DR7", "debugreg7"
refuse	"stray.cs", "row 8: a selector has 16 bits", "cs=10073", "CPU.cs"
refuse	"stray.ss", "row 8: a selector has 16 bits", "ss=1007b", "CPU.ss"
refuse	"stray.ds", "row 8: a selector has 16 bits", "ds=1007b", "CPU.ds"
refuse	"stray.es", "row 8: a selector has 16 bits", "es=1007b", "CPU.es"
refuse	"stray.fs", "row 8: a selector has 16 bits, null ones too", "fs=10000", "CPU.fs"
refuse	"stray.gs", "row 8: a selector has 16 bits, null ones too", "gs=ffff0000", "CPU.gs"

accept	"general.ones", "all general registers at FFFFFFFF", \
	"eax=ffffffff ecx=ffffffff edx=ffffffff ebx=ffffffff esp=ffffffff ebp=ffffffff esi=ffffffff edi=ffffffff"
accept	"general.zeros", "all general registers at 0", "eax=0 ecx=0 edx=0 ebx=0 esp=0 ebp=0 esi=0 edi=0"

; --- row 9: flags ---

%define FLAGS "row 9: EFLAGS as a task can have them"
refuse	"flags.if", FLAGS, "eflags=2", "CPU.flags"
refuse	"flags.fixed", FLAGS, "eflags=200", "CPU.flags"
refuse	"flags.zero", FLAGS, "eflags=0", "CPU.flags"
%macro flag_bit_case 1
	%xdefine %%number DEC(%1)
	%xdefine %%value HEX(0x202 | 1 << %1)
	%strcat %%subject "flags.bit", %%number
	%strcat %%before "eflags=", %%value
	refuse	%%subject, FLAGS, %%before, "CPU.flags"
%endmacro
flag_bit_case 3
flag_bit_case 5
flag_bit_case 12			; IOPL
flag_bit_case 13
flag_bit_case 15
flag_bit_case 17			; VM
flag_bit_case 19			; VIF
flag_bit_case 20			; VIP
%assign n 22
%rep 10
	flag_bit_case n
	%assign n n + 1
%endrep

case	"restart.accepted.flags.all", "docs/FORMAT.md §3", "row 9: all flags that a task may have, TF and RF among them"
	needs	"cpuid"
	before	"eflags=254fd7"
	nostep
	nop
	mark	next
	ends	"#DB@next"
	after	"DR6.BS=1 eflags.RF=0"

; --- row 9: selectors ---

%define SEGMENT "row 9: a selector that this register can hold"
%macro refuse_selector 5		; register, name, selector, TLS 0's access, LDT 0's
	%defstr %%register %1
	%strcat %%subject %%register, ".", %2
	%strcat %%before %%register, "=", %3
	%strcat %%field "CPU.", %%register
	refuse	%%subject, SEGMENT, %%before, %%field
	%if %4
	tls	0, 0, 0xfffff, %4, SEG_32_PAGES
	%endif
	%if %5
	ldt	0, 0, 0xfffff, %5, SEG_32_PAGES
	%endif
%endmacro

; Those that no register can hold
%macro refuse_everywhere 1
	refuse_selector %1, "kernel.code", "60", 0, 0
	refuse_selector %1, "kernel.code.rpl3", "63", 0, 0
	refuse_selector %1, "kernel.data", "68", 0, 0
	refuse_selector %1, "kernel.data.rpl3", "6b", 0, 0
	refuse_selector %1, "tss", "83", 0, 0
	refuse_selector %1, "ldt", "8b", 0, 0
	refuse_selector %1, "empty", "tls0", 0, 0
	refuse_selector %1, "beyond", "103", 0, 0
	refuse_selector %1, "last", "fffb", 0, 0
	refuse_selector %1, "no.ldt", "sel0", 0, 0
	refuse_selector %1, "beyond.ldt", "sel1", 0, 0xf3
	refuse_selector %1, "absent.data", "tls0", 0x73, 0
	refuse_selector %1, "absent.code", "tls0", 0x7b, 0
	refuse_selector %1, "absent.ldt", "sel0", 0, 0x73
%endmacro
refuse_everywhere cs
refuse_everywhere ss
refuse_everywhere ds
refuse_everywhere es
refuse_everywhere fs
refuse_everywhere gs

%macro refuse_data 1
	refuse_selector %1, "execute", "tls0", 0xf9, 0
	refuse_selector %1, "execute.conforming", "tls0", 0xfd, 0
%endmacro
refuse_data ds
refuse_data es
refuse_data fs
refuse_data gs

refuse_selector cs, "null", "0", 0, 0
refuse_selector cs, "null.rpl3", "3", 0, 0
refuse_selector cs, "data", "user_ds", 0, 0
refuse_selector cs, "data.tls", "tls0", 0xf3, 0
refuse_selector cs, "rpl0", "user_cs-3", 0, 0
refuse_selector cs, "rpl1", "user_cs-2", 0, 0
refuse_selector cs, "rpl2", "user_cs-1", 0, 0
refuse_selector ss, "null", "0", 0, 0
refuse_selector ss, "null.rpl3", "3", 0, 0
refuse_selector ss, "code", "user_cs", 0, 0
refuse_selector ss, "readonly", "tls0", 0xf1, 0
refuse_selector ss, "readonly.down", "tls0", 0xf5, 0
refuse_selector ss, "execute", "tls0", 0xf9, 0
refuse_selector ss, "rpl0", "user_ds-3", 0, 0
refuse_selector ss, "rpl1", "user_ds-2", 0, 0
refuse_selector ss, "rpl2", "user_ds-1", 0, 0

; Each type that a data register can hold; the segment need not be of any use.
%macro accept_type 3			; name, access, flags
	%strcat %%subject "segments.", %1
	accept	%%subject, SEGMENT, "ds=tls0 es=sel0 fs=tls1 gs=sel1"
	tls	0, 0xffffffff, 0xfffff, %2, %3
	tls	1, 0x12345678, 0, %2, %3
	ldt	0, 0, 0, %2, %3
	ldt	1, 0x80000000, 0x80000, %2, %3
%endmacro
accept_type "data", 0xf3, SEG_32
accept_type "data.16bit", 0xf3, SEG_16
accept_type "data.pages", 0xf3, SEG_32_PAGES
accept_type "data.avl", 0xf3, SEG_32 | 1
accept_type "readonly", 0xf1, SEG_32
accept_type "down", 0xf7, SEG_32
accept_type "down.readonly", 0xf5, SEG_16
accept_type "code", 0xfb, SEG_32
accept_type "code.16bit", 0xfb, SEG_16
accept_type "code.conforming", 0xff, SEG_32

accept	"segments.user", SEGMENT, "ds=user_cs es=user_ds fs=user_cs gs=user_ds"
accept	"segments.rpl", "row 9: a data segment of DPL 3 with any RPL", "ds=user_ds-3 es=user_ds-2 fs=user_ds-1 gs=user_cs-3"
accept	"segments.null", SEGMENT, "ds=0 es=0 fs=0 gs=0"
accept	"segments.null.rpl", "row 9: null with any RPL; what becomes of it is the processor's choice", \
	"ds=3 es=2 fs=1 gs=3"
	after	"ds=? es=? fs=? gs=?"

; Each type that CS can have
%macro accept_code 2
	%strcat %%subject "cs.", %1
	accept	%%subject, SEGMENT, "cs=sel0"
	ldt	0, 0, 0xfffff, %2, SEG_32_PAGES
%endmacro
accept_code "code", 0xfb
accept_code "execute", 0xf9
accept_code "conforming", 0xff
accept_code "conforming.execute", 0xfd

accept	"ss.tls", SEGMENT, "ss=tls2 esp=ffc"
	tls	2, STACK, 0xfff, 0xf3, SEG_32
accept	"ss.down", SEGMENT, "ss=sel7 esp=1000"
	ldt	7, STACK, 0, 0xf7, SEG_32

; --- row 9: the limit of CS ---

%define IP "row 9: EIP lies within the limit of CS"
refuse	"ip.byte", IP, "cs=tls0 eip=10", "CPU.ip"
	tls	0, CODE, 0xf, 0xfb, SEG_32
refuse	"ip.page", IP, "cs=tls0 eip=1000", "CPU.ip"
	tls	0, CODE, 0, 0xfb, SEG_32_PAGES
refuse	"ip.ldt", IP, "cs=sel0 eip=ffffffff", "CPU.ip"
	ldt	0, CODE, 0xffff, 0xfb, SEG_16

case	"restart.accepted.ip.limit", "docs/FORMAT.md §3", IP
	tls	0, CODE, 0, 0xfb, SEG_32
	before	"cs=tls0 eip=0"
	nostep				; no IRET can go to behind the limit
	nop
	mark	bad
	nop
	ends	"#GP(0)@bad-10000000"

case	"restart.accepted.ip.page", "docs/FORMAT.md §3", IP
	tls	0, CODE, 0, 0xfb, SEG_32_PAGES
	before	"cs=tls0 eip=fff"
	mark	start
	ends	"#BP@start-ffff000"

%macro ip_top 3
case	%1, "docs/FORMAT.md §3", "row 9: EIP of a flat CS may be any; the fault is the task's"
	needs	%2
	before	"eip=ffffffff"
	mark	start
	ends	%3
	after	"cr2=ffffffff"
%endmacro
	ip_top	"restart.accepted.ip.top", "!fetch_told", "#PF(4)@start+efffffff"
	ip_top	"restart.accepted.ip.top.told", "fetch_told", "#PF(14)@start+efffffff"

; --- row 10: descriptors ---

%define DESCRIPTOR "row 10: a descriptor is zero, or S = 1, DPL = 3, L = 0"
%macro refuse_descriptor 3		; name, access, flags
	%assign %%slot 0
	%rep 3
	%defstr %%digit %[%%slot]
	%strcat %%subject "tls", %%digit, ".", %1
	refuse	%%subject, DESCRIPTOR, "", "THREAD.tls_array"
	tls	%%slot, 0, 0xfffff, %2, %3
	%assign %%slot %%slot + 1
	%endrep
	%strcat %%subject "ldt.", %1
	refuse	%%subject, DESCRIPTOR, "", "MM_CONTEXT.descriptor"
	ldt	7, 0, 0xfffff, %2, %3
%endmacro
refuse_descriptor "dpl0", 0x93, SEG_32_PAGES
refuse_descriptor "dpl1", 0xb3, SEG_32_PAGES
refuse_descriptor "dpl2", 0xd3, SEG_32_PAGES
refuse_descriptor "dpl0.absent", 0x13, SEG_32_PAGES
refuse_descriptor "long", 0xfb, 0xa
refuse_descriptor "long.data", 0xf3, 0x2
refuse_descriptor "limit.alone", 0, 0
refuse_descriptor "gate.call", 0xec, 0
refuse_descriptor "gate.task", 0xe5, 0
refuse_descriptor "gate.interrupt", 0xee, 0
refuse_descriptor "gate.trap", 0xef, 0
refuse_descriptor "tss", 0xe9, 0
refuse_descriptor "tss.busy", 0xeb, 0
refuse_descriptor "ldt", 0xe2, 0
refuse_descriptor "system.reserved", 0xe0, 0

%assign type 0
%rep 16
	%xdefine the_type HEX(type)
	%strcat	the_subject "descriptor.type", the_type
	accept	the_subject, DESCRIPTOR, ""
	tls	0, 0, 0, 0xf0 | type, SEG_16
	tls	1, 0xffffffff, 0xfffff, 0xf0 | type, 0xd
	tls	2, 0x89abcdef, 0x54321, 0x70 | type, SEG_32
	ldt	0, 0x01234567, 0x12345, 0xf0 | type, SEG_16_PAGES
	ldt	7, 0xfedcba98, 0x6789a, 0x70 | type, 0x1
	%undef	the_type
	%undef	the_subject
	%assign type type + 1
%endrep

; Row 3: the array is there whether it is empty or not.
accept	"tls.none", "row 3: no slot in use", ""
%macro tls_alone_case 1
	%defstr %%digit %[%1]
	%strcat %%subject "tls.alone", %%digit
	accept	%%subject, "row 3: one slot in use", ""
	tls	%1, 0xffffffff, 0xfffff, 0xf3, SEG_32_PAGES
%endmacro
%assign n 0
%rep 3
	tls_alone_case n
	%assign n n + 1
%endrep

; --- row 11: debug registers ---

%define DEBUG "row 11: DR6 and DR7 as a task can have them"
%macro refuse_debug 3			; name, before, field
	%strcat %%subject "debug.", %1
	%strcat %%field "CPU.debugreg", %3
	refuse	%%subject, DEBUG, %2, %%field
%endmacro
refuse_debug "gd", "DR7=2000", "7"
refuse_debug "fixed", "DR7=400", "7"
refuse_debug "rtm", "DR7=800", "7"
refuse_debug "bit12", "DR7=1000", "7"
refuse_debug "bit14", "DR7=4000", "7"
refuse_debug "bit15", "DR7=8000", "7"
%assign n 0
%rep 4
	%defstr	the_digit %[n]
	%xdefine the_io HEX(1 << 2 * n | 2 << (16 + 4 * n))
	%xdefine the_length HEX(2 << 2 * n | 9 << (16 + 4 * n))
	%xdefine the_execute HEX(1 << 2 * n | 4 << (16 + 4 * n))
	%xdefine the_word HEX(1 << 2 * n | 5 << (16 + 4 * n))
	%xdefine the_dword HEX(1 << 2 * n | 0xf << (16 + 4 * n))
	%xdefine the_byte HEX(2 << 2 * n | 1 << (16 + 4 * n))
	%strcat	the_name "io.dr", the_digit
	%strcat	the_state "DR7=", the_io
	refuse_debug the_name, the_state, "7"
	%strcat	the_name "length2.dr", the_digit
	%strcat	the_state "DR7=", the_length
	refuse_debug the_name, the_state, "7"
	%strcat	the_name "execute.length.dr", the_digit
	%strcat	the_state "DR7=", the_execute
	refuse_debug the_name, the_state, "7"
	%strcat	the_name "unaligned.word.dr", the_digit
	%strcat	the_state "DR", the_digit, "=data+1 DR7=", the_word
	refuse_debug the_name, the_state, "7"
	%strcat	the_name "unaligned.dword.dr", the_digit
	%strcat	the_state "DR", the_digit, "=data+2 DR7=", the_dword
	refuse_debug the_name, the_state, "7"
	%strcat	the_name "kernel.dr", the_digit
	%strcat	the_state "DR", the_digit, "=c0000000 DR7=", the_byte
	refuse_debug the_name, the_state, "7"
	%strcat	the_name "debug.last.byte.dr", the_digit
	%strcat	the_state "DR", the_digit, "=bfffffff DR7=", the_byte
	accept	the_name, DEBUG, the_state
	%strcat	the_name "debug.last.dword.dr", the_digit
	%strcat	the_state "DR", the_digit, "=bffffffc DR7=", the_dword
	accept	the_name, DEBUG, the_state
	%undef	the_digit
	%undef	the_io
	%undef	the_length
	%undef	the_execute
	%undef	the_word
	%undef	the_dword
	%undef	the_byte
	%undef	the_name
	%undef	the_state
	%assign n n + 1
%endrep
refuse_debug "dr6.reserved", "DR6=10", "6"
refuse_debug "dr6.bit11", "DR6=800", "6"
refuse_debug "dr6.bit12", "DR6=1000", "6"
refuse_debug "dr6.rtm", "DR6=10000", "6"
refuse_debug "dr6.reset", "DR6=ffff0ff0", "6"
accept	"debug.status", DEBUG, "DR6=e00f"
accept	"debug.disabled", "row 11: what is not enabled may be anything", \
	"DR0=ffffffff DR1=c0000001 DR2=80000003 DR3=1 DR7=ffff0300"
accept	"debug.armed", "row 11: all four, local and global, exact", \
	"DR0=20000000 DR1=20000001 DR2=20000002 DR3=20000004 DR7=d71f03ff"

; --- rows 15 and 20: x87 and SSE ---

; ones NAME, COUNT, BEFORE, BEHIND, DIGITS: so many registers, all of their bits set
%macro ones 5
	%define %1 ""
	%assign %%n 0
	%rep %2
		%xdefine %%digit DEC(%%n)
		%strcat %1 %1, %3, %%digit, %4, "="
		%rep (%5) / 16
			%strcat %1 %1, "ffffffffffffffff"
		%endrep
		%rep (%5) % 16
			%strcat %1 %1, "f"
		%endrep
		%strcat %1 %1, " "
		%assign %%n %%n + 1
	%endrep
%endmacro
	ones ST_ONES, 8, "ST", "", 20
	%strcat X87_ONES "FTW=ff ", ST_ONES
	ones XMM_ONES, 8, "XMM", "", 32
	ones YMM_ONES, 8, "YMM", "_Hi128", 32
	ones ZMM_ONES, 8, "ZMM", "_Hi256", 64
	ones K_ONES, 8, "K", "", 16
	ones BND_ONES, 4, "BND", "", 32

%define FPU "rows 15 and 20: x87 and SSE state as the processor takes it"
refuse	"x87.fop", FPU, "FOP=800", "CPU.xstate"
	needs	"x87"
refuse	"x87.none", "row 6: a CPU without x87 takes no x87 state", "FCW=027f", "CPU.used_math"
	needs	"!x87"
%macro refuse_mxcsr 1
	%xdefine %%number DEC(%1)
	%xdefine %%value HEX(0x1f80 | 1 << %1)
	%strcat %%subject "mxcsr.bit", %%number
	%strcat %%before "MXCSR=", %%value
	refuse	%%subject, "row 20: MXCSR within MXCSR_MASK", %%before, "CPU.xstate.mxcsr"
	needs	"sse"
%endmacro
%assign n 16
%rep 16
	refuse_mxcsr n
	%if n = 17
	needs	"!mxcsr_mm"
	%endif
	%assign n n + 1
%endrep
refuse	"mxcsr.daz", "row 20: MXCSR within MXCSR_MASK", "MXCSR=1fc0", "CPU.xstate.mxcsr"
	needs	"sse !daz"
refuse	"sse.none", "row 6: a CPU without SSE takes no SSE state", "XMM7=1", "CPU.has_fxsr"
	needs	"x87 !sse"
refuse	"sse.none.mxcsr", "row 6: a CPU without SSE takes no SSE state", "MXCSR=1f00", "CPU.has_fxsr"
	needs	"x87 !sse"
refuse	"avx.none", "a CPU without AVX takes no AVX state", "YMM0_Hi128=1", "XSTATE.AVX"
	needs	"x87 !avx"
refuse	"opmask.none", "a CPU without AVX-512 takes no opmask", "K7=1", "XSTATE.opmask"
	needs	"x87 !avx512f"
refuse	"pkru.none", "a CPU without protection keys takes no PKRU", "PKRU=fffffffc", "XSTATE.PKRU"
	needs	"x87 !pku"

accept	"x87.control.low", FPU, "FCW=0040"
	needs	"x87"
accept	"x87.control.high", FPU, "FCW=0f7f"
	needs	"x87"
accept	"x87.status.high", "row 15: all flags, masked, and all conditions", "FSW=7f7f"
	needs	"x87"
accept	"x87.tags.high", FPU, "FTW=ff ST0=3fff8000000000000000 ST7=ffffffffffffffffffff"
	needs	"x87"
accept	"mxcsr.low", FPU, "MXCSR=0"
	needs	"sse"
accept	"mxcsr.high", FPU, "MXCSR=ffbf"
	needs	"sse"
accept	"mxcsr.high.daz", FPU, "MXCSR=ffff"
	needs	"sse daz"
accept	"x87.registers.ones", FPU, X87_ONES
	needs	"x87"
accept	"x87.pointers.ones", FPU, "FIP=ffffffff FCS=ffff FDP=ffffffff FDS=ffff FOP=7ff"
	needs	"x87 !amd fcs_fds"
	after	"FIP=ffffffff FCS=ffff FDP=ffffffff FDS=ffff FOP=7ff"
accept	"xmm.high", FPU, "XMM0=ffffffffffffffffffffffffffffffff XMM7=1"
	needs	"sse"
accept	"xmm.ones", FPU, XMM_ONES
	needs	"sse"
accept	"ymm.ones", FPU, YMM_ONES
	needs	"avx"
accept	"zmm.ones", FPU, ZMM_ONES
	needs	"avx512f"
accept	"opmask.ones", FPU, K_ONES
	needs	"avx512bw"
accept	"bnd.ones", FPU, BND_ONES
	needs	"mpx"
accept	"bndcsr.high", FPU, "BNDCFGU=fffff003 BNDSTATUS=ffffffff"
	needs	"mpx"
accept	"pkru.high", "row 20: PKRU, all but key 0", "PKRU=fffffffc"
	needs	"pku"

; --- row 14: what a system call returns, and what an image has in EAX ---

; A task that makes an image of itself goes on with the image's number, and is restarted with 0. Its memory is left alone,
; so that it can tell the two by what it has written there. open(2), checkpoint, close(2), open(2), restart.
case	"restart.self", "docs/FORMAT.md §3", "row 14: a task that checkpoints itself has 0 in EAX when it is restarted"
	needs	"ring0"			; system calls that only cr86 has
	nostep
	before	"[0]=00_666c6573_2f_73676572_2f"	; "/regs/self"
	mov	eax, 5
	mov	ebx, DATA
	mov	ecx, 0x41		; O_WRONLY | O_CREAT
	int	0x80
	mov	edi, eax
	mov	eax, 333		; checkpoint(0, fd, 0)
	mov	ebx, 0
	mov	ecx, edi
	mov	edx, 0
	mov	esi, 0x12345678		; (the image has this)
	int	0x80
	mov	ebp, eax
	mov	eax, 6			; both times the descriptor is the first free one
	mov	ebx, edi
	int	0x80
	cmp	esi, [DATA + 0x20]
	je	.restarted
	mov	[DATA + 0x20], esi
	cmp	ebp, 0
	setg	[DATA + 0x24]
	mov	eax, 5
	mov	ebx, DATA
	mov	ecx, 0			; O_RDONLY
	int	0x80
	mov	ecx, eax
	mov	eax, 334		; restart(0, fd, 0)
	mov	ebx, 0
	mov	esi, 0			; (the running task has not)
	int	0x80
	mark	restarted
	cmp	esp, esp
	after	"eax=0 ebx=? ecx=? edx=0 ebp=0 esi=12345678 edi=? eflags=246 [20]=12345678 [24]=01"

; --- rows 4 and 17: a restart that fails changes nothing ---

; bad_image NAME, PROVES, BYTES, RESULT: the task writes so many bytes of its stack's page (zeros) into an image, and
; restarts from that: restart(2) returns, and all else is as it was. (Path plain alone, as the kernel says each time why.)
%macro bad_image 4
	%strcat %%name "restart.failed.", %1
	%strcat %%after "eax=", %4
	case	%%name, "docs/FORMAT.md §3", %2
	needs	"ring0"
	plain_only
	before	"[0]=00_646162_2f_73676572_2f"	; "/regs/bad"
	before	"fs=tls0 gs=tls2 DR0=data+10 DR7=000d0001 DR6=0000000f eflags=ed7"
	tls	0, DATA, 0xfff, 0xf3, SEG_32
	tls	2, STACK, 0, 0xf3, SEG_32_PAGES
	mov	eax, 5			; open(2), write(2), close(2), open(2), restart
	mov	ebx, DATA
	mov	ecx, 0x41		; O_WRONLY | O_CREAT
	int	0x80
	mov	ebx, eax
	mov	eax, 4
	mov	ecx, STACK
	mov	edx, %3
	int	0x80
	mov	eax, 6
	int	0x80
	mov	ecx, 0			; O_RDONLY
	mov	ebx, DATA
	mov	eax, 5
	int	0x80
	mov	ecx, eax
	mov	ebx, 0
	mov	edx, 0
	mov	eax, 334		; restart(0, fd, 0)
	int	0x80
	mov	ebp, eax
	mov	eax, 6
	mov	ebx, ecx
	int	0x80
	mov	eax, ebp
	after	%%after
	after	"ebx=? ecx=? edx=0"
	%strcat %%after "ebp=", %4
	after	%%after
%endmacro
bad_image "short", "row 4: a short read is -EPIPE", 7, "ffffffe0"
bad_image "zeros", "row 17: a record that is none is -EINVAL", 1136, "ffffffea"

end_cases
