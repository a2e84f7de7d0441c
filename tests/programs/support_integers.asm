; SPDX-License-Identifier: GPL-2.0-only
;
; Loops in which all eight integer registers and the flags hold values of the program's own. Nothing is spilled: there
; is no stack while they run (ESP is one of the values), so a value that the kernel loses is gone.

%include "tests/programs/registers.inc"

	global integer_registers
	global integer_count
	global integer_ring
	global integer_system_call

	section .bss
	alignb 16
integer_registers:
	resb REGISTERS_ESP + 4
c_stack:
	resd 1

	section .text

; To the registers under test, and back to those of the calling C function.
%macro LEAVE_C 0
	pushad
	mov [c_stack], esp
	LOAD_REGISTERS integer_registers
%endmacro

%macro RETURN_TO_C 0
	STORE_REGISTERS integer_registers
	mov esp, [c_stack]
	push dword FLAGS_OF_C
	popfd
	popad
	ret
%endmacro

; LEA adds and LOOP counts without touching a flag: all of them must survive the whole loop.
integer_count:
	LEAVE_C
.round:
	lea eax, [eax + 1]
	lea ebx, [ebx + 1]
	lea edx, [edx + 1]
	lea esi, [esi + 1]
	lea edi, [edi + 1]
	lea ebp, [ebp + 1]
	lea esp, [esp + 1]
	loop .round
	RETURN_TO_C

; RCL shifts CF in at the bottom and the top bit out into CF: from one register to the next the carry is alive between
; every two instructions.
integer_ring:
	LEAVE_C
.round:
	rcl eax, 1
	rcl ebx, 1
	rcl edx, 1
	rcl esi, 1
	rcl edi, 1
	rcl ebp, 1
	rcl esp, 1
	loop .round
	RETURN_TO_C

integer_system_call:
	LEAVE_C
	int 0x80
	RETURN_TO_C
