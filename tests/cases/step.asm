; SPDX-License-Identifier: GPL-2.0-only
;
; Single-stepping by the task itself: EFLAGS.TF, and DR6.BS. The case engine must not step here: every case says so.
;
; A #DB comes behind every instruction that began with TF set (SDM 3 §17.3.1.4). It is a trap: EIP is at the next
; instruction. TF is sampled when an instruction begins, so the one that sets it is not stepped, and the one that
; clears it is. The kernel's IRET sets TF, too: after each stop the first #DB is that of the task's own instruction.

%include "case.inc"
%include "watch.inc"

%define WATCHED	(DATA + 0x40)
%define TF	0x100

; step_case NAME, MANUAL, PROVES: TF is set from the first instruction on
%macro step_case 3
	case	%1, %2, %3
	nostep
	before	"eflags.TF=1"
%endmacro

; The end of a stepped sequence: BS, and the INT3, which is not stepped itself.
%macro stepped 0
	after	"DR6.BS=1"
	ends	"#BP"
%endmacro

; --- Where the steps come -----------------------------------------------------------------------------------------

step_case "step.basic", "SDM 3 §17.3.1.4", "a #DB behind each instruction, with BS"
	nop
	debug_trap
	inc	eax
	debug_trap
	mov	ecx, [DATA]
	debug_trap
	stepped
	after	"eax=a0a1a2a4 eflags.SF=1 ecx=0"

step_case "step.first", "SDM 3 §17.2.3", "BS alone after the first step"
	nop
	debug_trap
	after	"DR6=00004000"

; The first instruction touches a page that is not there yet: the kernel makes it, and the instruction is stepped once.
step_case "step.demand", "SDM 3 §17.3.1.4", "an instruction that is restarted after a page fault is stepped once"
	store	4, WATCHED
	debug_trap
	stepped

step_case "step.accumulates", "SDM 3 §17.2.3", "BS is added to what DR6 had"
	before	"DR6=0000a00a"
	nop
	debug_trap
	stepped

step_case "step.off", "SDM 3 §17.3.1.4", "without TF there are no steps"
	before	"eflags.TF=0"
	nop
	nop

; Branches: EIP is where they go.
step_case "step.jmp", "SDM 3 §17.3.1.4", "EIP is at the target of a jump"
	jmp	.target
	nop
	mark	target
	debug_trap
	nop
	debug_trap
	stepped

step_case "step.jcc.taken", "SDM 3 §17.3.1.4", "EIP is at the target of a branch that is taken"
	before	"eflags.ZF=1"
	jz	.target
	nop
	mark	target
	debug_trap
	stepped

step_case "step.jcc.not", "SDM 3 §17.3.1.4", "EIP is behind a branch that is not taken"
	jz	.target
	debug_trap
	nop
	mark	target
	debug_trap
	stepped

step_case "step.loop", "SDM 3 §17.3.1.4", "each LOOP is a step"
	before	"ecx=3"
	ends	"#DB@again #DB@again"
	mark	again
	loop	.again
	debug_trap
	stepped
	after	"ecx=0"

step_case "step.call", "SDM 3 §17.3.1.4", "CALL and RET"
	ends	"#DB@target #DB@back #DB@end"
	call	.target
	mark	back
	jmp	.end
	mark	target
	ret
	mark	end
	after	"[1ffc]=@back"
	stepped

step_case "step.far", "SDM 3 §17.3.1.4", "a far return to the same privilege"
	before	"esp=stack-8 [1ff8]=@target [1ffc]=user_cs"
	retf
	nop
	mark	target
	debug_trap
	nop
	debug_trap
	stepped
	after	"esp=stack"

; --- Instructions that emulators do by themselves -----------------------------------------------------------------

; simple_step NAME, PROVES, {CODE}, AFTER
%macro simple_step 4
	%strcat %%name "step.insn.", %1
	step_case %%name, "SDM 3 §17.3.1.4", %2
	%3
	debug_trap
	nop
	debug_trap
	stepped
	after	%4
%endmacro

simple_step "pushad", "an instruction of eight writes is one step", {pushad}, "esp=stack-20"
	after	"[1ffc]=a0a1a2a3 [1ff8]=c0c1c2c3 [1ff4]=d0d1d2d3 [1ff0]=b0b1b2b3"
	after	"[1fec]=stack [1fe8]=e0e1e2e3 [1fe4]=51525354 [1fe0]=d4d5d6d7"
simple_step "enter", "ENTER is one step", {enter 16, 0}, "esp=stack-14 ebp=stack-4 [1ffc]=e0e1e2e3"
simple_step "segment", "a load of a segment register other than SS is stepped at once", {mov ds, ax}, "ds=user_ds"
	before	"eax=user_ds"
simple_step "lss", "LSS is stepped at once", {lss esp, [WATCHED]}, "esp=stack-20"
	before	"[40]=stack-20 [44]=user_ds"
simple_step "lock", "a locked instruction is one step", {lock inc dword [WATCHED]}, "[40]=00000001"
simple_step "movs", "MOVS without REP is one step", {movsd}, "esi=data+24 edi=data+44 [40]=55555555"
	before	"esi=data+20 edi=data+40 [20]=55555555"
simple_step "sahf", "SAHF does not reach TF", {sahf}, "eflags.SF=1 eflags.ZF=1 eflags.AF=1 eflags.PF=1 eflags.CF=1"
	before	"eax=0000ff00"
simple_step "cld", "CLD is one step", {cld}, "eflags.DF=0"
	before	"eflags.DF=1"

step_case "step.insn.cpuid", "SDM 3 §17.3.1.4", "CPUID, which hypervisors do by themselves, is one step"
	needs	"cpuid"
	before	"eax=0"
	cpuid
	debug_trap
	nop
	debug_trap
	stepped
	after	"eax=? ebx=? ecx=? edx=?"

step_case "step.insn.rdtsc", "SDM 3 §17.3.1.4", "RDTSC is one step"
	needs	"tsc"
	rdtsc
	debug_trap
	nop
	debug_trap
	stepped
	after	"eax=? edx=?"

step_case "step.insn.wait", "SDM 3 §17.3.1.4", "WAIT is a step of its own"
	needs	"x87"
	wait
	debug_trap
	fnclex
	debug_trap
	stepped

; Under lazy switching the first FPU instruction raises #NM, and is done again: still one step.
step_case "step.insn.x87", "SDM 3 §17.3.1.4", "the first FPU instruction is stepped once"
	needs	"x87"
	before	"FCW=027f"
	fnstcw	[WATCHED]
	debug_trap
	nop
	debug_trap
	stepped
	after	"[40]=027f"

step_case "step.insn.sse", "SDM 3 §17.3.1.4", "the first SSE instruction is stepped once"
	needs	"sse"
	before	"XMM2=00112233445566778899aabbccddeeff"
	movups	[WATCHED], xmm2
	debug_trap
	nop
	debug_trap
	stepped
	after	"[40]=00112233445566778899aabbccddeeff"

; --- REP ----------------------------------------------------------------------------------------------------------
;
; A repeated instruction is stepped after each iteration: EIP at it while there are more to come, behind it after the
; last (SDM 3 §17.3.1.1 speaks of "any trap-class exception generated by any iteration of a repeated string
; instruction but the last"). With ECX 0 there is no iteration, and one step.

step_case "step.rep.movs", "SDM 3 §17.3.1.1", "a step for each iteration"
	before	"esi=data+20 edi=data+40 ecx=3 [20]=112233"
	ends	"#DB@rep #DB@rep"
	mark	rep
	rep	movsb
	debug_trap
	nop
	debug_trap
	stepped
	after	"esi=data+23 edi=data+43 ecx=0 [40]=112233"

step_case "step.rep.movs.middle", "SDM 3 §17.3.1.1", "the registers after one iteration"
	before	"esi=data+20 edi=data+40 ecx=3 [20]=112233"
	mark	rep
	rep	movsb
	ends	"#DB@rep"
	after	"esi=data+21 edi=data+41 ecx=2 [40]=33 DR6=00004000"

step_case "step.rep.stos", "SDM 3 §17.3.1.1", "a step for each iteration"
	before	"edi=data+40 ecx=2"
	ends	"#DB@rep"
	mark	rep
	rep	stosd
	debug_trap
	stepped
	after	"edi=data+48 ecx=0 [40]=a0a1a2a3 [44]=a0a1a2a3"

step_case "step.rep.lods", "SDM 3 §17.3.1.1", "a step for each iteration"
	before	"esi=data+40 ecx=2"
	ends	"#DB@rep"
	mark	rep
	rep	lodsd
	debug_trap
	stepped
	after	"esi=data+48 ecx=0 eax=0"

step_case "step.rep.once", "SDM 3 §17.3.1.1", "one iteration is one step, behind the instruction"
	before	"edi=data+40 ecx=1"
	rep	stosd
	debug_trap
	nop
	debug_trap
	stepped
	after	"edi=data+44 ecx=0 [40]=a0a1a2a3"

step_case "step.rep.none", "SDM 3 §17.3.1.1", "no iteration is one step"
	before	"edi=data+40 ecx=0"
	rep	stosd
	debug_trap
	nop
	debug_trap
	stepped

step_case "step.rep.cmps", "SDM 3 §17.3.1.1", "REPE CMPS is stepped until it finds a difference"
	before	"esi=data+20 edi=data+40 ecx=5 [20]=1100 [40]=2200"
	ends	"#DB@rep"
	mark	rep
	repe	cmpsb
	debug_trap
	nop
	debug_trap
	stepped
	after	"esi=data+22 edi=data+42 ecx=3 eflags.CF=1 eflags.SF=1 eflags.AF=1"

step_case "step.rep.scas", "SDM 3 §17.3.1.1", "REPNE SCAS is stepped until it finds the value"
	before	"eax=00000033 edi=data+40 ecx=5 [40]=332211"
	ends	"#DB@rep #DB@rep"
	mark	rep
	repne	scasb
	debug_trap
	nop
	debug_trap
	stepped
	after	"edi=data+43 ecx=2 eflags.ZF=1 eflags.PF=1"

; --- POPF and IRET ------------------------------------------------------------------------------------------------

case	"step.popf.set", "SDM 3 §17.3.1.4", "no step until the instruction that follows POPF is done"
	nostep
	push	dword 0x202 | TF
	popfd
	nop
	debug_trap
	nop
	debug_trap
	stepped
	after	"[1ffc]=00000302 eflags.TF=1"

case	"step.popf.set.word", "SDM 3 §17.3.1.4", "POPF with a 16-bit operand sets TF too"
	nostep
	push	word 0x202 | TF
	popfw
	nop
	debug_trap
	stepped
	after	"[1ffe]=0302 eflags.TF=1"

step_case "step.popf.clear", "SDM 3 §17.3.1.4", "the POPF that clears TF is stepped, and what follows is not"
	before	"esp=stack-4 [1ffc]=00000202"
	popfd
	debug_trap
	nop
	nop
	stepped
	after	"esp=stack eflags.TF=0"

step_case "step.popf.keep", "SDM 3 §17.3.1.4", "a POPF that leaves TF set is stepped"
	before	"esp=stack-4 [1ffc]=00000303"
	popfd
	debug_trap
	nop
	debug_trap
	stepped
	after	"esp=stack eflags.CF=1"

case	"step.popf.twice", "SDM 3 §17.3.1.4", "a POPF that clears TF right behind one that set it is stepped"
	nostep
	before	"esp=stack-8 [1ff8]=00000302 [1ffc]=00000202"
	popfd
	popfd
	debug_trap
	nop
	stepped
	after	"esp=stack"

case	"step.iret.set", "SDM 3 §17.3.1.4", "no step until the instruction that IRET goes to is done"
	nostep
	before	"esp=stack-c [1ff4]=@target [1ff8]=user_cs [1ffc]=00000302"
	iretd
	nop
	mark	target
	nop
	debug_trap
	nop
	debug_trap
	stepped
	after	"esp=stack eflags.TF=1"

step_case "step.iret.clear", "SDM 3 §17.3.1.4", "the IRET that clears TF is stepped, and what follows is not"
	before	"esp=stack-c [1ff4]=@target [1ff8]=user_cs [1ffc]=00000202"
	iretd
	nop
	mark	target
	debug_trap
	nop
	stepped
	after	"esp=stack eflags.TF=0"

step_case "step.iret.keep", "SDM 3 §17.3.1.4", "an IRET that leaves TF set is stepped"
	before	"esp=stack-c [1ff4]=@target [1ff8]=user_cs [1ffc]=00000302"
	iretd
	nop
	mark	target
	debug_trap
	nop
	debug_trap
	stepped
	after	"esp=stack"

step_case "step.pushf", "SDM 2B, PUSHF", "PUSHF shows TF"
	pushfd
	debug_trap
	stepped
	after	"esp=stack-4 [1ffc]=00000302"

step_case "step.pushf.word", "SDM 2B, PUSHF", "PUSHF shows TF in its 16-bit form"
	pushfw
	debug_trap
	stepped
	after	"esp=stack-2 [1ffe]=0302"

; --- Software interrupts ------------------------------------------------------------------------------------------
;
; They clear TF on the way into the handler after they have stored it, and are not stepped themselves: the first #DB is
; behind the instruction that IRET goes back to (SDM 3 §17.3.1.4, SDM 2A, INT n).

step_case "step.int80", "SDM 3 §17.3.1.4", "INT n is not stepped; what follows IRET is"
	before	"eax=ffffffff"
	int	0x80
	nop
	debug_trap
	nop
	debug_trap
	stepped
	after	"eax=ffffffda"

step_case "step.int3", "SDM 3 §17.3.1.4", "INT3 is not stepped"
	int3
	mark	behind
	ends	"#BP@behind"

step_case "step.int3.on", "SDM 3 §17.3.1.4", "what follows an INT3 is stepped"
	int3
	mark	behind
	ends	"#BP@behind"
	nop
	debug_trap
	stepped

step_case "step.cd03", "SDM 3 §17.3.1.4", "INT 3 in two bytes is not stepped"
	db	0xcd, 3
	mark	behind
	ends	"#BP@behind"

step_case "step.into", "SDM 3 §17.3.1.4", "INTO that traps is not stepped"
	before	"eflags.OF=1"
	into
	mark	behind
	ends	"#OF@behind"

step_case "step.into.not", "SDM 3 §17.3.1.4", "INTO that does nothing is stepped"
	into
	debug_trap
	stepped

step_case "step.icebp", "SDM 2A, INT1", "ICEBP is a #DB of its own, without BS"
	db	0xf1
	debug_trap

step_case "step.icebp.on", "SDM 2A, INT1", "what follows ICEBP is stepped"
	db	0xf1
	debug_trap
	nop
	debug_trap
	stepped

; --- Faults -------------------------------------------------------------------------------------------------------
;
; An instruction that faults has not been done, so there is nothing to step: the fault's frame has EIP at it and TF
; set, DR6 has no BS.

%macro fault_step 4
	%strcat %%name "step.fault.", %1
	step_case %%name, "SDM 3 §17.3.1.4", %2
	mark	bad
	%3
	ends	%4
%endmacro

fault_step "pf", "#PF comes, and no step", {mov eax, [UNMAPPED]}, "#PF(4)@bad"
fault_step "ud", "#UD comes, and no step", {ud2}, "#UD@bad"
fault_step "gp", "#GP comes, and no step", {hlt}, "#GP(0)@bad"
fault_step "gate", "#GP comes, and no step", {int 0x20}, "#GP(102)@bad"
fault_step "de", "#DE comes, and no step", {div cl}, "#DE@bad"
	before	"ecx=0"
	after	"eflags.CF=? eflags.PF=? eflags.AF=? eflags.ZF=? eflags.SF=? eflags.OF=?"

step_case "step.fault.second", "SDM 3 §17.3.1.4", "the step behind the instruction before, then the fault"
	nop
	debug_trap
	mark	bad
	ud2
	ends	"#UD@bad"
	after	"DR6.BS=1"

; In the middle of a repeated instruction: the iterations before were stepped, the one that faults is not.
step_case "step.fault.rep", "SDM 3 §17.3.1.1", "the iteration that faults is not stepped"
	before	"edi=stack-2 ecx=4 eax=77777777"
	ends	"#DB@rep #DB@rep #PF(6)@rep"
	mark	rep
	rep	stosb
	after	"edi=stack ecx=2 [1ffe]=7777 DR6.BS=1"

; --- Together with breakpoints ------------------------------------------------------------------------------------

step_case "step.data", "SDM 3 §17.2.3", "a step and a data breakpoint are one #DB with two bits"
	arm	0, WATCHED, WRITE, 4, LOCAL
	reports	0
	store	4, WATCHED
	debug_trap
	nop
	debug_trap
	stepped

step_case "step.data.two", "SDM 3 §17.2.3", "a step and two data breakpoints are one #DB"
	before	"esi=data+20 edi=data+40 [20]=55555555"
	arm	1, WATCHED, WRITE, 4, LOCAL
	arm	3, DATA + 0x20, ACCESS, 4, LOCAL
	reports	1
	reports	3
	movsd
	debug_trap
	nop
	debug_trap
	stepped
	after	"esi=data+24 edi=data+44 [40]=55555555"

; The same seen from ring 0, where DR6 is read raw right after the one #DB.
case	"step.data.ring0", "SDM 3 §17.2.3", "DR6 has BS and B0 when the handler begins"
	ring0
	before	"eflags.TF=1"
	arm	0, WATCHED, WRITE, 4, LOCAL
	store	4, WATCHED
	debug_trap
	after	"DR6=00004000 eflags.TF=1"
	any_b
	reports	0

; An execute breakpoint on the next instruction: the step is a trap on the instruction before, and so has the higher
; priority (SDM 3 §6.9, table 6-2); DR6 may show both.
step_case "step.execute", "SDM 3 §6.9", "the step comes before the next instruction's breakpoint"
	arm	1, "@next", EXECUTE, 1, LOCAL
	nop
	mark	next
	nop
	ends	"#DB@next"
	after	"DR6.BS=1 DR6.B1=?"

; On the first instruction nothing has been stepped yet.
step_case "step.execute.first", "SDM 3 §17.3.1.1", "a breakpoint on the instruction that IRET goes to comes without BS"
	arm	0, CODE, EXECUTE, 1, LOCAL
	mark	here
	nop
	ends	"#DB@here"
	after	"DR6=00000001"

step_case "step.execute.rf", "SDM 3 §17.3.1.1", "RF passes the breakpoint, and the instruction is stepped"
	before	"eflags.RF=1"
	arm	0, CODE, EXECUTE, 1, LOCAL
	nop
	debug_trap
	stepped

step_case "step.execute.on", "SDM 3 §17.3.1.1", "the breakpoint, then the step of the same instruction"
	arm	0, CODE, EXECUTE, 1, LOCAL
	reports	0
	mark	here
	ends	"#DB@here"
	nop
	debug_trap
	stepped

; --- The shadow of MOV SS and POP SS ------------------------------------------------------------------------------

step_case "step.shadow.mov", "SDM 3 §6.8.3", "no step behind MOV SS, one behind the instruction that follows"
	before	"eax=user_ds"
	mov	ss, ax
	nop
	debug_trap
	nop
	debug_trap
	stepped

step_case "step.shadow.pop", "SDM 3 §6.8.3", "no step behind POP SS, one behind the instruction that follows"
	before	"esp=stack-4 [1ffc]=user_ds"
	pop	ss
	mov	esp, STACK + 0x800
	debug_trap
	nop
	debug_trap
	stepped
	after	"esp=10002800"

; With the step of MOV SS held back and the INT3 not stepped, there is none at all.
step_case "step.shadow.int3", "SDM 3 §6.8.3", "INT3 behind MOV SS: #BP"
	before	"eax=user_ds"
	mov	ss, ax
	int3
	mark	behind
	ends	"#BP@behind"
	after	"DR6.BS=?"

step_case "step.shadow.int80", "SDM 3 §6.8.3", "a system call behind MOV SS"
	before	"ebx=user_ds eax=ffffffff"
	mov	ss, bx
	int	0x80
	nop
	debug_trap
	stepped
	after	"eax=ffffffda"

step_case "step.shadow.icebp", "SDM 3 §6.8.3", "ICEBP behind MOV SS"
	before	"eax=user_ds"
	mov	ss, ax
	db	0xf1
	debug_trap
	after	"DR6.BS=?"

step_case "step.shadow.fault", "SDM 3 §6.8.3", "a fault behind MOV SS"
	before	"eax=user_ds"
	mov	ss, ax
	mark	bad
	ud2
	ends	"#UD@bad"
	after	"DR6.BS=?"

step_case "step.shadow.popf", "SDM 3 §6.8.3", "POPF behind MOV SS clears TF: one step, behind it"
	before	"eax=user_ds esp=stack-4 [1ffc]=00000202"
	mov	ss, ax
	popfd
	debug_trap
	nop
	stepped
	after	"esp=stack eflags.TF=0"

; --- Ring 0 -------------------------------------------------------------------------------------------------------

case	"step.ring0.basic", "SDM 3 §17.3.1.4", "steps in ring 0"
	ring0
	before	"eflags.TF=1"
	nop
	debug_trap
	inc	eax
	debug_trap
	after	"eax=a0a1a2a4 eflags.SF=1 DR6=00004000"
	any_b

case	"step.ring0.sti", "SDM 2B, STI", "STI does not hold a step back"
	ring0
	before	"eflags.TF=1"
	sti
	debug_trap
	cli
	debug_trap
	after	"DR6=00004000"
	any_b

case	"step.ring0.cr", "SDM 3 §17.3.1.4", "MOV from CR0 is one step"
	ring0
	before	"eflags.TF=1"
	mov	eax, cr0
	debug_trap
	mov	cr0, eax
	debug_trap
	after	"eax=? DR6=00004000"
	any_b

case	"step.ring0.bs", "SDM 3 §17.2.3", "a step leaves BD, BT and B0 to B3 of its own making alone"
	ring0
	mov	eax, 0x0000a000
	mov	dr6, eax
	pushfd
	or	dword [esp], TF
	popfd
	nop
	debug_trap
	after	"eax=0000a000 eflags.TF=1 eflags.PF=? DR6=0000e000"
	any_b

case	"step.ring0.shadow", "SDM 3 §6.8.3", "MOV SS holds the step back in ring 0 too"
	ring0
	mov	ecx, ss
	pushfd
	or	dword [esp], TF
	popfd
	mov	ss, cx
	nop
	debug_trap
	after	"ecx=? eflags.TF=1 eflags.PF=? DR6=00004000"
	any_b

end_cases
