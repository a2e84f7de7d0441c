; SPDX-License-Identifier: GPL-2.0-only
;
; Loops that count in all registers at once: see support_counter.h. No round needs a register for anything else.

	global counters, count_integers, count_x87, count_all

COUNTERS_ROUNDS equ 8 * 4	; behind the eight of PUSHAD

	section .bss
	alignb 4
counters:
	resd 9
stack_of_c:
	resd 1

	section .rodata align=16
ones:
	times 4 dd 1.0

	section .text

%macro BEGIN 0
	pushad
	mov [stack_of_c], esp
	mov esp, counters
	popad
	mov esp, [stack_of_c]
.round:
%endmacro

%macro INTEGERS 0
	inc eax
	inc ebx
	inc ecx
	inc edx
	inc esi
	inc edi
	inc ebp
%endmacro

%macro X87 0
	fadd dword [ones]
	fincstp
%endmacro

%macro SSE 0
%assign n 0
%rep 8
	addps xmm %+ n, [ones]
%assign n n + 1
%endrep
%endmacro

%macro END 0
	dec dword [counters + COUNTERS_ROUNDS]
	jnz .round
	mov esp, counters + COUNTERS_ROUNDS
	pushad
	mov esp, [stack_of_c]
	popad
	ret
%endmacro

count_integers:
	BEGIN
	INTEGERS
	END

count_x87:
	BEGIN
	INTEGERS
	X87
	END

count_all:
	BEGIN
	INTEGERS
	X87
	SSE
	END
