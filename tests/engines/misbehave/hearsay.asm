; SPDX-License-Identifier: GPL-2.0-only
;
; A boot loader that makes up what it tells the kernel: its second module is the boot information, by Multiboot 2.

%include "load.inc"

	mov ebx, [ebx + 24]			; mods_addr; the second module's begins 16 bytes on
	mov ebx, [ebx + 16]
	mov eax, 0x36d76289
	jmp edx
	align 16
	times 64 db 0
stack_top:
end:
