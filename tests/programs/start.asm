; SPDX-License-Identifier: GPL-2.0-only
;
; Where every program begins. The kernel has pushed nothing: as the i386 ABI says, ESP points at argc, above it stand
; the pointers argv[0] ... argv[argc - 1] and a null, and no register holds anything to rely on.

SYS_EXIT equ 1

	global _start
	extern main

	section .text
_start:
	xor ebp, ebp		; the outermost frame, where a debugger's backtrace ends
	mov eax, [esp]		; argc
	lea edx, [esp + 4]	; argv
	and esp, -16		; the compiler takes a stack aligned to 16 bytes for granted ...
	sub esp, 8		; ... at the moment of the call, with two arguments pushed
	push edx
	push eax
	call main
	mov ebx, eax		; main's value is the exit status
	mov eax, SYS_EXIT
	int 0x80
	ud2			; exit does not return; should it, this is reported as a fault
