; SPDX-License-Identifier: GPL-2.0-only
;
; A boot loader that makes a mistake: it tells the kernel of a module that lies where the kernel does. All other boot
; information is passed on.

%include "load.inc"

	mov ecx, [ebx + 24]			; mods_addr
	mov eax, [last]
	mov [ecx], eax
	add eax, 0x1000
	mov [ecx + 4], eax
	mov eax, 0x2badb002
	jmp edx
	align 16
	times 64 db 0
stack_top:
end:
