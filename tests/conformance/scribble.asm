; SPDX-License-Identifier: GPL-2.0-only
;
; The scribbler's ring-3 code: position-independent, copied to where scribbler.c says. It begins with the registers that
; it may touch in EBX, as XSAVE components (bit 31: MMX and x87 are there), its TLS selector in EDX, and fills all it
; can with what no case uses. INT3: done, for now.

bits 32
section .rodata

%define X87 0x80000000
%define SSE 0x2
%define AVX 0x4
%define MPX 0x8
%define OPMASK 0x20
%define ZMM 0x40
%define PKRU 0x200

global scribble, scribble_end

scribble:
	call .here
.here:	pop esi				; constants are found relative to the code, through CS

	; The pages at the cases' data and stack are the scribbler's own: writing there must trip nobody's watchpoint.
	mov edi, 0x10001000
	mov eax, 0x5c5c5c5c
	mov ecx, 64
	cld
	rep stosd
	mov [0x10002f00], eax

	test ebx, X87
	jz .sse
	fwait				; an exception that is pending in another task must not be raised here
	fninit
	fldcw [cs:esi + control - .here]
	fldpi
	fldl2e
	fld tword [cs:esi + nan - .here]
	fldln2
	fldlg2
	fldl2t
	fldz
	fld1
	fld1				; overflows: IE, SF and C1
	fstp tword [0x10002f10]		; FIP, FDP and FOP
.sse:
	test ebx, SSE
	jz .avx
	ldmxcsr [cs:esi + mxcsr - .here]
	movups xmm0, [cs:esi + junk - .here]
	movaps xmm1, xmm0
	movaps xmm2, xmm0
	movaps xmm3, xmm0
	movaps xmm4, xmm0
	movaps xmm5, xmm0
	movaps xmm6, xmm0
	movaps xmm7, xmm0
.avx:
	test ebx, AVX
	jz .mpx
%assign n 0
%rep 8
	vbroadcastf128 ymm%[n], [cs:esi + junk - .here]
%assign n n + 1
%endrep
.mpx:
	test ebx, MPX
	jz .opmask
%assign n 0
%rep 4
	bndmk bnd%[n], [esi + 0x5c]
%assign n n + 1
%endrep
.opmask:
	test ebx, OPMASK
	jz .zmm
%assign n 0
%rep 8
	kmovw k%[n], [cs:esi + junk - .here]
%assign n n + 1
%endrep
.zmm:
	test ebx, ZMM
	jz .pkru
%assign n 0
%rep 8
	vpternlogd zmm%[n], zmm%[n], zmm%[n], 0xff
%assign n n + 1
%endrep
.pkru:
	test ebx, PKRU
	jz .integers
	push edx
	xor ecx, ecx
	xor edx, edx
	mov eax, 0x5c5c5c50		; (key 0 must stay open: all pages have it)
	db 0x0f, 0x01, 0xef		; WRPKRU, which NASM knows for 64-bit code only
	pop edx
.integers:
	mov ds, edx
	mov es, edx
	mov fs, edx
	mov gs, edx
	mov eax, 0x5ca1ab1e
	mov ecx, eax
	mov edx, eax
	mov ebx, eax
	mov ebp, eax
	mov esi, eax
	mov edi, eax
	push dword 0x00244ed7		; ID, AC, NT, OF, DF, SF, ZF, AF, PF, CF, and IF
	popfd
	int3
scribble_end:

control: dw 0x0c7f			; round towards zero, single precision
mxcsr:	dd 0x7fbf			; the same, and all flags set
nan:	dq 0xdeadbeefdeadbeef
	dw 0xffff
junk:	times 16 db 0x5c
scribble_constants_end:
global scribble_constants_end
