; SPDX-License-Identifier: GPL-2.0-only
;
; A kernel that does as it is told, to test the engine adapters: each of them has to name what this machine does wrong.
; It repeats its first module on COM1; a control character in the module is an order: see `orders` below. The module may
; go on with more parts, each after the character PART and a label, one line: it is the last word of the command line
; that chooses, if it begins with "resume=" and is the label of a part.
; A flat binary with its load address in both Multiboot headers, so that it needs no linker.

LOAD	equ 0x100000
COM1	equ 0x3f8
PART	equ 0x1e

	bits 32
	org LOAD

multiboot1:					; bit 16: the load address is here, not in an ELF header
	dd 0x1badb002, 1 << 16, -(0x1badb002 + (1 << 16))
	dd multiboot1, LOAD, end, end, start

	align 8
multiboot2:
	dd 0xe85250d6, 0, .end - multiboot2, -(0xe85250d6 + (.end - multiboot2))
	dw 2, 0					; address tag
	dd 24, multiboot2, LOAD, end, end
	dw 3, 0					; entry tag
	dd 12, start, 0				; and padding to 8 bytes
	dw 0, 0					; end tag
	dd 8
.end:

start:
	mov esp, stack_top
	mov ebp, eax				; the boot loader's magic
	mov edi, set_up_com1
.set_up:
	movzx edx, byte [edi]
	add edx, COM1
	mov al, [edi + 1]
	out dx, al
	add edi, 2
	cmp edi, set_up_com1.end
	jb .set_up
	cmp ebp, 0x2badb002
	je .multiboot1

	mov ecx, nothing			; the command line
	add ebx, 8				; Multiboot 2: tags follow; type 3 is a module
.tag:
	cmp dword [ebx], 3
	je .module
	cmp dword [ebx], 0
	je halt
	cmp dword [ebx], 1			; the command line: it comes before the modules
	jne .next_tag
	lea ecx, [ebx + 8]
.next_tag:
	mov eax, [ebx + 4]
	add eax, 7
	and eax, -8
	add ebx, eax
	jmp .tag

.multiboot1:
	cmp dword [ebx + 20], 0			; mods_count
	je halt
	mov ecx, [ebx + 16]			; cmdline
	mov ebx, [ebx + 24]			; mods_addr: start and end of the first one are at 0 and 4,
	sub ebx, 8				; as they are at 8 and 12 in the tag of Multiboot 2
.module:
	mov esi, [ebx + 8]
	mov edi, [ebx + 12]

.find_resume:
	cmp byte [ecx], 0
	je repeat
	inc ecx
	cmp dword [ecx - 1], 'resu'
	jne .find_resume
	dec ecx
.find_part:
	cmp esi, edi
	jae halt
	lodsb
	cmp al, PART
	jne .find_part
	mov ebx, ecx
.label:
	lodsb
	cmp al, 10
	je .label_end
	inc ebx
	cmp al, [ebx - 1]
	je .label
	jmp .find_part
.label_end:
	cmp byte [ebx], 0
	jne .find_part

repeat:
	cmp esi, edi
	jae halt
	lodsb
	cmp al, PART
	je halt
	cmp al, last_order
	ja .to_com1
	mov ah, al
	mov dx, COM1 + 5
.drain:
	in al, dx
	test al, 0x40				; transmitter empty: what is in it when an emulator ends is lost
	jz .drain
	mov al, ah
	movzx eax, al
	call [orders + eax * 4]
	jmp repeat
.to_com1:
	mov ah, al
	mov dx, COM1 + 5
.wait:
	in al, dx
	test al, 0x20				; transmitter holding register empty
	jz .wait
	mov al, ah
	mov dx, COM1
	out dx, al
	jmp repeat

; --- the orders ---

spin:
	jmp spin

triple_fault:
	lidt [no_idt]
	int3

reset:						; by the keyboard controller, as old PC software does
	mov al, 0xfe
	out 0x64, al
halt:
	cli
	hlt
	jmp halt

leave_passed:
	mov al, 0x10
	jmp leave_emulator
leave_failed:
	mov al, 0x11
leave_emulator:
	out 0xf4, al				; QEMU's isa-debug-exit
	mov esi, shutdown			; Bochs
	mov ecx, shutdown.end - shutdown
	mov dx, 0x8900
	rep outsb
	jmp halt

debug_port:					; all of the module but its last byte, an order, goes there
	mov ecx, edi
	sub ecx, esi
	dec ecx
	mov dx, 0xe9
	rep outsb
	ret

	align 4
orders:	dd halt, spin, triple_fault, reset, leave_passed, leave_failed, debug_port
last_order equ 6

set_up_com1:					; register, value: 115200 baud, 8N1, no interrupts
	db 3, 0x80, 0, 1, 1, 0, 3, 0x03, 1, 0
.end:
	align 4
no_idt:	dw 0
	dd 0
nothing:
	db 0
shutdown:
	db "Shutdown"
.end:
	align 16
	times 256 db 0
stack_top:
end:
