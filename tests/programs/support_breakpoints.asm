; SPDX-License-Identifier: GPL-2.0-only
;
; Places to stop at, and a few single steps.

	global breakpoint_targets
	global breakpoint_single_step

EFLAGS_TF equ 1 << 8
TARGETS equ 16
TARGET_SIZE equ 16

	section .text

; Small functions, one for each instance of the program, TARGET_SIZE bytes apart.
	align TARGET_SIZE
breakpoint_targets:
%rep TARGETS
	nop
	ret
	align TARGET_SIZE
%endrep

; TF takes effect after the instruction behind the POPFD that sets it: two NOPs, PUSHFD, AND and the second POPFD are
; stepped over.
breakpoint_single_step:
	pushfd
	or dword [esp], EFLAGS_TF
	popfd
	nop
	nop
	pushfd
	and dword [esp], ~EFLAGS_TF
	popfd
	ret
