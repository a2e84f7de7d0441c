; SPDX-License-Identifier: GPL-2.0-only
;
; Exceptions and frames: each vector that ring 3 can raise, where EIP points then, the error code and CR2. A fault
; leaves no trace in registers, so that the instruction can be done again: the default rule of all cases, "all else as
; before", holds it to that. RF in the saved EFLAGS has cases of its own.

%include "case.inc"

; fault NAME, MANUAL, PROVES, EXCEPTION, NEEDS, BEFORE, INSTRUCTION: a fault at the instruction, in a case of its own
%macro fault 7+
	%strcat %%name "exceptions.", %1
	%strcat %%ends %4, "@bad"
	case	%%name, %2, %3
	needs	%5
	before	%6
	nop				; so that EIP is not where it began
	mark	bad
	%7
	ends	%%ends
%endmacro

; --- #DE ---

%define DE "SDM 3 §6.15, #DE"
fault "de.div.byte", DE, "division by zero, 8 bits", "#DE", "", "ecx=0", div cl
fault "de.div.word", DE, "division by zero, 16 bits", "#DE", "", "ecx=0", div cx
fault "de.div.dword", DE, "division by zero, 32 bits", "#DE", "", "ecx=0", div ecx
fault "de.div.overflow", DE, "a quotient of 2^32", "#DE", "", "ecx=2 edx=2 eax=0", div ecx
fault "de.div.overflow.byte", DE, "a quotient of 256", "#DE", "", "ecx=1 eax=100", div cl
fault "de.idiv.zero", DE, "signed division by zero", "#DE", "", "ecx=0", idiv ecx
fault "de.idiv.overflow", DE, "-2^31 by -1", "#DE", "", "eax=80000000 edx=ffffffff ecx=ffffffff", idiv ecx
fault "de.idiv.overflow.byte", DE, "-128 by -1", "#DE", "", "eax=ff80 ecx=ff", idiv cl
fault "de.aam", DE, "AAM with base 0", "#DE", "", "eax=1234", aam 0
fault "de.memory", DE, "a divisor in memory", "#DE", "", "[20]=0000000011", div dword [DATA + 0x21]

case	"exceptions.de.div.last", "SDM 2A, DIV", "the largest quotient there is"
	before	"ecx=2 edx=1 eax=ffffffff"
	div	ecx
	after	"eax=ffffffff edx=1 eflags=?"

case	"exceptions.de.idiv.last", "SDM 2A, IDIV", "the smallest quotient there is"
	before	"ecx=1 edx=ffffffff eax=80000000"
	idiv	ecx
	after	"eax=80000000 edx=0 eflags=?"

; --- #BP, #OF, INT n ---

case	"exceptions.bp", "SDM 3 §6.15, #BP", "INT3 is a trap: EIP is behind it"
	int3
	mark	next
	ends	"#BP@next"
	after	"eflags.RF=0"

case	"exceptions.bp.long", "SDM 2A, INT n", "INT 3 in two bytes is the same"
	db	0xcd, 3
	mark	next
	ends	"#BP@next"
	after	"eflags.RF=0"

case	"exceptions.of", "SDM 3 §6.15, #OF", "INTO with OF is a trap: EIP is behind it; the task goes on"
	before	"eflags=a02"
	into
	mark	next
	nop
	ends	"#OF@next #BP"

case	"exceptions.of.rf", "SDM 3 §17.3.1.1", "RF is 0 in the frame of a trap"
	before	"eflags=a02"
	into
	mark	next
	ends	"#OF@next"
	after	"eflags.RF=0"

case	"exceptions.of.none", "SDM 3 §6.15, #OF", "INTO without OF does nothing"
	before	"eflags=2d7"
	into

case	"exceptions.of.int", "SDM 2A, INT n", "INT 4 does not ask for OF"
	int	4
	mark	next
	ends	"#OF@next"
	after	"eflags.RF=0"

; A gate of DPL 0 is not open to INT n: #GP, with the gate's number in the error code and its bit 1, IDT, set. So is a
; gate behind the IDT's end, and one that hardware interrupts use.
%macro int_case 1
	%xdefine %%digits HEX(%1 * 8 + 2)
	%xdefine %%vector HEX(%1)
	%strcat %%name "exceptions.int.", %%vector
	%strcat %%ends "#GP(", %%digits, ")@bad"
	case	%%name, "SDM 3 §6.12.1.1", "INT n through a gate that ring 3 may not use"
	nop
	mark	bad
	int	%1
	ends	%%ends
%endmacro
%assign vector 0
%rep 34
	%if vector <> 3 && vector <> 4
	int_case vector
	%endif
	%assign vector vector + 1
%endrep
int_case 0x2f
int_case 0x7f
int_case 0x81
int_case 0xff

; --- #BR ---

%define BR "SDM 2A, BOUND"
fault "br.below", BR, "one below the lower bound", "#BR", "", "eax=fffffffb [0]=fffffffc [4]=00000004", \
	bound eax, [DATA]
fault "br.above", BR, "one above the upper bound", "#BR", "", "eax=5 [0]=fffffffc [4]=00000004", bound eax, [DATA]
fault "br.word", BR, "with 16-bit operands", "#BR", "", "eax=5 [0]=fffc [2]=0004", bound ax, [DATA]
fault "br.register", "SDM 2A, BOUND", "bounds are in memory: #UD", "#UD", "", "eax=5", \
	{db 0x62, 0xc0, 0x90, 0x90, 0x90, 0x90}

%macro bound_case 2
	%strcat %%name "exceptions.br.in.", %1
	%strcat %%before "eax=", %2
	case	%%name, "SDM 2A, BOUND", "within the bounds nothing happens"
	before	"[0]=fffffffc [4]=00000004"
	before	%%before
	bound	eax, [DATA]
%endmacro
bound_case "lower", "fffffffc"
bound_case "upper", "4"
bound_case "zero", "0"

; --- #UD ---

%define UD "SDM 3 §6.15, #UD"
fault "ud.ud2", UD, "UD2", "#UD", "", "", {ud2}
fault "ud.ud1", UD, "0F B9", "#UD", "", "", {db 0x0f, 0xb9, 0xc0}
fault "ud.ud0", UD, "0F FF", "#UD", "", "", {db 0x0f, 0xff, 0xc0}
fault "ud.mov.cs", UD, "MOV cannot load CS", "#UD", "", "", {db 0x8e, 0xc8}
fault "ud.mov.sreg6", UD, "there is no seventh segment register to load", "#UD", "", "", {db 0x8e, 0xf0}
fault "ud.mov.sreg7", UD, "nor to store", "#UD", "", "", {db 0x8c, 0xf8}
fault "ud.lea", UD, "LEA of a register", "#UD", "", "", {db 0x8d, 0xc0}
fault "ud.les", UD, "LES of a register", "#UD", "!avx", "", {db 0xc4, 0xc0}
fault "ud.lss", UD, "LSS of a register", "#UD", "", "", {db 0x0f, 0xb2, 0xc0}
fault "ud.far.register", UD, "a far jump through a register", "#UD", "", "", {db 0xff, 0xe8}
fault "ud.far.call.register", UD, "a far call through a register", "#UD", "", "", {db 0xff, 0xd8}
fault "ud.group4", UD, "FE /7", "#UD", "", "", {db 0xfe, 0xf8}
fault "ud.group5", UD, "FF /7", "#UD", "", "", {db 0xff, 0xf8}
fault "ud.group8", UD, "0F BA /0", "#UD", "", "", {db 0x0f, 0xba, 0xc0, 0}
fault "ud.cmpxchg8b", UD, "CMPXCHG8B of a register", "#UD", "", "", {db 0x0f, 0xc7, 0xc8}
fault "ud.lgdt", UD, "LGDT from a register", "#UD", "", "", {db 0x0f, 0x01, 0xd7}
fault "ud.rsm", "SDM 2B, RSM", "RSM outside of system management mode", "#UD", "", "", {rsm}
fault "ud.page", UD, "the first byte of the second opcode page that has no instruction", "#UD", "", "", \
	{db 0x0f, 0x04}

; LOCK is for read-modify-write of memory, by a list of instructions (SDM 2A, LOCK).
fault "ud.lock.nop", "SDM 2A, LOCK", "LOCK of NOP", "#UD", "", "", {db 0xf0, 0x90}
fault "ud.lock.load", "SDM 2A, LOCK", "LOCK of a load", "#UD", "", "", {db 0xf0, 0x8b, 0x0d, 0, 0x10, 0, 0x10}
fault "ud.lock.store", "SDM 2A, LOCK", "LOCK of a store", "#UD", "", "", {db 0xf0, 0x89, 0x0d, 0, 0x10, 0, 0x10}
fault "ud.lock.compare", "SDM 2A, LOCK", "LOCK of CMP", "#UD", "", "", {db 0xf0, 0x39, 0x0d, 0, 0x10, 0, 0x10}
fault "ud.lock.add.register", "SDM 2A, LOCK", "LOCK of ADD to a register", "#UD", "", "", {db 0xf0, 0x01, 0xc8}
fault "ud.lock.add.load", "SDM 2A, LOCK", "LOCK of ADD from memory", "#UD", "", "", \
	{db 0xf0, 0x03, 0x0d, 0, 0x10, 0, 0x10}
fault "ud.lock.bt", "SDM 2A, LOCK", "LOCK of BT", "#UD", "", "", {db 0xf0, 0x0f, 0xa3, 0x0d, 0, 0x10, 0, 0x10}
fault "ud.lock.push", "SDM 2A, LOCK", "LOCK of PUSH", "#UD", "", "", {db 0xf0, 0x50}
fault "ud.lock.string", "SDM 2A, LOCK", "LOCK of MOVS", "#UD", "", "", {db 0xf0, 0xa5}
fault "ud.lock.jump", "SDM 2A, LOCK", "LOCK of a jump", "#UD", "", "", {db 0xf0, 0xeb, 0}

case	"exceptions.ud.lock.legal", "SDM 2A, LOCK", "LOCK where it may be"
	before	"[0]=00000001 eflags=202"
	lock inc dword [DATA]
	lock not dword [DATA]
	after	"[0]=fffffffd eflags=202"

; --- #GP: instructions that ring 3 may not use ---

%define GP "SDM 3 §5.9"
fault "gp.hlt", GP, "HLT", "#GP(0)", "", "", hlt
fault "gp.cli", GP, "CLI, at IOPL 0", "#GP(0)", "", "", cli
fault "gp.sti", GP, "STI, at IOPL 0", "#GP(0)", "", "", sti
fault "gp.in.byte", "SDM 1 §19.5", "IN, at IOPL 0 and without an I/O bitmap", "#GP(0)", "", "", {in al, 0x80}
fault "gp.in.dx", "SDM 1 §19.5", "IN from DX", "#GP(0)", "", "edx=80", {in eax, dx}
fault "gp.out.byte", "SDM 1 §19.5", "OUT", "#GP(0)", "", "", {out 0x80, al}
fault "gp.out.dx", "SDM 1 §19.5", "OUT to DX", "#GP(0)", "", "edx=80", {out dx, ax}
fault "gp.ins", "SDM 1 §19.5", "INS", "#GP(0)", "", "edx=80 edi=data", insb
fault "gp.outs", "SDM 1 §19.5", "OUTS", "#GP(0)", "", "edx=80 esi=data", outsb
fault "gp.ins.rep", "SDM 1 §19.5", "REP INS", "#GP(0)", "", "edx=80 edi=data ecx=4", rep insd
fault "gp.clts", GP, "CLTS", "#GP(0)", "", "", clts
fault "gp.lmsw", GP, "LMSW", "#GP(0)", "", "eax=1", lmsw ax
fault "gp.lgdt", GP, "LGDT", "#GP(0)", "", "", lgdt [DATA]
fault "gp.lidt", GP, "LIDT", "#GP(0)", "", "", lidt [DATA]
fault "gp.lldt", GP, "LLDT", "#GP(0)", "", "eax=0", lldt ax
fault "gp.ltr", GP, "LTR", "#GP(0)", "", "eax=80", ltr ax
fault "gp.invd", GP, "INVD", "#GP(0)", "", "", invd
fault "gp.wbinvd", GP, "WBINVD", "#GP(0)", "", "", wbinvd
fault "gp.invlpg", GP, "INVLPG", "#GP(0)", "", "", invlpg [DATA]
fault "gp.rdmsr", GP, "RDMSR", "#GP(0)", "sep", "ecx=174", rdmsr
fault "gp.wrmsr", GP, "WRMSR", "#GP(0)", "sep", "ecx=174", wrmsr
fault "gp.rdpmc", "SDM 2B, RDPMC", "RDPMC with CR4.PCE clear", "#GP(0)", "cmov", "ecx=0", rdpmc
fault "gp.mov.from.cr0", GP, "MOV from CR0", "#GP(0)", "", "", {mov eax, cr0}
fault "gp.mov.from.cr2", GP, "MOV from CR2", "#GP(0)", "", "", {mov eax, cr2}
fault "gp.mov.from.cr3", GP, "MOV from CR3", "#GP(0)", "", "", {mov eax, cr3}
fault "gp.mov.from.cr4", GP, "MOV from CR4", "#GP(0)", "cpuid", "", {mov eax, cr4}
fault "gp.mov.to.cr0", GP, "MOV to CR0", "#GP(0)", "", "", {mov cr0, eax}
fault "gp.mov.to.cr2", GP, "MOV to CR2", "#GP(0)", "", "", {mov cr2, eax}
fault "gp.mov.to.cr3", GP, "MOV to CR3", "#GP(0)", "", "", {mov cr3, eax}
fault "gp.mov.to.cr4", GP, "MOV to CR4", "#GP(0)", "cpuid", "", {mov cr4, eax}
%assign n 0
%rep 8
	%if n <> 4 && n <> 5
	%defstr	digit %[n]
	%strcat	name_from "gp.mov.from.dr", digit
	%strcat	name_to "gp.mov.to.dr", digit
fault name_from, GP, "MOV from a debug register", "#GP(0)", "", "", {mov eax, dr%[n]}
fault name_to, GP, "MOV to a debug register", "#GP(0)", "", "", {mov dr%[n], eax}
	%endif
	%assign n n + 1
%endrep
; SYSENTER_CS_MSR is 0: the kernel does not use it.
fault "gp.sysenter", "SDM 2B, SYSENTER", "SYSENTER with a null SYSENTER_CS_MSR", "#GP(0)", "sep ring0", "", sysenter
fault "gp.sysexit", "SDM 2B, SYSEXIT", "SYSEXIT", "#GP(0)", "sep", "", sysexit

case	"exceptions.gp.rdtsc", "SDM 2B, RDTSC", "RDTSC is free where CR4.TSD is clear"
	needs	"tsc"
	rdtsc
	after	"eax=? edx=?"

; No instruction is longer than 15 bytes (SDM 2A §2.3.11).
case	"exceptions.gp.long", "SDM 3 §6.15, #GP", "an instruction of 16 bytes"
	mark	bad
	times 15 db 0x26
	nop
	ends	"#GP(0)@bad"

case	"exceptions.gp.long.load", "SDM 3 §6.15, #GP", "an instruction of 16 bytes with an operand"
	mark	bad
	times 10 db 0x3e
	mov	ecx, [DATA]
	ends	"#GP(0)@bad"

case	"exceptions.gp.long.last", "SDM 2A §2.3.11", "an instruction of 15 bytes"
	times 14 db 0x26
	nop

case	"exceptions.gp.long.load.last", "SDM 2A §2.3.11", "an instruction of 15 bytes with an operand"
	before	"[0]=12345678"
	times 9 db 0x3e
	mov	ecx, [DATA]
	after	"ecx=12345678"

; --- #TS ---

; IRET with NT set goes back to the task that the TSS links to. The link is 0 here, which is no busy TSS.
fault "ts.iret", "SDM 2A, IRET", "IRET with NT and no task to go back to", "#TS(0)", "ring0", "eflags=4202", iretd
fault "ts.iret.word", "SDM 2A, IRET", "the same with a 16-bit operand", "#TS(0)", "ring0", "eflags=4202", iretw

; --- #PF ---

%define PF "SDM 3 §4.7"
%macro page_fault 6+			; name, proves, error, cr2, before, instruction
	%strcat %%exception "#PF(", %3, ")"
	%strcat %%cr2 "cr2=", %4
	fault	%1, PF, %2, %%exception, "", %5, %6
	after	%%cr2
%endmacro
page_fault "pf.read", "a read of a page that is not there: U", "4", "10003000", "", mov ecx, [UNMAPPED]
page_fault "pf.write", "a write: W and U", "6", "10003004", "", mov [UNMAPPED + 4], ecx
page_fault "pf.write.protected", "a write to a read-only page: P, W and U", "7", "10000ff0", "", \
	mov [CODE + 0xff0], ecx
page_fault "pf.null", "address 0", "4", "0", "", mov ecx, [0]
page_fault "pf.straddle.read", "the part that is not there is what CR2 names", "4", "10003000", "", \
	mov ecx, [UNMAPPED - 2]
page_fault "pf.straddle.write", "and nothing of the other part is written", "6", "10003000", "", \
	mov [UNMAPPED - 2], ecx
page_fault "pf.modify.protected", "read-modify-write of a read-only page is a write", "7", "10000ff0", "", \
	inc dword [CODE + 0xff0]
page_fault "pf.xchg.protected", "so is XCHG", "7", "10000ff0", "", xchg [CODE + 0xff0], ecx
page_fault "pf.cmpxchg.protected", "and CMPXCHG, which writes equal or not", "7", "10000ff0", "eax=0", \
	cmpxchg [CODE + 0xff0], ecx
page_fault "pf.push", "a push to a page that is not there, and ESP stays", "6", "ffffffc", "esp=code", push eax
page_fault "pf.pop", "a pop, and ESP stays", "4", "10003000", "", pop eax
page_fault "pf.pop.memory", "a pop into memory that is not there, and ESP stays", "6", "10003000", "esp=stack-8", \
	pop dword [UNMAPPED]
page_fault "pf.call", "a call that cannot push", "6", "ffffffc", "esp=code", call .bad
page_fault "pf.call.memory", "a call through memory that is not there", "4", "10003000", "", call [UNMAPPED]
page_fault "pf.ret", "a return that cannot pop", "4", "10003000", "", ret
page_fault "pf.leave", "LEAVE from a frame that is not there", "4", "10003000", "ebp=stack", leave
; (The registers before the missing one may have been loaded: processors do that, and it does not show in the restart.)
page_fault "pf.popa", "POPA from a stack that ends too early: ESP stays", "4", "10003000", "esp=stack-10", \
	popad
	after	"edi=? esi=? ebp=?"
page_fault "pf.xlat", "XLAT", "4", "10003010", "ebx=stack eax=10", xlatb
page_fault "pf.bound", "BOUND", "4", "10003000", "", bound eax, [UNMAPPED]
page_fault "pf.far.pointer", "LFS, by either half of its operand", "4", "?", "", lfs eax, [UNMAPPED]
page_fault "pf.segment", "a prefix of FS' base counts", "4", "10003008", "fs=tls0", mov ecx, [fs:8]
	tls	0, UNMAPPED, 0xf, 0xf3, SEG_32

; The kernel's pages: there, but not for ring 3.
fault "pf.kernel.read", PF, "a read of a kernel page: P and U", "#PF(5)", "ring0", "", mov ecx, [0xc0100000]
	after	"cr2=c0100000"
fault "pf.kernel.write", PF, "a write to a kernel page: P, W and U", "#PF(7)", "ring0", "", mov [0xc0100000], ecx
	after	"cr2=c0100000"

; PUSHA and ENTER over several pages: some of it may have been stored when the fault comes, but no register changes.
page_fault "pf.pusha", "PUSHA into a page that cannot be written", "7", "?", "esp=data+10", pushad
	after	"[0:10]=?"
page_fault "pf.enter", "ENTER checks that its frame can be written at the far end", "6", "?", "", enter 0x4000, 0
	after	"[1ffc:4]=?"

; Fetches: EIP is where the instruction begins, CR2 where the byte is missing. Processors that can forbid fetches tell them
; from reads by bit 4 of the error code.
%assign told 0
%rep 2
	%if told
		%define fetch "exceptions.pf.fetch.told"
		%define fetch_needs "fetch_told"
		%define absent "#PF(14)"
		%define forbidden "#PF(15)"
	%else
		%define fetch "exceptions.pf.fetch"
		%define fetch_needs "!fetch_told"
		%define absent "#PF(4)"
		%define forbidden "#PF(5)"
	%endif

	case	fetch, PF, "a jump to a page that is not there"
	needs	fetch_needs
	mark	start
	jmp	UNMAPPED - CODE + .start
	%strcat fetch_end absent, "@start+3000"
	ends	fetch_end
	after	"cr2=10003000"

	%strcat fetch_name fetch, ".straddle"
	case	fetch_name, PF, "an instruction whose end is not there"
	needs	fetch_needs
	before	"[1ffe]=11b8"		; MOV EAX, imm32, of which the last three bytes are missing
	mark	start
	jmp	UNMAPPED - CODE + .start - 2
	%strcat fetch_end absent, "@start+2ffe"
	ends	fetch_end
	after	"cr2=10003000"

	%strcat fetch_name fetch, ".last"
	case	fetch_name, PF, "an instruction that just fits before the end of memory"
	needs	fetch_needs
	before	"[1ffb]=11223344b8"
	mark	start
	jmp	UNMAPPED - CODE + .start - 5
	%strcat fetch_end absent, "@start+3000"
	ends	fetch_end
	after	"cr2=10003000 eax=11223344"

	%strcat fetch_name fetch, ".kernel"
	case	fetch_name, PF, "a jump to a kernel page: P and U"
	needs	fetch_needs
	needs	"ring0"
	mark	start
	jmp	0xc0100000 - CODE + .start
	%strcat fetch_end forbidden, "@start+b0100000"
	ends	fetch_end
	after	"cr2=c0100000"
%assign told 1
%endrep

case	"exceptions.pf.fetch.data", "SDM 3 §4.6.1", "a jump to a page that is not executable: P, U and I/D"
	needs	"nx"
	before	"[0]=90"		; the page is there
	mark	start
	jmp	DATA - CODE + .start
	ends	"#PF(15)@start+1000"
	after	"cr2=10001000"

; A page that the kernel brings: the instruction is done again, and sees nothing of it.
case	"exceptions.pf.served.read", PF, "a page comes on demand, and reads as zero"
	mov	ecx, [DATA + 0xffc]
	after	"ecx=0"

case	"exceptions.pf.served.modify", PF, "a read-modify-write is done once"
	inc	dword [DATA]
	inc	dword [STACK]
	after	"[0]=00000001 [1000]=00000001"

case	"exceptions.pf.served.straddle", PF, "two pages come for one store"
	mov	[STACK - 2], ecx
	after	"[ffe]=c0c1c2c3"

case	"exceptions.pf.served.push", PF, "the stack's page comes for a PUSHA"
	pushad
	popad
	after	"[1ffc]=a0a1a2a3 [1ff8]=c0c1c2c3 [1ff4]=d0d1d2d3 [1ff0]=b0b1b2b3"
	after	"[1fec]=stack [1fe8]=e0e1e2e3 [1fe4]=51525354 [1fe0]=d4d5d6d7"

; --- string instructions ---

; A fault in the middle: the registers say what has been done, EIP is at the instruction with its prefix.
%macro string_fault 8+			; name, proves, error, cr2, before, after, needs, instruction
	%strcat %%exception "#PF(", %3, ")"
	%strcat %%cr2 "cr2=", %4
	fault	%1, "SDM 2B, REP", %2, %%exception, %7, %5, %8
	after	%%cr2
	after	%6
%endmacro
string_fault "string.movs.source", "REP MOVSB: four bytes, then the source ends", "4", "10003000", \
	"esi=stack-4 edi=data ecx=a [1ffc]=44332211", "esi=stack edi=data+4 ecx=6 [0]=44332211", "", rep movsb
string_fault "string.movs.target", "REP MOVSB: four bytes, then the target ends", "6", "10003000", \
	"esi=data edi=stack-4 ecx=a [0]=44332211", "esi=data+4 edi=stack ecx=6 [1ffc]=44332211", "", rep movsb
string_fault "string.movs.dword", "REP MOVSD: the doubleword at the edge is not begun", "6", "10003000", \
	"esi=data edi=stack-6 ecx=a [0]=ccddeeff_44332211", "esi=data+4 edi=stack-2 ecx=9 [1ffa]=44332211", "", rep movsd
string_fault "string.movs.down", "REP MOVSB downwards", "4", "fffffff", \
	"esi=code edi=data+10 ecx=5 eflags=602", "esi=code-1 edi=data+f ecx=4 [10]=90", "", rep movsb
string_fault "string.movs.protected", "REP MOVSB into a read-only page", "7", "10000000", \
	"esi=data edi=code ecx=5", "", "", rep movsb
string_fault "string.stos", "REP STOSB", "6", "10003000", \
	"edi=stack-3 ecx=10", "edi=stack ecx=d [1ffd]=a3a3a3", "", rep stosb
string_fault "string.stos.dword", "REP STOSD", "6", "10003000", \
	"edi=stack-8 ecx=10", "edi=stack ecx=e [1ff8]=a0a1a2a3_a0a1a2a3", "", rep stosd
string_fault "string.stos.word", "REP STOSW, one half of it outside", "6", "10003000", \
	"edi=stack-3 ecx=10", "edi=stack-1 ecx=f [1ffd]=a2a3", "", rep stosw
string_fault "string.lods", "REP LODSB: AL has the last byte", "4", "10003000", \
	"esi=stack-3 ecx=10 [1ffd]=332211", "esi=stack ecx=d eax=a0a1a233", "", rep lodsb
string_fault "string.cmps", "REPE CMPSB", "4", "10003000", \
	"esi=data edi=stack-3 ecx=10", "esi=data+3 edi=stack ecx=d eflags=246 eflags.RF=?", "", repe cmpsb
string_fault "string.cmps.source", "REPE CMPSB, by its source", "4", "10003000", \
	"esi=stack-3 edi=data ecx=10", "esi=stack edi=data+3 ecx=d eflags=246 eflags.RF=?", "", repe cmpsb
string_fault "string.scas", "REPNE SCASB: the flags are those of the last comparison", "4", "10003000", \
	"edi=stack-3 ecx=10 eax=5", "edi=stack ecx=d eflags=282 eflags.RF=?", "", repne scasb
	before	"[1ffd]=000000 eax=85"

; ... and with nothing left to do nothing is touched.
case	"exceptions.string.none", "SDM 2B, REP", "ECX = 0: no access, so no fault"
	before	"ecx=0 esi=stack edi=code"
	rep movsd
	rep stosd
	rep lodsd

case	"exceptions.string.stops", "SDM 2B, REP", "REPNE SCASB stops at what it looks for, before the page ends"
	before	"edi=stack-4 ecx=10 eax=42 [1ffd]=42"
	repne scasb
	after	"edi=stack-2 ecx=e eflags=246"

; In the middle, with a page that comes on demand: the restart of the same instruction.
case	"exceptions.string.served", "SDM 2B, REP", "REP STOSD over two pages that come on demand"
	before	"edi=data+ff0 ecx=8"
	rep stosd
	after	"edi=stack-ff0 ecx=0 [ff0:20]=?"
	after	"[ff0]=a0a1a2a3_a0a1a2a3_a0a1a2a3_a0a1a2a3 [1000]=a0a1a2a3_a0a1a2a3_a0a1a2a3_a0a1a2a3"

case	"exceptions.string.served.movs", "SDM 2B, REP", "REP MOVSB from one page to another that comes on demand"
	before	"esi=data edi=data+ffa ecx=c [0]=ccbbaa99_88776655_44332211"
	rep movsb
	after	"esi=data+c edi=stack-ffa ecx=0 [ffa]=ccbbaa99_88776655_44332211"

; --- RF ---

; RF in the EFLAGS that are saved is 1 after a fault, of whatever kind (SDM 3 §17.3.1.1). In cases of their own, since an
; implementation that gets it wrong does so everywhere.
%macro rf_case 6+
	%strcat %%rf "rf.", %1
	fault	%%rf, "SDM 3 §17.3.1.1", %2, %3, %4, %5, %6
	after	"eflags.RF=1"
%endmacro
rf_case "de", "RF after #DE", "#DE", "", "ecx=0", div ecx
rf_case "br", "RF after #BR", "#BR", "", "eax=5 [0]=fffffffc [4]=00000004", bound eax, [DATA]
rf_case "ud", "RF after #UD", "#UD", "", "", {ud2}
rf_case "ts", "RF after #TS", "#TS(0)", "ring0", "eflags=4202", iretd
rf_case "np", "RF after #NP", "#NP(tls0-3)", "", "eax=tls0", {mov fs, eax}
	tls	0, DATA, 0xf, 0x73, SEG_32
rf_case "ss", "RF after #SS", "#SS(tls0-3)", "", "eax=tls0", {mov ss, eax}
	tls	0, DATA, 0xf, 0x73, SEG_32
rf_case "gp", "RF after #GP", "#GP(0)", "", "", hlt
rf_case "gp.int", "RF after the #GP of an INT n", "#GP(2a)", "", "", int 5
rf_case "pf", "RF after #PF", "#PF(4)", "", "", {mov ecx, [UNMAPPED]}
rf_case "pf.string", "RF after #PF in the middle of a string instruction", "#PF(6)", "", "edi=stack-2 ecx=4", rep stosb
	after	"edi=stack ecx=2 [1ffe]=a3a3"
rf_case "ac", "RF after #AC", "#AC(0)", "", "eflags=40202", {mov ecx, [DATA + 1]}

; --- order ---

; One instruction, two reasons (SDM 3 §6.9): the one that is found first counts.
fault "order.privilege.page", "SDM 3 §6.9", "LGDT in ring 3 does not look at its operand", "#GP(0)", "", "", \
	lgdt [UNMAPPED]
fault "order.lock.page", "SDM 3 §6.9", "LOCK where it may not be, before the page fault", "#UD", "", "", \
	{db 0xf0, 0x8b, 0x0d, 0, 0x30, 0, 0x10}
fault "order.segment.page", "SDM 3 §6.9", "a segment's limit, before the page fault", "#GP(0)", "", "fs=tls0", \
	{mov ecx, [fs:0x10]}
	tls	0, UNMAPPED, 0xf, 0xf3, SEG_32
fault "order.divide.page", "SDM 3 §6.9", "a divisor that cannot be read", "#PF(4)", "", "", {div dword [UNMAPPED]}
fault "order.alignment.segment", "SDM 3 §6.9", "a limit, before the alignment", "#GP(0)", "", "fs=tls0 eflags=40202", \
	{mov ecx, [fs:0xd]}
	tls	0, DATA, 0xf, 0xf3, SEG_32

; --- frames ---

; What the processor pushes, seen by a handler of the case's own: a gate that nothing else uses meanwhile is pointed at
; the case's code, and put back before it ends. In ring 0, where no other stack is loaded: EIP, CS, EFLAGS, and an error
; code where there is one. EBX: the gate; ESI and EDI: what it was.
%define GATE_INTERRUPT	0x8e00
%define GATE_TRAP	0x8f00
%macro frame_case 4			; name, proves, vector, gate
	%strcat %%name "exceptions.frame.", %1
	case	%%name, "SDM 3 §6.12.1", %2
	ring0
.start:
	sidt	[DATA]
	mov	ebx, [DATA + 2]
	add	ebx, %3 * 8
	mov	esi, [ebx]
	mov	edi, [ebx + 4]
	mov	eax, cs
	shl	eax, 16
	mov	ax, .handler - .start
	mov	[ebx], eax
	mov	dword [ebx + 4], CODE | %4
	mov	dword [DATA], 0
	mov	dword [DATA + 4], 0
	mov	edx, esp
	push	dword 0x48d7		; NT and all arithmetic flags
	popfd
%endmacro

; The handler: its EFLAGS to [30], then the frame's doublewords to [10] and on; the gate is put back.
%macro frame_handler 0
	mark	handler
	pushfd
	pop	dword [DATA + 0x30]
	sub	edx, esp
	mov	[DATA + 0x40], edx
%assign %%at DATA + 0x10
%rep 4
	pop	dword [%%at]
%assign %%at %%at + 4
%endrep
	mov	[ebx], esi
	mov	[ebx + 4], edi
	after	"eax=? ebx=? edx=? esi=? edi=? eflags=? [1c:4]=? esp=?"
%endmacro

; (STI holds interrupts off for one more instruction, and the gate's IF = 0 from then on.)
frame_case "fault", "EIP, CS and EFLAGS, three doublewords; an interrupt gate clears IF and NT", 5, GATE_INTERRUPT
	sti
	mark	bad
	bound	ecx, [DATA + 0x80]
	int3
	frame_handler
	after	"[10]=@bad [14]=0060 [16:2]=? [18]=4ad7 [1a:1]=? [30]=000008d7 [40]=0000000c"

frame_case "trap.gate", "a trap gate clears NT, too", 5, GATE_TRAP
	mark	bad
	bound	ecx, [DATA + 0x80]
	int3
	frame_handler
	after	"[10]=@bad [14]=0060 [16:2]=? [18]=48d7 [1a:1]=? [30]=000008d7 [40]=0000000c"

frame_case "int", "INT n leaves EIP behind it, and RF clear", 5, GATE_INTERRUPT
	int	5
	mark	next
	int3
	frame_handler
	after	"[10]=@next [14]=0060 [16:2]=? [18]=000048d7 [30]=000008d7 [40]=0000000c"

frame_case "error", "an error code stands below EIP", 11, GATE_INTERRUPT
	tls	0, DATA, 0xf, 0x73, SEG_32
	before	"ecx=tls0"
	mark	bad
	mov	fs, ecx
	int3
	frame_handler
	after	"[10]=tls0-3 [12:2]=? [14]=@bad [18]=0060 [1a:2]=? [1c]=48d7 [1e:1]=? [30]=000008d7 [40]=00000010"

; (the upper half of an error code is reserved, of a pushed selector undefined: SDM 3 §6.13, figure 6-4)

end_cases
