; SPDX-License-Identifier: GPL-2.0-only
;
; Leakage: what a task reads by itself, in every register and every memory it can name, is its own and nobody else's.
;
; The comparison of states already says that registers are as they were. Here the task looks: it stores what it finds,
; as a task would that hopes for another's keys. On the paths with a switch another task has filled every register with
; 5Ch, 5CA1AB1E and the like just before each instruction. A fresh task must see the documented initial state (SDM 3
; table 9-1, SDM 1 §8.1.5, §10.2.3, §13.6), an old one what it left.

%include "case.inc"
%include "watch.inc"

%define PLACE	(DATA + 0x40)		; where a value is stored; 5Ah before, so that zeros are seen to arrive

; --- General registers and flags ----------------------------------------------------------------------------------

case	"leakage.fresh.general", "SDM 3 §7.3", "PUSHA stores the task's own eight registers"
	pushad
	after	"esp=stack-20 [1ffc]=a0a1a2a3 [1ff8]=c0c1c2c3 [1ff4]=d0d1d2d3 [1ff0]=b0b1b2b3 [1fec]=stack"
	after	"[1fe8]=e0e1e2e3 [1fe4]=51525354 [1fe0]=d4d5d6d7"

case	"leakage.fresh.eflags", "SDM 3 table 9-1", "PUSHF stores IF and the bit that is always 1"
	nostep
	nop
	point
	pushfd
	after	"esp=stack-4 [1ffc]=00000202"

case	"leakage.old.eflags", "SDM 1 §3.4.3", "PUSHF stores the task's own flags"
	nostep
	before	"eflags.CF=1 eflags.OF=1 eflags.DF=1 eflags.NT=1 eflags.AC=1"
	nop
	point
	pushfd
	after	"esp=stack-4 [1ffc]=00044e03"

; What another task's flags would do, had they stayed.
case	"leakage.fresh.df", "SDM 1 §3.4.3.2", "another task's DF does not turn strings round"
	before	"edi=data+40"
	stosd
	after	"edi=data+44 [40]=a0a1a2a3"

case	"leakage.fresh.ac", "SDM 3 §6.15", "another task's AC does not check alignment"
	mov	ecx, [DATA + 1]
	after	"ecx=0"

case	"leakage.fresh.of", "SDM 2A, INTO", "another task's OF does not trap"
	into

case	"leakage.fresh.nt", "SDM 2A, IRET", "another task's NT does not make IRET a task switch"
	nostep
	before	"esp=stack-c [1ff4]=@target [1ff8]=user_cs [1ffc]=00000202"
	iretd
	mark	target
	after	"esp=stack"

; --- Segment registers and descriptors ----------------------------------------------------------------------------

%macro selector_case 3
	%strcat %%name "leakage.fresh.", %2
	case	%%name, "SDM 3 §3.4.3", "a data segment register reads as its own selector"
	before	"eax=0"
	mov	ax, %1
	after	%3
%endmacro

selector_case ds, "ds", "eax=user_ds"
selector_case es, "es", "eax=user_ds"
selector_case fs, "fs", "eax=0"
selector_case gs, "gs", "eax=0"
selector_case ss, "ss", "eax=user_ds"
selector_case cs, "cs", "eax=user_cs"

case	"leakage.fresh.fs.use", "SDM 3 §3.4.2", "behind a null FS there is no segment of another task"
	mark	bad
	mov	eax, [fs:0]
	ends	"#GP(0)@bad"

case	"leakage.fresh.gs.use", "SDM 3 §3.4.2", "behind a null GS there is no segment of another task"
	mark	bad
	mov	eax, [gs:0]
	ends	"#GP(0)@bad"

; The other task has descriptors in all three slots. A fresh task's are empty: S is 0, the type no segment's.
; slot_case SLOT, REGISTER, NAME
%macro slot_case 3
	%defstr %%slot %[%1]
	%strcat %%name "leakage.fresh.tls", %%slot, ".", %3
	%strcat %%before "ebx=tls", %%slot
	%strcat %%ends "#GP(tls", %%slot, "-3)@bad"
	case	%%name, "SDM 3 §5.4.1", "an empty TLS slot cannot be loaded"
	before	%%before
	mark	bad
	mov	%2, bx
	ends	%%ends
%endmacro

%assign slot 0
%rep 3
	slot_case slot, ds, "ds"
	slot_case slot, es, "es"
	slot_case slot, fs, "fs"
	slot_case slot, gs, "gs"
	slot_case slot, ss, "ss"

	%defstr digit %[slot]
	%strcat name "leakage.fresh.tls", digit, ".lar"
	%strcat state "ebx=tls", digit, " eflags.ZF=1"
	case	name, "SDM 2A, LAR", "LAR, LSL, VERR and VERW find nothing in an empty TLS slot"
	before	state
	lar	ecx, ebx
	setz	al
	lsl	ecx, ebx
	setz	ah
	verr	bx
	setz	dl
	verw	bx
	setz	dh
	after	"eax=a0a10000 edx=d0d10000 eflags.ZF=0"

	%strcat name "leakage.old.tls", digit
	%strcat state "ebx=tls", digit
	case	name, "SDM 3 §3.4.5", "a TLS slot shows the task's own memory, not what another's base would"
	before	state
	before	"[40]=0badcafe [1040]=5ec2e750"
	tls	slot, DATA + 0x40, 0xfff, SEG_DATA, SEG_32
	mov	fs, bx
	mov	eax, [fs:0]
	mov	es, bx
	mov	ecx, [es:0]
	%strcat state "eax=0badcafe ecx=0badcafe fs=tls", digit, " es=tls", digit
	after	state
	%assign entry slot + 6
	%defstr digit2 %[entry]
	%strcat state "gdt", digit2, ".type=?"	; (whether the accessed bit is set was decided when it was written)
	after	state
%assign slot slot + 1
%endrep

%assign n 0
%rep 2
	%if n = 0
		%define entry "sel0"
		%define entry_error "4"
	%else
		%define entry "sel7"
		%define entry_error "3c"
	%endif
	%strcat name "leakage.fresh.ldt.", entry
	%strcat state "ebx=", entry
	%strcat end "#GP(", entry_error, ")@bad"
	case	name, "SDM 3 §5.4.1", "a fresh task has no LDT entries"
	before	state
	mark	bad
	mov	fs, bx
	ends	end
%assign n n + 1
%endrep

case	"leakage.old.ldt", "SDM 3 §3.5.1", "an old task has its own LDT"
	before	"ebx=sel2 [40]=0badcafe"
	ldt	2, DATA + 0x40, 0xfff, SEG_DATA | 1, SEG_32
	mov	gs, bx
	nop
	mov	eax, [gs:0]
	after	"eax=0badcafe gs=sel2"

; --- Debug registers ----------------------------------------------------------------------------------------------
;
; Ring 3 cannot read them; what would show is a breakpoint that fires. The other task's are at CODE, CODE + 1, the
; stack's top and DATA + 100H.

case	"leakage.fresh.breakpoints", "SDM 3 §17.2.4", "another task's four breakpoints are not met"
	before	"eax=0"
	nop
	nop
	push	edx
	pop	ecx
	load	4, DATA + 0x100
	store	4, DATA + 0x100
	after	"ecx=d0d1d2d3 [1ffc]=d0d1d2d3"

case	"leakage.old.breakpoints", "SDM 3 §17.2.4", "one's own are"
	arm	1, DATA + 0x104, WRITE, 4, LOCAL
	arm	0, "@here", EXECUTE, 1, LOCAL
	reports	1
	reports	0
	nop
	nop
	push	edx
	store	4, DATA + 0x104
	debug_trap
	nop
	mark	here
	nop
	ends	"#DB@here #BP"
	after	"esp=stack-4 [1ffc]=d0d1d2d3"

; --- x87 ----------------------------------------------------------------------------------------------------------
;
; As FNINIT leaves it, and with nothing in the registers. The pointers are 0 where the CPU restores them; where it may
; not, the kernel puts something harmless there, which the family x87 looks at. Reserved halves are the CPU's own.

case	"leakage.fresh.x87.control", "SDM 1 §8.1.5", "FNSTCW stores 037FH"
	needs	"x87"
	fnstcw	[PLACE]
	after	"[40]=037f"

case	"leakage.fresh.x87.status", "SDM 1 §8.1.3", "FNSTSW stores 0"
	needs	"x87"
	fnstsw	ax
	after	"eax=a0a10000"

case	"leakage.fresh.x87.environment", "SDM 1 §8.1.10", "FNSTENV of a fresh FPU: no pointers"
	needs	"x87 pointers"
	before	"[40:1c]=5a"
	fnstenv	[PLACE]
	after	"[40]=037f [42:2]=? [44]=0000 [46:2]=? [48]=ffff [4a:2]=? [4c:e]=00 [5a:2]=?"

case	"leakage.fresh.x87.tags", "SDM 1 §8.1.10", "FNSTENV: control, status and tag word of a fresh FPU"
	needs	"x87 !pointers"
	before	"[40:1c]=5a"
	fnstenv	[PLACE]
	after	"[40]=037f [42:2]=? [44]=0000 [46:2]=? [48]=ffff [4a:2]=? [4c:10]=?"

case	"leakage.fresh.x87.fnsave", "SDM 1 §8.1.10", "FNSAVE stores eight registers of zeros"
	needs	"x87"
	before	"[40:6c]=5a"
	fnsave	[PLACE]
	after	"[40]=037f [42:2]=? [44]=0000 [46:2]=? [48]=ffff [4a:2]=? [4c:10]=? [5c:50]=00"

; After some integer instructions, under lazy switching still without the FPU.
case	"leakage.fresh.x87.late", "SDM 3 §2.5", "the same when the FPU is used late"
	needs	"x87"
	before	"[40:6c]=5a"
	nop
	inc	ecx
	nop
	fnsave	[PLACE]
	fnsave	[PLACE]
	after	"ecx=c0c1c2c4 eflags.SF=1"
	after	"[40]=037f [42:2]=? [44]=0000 [46:2]=? [48]=ffff [4a:2]=? [4c:10]=? [5c:50]=00"

; FINCSTP goes round without changing anything but TOP: each register is seen through ST(0), as FXAM finds it: empty.
case	"leakage.fresh.x87.empty", "SDM 2A, FXAM", "FXAM finds every register empty"
	needs	"x87"
	xor	ebx, ebx
%rep 8
	fxam
	fnstsw	ax
	and	ah, 0x45		; C3, C2, C0: 101 is empty
	cmp	ah, 0x41
	setne	al
	or	bl, al
	fincstp
%endrep
	after	"ebx=0 eax=a0a14100 eflags.ZF=1 eflags.PF=1 FSW.C0=? FSW.C3=? FSW.C2=? FSW.C1=0"

case	"leakage.old.x87.control", "SDM 1 §8.1.5", "FNSTCW stores the task's own control word"
	needs	"x87"
	before	"FCW=0a7b"
	nop
	fnstcw	[PLACE]
	after	"[40]=0a7b"

case	"leakage.old.x87.registers", "SDM 1 §8.1.2", "FSTP stores the task's own registers"
	needs	"x87"
	before	"FTW=ff ST0=4000_c90fdaa22168c235 ST1=4001_8000000000000001 ST2=4002_8000000000000002"
	before	"ST3=4003_8000000000000003 ST4=4004_8000000000000004 ST5=4005_8000000000000005"
	before	"ST6=4006_8000000000000006 ST7=4007_8000000000000007"
%assign n 0
%rep 8
	fstp	tword [PLACE + 10 * n]
%assign n n + 1
%endrep
	after	"[40]=4000_c90fdaa22168c235 [4a]=4001_8000000000000001 [54]=4002_8000000000000002"
	after	"[5e]=4003_8000000000000003 [68]=4004_8000000000000004 [72]=4005_8000000000000005"
	after	"[7c]=4006_8000000000000006 [86]=4007_8000000000000007 FTW=0 FSW.C1=0"

%assign n 0
%rep 8
	%defstr digit %[n]
	%strcat name "leakage.fresh.mm", digit
	case	name, "SDM 1 §9.2", "an MMX register of a fresh task is 0"
	needs	"mmx"
	before	"[40:8]=5a"
	movq	[PLACE], mm%[n]
	emms
	after	"[40:8]=00 ST0=? ST1=? ST2=? ST3=? ST4=? ST5=? ST6=? ST7=?"
%assign n n + 1
%endrep

case	"leakage.old.mm", "SDM 1 §9.2", "MMX registers of an old task are its own"
	needs	"mmx"
	before	"FTW=ff ST0=ffff_0011223344556677 ST7=ffff_8899aabbccddeeff"
	movq	[PLACE], mm0
	nop
	movq	[PLACE + 8], mm7
	after	"[40]=0011223344556677 [48]=8899aabbccddeeff"

; --- SSE ----------------------------------------------------------------------------------------------------------

case	"leakage.fresh.mxcsr", "SDM 1 §10.2.3", "STMXCSR stores 1F80H"
	needs	"sse"
	stmxcsr	[PLACE]
	after	"[40]=00001f80"

case	"leakage.fresh.mxcsr.late", "SDM 1 §10.2.3", "the same after some integer instructions"
	needs	"sse"
	nop
	inc	ecx
	stmxcsr	[PLACE]
	nop
	stmxcsr	[PLACE + 4]
	after	"ecx=c0c1c2c4 eflags.SF=1 [40]=00001f80 [44]=00001f80"

case	"leakage.old.mxcsr", "SDM 1 §10.2.3", "STMXCSR stores the task's own"
	needs	"sse"
	before	"MXCSR=0000df95"
	nop
	stmxcsr	[PLACE]
	after	"[40]=0000df95"

%assign n 0
%rep 8
	%defstr digit %[n]
	%strcat name "leakage.fresh.xmm", digit
	case	name, "SDM 1 §10.2.2", "an XMM register of a fresh task is 0"
	needs	"sse"
	before	"[40:10]=5a"
	movups	[PLACE], xmm%[n]
	after	"[40:10]=00"

	%strcat name "leakage.old.xmm", digit
	%strcat state "XMM", digit, "=0011223344556677_8899aabbccddeeff"
	case	name, "SDM 1 §10.2.2", "an XMM register of an old task is its own"
	needs	"sse"
	before	state
	nop
	movups	[PLACE], xmm%[n]
	after	"[40]=0011223344556677_8899aabbccddeeff"
%assign n n + 1
%endrep

; All of the image at once. Reserved bytes and XMM8 to XMM15 are not the task's; MXCSR_MASK is the CPU's.
case	"leakage.fresh.fxsave", "SDM 1 §10.5.1", "FXSAVE stores the initial state"
	needs	"fxsr sse pointers"
	before	"[40:200]=5a"
	fxsave	[PLACE]
	after	"[40]=037f [42]=0000 [44]=00 [45:1]=? [46:8]=00 [4e:2]=?"
	after	"[50:6]=00 [56:2]=? [58]=00001f80 [5c:4]=?"
	after	"[60:a]=00 [6a:6]=? [70:a]=00 [7a:6]=? [80:a]=00 [8a:6]=? [90:a]=00 [9a:6]=?"
	after	"[a0:a]=00 [aa:6]=? [b0:a]=00 [ba:6]=? [c0:a]=00 [ca:6]=? [d0:a]=00 [da:6]=?"
	after	"[e0:80]=00 [160:e0]=?"

; --- Extended state -----------------------------------------------------------------------------------------------

%assign n 0
%rep 8
	%defstr digit %[n]
	%strcat name "leakage.fresh.ymm", digit
	case	name, "SDM 1 §13.6", "a YMM register of a fresh task is 0"
	needs	"avx"
	before	"[40:20]=5a"
	vmovups	[PLACE], ymm%[n]
	after	"[40:20]=00"

	%strcat name "leakage.old.ymm", digit
	%strcat state "YMM", digit, "_Hi128=0f0e0d0c0b0a0908_0706050403020100"
	case	name, "SDM 1 §14.1.1", "a YMM register of an old task is its own"
	needs	"avx"
	before	state
	nop
	vmovups	[PLACE], ymm%[n]
	after	"[50]=0f0e0d0c0b0a0908_0706050403020100"

	%strcat name "leakage.fresh.zmm", digit
	case	name, "SDM 1 §13.6", "a ZMM register of a fresh task is 0"
	needs	"avx512f"
	before	"[40:40]=5a"
	vmovups	[PLACE], zmm%[n]
	after	"[40:40]=00"

	%strcat name "leakage.old.zmm", digit
	%strcat state "ZMM", digit, "_Hi256=1f1e1d1c1b1a1918_1716151413121110_0f0e0d0c0b0a0908_0706050403020100"
	case	name, "SDM 1 §15.1", "a ZMM register of an old task is its own"
	needs	"avx512f"
	before	state
	nop
	vmovups	[PLACE], zmm%[n]
	after	"[60]=1f1e1d1c1b1a1918_1716151413121110_0f0e0d0c0b0a0908_0706050403020100"

	%strcat name "leakage.fresh.k", digit
	case	name, "SDM 1 §13.6", "an opmask register of a fresh task is 0"
	needs	"avx512f"
	before	"[40:2]=5a"
	kmovw	[PLACE], k%[n]
	after	"[40:2]=00"

	%strcat name "leakage.old.k", digit
	%strcat state "K", digit, "=000000000000c3a5"
	case	name, "SDM 1 §15.6.1", "an opmask register of an old task is its own"
	needs	"avx512f"
	before	state
	nop
	kmovw	[PLACE], k%[n]
	after	"[40]=c3a5"
%assign n n + 1
%endrep

%assign n 0
%rep 4
	%defstr digit %[n]
	%strcat name "leakage.fresh.bnd", digit
	case	name, "SDM 1 §13.6", "a bound register of a fresh task is 0"
	needs	"mpx"
	before	"BNDCFGU=0000000000000001 esi=data+40 [40:8]=5a"
	bndmov	[esi], bnd%[n]
	after	"[40:8]=00"

	%strcat name "leakage.old.bnd", digit
	%strcat state "BND", digit, "=00000000efefefe0_0000000010101010"
	case	name, "SDM 1 appendix E", "a bound register of an old task is its own"
	needs	"mpx"
	before	"BNDCFGU=0000000000000003 esi=data+40"
	before	state
	nop
	bndmov	[esi], bnd%[n]
	after	"[40]=10101010 [44]=efefefe0"
%assign n n + 1
%endrep

; With MPX off in BNDCFGU, which is the initial state, BNDMOV is a NOP: another task's BNDCFGU must not turn it on.
case	"leakage.fresh.bndcfg", "SDM 1 appendix E", "MPX is off in a fresh task"
	needs	"mpx"
	before	"[40:8]=5a"
	bndmov	[PLACE], bnd0

case	"leakage.fresh.pkru", "SDM 1 §13.6", "PKRU of a fresh task is 0"
	needs	"pku"
	before	"ecx=0"
	db	0x0f, 0x01, 0xee	; RDPKRU
	after	"eax=0 edx=0"

case	"leakage.old.pkru", "SDM 3 §4.6.2", "PKRU of an old task is its own"
	needs	"pku"
	before	"ecx=0 PKRU=a5a5a5a0"
	nop
	db	0x0f, 0x01, 0xee	; RDPKRU
	after	"eax=a5a5a5a0 edx=0"

; --- Memory -------------------------------------------------------------------------------------------------------

case	"leakage.memory.stack", "SDM 3 §4.7", "a fresh stack page is all zeros"
	before	"eax=0 ecx=400 edi=10002000"
	nostep
	repe	scasd
	after	"ecx=0 edi=stack eflags.ZF=1 eflags.PF=1"

case	"leakage.memory.data", "SDM 3 §4.7", "a fresh data page is all zeros"
	before	"eax=0 ecx=400 edi=data"
	nostep
	repe	scasd
	after	"ecx=0 edi=10002000 eflags.ZF=1 eflags.PF=1"

; The other task writes to its own pages at the same addresses, over and over.
case	"leakage.memory.own", "SDM 3 §4.3", "pages at the same address are another task's own"
	before	"[0]=11223344 [f00]=55667788 [1f00]=99aabbcc eax=0"
	load	4, DATA
	mov	ecx, [DATA + 0xf00]
	mov	edx, [STACK + 0xf00]
	mov	ebx, [DATA + 0x10]
	after	"eax=11223344 ecx=55667788 edx=99aabbcc ebx=0"

; memory_case NAME, ADDRESS, ERROR, CR2, {CODE}
%macro memory_case 4
	%strcat %%name "leakage.memory.", %1
	%strcat %%ends "#PF(", %2, ")@bad"
	case	%%name, "SDM 3 §4.7", "memory that is not the task's faults"
	mark	bad
	%4
	ends	%%ends
	after	%3
%endmacro

memory_case "above", "4", "cr2=10003000", {mov al, [UNMAPPED]}
memory_case "above.write", "6", "cr2=10003000", {mov [UNMAPPED], al}
memory_case "below", "4", "cr2=0fffffff", {mov al, [CODE - 1]}
memory_case "code.write", "7", "cr2=10000800", {mov [CODE + 0x800], al}
; The other task's code and stack
memory_case "other", "4", "cr2=20000000", {mov al, [0x20000000]}
memory_case "other.write", "6", "cr2=20001ffc", {mov [0x20001ffc], eax}
memory_case "null", "4", "cr2=00000000", {mov al, [0]}
; The kernel, and the page tables' user bit
memory_case "kernel", "5", "cr2=c0100000", {mov al, [0xc0100000]}
	needs	"ring0"
memory_case "kernel.write", "7", "cr2=c0100000", {mov [0xc0100000], al}
	needs	"ring0"

end_cases
