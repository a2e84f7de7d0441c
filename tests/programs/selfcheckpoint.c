/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A program that checkpoints itself and restarts from the image: once from one with registers only, where memory
 * stays as it is, and once from one with memory, where it does not. Between the two every register is overwritten.
 * Then the ways in which both system calls refuse.
 */
#include "program.h"
#include "checkpoint_hdr.h"
#include "printf.h"
#include "support_checkpoint.h"

#define AREA_SIZE 64

/* Tells memory as it was at the checkpoint from memory as the restart found it: a word in .data, one on the stack. */
#define AT_CHECKPOINT  0x600dda7a
#define BEFORE_RESTART 0x0ddda7a5
static volatile u32 witness;
static volatile u32 *stack_witness;

static u8 areas[2][AREA_SIZE]; /* for a TLS slot: before and after the checkpoint */
static const char *image_path;

/* The two images; the process's id keeps instances of this program apart. */
#define PATH_SIZE 48
static char registers_path[PATH_SIZE], memory_path[PATH_SIZE];
static u32 bytes; /* of a vector register */
static u32 tls_entry;

/* All registers that are not in `struct registers`. */
struct other_registers {
	struct fsave fpu;
	u8 vector[8][32]; /* YMM, or XMM as its first half */
	u32 mxcsr;
	u32 gs;
	u32 dr0, dr7;
};

static void set_tls(u8 *area)
{
	struct user_desc segment = {
		.entry_number = tls_entry, .base_addr = address(area), .limit = AREA_SIZE - 1, .seg_32bit = 1};

	check("set_thread_area", 0, (u32)set_thread_area(&segment));
	tls_entry = segment.entry_number;
	load_gs(SELECTOR(tls_entry, 3));
}

/* gs:0 reads the area's first byte, by which the two areas differ. */
static void set_other_registers(struct other_registers *registers)
{
	registers->mxcsr = MXCSR_MASKS | MXCSR_RC_ZERO | MXCSR_FTZ;
	if (cpu_has_fpu()) {
		fpu_unusual(&registers->fpu, seed());
		fpu_load(&registers->fpu);
	}
	if (bytes) {
		fill(registers->vector, sizeof(registers->vector), seed());
		mxcsr_load(registers->mxcsr);
		vectors_load(bytes, registers->vector);
	}
	areas[0][0] = 0;
	areas[1][0] = 1;
	set_tls(areas[0]);
	registers->gs = read_gs();
	registers->dr0 = address(&areas[1][AREA_SIZE / 2]);
	registers->dr7 = dr7_enable(0, DR_RW_WRITE, 1);
	check("set DR0", 0, (u32)debug_write(0, registers->dr0));
	check("set DR7", 0, (u32)debug_write(DR7, registers->dr7));
}

static void check_other_registers(const char *when, const struct other_registers *expected)
{
	struct other_registers found;

	if (cpu_has_fpu()) {
		fpu_store(&found.fpu);
		check_fpu(when, &expected->fpu, &found.fpu);
	}
	if (bytes) {
		vectors_store(bytes, found.vector);
		check(text("%s, MXCSR", when), expected->mxcsr, mxcsr_store());
		for (u32 i = 0; i < 8; i++)
			check_bytes(text("%s, %cMM%u", when, bytes == 32 ? 'Y' : 'X', i), expected->vector[i],
				    found.vector[i], bytes);
	}
	check(text("%s, gs", when), expected->gs, read_gs());
	check(text("%s, byte at gs:0", when), 0, load_byte_gs(0));
	check(text("%s, DR0", when), expected->dr0, debug_read(0));
	check(text("%s, DR7", when), expected->dr7, debug_read(DR7));
}

static void scribble(void)
{
	static const u8 zeros[8][32];

	if (cpu_has_fpu())
		asm volatile("fninit");
	if (bytes) {
		mxcsr_load(MXCSR_INIT);
		vectors_load(bytes, zeros);
	}
	set_tls(areas[1]);
	load_gs(0);
	debug_write(DR7, 0);
	debug_write(0, 0);
	live_through_switches();
}

s32 checkpoint_taken(s32 id)
{
	s32 fd = open(image_path, O_RDONLY);

	check_that("the image can be opened for reading", fd >= 0);
	witness = BEFORE_RESTART;
	*stack_witness = BEFORE_RESTART;
	scribble();
	return restart((u32)id, fd, 0);
}

/* The registers at INT 80H: arguments where they belong, patterns everywhere else, ESP included. */
static struct registers arguments(s32 fd, u32 flags)
{
	struct registers registers;

	fill(&registers, sizeof(registers), seed());
	registers.eax = SYS_CHECKPOINT;
	registers.ebx = 0; /* the pid: oneself */
	registers.ecx = (u32)fd;
	registers.edx = 0; /* checkpoint's flags */
	registers.eflags = EFLAGS_USER_ALWAYS | flags;
	return registers;
}

static void test_round_trip(const char *path, bool with_memory, u32 flags)
{
	s32 fd = open(path, O_WRONLY | O_CREAT);
	struct registers expected = arguments(fd, flags);
	struct other_registers others = {.mxcsr = MXCSR_INIT};
	volatile u32 on_stack = AT_CHECKPOINT;

	if (!check_that("the image can be opened for writing", fd >= 0))
		return;
	image_path = path;
	witness = AT_CHECKPOINT;
	stack_witness = &on_stack;
	set_other_registers(&others);
	checkpoint_registers = expected;
	checkpoint_returns = 0;
	if (!check("checkpoint and restart", 0, (u32)checkpoint_self()))
		return;
	expected.eax = 0;
	check_registers(path, &expected, &checkpoint_registers);
	check_other_registers(path, &others);
	check("returns counted in memory", with_memory ? 1 : 2, checkpoint_returns);
	check("a word of .data", with_memory ? AT_CHECKPOINT : BEFORE_RESTART, witness);
	check("a word of the stack", with_memory ? AT_CHECKPOINT : BEFORE_RESTART, on_stack);
}

/* The image that the round trip has left: its records up to CPU's payload have fixed places. */
static void test_image(void)
{
	static struct {
		struct cr_hdr head_header;
		struct cr_hdr_head head;
		struct cr_hdr task_header;
		struct cr_hdr_task task;
		struct cr_hdr string_header;
		char name[CR_TASK_COMM_LEN];
		struct cr_hdr thread_header;
		struct cr_hdr_thread thread;
		u64 tls[CR_TLS_ENTRIES];
		struct cr_hdr cpu_header;
		struct cr_hdr_cpu cpu;
	} image;
	s32 fd = open(image_path, O_RDONLY);

	check_that("the image can be opened again", fd >= 0);
	check("bytes read", sizeof(image), (u32)read(fd, &image, sizeof(image)));
	check("HEAD's type", CR_HDR_HEAD, (u32)image.head_header.type);
	check("HEAD's magic, lower half", (u32)CR_HEADER_MAGIC, (u32)image.head.magic);
	check("CPU's type", CR_HDR_CPU, (u32)image.cpu_header.type);
	check("CPU's owner", getpid(), image.cpu_header.parent);
	check("CPU.ax", 0, (u32)image.cpu.ax);
	check("CPU.si", checkpoint_registers.esi, (u32)image.cpu.si);
	check("CPU.sp", checkpoint_registers.esp, (u32)image.cpu.sp);
	check("CPU.flags", checkpoint_registers.eflags, (u32)image.cpu.flags);
	check("CPU.gs", SELECTOR(tls_entry, 3), (u32)image.cpu.gs);
	check("CPU.debugreg0", address(&areas[1][AREA_SIZE / 2]), (u32)image.cpu.debugreg0);
	check("close", 0, (u32)close(fd));
}

#define NO_SUCH_FD  4711
#define NO_SUCH_PID 4711

static void test_refusals(const char *own_module)
{
	s32 writable = open(registers_path, O_WRONLY | O_CREAT);
	s32 module = open(own_module, O_RDONLY);
	struct other_registers others = {.mxcsr = MXCSR_INIT};

	check_that("an image can be opened for writing", writable >= 0);
	check_that("the program's own module can be opened for reading", module >= 0);
	set_other_registers(&others);
	check("checkpoint with flags", (u32)-EINVAL, (u32)checkpoint(0, writable, 1));
	check("checkpoint to no file", (u32)-EBADF, (u32)checkpoint(0, NO_SUCH_FD, 0));
	check("checkpoint to a file opened for reading", (u32)-EBADF, (u32)checkpoint(0, module, 0));
	check("checkpoint of nobody", (u32)-ESRCH, (u32)checkpoint(NO_SUCH_PID, writable, 0));
	check("restart with flags", (u32)-EINVAL, (u32)restart(0, module, 1));
	check("restart from no file", (u32)-EBADF, (u32)restart(0, NO_SUCH_FD, 0));
	check("restart from a file opened for writing", (u32)-EBADF, (u32)restart(0, writable, 0));
	check("restart from a module that is no image", (u32)-EINVAL, (u32)restart(0, module, 0));
	check("open of an image that was never taken", (u32)-ENOENT, (u32)open("/image/never-taken", O_RDONLY));
	check_other_registers("after the refusals", &others);
	check("close", 0, (u32)close(module));
	check("close", 0, (u32)close(writable));
	check("close twice", (u32)-EBADF, (u32)close(writable));
}

/* The image with memory comes last: what was checked and counted after its checkpoint is forgotten by the restart. */
int main(int argc, char **argv)
{
	if (!on_cr86())
		skip("this kernel has no checkpoint and no restart");
	bytes = vector_bytes();
	tls_entry = ANY_ENTRY;
	lib_snprintf(registers_path, PATH_SIZE, "/regs/selfcheckpoint-%u", getpid());
	lib_snprintf(memory_path, PATH_SIZE, "/image/selfcheckpoint-%u", getpid());
	test_refusals(text("/module/%s", argc ? argv[0] : "selfcheckpoint"));
	test_round_trip(registers_path, false, EFLAGS_CF | EFLAGS_SF | EFLAGS_DF);
	test_image();
	test_round_trip(memory_path, true, EFLAGS_PF | EFLAGS_ZF | EFLAGS_OF | EFLAGS_AC);
	return verdict();
}
