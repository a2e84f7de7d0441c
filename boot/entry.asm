; SPDX-License-Identifier: GPL-2.0-only
;
; Where the boot loader hands over. Paging is off, we run at 1 MiB but are linked 3 GiB higher; this file builds the
; kernel's page tables, turns paging on and goes up. Both Multiboot versions enter here; EAX says which one it was.

bits 32

KERNEL_BASE	equ 0xc0000000
LINEAR_TABLES	equ 192			; page tables of 4 MiB each: 768 MiB of physical memory seen by the kernel

CR0_PG		equ 1 << 31
CR0_WP		equ 1 << 16		; ring 0 respects read-only pages too

MEMORY_PATTERN	equ 0x5aa5a55a
COM1		equ 0x3f8
TEXT_SCREEN	equ 0xb8000
QEMU_EXIT	equ 0xf4		; as in arch/machine.c
QEMU_FAILED	equ 0x11

PTE_PRESENT	equ 1
PTE_WRITABLE	equ 2

%define physical(symbol) ((symbol) - KERNEL_BASE)

section .multiboot exec align=8

; Multiboot 1, specification §3.1
MB1_MAGIC	equ 0x1badb002
MB1_FLAGS	equ 1 << 0 | 1 << 1	; modules on page boundaries; memory map, please

	align 4
	dd MB1_MAGIC, MB1_FLAGS, -(MB1_MAGIC + MB1_FLAGS)

; Multiboot 2, specification §3.1
MB2_MAGIC	equ 0xe85250d6
MB2_I386	equ 0

	align 8
mb2_header:
	dd MB2_MAGIC, MB2_I386, mb2_header_end - mb2_header
	dd -(MB2_MAGIC + MB2_I386 + (mb2_header_end - mb2_header)) & 0xffffffff
	dw 6, 0				; tag: modules on page boundaries
	dd 8
	dw 4, 1				; tag, optional: the console
	dd 12, 1 << 1			; ... may be VGA's text mode
	dd 0				; (to a multiple of 8)
	dw 5, 1				; tag, optional: a framebuffer where there is no text mode (UEFI)
	dd 20, 0, 0, 0			; ... of any width, height and depth
	dd 0
	dw 0, 0				; tag: end
	dd 8
mb2_header_end:

section .text

global entry
extern kernel_main, kernel_end

entry:
	cld

	; A loader need not have looked whether there is memory for all of our .bss, page tables included.
	mov edi, physical(kernel_end) - 4
	mov dword [edi], MEMORY_PATTERN
	cmp dword [edi], MEMORY_PATTERN
	jne too_little_memory

	mov esp, physical(boot_stack_top)
	push ebx			; the boot information, a physical address
	push eax			; the boot loader's magic number

	; Linear map: virtual KERNEL_BASE + n is physical n. The tables are consecutive, so one loop fills them all.
	mov edi, physical(linear_tables)
	mov eax, PTE_PRESENT | PTE_WRITABLE
	mov ecx, LINEAR_TABLES * 1024
.page:	stosd
	add eax, 4096
	loop .page

	; The directory: entry 0 maps the first 4 MiB once more at 0, so that the instruction after paging goes on
	; exists at its physical address; the jump up ends its use.
	mov edi, physical(kernel_directory)
	mov eax, physical(linear_tables) + (PTE_PRESENT | PTE_WRITABLE)
	mov [edi], eax
	add edi, (KERNEL_BASE >> 22) * 4
	mov ecx, LINEAR_TABLES
.table:	stosd
	add eax, 4096
	loop .table

	mov eax, physical(kernel_directory)
	mov cr3, eax
	mov eax, cr0
	or eax, CR0_PG | CR0_WP
	mov cr0, eax
	mov eax, .high
	jmp eax
.high:
	mov dword [kernel_directory], 0
	mov eax, cr3
	mov cr3, eax			; forget the cached identity map

	add esp, KERNEL_BASE
	xor ebp, ebp			; a back-trace ends here
	call kernel_main		; (magic, information); never returns

; No stack and no page tables: only a message, by the shortest way, and the exit code for failure where QEMU listens.
too_little_memory:
	mov esi, physical(.message)
	mov edi, TEXT_SCREEN
.next:	lodsb
	test al, al
	jz .end
	mov dx, COM1
	out dx, al
	mov ah, 0x07			; light grey on black
	stosw
	jmp .next
.end:	mov al, QEMU_FAILED
	out QEMU_EXIT, al
	hlt
	jmp .end
.message:
	db "Bail out! too little memory: the kernel itself needs 3 MiB", 13, 10, 0

section .bss align=4096

global kernel_directory, boot_stack_guard, double_fault_stack_guard, double_fault_stack_top

	alignb 4096
kernel_directory:
	resb 4096
linear_tables:
	resb LINEAR_TABLES * 4096
boot_stack_guard:			; taken away by paging_init: to run over is to fault
	resb 4096
	resb 8192
boot_stack_top:
double_fault_stack_guard:		; the end of the one stack above, and of the other below
	resb 4096
	resb 4096
double_fault_stack_top:
