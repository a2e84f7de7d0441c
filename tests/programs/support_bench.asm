; SPDX-License-Identifier: GPL-2.0-only
;
; Measuring with RDTSC. Between two readings stand the instruction under test and three that prepare it; bench_nothing
; has the three alone, to be subtracted. In QEMU with -icount shift=0 the counter counts executed instructions.

	global bench_nothing
	global bench_sched_yield
	global bench_sched_yield_fpu
	global bench_checkpoint
	global bench_restart
	global bench_largest_gap
	global bench_usual_gap
	global bench_peer
	global bench_peer_fpu
	global bench_result

SYS_OPEN equ 5
SYS_SCHED_YIELD equ 158
SYS_CHECKPOINT equ 333
SYS_RESTART equ 334
; As in support_bench.h.
PEER_PAUSE equ 1000
PEER_PAUSE_EVERY equ 16

	section .bss
	alignb 4
bench_result:
	resd 1
bench_usual_gap:
	resd 1
start:
	resd 1

	section .text

; %1: the system call; %2: what is measured. The third argument is 0, for checkpoint's flags.
%macro MEASURE 2+
	push ebx
	push esi
	push edi
	xor ebx, ebx			; checkpoint's pid: oneself
	mov ecx, [esp + 16]		; checkpoint's fd
	rdtsc
	mov esi, eax
	mov eax, %1
	xor edx, edx
	%2
	mov edi, eax
	rdtsc
	sub eax, esi
	mov [bench_result], edi
	pop edi
	pop esi
	pop ebx
	ret
%endmacro

; An x87 instruction that does nothing but need the FPU: with lazy switching it brings the state back.
%macro INT80_AND_FPU 0
	int 0x80
	fnop
%endmacro

%macro NOTHING 0
%endmacro

bench_nothing:
	MEASURE 0, NOTHING

bench_sched_yield:
	MEASURE SYS_SCHED_YIELD, int 0x80

bench_sched_yield_fpu:
	MEASURE SYS_SCHED_YIELD, INT80_AND_FPU

bench_checkpoint:
	MEASURE SYS_CHECKPOINT, int 0x80

; The registers are the image's after the restart, and with ESP the stack, on which nothing has happened since.
bench_restart:
	push ebx
	mov eax, SYS_CHECKPOINT
	xor ebx, ebx
	mov ecx, [esp + 8]
	xor edx, edx
	int 0x80
	test eax, eax
	jz .restarted
	js .failed
	mov eax, SYS_OPEN
	mov ebx, [esp + 12]
	xor ecx, ecx			; to read
	int 0x80
	test eax, eax
	js .failed
	mov [bench_result], eax
	mov ecx, eax
	xor ebx, ebx			; any id
	rdtsc
	mov [start], eax
	mov eax, SYS_RESTART
	xor edx, edx
	int 0x80
.failed:
	mov [bench_result], eax
	xor eax, eax
	pop ebx
	ret
.restarted:
	rdtsc
	sub eax, [start]
	pop ebx
	ret

bench_largest_gap:
	push ebx
	push esi
	push edi
	mov ecx, [esp + 16]
	xor edi, edi			; the largest so far
	mov ebx, -1			; the smallest
	rdtsc
	mov esi, eax
.round:
	rdtsc
	mov edx, eax
	sub eax, esi
	mov esi, edx
	cmp eax, edi
	jbe .not_larger
	mov edi, eax
.not_larger:
	cmp eax, ebx
	jae .not_smaller
	mov ebx, eax
.not_smaller:
	dec ecx
	jnz .round
	mov [bench_usual_gap], ebx
	mov eax, edi
	pop edi
	pop esi
	pop ebx
	ret

; %1: the macro of the instructions to repeat.
%macro PEER 1
	push edi
	mov edi, [esp + 8]
%%yields:
%rep PEER_PAUSE_EVERY
	mov eax, SYS_SCHED_YIELD
	%1
%endrep
	mov ecx, PEER_PAUSE
%%pause:
	dec ecx
	jnz %%pause
	sub edi, PEER_PAUSE_EVERY
	ja %%yields
	pop edi
	ret
%endmacro

%macro INT80 0
	int 0x80
%endmacro

bench_peer:
	PEER INT80

bench_peer_fpu:
	PEER INT80_AND_FPU
