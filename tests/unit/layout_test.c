/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Every size and offset of the format, against numbers typed from docs/FORMAT.md §1. The headers assert the same when
 * they are compiled; this test also compares with what the writer puts into a file, byte by byte.
 */
#include "samples.h"
#include "tap.h"

static void test_sizes(void)
{
	is_number(sizeof(struct cr_hdr), 8, "cr_hdr has 8 bytes");
	is_number(sizeof(struct cr_hdr_head), 224, "HEAD has 224 bytes");
	is_number(sizeof(struct cr_hdr_task), 24, "TASK has 24 bytes");
	is_number(sizeof(struct cr_hdr_thread), 8, "THREAD has 8 bytes");
	is_number(sizeof(struct cr_hdr_cpu), 784, "CPU has 784 bytes");
	is_number(sizeof(struct cr_hdr_tail), 8, "TAIL has 8 bytes");
	is_number(sizeof(struct cr_hdr_mm), 96, "MM has 96 bytes");
	is_number(sizeof(struct cr_hdr_vma), 48, "VMA has 48 bytes");
	is_number(sizeof(struct cr_hdr_pgarr), 8, "PGARR has 8 bytes");
	is_number(sizeof(struct cr_hdr_mm_context), 8, "MM_CONTEXT has 8 bytes");
	is_number(sizeof(struct cr_hdr_signal), 2608, "SIGNAL has 2608 bytes");
	is_number(sizeof(struct cr_hdr_xstate), 8, "XSTATE has 8 bytes before the component's");
}

static void test_types(void)
{
	is_number(CR_HDR_HEAD, 1, "HEAD is type 1");
	is_number(CR_HDR_STRING, 2, "STRING is type 2");
	is_number(CR_HDR_FNAME, 3, "FNAME is type 3");
	is_number(CR_HDR_TASK, 101, "TASK is type 101");
	is_number(CR_HDR_THREAD, 102, "THREAD is type 102");
	is_number(CR_HDR_CPU, 103, "CPU is type 103");
	is_number(CR_HDR_MM, 201, "MM is type 201");
	is_number(CR_HDR_VMA, 202, "VMA is type 202");
	is_number(CR_HDR_PGARR, 203, "PGARR is type 203");
	is_number(CR_HDR_MM_CONTEXT, 204, "MM_CONTEXT is type 204");
	is_number(CR_HDR_FILES, 301, "FILES is type 301");
	is_number(CR_HDR_FD_ENT, 302, "FD_ENT is type 302");
	is_number(CR_HDR_FD_DATA, 303, "FD_DATA is type 303");
	is_number(CR_HDR_TAIL, 5001, "TAIL is type 5001");
	is_number(CR_HDR_XSTATE, 8601, "XSTATE is type 8601");
	is_number(CR_HDR_SIGNAL, 8602, "SIGNAL is type 8602");
	is_number(CR_VMA_ANON, 1, "anonymous memory is VMA type 1");
	is_number(CR_VMA_FILE, 2, "a mapped file is VMA type 2");
}

#define AT(type, field, offset) is_number(offsetof(struct type, field), offset, #type "." #field " is at " #offset)

static void test_small_records(void)
{
	AT(cr_hdr, type, 0);
	AT(cr_hdr, len, 2);
	AT(cr_hdr, parent, 4);
	AT(cr_hdr_head, magic, 0);
	AT(cr_hdr_head, major, 8);
	AT(cr_hdr_head, minor, 10);
	AT(cr_hdr_head, patch, 12);
	AT(cr_hdr_head, rev, 14);
	AT(cr_hdr_head, time, 16);
	AT(cr_hdr_head, flags, 24);
	AT(cr_hdr_head, release, 32);
	AT(cr_hdr_head, version, 96);
	AT(cr_hdr_head, machine, 160);
	AT(cr_hdr_task, state, 0);
	AT(cr_hdr_task, exit_state, 4);
	AT(cr_hdr_task, exit_code, 8);
	AT(cr_hdr_task, exit_signal, 12);
	AT(cr_hdr_task, task_comm_len, 16);
	AT(cr_hdr_thread, gdt_entry_tls_entries, 0);
	AT(cr_hdr_thread, sizeof_tls_array, 2);
	AT(cr_hdr_thread, ntls, 4);
	AT(cr_hdr_tail, magic, 0);
	AT(cr_hdr_xstate, component, 0);
	AT(cr_hdr_xstate, size, 4);
}

static void test_memory_records(void)
{
	AT(cr_hdr_mm, objref, 0);
	AT(cr_hdr_mm, map_count, 4);
	AT(cr_hdr_mm, start_code, 8);
	AT(cr_hdr_mm, end_code, 16);
	AT(cr_hdr_mm, start_data, 24);
	AT(cr_hdr_mm, end_data, 32);
	AT(cr_hdr_mm, start_brk, 40);
	AT(cr_hdr_mm, brk, 48);
	AT(cr_hdr_mm, start_stack, 56);
	AT(cr_hdr_mm, arg_start, 64);
	AT(cr_hdr_mm, arg_end, 72);
	AT(cr_hdr_mm, env_start, 80);
	AT(cr_hdr_mm, env_end, 88);
	AT(cr_hdr_vma, vma_type, 0);
	AT(cr_hdr_vma, vm_start, 8);
	AT(cr_hdr_vma, vm_end, 16);
	AT(cr_hdr_vma, vm_page_prot, 24);
	AT(cr_hdr_vma, vm_flags, 32);
	AT(cr_hdr_vma, vm_pgoff, 40);
	AT(cr_hdr_pgarr, nr_pages, 0);
	AT(cr_hdr_mm_context, ldt_entry_size, 0);
	AT(cr_hdr_mm_context, nldt, 2);
	AT(cr_hdr_files, objref, 0);
	AT(cr_hdr_files, nfds, 4);
	AT(cr_hdr_fd_ent, objref, 0);
	AT(cr_hdr_fd_ent, fd, 4);
	AT(cr_hdr_fd_ent, close_on_exec, 8);
	AT(cr_hdr_fd_data, fd_type, 0);
	AT(cr_hdr_fd_data, f_mode, 2);
	AT(cr_hdr_fd_data, f_flags, 4);
	AT(cr_hdr_fd_data, f_pos, 8);
	AT(cr_hdr_fd_data, f_version, 16);
}

static void test_cpu(void)
{
	AT(cr_hdr_cpu, r15, 0);
	AT(cr_hdr_cpu, r14, 8);
	AT(cr_hdr_cpu, r13, 16);
	AT(cr_hdr_cpu, r12, 24);
	AT(cr_hdr_cpu, bp, 32);
	AT(cr_hdr_cpu, bx, 40);
	AT(cr_hdr_cpu, r11, 48);
	AT(cr_hdr_cpu, r10, 56);
	AT(cr_hdr_cpu, r9, 64);
	AT(cr_hdr_cpu, r8, 72);
	AT(cr_hdr_cpu, ax, 80);
	AT(cr_hdr_cpu, cx, 88);
	AT(cr_hdr_cpu, dx, 96);
	AT(cr_hdr_cpu, si, 104);
	AT(cr_hdr_cpu, di, 112);
	AT(cr_hdr_cpu, orig_ax, 120);
	AT(cr_hdr_cpu, ip, 128);
	AT(cr_hdr_cpu, cs, 136);
	AT(cr_hdr_cpu, flags, 144);
	AT(cr_hdr_cpu, sp, 152);
	AT(cr_hdr_cpu, ss, 160);
	AT(cr_hdr_cpu, ds, 168);
	AT(cr_hdr_cpu, es, 176);
	AT(cr_hdr_cpu, fs, 184);
	AT(cr_hdr_cpu, gs, 192);
	AT(cr_hdr_cpu, debugreg0, 200);
	AT(cr_hdr_cpu, debugreg1, 208);
	AT(cr_hdr_cpu, debugreg2, 216);
	AT(cr_hdr_cpu, debugreg3, 224);
	AT(cr_hdr_cpu, debugreg4, 232);
	AT(cr_hdr_cpu, debugreg5, 240);
	AT(cr_hdr_cpu, debugreg6, 248);
	AT(cr_hdr_cpu, debugreg7, 256);
	AT(cr_hdr_cpu, uses_debug, 264);
	AT(cr_hdr_cpu, used_math, 266);
	AT(cr_hdr_cpu, has_fxsr, 268);
	AT(cr_hdr_cpu, _padding, 270);
	AT(cr_hdr_cpu, xstate, 272);
}

/* --- The file --- */

/* The bytes at `at`, in hexadecimal: what a hex dump of the file shows. */
static void bytes_at(const struct buffer *b, u32 at, const char *hex, const char *what)
{
	char got[128] = "";

	for (u32 n = 0; n < strlen(hex) / 2 && at + n < b->size; n++)
		sprintf(got + 2 * n, "%02x", b->data[at + n]);
	is_text(got, hex, what);
}

static void test_registers_file(void)
{
	struct sample s = sample_registers();
	struct buffer b = sample_write(&s);

	is_number(b.size, 1136, "registers only: 1136 bytes");
	bytes_at(&b, 0, "0100e00000000000", "HEAD's cr_hdr at 0");
	bytes_at(&b, 8, "00d2a2c00cedfe00", "HEAD's magic at 8");
	bytes_at(&b, 22, "0100", "HEAD.rev at 22: 1");
	bytes_at(&b, 24, "80a5cd4800000000", "HEAD.time at 24");
	bytes_at(&b, 32, "0100000000000000", "HEAD.flags at 32");
	bytes_at(&b, 168, "6936383600", "HEAD.machine at 168: i686");
	bytes_at(&b, 232, "6500180000000000", "TASK's cr_hdr at 232");
	bytes_at(&b, 256, "1000000000000000", "TASK.task_comm_len at 256, padding 0");
	bytes_at(&b, 264, "0200100000000000", "STRING's cr_hdr at 264");
	bytes_at(&b, 272, "74726176656c6c657200000000000000", "the name at 272, zero-filled");
	bytes_at(&b, 288, "6600080007000000", "THREAD's cr_hdr at 288, parent 7");
	bytes_at(&b, 296, "0300180002000000", "THREAD at 296: 3 entries, 24 bytes, 2 in use");
	bytes_at(&b, 304, "ff0f00a004f34008", "the first TLS descriptor at 304");
	bytes_at(&b, 320, "0000000000000000", "the third TLS descriptor at 320, not in use");
	bytes_at(&b, 328, "6700100307000000", "CPU's cr_hdr at 328, parent 7");
	bytes_at(&b, 416, "a0a0a0a000000000", "CPU.ax at 416");
	bytes_at(&b, 600, "0100010001000000", "CPU.uses_debug, used_math, has_fxsr at 600");
	bytes_at(&b, 608, "7f0f00388100d905", "the FXSAVE image at 608: FCW FSW FTW FOP");
	bytes_at(&b, 632, "c07f000000000000", "MXCSR at 632, MXCSR_MASK 0");
	bytes_at(&b, 1120, "8913080000000000", "TAIL's cr_hdr at 1120");
	bytes_at(&b, 1128, "00efdec00c2a2d00", "TAIL's magic at 1128");
	buffer_free(&b);
}

static void test_xstate_file(void)
{
	struct sample s = sample_xstate();
	struct buffer b = sample_write(&s);

	is_number(b.size, 1136 + 16 + 256 + 16 + 64 + 16 + 8, "XSTATE records stand between CPU and TAIL");
	bytes_at(&b, 22, "5600", "HEAD.rev at 22: 86");
	bytes_at(&b, 1120, "9921080107000000", "XSTATE's cr_hdr at 1120, parent 7");
	bytes_at(&b, 1128, "0200000000010000", "component 2 (AVX), 256 bytes");
	bytes_at(&b, 1136, "02030405", "and the component's bytes at 1136");
	bytes_at(&b, b.size - 40, "99211000070000000900000008000000", "the last: component 9 (PKRU), 8 bytes");
	buffer_free(&b);
}

static void test_signal_file(void)
{
	struct sample s = sample_signal();
	struct buffer b = sample_write(&s);

	is_number(b.size, 1136 + 8 + 2608, "a SIGNAL record stands between CPU and TAIL");
	bytes_at(&b, 22, "5600", "HEAD.rev at 22: 86");
	bytes_at(&b, 1120, "9a21300a07000000", "SIGNAL's cr_hdr at 1120, parent 7");
	bytes_at(&b, 1128,
		 "0008000000000000"
		 "0002000000000000",
		 "blocked and pending");
	bytes_at(&b, 1144,
		 "00b0040800000000"
		 "0020000000000000",
		 "the alternate stack");
	bytes_at(&b, 1160,
		 "1000000000000000"
		 "0e00000006000000",
		 "cr2, trap_nr, error_code");
	bytes_at(&b, 1176 + 9 * 32,
		 "0082040800000000"
		 "0083040800000000"
		 "0000000001000000"
		 "0400000c00000000",
		 "SIGUSR1's action");
	bytes_at(&b, 1128 + 2096 + 9 * 8, "faffffff03000000", "and where it is pending from");
	buffer_free(&b);
}

static void test_memory_file(void)
{
	struct sample s = sample_memory();
	struct buffer b = sample_write(&s);
	u32 at = 288; /* after STRING */

	bytes_at(&b, at,
		 "c900600000000000"
		 "0000000003000000",
		 "MM at 288: map_count 3");
	at += 8 + 96;
	bytes_at(&b, at,
		 "ca00300000000000"
		 "0100000000000000"
		 "0080040800000000"
		 "0090040800000000",
		 "the first VMA");
	at += 8 + 48;
	bytes_at(&b, at,
		 "cb00080000000000"
		 "0100000000000000"
		 "00800408",
		 "PGARR: one page, its address in 4 bytes");
	at += 16 + 4 + 4096;
	bytes_at(&b, at,
		 "cb00080000000000"
		 "0000000000000000",
		 "PGARR of no pages ends the VMA");
	at += 16 + 56 + 16 + 8 + 2 * 4096 + 16;
	bytes_at(&b, at,
		 "ca00300000000000"
		 "0100000000000000"
		 "0000ffbf00000000"
		 "000000c000000000",
		 "the third VMA");
	at += 56 + 16;
	bytes_at(&b, at,
		 "cc00080000000000"
		 "0800030000000000",
		 "MM_CONTEXT: 3 descriptors of 8 bytes");
	bytes_at(&b, at + 16 + 16, "ff0f000000f34000", "the third LDT descriptor");
	at += 16 + 24;
	bytes_at(&b, at,
		 "2d01080000000000"
		 "0000000002000000",
		 "then FILES: 2 descriptors");
	at += 16;
	bytes_at(&b, at,
		 "2e01100000000000"
		 "0100000001000000"
		 "0000000000000000",
		 "FD_ENT: file 1 is descriptor 1");
	at += 24;
	bytes_at(&b, at,
		 "2f01180000000000"
		 "0100020001000000"
		 "0c00000000000000"
		 "0000000000000000",
		 "FD_DATA: a file, to be written, at 12");
	at += 32;
	bytes_at(&b, at,
		 "03000d0000000000"
		 "2f6465762f636f6e736f6c6500",
		 "FNAME: /dev/console and a NUL");
	at += 8 + 13;
	bytes_at(&b, at, "2e01100000000000", "the next FD_ENT, without a gap");
	at += 24 + 32 + 8 + 18;
	bytes_at(&b, at, "6600080007000000", "then THREAD");
	buffer_free(&b);
}

int main(void)
{
	test_sizes();
	test_types();
	test_small_records();
	test_memory_records();
	test_cpu();
	is_number(CR_HEADER_MAGIC, 0x00feed0cc0a2d200, "HEAD's magic");
	is_number(CR_TRAILER_MAGIC, 0x002d2a0cc0deef00, "TAIL's magic");
	test_registers_file();
	test_xstate_file();
	test_signal_file();
	test_memory_file();
	return done_testing();
}
