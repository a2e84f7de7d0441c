; SPDX-License-Identifier: GPL-2.0-only
;
; MPX in NASM: clang's assembler no longer knows its registers. Without displacements, since QEMU 7.2 skips as many
; bytes again behind a BNDMOV that has one.

	global mpx_store_bounds

	section .text

; void mpx_store_bounds(struct bound bounds[4])
mpx_store_bounds:
	mov eax, [esp + 4]
	bndmov [eax], bnd0
	add eax, 8
	bndmov [eax], bnd1
	add eax, 8
	bndmov [eax], bnd2
	add eax, 8
	bndmov [eax], bnd3
	ret
