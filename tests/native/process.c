/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A process under ptrace that is nothing but a task's state: the child maps the task's memory, sets its LDT and stops;
 * all registers are set from outside, and it never comes back to code of ours.
 *
 * ptrace tells which signal a trap has become, but neither vector nor error code nor CR2. Those stand in the frame that
 * Linux builds for a signal's handler. So a fault is delivered to one, on a stack of its own; the process stops again
 * before the handler's first instruction, the frame is read, and all registers are put back.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <ucontext.h>
#include <unistd.h>

#undef PAGE_SIZE /* sys/user.h has one */
#include "native.h"
#include "printf.h"

#define NT_X86_XSTATE 0x202

/* Far from where cases have their memory and point their registers to. */
#define HANDLER_STACK	   0x70000000u
#define HANDLER_STACK_SIZE 0x10000u

static const int trap_signals[] = {SIGTRAP, SIGSEGV, SIGBUS, SIGFPE, SIGILL};

static char why[160];

static const char *because(const char *what)
{
	lib_snprintf(why, sizeof(why), "%s: %s", what, strerror(errno));
	return why;
}

/* --- the child --- */

/* Exit statuses of a child that cannot become the task */
enum { CHILD_MAP = 100, CHILD_SIGNALS, CHILD_LDT };

static void handler(int number)
{
	_exit(number); /* never reached: see above */
}

static void child_map(const struct mapping *m)
{
	void *at = mmap((void *)m->address, m->size, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);

	if (at != (void *)m->address)
		_exit(CHILD_MAP);
	if (m->bytes)
		memcpy(at, m->bytes, m->size);
	mprotect(at, m->size, m->prot);
}

static void child_handle_signals(void)
{
	const struct mapping own = {HANDLER_STACK, HANDLER_STACK_SIZE, PROT_READ | PROT_WRITE, NULL};
	const stack_t stack = {.ss_sp = (void *)HANDLER_STACK, .ss_size = HANDLER_STACK_SIZE};
	struct sigaction action = {.sa_handler = handler, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER};

	child_map(&own);
	if (sigaltstack(&stack, NULL) < 0)
		_exit(CHILD_SIGNALS);
	for (u32 n = 0; n < ARRAY_SIZE(trap_signals); n++)
		sigaction(trap_signals[n], &action, NULL);
}

static void child_set_ldt(const struct vector *v)
{
	for (u32 n = 0; n < VECTOR_LDT; n++) {
		struct user_desc d = user_desc_from_descriptor(n, v->ldt[n]);

		if (v->ldt[n] && syscall(SYS_modify_ldt, 0x11, &d, sizeof(d)) != 0)
			_exit(CHILD_LDT);
	}
}

/* ptrace cannot set EFLAGS.ID, but leaves it as it is. */
static void child(const struct mapping *mappings, u32 count, const struct vector *v)
{
	ptrace(PTRACE_TRACEME, 0, NULL, NULL);
	for (u32 n = 0; n < count; n++)
		child_map(&mappings[n]);
	child_handle_signals();
	child_set_ldt(v);
	__asm__ volatile("pushl %0\n\tpopfl\n\tint3" : : "r"((u32)v->cpu.flags & (EFLAGS_ID | EFLAGS_NT)));
	_exit(CHILD_MAP);
}

/* --- waiting, with a watchdog --- */

#define PATIENCE 2 /* seconds */

static void on_alarm(int number)
{
	(void)number; /* ends waitpid, that is all */
}

/* False: it hung, and still runs. */
static bool wait_for(const struct process *p, int *status)
{
	const struct sigaction action = {.sa_handler = on_alarm};
	const struct itimerval patience = {.it_value = {PATIENCE, 0}, .it_interval = {1, 0}}, none = {0};
	int pid;

	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &patience, NULL);
	pid = waitpid(p->pid, status, __WALL);
	setitimer(ITIMER_REAL, &none, NULL);
	return pid == p->pid;
}

void process_kill(struct process *p)
{
	int status;

	if (!p->pid)
		return;
	kill(p->pid, SIGKILL);
	waitpid(p->pid, &status, __WALL);
	p->pid = 0;
}

/* --- registers --- */

static const char *set_tls(struct process *p, const struct vector *v)
{
	for (u32 n = 0; n < CR_TLS_ENTRIES; n++) {
		u32 entry = linux_tls_entry(n);
		struct user_desc d = user_desc_from_descriptor(entry, v->tls[n]);

		if (ptrace(PTRACE_SET_THREAD_AREA, p->pid, (void *)entry, &d) < 0)
			return because("Linux refuses a TLS descriptor");
	}
	return NULL;
}

static struct user_regs_struct regs_of(const struct cr_hdr_cpu *cpu)
{
	return (struct user_regs_struct){
		.ebx = (s32)cpu->bx,
		.ecx = (s32)cpu->cx,
		.edx = (s32)cpu->dx,
		.esi = (s32)cpu->si,
		.edi = (s32)cpu->di,
		.ebp = (s32)cpu->bp,
		.eax = (s32)cpu->ax,
		.xds = (s32)cpu->ds,
		.xes = (s32)cpu->es,
		.xfs = (s32)cpu->fs,
		.xgs = (s32)cpu->gs,
		.orig_eax = -1,
		.eip = (s32)cpu->ip,
		.xcs = (s32)cpu->cs,
		.eflags = (s32)cpu->flags,
		.esp = (s32)cpu->sp,
		.xss = (s32)cpu->ss,
	};
}

const char *process_set_general(struct process *p, const struct cr_hdr_cpu *cpu)
{
	const struct user_regs_struct r = regs_of(cpu);

	return ptrace(PTRACE_SETREGS, p->pid, NULL, &r) < 0 ? because("Linux refuses the general registers") : NULL;
}

static void get_general(struct process *p, struct cr_hdr_cpu *cpu)
{
	struct user_regs_struct r = {0};

	ptrace(PTRACE_GETREGS, p->pid, NULL, &r);
	cpu->bx = (u32)r.ebx;
	cpu->cx = (u32)r.ecx;
	cpu->dx = (u32)r.edx;
	cpu->si = (u32)r.esi;
	cpu->di = (u32)r.edi;
	cpu->bp = (u32)r.ebp;
	cpu->ax = (u32)r.eax;
	cpu->ds = (u16)r.xds;
	cpu->es = (u16)r.xes;
	cpu->fs = (u16)r.xfs;
	cpu->gs = (u16)r.xgs;
	cpu->orig_ax = 0xffffffff;
	cpu->ip = (u32)r.eip;
	cpu->cs = (u16)r.xcs;
	cpu->flags = (u32)r.eflags;
	cpu->sp = (u32)r.esp;
	cpu->ss = (u16)r.xss;
}

/* --- FPU state: an XSAVE area in the standard form, or an FXSAVE image --- */

static u32 area_size; /* as Linux wants it; 0: not known yet */

static int get_area(struct process *p)
{
	struct iovec v = {p->fpu, sizeof(p->fpu)};
	int ret;

	memset(p->fpu, 0, sizeof(struct xsave));
	if (!machine_layout()->xcr0)
		return (int)ptrace(PTRACE_GETFPXREGS, p->pid, NULL, p->fpu);
	ret = (int)ptrace(PTRACE_GETREGSET, p->pid, NT_X86_XSTATE, &v);
	area_size = (u32)v.iov_len;
	return ret;
}

static int set_area(struct process *p)
{
	struct iovec v = {p->fpu, area_size};

	if (!machine_layout()->xcr0)
		return (int)ptrace(PTRACE_SETFPXREGS, p->pid, NULL, p->fpu);
	return (int)ptrace(PTRACE_SETREGSET, p->pid, NT_X86_XSTATE, &v);
}

/* Before the process is used for something else: what it had at the trap stays in *p. */
static void save(struct process *p)
{
	if (!p->disturbed)
		get_area(p);
	p->disturbed = true;
}

static int put_back(struct process *p)
{
	const struct user_regs_struct r = regs_of(&p->at);

	if (!p->disturbed)
		return 0;
	p->disturbed = false;
	return ptrace(PTRACE_SETREGS, p->pid, NULL, &r) < 0 ? -1 : set_area(p);
}

static const char *set_fpu(struct process *p, const struct vector *v)
{
	const struct xstate_layout *layout = machine_layout();
	struct xsave *to = (struct xsave *)p->fpu;
	u32 components = vector_components(v);

	if (get_area(p) < 0)
		return because("ptrace knows no FPU state");
	memcpy(&to->legacy, v->cpu.xstate, sizeof(to->legacy));
	to->legacy.mxcsr_mask = platform_mxcsr_mask();
	if (layout->xcr0)
		to->xstate_bv = XSTATE_LEGACY_MASK | components;
	for (u32 n = XSTATE_AVX; n < VECTOR_COMPONENTS; n++)
		if (components >> n & 1)
			memcpy(p->fpu + layout->component[n].offset, v->xstate[n], layout->component[n].size);
	return set_area(p) < 0 ? because("Linux refuses the FPU state") : NULL;
}

/*
 * Linux saves by XSAVES where there is one, which leaves MXCSR out with SSE state that is initial, MXCSR included (SDM 1
 * §13.11, §13.6). With AVX state in use, Linux shows what stood in its memory before.
 */
static void read_mxcsr(struct fxsave *to, const struct xsave *from)
{
	if (platform_cpuid(0xd, 1).eax & BIT(3) && !(from->xstate_bv & BIT(XSTATE_SSE)))
		to->mxcsr = MXCSR_INIT;
}

static void read_fpu(const struct process *p, struct vector *v)
{
	const struct xstate_layout *layout = machine_layout();
	const struct xsave *from = (const struct xsave *)p->fpu;

	memcpy(v->cpu.xstate, &from->legacy, sizeof(from->legacy));
	read_mxcsr((struct fxsave *)v->cpu.xstate, from);
	fxsave_canonical((struct fxsave *)v->cpu.xstate);
	v->components = 0;
	for (u32 n = XSTATE_AVX; n < VECTOR_COMPONENTS; n++)
		if (layout->xcr0 >> n & 1 && from->xstate_bv >> n & 1 && layout->component[n].size <= VECTOR_COMPONENT)
			memcpy(vector_component(v, n), p->fpu + layout->component[n].offset, layout->component[n].size);
}

/* --- debug registers --- */

static int poke_debug(struct process *p, u32 n, u32 value)
{
	return (int)ptrace(PTRACE_POKEUSER, p->pid, offsetof(struct user, u_debugreg) + n * 4, value);
}

static u32 peek_debug(struct process *p, u32 n)
{
	return (u32)ptrace(PTRACE_PEEKUSER, p->pid, offsetof(struct user, u_debugreg) + n * 4, NULL);
}

/* Linux has breakpoints only where DR7 enables them; a task's other debug registers are just numbers, which we keep. */
static const char *set_debug(struct process *p, const struct cr_hdr_cpu *cpu)
{
	const u64 *dr = &cpu->debugreg0;

	for (u32 n = 0; n < 4; n++)
		if (DR7_ENABLED((u32)cpu->debugreg7, n) && poke_debug(p, n, (u32)dr[n]) < 0)
			return because("Linux refuses a breakpoint's address");
	if (cpu->debugreg7 & DR7_ENABLE && poke_debug(p, 7, (u32)cpu->debugreg7) < 0)
		return because("Linux refuses DR7");
	return NULL;
}

static void get_debug(struct process *p, struct cr_hdr_cpu *cpu)
{
	const struct cr_hdr_cpu *set = &p->set.cpu;
	u64 *dr = &cpu->debugreg0;

	for (u32 n = 0; n < 4; n++)
		dr[n] = DR7_ENABLED((u32)set->debugreg7, n) ? peek_debug(p, n) : (&set->debugreg0)[n];
	cpu->debugreg4 = cpu->debugreg5 = 0;
	cpu->debugreg6 = set->debugreg6;
	cpu->debugreg7 = set->debugreg7 & DR7_ENABLE ? peek_debug(p, 7) & ~DR7_FIXED : set->debugreg7;
}

/* --- birth --- */

const char *process_set(struct process *p, const struct vector *v)
{
	const char *wrong = set_tls(p, v); /* before fs and gs: a 64-bit kernel takes their bases from it then */

	if (!wrong)
		wrong = process_set_general(p, &v->cpu);
	if (!wrong)
		wrong = set_fpu(p, v);
	if (!wrong)
		wrong = set_debug(p, &v->cpu);
	p->set = *v;
	p->disturbed = false;
	get_general(p, &p->at);
	return wrong;
}

static const char *refused_by_child(int status)
{
	switch (WIFEXITED(status) ? WEXITSTATUS(status) : 0) {
	case CHILD_MAP:
		return "Linux does not let a process have these pages";
	case CHILD_LDT:
		return "Linux refuses an LDT descriptor";
	default:
		return "the process did not come up";
	}
}

const char *process_create(struct process *p, const struct mapping *mappings, u32 count, const struct vector *state)
{
	const char *wrong;
	int status = 0x7f; /* stopped: as long as nothing else is known */

	fflush(stdout);
	p->pid = fork();
	if (p->pid < 0) {
		p->pid = 0;
		return because("fork");
	}
	if (!p->pid)
		child(mappings, count, state);
	if (!wait_for(p, &status) || !WIFSTOPPED(status)) {
		wrong = refused_by_child(status);
		if (WIFEXITED(status))
			p->pid = 0;
		process_kill(p);
		return wrong;
	}
	ptrace(PTRACE_SETOPTIONS, p->pid, NULL, PTRACE_O_EXITKILL);
	wrong = process_set(p, state);
	if (wrong)
		process_kill(p);
	return wrong;
}

/* --- traps --- */

/* Memory of the process; false: it is not there. */
static bool peek(const struct process *p, u32 address, void *to, u32 size)
{
	struct iovec local = {to, size}, remote = {(void *)address, size};

	return process_vm_readv(p->pid, &local, 1, &remote, 1, 0) == (ssize_t)size;
}

/* The frame that Linux builds for a handler with SA_SIGINFO. */
struct signal_frame {
	u32 return_address, number, siginfo, ucontext;
};

static void gone(struct process *p, int status, struct stopped *s)
{
	if (WIFEXITED(status) || WIFSIGNALED(status))
		p->pid = 0; /* waitpid has had it: the number is not ours any more */
	s->how = STOPPED_GONE;
}

/* Vector, error code and CR2 of a fault, by having its signal delivered. */
static void read_fault(struct process *p, int number, struct stopped *s)
{
	struct user_regs_struct r;
	struct signal_frame frame;
	ucontext_t context;
	int status = 0x7f;

	save(p);
	ptrace(PTRACE_SINGLESTEP, p->pid, NULL, (void *)number);
	if (!wait_for(p, &status) || !WIFSTOPPED(status)) {
		gone(p, status, s);
		return;
	}
	ptrace(PTRACE_GETREGS, p->pid, NULL, &r);
	if (!peek(p, (u32)r.esp, &frame, sizeof(frame)) ||
	    !peek(p, frame.ucontext, &context, offsetof(ucontext_t, uc_sigmask))) {
		s->how = STOPPED_GONE;
		return;
	}
	s->trap.vector = (u32)context.uc_mcontext.gregs[REG_TRAPNO];
	s->trap.error = (u32)context.uc_mcontext.gregs[REG_ERR];
	s->cr2 = (u32)context.uc_mcontext.cr2;
}

/* Whether a system call stands before EIP: INT 80H. */
static bool after_system_call(struct process *p, u32 eip)
{
	u8 last[2];

	return peek(p, eip - 2, last, sizeof(last)) && last[0] == 0xcd && last[1] == 0x80;
}

/*
 * SIGTRAP: INT3 gives SI_KERNEL, #DB any other code. A #DB without a bit of DR6 is ICEBP's, or Linux has stepped over a
 * system call.
 */
static void read_sigtrap(struct process *p, struct stopped *s)
{
	siginfo_t info = {0};

	ptrace(PTRACE_GETSIGINFO, p->pid, NULL, &info);
	if (info.si_code == SI_KERNEL) {
		s->trap.vector = TRAP_BP;
		return;
	}
	s->trap.vector = TRAP_DB;
	s->dr6 = peek_debug(p, 6) & DR6_STATUS;
	poke_debug(p, 6, 0); /* Linux does not clear it for a system call that is stepped over */
	s->step = s->dr6 & DR6_BS;
	s->dr6 &= ~DR6_BS;
	s->requested = s->step || after_system_call(p, s->trap.eip);
}

void process_run(struct process *p, bool step, struct stopped *s)
{
	int status = 0x7f;

	*s = (struct stopped){.how = STOPPED_TRAP};
	if (put_back(p) < 0) {
		s->how = STOPPED_REFUSED;
		return;
	}
	ptrace(step ? PTRACE_SINGLESTEP : PTRACE_CONT, p->pid, NULL, NULL);
	if (!wait_for(p, &status)) {
		s->how = STOPPED_HUNG;
		return;
	}
	if (!WIFSTOPPED(status)) {
		gone(p, status, s);
		return;
	}
	get_general(p, &p->at);
	if (step)
		p->at.flags &= ~(u64)EFLAGS_TF; /* Linux takes it for the task's own where an IRET or POPF faults */
	s->trap.eip = (u32)p->at.ip;
	if (WSTOPSIG(status) == SIGTRAP)
		read_sigtrap(p, s);
	else
		read_fault(p, WSTOPSIG(status), s);
}

/* --- its state --- */

/* Linux sets a descriptor's accessed bit on its own. */
static u64 without_accessed(u64 found, u64 set)
{
	const u64 accessed = (u64)1 << 40;

	return (found | accessed) == (set | accessed) ? set : found;
}

static void get_tls(struct process *p, struct vector *v)
{
	for (u32 n = 0; n < CR_TLS_ENTRIES; n++) {
		struct user_desc d = {0};

		ptrace(PTRACE_GET_THREAD_AREA, p->pid, (void *)linux_tls_entry(n), &d);
		v->tls[n] = without_accessed(user_desc_to_descriptor(&d), p->set.tls[n]);
	}
}

static u64 ldt_buffer[VECTOR_LDT];

extern const u8 native_system_call[];
__asm__(".text\n"
	"native_system_call:\n\t"
	"int $0x80\n\t"
	"int3\n");

/* modify_ldt(0) reads the caller's own LDT only, so the process has to call it, in the memory that it has from us. */
static void get_ldt(struct process *p, struct vector *v)
{
	const struct cr_hdr_cpu call = {
		.ax = SYS_modify_ldt,
		.bx = 0,
		.cx = (u32)ldt_buffer,
		.dx = sizeof(ldt_buffer),
		.ip = (u32)native_system_call,
		.cs = platform_selectors.user_cs,
		.ds = platform_selectors.user_ds,
		.es = platform_selectors.user_ds,
		.ss = platform_selectors.user_ds,
		.sp = HANDLER_STACK + HANDLER_STACK_SIZE,
		.flags = EFLAGS_USER_ALWAYS,
	};
	int status;

	save(p);
	memset(v->ldt, 0, sizeof(v->ldt));
	process_set_general(p, &call);
	ptrace(PTRACE_CONT, p->pid, NULL, NULL);
	if (wait_for(p, &status) && WIFSTOPPED(status))
		peek(p, (u32)ldt_buffer, v->ldt, sizeof(v->ldt));
	for (u32 n = 0; n < VECTOR_LDT; n++)
		v->ldt[n] = without_accessed(v->ldt[n], p->set.ldt[n]);
}

bool process_get(struct process *p, struct vector *v)
{
	save(p);
	v->cpu = p->at;
	get_debug(p, &v->cpu);
	get_tls(p, v);
	read_fpu(p, v);
	get_ldt(p, v);
	return peek(p, CASE_DATA, vector_memory(v, 0, VECTOR_MEMORY), VECTOR_MEMORY);
}
