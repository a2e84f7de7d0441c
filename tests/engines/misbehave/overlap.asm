; SPDX-License-Identifier: GPL-2.0-only
;
; A boot loader that makes a mistake: it loads its first module, the cr86 kernel, and tells it of a module that lies
; where the kernel does. It is booted by a boot loader itself (Multiboot 1), and passes the boot information on.

LOAD	equ 0x1000000				; far from where the kernel goes

	bits 32
	org LOAD

multiboot:					; bit 16: the load address is here, not in an ELF header
	dd 0x1badb002, 1 << 16, -(0x1badb002 + (1 << 16))
	dd multiboot, LOAD, end, end, start

start:
	cld
	mov esp, stack_top
	mov edx, [ebx + 24]			; mods_addr
	mov ebp, [edx]				; the ELF file
	movzx eax, word [ebp + 44]		; e_phnum
	mov edx, [ebp + 28]			; e_phoff
	add edx, ebp
.segment:
	cmp dword [edx], 1			; PT_LOAD
	jne .next
	mov esi, [edx + 4]			; p_offset
	add esi, ebp
	mov edi, [edx + 12]			; p_paddr
	mov [last], edi
	mov ecx, [edx + 8]			; p_vaddr
	sub ecx, edi
	mov [virtual], ecx
	mov ecx, [edx + 16]			; p_filesz
	rep movsb
	mov ecx, [edx + 20]			; p_memsz: the rest is zero
	sub ecx, [edx + 16]
	push eax
	xor eax, eax
	rep stosb
	pop eax
.next:
	add edx, 32
	dec eax
	jnz .segment

	mov edx, [ebx + 24]			; the mistake
	mov eax, [last]
	mov [edx], eax
	add eax, 0x1000
	mov [edx + 4], eax
	mov edx, [ebp + 24]			; e_entry, a virtual address as those of the segments are
	sub edx, [virtual]
	mov eax, 0x2badb002
	jmp edx

last:	dd 0					; where the last segment went
virtual:
	dd 0					; p_vaddr - p_paddr
	align 16
	times 64 db 0
stack_top:
end:
