; SPDX-License-Identifier: GPL-2.0-only
;
; The XSAVE instructions in ring 3, XCR0 and CPUID leaf 0DH (SDM 1 chapter 13).
;
; The processor tracks which components are in use, XINUSE. A component that is not in its initial state is in use;
; of one that is, the manual leaves open whether it counts as in use (SDM 1 §13.6). So cases with state of their own
; expect exact bits, and cases with initial state find out first what the CPU says, and hold it to that.

%include "case.inc"
%include "xstate.inc"

; The area lies between guard bytes. In the texts it is at offset 40H, its header at 240H, its extended region at 280H.
%define AREA	(DATA + 0x40)
%define HEADER	(AREA + 512)
%define FILLED	"[0:d00]=5a "		; all that no instruction may write stays so
; The first eight bytes of the header, 5AH each before, with these bits set
%define BV(bits) %strcat("[240]=", HEX16((0x5a5a5a5a5a5a5a5a & ~(bits)) | (bits)), " ")
%define HEX16(n) %strcat(HEX8(((n) >> 32) & 0xffffffff), HEX8((n) & 0xffffffff))

; Bits of XCR0 that no processor has: supervisor components, and numbers that stand for nothing. (62 was AMD's LWP.)
%define NEVER_LOW	0x0001fd00
%define NEVER_HIGH	0xbfffffff

; request MASK [, HIGH]: EDX:EAX
%macro request 1-2 0
	mov	eax, %1
	mov	edx, %2
%endmacro

; Legacy region: x87, SSE. Extended region, in the standard form: AVX comes first, and every CPU has it at 576.
	x87_in_memory X87_IMAGE, 0x40
	x87_reserved X87_OPEN, 0x40
	in_memory XMM_IMAGE, 0x40 + 160, 16, 0, BYTES16
	in_memory YMM_IMAGE, 0x40 + 576, 16, 8, BYTES16
	%strcat X87_SAVED "[40]=0b7f [42]=3a00 [44]=ff ", X87_IMAGE, X87_OPEN
	%define MXCSR_SAVED "[58]=00003fa1 [5c:4]=? "
	%strcat IN_USE X87_DISTINCT, " ", XMM_DISTINCT, YMM_DISTINCT, "MXCSR=3fa1 "
	%strcat IN_USE_SSE X87_DISTINCT, " ", XMM_DISTINCT, "MXCSR=3fa1 "

; --- saving: every mask of x87, SSE and AVX, all in use ---
;
; XSAVE and XSAVEOPT change the bits of XSTATE_BV that are requested, and no other byte of the header. MXCSR goes
; with SSE and with AVX (SDM 1 §13.7, §13.9). XMM8 to 15 and YMM8 to 15 are not written outside 64-bit mode
; (§13.5.2, §13.5.3).
%macro saves 4 ; instruction, its features, section, mask
	%defstr name_text %1
	%strcat name "xsave.", name_text, ".mask", DEC(%4)
	%xdefine eax_text %strcat("eax=", HEX(%4), " edx=0 ")
case	name, %3, "it saves what is requested, and writes nothing else"
	needs	%2
	%if (%4) & 4
	needs	"avx"
	before	IN_USE
	%else
	before	IN_USE_SSE
	%endif
	before	FILLED
	request	%4
	%1	[AREA]
	after	eax_text
	after	BV(%4)
	%if (%4) & 1
	after	X87_SAVED
	%endif
	%if (%4) & 2
	after	XMM_IMAGE
	%endif
	%if (%4) & 6
	after	MXCSR_SAVED
	%endif
	%if (%4) & 4
	after	YMM_IMAGE
	%endif
%endmacro
%assign mask 0
%rep 8
	saves xsave, "xsave", "SDM 1 §13.7", mask
	saves xsaveopt, "xsaveopt", "SDM 1 §13.9", mask
	%assign mask mask + 1
%endrep

; XSAVEC writes all of XSTATE_BV and XCOMP_BV, and MXCSR with SSE alone (SDM 1 §13.10).
%assign mask 0
%rep 8
	%strcat name "xsave.xsavec.mask", DEC(mask)
	%xdefine text %strcat("eax=", HEX(mask), " edx=0 [240]=", HEX16(mask), " [248]=80000000", HEX8(mask), " ")
case	name, "SDM 1 §13.10", "it saves what is requested in the compacted form, and writes nothing else"
	needs	"xsavec"
	%if mask & 4
	needs	"avx"
	before	IN_USE
	%else
	before	IN_USE_SSE
	%endif
	before	FILLED
	request	mask
	xsavec	[AREA]
	after	text
	%if mask & 1
	after	X87_SAVED
	%endif
	%if mask & 2
	after	XMM_IMAGE
	after	MXCSR_SAVED
	%endif
	%if mask & 4
	after	YMM_IMAGE
	%endif
	%assign mask mask + 1
%endrep

; What XCR0 lacks may be requested: it is not saved (RFBM is the request and XCR0, SDM 1 §13.7).
%macro beyond 3 ; instruction, its features, section
	%defstr name_text %1
	%strcat name "xsave.", name_text, ".beyond_xcr0"
case	name, %3, "a request of components that XCR0 does not have is ignored"
	needs	%2
	needs	"avx"
	before	IN_USE
	before	FILLED
	request	NEVER_LOW | 7, NEVER_HIGH
	%1	[AREA]
	after	"eax=0001fd07 edx=bfffffff"
	after	X87_SAVED
	after	XMM_IMAGE
	after	MXCSR_SAVED
	after	YMM_IMAGE
%endmacro
	beyond	xsave, "xsave", "SDM 1 §13.7"
	after	BV(7)
	beyond	xsaveopt, "xsaveopt", "SDM 1 §13.9"
	after	BV(7)
	beyond	xsavec, "xsavec", "SDM 1 §13.10"
	after	"[240]=0000000000000007 [248]=8000000000000007"

case	"xsave.xsave.without_avx", "SDM 1 §13.7", "AVX is requested where XCR0 does not have it"
	needs	"xsave !avx"
	before	IN_USE_SSE
	before	FILLED
	request	7
	xsave	[AREA]
	after	"eax=7 edx=0"
	after	X87_SAVED
	after	XMM_IMAGE
	after	MXCSR_SAVED
	after	BV(3)

; --- saving initial state ---
;
; XSAVE stores it like any other. The bits of XSTATE_BV may be 0 or 1, so the case clears them.
case	"xsave.xsave.initial", "SDM 1 §13.7", "XSAVE stores components that are in their initial state"
	needs	"avx"
	nostep
	before	FILLED
	request	7
	point
	xsave	[AREA]
	and	byte [HEADER], ~7
	point
	same_registers
	after	SAME_FLAGS
	after	"[40]=037f [42]=0000 [44]=00 [60:80]=0 [e0:80]=0 [58]=00001f80 [5c:4]=? [280:80]=0 [240]=5a5a5a5a5a5a5a58"
	after	X87_OPEN

; XSAVEOPT and XSAVEC do not store a component that is not in use. So with each bit the component's place tells: 0 and
; untouched, or 1 and initial. ESI counts what agrees.
%macro agrees 3 ; bit, offset in the area, what the initial state has there
	mov	ecx, [AREA + %2]
	mov	edx, 0x5a5a5a5a
	test	byte [HEADER], %1
	jz	%%judge
	mov	edx, %3
%%judge: cmp	ecx, edx
	jne	%%wrong
	inc	esi
%%wrong:
%endmacro

%macro saves_initial 3 ; instruction, its features, section
	%defstr name_text %1
	%strcat name "xsave.", name_text, ".initial"
case	name, %3, "a component that is not in use is not stored; XSTATE_BV says so"
	needs	%2
	needs	"avx"
	nostep
	before	FILLED
	request	7
	point
	%1	[AREA]
	point
	xor	esi, esi
	agrees	1, 0, 0x0000037f
	agrees	2, 160, 0
	agrees	4, 576, 0
	mov	[DATA + 0xe00], esi
	; What was judged by parts is filled again, so that the rest can be judged as a whole.
	mov	al, [HEADER]
	and	al, 0xf8
	mov	[DATA + 0xe04], al
	mov	edi, AREA
	mov	ecx, (576 + 256) / 4
	mov	eax, 0x5a5a5a5a
	cld
	rep stosd
	same_registers
	after	SAME_FLAGS
	after	"[e00]=00000003"
%endmacro
	saves_initial xsaveopt, "xsaveopt", "SDM 1 §13.9"
	after	"[e04]=58"
	saves_initial xsavec, "xsavec", "SDM 1 §13.10"
	after	"[e04]=00"

; XINUSE[1] is about XMM alone. XSAVEC saves SSE state as a whole when MXCSR is not 1F80H (SDM 1 §13.10).
case	"xsave.xsavec.mxcsr", "SDM 1 §13.10", "SSE state counts as in use when MXCSR is not 1F80H"
	needs	"xsavec"
	before	"MXCSR=1fa0"
	before	FILLED
	request	2
	xsavec	[AREA]
	after	"eax=2 edx=0 [58]=00001fa0 [5c:4]=? [e0:80]=0 [240]=0000000000000002 [248]=8000000000000002"

; --- XSAVEOPT after XRSTOR: the modified optimization ---
;
; What was not modified since XRSTOR from the same place need not be written again (SDM 1 §13.9). What was must be.
case	"xsave.xsaveopt.modified", "SDM 1 §13.9", "a register that has changed since XRSTOR is saved"
	needs	"xsaveopt avx"
	before	"[40]=037f [58]=00001f80 [240]=0000000000000007 [e0:80]=a6 [280:80]=37"
	request	7
	xrstor	[AREA]
	pxor	xmm0, xmm0
	vextractf128 xmm1, ymm2, 1
	fld1
	xsaveopt [AREA]
	after	"eax=7 edx=0 XMM0=0 XMM1=37373737373737373737373737373737 YMM1_Hi128=0 FSW=3800 FTW=80 ST0=3fff8000000000000000"
%assign n 2
%rep 6
	%xdefine text %strcat("XMM", DEC(n), "=a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6")
	after	text
	%assign n n + 1
%endrep
%assign n 0
%rep 8
	%if n != 1
	%xdefine text %strcat("YMM", DEC(n), "_Hi128=37373737373737373737373737373737")
	after	text
	%endif
	%assign n n + 1
%endrep
	after	"[42]=3800 [44]=80 [60]=3fff8000000000000000 [e0:10]=0 [f0:10]=37 [290:10]=0"
	after	"[5c:4]=?"
	after	X87_OPEN

; --- loading: every request of x87, SSE and AVX, every XSTATE_BV ---
;
; Requested and in XSTATE_BV: loaded. Requested and not there: made initial. Not requested: left alone. MXCSR has
; rules of its own. Standard form: loaded when SSE or AVX is requested, whatever XSTATE_BV says (SDM 1 §13.8.1).
; Compacted: with SSE, and 1F80H where XSTATE_BV[1] is 0 (§13.8.2).
%define STORED "[40]=0f7f [42]=1900 [44]=81 [58]=00005f81 [60:80]=25 [e0:80]=a6 [280:80]=37 "
%define X87_LOADED "FCW=0f7f FSW=1900 FTW=81 "
%define XMM_LOADED ""
%define YMM_LOADED ""
%define YMM_INITIAL ""
%assign n 0
%rep 8
	%strcat X87_LOADED X87_LOADED, "ST", DEC(n), "=25252525252525252525 "
	%strcat XMM_LOADED XMM_LOADED, "XMM", DEC(n), "=a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6 "
	%strcat YMM_LOADED YMM_LOADED, "YMM", DEC(n), "_Hi128=37373737373737373737373737373737 "
	%strcat YMM_INITIAL YMM_INITIAL, "YMM", DEC(n), "_Hi128=0 "
	%assign n n + 1
%endrep

%macro loads 3 ; compacted, mask, XSTATE_BV
	%if %1
	%strcat name "xsave.xrstor.compacted.mask", DEC(%2), ".bv", DEC(%3)
	%xdefine text %strcat(STORED, "[240]=", HEX16(%3), " [248]=8000000000000007")
case	name, "SDM 1 §13.8.2", "what is requested is loaded or made initial, the rest left alone"
	needs	"xsavec avx"
	%else
	%strcat name "xsave.xrstor.standard.mask", DEC(%2), ".bv", DEC(%3)
	%xdefine text %strcat(STORED, "[240]=", HEX16(%3))
case	name, "SDM 1 §13.8.1", "what is requested is loaded or made initial, the rest left alone"
	needs	"avx"
	%endif
	before	IN_USE
	before	text
	%xdefine text %strcat("eax=", HEX(%2), " edx=0 ")
	request	%2
	xrstor	[AREA]
	after	text
	%if (%2) & (%3) & 1
	after	X87_LOADED
	%elif (%2) & 1
	after	X87_INITIAL
	%endif
	%if (%2) & (%3) & 2
	after	XMM_LOADED
	%elif (%2) & 2
	after	XMM_INITIAL
	%endif
	%if (%2) & (%3) & 4
	after	YMM_LOADED
	%elif (%2) & 4
	after	YMM_INITIAL
	%endif
	%if %1 == 0 && (%2) & 6
	after	"MXCSR=5f81"
	%elif %1 && (%2) & (%3) & 2
	after	"MXCSR=5f81"
	%elif %1 && (%2) & 2
	after	"MXCSR=1f80"
	%endif
%endmacro
%assign mask 0
%rep 8
	%assign bv 0
	%rep 8
	loads	0, mask, bv
	loads	1, mask, bv
	%assign bv bv + 1
	%endrep
	%assign mask mask + 1
%endrep

; XCOMP_BV need not have what is initial: it is made initial all the same (SDM 1 §13.8.2).
case	"xsave.xrstor.compacted.no_room", "SDM 1 §13.8.2", "a component that XCOMP_BV does not have is made initial"
	needs	"xsavec avx"
	before	IN_USE
	before	STORED
	before	"[240]=0000000000000002 [248]=8000000000000002"
	request	7
	xrstor	[AREA]
	after	"eax=7 edx=0 MXCSR=5f81"
	after	X87_INITIAL
	after	XMM_LOADED
	after	YMM_INITIAL

case	"xsave.xrstor.beyond_xcr0", "SDM 1 §13.8", "a request of components that XCR0 does not have is ignored"
	needs	"avx"
	before	IN_USE
	before	STORED
	before	"[240]=0000000000000007"
	request	NEVER_LOW | 7, NEVER_HIGH
	xrstor	[AREA]
	after	"eax=0001fd07 edx=bfffffff MXCSR=5f81"
	after	X87_LOADED
	after	XMM_LOADED
	after	YMM_LOADED

case	"xsave.xrstor.without_avx", "SDM 1 §13.8", "MXCSR is not loaded for AVX where XCR0 does not have it"
	needs	"xsave !avx"
	before	IN_USE_SSE
	before	STORED
	request	4
	xrstor	[AREA]
	after	"eax=4 edx=0"

; An unmasked x87 exception in the image waits for the next x87 instruction; XRSTOR does not raise it, nor one of
; the state that it replaces.
case	"xsave.xrstor.pending", "SDM 1 §13.8", "XRSTOR raises no x87 exception that it loads"
	needs	"xsave"
	before	"FCW=037b FSW=b884 FTW=80 ST0=3fff8000000000000000"
	before	"[40]=037e [42]=b881 [44]=80 [58]=00001f80 [60]=3fff8000000000000000 [240]=0000000000000001"
	request	1
	xrstor	[AREA]
	mark	pending
	fwait
	ends	"#MF@pending"
	after	"eax=1 edx=0 FCW=037e FSW=b881"

; Out of one area and into another: the same bytes.
case	"xsave.round_trip", "SDM 1 §13.7", "XSAVE stores what XRSTOR has loaded"
	needs	"avx"
	before	IN_USE
	before	STORED
	before	"[240]=0000000000000007 [800:400]=0"
	request	7
	xrstor	[AREA]
	xsave	[DATA + 0x800]
	after	"eax=7 edx=0 MXCSR=5f81"
	after	X87_LOADED
	after	XMM_LOADED
	after	YMM_LOADED
	after	"[800]=0f7f [802]=1900 [804]=81 [805:13]=? [818]=00005f81 [81c:4]=? [8a0:80]=a6 [a40:80]=37"
	after	"[a00]=0000000000000007"
%assign n 0
%rep 8
	%xdefine text %strcat("[", HEX(0x820 + 16 * n), "]=25252525252525252525 [", HEX(0x82a + 16 * n), ":6]=?")
	after	text
	%assign n n + 1
%endrep

; --- what XRSTOR refuses: #GP(0), and every register is as it was ---
%macro refuses 5 ; name, section, needs, what of the area is wrong (its words), mask
	%strcat name "xsave.xrstor.refuses.", %1
	%xdefine text %strcat("eax=", HEX(%5), " edx=0")
case	name, %2, "#GP(0), and nothing is loaded"
	needs	%3
	before	IN_USE
	before	STORED
	before	"[240]=0000000000000007"
	before	%4
	request	%5
	mark	bad
	xrstor	[AREA]
	ends	"#GP(0)@bad"
	after	text
%endmacro

; XSTATE_BV with what XCR0 does not have, requested or not
%macro refuses_bv 1
	%xdefine text_bv %strcat("[240]=", HEX16(7 | 1 << (%1)))
	%strcat which "standard.bv.bit", DEC(%1)
	refuses	which, "SDM 1 §13.8.1", "avx", text_bv, 7
	%strcat which "standard.bv.other.bit", DEC(%1)
	refuses	which, "SDM 1 §13.8.1", "avx", text_bv, 1
	%xdefine text_bv %strcat("[240]=0000000000000007 [248]=", HEX16(1 << 63 | 7 | 1 << (%1)))
	%strcat which "compacted.xcomp.bit", DEC(%1)
	refuses	which, "SDM 1 §13.8.2", "xsavec avx", text_bv, 7
	%xdefine text_bv %strcat("[240]=", HEX16(7 | 1 << (%1)), " [248]=8000000000000007")
	%strcat which "compacted.bv.bit", DEC(%1)
	refuses	which, "SDM 1 §13.8.2", "xsavec avx", text_bv, 7
%endmacro
	refuses_bv 8
	refuses_bv 10
	refuses_bv 13
	refuses_bv 16
	refuses_bv 32
	refuses_bv 61

	refuses "standard.bv.bit63", "SDM 1 §13.8.1", "avx", "[240]=8000000000000007", 7

; Bytes 8 to 23 of the header must be 0 in the standard form: XCOMP_BV, and the eight bytes behind it.
%assign n 8
%rep 16
	%if n != 15
	%xdefine text_bv %strcat("[", HEX(0x240 + n), "]=01")
	%else
	%define text_bv "[24f]=40"
	%endif
	%strcat which "standard.byte", DEC(n)
	refuses	which, "SDM 1 §13.8.1", "avx", text_bv, 7
	%assign n n + 1
%endrep
	refuses "standard.xcomp_as_bv", "SDM 1 §13.8.1", "avx", "[248]=0000000000000007", 7

; In the compacted form all behind XCOMP_BV.
%assign n 16
%rep 48
	%xdefine text_bv %strcat("[248]=8000000000000007 [", HEX(0x240 + n), "]=80")
	%strcat which "compacted.byte", DEC(n)
	refuses	which, "SDM 1 §13.8.2", "xsavec avx", text_bv, 7
	%assign n n + 1
%endrep

; XSTATE_BV must be a part of XCOMP_BV, requested or not.
	refuses "compacted.not_subset.avx", "SDM 1 §13.8.2", "xsavec avx", "[248]=8000000000000003", 7
	refuses "compacted.not_subset.sse", "SDM 1 §13.8.2", "xsavec avx", "[248]=8000000000000005", 7
	refuses "compacted.not_subset.x87", "SDM 1 §13.8.2", "xsavec avx", "[248]=8000000000000006", 7
	refuses "compacted.not_subset.empty", "SDM 1 §13.8.2", "xsavec avx", "[248]=8000000000000000", 7
	refuses "compacted.not_subset.other", "SDM 1 §13.8.2", "xsavec avx", "[248]=8000000000000003", 1

; Without XSAVEC there is no compacted form, and XCOMP_BV must be 0.
	refuses "compacted.unknown", "SDM 1 §13.8", "avx !xsavec", "[248]=8000000000000007", 7

; MXCSR is judged when it would be loaded, also where XSTATE_BV says that SSE is initial.
	refuses "mxcsr.sse", "SDM 1 §13.8.1", "avx", "[58]=00011f80", 2
	refuses "mxcsr.avx", "SDM 1 §13.8.1", "avx", "[58]=80001f80", 4
	refuses "mxcsr.all", "SDM 1 §13.8.1", "avx", "[58]=00041f80", 7
	refuses "mxcsr.initial_sse", "SDM 1 §13.8.1", "avx", "[58]=00011f80 [240]=0000000000000000", 2
	refuses "mxcsr.initial_avx", "SDM 1 §13.8.1", "avx", "[58]=00011f80 [240]=0000000000000000", 4
	refuses "mxcsr.compacted", "SDM 1 §13.8.2", "xsavec avx", "[58]=00011f80 [248]=8000000000000007", 2

case	"xsave.xrstor.mxcsr.unrequested", "SDM 1 §13.8.1", "a reserved bit of MXCSR counts only where MXCSR is loaded"
	needs	"avx"
	before	IN_USE
	before	STORED
	before	"[58]=ffffffff [240]=0000000000000007"
	request	1
	xrstor	[AREA]
	after	"eax=1 edx=0"
	after	X87_LOADED

case	"xsave.xrstor.mxcsr.compacted_avx", "SDM 1 §13.8.2", "the compacted form does not load MXCSR for AVX"
	needs	"xsavec avx"
	before	IN_USE
	before	STORED
	before	"[58]=ffffffff [240]=0000000000000007 [248]=8000000000000007"
	request	4
	xrstor	[AREA]
	after	"eax=4 edx=0"
	after	YMM_LOADED

case	"xsave.xrstor.mxcsr.compacted_initial", "SDM 1 §13.8.2", "the compacted form makes MXCSR initial without a look at it"
	needs	"xsavec avx"
	before	IN_USE
	before	STORED
	before	"[58]=ffffffff [240]=0000000000000000 [248]=8000000000000007"
	request	2
	xrstor	[AREA]
	after	"eax=2 edx=0 MXCSR=1f80"
	after	XMM_INITIAL

; --- alignment: 64 bytes, all four instructions ---
%macro unaligned 3 ; instruction, its features, offset
	%defstr name_text %1
	%strcat name "xsave.misaligned.", name_text, ".by", DEC(%3)
case	name, "SDM 1 §13.4", "an area that is no multiple of 64: #GP(0), and nothing happens"
	needs	%2
	before	IN_USE_SSE
	before	"[240:80]=0 [e00:8]=0"
	request	3
	mark	bad
	%1	[AREA + %3]
	ends	"#GP(0)@bad"
	after	"eax=3 edx=0"
%endmacro
%assign offset 1
%rep 6
	unaligned xsave, "xsave", offset
	unaligned xsaveopt, "xsaveopt", offset
	unaligned xsavec, "xsavec", offset
	unaligned xrstor, "xsave", offset
	%assign offset offset * 2
%endrep
	unaligned xsave, "xsave", 63
	unaligned xrstor, "xsave", 48

; --- the other components, one by one ---
;
; Their places in the standard form differ between CPUs: CPUID says where (SDM 1 §13.4.3). The case moves the bytes from
; there to C00H and fills their place again.
%macro find 1 ; component: EBX becomes its offset
	mov	eax, 0xd
	mov	ecx, %1
	cpuid
%endmacro

; What was stored of a component (number, bytes) comes to D00H, and the area is as it was.
%macro take_component 2
	find	%1
	lea	esi, [AREA + ebx]
	mov	edi, DATA + 0xd00
	mov	ecx, (%2) / 4
	cld
	rep movsd
	lea	edi, [AREA + ebx]
	mov	ecx, (%2) / 4
	mov	eax, 0x5a5a5a5a
	rep stosd
	same_registers
	after	SAME_FLAGS
%endmacro

%macro component_save 6 ; name, number, needs, section, bytes, state
	%strcat name "xsave.component.", %1, ".save"
	%xdefine text %strcat("[240]=", HEX16((0x5a5a5a5a5a5a5a5a & ~(1 << (%2))) | 1 << (%2)))
case	name, %4, "XSAVE stores the component where CPUID says, and nothing else"
	needs	"xsave"
	needs	%3
	nostep
	before	FILLED
	before	%6
	request	1 << (%2)
	point
	xsave	[AREA]
	point
	take_component %2, %5
	after	text
%endmacro

%macro component_load 6 ; the same; the state is what is loaded, from D00H
	%strcat name "xsave.component.", %1, ".load"
case	name, %4, "XRSTOR loads the component from where CPUID says, and nothing else"
	needs	"xsave"
	needs	%3
	nostep
	before	FILLED
	before	IN_USE_SSE
	find	%2
	mov	esi, DATA + 0xd00
	lea	edi, [AREA + ebx]
	mov	ecx, (%5) / 4
	cld
	rep movsd
	mov	edi, HEADER
	mov	ecx, 16
	xor	eax, eax
	rep stosd
	mov	dword [HEADER], 1 << (%2)
	request	1 << (%2)
	point
	xrstor	[AREA]
	point
	lea	edi, [AREA + ebx]
	mov	ecx, (%5) / 4
	mov	eax, 0x5a5a5a5a
	rep stosd
	mov	edi, HEADER
	mov	ecx, 16
	rep stosd
	same_registers
	after	SAME_FLAGS
	after	%6
%endmacro

%macro component_init 6 ; name, number, needs, section, state, initial state
	%strcat name "xsave.component.", %1, ".initialise"
	%xdefine text %strcat("eax=", HEX(1 << (%2)), " edx=0")
case	name, %4, "XRSTOR makes the component initial, and leaves the others"
	needs	"xsave"
	needs	%3
	before	IN_USE_SSE
	before	%5
	request	1 << (%2)
	xrstor	[AREA]
	after	text
	after	%6
%endmacro

%macro component_initial 5 ; name, number, needs, section, bytes
	%strcat name "xsave.component.", %1, ".initial"
	%xdefine text %strcat("[240]=", HEX16(0x5a5a5a5a5a5a5a5a & ~(1 << (%2))), " [d00:", HEX(%5), "]=0")
case	name, %4, "XSAVE stores a component in its initial state; XSTATE_BV may say so or not"
	needs	"xsave"
	needs	%3
	nostep
	before	FILLED
	before	IN_USE_SSE
	%xdefine text_before %strcat("[d00:", HEX(%5), "]=5a")
	before	text_before
	request	1 << (%2)
	point
	xsave	[AREA]
	and	dword [HEADER], ~(1 << (%2))
	point
	take_component %2, %5
	after	text
%endmacro

	in_memory K_COPY, 0xd00, 8, 6, BYTES8
	in_memory ZMM_COPY, 0xd00, 32, 4, BYTES32
	in_memory YMM_COPY, 0xd00, 16, 8, BYTES16
	%define K_INITIAL "K0=0 K1=0 K2=0 K3=0 K4=0 K5=0 K6=0 K7=0"
	%define ZMM_INITIAL ""
	%define BND_DISTINCT ""
	%define BND_COPY ""
	%define BND_INITIAL "BND0=0 BND1=0 BND2=0 BND3=0"
%assign n 0
%rep 8
	%strcat ZMM_INITIAL ZMM_INITIAL, "ZMM", DEC(n), "_Hi256=0 "
	%if n < 4
	%strcat BND_DISTINCT BND_DISTINCT, "BND", DEC(n), "=", BYTES16(n + 1), " "
	%strcat BND_COPY BND_COPY, "[", HEX(0xd00 + 16 * n), "]=", BYTES16(n + 1), " "
	%endif
	%assign n n + 1
%endrep
	%strcat ALL_ZMM ZMM_DISTINCT, K_DISTINCT, YMM_DISTINCT

	component_save "avx", 2, "avx", "SDM 1 §13.5.3", 128, YMM_DISTINCT
	after	YMM_COPY
	after	"[58]=00001f80 [5c:4]=?"
	component_load "avx", 2, "avx", "SDM 1 §13.5.3", 128, YMM_DISTINCT
	before	YMM_COPY
	before	"[58]=00005f81"
	after	"MXCSR=5f81"
	component_save "opmask", 5, "avx512bw", "SDM 1 §13.5.5", 64, ALL_ZMM
	after	K_COPY
	component_load "opmask", 5, "avx512bw", "SDM 1 §13.5.5", 64, K_DISTINCT
	before	K_COPY
	component_init "opmask", 5, "avx512bw", "SDM 1 §13.5.5", ALL_ZMM, K_INITIAL
	component_save "zmm_hi256", 6, "avx512bw", "SDM 1 §13.5.5", 256, ALL_ZMM
	after	ZMM_COPY
	component_load "zmm_hi256", 6, "avx512f", "SDM 1 §13.5.5", 256, ZMM_DISTINCT
	before	ZMM_COPY
	component_init "zmm_hi256", 6, "avx512bw", "SDM 1 §13.5.5", ALL_ZMM, ZMM_INITIAL
	component_init "avx_beside_zmm", 2, "avx512bw", "SDM 1 §13.5.3", ALL_ZMM, YMM_INITIAL
	after	"MXCSR=0"
	component_save "bndregs", 3, "mpx", "SDM 1 §13.5.4", 64, BND_DISTINCT
	after	BND_COPY
	component_load "bndregs", 3, "mpx", "SDM 1 §13.5.4", 64, BND_DISTINCT
	before	BND_COPY
	component_init "bndregs", 3, "mpx", "SDM 1 §13.5.4", BND_DISTINCT, BND_INITIAL
	component_save "bndcsr", 4, "mpx", "SDM 1 §13.5.4", 16, "BNDCFGU=12345003 BNDSTATUS=87654321"
	after	"[d00]=0000000012345003 [d08]=0000000087654321 [280:800]=?"
	component_init "bndcsr", 4, "mpx", "SDM 1 §13.5.4", "BNDCFGU=12345003 BNDSTATUS=87654321", "BNDCFGU=0 BNDSTATUS=0"
	component_save "pkru", 9, "pku", "SDM 1 §13.5.7", 8, "PKRU=12345678"
	after	"[d00]=12345678 [d04:4]=?"
	component_load "pkru", 9, "pku", "SDM 1 §13.5.7", 8, "PKRU=12345678"
	before	"[d00]=0000000012345678"
	component_init "pkru", 9, "pku", "SDM 1 §13.5.7", "PKRU=12345678", "PKRU=0"

	component_initial "avx", 2, "avx", "SDM 1 §13.5.3", 128
	after	"[58]=00003fa1 [5c:4]=?"
	component_initial "bndregs", 3, "mpx", "SDM 1 §13.5.4", 64
	component_initial "opmask", 5, "avx512f", "SDM 1 §13.5.5", 64
	component_initial "zmm_hi256", 6, "avx512f", "SDM 1 §13.5.5", 256
	component_initial "pkru", 9, "pku", "SDM 1 §13.5.7", 8
	after	"[d04:4]=?"

; Hi16_ZMM is ZMM16 to ZMM31, which only 64-bit code has: outside it nothing is stored and nothing loaded (SDM 1
; §13.5.5). Whether it is in use is unknown.
case	"xsave.component.hi16_zmm.save", "SDM 1 §13.5.5", "outside 64-bit mode nothing of Hi16_ZMM is stored"
	needs	"avx512f xsave"
	nostep
	before	FILLED
	request	1 << 7
	point
	xsave	[AREA]
	point
	and	byte [HEADER], ~(1 << 7)
	same_registers
	after	SAME_FLAGS

; (5AH in its place)
	component_load "hi16_zmm", 7, "avx512f", "SDM 1 §13.5.5", 0, ""

; --- the compacted form: one component behind the other, as requested (SDM 1 §13.4.3) ---
;
; The place of each follows from the sizes of those before it that are requested, in use or not. (The alignment bit
; changes nothing here: all sizes but that of the last, PKRU, are multiples of 64.)
	in_memory K_AT_0, 0x280, 8, 6, BYTES8
	in_memory K_AT_256, 0x280 + 256, 8, 6, BYTES8
	in_memory ZMM_AT_0, 0x280, 32, 4, BYTES32
	in_memory ZMM_AT_64, 0x280 + 64, 32, 4, BYTES32
	in_memory ZMM_AT_256, 0x280 + 256, 32, 4, BYTES32
	in_memory ZMM_AT_320, 0x280 + 320, 32, 4, BYTES32

%macro compacts 4 ; name, mask, needs, state
	%strcat name "xsave.compacted.", %1
	%xdefine text %strcat("eax=", HEX(%2), " edx=0 [240]=", HEX16(%2), " [248]=80000000", HEX8(%2))
case	name, "SDM 1 §13.4.3", "XSAVEC puts components behind each other, without gaps"
	needs	"xsavec"
	needs	%3
	before	FILLED
	before	%4
	request	%2
	xsavec	[AREA]
	after	text
%endmacro
	compacts "opmask", 0x20, "avx512bw", ALL_ZMM
	after	K_AT_0
	compacts "zmm", 0x40, "avx512bw", ALL_ZMM
	after	ZMM_AT_0
	compacts "opmask_zmm", 0x60, "avx512bw", ALL_ZMM
	after	K_AT_0
	after	ZMM_AT_64
	compacts "avx_zmm", 0x44, "avx512bw", ALL_ZMM
	after	YMM_IMAGE
	after	ZMM_AT_256
	compacts "avx_opmask_zmm", 0x64, "avx512bw", ALL_ZMM
	after	YMM_IMAGE
	after	K_AT_256
	after	ZMM_AT_320
	compacts "pkru", 0x200, "pku", "PKRU=12345678"
	after	"[280]=12345678 [284:4]=?"
	compacts "avx_pkru", 0x204, "pku avx", "PKRU=12345678"
	before	YMM_DISTINCT
	after	YMM_IMAGE
	after	"[380]=12345678 [384:4]=?"
	compacts "opmask_zmm_pkru", 0x260, "pku avx512bw", "PKRU=12345678"
	before	ALL_ZMM
	after	K_AT_0
	after	ZMM_AT_64
	after	"[4c0]=12345678 [4c4:4]=?"

; A component that is requested has its room even if it is initial. Hi16_ZMM has 1024 bytes, of which nothing is
; written.
case	"xsave.compacted.room.avx", "SDM 1 §13.4.3", "a component that is not in use keeps its room"
	needs	"xsavec avx512bw"
	nostep
	before	FILLED
	before	K_DISTINCT
	request	0x24
	point
	xsavec	[AREA]
	and	byte [HEADER], ~4
	point
	same_registers
	after	SAME_FLAGS
	after	"[240]=0000000000000020 [248]=8000000000000024 [280:80]=?"
	after	K_AT_256

case	"xsave.compacted.room.hi16_zmm", "SDM 1 §13.4.3", "Hi16_ZMM has its room"
	needs	"xsavec avx512f pku"
	nostep
	before	FILLED
	before	"PKRU=12345678"
	request	0x280
	point
	xsavec	[AREA]
	and	byte [HEADER], ~0x80
	point
	same_registers
	after	SAME_FLAGS
	after	"[240]=0000000000000200 [248]=8000000000000280 [680]=12345678 [684:4]=?"

; The same places when XRSTOR reads them.
%macro expands 6 ; name, mask, XCOMP_BV, needs, state before, state after
	%strcat name "xsave.compacted.load.", %1
	%xdefine text %strcat("[240]=", HEX16(%2), " [248]=80000000", HEX8(%3))
case	name, "SDM 1 §13.4.3", "XRSTOR finds components where XCOMP_BV puts them"
	needs	"xsavec"
	needs	%4
	before	text
	before	%5
	%xdefine text %strcat("eax=", HEX(%2), " edx=0")
	request	%2
	xrstor	[AREA]
	after	text
	after	%6
%endmacro
	expands "opmask", 0x20, 0x20, "avx512bw", K_AT_0, K_DISTINCT
	expands "opmask_behind_avx", 0x20, 0x24, "avx512bw", K_AT_256, K_DISTINCT
	expands "zmm", 0x40, 0x40, "avx512f", ZMM_AT_0, ZMM_DISTINCT
	expands "zmm_behind_opmask", 0x40, 0x60, "avx512f", ZMM_AT_64, ZMM_DISTINCT
	expands "zmm_behind_avx", 0x40, 0x44, "avx512f", ZMM_AT_256, ZMM_DISTINCT
	expands "zmm_behind_both", 0x40, 0x64, "avx512f", ZMM_AT_320, ZMM_DISTINCT
	expands "pkru", 0x200, 0x200, "pku", "[280]=0000000012345678", "PKRU=12345678"
	expands "pkru_behind_avx", 0x200, 0x204, "pku avx", "[380]=0000000012345678", "PKRU=12345678"
	expands "pkru_behind_zmm", 0x200, 0x2e4, "pku avx512f", "[9c0]=0000000012345678", "PKRU=12345678"

; --- XGETBV ---

; XCR0 has x87, and nothing that CPUID does not list.
case	"xsave.xgetbv.xcr0", "SDM 1 §13.3", "XCR0 has bit 0, and only bits that CPUID lists"
	needs	"xsave"
	nostep
	mov	ecx, 0
	point
	xgetbv
	point
	mov	esi, eax
	mov	edi, edx
	mov	eax, 0xd
	mov	ecx, 0
	cpuid
	not	eax
	not	edx
	and	eax, esi
	and	edx, edi
	mov	[DATA], eax
	mov	[DATA + 4], edx
	and	esi, 3
	mov	[DATA + 8], esi
	same_registers
	after	SAME_FLAGS
	after	"[0:8]=0 [8]=00000003"

; CPUID.1:ECX.OSXSAVE shows CR4.OSXSAVE.
case	"xsave.cpuid.osxsave", "SDM 1 §13.2", "CPUID says that XSAVE is enabled"
	needs	"xsave"
	nostep
	mov	eax, 1
	point
	cpuid
	and	ecx, 1 << 27
	mov	[DATA], ecx
	same_registers
	after	SAME_FLAGS
	after	"[0]=08000000"

%macro no_register 2
	%xdefine text %strcat("ecx=", HEX(%1))
	%strcat name "xsave.xgetbv.refuses.", HEX(%1)
case	name, "SDM 2D, XGETBV", "XGETBV of a register that is not there: #GP(0)"
	needs	%2
	mov	ecx, %1
	mark	bad
	xgetbv
	ends	"#GP(0)@bad"
	after	text
%endmacro
	no_register 1, "xsave !xgetbv1"
	no_register 2, "xsave"
	no_register 3, "xsave"
	no_register 0x80000000, "xsave"
	no_register 0xffffffff, "xsave"

; XGETBV with ECX = 1 is XCR0 and XINUSE.
case	"xsave.xgetbv1.in_use", "SDM 1 §13.2", "components with state of their own are in use"
	needs	"xgetbv1 avx"
	before	IN_USE
	mov	ecx, 1
	xgetbv
	and	eax, 7
	same_flags
	after	"eax=7 ecx=1 edx=0"
	after	SAME_FLAGS

case	"xsave.xgetbv1.in_use_zmm", "SDM 1 §13.2", "opmasks and upper halves of ZMM are in use"
	needs	"xgetbv1 avx512bw"
	before	ALL_ZMM
	mov	ecx, 1
	xgetbv
	and	eax, 0x64
	same_flags
	after	"eax=64 ecx=1 edx=0"
	after	SAME_FLAGS

case	"xsave.xgetbv1.subset", "SDM 1 §13.2", "what is in use is enabled in XCR0"
	needs	"xgetbv1"
	before	IN_USE_SSE
	nostep
	mov	ecx, 1
	point
	xgetbv
	point
	mov	esi, eax
	mov	edi, edx
	mov	ecx, 0
	xgetbv
	not	eax
	not	edx
	and	eax, esi
	and	edx, edi
	mov	[DATA], eax
	mov	[DATA + 4], edx
	same_registers
	after	SAME_FLAGS

; The same as XSAVE stores.
case	"xsave.xgetbv1.as_saved", "SDM 1 §13.2", "XSAVE stores what XGETBV says is in use"
	needs	"xgetbv1 avx"
	nostep
	before	FILLED
	mov	ecx, 1
	request	7
	point
	xsave	[AREA]
	xgetbv
	xor	al, [HEADER]
	and	eax, 7
	mov	[DATA + 0xd00], eax
	and	byte [HEADER], ~7
	point
	same_registers
	after	SAME_FLAGS
	after	"[40]=037f [42]=0000 [44]=00 [60:80]=0 [e0:80]=0 [58]=00001f80 [5c:4]=? [280:80]=0 [240]=5a5a5a5a5a5a5a58"
	after	X87_OPEN

; --- XSETBV: which values XCR0 takes (SDM 1 §13.3, SDM 2D, XSETBV) ---
%macro xcr0_takes 2 ; value, needs
	%strcat name "xsave.xcr0.takes.", HEX(%1)
	%xdefine text %strcat("eax=", HEX(%1), " edx=0 ecx=0")
case	name, "SDM 1 §13.3", "XCR0 takes this value"
	needs	"xsave"
	needs	%2
	ring0
	mov	ecx, 0
	request	%1
	xsetbv
	mov	eax, -1
	mov	edx, -1
	xgetbv
	after	text
%endmacro
	xcr0_takes 0x1, ""
	xcr0_takes 0x3, ""
	xcr0_takes 0x7, "avx"
	xcr0_takes 0xe7, "avx512f"
	xcr0_takes 0x1b, "mpx"
	xcr0_takes 0x19, "mpx"
	xcr0_takes 0x1f, "mpx avx"
	xcr0_takes 0x203, "pku"
	xcr0_takes 0x201, "pku"
	xcr0_takes 0x207, "pku avx"
	xcr0_takes 0x2e7, "pku avx512f"

%macro xcr0_refuses 4-5 0 ; name, value, needs, why; upper half
	%strcat name "xsave.xcr0.refuses.", %1
	%xdefine text %strcat("eax=", HEX8(%2), " edx=", HEX8(%5), " ecx=0")
case	name, "SDM 2D, XSETBV", %4
	needs	"xsave"
	needs	%3
	ring0
	mov	ecx, 0
	request	%2, %5
	mark	bad
	xsetbv
	ends	"#GP(0)@bad"
	after	text
%endmacro
	xcr0_refuses "0", 0, "", "x87 cannot be disabled"
	xcr0_refuses "2", 2, "", "x87 cannot be disabled"
	xcr0_refuses "6", 6, "avx", "x87 cannot be disabled"
	xcr0_refuses "e6", 0xe6, "avx512f", "x87 cannot be disabled"
	xcr0_refuses "5", 5, "avx", "AVX without SSE"
	xcr0_refuses "e5", 0xe5, "avx512f", "AVX without SSE"
	xcr0_refuses "e3", 0xe3, "avx512f", "AVX-512 without AVX"
	xcr0_refuses "e1", 0xe1, "avx512f", "AVX-512 without SSE and AVX"
	xcr0_refuses "27", 0x27, "avx512f", "opmasks alone of AVX-512"
	xcr0_refuses "47", 0x47, "avx512f", "ZMM_Hi256 alone of AVX-512"
	xcr0_refuses "87", 0x87, "avx512f", "Hi16_ZMM alone of AVX-512"
	xcr0_refuses "67", 0x67, "avx512f", "AVX-512 without Hi16_ZMM"
	xcr0_refuses "a7", 0xa7, "avx512f", "AVX-512 without ZMM_Hi256"
	xcr0_refuses "c7", 0xc7, "avx512f", "AVX-512 without opmasks"
	xcr0_refuses "b", 0xb, "mpx", "BNDREGS without BNDCSR"
	xcr0_refuses "13", 0x13, "mpx", "BNDCSR without BNDREGS"
	xcr0_refuses "no_avx", 7, "!avx", "AVX that the CPU does not have"
	xcr0_refuses "no_mpx", 0x1b, "!mpx", "MPX that the CPU does not have"
	xcr0_refuses "no_avx512", 0xe7, "!avx512f", "AVX-512 that the CPU does not have"
	xcr0_refuses "no_pku", 0x203, "!pku", "PKRU that the CPU does not have"
	xcr0_refuses "no_amx", 0x60003, "!amx", "AMX that the CPU does not have"
	xcr0_refuses "20003", 0x20003, "", "XTILECFG without XTILEDATA"
	xcr0_refuses "40003", 0x40003, "", "XTILEDATA without XTILECFG"
	xcr0_refuses "all", 0xffffffff, "", "reserved bits", 0xffffffff
%assign n 8
%rep 56
	%if n != 9 && n != 17 && n != 18 && n != 19 && n != 62
	%xdefine which %strcat("bit", DEC(n))
	%if n < 32
	xcr0_refuses which, 3 | 1 << n, "", "a bit that stands for no user component"
	%else
	xcr0_refuses which, 3, "", "a bit that stands for no user component", 1 << (n - 32)
	%endif
	%endif
	%assign n n + 1
%endrep

%macro xsetbv_refuses 1
	%strcat name "xsave.xsetbv.refuses.", HEX(%1)
	%xdefine text %strcat("eax=3 edx=0 ecx=", HEX(%1))
case	name, "SDM 2D, XSETBV", "XSETBV of a register that is not there: #GP(0)"
	needs	"xsave"
	ring0
	mov	ecx, %1
	request	3
	mark	bad
	xsetbv
	ends	"#GP(0)@bad"
	after	text
%endmacro
	xsetbv_refuses 1
	xsetbv_refuses 2
	xsetbv_refuses 0x80000000
	xsetbv_refuses 0xffffffff

case	"xsave.xsetbv.ring3", "SDM 2D, XSETBV", "XSETBV outside ring 0: #GP(0)"
	needs	"xsave"
	mov	ecx, 0
	request	3
	mark	bad
	xsetbv
	ends	"#GP(0)@bad"
	after	"eax=3 edx=0 ecx=0"

; --- what XCR0 and CR4.OSXSAVE let through ---
%macro with_xcr0 5 ; name, needs, XCR0, instruction, why
	%strcat name "xsave.xcr0.disabled.", %1
case	name, "SDM 1 §13.3", %5
	needs	"xsave"
	needs	%2
	ring0
	mov	ecx, 0
	request	%3
	xsetbv
	same_registers
	mark	bad
	%4
	ends	"#UD@bad"
	after	SAME_FLAGS
%endmacro
	with_xcr0 "avx", "avx", 3, {vmovaps ymm0, ymm1}, "AVX that XCR0 does not have: #UD"
	with_xcr0 "vex128", "avx", 3, {vmovaps xmm0, xmm1}, "VEX-encoded SSE without AVX in XCR0: #UD"
	with_xcr0 "vex128_x87", "avx", 1, {vmovaps xmm0, xmm1}, "VEX-encoded SSE without SSE in XCR0: #UD"
	with_xcr0 "vzeroupper", "avx", 3, {vzeroupper}, "VZEROUPPER without AVX in XCR0: #UD"
	with_xcr0 "evex", "avx512f", 7, {vmovdqa32 zmm0, zmm1}, "AVX-512 that XCR0 does not have: #UD"
	with_xcr0 "kmov", "avx512f", 7, {kmovw k0, k1}, "opmasks that XCR0 does not have: #UD"

; SSE itself does not depend on XCR0 (SDM 1 §13.5.2).
case	"xsave.xcr0.sse_works", "SDM 1 §13.5.2", "SSE works though XCR0 does not have it"
	needs	"xsave"
	ring0
	before	XMM_DISTINCT
	mov	ecx, 0
	request	1
	xsetbv
	same_registers
	movaps	xmm0, xmm1
	after	SAME_FLAGS
	after	"XMM0=1f1e1d1c1b1a1918_1716151413121110"

; XCR0[1] clear: SSE is not saved though it is requested.
case	"xsave.xcr0.sse_not_saved", "SDM 1 §13.7", "XSAVE obeys XCR0"
	needs	"xsave"
	ring0
	before	IN_USE_SSE
	before	FILLED
	mov	ecx, 0
	request	1
	xsetbv
	request	3
	xsave	[AREA]
	after	"eax=3 edx=0 ecx=0"
	after	X87_SAVED
	after	BV(1)

%macro osxsave_clear 3 ; name, needs, instruction
	%strcat name "xsave.osxsave_clear.", %1
case	name, "SDM 1 §13.3", "with CR4.OSXSAVE clear: #UD"
	needs	"xsave"
	needs	%2
	ring0
	mov	eax, cr4
	and	eax, ~(1 << 18)
	mov	cr4, eax
	same_registers
	mov	ecx, 0
	request	3
	mark	bad
	%3
	ends	"#UD@bad"
	after	SAME_FLAGS
	after	"eax=3 ecx=0 edx=0"
%endmacro
	osxsave_clear "xsave", "", {xsave [AREA]}
	osxsave_clear "xsaveopt", "xsaveopt", {xsaveopt [AREA]}
	osxsave_clear "xsavec", "xsavec", {xsavec [AREA]}
	osxsave_clear "xrstor", "", {xrstor [AREA]}
	osxsave_clear "xgetbv", "", {xgetbv}
	osxsave_clear "xsetbv", "", {xsetbv}
	osxsave_clear "misaligned", "", {xsave [AREA + 1]}
	osxsave_clear "vex", "avx", {vmovaps ymm0, ymm1}

case	"xsave.osxsave_clear.cpuid", "SDM 1 §13.2", "CPUID says that XSAVE is not enabled"
	needs	"xsave"
	ring0
	mov	eax, cr4
	and	eax, ~(1 << 18)
	mov	cr4, eax
	mov	eax, 1
	cpuid
	and	ecx, 1 << 27
	mov	[DATA], ecx
	same_registers
	after	SAME_FLAGS

; A CPU without them
%macro absent 3
	%strcat name "xsave.absent.", %1
case	name, "SDM 3 §6.15, vector 6", "a CPU without the instruction raises #UD"
	needs	%2
	mark	bad
	%3
	ends	"#UD@bad"
%endmacro
	absent "xsave", "!xsave", {xsave [AREA]}
	absent "xrstor", "!xsave", {xrstor [AREA]}
	absent "xgetbv", "!xsave", {xgetbv}
	absent "xsaveopt", "!xsaveopt", {xsaveopt [AREA]}
	absent "xsavec", "!xsavec", {xsavec [AREA]}

; --- CPUID leaf 0DH (SDM 1 §13.2) ---
;
; The size of what is enabled (EBX) follows XCR0; of x87 and SSE it is 576.
%macro cpuid_size 4 ; name, XCR0, needs, its last component beyond SSE (0: none)
	%strcat name "xsave.cpuid.size.", %1
case	name, "SDM 1 §13.2", "CPUID gives the size of what XCR0 enables"
	needs	"xsave"
	needs	%3
	ring0
	mov	ecx, 0
	request	%2
	xsetbv
	%if %4
	find	%4
	add	ebx, eax
	%else
	mov	ebx, 576
	%endif
	mov	esi, ebx
	mov	eax, 0xd
	mov	ecx, 0
	cpuid
	sub	ebx, esi
	mov	[DATA], ebx
	same_registers
	after	SAME_FLAGS
%endmacro
	cpuid_size "x87", 1, "", 0
	cpuid_size "sse", 3, "", 0
	cpuid_size "avx", 7, "avx", 2
	cpuid_size "avx512", 0xe7, "avx512f", 7
	cpuid_size "pkru", 0x203, "pku", 9
	cpuid_size "mpx", 0x1b, "mpx", 4

; Sizes of components: the same on all CPUs (SDM 1 §13.5).
%macro cpuid_component 4 ; name, number, needs, size
	%strcat name "xsave.cpuid.component.", %1
	%xdefine text %strcat("[0]=", HEX8(%4), " [4]=00000000")
case	name, "SDM 1 §13.5", "a component has the size that the manual says, and is the user's"
	needs	"xsave"
	needs	%3
	nostep
	point
	find	%2
	mov	[DATA], eax
	and	ecx, 1
	mov	[DATA + 4], ecx
	same_registers
	after	SAME_FLAGS
	after	text
%endmacro
	cpuid_component "avx", 2, "avx", 256
	cpuid_component "bndregs", 3, "mpx", 64
	cpuid_component "bndcsr", 4, "mpx", 64
	cpuid_component "opmask", 5, "avx512f", 64
	cpuid_component "zmm_hi256", 6, "avx512f", 512
	cpuid_component "hi16_zmm", 7, "avx512f", 1024
	cpuid_component "pkru", 9, "pku", 8

case	"xsave.cpuid.avx_offset", "SDM 1 §13.5.3", "AVX state begins at 576"
	needs	"avx xsave"
	nostep
	point
	find	2
	mov	[DATA], ebx
	same_registers
	after	SAME_FLAGS
	after	"[0]=00000240"

; A loop over all components. EBP: XCR0 bits that can be, low half; EDI: high; ESI: the component. The body gets
; EAX, EBX, ECX of its subleaf, and may not change ESI, EDI, EBP. It jumps to .wrong with something to tell in EAX.
%macro all_components 0
	mov	eax, 0xd
	mov	ecx, 0
	cpuid
	mov	ebp, eax
	mov	edi, edx
	mov	esi, 2
.next:	mov	eax, 0xd
	mov	ecx, esi
	cpuid
%endmacro

%macro end_components 0
.good:	inc	esi
	cmp	esi, 63
	jb	.next
	mov	esi, 0
.wrong:	mov	[DATA], esi
	point
	same_registers
	after	SAME_FLAGS
%endmacro

; supported: CF is 1 where the user component ESI is one that XCR0 can have
%macro supported 0
	cmp	esi, 32
	jae	%%high
	bt	ebp, esi
	jmp	%%known
%%high:	bt	edi, esi
%%known:
%endmacro

case	"xsave.cpuid.described", "SDM 1 §13.2", "each user component has a size and a place behind the header"
	needs	"xsave"
	nostep
	all_components
	supported
	jnc	.good
	test	eax, eax
	jz	.wrong
	test	ecx, 1
	jnz	.wrong
	cmp	ebx, 576
	jb	.wrong
	end_components

; Supervisor components (IA32_XSS, subleaf 1) are described, too; all others are zeros.
case	"xsave.cpuid.unknown", "SDM 1 §13.2", "a component that is not there is all zeros"
	needs	"xsave"
	nostep
	all_components
	supported
	jc	.good
	test	ecx, 1
	jnz	.good
	or	eax, ebx
	or	eax, ecx
	or	eax, edx
	jnz	.wrong
	end_components

case	"xsave.cpuid.fits", "SDM 1 §13.2", "each user component ends within the size of all"
	needs	"xsave"
	nostep
	all_components
	supported
	jnc	.good
	add	ebx, eax
	push	ebx
	mov	eax, 0xd
	mov	ecx, 0
	cpuid
	pop	ebx
	cmp	ecx, ebx
	jb	.wrong
	end_components
	after	"[1ff0:10]=?"

case	"xsave.cpuid.apart", "SDM 1 §13.4.3", "no two components overlap in the standard form"
	needs	"xsave"
	nostep
	all_components
	supported
	jnc	.good
	mov	[DATA + 0x100 + esi * 8], ebx		; (the places stay 0 where there is no component)
	add	eax, ebx
	mov	[DATA + 0x104 + esi * 8], eax
	mov	ecx, 2
.other:	cmp	ecx, esi
	jae	.good
	cmp	eax, [DATA + 0x100 + ecx * 8]		; ends before the other begins
	jbe	.apart
	cmp	ebx, [DATA + 0x104 + ecx * 8]		; or begins behind its end
	jb	.wrong
.apart:	inc	ecx
	jmp	.other
	end_components
	after	"[100:200]=?"

case	"xsave.cpuid.sizes", "SDM 1 §13.2", "the size of what is enabled is not above that of all, and not below 576"
	needs	"xsave"
	nostep
	mov	eax, 0xd
	mov	ecx, 0
	point
	cpuid
	cmp	ecx, ebx
	setae	[DATA]
	cmp	ebx, 576
	setae	[DATA + 1]
	same_registers
	after	SAME_FLAGS
	after	"[0]=0101"

; The enabled size is the end of the last component that is enabled.
case	"xsave.cpuid.enabled", "SDM 1 §13.2", "the size of what is enabled is the end of its last component"
	needs	"xsave"
	nostep
	mov	dword [DATA + 0x10], 576
	mov	ecx, 0
	xgetbv
	mov	[DATA + 0x14], eax
	all_components
	cmp	esi, 32
	jae	.good
	bt	[DATA + 0x14], esi
	jnc	.good
	add	ebx, eax
	cmp	[DATA + 0x10], ebx
	jae	.good
	mov	[DATA + 0x10], ebx
.good:	inc	esi
	cmp	esi, 63
	jb	.next
	mov	eax, 0xd
	mov	ecx, 0
	cpuid
	sub	ebx, [DATA + 0x10]
	mov	[DATA], ebx
	mov	dword [DATA + 0x10], 0
	mov	dword [DATA + 0x14], 0
	point
	same_registers
	after	SAME_FLAGS

; The size of the compacted form follows from sizes and alignment bits. Supervisor components are in it where IA32_XSS has
; them, which ring 3 cannot know: between without and with all of them. EBP: the size of user components; EDI: of all.
%macro behind 1 ; %1 becomes the end of the component that EAX and ECX of its subleaf describe
	test	ecx, 2			; aligned to 64
	jz	%%packed
	add	%1, 63
	and	%1, ~63
%%packed: add	%1, eax
%endmacro

case	"xsave.cpuid.compacted", "SDM 1 §13.2", "the size that XSAVES needs: component behind component, aligned where CPUID says so"
	needs	"xsaves"
	nostep
	mov	ecx, 0
	xgetbv
	mov	[DATA + 0x10], eax
	mov	ebp, 576
	mov	edi, 576
	mov	esi, 2
.next:	mov	eax, 0xd
	mov	ecx, esi
	cpuid
	bt	[DATA + 0x10], esi
	jnc	.supervisor
	behind	ebp
	jmp	.user
.supervisor: test ecx, 1
	jz	.after
.user:	behind	edi
.after:	inc	esi
	cmp	esi, 32
	jb	.next
	mov	eax, 0xd
	mov	ecx, 1
	cpuid
	cmp	ebx, ebp
	setae	[DATA]
	cmp	ebx, edi
	setbe	[DATA + 1]
	mov	dword [DATA + 0x10], 0
	point
	same_registers
	after	SAME_FLAGS
	after	"[0]=0101"

; XCR0 bits have a feature behind them.
%macro backed 4 ; name, bits of XCR0, instructions that leave the feature's bit in ZF (0: it is there), its name
	%strcat name "xsave.cpuid.backed.", %1
case	name, "SDM 1 §13.1", "what XCR0 can have belongs to a feature that is there"
	needs	"xsave"
	nostep
	mov	eax, 0xd
	mov	ecx, 0
	point
	cpuid
	and	eax, %2
	mov	esi, eax
	mov	eax, %3
	mov	ecx, 0
	cpuid
	test	%4
	jnz	.there
	mov	[DATA], esi			; bits without a feature
.there:	same_registers
	after	SAME_FLAGS
%endmacro
%define BIT(n) (1 << (n))
	backed "avx", BIT(2), 1, {ecx, BIT(28)}
	backed "mpx", BIT(3) | BIT(4), 7, {ebx, BIT(14)}
	backed "avx512", BIT(5) | BIT(6) | BIT(7), 7, {ebx, BIT(16)}
	backed "pkru", BIT(9), 7, {ecx, BIT(3)}
	backed "amx", BIT(17) | BIT(18), 7, {edx, BIT(24)}

end_cases
