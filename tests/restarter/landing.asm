; SPDX-License-Identifier: GPL-2.0-only
;
; Where the restarted images land. An image's ip is the middle of a page of NOPs: with any of its lower 12 bits flipped it
; is still in there. For each of the upper 20 bits there is another such page, where that flip leads (landing.ld). From
; the end of the page on the code relies on nothing but cs and ss, which restart refuses to take from a damaged image.
;
; There the task checkpoints itself. The call's arguments take four registers, which are written down before.

%include "tests/programs/registers.inc"

	global landing_registers
	global landing_saved
	global landing_fd
	global landing_take
	global landing_restart
	global landing_code
	global landing_code_first
	global landing_code_last
	global landing_code_end

SYS_EXIT equ 1
SYS_OPEN equ 5
SYS_CHECKPOINT equ 333
SYS_RESTART equ 334
USER_DS equ 0x7b
PAGE_SIZE equ 4096
MIDDLE equ PAGE_SIZE / 2
; As in landing.h.
LANDED equ 1
LANDING_CODE equ 0x40000000
%define HOME "/image/home"
; As in kernel/files.h.
FILES equ 8

	section .bss
	alignb 16
landing_registers:			; what the image is to have
	resb REGISTERS_ESP + 4
landing_saved:				; eax, ebx, ecx, edx, as they were after a restart
	resd 4
landing_fd:				; of the new image
	resd 1
c_stack:
	resd 1
result:
	resd 1

%macro LANDING_PAGE 1
	section .landing%1 progbits alloc exec nowrite align=4096
%%page:
	times MIDDLE nop
%%middle:
	times PAGE_SIZE - MIDDLE - 64 nop
	mov [ss:landing_saved], eax	; no instruction here changes a flag
	mov [ss:landing_saved + 4], ebx
	mov [ss:landing_saved + 8], ecx
	mov [ss:landing_saved + 12], edx
	mov eax, SYS_CHECKPOINT
	mov ebx, 0
	mov ecx, [ss:landing_fd]
	mov edx, 0
	int 0x80
	jmp landed
	times PAGE_SIZE - ($ - %%page) int3
%endmacro

%assign page 11				; of bits 12 to 31; the first is where no bit is flipped
%rep 21
	LANDING_PAGE page
%assign page page + 1
%endrep

	section .text
landed:
	mov edx, USER_DS
	mov ds, edx
	mov es, edx
	mov esp, [c_stack]
	push dword FLAGS_OF_C
	popfd
	test eax, eax
	js .failed
	mov eax, LANDED
.failed:
	mov [result], eax
	popad
	mov eax, [result]
	ret

; What stands at the end of a code page of an image with memory. A new image is taken, to whichever descriptor leads to one:
; which it is, the image says, and at all others the call fails. Then the program that tried the image comes back, from an
; image of its own. Up to the checkpoint no memory is touched and no flag changed.
landing_code:
%assign fd 0
%rep FILES
	mov eax, SYS_CHECKPOINT
	mov ebx, 0
	mov ecx, fd
	mov edx, 0
	int 0x80
%if fd == 0
landing_code_first:
%endif
%assign fd fd + 1
%endrep
landing_code_last:
	mov eax, SYS_OPEN
	mov ebx, LANDING_CODE + PAGE_SIZE - (landing_code_end - home)
	mov ecx, 0			; O_RDONLY
	int 0x80
	mov ecx, eax
	mov eax, SYS_RESTART
	mov ebx, 0
	mov edx, 0
	int 0x80
	mov eax, SYS_EXIT
	mov ebx, 1
	int 0x80
home:
	db HOME, 0
landing_code_end:

; s32 landing_take(void *middle): a checkpoint with landing_registers, taken at the end of the page.
landing_take:
	mov eax, [esp + 4]
	pushad
	mov [c_stack], esp
	mov [result], eax
	LOAD_REGISTERS landing_registers
	jmp [result]

; s32 landing_restart(s32 fd): LANDED, or restart's errno.
landing_restart:
	mov ecx, [esp + 4]
	pushad
	mov [c_stack], esp
	mov eax, SYS_RESTART
	mov ebx, 0
	mov edx, 0
	int 0x80
	mov [result], eax
	popad
	mov eax, [result]
	ret
