; SPDX-License-Identifier: GPL-2.0-only
;
; Debug registers: what they match, when they tell, and whose they are.

%include "case.inc"
%include "watch.inc"

%define WATCHED	(DATA + 0x40)

; --- Data breakpoints: what counts as an access -------------------------------------------------------------------
;
; A breakpoint covers LEN bytes at an address aligned to LEN, and is met by an access that touches any of them, however
; wide and however aligned the access itself is (SDM 3 §17.2.5). Implementations that compare addresses for equality
; miss the last byte, wider accesses and those that begin before the watched bytes; ones that compare by words meet
; bytes beside them. The #DB is a trap: the access has been made, EIP points behind the instruction. Every case has a
; hit, so that dead debug registers fail.

; watch_case POSITION, N, KIND, LENGTH, SIZE, OFFSET: accesses of SIZE at WATCHED + OFFSET; those of KIND are hits
%macro watch_case 6
	%if %3 = WRITE
		%define %%kind "write"
	%else
		%define %%kind "access"
	%endif
	%xdefine %%n DEC(%2)
	%xdefine %%length DEC(%4)
	%strcat %%name "debug.", %%kind, ".len", %%length, ".", %1, ".dr", %%n
	case	%%name, "SDM 3 §17.2.5", "a breakpoint is met by any access to one of its bytes"
	arm	%2, WATCHED, %3, %4, LOCAL
	reports	%2
	before	"eax=0"
	load	%5, WATCHED + (%6)
	%if %3 = ACCESS
		debug_trap
	%endif
	store	%5, WATCHED + (%6)
	debug_trap
	nop
	ends	"#BP"
%endmacro

; Accesses on both sides touch none of its bytes; then one does.
%macro beside_case 3
	%if %2 = WRITE
		%define %%kind "write"
	%else
		%define %%kind "access"
	%endif
	%xdefine %%n DEC(%1)
	%xdefine %%length DEC(%3)
	%strcat %%name "debug.", %%kind, ".len", %%length, ".beside.dr", %%n
	case	%%name, "SDM 3 §17.2.5", "accesses that end before a breakpoint or begin behind it do not meet it"
	arm	%1, WATCHED, %2, %3, LOCAL
	reports	%1
	before	"eax=0"
	load	1, WATCHED - 1
	load	4, WATCHED - 4
	load	1, WATCHED + %3
	load	4, WATCHED + %3
	store	4, WATCHED - 4
	store	1, WATCHED - 1
	store	4, WATCHED + %3
	store	1, WATCHED + %3
	store	1, WATCHED
	debug_trap
	nop
	ends	"#BP"
%endmacro

%assign n 0
%rep 4
	watch_case "exact", n, WRITE, 1, 1, 0
	watch_case "exact", n, WRITE, 2, 2, 0
	watch_case "exact", n, WRITE, 4, 4, 0
	watch_case "exact", n, ACCESS, 1, 1, 0
	watch_case "exact", n, ACCESS, 2, 2, 0
	watch_case "exact", n, ACCESS, 4, 4, 0
%assign n n + 1
%endrep

%assign n 0
%rep 2
	%if n = 0
		%assign kind WRITE
	%else
		%assign kind ACCESS
	%endif
	watch_case "start", n, kind, 1, 2, -1
	watch_case "end", n + 1, kind, 1, 2, 0
	watch_case "cover", n + 2, kind, 1, 4, -2
	beside_case n + 1, kind, 1
	watch_case "first", n + 2, kind, 2, 1, 0
	watch_case "last", n, kind, 2, 1, 1
	watch_case "start", n + 1, kind, 2, 2, -1
	watch_case "end", n + 2, kind, 2, 2, 1
	watch_case "cover", n, kind, 2, 4, -1
	beside_case n, kind, 2
	watch_case "first", n, kind, 4, 1, 0
	watch_case "second", n + 1, kind, 4, 1, 1
	watch_case "third", n + 2, kind, 4, 1, 2
	watch_case "last", n + 1, kind, 4, 1, 3
	watch_case "middle", n, kind, 4, 2, 1
	watch_case "start", n + 2, kind, 4, 4, -3
	watch_case "end", n, kind, 4, 4, 3
	beside_case n + 2, kind, 4
%assign n n + 1
%endrep

; 8 bytes over all of a breakpoint's four. (Breakpoints of 8 bytes themselves are for 64-bit code: restart refuses LEN 10B,
; restart.refused.debug.length2.)
%macro cover_case 5			; N, KIND, its name, {INSTRUCTION}, after
	%xdefine %%n DEC(%1)
	%strcat %%name "debug.", %3, ".len4.cover.dr", %%n
	case	%%name, "SDM 3 §17.2.5", "a breakpoint is met by an unaligned access that covers it"
	needs	"x87"
	before	"FTW=80 FSW.TOP=7 ST0=3fff_8000000000000000"
	arm	%1, WATCHED, %2, 4, LOCAL
	reports	%1
	nop
	%4
	debug_trap
	nop
	ends	"#BP"
	after	%5
	after	"FSW.C0=? FSW.C1=? FSW.C2=? FSW.C3=?"
%endmacro
%assign n 0
%rep 4
	cover_case n, WRITE, "write", {fst qword [WATCHED - 2]}, "[3e]=3ff0000000000000"
	cover_case n, ACCESS, "access", {fcom qword [WATCHED - 3]}, ""
%assign n n + 1
%endrep

; An access across a page is two to the processor's memory unit, but one to the breakpoint.
case	"debug.write.page", "SDM 3 §17.2.5", "an access across a page's end meets a breakpoint on the second page"
	arm	2, STACK, WRITE, 1, LOCAL
	reports	2
	store	4, STACK - 2
	debug_trap
	nop
	ends	"#BP"

case	"debug.write.page.first", "SDM 3 §17.2.5", "an access across a page's end meets a breakpoint on the first page"
	arm	2, STACK - 2, WRITE, 2, LOCAL
	reports	2
	store	4, STACK - 1
	debug_trap
	nop
	ends	"#BP"

; --- Data breakpoints: which instructions make accesses -----------------------------------------------------------

case	"debug.insn.push", "SDM 3 §17.3.1.2", "a push is a write"
	arm	0, CODE + 0x2ffc, WRITE, 4, LOCAL
	reports	0
	push	ebx
	debug_trap
	nop
	ends	"#BP"
	after	"[1ffc]=b0b1b2b3 esp=stack-4"

case	"debug.insn.call", "SDM 3 §17.3.1.2", "a call writes its return address, and is told of at its target"
	arm	1, CODE + 0x2ffc, WRITE, 4, LOCAL
	reports	1
	call	.target
mark	back
	nop
	mark	target
	debug_trap
	nop
	ends	"#BP"
	after	"[1ffc]=@back esp=stack-4"

case	"debug.insn.ret", "SDM 3 §17.3.1.2", "a return reads its address from the stack"
	before	"esp=stack-10 [1ff0]=@target"
	arm	2, CODE + 0x2ff0, ACCESS, 4, LOCAL
	reports	2
	ret
	nop
	mark	target
	debug_trap
	nop
	ends	"#BP"
	after	"esp=stack-c"

case	"debug.insn.pushad", "SDM 3 §17.3.1.2", "one #DB for an instruction with eight writes"
	arm	3, CODE + 0x2fe8, WRITE, 4, LOCAL
	arm	1, CODE + 0x2ff8, WRITE, 4, LOCAL
	reports	1
	reports	3
	before	"esp=stack"
	pushad
	debug_trap
	nop
	ends	"#BP"
	after	"esp=stack-20 [1ffc]=a0a1a2a3 [1ff8]=c0c1c2c3 [1ff4]=d0d1d2d3 [1ff0]=b0b1b2b3 [1fec]=stack"
	after	"[1fe8]=e0e1e2e3 [1fe4]=51525354 [1fe0]=d4d5d6d7"

case	"debug.insn.inc", "SDM 3 §17.3.1.2", "reading and writing in one instruction is one #DB"
	arm	0, WATCHED, ACCESS, 4, LOCAL
	reports	0
	inc	dword [WATCHED]
	debug_trap
	nop
	ends	"#BP"
	after	"[40]=00000001"

case	"debug.insn.cmp", "SDM 3 §17.2.4", "a comparison reads, and does not write"
	before	"edx=0"
	arm	0, WATCHED, WRITE, 4, LOCAL
	arm	1, WATCHED, ACCESS, 4, LOCAL
	reports	1
	cmp	[WATCHED], edx
	debug_trap
	nop
	ends	"#BP"
	after	"eflags.ZF=1 eflags.PF=1"

case	"debug.insn.xchg", "SDM 3 §17.2.4", "an exchange with memory writes it"
	arm	0, WATCHED, WRITE, 4, LOCAL
	reports	0
	xchg	[WATCHED], edx
	debug_trap
	nop
	ends	"#BP"
	after	"[40]=d0d1d2d3 edx=0"

case	"debug.insn.lea", "SDM 2A, LEA", "LEA accesses nothing"
	arm	0, WATCHED, ACCESS, 4, LOCAL
	reports	0
	lea	eax, [WATCHED]
	nop
	mov	ecx, [WATCHED]
	debug_trap
	nop
	ends	"#BP"
	after	"eax=data+40 ecx=0"

case	"debug.insn.movs", "SDM 3 §17.2.3", "source and destination of one MOVS are told of together"
	before	"esi=data+20 edi=data+40 [20]=11223344"
	arm	0, DATA + 0x20, ACCESS, 4, LOCAL
	arm	3, WATCHED, WRITE, 4, LOCAL
	reports	0
	reports	3
	movsd
	debug_trap
	nop
	ends	"#BP"
	after	"esi=data+24 edi=data+44 [40]=11223344"

case	"debug.insn.lds", "SDM 3 §17.3.1.2", "a far pointer's selector is read like data"
	before	"[40]=data+44 [44]=user_ds"
	arm	1, DATA + 0x44, ACCESS, 2, LOCAL
	reports	1
	lds	eax, [WATCHED]
	debug_trap
	nop
	ends	"#BP"
	after	"eax=data+44"

case	"debug.insn.fstp", "SDM 3 §17.2.5", "the last two of ten bytes that FSTP stores"
	needs	"x87"
	arm	2, DATA + 0x48, WRITE, 2, LOCAL
	reports	2
	fld1
	fstp	tword [WATCHED]
	debug_trap
	nop
	ends	"#BP"
	after	"[40]=3fff_8000000000000000 ST7=? FSW.C1=?"

case	"debug.insn.fld", "SDM 3 §17.2.5", "the last four of eight bytes that FILD loads"
	needs	"x87"
	arm	3, DATA + 0x44, ACCESS, 4, LOCAL
	reports	3
	fild	qword [WATCHED]
	debug_trap
	fstp	st0
	ends	"#BP"
	after	"ST7=? FSW.C1=?"

case	"debug.insn.movaps", "SDM 3 §17.2.5", "the last byte of sixteen"
	needs	"sse"
	before	"XMM1=00112233445566778899aabbccddeeff"
	arm	0, DATA + 0x4f, WRITE, 1, LOCAL
	reports	0
	movaps	[WATCHED], xmm1
	debug_trap
	nop
	ends	"#BP"
	after	"[40]=00112233445566778899aabbccddeeff"

case	"debug.insn.vmovaps", "SDM 3 §17.2.5", "the last byte of thirty-two"
	needs	"avx"
	arm	0, DATA + 0x5f, ACCESS, 1, LOCAL
	reports	0
	vmovaps	ymm1, [WATCHED]
	debug_trap
	nop
	ends	"#BP"

case	"debug.insn.fetch", "SDM 3 §17.2.4", "R/W 3 is data reads and writes, but not instruction fetches"
	arm	0, "@fetched", ACCESS, 1, LOCAL
	arm	1, "@fetched", WRITE, 1, LOCAL
	reports	0
	nop
	mark	fetched
	nop
	nop
	mov	al, [CODE + 1]		; (the byte is read as data: that is a hit)
	debug_trap
	nop
	ends	"#BP"
	after	"eax=a0a1a290"

; An access that faults was not made.
case	"debug.insn.fault.absent", "SDM 3 §6.9", "a fault comes instead of the trap"
	arm	0, UNMAPPED, ACCESS, 4, LOCAL
	mark	bad
	mov	[UNMAPPED], eax
	ends	"#PF(6)@bad"
	after	"cr2=10003000 DR6.B0=?"

case	"debug.insn.fault.readonly", "SDM 3 §6.9", "a write that may not be made is no write"
	arm	0, CODE + 0x800, WRITE, 4, LOCAL
	mark	bad
	mov	[CODE + 0x800], eax
	ends	"#PF(7)@bad"
	after	"cr2=10000800 DR6.B0=?"

; --- Data breakpoints on repeated string instructions -------------------------------------------------------------
;
; CMPS, SCAS, LODS and OUTS stop behind the iteration that made the access: EIP at the instruction, registers as after
; that iteration. MOVS and STOS may do one iteration more on P6 processors ("until the completion of the iteration
; after", SDM 3 §17.3.1.2); so what comes two iterations later must not be there yet, and the one between is open. The
; rest is done when the task goes on, and that is told of once.

case	"debug.rep.lods", "SDM 3 §17.3.1.2", "REP LODS stops behind the iteration that read"
	nostep
	before	"esi=data+3e ecx=6"
	arm	0, WATCHED, ACCESS, 1, LOCAL
	reports	0
	mark	rep
	rep	lodsb
	ends	"#DB@rep"
	after	"esi=data+41 ecx=3 eax=a0a1a200"

case	"debug.rep.scas", "SDM 3 §17.3.1.2", "REPE SCAS stops behind the iteration that read"
	nostep
	before	"edi=data+3e ecx=6 eax=0"
	arm	1, WATCHED, ACCESS, 1, LOCAL
	reports	1
	mark	rep
	repe	scasb
	ends	"#DB@rep"
	after	"edi=data+41 ecx=3 eflags.ZF=1 eflags.PF=1"

case	"debug.rep.cmps", "SDM 3 §17.3.1.2", "REPE CMPS stops behind the iteration that read"
	nostep
	before	"esi=data+10 edi=data+38 ecx=6"
	arm	2, WATCHED, ACCESS, 4, LOCAL
	reports	2
	mark	rep
	repe	cmpsd
	ends	"#DB@rep"
	after	"esi=data+1c edi=data+44 ecx=3 eflags.ZF=1 eflags.PF=1"

case	"debug.rep.scas.last", "SDM 3 §17.3.1.2", "EIP is behind the instruction if the iteration was its last"
	nostep
	before	"edi=data+3e ecx=3 eax=0"
	arm	1, WATCHED, ACCESS, 1, LOCAL
	reports	1
	repe	scasb
	mark	behind
	ends	"#DB@behind"
	after	"edi=data+41 ecx=0 eflags.ZF=1 eflags.PF=1"

case	"debug.rep.movs", "SDM 3 §17.3.1.2", "REP MOVS stops behind the iteration that wrote, or the next one"
	nostep
	before	"esi=data+10 edi=data+38 ecx=6 [10:18]=77"
	arm	3, WATCHED, WRITE, 4, LOCAL
	reports	3
	mark	rep
	rep	movsd
	ends	"#DB@rep"
	after	"esi=? edi=? ecx=? [38:c]=77 [44:4]=?"

case	"debug.rep.stos", "SDM 3 §17.3.1.2", "REP STOS stops behind the iteration that wrote, or the next one"
	nostep
	before	"edi=data+38 ecx=6"
	arm	0, WATCHED, WRITE, 4, LOCAL
	reports	0
	mark	rep
	rep	stosd
	ends	"#DB@rep"
	after	"edi=? ecx=? [38]=a0a1a2a3 [3c]=a0a1a2a3 [40]=a0a1a2a3 [44:4]=?"

; Before P6 there is no such exception from the rule.
case	"debug.rep.movs.exact", "SDM 3 §17.3.1.2", "REP MOVS stops behind the iteration that wrote"
	needs	"!cmov"
	nostep
	before	"esi=data+10 edi=data+38 ecx=6 [10:18]=77"
	arm	3, WATCHED, WRITE, 4, LOCAL
	reports	3
	mark	rep
	rep	movsd
	ends	"#DB@rep"
	after	"esi=data+1c edi=data+44 ecx=3 [38:c]=77"

%macro rep_whole 4
	%strcat %%name "debug.rep.", %1, ".whole"
	case	%%name, "SDM 3 §17.3.1.2", "a repeated instruction stops once and goes on to its end"
	nostep
	before	"esi=data+10 edi=data+38 ecx=6 [10:18]=77"
	arm	1, %2, ACCESS, 4, LOCAL
	reports	1
	mark	rep
	%3
	nop
	ends	"#DB@rep #BP"
	after	%4
%endmacro

rep_whole "movs", WATCHED, {rep movsd}, "esi=data+28 edi=data+50 ecx=0 [38:18]=77"
rep_whole "movs.source", DATA + 0x18, {rep movsd}, "esi=data+28 edi=data+50 ecx=0 [38:18]=77"
rep_whole "stos", WATCHED, {rep stosd}, "edi=data+50 ecx=0"
	after	"[38]=a0a1a2a3 [3c]=a0a1a2a3 [40]=a0a1a2a3 [44]=a0a1a2a3 [48]=a0a1a2a3 [4c]=a0a1a2a3"
rep_whole "lods", DATA + 0x18, {rep lodsd}, "esi=data+28 ecx=0 eax=77777777"

case	"debug.rep.movs.down", "SDM 3 §17.3.1.2", "downwards too"
	nostep
	before	"esi=data+24 edi=data+4c ecx=6 [10:18]=77 eflags.DF=1"
	arm	1, WATCHED, WRITE, 4, GLOBAL
	reports	1
	mark	rep
	rep	movsd
	nop
	ends	"#DB@rep #BP"
	after	"esi=data+c edi=data+34 ecx=0 [38:18]=77"

case	"debug.rep.none", "SDM 2B, REP", "with ECX 0 nothing is accessed"
	before	"esi=data+40 edi=data+40 ecx=0"
	arm	1, WATCHED, ACCESS, 4, LOCAL
	reports	1
	rep	movsd
	rep	stosd
	stosd
	debug_trap
	nop
	ends	"#BP"
	after	"edi=data+44 [40]=a0a1a2a3"

; --- Execute breakpoints ------------------------------------------------------------------------------------------
;
; They are faults: the instruction has not begun, EIP is at it (SDM 3 §17.3.1.1). A debugger sets RF to let it pass; the
; case engine does the same.

%assign n 0
%rep 4
	%defstr digit %[n]
	%strcat name "debug.execute.fault.dr", digit
	case	name, "SDM 3 §17.3.1.1", "the fault comes before the instruction"
	arm	n, "@here", EXECUTE, 1, LOCAL
	reports	n
	nop
	mark	here
	inc	eax
	ends	"#DB@here"

	%strcat name "debug.execute.once.dr", digit
	case	name, "SDM 3 §17.3.1.1", "RF lets the instruction pass once"
	arm	n, "@here", EXECUTE, 1, GLOBAL
	reports	n
	nop
	mark	here
	inc	eax
	nop
	ends	"#DB@here #BP"
	after	"eax=a0a1a2a4 eflags.SF=1"
%assign n n + 1
%endrep

; The task is armed before it has run: restart alone arms it.
case	"debug.execute.first", "SDM 3 §17.3.1.1", "a breakpoint on the task's first instruction"
	arm	0, CODE, EXECUTE, 1, LOCAL
	reports	0
	mark	here
	inc	eax
	ends	"#DB@here #BP"
	after	"eax=a0a1a2a4 eflags.SF=1"

case	"debug.execute.loop", "SDM 3 §17.3.1.1", "each time round is met"
	before	"ecx=4"
	arm	1, "@here", EXECUTE, 1, LOCAL
	reports	1
	mark	here
	dec	ecx
	jnz	.here
	ends	"#DB@here #DB@here #DB@here #DB@here #BP"
	after	"ecx=0 eflags.ZF=1 eflags.PF=1"

case	"debug.execute.target", "SDM 3 §17.3.1.1", "a jump's target is met, what it jumps over is not"
	arm	2, "@target", EXECUTE, 1, LOCAL
	arm	3, "@over", EXECUTE, 1, LOCAL
	reports	2
	jmp	.target
	mark	over
	nop
	mark	target
	nop
	ends	"#DB@target #BP"

case	"debug.execute.next", "SDM 3 §17.3.1.1", "RF lasts for one instruction"
	arm	0, CODE, EXECUTE, 1, LOCAL
	arm	1, CODE + 1, EXECUTE, 1, LOCAL
	reports	0
	reports	1
	mark	a
	nop
	mark	b
	nop
	ends	"#DB@a #DB@b #BP"

; The address must be that of the instruction's first byte, prefixes included (SDM 3 §17.3.1.1).
case	"debug.execute.middle", "SDM 3 §17.3.1.1", "the bytes of an instruction behind its first are not met"
	arm	0, CODE + 1, EXECUTE, 1, LOCAL
	arm	1, CODE + 4, EXECUTE, 1, LOCAL
	arm	2, "@next", EXECUTE, 1, LOCAL
	reports	2
	mov	eax, 0x90909090
	mark	next
	nop
	ends	"#DB@next #BP"
	after	"eax=90909090"

case	"debug.execute.prefix", "SDM 3 §17.3.1.1", "an instruction begins with its prefixes"
	arm	0, "@prefix", EXECUTE, 1, LOCAL
	arm	1, "@opcode", EXECUTE, 1, LOCAL
	reports	0
	mark	prefix
	db	0x66
	mark	opcode
	inc	eax			; INC AX
	ends	"#DB@prefix #BP"
	after	"eax=a0a1a2a4 eflags.SF=1"

case	"debug.execute.data", "SDM 3 §17.2.4", "reading code is not executing it"
	arm	0, CODE, EXECUTE, 1, LOCAL
	before	"eip=@start"
	arm	1, "@last", EXECUTE, 1, LOCAL
	reports	1
	nop
	mark	start
	mov	al, [CODE]
	mark	last
	nop
	ends	"#DB@last #BP"
	after	"eax=a0a1a290"

; A fault of the instruction itself comes second.
case	"debug.execute.invalid", "SDM 3 §6.9", "the breakpoint comes before the instruction's own faults"
	arm	0, "@bad", EXECUTE, 1, LOCAL
	reports	0
	mark	bad
	ud2
	ends	"#DB@bad #UD@bad"

case	"debug.execute.privileged", "SDM 3 §6.9", "the breakpoint comes before the instruction's own faults"
	arm	1, "@bad", EXECUTE, 1, LOCAL
	reports	1
	mark	bad
	hlt
	ends	"#DB@bad #GP(0)@bad"

case	"debug.execute.int3", "SDM 3 §6.9", "an INT3 under an execute breakpoint"
	arm	2, "@int3", EXECUTE, 1, LOCAL
	reports	2
	mark	int3
	int3
	mark	behind
	nop
	ends	"#DB@int3 #BP@behind #BP"

case	"debug.execute.rep", "SDM 3 §17.3.1.1", "a repeated instruction is met before its first iteration only"
	before	"edi=data+40 ecx=3 eax=77777777"
	arm	3, "@rep", EXECUTE, 1, LOCAL
	reports	3
	nop
	mark	rep
	rep	stosb
	nop
	ends	"#DB@rep #BP"
	after	"edi=data+43 ecx=0 [40]=777777"

case	"debug.execute.several", "SDM 3 §17.2.3", "all registers that name the instruction report"
	arm	0, "@here", EXECUTE, 1, LOCAL
	arm	1, "@here", EXECUTE, 1, GLOBAL
	arm	2, "@here", EXECUTE, 1, LOCAL | GLOBAL
	arm	3, "@here", EXECUTE, 1, LOCAL
	reports	0
	reports	1
	reports	2
	reports	3
	nop
	mark	here
	nop
	ends	"#DB@here #BP"

; --- RF -----------------------------------------------------------------------------------------------------------

case	"debug.rf.before", "SDM 3 §17.3.1.1", "RF=1 passes the breakpoint at the first instruction"
	before	"eflags.RF=1"
	arm	0, CODE, EXECUTE, 1, LOCAL
	nop
	nop
	after	"eflags.RF=0"

case	"debug.rf.loop", "SDM 3 §17.3.1.1", "RF=1 passes once, and the second time round is met"
	before	"eflags.RF=1 ecx=2"
	arm	0, CODE, EXECUTE, 1, LOCAL
	reports	0
	mark	here
	dec	ecx
	jnz	.here
	ends	"#DB@here #BP"
	after	"ecx=0 eflags.ZF=1 eflags.PF=1"

case	"debug.rf.next", "SDM 3 §17.3.1.1", "an instruction that completes clears RF"
	before	"eflags.RF=1"
	arm	0, CODE, EXECUTE, 1, LOCAL
	arm	1, CODE + 1, EXECUTE, 1, LOCAL
	reports	1
	nop
	mark	b
	nop
	ends	"#DB@b #BP"

case	"debug.rf.data", "SDM 3 §17.3.1.1", "RF holds back execute breakpoints alone"
	before	"eflags.RF=1"
	arm	0, WATCHED, WRITE, 4, LOCAL
	reports	0
	store	4, WATCHED
	debug_trap
	nop
	ends	"#BP"

; The frame of a trap has RF as it was, 0; that of a trap between two iterations has RF=1, so that an execute breakpoint
; on the repeated instruction is not met again (SDM 3 §17.3.1.1; the APM does not say so).
case	"debug.rf.frame.data", "SDM 3 §17.3.1.1", "RF is clear in the frame of a trap"
	nostep
	arm	0, WATCHED, WRITE, 4, LOCAL
	reports	0
	store	4, WATCHED
	debug_trap
	after	"eflags.RF=0"

; POPF never sets RF; IRET takes it from the stack, in ring 3 too.
case	"debug.rf.popf", "SDM 2B, POPF", "POPF leaves RF clear"
	nostep
	arm	0, "@here", EXECUTE, 1, LOCAL
	reports	0
	push	dword 0x10202
	popfd
	mark	here
	nop
	ends	"#DB@here #BP"
	after	"[1ffc]=00010202"

case	"debug.rf.iret", "SDM 2A, IRET", "IRET sets RF from the image"
	nostep
	before	"esp=stack-c [1ff4]=@here [1ff8]=user_cs [1ffc]=00010202"
	arm	0, "@here", EXECUTE, 1, LOCAL
	iretd
	mark	here
	nop
	nop
	after	"esp=stack eflags.RF=0"

case	"debug.rf.iret.clear", "SDM 2A, IRET", "IRET clears RF from the image"
	nostep
	before	"esp=stack-c [1ff4]=@here [1ff8]=user_cs [1ffc]=00000202"
	arm	0, "@here", EXECUTE, 1, LOCAL
	reports	0
	iretd
	mark	here
	nop
	ends	"#DB@here #BP"
	after	"esp=stack"

case	"debug.rf.pushf", "SDM 2B, PUSHF", "RF is clear in the image that PUSHF stores"
	nostep
	before	"eflags.RF=1"
	arm	0, CODE, EXECUTE, 1, LOCAL
	pushfd
	nop
	after	"esp=stack-4 [1ffc]=00000202 eflags.RF=0"

; --- Enables ------------------------------------------------------------------------------------------------------

%assign n 0
%rep 4
	%defstr digit %[n]
	%assign other (n + 1) & 3
	%strcat name "debug.enable.local.dr", digit
	case	name, "SDM 3 §17.2.4", "L alone enables"
	arm	n, WATCHED, WRITE, 4, LOCAL
	reports	n
	store	4, WATCHED
	debug_trap
	nop
	ends	"#BP"

	%strcat name "debug.enable.global.dr", digit
	case	name, "SDM 3 §17.2.4", "G alone enables"
	arm	n, WATCHED, WRITE, 4, GLOBAL
	reports	n
	store	4, WATCHED
	debug_trap
	nop
	ends	"#BP"

	%strcat name "debug.enable.both.dr", digit
	case	name, "SDM 3 §17.2.4", "L and G enable one breakpoint"
	arm	n, WATCHED, WRITE, 4, LOCAL | GLOBAL
	reports	n
	store	4, WATCHED
	debug_trap
	nop
	ends	"#BP"

	%strcat name "debug.enable.none.dr", digit
	case	name, "SDM 3 §17.2.4", "without L and G no breakpoint is met"
	arm	n, WATCHED, WRITE, 4, 0
	arm	other, WATCHED + 8, WRITE, 4, LOCAL
	reports	other
	store	4, WATCHED
	store	4, WATCHED + 8
	debug_trap
	nop
	ends	"#BP"

	%strcat name "debug.enable.none.execute.dr", digit
	case	name, "SDM 3 §17.2.4", "without L and G no instruction is met"
	arm	n, "@a", EXECUTE, 1, 0
	arm	other, "@b", EXECUTE, 1, LOCAL
	reports	other
	mark	a
	nop
	mark	b
	nop
	ends	"#DB@b #BP"
%assign n n + 1
%endrep

; "Intel486 and later processors ignore the GE and LE flags in DR7."
%macro exact_case 2
	%strcat %%name "debug.exact.", %1
	case	%%name, "SDM 3 §17.3.1.2", "LE and GE change nothing"
	before	%2
	arm	0, WATCHED, WRITE, 4, LOCAL
	reports	0
	store	4, WATCHED
	debug_trap
	nop
	ends	"#BP"
%endmacro

exact_case "le", "DR7.LE=1"
exact_case "ge", "DR7.GE=1"
exact_case "both", "DR7.LE=1 DR7.GE=1"

; --- Several at once ----------------------------------------------------------------------------------------------

case	"debug.several.all", "SDM 3 §17.2.3", "four breakpoints on one access are one #DB with B0 to B3"
	arm	0, WATCHED, WRITE, 1, LOCAL
	arm	1, WATCHED + 2, WRITE, 2, LOCAL
	arm	2, WATCHED, WRITE, 4, LOCAL
	arm	3, WATCHED, ACCESS, 4, GLOBAL
	reports	0
	reports	1
	reports	2
	reports	3
	store	4, WATCHED
	debug_trap
	nop
	ends	"#BP"

%assign n 0
%rep 3
	%assign m n + 1
	%rep 3 - n
		%defstr digit %[n]
		%defstr digit2 %[m]
		%strcat name "debug.several.dr", digit, ".dr", digit2
		case	name, "SDM 3 §17.2.3", "two breakpoints on one access are one #DB with two bits"
		arm	n, WATCHED, ACCESS, 2, LOCAL
		arm	m, WATCHED + 3, WRITE, 1, LOCAL
		reports	n
		reports	m
		store	4, WATCHED
		debug_trap
		nop
		ends	"#BP"
		%assign m m + 1
	%endrep
%assign n n + 1
%endrep

case	"debug.several.kinds", "SDM 3 §17.2.4", "a read meets R/W 3 and not R/W 1 at the same address"
	before	"eax=0"
	arm	0, WATCHED, WRITE, 4, LOCAL
	arm	1, WATCHED, ACCESS, 4, LOCAL
	reports	1
	load	4, WATCHED
	debug_trap
	ends	"#BP"

; An execute breakpoint on the instruction behind one that meets a data breakpoint: the trap on the previous
; instruction has the higher priority (SDM 3 §6.9, table 6-2), but DR6 may show both.
case	"debug.several.order", "SDM 3 §6.9", "the data breakpoint comes before the next instruction's own"
	nostep
	arm	0, WATCHED, WRITE, 4, LOCAL
	arm	1, "@next", EXECUTE, 1, LOCAL
	reports	0
	store	4, WATCHED
	mark	next
	nop
	ends	"#DB@next"
	after	"DR6.B1=?"

; --- DR6 ----------------------------------------------------------------------------------------------------------
;
; The processor sets bits of DR6 and does not clear them, B0 to B3 excepted ("certain debug exceptions may clear bits
; 0-3"). A task's DR6 is what its #DBs have reported until it clears it.

case	"debug.sticky.two", "SDM 3 §17.2.3", "two #DBs leave both of their bits"
	arm	0, WATCHED, WRITE, 4, LOCAL
	arm	3, WATCHED + 8, WRITE, 4, LOCAL
	reports	0
	reports	3
	store	4, WATCHED
	debug_trap
	nop
	store	4, WATCHED + 8
	debug_trap
	nop
	ends	"#BP"

case	"debug.sticky.before", "SDM 3 §17.2.3", "what DR6 had before stays"
	before	"DR6.BS=1 DR6.B2=1 DR6.BD=1 DR6.BT=1"
	arm	0, WATCHED, WRITE, 4, LOCAL
	reports	0
	store	4, WATCHED
	debug_trap
	nop
	ends	"#BP"

case	"debug.sticky.idle", "SDM 3 §17.2.3", "DR6 is kept by a task without breakpoints"
	before	"DR6=0000e00f"
	nop
	nop

; ptrace(PTRACE_POKEUSR) on oneself, as cr86 has it, clears the task's DR6.
case	"debug.sticky.cleared", "SDM 3 §17.2.3", "cleared, DR6 reports only what comes then"
	needs	"ring0"
	before	"DR6.BS=1"
	arm	1, WATCHED, WRITE, 4, LOCAL
	arm	2, WATCHED + 4, WRITE, 4, LOCAL
	reports	2
	store	4, WATCHED
	debug_trap
	mov	eax, 26			; ptrace
	mov	ebx, 6			; PTRACE_POKEUSR
	xor	ecx, ecx
	mov	edx, 276		; u_debugreg[6]
	xor	esi, esi
	int	0x80
	store	4, WATCHED + 4
	debug_trap
	nop
	ends	"#BP"
	after	"eax=0 ebx=6 ecx=0 edx=00000114 esi=0 DR6.BS=0 eflags.ZF=1 eflags.PF=1"

; --- Whose they are -----------------------------------------------------------------------------------------------
;
; The other task of the paths `switch` and `restart` has breakpoints on CODE, CODE + 1, the stack's top and DATA + 100H.

case	"debug.foreign.data", "SDM 3 §17.2.4", "another task's breakpoints are not met"
	before	"eax=0"
	nop
	nop
	push	ebx
	load	4, DATA + 0x100
	store	4, DATA + 0x100
	after	"esp=stack-4 [1ffc]=b0b1b2b3"

; With breakpoints of one's own, DR7 is not simply 0.
case	"debug.foreign.armed", "SDM 3 §17.2.4", "another task's addresses do not stay behind one's own DR7"
	before	"eax=0"
	arm	3, WATCHED, WRITE, 4, LOCAL
	reports	3
	nop
	nop
	push	ebx
	load	4, DATA + 0x100
	store	4, DATA + 0x100
	store	4, WATCHED
	debug_trap
	nop
	ends	"#BP"
	after	"esp=stack-4 [1ffc]=b0b1b2b3"

; The addresses are kept even where DR7 enables nothing.
case	"debug.kept.disarmed", "SDM 3 §17.2.1", "DR0 to DR3 are a task's own without being enabled"
	before	"DR0=11223344 DR1=55667788 DR2=99aabbcc DR3=ddeeff00 DR7=d5550300"
	nop
	nop

case	"debug.kept.armed", "SDM 3 §17.2.1", "all six registers are kept"
	before	"DR0=10001100 DR1=2000000f DR2=bffffffc DR3=00000000 DR6=0000e00f DR7=ffdf03ff DR7.R/W3=1 DR7.LEN3=3"
	before	"DR7.R/W1=3 DR7.LEN1=0 DR7.R/W0=3 DR7.LEN0=3 DR7.R/W2=1 DR7.LEN2=3"
	nop
	nop

; --- The shadow of MOV SS and POP SS -------------------------------------------------------------------------------
;
; After a load of SS by MOV or POP no #DB is delivered until the next instruction is done (SDM 3 §6.8.3), so that SS and
; ESP change together. A data breakpoint met by the load itself waits as long. If the next instruction enters the
; kernel, the #DB comes there, in ring 0, at the handler's first instruction: kernels that did not expect it could be
; taken over (CVE-2018-8897), and emulators lose it, deliver it too early, or again on the way back. The entry takes
; place; the task's DR6 is open there, because Linux hides such a #DB.

%macro shadow_case 3
	case	%1, %2, %3
	nostep
	before	"[40]=user_ds"
	arm	0, WATCHED, ACCESS, 2, LOCAL
	reports	0
	mov	ss, [WATCHED]
%endmacro

shadow_case "debug.shadow.nop", "SDM 3 §6.8.3", "the #DB waits for the next instruction"
	nop
	debug_trap
	nop
	ends	"#BP"

shadow_case "debug.shadow.esp", "SDM 3 §6.8.3", "SS and ESP change together"
	mov	esp, STACK + 0x800
	debug_trap
	nop
	ends	"#BP"
	after	"esp=10002800"

shadow_case "debug.shadow.jump", "SDM 3 §6.8.3", "the next instruction may be a jump"
	jmp	.target
	nop
	mark	target
	debug_trap
	nop
	ends	"#BP"

; The next instruction is a way into the kernel.
%macro shadow_call_case 3
	shadow_case %1, %2, %3
	after	"DR6.B0=?"
%endmacro

shadow_call_case "debug.shadow.int3", "SDM 3 §6.8.3", "INT3 behind the load: #BP at once"
	int3
	mark	behind
	nop
	ends	"#BP@behind #BP"

shadow_call_case "debug.shadow.cd03", "SDM 3 §6.8.3", "INT 3 in two bytes"
	db	0xcd, 3
	mark	behind
	nop
	ends	"#BP@behind #BP"

shadow_call_case "debug.shadow.into", "SDM 3 §6.8.3", "INTO that traps: #OF at once"
	before	"eflags.OF=1"
	into
	mark	behind
	nop
	ends	"#OF@behind #BP"

shadow_case "debug.shadow.into.not", "SDM 3 §6.8.3", "INTO that does nothing"
	into
	debug_trap
	nop
	ends	"#BP"

shadow_call_case "debug.shadow.int80", "SDM 3 §6.8.3", "INT n behind the load: the call is made"
	before	"eax=ffffffff"
	int	0x80
	nop
	after	"eax=ffffffda"		; ENOSYS

; ICEBP raises #DB itself; both are one by the time the handler runs, or two at the same EIP that the kernel joins.
shadow_call_case "debug.shadow.icebp", "SDM 3 §6.8.3", "ICEBP behind the load"
	db	0xf1
	debug_trap
	nop
	ends	"#BP"

; Faults: the manual leaves open whether what was pending is told of with them.
shadow_case "debug.shadow.ud2", "SDM 3 §6.9", "a fault of the next instruction comes at once"
	mark	bad
	ud2
	ends	"#UD@bad"
	after	"DR6.B0=?"

shadow_case "debug.shadow.gate", "SDM 3 §6.12.1.1", "INT n through a gate that ring 3 may not use: #GP"
	mark	bad
	int	0x20
	ends	"#GP(102)@bad"
	after	"DR6.B0=?"

case	"debug.shadow.pop", "SDM 3 §6.8.3", "POP SS is the same"
	nostep
	before	"esp=stack-10 [1ff0]=user_ds"
	arm	1, CODE + 0x2ff0, ACCESS, 4, LOCAL
	reports	1
	pop	ss
	nop
	debug_trap
	nop
	ends	"#BP"
	after	"esp=stack-c"

case	"debug.shadow.pop.int3", "SDM 3 §6.8.3", "POP SS and INT3, as CVE-2018-8897 has them"
	nostep
	before	"esp=stack-10 [1ff0]=user_ds"
	arm	1, CODE + 0x2ff0, ACCESS, 4, LOCAL
	reports	1
	pop	ss
	int3
	mark	behind
	nop
	ends	"#BP@behind #BP"
	after	"esp=stack-c DR6.B1=?"

; The other ways into the kernel behind POP SS
%macro pop_call_case 5			; name, proves, ends, after, {CODE}
	%strcat %%name "debug.shadow.pop.", %1
	case	%%name, "SDM 3 §6.8.3", %2
	nostep
	before	"esp=stack-10 [1ff0]=user_ds"
	arm	1, CODE + 0x2ff0, ACCESS, 4, LOCAL
	pop	ss
	%5
	mark	behind
	nop
	ends	%3
	after	%4
	after	"esp=stack-c DR6.B1=?"
%endmacro
pop_call_case "cd03", "POP SS and INT 3 in two bytes", "#BP@behind #BP", "", {db 0xcd, 3}
pop_call_case "into", "POP SS and INTO that traps", "#OF@behind #BP", "", into
	before	"eflags.OF=1"
pop_call_case "int80", "POP SS and INT n: the call is made", "#BP", "eax=ffffffda", {int 0x80}
	before	"eax=ffffffff"
pop_call_case "icebp", "POP SS and ICEBP", "#DB@behind #BP", "", {db 0xf1}

case	"debug.shadow.execute", "SDM 3 §17.3.1.1", "an execute breakpoint right behind the load is held back"
	needs	"intel"			; (the APM knows no such thing)
	nostep
	before	"eax=user_ds"
	arm	0, "@shadow", EXECUTE, 1, LOCAL
	arm	1, "@next", EXECUTE, 1, LOCAL
	reports	1
	mov	ss, ax
	mark	shadow
	nop
	mark	next
	nop
	ends	"#DB@next #BP"

; LSS loads both at once, and needs no shadow.
case	"debug.shadow.lss", "SDM 3 §6.8.3", "LSS does not hold the #DB back"
	nostep
	before	"[40]=stack-20 [44]=user_ds"
	arm	2, WATCHED, ACCESS, 4, LOCAL
	reports	2
	lss	esp, [WATCHED]
	debug_trap
	nop
	ends	"#BP"
	after	"esp=stack-20"

; Loads of other segment registers have none either.
case	"debug.shadow.ds", "SDM 3 §6.8.3", "MOV DS does not hold the #DB back"
	nostep
	before	"[40]=user_ds"
	arm	3, WATCHED, ACCESS, 2, LOCAL
	reports	3
	mov	ds, [WATCHED]
	debug_trap
	nop
	ends	"#BP"

; SYSENTER and SYSCALL: the code makes itself their target, goes to ring 3, and comes back to ring 0 by them with the
; #DB pending. The selectors are those of a GDT as Linux has it: SS is CS + 8, and that of ring 3 has RPL 3.
%define MSR_SYSENTER_CS	0x174
%define MSR_EFER	0xc0000080
%define MSR_STAR	0xc0000081

%macro write_msr 3
	mov	ecx, %1
	mov	eax, %2
	mov	edx, %3
	wrmsr
%endmacro

; sysenter_case NAME, PROVES, {LOAD OF SS}
%macro sysenter_case 3
case	%1, "SDM 3 §6.8.3", %2
	needs	"sep"
	ring0
	before	"[40]=user_ds [1f40]=user_ds esi=user_cs edi=user_ds ebp=@ring3 ebx=@target"
	mov	eax, cs
	write_msr MSR_SYSENTER_CS, eax, 0
	write_msr MSR_SYSENTER_CS + 1, esp, 0
	write_msr MSR_SYSENTER_CS + 2, ebx, 0
	enter_ring3
	mark	ring3
	%3
	sysenter
	mark	target
	nop
	write_msr MSR_SYSENTER_CS, 0, 0
	ends	"#DB@target #BP"
	after	"eax=0 ecx=00000174 edx=0 eflags=?"
%endmacro

%macro pop_ss 0
	mov	esp, STACK + 0xf40
	pop	ss
%endmacro

sysenter_case "debug.shadow.sysenter", "SYSENTER behind the load: the #DB comes at its target, in ring 0", {mov ss, [WATCHED]}
	arm	0, WATCHED, ACCESS, 2, LOCAL
	reports	0
sysenter_case "debug.shadow.pop.sysenter", "SYSENTER behind POP SS: the #DB comes at its target, in ring 0", pop_ss
	arm	1, STACK + 0xf40, ACCESS, 4, LOCAL
	reports	1

; syscall_case NAME, PROVES, {LOAD OF SS}: SYSCALL leaves ESP as it is. Behind POP SS it is the task's: the #DB is told of
; on the task's stack.
%macro syscall_case 3
case	%1, "APM 2 §6.1.1", %2
	needs	"amd syscall"
	ring0
	before	"[40]=user_ds [1f40]=user_ds esi=user_cs edi=user_ds ebp=@ring3 ebx=@target"
	mov	edx, cs
	mov	ecx, MSR_STAR
	mov	eax, ebx
	wrmsr
	mov	ecx, MSR_EFER
	rdmsr
	or	eax, 1
	wrmsr
	enter_ring3
	mark	ring3
	%3
	syscall
	mark	target
	nop
	mov	ecx, MSR_EFER
	rdmsr
	and	eax, ~1
	wrmsr
	ends	"#DB@target #BP"
	after	"eax=? ecx=c0000080 edx=? eflags=?"
%endmacro

syscall_case "debug.shadow.syscall", "SYSCALL behind the load: the #DB comes at its target, in ring 0", {mov ss, [WATCHED]}
	arm	0, WATCHED, ACCESS, 2, LOCAL
	reports	0
syscall_case "debug.shadow.pop.syscall", "SYSCALL behind POP SS: the same", pop_ss
	arm	0, STACK + 0xf40, ACCESS, 4, LOCAL
	reports	0
	after	"[1e00:138]=? [1f38]=@target [1f3c:8]=?"	; EIP, CS, EFLAGS, and below them what the kernel pushes

; --- ICEBP --------------------------------------------------------------------------------------------------------
;
; F1H raises #DB as a trap, without asking for the gate's DPL and without a word in DR6 (SDM 2A, INT1). INT 1 in two
; bytes is an ordinary software interrupt.

case	"debug.icebp.trap", "SDM 2A, INT1", "#DB with EIP behind it, and DR6 unchanged"
	nostep
	db	0xf1
	debug_trap
	nop
	ends	"#BP"

case	"debug.icebp.sticky", "SDM 2A, INT1", "DR6 keeps what it had"
	nostep
	before	"DR6=0000600a"
	db	0xf1
	debug_trap
	nop
	ends	"#BP"

case	"debug.icebp.armed", "SDM 2A, INT1", "breakpoints that are not met do not show"
	nostep
	arm	0, WATCHED, ACCESS, 4, LOCAL
	arm	1, CODE + 1, EXECUTE, 1, LOCAL
	before	"eip=@start"
	nop
	nop
	mark	start
	db	0xf1
	debug_trap
	nop
	ends	"#BP"

case	"debug.icebp.int1", "SDM 3 §6.12.1.1", "INT 1 needs a gate that ring 3 may use"
	mark	bad
	db	0xcd, 1
	ends	"#GP(a)@bad"

; --- MOV DR in ring 3 ---------------------------------------------------------------------------------------------

%assign n 0
%rep 8
	%defstr digit %[n]
	%strcat name "debug.ring3.read.dr", digit
	case	name, "SDM 2B, MOV", "reading a debug register is ring 0's alone"
	mark	bad
	db	0x0f, 0x21, 0xc0 | n << 3	; MOV EAX, DRn
	ends	"#GP(0)@bad"

	%strcat name "debug.ring3.write.dr", digit
	case	name, "SDM 2B, MOV", "writing a debug register is ring 0's alone"
	mark	bad
	db	0x0f, 0x23, 0xc0 | n << 3	; MOV DRn, EAX
	ends	"#GP(0)@bad"
%assign n n + 1
%endrep

; --- The registers themselves, in ring 0 --------------------------------------------------------------------------
;
; After a #DB in ring 0 the record has the raw status bits of DR6, and DR7 as the CPU has it then.

%assign n 0
%rep 4
	%defstr digit %[n]
	%strcat name "debug.value.dr", digit
	case	name, "SDM 3 §17.2.1", "an address register holds all 32 bits"
	ring0
	before	"ebx=01234567 ecx=fedcba98"
	mov	dr%[n], ebx
	mov	eax, dr%[n]
	mov	dr%[n], ecx
	mov	edx, dr%[n]
	after	"eax=01234567 edx=fedcba98"
%assign n n + 1
%endrep

case	"debug.value.distinct", "SDM 3 §17.2.1", "four registers, not one"
	ring0
	before	"eax=11111111 ebx=22222222 ecx=44444444 edx=88888888"
	mov	dr0, eax
	mov	dr1, ebx
	mov	dr2, ecx
	mov	dr3, edx
	mov	esi, dr0
	mov	edi, dr1
	mov	ebp, dr2
	mov	eax, dr3
	after	"esi=11111111 edi=22222222 ebp=44444444 eax=88888888"

; Bits 4 to 10 and 17 to 31 read as 1, bit 12 as 0. Bits 11 (BLD) and 16 (RTM) read as 1 where they have no meaning;
; where they have one, software may clear them.
case	"debug.dr6.zeros", "SDM 3 §17.2.3", "reserved bits read as 1 after zeros were written"
	ring0
	xor	eax, eax
	mov	dr6, eax
	mov	ecx, dr6
	or	ecx, 0x00010800
	after	"eax=0 ecx=ffff0ff0 eflags.SF=1 eflags.PF=1"

case	"debug.dr6.ones", "SDM 3 §17.2.3", "bit 12 reads as 0 after ones were written"
	needs	"de"
	ring0
	mov	eax, -1
	mov	dr6, eax
	mov	ecx, dr6
	after	"eax=ffffffff ecx=ffffefff"

case	"debug.dr6.status", "SDM 3 §17.2.3", "status bits can be written"
	ring0
	before	"eax=ffffaff5"
	mov	dr6, eax
	mov	ecx, dr6
	mov	eax, 0xffff4ffa
	mov	dr6, eax
	mov	edx, dr6
	after	"ecx=ffffaff5 edx=ffff4ffa eax=ffff4ffa"

; Bit 10 reads as 1; 12, 14 and 15 as 0; 11 (RTM) is open.
case	"debug.dr7.zeros", "SDM 3 §17.2.4", "bit 10 reads as 1 after zeros were written"
	ring0
	xor	eax, eax
	mov	dr7, eax
	mov	ecx, dr7
	after	"eax=0 ecx=00000400 eflags.ZF=1 eflags.PF=1"

case	"debug.dr7.ones", "SDM 3 §17.2.4", "bits 12, 14 and 15 read as 0 after ones were written"
	needs	"de"
	ring0
	before	"ebx=f0000000"
	mov	dr0, ebx
	mov	dr1, ebx
	mov	dr2, ebx
	mov	dr3, ebx
	mov	eax, ~DR7_GD
	mov	dr7, eax
	mov	ecx, dr7
	and	ecx, ~0x800
	after	"eax=ffffdfff ecx=ffff07ff eflags.SF=1 eflags.PF=1"

case	"debug.dr7.fields", "SDM 3 §17.2.4", "each field is its own"
	ring0
	before	"ebx=f0000000"
	mov	dr0, ebx
	mov	dr1, ebx
	mov	dr2, ebx
	mov	dr3, ebx
	mov	eax, 0xd1f00699
	mov	dr7, eax
	mov	ecx, dr7
	after	"eax=d1f00699 ecx=d1f00699"

; DR4 and DR5 are DR6 and DR7 by another name, for the 386's and 486's programs, unless CR4.DE is set.
%macro de_off 0
	mov	ebx, cr4
	and	ebx, ~CR4_DE
	mov	cr4, ebx
	xor	ebx, ebx
%endmacro
%macro de_on 0
	mov	ebx, cr4
	or	ebx, CR4_DE
	mov	cr4, ebx
	xor	ebx, ebx
%endmacro
%macro de_none 0
	xor	ebx, ebx
%endmacro

; alias_case SUFFIX, NEEDS, PREPARATION
%macro alias_case 3
	%strcat %%name "debug.alias.dr4.read", %1
	case	%%name, "SDM 3 §17.2.2", "DR4 reads DR6"
	needs	%2
	ring0
	before	"eax=ffff4ff5"
	%3
	mov	dr6, eax
	db	0x0f, 0x21, 0xe1	; MOV ECX, DR4
	after	"ecx=ffff4ff5 ebx=0 eflags.ZF=1 eflags.PF=1"

	%strcat %%name "debug.alias.dr4.write", %1
	case	%%name, "SDM 3 §17.2.2", "DR4 writes DR6"
	needs	%2
	ring0
	before	"eax=ffff8ffa"
	%3
	db	0x0f, 0x23, 0xe0	; MOV DR4, EAX
	mov	ecx, dr6
	after	"ecx=ffff8ffa ebx=0 eflags.ZF=1 eflags.PF=1"

	%strcat %%name "debug.alias.dr5.read", %1
	case	%%name, "SDM 3 §17.2.2", "DR5 reads DR7"
	needs	%2
	ring0
	before	"eax=11110700"
	%3
	mov	dr7, eax
	db	0x0f, 0x21, 0xe9	; MOV ECX, DR5
	after	"ecx=11110700 ebx=0 eflags.ZF=1 eflags.PF=1"

	%strcat %%name "debug.alias.dr5.write", %1
	case	%%name, "SDM 3 §17.2.2", "DR5 writes DR7"
	needs	%2
	ring0
	before	"eax=dddd0400"
	%3
	db	0x0f, 0x23, 0xe8	; MOV DR5, EAX
	mov	ecx, dr7
	after	"ecx=dddd0400 ebx=0 eflags.ZF=1 eflags.PF=1"
%endmacro

alias_case "", "de", de_off
alias_case ".486", "!de", de_none

%assign n 4
%rep 2
	%defstr digit %[n]
	%strcat name "debug.alias.ud.read.dr", digit
	case	name, "SDM 3 §17.2.2", "with CR4.DE there is no such register"
	needs	"de"
	ring0
	de_on
	mark	bad
	db	0x0f, 0x21, 0xc0 | n << 3
	ends	"#UD@bad"
	after	"ebx=0 eflags.ZF=1 eflags.PF=1"

	%strcat name "debug.alias.ud.write.dr", digit
	case	name, "SDM 3 §17.2.2", "with CR4.DE there is no such register"
	needs	"de"
	ring0
	de_on
	mark	bad
	db	0x0f, 0x23, 0xc0 | n << 3
	ends	"#UD@bad"
	after	"ebx=0 eflags.ZF=1 eflags.PF=1"
%assign n n + 1
%endrep

; DR7.GD: any access to a debug register is a #DB before the access, with BD; the CPU clears GD, so that the handler
; can do its work.
%assign n 0
%rep 8
	%if n < 4 || n > 5
	%defstr digit %[n]
	%strcat name "debug.gd.read.dr", digit
	case	name, "SDM 3 §17.3.1.3", "reading under GD: #DB before the access, BD set, GD cleared"
	ring0
	mov	eax, DR7_GD
	mov	dr7, eax
	mark	guarded
	mov	ecx, dr%[n]
	ends	"#DB@guarded"
	after	"eax=00002000 DR6=00002000 DR7=0"
	any_b

	%strcat name "debug.gd.write.dr", digit
	case	name, "SDM 3 §17.3.1.3", "writing under GD: #DB before the access, BD set, GD cleared"
	ring0
	mov	eax, DR7_GD
	mov	dr7, eax
	xor	eax, eax
	mark	guarded
	mov	dr%[n], eax
	ends	"#DB@guarded"
	after	"eax=0 DR6=00002000 DR7=0 eflags.ZF=1 eflags.PF=1"
	any_b
	%endif
%assign n n + 1
%endrep

case	"debug.gd.rest", "SDM 3 §17.2.4", "the #DB clears GD and leaves the rest of DR7"
	ring0
	before	"ebx=f0000000"
	mov	dr1, ebx
	mov	eax, 0x00d0230c
	mov	dr7, eax
	mark	guarded
	mov	ecx, dr7
	ends	"#DB@guarded"
	after	"eax=00d0230c DR6=00002000 DR7=00d0030c"
	any_b

; In ring 3 the privilege is looked at; a GD there would be the system's own business.
case	"debug.gd.never", "SDM 3 §17.2.4", "without GD nothing is guarded"
	ring0
	before	"eax=0"
	mov	dr7, eax
	mov	ecx, dr7
	after	"ecx=00000400"

; --- Breakpoints in ring 0 ----------------------------------------------------------------------------------------

case	"debug.ring0.write", "SDM 3 §17.2.4", "data breakpoints do not depend on the ring"
	ring0
	arm	1, WATCHED, WRITE, 4, GLOBAL
	reports	1
	store	4, WATCHED
	debug_trap

case	"debug.ring0.execute", "SDM 3 §17.2.4", "execute breakpoints do not depend on the ring"
	ring0
	arm	2, "@here", EXECUTE, 1, LOCAL
	reports	2
	nop
	mark	here
	inc	eax
	ends	"#DB@here"

case	"debug.ring0.icebp", "SDM 2A, INT1", "ICEBP in ring 0: #DB behind it, DR6 unchanged"
	ring0
	mov	eax, DR6_BS
	mov	dr6, eax
	db	0xf1
	debug_trap
	after	"eax=00004000 DR6=00004000"
	any_b

case	"debug.ring0.sticky", "SDM 3 §17.2.3", "a #DB does not clear BD, BS and BT"
	ring0
	arm	0, WATCHED, WRITE, 4, LOCAL
	mov	eax, DR6_BS | DR6_BD | DR6_BT | 8
	mov	dr6, eax
	store	4, WATCHED
	debug_trap
	after	"eax=0000e008 DR6=0000e000"
	any_b
	reports	0

; "The processor may set B0 to B3 of breakpoints that are not enabled"; those that are not met at all stay clear.
case	"debug.ring0.disabled", "SDM 3 §17.2.3", "a condition that is met but not enabled raises nothing"
	ring0
	before	"edi=data+40 esi=data+48"
	arm	0, WATCHED, WRITE, 4, LOCAL
	mov	dr1, edi
	mov	dr2, esi
	mov	eax, 0x0fdd0001
	mov	dr7, eax
	store	4, WATCHED + 8		; DR2, not enabled
	store	4, WATCHED		; DR0, and DR1, not enabled
	debug_trap
	after	"eax=0fdd0001 DR7=0fdd0001"
	any_b
	reports	0

case	"debug.ring0.shadow", "SDM 3 §6.8.3", "MOV SS holds a #DB back in ring 0 too"
	ring0
	arm	0, WATCHED, ACCESS, 2, LOCAL
	reports	0
	mov	[WATCHED], ss
	debug_trap
	mov	eax, WATCHED
	mov	dr0, eax
	mov	eax, 0x00070001
	mov	dr7, eax
	mov	ss, [WATCHED]
	nop
	debug_trap
	after	"[40:2]=? eax=00070001"

; --- I/O breakpoints ----------------------------------------------------------------------------------------------
;
; With CR4.DE, R/W 2 watches ports. Ports 80H to 83H take any value: a diagnostic port and page registers of DMA.

%define PORT 0x80

; io_begin N, LENGTH
%macro io_begin 2
	%if %2 = 4
		%assign %%length 3
	%else
		%assign %%length %2 - 1
	%endif
	%assign %%dr7 1 << 2 * (%1) | (IO | %%length << 2) << (16 + 4 * (%1))
	%xdefine %%text HEX(%%dr7)
	needs	"de"
	ring0
	before	"eax=0 edx=00000080"
	de_on
	mov	dr%[%1], edx
	mov	ecx, %%dr7
	mov	dr7, ecx
	any_b
	reports	%1
	%strcat case_after case_after, " ebx=0 ecx=", %%text, " DR7=", %%text, " eflags.ZF=1 eflags.PF=1"
%endmacro

%macro out_port 2
	mov	dl, %2
	%if %1 = 1
		out	dx, al
	%elif %1 = 2
		out	dx, ax
	%else
		out	dx, eax
	%endif
	%xdefine %%text HEX(%2)
	%strcat case_after case_after, " edx=", %%text
%endmacro

%assign n 0
%rep 4
	%defstr digit %[n]
	%strcat name "debug.io.out.dr", digit
	case	name, "SDM 3 §17.2.4", "OUT to a watched port: #DB behind it"
	io_begin n, 1
	out	PORT, al
	debug_trap

	%strcat name "debug.io.in.dr", digit
	case	name, "SDM 3 §17.2.4", "IN from a watched port: #DB behind it"
	io_begin n, 1
	in	al, PORT
	debug_trap
	after	"eax=?"
%assign n n + 1
%endrep

; io_case NAME, N, LENGTH, SIZE, PORT
%macro io_case 5
	%strcat %%name "debug.io.", %1
	case	%%name, "SDM 3 §17.2.5", "any access to one of the watched ports is met"
	io_begin %2, %3
	out_port %4, %5
	debug_trap
%endmacro

io_case "len1.cover", 0, 1, 4, PORT
%assign n 0
%rep 4
	%strcat name "len2.exact.dr", DEC(n)
	io_case name, n, 2, 2, PORT
	%strcat name "len4.exact.dr", DEC(n)
	io_case name, n, 4, 4, PORT
%assign n n + 1
%endrep
io_case "len2.first", 2, 2, 1, PORT
io_case "len2.last", 3, 2, 1, PORT + 1
io_case "len2.end", 0, 2, 2, PORT + 1
io_case "len4.second", 2, 4, 1, PORT + 1
io_case "len4.last", 3, 4, 1, PORT + 3
io_case "len4.middle", 0, 4, 2, PORT + 1

case	"debug.io.beside", "SDM 3 §17.2.5", "ports beside a watched one are not met"
	io_begin 1, 2
	out_port 1, PORT + 2
	out_port 1, PORT + 3
	out_port 1, PORT + 1
	debug_trap

case	"debug.io.memory", "SDM 3 §17.2.4", "an I/O breakpoint is not met by memory at its address"
	io_begin 2, 4
	mov	esi, WATCHED
	mov	dr2, esi
	store	4, WATCHED
	mov	dr2, edx
	out	PORT, al
	debug_trap
	after	"esi=data+40"

case	"debug.io.outs", "SDM 3 §17.3.1.2", "OUTS to a watched port"
	io_begin 3, 1
	mov	esi, DATA
	outsb
	debug_trap
	after	"esi=data+1"

case	"debug.io.rep.outs", "SDM 3 §17.3.1.2", "REP OUTS stops behind its first iteration"
	io_begin 3, 1
	mov	esi, DATA
	mov	ecx, 3
	mark	rep
	rep	outsb
	ends	"#DB@rep"
	after	"esi=data+1 ecx=2"

end_cases
