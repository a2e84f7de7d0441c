; SPDX-License-Identifier: GPL-2.0-only
;
; General registers and flags.

%include "case.inc"

; --- registers ---

case	"general.registers.distinct", "SDM 1 §3.4.1", "all eight general registers keep their own values"
	before	"eax=01234567 ebx=89abcdef ecx=fedcba98 edx=76543210 esi=0f1e2d3c edi=4b5a6978 ebp=8796a5b4"
	nop
	nop

; A save area that mixes two registers up, or loses a half, shows it when each in turn differs from all others, and
; every bit has been 0 and 1.
%macro pattern_case 3			; name, pattern of all, of the one
	%defstr %%one %3
	%strcat %%name "general.registers.", %%one, ".", %1
	%strcat %%before "eax=", %2, " ecx=", %2, " edx=", %2, " ebx=", %2, " ebp=", %2, " esi=", %2, " edi=", %2
	%strcat %%only %%one, "=5a3c96e1"
	case	%%name, "SDM 1 §3.4.1", "one register differs from all others"
	before	%%before
	before	%%only
	nop
	nop
%endmacro
%macro patterns 1
	pattern_case "zeros", "0", %1
	pattern_case "ones", "ffffffff", %1
%endmacro
patterns eax
patterns ecx
patterns edx
patterns ebx
patterns ebp
patterns esi
patterns edi

case	"general.registers.esp", "SDM 1 §3.4.1", "ESP is any number as long as nothing is pushed"
	before	"esp=12345677"
	nop
	nop

case	"general.registers.esp.kernel", "SDM 1 §3.4.1", "even an address that is the kernel's"
	before	"esp=fffffffe"
	nop
	nop

case	"general.registers.written", "SDM 1 §3.4.1", "all eight, written by the task"
	mov	eax, 0x11111111
	mov	ecx, 0x22222222
	mov	edx, 0x33333333
	mov	ebx, 0x44444444
	mov	esp, 0x55555555
	mov	ebp, 0x66666666
	mov	esi, 0x77777777
	mov	edi, 0x88888888
	after	"eax=11111111 ecx=22222222 edx=33333333 ebx=44444444 esp=55555555 ebp=66666666 esi=77777777 edi=88888888"

case	"general.registers.halves", "SDM 1 §3.4.1.1", "8- and 16-bit writes leave the rest alone"
	mov	al, 0x11
	mov	ah, 0x22
	mov	cx, 0x3333
	mov	dh, 0x44
	mov	bl, 0x55
	mov	bp, 0x6666
	mov	si, 0x7777
	mov	di, 0x8888
	after	"eax=a0a12211 ecx=c0c13333 edx=d0d144d3 ebx=b0b1b255 ebp=e0e16666 esi=51527777 edi=d4d58888"

case	"general.registers.exchange", "SDM 2D, XCHG", "registers change places"
	xchg	eax, esp
	xchg	ecx, edi
	xchg	edx, esi
	xchg	ebx, ebp
	after	"eax=stack esp=a0a1a2a3 ecx=d4d5d6d7 edi=c0c1c2c3 edx=51525354 esi=d0d1d2d3 ebx=e0e1e2e3 ebp=b0b1b2b3"

; --- the stack ---

case	"general.push", "SDM 2B, PUSH", "PUSH stores below ESP"
	before	"eax=11223344"
	push	eax
	after	"esp=stack-4 [1ffc]=11223344"

case	"general.push.esp", "SDM 2B, PUSH", "PUSH ESP stores what ESP was before"
	push	esp
	after	"esp=stack-4 [1ffc]=stack"

case	"general.push.word", "SDM 2B, PUSH", "two bytes with a 16-bit operand"
	push	ax
	after	"esp=stack-2 [1ffe]=a2a3"

case	"general.push.byte", "SDM 2B, PUSH", "an immediate byte is sign-extended"
	push	byte -2
	after	"esp=stack-4 [1ffc]=fffffffe"

case	"general.push.memory", "SDM 2B, PUSH", "an address by ESP is computed before ESP changes"
	before	"esp=stack-8 [1ff8]=11223344"
	push	dword [esp]
	after	"esp=stack-c [1ff4]=11223344"

case	"general.pop", "SDM 2B, POP", "POP loads from ESP"
	before	"esp=stack-4 [1ffc]=11223344"
	pop	eax
	after	"esp=stack eax=11223344"

case	"general.pop.esp", "SDM 2B, POP", "POP ESP: what is loaded stays"
	before	"esp=stack-4 [1ffc]=11223344"
	pop	esp
	after	"esp=11223344"

case	"general.pop.memory", "SDM 2B, POP", "an address by ESP is computed after ESP has changed"
	before	"esp=stack-8 [1ff8]=11223344"
	pop	dword [esp]
	after	"esp=stack-4 [1ffc]=11223344"

case	"general.pusha", "SDM 2B, PUSHA", "PUSHAD stores all eight, and ESP as it was"
	pushad
	after	"esp=stack-20 [1ffc]=a0a1a2a3 [1ff8]=c0c1c2c3 [1ff4]=d0d1d2d3 [1ff0]=b0b1b2b3"
	after	"[1fec]=stack [1fe8]=e0e1e2e3 [1fe4]=51525354 [1fe0]=d4d5d6d7"

case	"general.pusha.word", "SDM 2B, PUSHA", "PUSHA stores all low halves"
	pushaw
	after	"esp=stack-10 [1ffe]=a2a3 [1ffc]=c2c3 [1ffa]=d2d3 [1ff8]=b2b3 [1ff6]=3000 [1ff4]=e2e3 [1ff2]=5354"
	after	"[1ff0]=d6d7"

case	"general.popa", "SDM 2B, POPA", "POPAD loads all but ESP"
	before	"esp=stack-20 [1ffc]=11111111 [1ff8]=22222222 [1ff4]=33333333 [1ff0]=44444444"
	before	"[1fec]=55555555 [1fe8]=66666666 [1fe4]=77777777 [1fe0]=88888888"
	popad
	after	"esp=stack eax=11111111 ecx=22222222 edx=33333333 ebx=44444444 ebp=66666666 esi=77777777 edi=88888888"

case	"general.popa.word", "SDM 2B, POPA", "POPA loads low halves"
	before	"esp=stack-10 [1ffe]=1111 [1ffc]=2222 [1ffa]=3333 [1ff8]=4444 [1ff6]=5555 [1ff4]=6666 [1ff2]=7777"
	before	"[1ff0]=8888"
	popaw
	after	"esp=stack eax=a0a11111 ecx=c0c12222 edx=d0d13333 ebx=b0b14444 ebp=e0e16666 esi=51527777 edi=d4d58888"

case	"general.enter", "SDM 2A, ENTER", "ENTER makes a frame"
	enter	0x10, 0
	after	"esp=stack-14 ebp=stack-4 [1ffc]=e0e1e2e3"

; The display: the frame pointers of the levels outside, then this frame's own.
case	"general.enter.nested", "SDM 2A, ENTER", "ENTER copies the display"
	before	"ebp=stack-8 esp=stack-20 [1ff4]=11111111 [1ff0]=22222222"
	enter	8, 3
	after	"ebp=stack-24 esp=stack-38 [1fdc]=stack-8 [1fd8]=11111111 [1fd4]=22222222 [1fd0]=stack-24"

case	"general.leave", "SDM 2A, LEAVE", "LEAVE takes it away"
	before	"ebp=stack-8 esp=stack-40 [1ff8]=11111111"
	leave
	after	"ebp=11111111 esp=stack-4"

; --- flags: each that a task may set, alone and together ---

; The state before comes out of an image; nothing between that and the final record may change a flag.
%macro flag_case 3			; name, EFLAGS as a number, what differs with TF
	%xdefine %%digits HEX(%2 | 0x202)
	%strcat %%before "eflags=", %%digits
	%strcat %%name "general.flags.restarted.", %1
	case	%%name, "SDM 1 §3.4.3", "a flag comes back out of a save area"
	before	%%before
	nop
	nop

	; ... and out of the stack, in ring 3
	%strcat %%name "general.flags.popf.", %1
	%strcat %%before "esp=stack-4 [1ffc]=", %%digits
	%strcat %%before "esp=stack-4 [1ffc]=", %3
	%strcat %%after "esp=stack eflags=", %%digits
	case	%%name, "SDM 2B, POPF", "POPFD loads a flag"
	before	%%before
	nostep
	point
	popfd
	point
	nop
	after	%%after

	%strcat %%name "general.flags.pushf.", %1
	%strcat %%before "eflags=", %%digits
	%strcat %%after "esp=stack-4 [1ffc]=", %3
	case	%%name, "SDM 2B, PUSHF", "PUSHFD stores a flag"
	before	%%before
	nostep
	point
	pushfd
	point
	after	%%after

	%strcat %%name "general.flags.iret.", %1
	%strcat %%before "esp=stack-c [1ff4]=@in [1ff8]=user_cs [1ffc]=", %3
	%strcat %%after "esp=stack eflags=", %%digits
	case	%%name, "SDM 2A, IRET", "IRETD in ring 3 loads a flag"
	before	%%before
	nostep
	point
	iretd
	int3
	mark	in
	nop
	point
	nop
	after	%%after
%endmacro
flag_case "none", 0, "00000202"
flag_case "cf", 1 << 0, "00000203"
flag_case "pf", 1 << 2, "00000206"
flag_case "af", 1 << 4, "00000212"
flag_case "zf", 1 << 6, "00000242"
flag_case "sf", 1 << 7, "00000282"
flag_case "df", 1 << 10, "00000602"
flag_case "of", 1 << 11, "00000a02"
flag_case "ac", 1 << 18, "00040202"

; NT is another matter: IRET with NT set is a task switch (exceptions.ts). POPF and PUSHF it is, then. ID can be changed
; where there is CPUID.
%macro late_flag_case 4			; name, digits, needs, proves
	%strcat %%name "general.flags.restarted.", %1
	%strcat %%before "eflags=", %2
	case	%%name, "SDM 1 §3.4.3", %4
	needs	%3
	before	%%before
	nop
	nop

	%strcat %%name "general.flags.popf.", %1
	%strcat %%before "esp=stack-4 [1ffc]=", %2
	%strcat %%after "esp=stack eflags=", %2
	case	%%name, "SDM 2B, POPF", %4
	needs	%3
	before	%%before
	nostep
	point
	popfd
	point
	nop
	after	%%after

	%strcat %%name "general.flags.pushf.", %1
	%strcat %%before "eflags=", %2
	%strcat %%after "esp=stack-4 [1ffc]=", %2
	case	%%name, "SDM 2B, PUSHF", %4
	needs	%3
	before	%%before
	nostep
	point
	pushfd
	point
	after	%%after
%endmacro
late_flag_case "nt", "00004202", "", "NT survives interrupts, which clear it, and their IRET"
late_flag_case "id", "00200202", "cpuid", "ID"
late_flag_case "all", "00244ed7", "cpuid", "all flags of a task but TF together"

case	"general.flags.iret.id", "SDM 2A, IRET", "IRETD in ring 3 loads ID"
	needs	"cpuid"
	before	"esp=stack-c [1ff4]=@in [1ff8]=user_cs [1ffc]=00200202"
	nostep
	point
	iretd
	int3
	mark	in
	nop
	after	"esp=stack eflags=200202"

case	"general.flags.iret.nt", "SDM 2A, IRET", "IRETD in ring 3 loads NT"
	before	"esp=stack-c [1ff4]=@in [1ff8]=user_cs [1ffc]=00004202"
	nostep
	point
	iretd
	int3
	mark	in
	nop
	after	"esp=stack eflags=4202"

case	"general.flags.iret.all", "SDM 2A, IRET", "IRETD in ring 3 loads all flags of a task but TF together"
	needs	"cpuid"
	before	"esp=stack-c [1ff4]=@in [1ff8]=user_cs [1ffc]=00244ed7"
	nostep
	point
	iretd
	int3
	mark	in
	nop
	after	"esp=stack eflags=244ed7"

case	"general.flags.nt.call", "SDM 3 §6.12.1.2", "a system call clears NT on its way in, and the IRET on its way out sets it again"
	before	"eflags=4202 eax=ffffffff"
	int	0x80
	nop
	after	"eax=ffffffda"		; ENOSYS

; TF: the instruction that sets it is not stepped, the next one is.
case	"general.flags.restarted.tf", "SDM 1 §3.4.3", "TF comes back out of a save area, and steps once"
	before	"eflags=302"
	nostep
	nop
	mark	next
	ends	"#DB@next"
	after	"DR6.BS=1"

case	"general.flags.popf.tf", "SDM 2B, POPF", "POPFD sets TF, and one more instruction runs"
	before	"esp=stack-4 [1ffc]=00000302"
	nostep
	popfd
	nop
	mark	next
	ends	"#DB@next"
	after	"esp=stack eflags=302 DR6.BS=1"

case	"general.flags.pushf.tf", "SDM 2B, PUSHF", "PUSHFD stores TF"
	before	"eflags=302"
	nostep
	pushfd
	mark	next
	ends	"#DB@next"
	after	"esp=stack-4 [1ffc]=00000302 DR6.BS=1"

; The way out clears what the image sets, too.
case	"general.flags.popf.clears", "SDM 2B, POPF", "POPFD clears all flags"
	needs	"cpuid"
	before	"eflags=244ed7 esp=stack-4"
	nostep
	point
	popfd
	point
	nop
	after	"esp=stack eflags=202"

; IF and IOPL, VM, VIF and VIP are not a task's to change; bits that are fixed stay as they are (SDM 2B, table 4-21).
%macro kept_flag_case 3			; name, image, proves
	%strcat %%name "general.flags.kept.popf.", %1
	%strcat %%before "esp=stack-4 [1ffc]=", %2
	case	%%name, "SDM 2B, POPF", %3
	before	%%before
	nostep
	point
	popfd
	point
	nop
	after	"esp=stack"

	%strcat %%name "general.flags.kept.iret.", %1
	%strcat %%before "esp=stack-c [1ff4]=@in [1ff8]=user_cs [1ffc]=", %2
	case	%%name, "SDM 2A, IRET", %3
	before	%%before
	nostep
	point
	iretd
	int3
	mark	in
	nop
	after	"esp=stack"
%endmacro
kept_flag_case "if", "00000002", "IF cannot be cleared in ring 3"
kept_flag_case "iopl", "00003202", "IOPL cannot be raised in ring 3"
kept_flag_case "iopl.1", "00001202", "not even to 1"
kept_flag_case "vm", "00020202", "VM cannot be set in ring 3"
kept_flag_case "vif", "00180202", "VIF and VIP cannot be set in ring 3"
kept_flag_case "fixed", "0000822a", "bits 3, 5 and 15 stay 0"
kept_flag_case "fixed.1", "00000200", "bit 1 stays 1"
kept_flag_case "reserved", "ffc00202", "bits 22 to 31 stay 0"

case	"general.flags.popf.word", "SDM 2B, POPF", "POPF with a 16-bit operand leaves the upper half alone"
	before	"eflags=40202 esp=stack-2 [1ffe]=02d7"
	nostep
	point
	popfw
	point
	nop
	after	"esp=stack eflags=402d7"

case	"general.flags.pushf.word", "SDM 2B, PUSHF", "PUSHF with a 16-bit operand stores two bytes"
	before	"eflags=40ad7"
	nostep
	point
	pushfw
	point
	after	"esp=stack-2 [1ffe]=0ad7"

case	"general.flags.pushf.rf", "SDM 2B, PUSHF", "PUSHFD stores RF as 0"
	before	"eflags=10202"
	nostep
	pushfd
	after	"eflags.RF=0 esp=stack-4 [1ffc]=00000202"

case	"general.flags.popf.rf", "SDM 2B, POPF", "POPFD does not set RF"
	before	"esp=stack-4 [1ffc]=00010202"
	nostep
	popfd
	pushfd
	pop	eax
	after	"eflags.RF=0 esp=stack eax=00000202 [1ffc]=00000202"

case	"general.flags.lahf", "SDM 2A, LAHF", "LAHF takes five flags and bit 1"
	before	"eflags=ad7"
	lahf
	after	"eax=a0a1d7a3"

case	"general.flags.sahf", "SDM 2B, SAHF", "SAHF loads five flags, and bits 3 and 5 of AH are nothing"
	before	"eax=ff00 eflags=a02"
	sahf
	after	"eflags=ad7"

case	"general.flags.carry", "SDM 2A, CMC", "STC, CMC, CLC"
	stc
	setc	al
	cmc
	setc	ah
	cmc
	setc	cl
	clc
	setc	ch
	stc
	after	"eax=a0a10001 ecx=c0c10001 eflags=203"

case	"general.flags.direction", "SDM 2B, STD", "STD, a string instruction, CLD, another"
	before	"[10]=66667777_44445555_22223333 esi=data+18 edi=data+28"
	std
	movsd
	movsd
	cld
	lodsd
	after	"[28]=66667777 [24]=44445555 esi=data+14 edi=data+20 eax=22223333"

; --- RF ---

; RF in the saved EFLAGS of a fault, cleared by the instruction after (SDM 3 §17.3.1.1). The page of data is not there
; yet: the store faults, the kernel brings the page, and the store is done with RF set.
case	"general.rf.fault.cleared", "SDM 3 §17.3.1.1", "RF that a fault has set is gone after one instruction"
	mov	[DATA], edx
	after	"[0]=d0d1d2d3 eflags.RF=0"

case	"general.rf.fault", "SDM 3 §17.3.1.1", "a fault has RF set in its frame"
	mark	bad
	ud2
	ends	"#UD@bad"
	after	"eflags.RF=1"

case	"general.rf.trap", "SDM 3 §17.3.1.1", "a trap has not"
	after	"eflags.RF=0"

case	"general.rf.trap.set", "SDM 3 §17.3.1.1", "even when RF was set before it"
	before	"eflags=10202"
	nostep
	after	"eflags.RF=0"

case	"general.rf.restarted", "SDM 3 §17.3.1.1", "RF comes back out of a save area, and one instruction clears it"
	before	"eflags=10202"
	nop
	after	"eflags.RF=0"

; --- AC ---

; With CR0.AM set, as it is, AC in ring 3 makes a misaligned access fault. Operands are aligned to their size, but for
; those in SDM 3 table 6-7.
%macro align_case 3			; name, needs, instruction
	%strcat %%name "general.ac.", %1
	case	%%name, "SDM 3 §6.15, #AC", "a misaligned access with AC set"
	needs	%2
	before	"eflags=40202"
	mark	bad
	%3
	ends	"#AC(0)@bad"

%endmacro
align_case "word.1", "", {mov cx, [DATA + 1]}
align_case "word.write", "", {mov [DATA + 1], cx}
align_case "dword.1", "", {mov ecx, [DATA + 1]}
align_case "dword.2", "", {mov ecx, [DATA + 2]}
align_case "dword.3", "", {mov ecx, [DATA + 3]}
align_case "dword.write", "", {mov [DATA + 2], ecx}
align_case "modify", "", {add dword [DATA + 2], 1}
align_case "locked", "", {lock add dword [DATA + 2], 1}
align_case "double.4", "x87", {fld qword [DATA + 4]}
align_case "single.2", "x87", {fld dword [DATA + 2]}
align_case "integer.1", "x87", {fild word [DATA + 1]}
align_case "mmx.4", "mmx", {movq mm0, [DATA + 4]}

case	"general.ac.off", "SDM 3 §6.15, #AC", "misaligned accesses without AC"
	before	"[0]=ffeeddcc_bbaa9988_77665544_33221100"
	mov	ax, [DATA + 1]
	mov	ecx, [DATA + 2]
	mov	edx, [DATA + 5]
	mov	[DATA + 0x13], eax
	after	"eax=a0a12211 ecx=55443322 edx=88776655 [13]=a0a12211"

case	"general.ac.off.x87", "SDM 3 §6.15, #AC", "misaligned x87 accesses without AC"
	needs	"x87"
	before	"[4]=3ff00000_00000000"
	fld	qword [DATA + 4]
	fstp	qword [DATA + 0x12]
	after	"[12]=3ff00000_00000000 ST7=3fff8000000000000000"

%macro aligned_case 3			; name, needs, instruction
	%strcat %%name "general.ac.aligned.", %1
	case	%%name, "SDM 3 §6.15, #AC", "an aligned access with AC set"
	needs	%2
	before	"eflags=40202"
	%3
%endmacro
aligned_case "byte", "", {mov cl, [DATA + 1]}
	after	"ecx=c0c1c200"
aligned_case "word", "", {mov cx, [DATA + 2]}
	after	"ecx=c0c10000"
aligned_case "dword", "", {mov ecx, [DATA + 4]}
	after	"ecx=0"
aligned_case "selector", "", {mov fs, [DATA + 2]}
	after	"fs=0"

case	"general.ac.push", "SDM 3 §6.15, #AC", "a push to a misaligned stack"
	before	"eflags=40202 esp=stack-2"
	mark	bad
	push	eax
	ends	"#AC(0)@bad"

case	"general.ac.pop", "SDM 3 §6.15, #AC", "a pop from a misaligned stack"
	before	"eflags=40202 esp=stack-6"
	mark	bad
	pop	eax
	ends	"#AC(0)@bad"

case	"general.ac.string", "SDM 3 §6.15, #AC", "in the middle of a string instruction, which is undone to there"
	before	"eflags=40202 esi=data edi=data+102 ecx=4"
	mark	bad
	rep movsd
	ends	"#AC(0)@bad"

case	"general.ac.descriptor", "SDM 3 §6.15, #AC", "a load of a selector reads the descriptor as the system does"
	tls	0, DATA, 0xf, 0xf3, SEG_32
	before	"eflags=40202 eax=tls0"
	mov	fs, eax
	after	"fs=tls0"

case	"general.ac.ring0", "SDM 3 §6.15, #AC", "there is no alignment check in ring 0"
	ring0
	before	"eflags=40202 [0]=55667788_11223344"
	mov	ecx, [DATA + 2]
	after	"ecx=77881122"

case	"general.ac.am.off", "SDM 3 §2.5", "nor where CR0.AM is clear"
	ring0
	before	"[0]=55667788_11223344"
	mov	eax, cr0
	and	eax, ~(1 << 18)
	mov	cr0, eax
	push	eax
	popfd
	mov	ecx, [DATA + 2]
	after	"eax=? ecx=77881122 eflags=?"

end_cases
