; SPDX-License-Identifier: GPL-2.0-only
;
; The system call that returns twice: after a checkpoint with a positive id, after a restart from it with 0. In between,
; the stack below this function's frame has been used by others, so nothing of use may lie there: all is in c_stack and
; above it.

%include "tests/programs/registers.inc"

	global checkpoint_registers
	global checkpoint_returns
	global checkpoint_self

; Weak: every program is linked with this file, but only those that restart themselves define the function.
	extern checkpoint_taken:weak

	section .bss
	alignb 16
checkpoint_registers:
	resb REGISTERS_ESP + 4
checkpoint_returns:
	resd 1
c_stack:
	resd 1
result:
	resd 1

	section .text
checkpoint_self:
	pushad
	mov [c_stack], esp
	LOAD_REGISTERS checkpoint_registers
	int 0x80
	STORE_REGISTERS checkpoint_registers
	mov esp, [c_stack]
	push dword FLAGS_OF_C
	popfd
	inc dword [checkpoint_returns]
	test eax, eax
	jle .done
	push eax
	call checkpoint_taken
	add esp, 4
.done:
	mov [result], eax
	popad
	mov eax, [result]
	ret
