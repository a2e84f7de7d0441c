; SPDX-License-Identifier: GPL-2.0-only
;
; A state in which every register that there is holds a value of its own, so that one which gets lost, or takes another's
; place, is seen. The code does nothing: what went in must come out. Its first instruction cannot be entered in the
; middle without an INT3 coming of it (a debugger that changes EIP is to be noticed, too).

%include "case.inc"

%macro everything_integer 0
	before	"eax=01234567 ebx=89abcdef ecx=fedcba98 edx=76543210 esi=0f1e2d3c edi=4b5a6978 esp=stack-a54"
	before	"eflags.CF=1 eflags.AF=1 eflags.SF=1 eflags.DF=1 eflags.OF=1"
	before	"fs=tls0 gs=tls1"
	tls	0, 0x12345678, 0x9abcd, SEG_DATA, SEG_32
	tls	1, 0x87654321, 0x00fed, SEG_DATA_RO, SEG_32_PAGES
	tls	2, 0x0f0f0f0f, 0x10001, SEG_DATA_DOWN, SEG_32 | 1
	before	"DR0=data+80 DR1=data+92 DR2=data+a4 DR3=data+b7 DR6.B1=1 DR6.BS=1"
	before	"DR7.L0=1 DR7.R/W0=1 DR7.LEN0=3 DR7.G1=1 DR7.R/W1=3 DR7.LEN1=1"
	before	"DR7.L2=1 DR7.G2=1 DR7.R/W2=3 DR7.LEN2=3 DR7.G3=1 DR7.R/W3=1 DR7.LEN3=0"
	before	"[0]=0123456789abcdef [ff8]=5a5a5a5a [1800]=c3c3c3c3"
%endmacro

%macro everything_x87 0
	needs	"x87"
	before	"FCW=0e7f FSW=5d20 FTW=d7"
	before	"ST0=4001_9000000000000001 ST1=c002_a000000000000002 ST2=3ffe_b000000000000003 ST3=7fff_c000000000000004"
	before	"ST4=0000_0000000000000000 ST5=0000_0000000000000005 ST6=ffff_8000000000000000 ST7=bfff_f000000000000006"
%endmacro

%macro everything_sse 0
	needs	"sse"
	before	"MXCSR=5fa1"
	before	"XMM0=00112233445566778899aabbccddeeff XMM1=112233445566778899aabbccddeeff00"
	before	"XMM2=2233445566778899aabbccddeeff0011 XMM3=33445566778899aabbccddeeff001122"
	before	"XMM4=445566778899aabbccddeeff00112233 XMM5=5566778899aabbccddeeff0011223344"
	before	"XMM6=66778899aabbccddeeff001122334455 XMM7=778899aabbccddeeff00112233445566"
%endmacro

; each NAME, SUFFIX, PATTERN, WORDS: NAME0SUFFIX to NAME7SUFFIX of so many words of 32 bits, all different
%macro each 4
	%assign each_number 0
	%rep 8
		%xdefine each_digits HEX(%3 + each_number * 0x01010101)
		%xdefine each_name DEC(each_number)
		%strcat each_text %1, each_name, %2, "="
		%rep %4
			%strcat each_text each_text, each_digits
		%endrep
		before each_text
		%assign each_number each_number + 1
	%endrep
%endmacro

%macro idle 0
	mov	ebp, 0xcccccccc
	after	"ebp=cccccccc"
%endmacro

case	"state.everything.integer", "SDM 1 §3.4", "all integer state at once comes back as it was"
	everything_integer
	idle

case	"state.everything.x87", "SDM 1 §8.1", "all integer and x87 state at once comes back as it was"
	everything_integer
	everything_x87
	idle

case	"state.everything.sse", "SDM 1 §10.2", "all integer, x87 and SSE state at once comes back as it was"
	everything_integer
	everything_x87
	everything_sse
	idle

case	"state.everything.avx", "SDM 1 §14.1", "the same with the upper halves of YMM0 to YMM7"
	needs	"avx"
	everything_integer
	everything_x87
	everything_sse
	each	"YMM", "_Hi128", 0xa1b2c3d4, 4
	idle

case	"state.everything.avx512", "SDM 1 §15.1", "the same with the opmask registers and the upper halves of ZMM0 to ZMM7"
	needs	"avx512f"
	everything_integer
	everything_x87
	everything_sse
	each	"YMM", "_Hi128", 0xa1b2c3d4, 4
	each	"ZMM", "_Hi256", 0x1a2b3c4d, 8
	each	"K", "", 0x11223344, 1
	idle

case	"state.everything.mpx", "SDM 1 §13.5.4", "the same with the bounds registers, BNDCFGU and BNDSTATUS"
	needs	"mpx"
	everything_integer
	everything_x87
	everything_sse
	before	"BND0=0000000000001000_0000000000002000 BND1=1111111122222222_3333333344444444"
	before	"BND2=00000000ffffffff_0000000000000001 BND3=aaaaaaaabbbbbbbb_ccccccccdddddddd"
	before	"BNDCFGU.EN=1 BNDCFGU.BNDPRESERVE=1 BNDCFGU.BASE=20000 BNDSTATUS.EC=1 BNDSTATUS.ABD=1234"
	idle

case	"state.everything.pkru", "SDM 3 §4.6.2", "the same with PKRU"
	needs	"pku"
	everything_integer
	everything_x87
	everything_sse
	before	"PKRU=a5c3f0e4"
	idle

end_cases
