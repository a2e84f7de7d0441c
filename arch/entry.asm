; SPDX-License-Identifier: GPL-2.0-only
;
; The only way into the kernel and the only way out of it.
;
; Every exception, interrupt and system call comes through a stub, which pushes what the processor did not push, so that
; the stack holds a struct trap_frame (trap.h): the structure is the push order, read from the bottom up. trap() returns
; the frame to leave through: the same one, or that of the task that is to run next. That is the whole context switch as
; far as general registers and segments go.

%include "flags.inc"

bits 32
section .text

extern trap, espfix, espfix_stack, espfix_base
global trap_stubs, trap_stub_syscall, trap_stub_stray
global trap_resume, trap_back, trap_return, trap_iret, trap_run, trap_stop, trap_runner

; Selectors, as lib/x86.h has them; arch/gdt.c sees to it that they are the same.
KERNEL_DS	equ 0x68
USER_DS		equ 0x7b

; The processor has pushed SS, ESP (if it came from ring 3), EFLAGS, CS, EIP and, for these vectors, an error code
; (SDM 3 table 6-1).
%define HAS_ERROR_CODE(v) ((v) = 8 || (v) >= 10 && (v) <= 14 || (v) = 17 || (v) = 21)

; What may come while the kernel is on another stack segment (to_other_stack): a fault of IRET, all of which have an error
; code, an NMI and a machine check.
%define IRET_FAULT(v) (HAS_ERROR_CODE(v) || (v) = 2 || (v) = 18)

%macro stub 1
%if !HAS_ERROR_CODE(%1)
	push dword 0			; in the error code's place, so that all frames look alike
%endif
	push dword %1
%if IRET_FAULT(%1)
	jmp trap_from_any_stack
%else
	jmp trap_common
%endif
%endmacro

; The exceptions, and the PICs' 16 interrupts
%define VECTORS 48

%assign vector 0
%rep VECTORS
stub_%+vector:
	stub vector
%assign vector vector + 1
%endrep

trap_stub_syscall:
	stub 0x80
trap_stub_stray:			; for all vectors that nothing is known to send: the last one stands for them
	stub 255

trap_common:
	push eax			; orig_eax: for a system call its number
	pushad				; EAX ECX EDX EBX ESP EBP ESI EDI
	push ds				; the task's; FS and GS stay so while the kernel runs
	push es
	push fs
	push gs

	mov eax, ss			; the processor took the kernel's data segment from the TSS
	mov ds, eax
	mov es, eax
	push dword FLAGS_KERNEL		; the task's own are in the frame; a gate leaves it DF and AC
	popfd
	push esp			; struct trap_frame *
	call trap
	mov esp, eax			; the frame to leave through

trap_return:
	pop gs				; the GDT's TLS slots and the LDT are in place by now:
	pop fs				; context_switch() ran before
.data:	pop es
	pop ds				; from here on only the stack is the kernel's
	popad				; all but ESP, which stands above
	add esp, 12			; orig_eax, vector, error code
	cmp word [esp + IRET_SS], USER_DS
	jne to_other_stack
trap_iret:
	iretd

; What IRET pops: EIP, CS, EFLAGS, and on the way to ring 3 ESP and SS (SDM 2A, IRET).
IRET_CS		equ 4
IRET_SS		equ 16

; Where B of the task's stack segment is 0, IRET loads SP alone, and ESP's upper half stays the kernel's: the task's own
; would be lost, and where the kernel has its stacks be told. So the same bytes are popped through a segment in which
; they stand at offsets that have the task's upper half.
to_other_stack:
	test byte [esp + IRET_CS], 3	; into the kernel IRET pops no stack
	jz trap_iret
	pushad
	push ds
	push es
	mov eax, ss
	mov ds, eax
	mov es, eax
	lea eax, [esp + 10 * 4]		; above all of these: what IRET is to pop
	push eax
	call espfix
	pop eax
	pop es
	pop ds
	popad
	lss esp, [ss:espfix_stack]
	jmp trap_iret

; The same stack again, as the kernel's data segment shows it, with the stub's two words.
trap_from_any_stack:
	push eax
	mov eax, ss
	cmp ax, KERNEL_DS
	je .on_kernel_stack		; always so, but after the JMP above
	mov eax, esp
	add eax, [cs:espfix_base]
	push dword KERNEL_DS
	push eax
	lss esp, [esp]
.on_kernel_stack:
	pop eax
	jmp trap_common

; void trap_resume(struct trap_frame *frame): the first task is entered as any other is resumed
trap_resume:
	mov esp, [esp + 4]
	jmp trap_return

; void trap_back(struct trap_frame *frame): out of a trap that the kernel met itself. FS and GS are a task's even then, and
; nobody has touched them; but an NMI may come when the TLS slots are another task's already: to load them could fault.
trap_back:
	mov esp, [esp + 4]
	add esp, 8			; gs, fs
	jmp trap_return.data

; struct trap_frame *trap_run(struct trap_frame *frame): to the caller, ring 3 is one call
trap_run:
	push ebp			; what C expects a call to keep
	push ebx
	push esi
	push edi
	mov [trap_runner], esp
	mov esp, [esp + 20]		; frame
	jmp trap_return

; void trap_stop(struct trap_frame *frame): back to where trap_run was called
trap_stop:
	mov eax, [esp + 4]		; what trap_run returns
	mov esp, [trap_runner]
	mov dword [trap_runner], 0
	pop edi
	pop esi
	pop ebx
	pop ebp
	ret

section .bss
	align 4
trap_runner: resd 1			; the stack that trap_stop goes back to; 0: trap_run is not under way

section .rodata

trap_stubs:
%assign vector 0
%rep VECTORS
	dd stub_%+vector
%assign vector vector + 1
%endrep
