; SPDX-License-Identifier: GPL-2.0-only
;
; The way into the kernel for whoever watches it: idt_step() puts this before a trap's stub.

%include "flags.inc"

bits 32
section .text

extern trap_stepped
global trap_stepping

; No register of the task's is touched, and of the flags only TF, which a gate has cleared. POPFD sets it for the
; instructions behind it: the first #DB comes when the JMP has been executed.
trap_stepping:
	pushfd
	or	dword [esp], FLAGS_TF
	popfd
	jmp	[cs:trap_stepped]	; DS is the task's, whatever that is
