; SPDX-License-Identifier: GPL-2.0-only
;
; What a handler returns to: sa_restorer. It is the C library's in ordinary programs.

SYS_SIGRETURN equ 119
SYS_RT_SIGRETURN equ 173

	global signal_restorer, signal_rt_restorer

	section .text
signal_restorer:
	pop eax			; the handler's first argument
	mov eax, SYS_SIGRETURN
	int 0x80

signal_rt_restorer:
	mov eax, SYS_RT_SIGRETURN
	int 0x80
