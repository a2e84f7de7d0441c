; SPDX-License-Identifier: GPL-2.0-only
;
; The only place where the kernel touches user memory through user addresses, and the only one where SMAP lets it: while
; AC is set. (POPFD, and not STAC and CLAC, which are there with SMAP alone.) A fault on the way ends the copy early, by
; the fix-up table, and what is left is told to the caller.

%include "flags.inc"

bits 32
section .text

; u32 user_copy(void *to, const void *from, u32 count): bytes not copied
global user_copy
user_copy:
	push esi
	push edi
	mov edi, [esp + 12]
	mov esi, [esp + 16]
	mov ecx, [esp + 20]
	mov eax, ecx
	and eax, 3
	shr ecx, 2
	push dword FLAGS_KERNEL | FLAGS_AC
	popfd
.words:	rep movsd
	mov ecx, eax
.bytes:	rep movsb
	xor eax, eax
.done:	push dword FLAGS_KERNEL
	popfd
	pop edi
	pop esi
	ret
.words_faulted:
	lea eax, [eax + ecx * 4]
	jmp .done
.bytes_faulted:
	mov eax, ecx
	jmp .done

section .fixup
	dd user_copy.words, user_copy.words_faulted
	dd user_copy.bytes, user_copy.bytes_faulted
