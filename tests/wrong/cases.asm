; SPDX-License-Identifier: GPL-2.0-only
;
; Cases that are wrong, each in its own way, for tests/catalogue.t: what is said of a failure, and that the rest runs.

%include "../cases/case.inc"

case	"wrong.nothing", "SDM 1", "this one is right"
	mov	eax, 1
	after	"eax=1"

case	"wrong.register", "SDM 1 §3.4.1", "a register has another value"
	mov	eax, 1
	after	"eax=2"

case	"wrong.forgotten", "SDM 1 §3.4.1", "a register has changed that should not"
	mov	ebx, 1

case	"wrong.bits", "SDM 1 §3.4.3", "two bits of a register are wrong"
	stc
	std
	after	"eflags.ZF=1 eflags.DF=1"

case	"wrong.data", "SDM 1", "a byte of memory is wrong"
	mov	byte [DATA + 0x12], 0x34
	after	"[12]=35"

case	"wrong.guard", "SDM 1", "memory has changed that should not"
	mov	byte [DATA + 0x12], 0x34

case	"wrong.end", "SDM 3 §6.15", "another exception comes"
mark bad
	ud2
	ends	"#GP(0)@bad"

case	"wrong.place", "SDM 3 §6.15", "the exception comes elsewhere"
mark bad
	nop
	ud2
	ends	"#UD@bad"

case	"wrong.error", "SDM 3 §6.15", "another error code"
	mov	ecx, 0x68
mark load
	mov	ds, ecx
	ends	"#GP(6c)@load"
	after	"ecx=68"

case	"wrong.cr2", "SDM 3 §6.15", "another address"
mark load
	mov	eax, [UNMAPPED]
	ends	"#PF(4)@load"
	after	"cr2=10003001"

case	"wrong.hang", "SDM 1", "it never ends"
.again:	jmp	.again

case	"wrong.refused", "SDM 1", "restart takes what it should refuse"
	before	"eflags.CF=1"
	ends	"refused:CPU.flags"

case	"wrong.taken", "SDM 1", "restart refuses what it should take"
	before	"eflags.IOPL=3"

case	"wrong.text.register", "SDM 1", "no such register"
	before	"eex=1"

case	"wrong.text.value", "SDM 1", "no such value"
	after	"eax=@nowhere"

case	"wrong.text.width", "SDM 1", "too large"
	before	"MXCSR.RC=4"

case	"wrong.text.end", "SDM 3", "no such exception"
	ends	"#XX@here"

case	"wrong.needs", "SDM 1", "a feature that nobody has"
	needs	"x87 perpetual_motion"

case	"wrong.without", "SDM 1", "a feature that must be missing is there"
	needs	"!x87"

case	"wrong.last", "SDM 1", "this one is right again"
	mov	eax, 1
	after	"eax=1"

end_cases
