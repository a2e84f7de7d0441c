; SPDX-License-Identifier: GPL-2.0-only
;
; General registers and flags.

%include "case.inc"

case	"general.registers.distinct", "SDM 1 §3.4.1", "all eight general registers keep their own values"
	before	"eax=01234567 ebx=89abcdef ecx=fedcba98 edx=76543210 esi=0f1e2d3c edi=4b5a6978 ebp=8796a5b4"
	nop
	nop

case	"general.push", "SDM 2B, PUSH", "PUSH stores below ESP"
	before	"eax=11223344"
	push	eax
	after	"esp=stack-4 [1ffc]=11223344"

end_cases
