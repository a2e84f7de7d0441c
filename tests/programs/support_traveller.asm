; SPDX-License-Identifier: GPL-2.0-only
;
; The traveller's inner loop: about 1200 instructions a round, in which something of every kind is alive all the time -
; seven integer registers, CF and DF, eight x87 registers, eight vector registers, memory, stack, fs and gs. What one
; computes goes into the others, so that a bit lost anywhere changes the end.
;
; Three versions, for CPUs with AVX, with SSE, with neither. They give the same results, bit for bit: the vectors hold
; single-precision numbers, rounded towards zero by MXCSR or, without SSE, by support_single.c.

%include "tests/programs/registers.inc"

	global traveller_registers
	global traveller_table
	global traveller_lanes
	global traveller_minus_a
	global traveller_vector_input
	global traveller_with_integers
	global traveller_with_sse
	global traveller_with_avx
	global traveller_milestone
	extern traveller_map_lanes

; The sizes, as in support_traveller.h.
TABLE_BYTES equ 16384
STACK_INDEX_SHIFT equ 22	; 32 - 22 = 10 bits: an index into 4096 bytes
TLS_INDEX_MASK equ 0xff		; an index into 1024 bytes
VECTORS equ 8
LANES equ 8
STEPS_OF_VECTOR equ 4	; of the integers and the x87, to one of a vector
VECTOR_BYTES equ 4 * LANES
HALF equ VECTOR_BYTES / 2	; an XMM register

; The generator of support_state.c.
MULTIPLIER equ 1664525
INCREMENT equ 1013904223

	section .rodata
	align 32
ones:
	times LANES dd 1.0

	section .bss
	alignb TABLE_BYTES	; so that a mask keeps an address inside
traveller_table:
	resb TABLE_BYTES
	alignb 32
traveller_lanes:
	resb VECTORS * VECTOR_BYTES
traveller_minus_a:
	resb VECTORS * VECTOR_BYTES
traveller_vector_input:
	resb VECTOR_BYTES
traveller_registers:
	resb REGISTERS_ESP + 4
c_stack:
	resd 1
x87_input:
	resq 1
x87_operand:
	resw 1

	section .text

; Integers, flags, memory, stack, segments.
%macro INTEGER_STEP 0
	add ebp, eax
	lodsd				; DF is set: the table is read downwards
	adc eax, ebx			; the carry of the ADD
	rcl edx, 5
	xor ebx, edx
	imul edi, edi, MULTIPLIER
	add edi, INCREMENT
	adc edx, edi
	push edx
	mov edx, edi
	shr edx, STACK_INDEX_SHIFT
	xor eax, [esp + 4 + 4 * edx]
	mov [esp + 4 + 4 * edx], ebx
	and edx, TLS_INDEX_MASK
	add eax, [fs:4 * edx]
	mov [gs:4 * edx], eax
	pop edx
	and esi, TABLE_BYTES - 1	; below the table's start its end comes
	xor [traveller_table + esi], eax
	lea esi, [traveller_table + esi]
%endmacro

; One x87 register is used and the next one comes to the top. ST0 to ST5 are numbers in [-1, 1], ST6 is huge and ST7
; tiny (beyond the range of a double, either of them), their product a is near 1.9. The map x -> 1 - a x^2 is chaotic:
; the last bit of today is the first of tomorrow. What the register held before goes to the integers, so that not even
; the last bit can get lost in rounding. At times 1 / sqrt(x^2 + n), for division and square root. %1: the step
%macro X87_STEP 1
	fst qword [x87_input]
	fmul st0, st0
%if %1 % 8 < 7
	fmul st0, st6
	fmul st0, st7
	fsubr dword [ones]
%else
	mov [x87_operand], dx
	and byte [x87_operand + 1], 0x7f	; n is not negative ...
	or byte [x87_operand], 1		; ... nor zero
	fiadd word [x87_operand]
	fsqrt
	fdivr dword [ones]
%endif
	add ebx, [x87_input]
	adc edx, [x87_input + 4]
%assign next %1 % 5 + 1
	fxch st%[next]
%endmacro

; The same map for a vector, with a different a in each lane. %1: the vector. What it was before goes to
; traveller_vector_input.
%macro AVX_STEP 1
	vmovaps [traveller_vector_input], ymm%1
	vmulps ymm%1, ymm%1, ymm%1
	vmulps ymm%1, ymm%1, [traveller_minus_a + %1 * VECTOR_BYTES]
	vaddps ymm%1, ymm%1, [ones]
%endmacro

; The lower half lives in the XMM register. The upper half comes from memory and leaves it while the lower is put aside.
%macro SSE_STEP 1
	movaps [traveller_vector_input], xmm%1
	mulps xmm%1, xmm%1
	mulps xmm%1, [traveller_minus_a + %1 * VECTOR_BYTES]
	addps xmm%1, [ones]
	movaps [traveller_lanes + %1 * VECTOR_BYTES], xmm%1
	movaps xmm%1, [traveller_lanes + %1 * VECTOR_BYTES + HALF]
	movaps [traveller_vector_input + HALF], xmm%1
	mulps xmm%1, xmm%1
	mulps xmm%1, [traveller_minus_a + %1 * VECTOR_BYTES + HALF]
	addps xmm%1, [ones]
	movaps [traveller_lanes + %1 * VECTOR_BYTES + HALF], xmm%1
	movaps xmm%1, [traveller_lanes + %1 * VECTOR_BYTES]
%endmacro

; All in memory, by integer instructions (support_single.c).
%macro INTEGER_VECTOR_STEP 1
	pushfd
	pushad
	cld
	push dword %1
	call traveller_map_lanes
	add esp, 4
	popad
	popfd
%endmacro

; Every lane of the vector goes into the integers, four by XOR, four by ADD, so that two equal ones do not cancel out.
%macro MIX_LANES 0
	xor eax, [traveller_vector_input]
	xor ebx, [traveller_vector_input + 4]
	xor edx, [traveller_vector_input + 8]
	xor ebp, [traveller_vector_input + 12]
	add eax, [traveller_vector_input + 16]
	add ebx, [traveller_vector_input + 20]
	add edx, [traveller_vector_input + 24]
	add ebp, [traveller_vector_input + 28]
%endmacro

; One round. %1: the vector step's macro
%macro ROUND 1
%assign vector 0
%assign step 0
%rep VECTORS
%rep STEPS_OF_VECTOR
	INTEGER_STEP
	X87_STEP %[step]
%assign step step + 1
%endrep
	%1 %[vector]
	MIX_LANES
%assign vector vector + 1
%endrep
%endmacro

%macro TRAVEL 1
	pushad
	mov [c_stack], esp
	LOAD_REGISTERS traveller_registers
%%round:
	ROUND %1
	dec ecx
	jnz near %%round
	STORE_REGISTERS traveller_registers
	mov esp, [c_stack]
	push dword FLAGS_OF_C
	popfd
	popad
	ret
%endmacro

traveller_with_avx:
	TRAVEL AVX_STEP

traveller_with_sse:
	TRAVEL SSE_STEP

traveller_with_integers:
	TRAVEL INTEGER_VECTOR_STEP

traveller_milestone:
	ret
