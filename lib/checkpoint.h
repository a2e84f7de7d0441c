/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Writing and reading images. checkpoint.c (the writer) and restart.c (the reader) are mirror twins: the same
 * functions in the same order, cr_write_x beside cr_read_x, and each side has one choke point through which every byte
 * passes: cr_kwrite and cr_kread.
 */
#ifndef LIB_CHECKPOINT_H
#define LIB_CHECKPOINT_H

#include "checkpoint_hdr.h"
#include "errno.h"
#include "xstate.h"

/* Why an image was refused, or could not be written: where, and what was expected there. */
struct cr_error {
	int error;	      /* errno, negative; 0: none */
	u32 offset;	      /* in the image, of the field or of the record */
	u64 value;	      /* what was found */
	const char *record;   /* "CPU", "THREAD", ... */
	const char *field;    /* "flags", "cr_hdr.len", ..., or NULL where the record itself is the matter */
	const char *expected; /* in words */
};

/*
 * Takes `count` bytes of an image in the making. Returns 0, or a negative errno, after which it is not called again.
 */
typedef int (*cr_sink_fn)(void *cookie, const void *buf, u32 count);

/*
 * Gives up to `count` bytes of an image from `pos` on. Returns how many (less than asked at the end of the image), or
 * a negative errno.
 */
typedef s32 (*cr_source_fn)(void *cookie, u32 pos, void *buf, u32 count);

/* The source of an image that lies in memory. */
struct cr_bytes {
	const u8 *data;
	u32 size;
};
s32 cr_bytes_source(void *bytes, u32 pos, void *buf, u32 count);

/* Where the bytes of an image from `pos` on are in memory, and in *size how many of them lie together there; 0: none. */
typedef const u8 *(*cr_look_fn)(void *cookie, u32 pos, u32 *size);

/*
 * One checkpoint or one restart under way. Set `sink` or `source`, and `cookie`; clear the rest. `look` may be set, too, or
 * for the image's first bytes `next` and `left`: bytes that the reader can see are not asked of the source.
 */
struct cr_ctx {
	cr_sink_fn sink;
	cr_source_fn source;
	cr_look_fn look;
	void *cookie;
	const u8 *next;	       /* reading: the next bytes, where they lie together in memory, */
	u32 left;	       /* and so many of them */
	u32 pos;	       /* bytes written or read so far */
	s32 record;	       /* the type of the record under way */
	struct cr_error error; /* sticky: the first error stays, and nothing moves after it */
};

/* A descriptor of a task: FD_ENT, FD_DATA, FNAME. */
struct cr_fd {
	struct cr_hdr_fd_ent ent;
	struct cr_hdr_fd_data data;
	char name[CR_FNAME_SIZE];
};

/* Its f_mode is a function of its f_flags. */
u16 cr_f_mode(u32 f_flags);

/* The file that VMAs of a file are of: their FNAME, and what PROGRAM says of it. */
struct cr_program {
	char name[CR_FNAME_SIZE]; /* empty: there are no such VMAs */
	u64 end;		  /* how far they reach into it, in bytes */
	struct cr_hdr_program file;
};

/*
 * How many of the pages, from the first on, lie one behind the other in memory: those are one piece to whoever moves them.
 * Pages that were asked for together mostly do.
 */
static inline u32 cr_adjacent(u8 *const *page, u32 count)
{
	u32 n = 1;

	while (n < count && page[n] == page[n - 1] + PAGE_SIZE)
		n++;
	return n;
}

/*
 * --- The writer. Each returns 0 or a negative errno; since errors are sticky, only the last result needs a look. ---
 */

/* The head of an image that cr86 writes, but for rev, time and version. */
void cr_head_init(struct cr_hdr_head *head);

int cr_kwrite(struct cr_ctx *ctx, const void *buf, u32 count);
int cr_write_obj(struct cr_ctx *ctx, enum cr_hdr_type type, u32 parent, const void *payload, u32 len);

int cr_write_head(struct cr_ctx *ctx, const struct cr_hdr_head *head);
int cr_write_task(struct cr_ctx *ctx, const char comm[CR_TASK_COMM_LEN]);
int cr_write_mm(struct cr_ctx *ctx, const struct cr_hdr_mm *mm);
/* After a VMA of a file, cr_write_fname must follow. */
int cr_write_vma(struct cr_ctx *ctx, const struct cr_hdr_vma *vma);
int cr_write_fname(struct cr_ctx *ctx, const char *name);
/* `nr_pages` addresses; as many pages must follow, PAGE_SIZE bytes each. nr_pages 0 ends the VMA. */
int cr_write_pgarr(struct cr_ctx *ctx, const u32 *addresses, u32 nr_pages);
int cr_write_pages(struct cr_ctx *ctx, u8 *const *page, u32 nr_pages);
int cr_write_mm_context(struct cr_ctx *ctx, const u64 *ldt, u32 nldt);
/* `nfds` cr_write_fd must follow. */
int cr_write_files(struct cr_ctx *ctx, u32 nfds);
int cr_write_fd(struct cr_ctx *ctx, const struct cr_fd *fd);
int cr_write_thread(struct cr_ctx *ctx, u32 pid, const u64 tls[CR_TLS_ENTRIES]);
int cr_write_cpu(struct cr_ctx *ctx, u32 pid, const struct cr_hdr_cpu *cpu);
int cr_write_xstate(struct cr_ctx *ctx, u32 pid, u32 component, const void *state, u32 size);
int cr_write_signal(struct cr_ctx *ctx, u32 pid, const struct cr_hdr_signal *signal);
int cr_write_program(struct cr_ctx *ctx, const struct cr_hdr_program *program);
int cr_write_tail(struct cr_ctx *ctx);

/* --- The reader --- */

/* What the restarting machine can hold: the bounds that an image is validated against. */
struct cr_machine {
	u32 task_size; /* first address beyond user space */
	u32 max_vmas;  /* of one task */
	bool has_fpu;  /* x87 */
	bool has_fxsr; /* the FPU is saved as an FXSAVE image */
	bool has_sse;
	u32 mxcsr_mask;			    /* bits of MXCSR that may be set */
	const struct xstate_layout *xstate; /* components beyond SSE that it can hold; NULL: any */
	const u64 *ldt;			    /* the LDT of the task that a register-only image is loaded into */
	u32 nldt;
};

/* A machine that can hold anything that the format can carry to i386: what `cr86 check` validates against. */
extern const struct cr_machine cr_any_machine;

/* What all VMAs have together. */
struct cr_vmas {
	u32 nr_pages;
	struct cr_program program;
};

/* A whole image but for the contents of its memory, which stay where they are until cr_read_memory. */
struct cr_image {
	struct cr_hdr_head head;
	struct cr_hdr_task task;
	char comm[CR_TASK_COMM_LEN];
	bool has_mm;
	struct cr_hdr_mm mm;
	u32 vma_pos; /* where the first VMA record stands */
	struct cr_vmas vmas;
	u32 program_pos; /* where PROGRAM stands */
	u32 ldt_pos;	 /* where the raw LDT descriptors stand */
	u32 nldt;
	bool has_files;
	u32 nfds;
	u32 fds_pos;		 /* where the first FD_ENT record stands */
	u32 thread_pos, cpu_pos; /* where these two stand */
	u32 pid;		 /* the parent of THREAD, CPU, XSTATE and SIGNAL */
	struct cr_hdr_thread thread;
	u64 tls[CR_TLS_ENTRIES];
	struct cr_hdr_cpu cpu;
	u64 xstate_bv; /* components that have an XSTATE record */
	struct {
		u32 pos; /* where its bytes stand */
		u32 size;
	} xstate[XSTATE_COMPONENTS];
	bool has_signal; /* else all signals are as in a new task */
	struct cr_hdr_signal signal;
	u32 size; /* bytes from HEAD to the end of TAIL */
};

/*
 * Validates the whole image, from HEAD to TAIL, and fills `image`. Nothing else is touched. Returns 0, or a negative
 * errno with the details in ctx->error: -EPIPE where the image ends early, -EINVAL for all else, or the source's own.
 * Bytes after TAIL are left alone: ctx->pos is then the image's size.
 */
int cr_read_image(struct cr_ctx *ctx, const struct cr_machine *machine, struct cr_image *image);

/*
 * Notes why the image is refused, and returns `error`; where there was an error before, that one stays. `field` NULL:
 * the record as a whole. Also for those who know of reasons that the reader cannot know.
 */
int cr_refuse(struct cr_ctx *ctx, int error, s32 type, const char *field, u32 offset, u64 value, const char *expected);

/* The second pass over an image that cr_read_image has accepted: gives its memory, VMA by VMA, in rising order. */
struct cr_memory_ops {
	/* The next VMA. Returns 0, or CR_PAGES_THERE: it has its contents already, or a negative errno. */
	int (*vma)(void *cookie, const struct cr_hdr_vma *vma);
	/*
	 * Where to put the pages at `count` addresses of the last VMA, in rising order: PAGE_SIZE bytes each. Returns how
	 * many of them there is memory for: if not all, the image is refused (-ENOMEM).
	 */
	u32 (*pages)(void *cookie, const u32 *address, u8 **page, u32 count);
};
#define CR_PAGES_THERE 1
int cr_read_memory(struct cr_ctx *ctx, const struct cr_image *image, const struct cr_memory_ops *ops, void *cookie);

/* Its descriptors, in rising order, to `fd`, which returns 0 or a negative errno. */
int cr_read_fds(struct cr_ctx *ctx, const struct cr_image *image, int (*fd)(void *cookie, const struct cr_fd *fd),
		void *cookie);

/*
 * Copies the image's LDT (image->nldt descriptors) or one component of its extended state to `to`. 0 or a negative
 * errno.
 */
int cr_read_ldt(struct cr_ctx *ctx, const struct cr_image *image, u64 *to);
int cr_read_component(struct cr_ctx *ctx, const struct cr_image *image, u32 component, void *to);

/* --- Validation that system calls share with the reader: state from outside is judged in one place --- */

/* A TLS or LDT descriptor that a task may have: all zero, or S = 1, DPL = 3, L = 0. */
bool cr_descriptor_valid(u64 descriptor);

/* The descriptors that a task's selectors can refer to. */
struct cr_descriptors {
	const u64 *tls; /* CR_TLS_ENTRIES */
	const u64 *ldt; /* nldt descriptors, the first of which is the LDT's entry ldt_first */
	u32 nldt;
	u32 ldt_first;
};

enum cr_segment_use { CR_SEGMENT_CODE, CR_SEGMENT_STACK, CR_SEGMENT_DATA };

/* The descriptor that `selector` names, or 0 where it names none that a task may use. Null selectors name none. */
u64 cr_descriptor(const struct cr_descriptors *d, u32 selector);

/*
 * Whether loading `selector` from ring 3 into a register of that use succeeds: a present descriptor of the right type,
 * or null for data; RPL 3 for code and stack.
 */
bool cr_selector_usable(const struct cr_descriptors *d, u32 selector, enum cr_segment_use use);

/* NULL where DR0 to DR3 and DR7 arm nothing outside user space or otherwise forbidden; else what was expected. */
const char *cr_debugregs_refused(const u32 dr[4], u32 dr7, u32 task_size);

/* vm_page_prot is a function of vm_flags: P, U/S, and R/W where VM_WRITE is set (the bits of a page-table entry). */
u64 cr_page_prot(u64 vm_flags);

/*
 * Notes in MM where code, data and heap lie, as Linux does, of a program's segment in memory at `start`, with VM_WRITE and
 * VM_EXEC as far as it allows them: `filesz` bytes of the file, and zeros up to `memsz`.
 */
void cr_note_segment(struct cr_hdr_mm *mm, u32 vm_flags, u32 start, u32 filesz, u32 memsz);

/* The manual's or RFC's name of a record type ("CPU"), or NULL for a type that the format does not know. */
const char *cr_record_name(s32 type);

/* The name of an error number, negative as functions return it: "EINVAL". */
const char *cr_errno_name(int error);

/*
 * Writes one line into `buf`: "RECORD.field at offset N: found VALUE, expected WORDS (EINVAL)". Always terminated.
 * Returns its length.
 */
int cr_error_format(char *buf, u32 size, const struct cr_error *error);

#endif
