/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * x87, SSE and extended state of tasks. One interface over FSAVE, FXSAVE, XSAVE, XSAVEOPT and XSAVEC; eager or lazy
 * switching, both complete.
 *
 * A component of a task's state is either live (in the CPU's registers, the copy in memory stale) or saved (in `area`).
 *
 * eager: all components are loaded when the task is switched to. An FPU instruction never traps.
 * lazy:  CR0.TS is set instead; the first FPU instruction raises #NM, and only then the state is loaded. MPX and PKRU
 *        instructions do not obey TS (SDM 1 §13.5.4, §13.5.7), so those components stay eager.
 *
 * Whichever instruction saves, `area` has the same form: FSAVE's, FXSAVE's or XSAVE's standard one, in which every
 * component stands in its place, also one whose bit of XSTATE_BV is clear: that has its initial state.
 *
 * Either way what is live is saved when its task is switched away from, so the registers never belong to a task that
 * does not run.
 */
#ifndef ARCH_FPU_H
#define ARCH_FPU_H

#include "checkpoint_hdr.h"
#include "errno.h"
#include "xstate.h"

struct fpu {
	u8 *area;	/* the save area, or NULL where there is no FPU; nobody else writes to it while `live` */
	u64 live;	/* XSAVE components that are live in the CPU: the RFC's TS_USEDFPU, component by component */
	bool used_math; /* the task has state of its own; once set it stays */
};

enum fpu_switching { FPU_EAGER, FPU_LAZY };

/*
 * The names for xstate=; NULL: the best that the CPU has. Returns -EINVAL, with nothing changed, for a name that the
 * CPU does not have. It can be called again, to change to another way, when no `struct fpu` is left.
 */
int fpu_init(const char *xstate, enum fpu_switching switching);

const char *fpu_method(void);		      /* "fsave", "fxsave", "xsave", "xsaveopt", "xsavec" or "none" */
bool fpu_saves_fxsr(void);		      /* the save area begins with an FXSAVE image, not an FSAVE image */
u32 fpu_mxcsr_mask(void);		      /* bits of MXCSR that may be set; 0 without SSE */
u32 fpu_hwcap(void);			      /* CPUID.1:EDX less what tasks cannot use: AT_HWCAP */
const struct xstate_layout *fpu_layout(void); /* of the save area; xcr0 is 0 where XSAVE is not in use */

/* Gives a task a save area with the initial state. 0 or -ENOMEM. */
int fpu_create(struct fpu *fpu);
void fpu_destroy(struct fpu *fpu);

/* Gives it the initial state, in memory alone: what is live in the CPU is dropped, and waits for fpu_enter. */
void fpu_reset(struct fpu *fpu);

/* The two halves of a switch. */
void fpu_leave(struct fpu *fpu);
void fpu_enter(struct fpu *fpu);

/* #NM: returns false where it was not lazy switching that caused it. */
bool fpu_not_available(struct fpu *fpu);

/* Brings the copy in memory up to date. The registers survive: a running task goes on as if nothing was. */
void fpu_save(struct fpu *fpu);

/* For an onlooker: what the registers hold now, whoever's it is; and another's copy in memory. `to` is nobody's state. */
void fpu_peek(struct fpu *to);
void fpu_copy(struct fpu *to, const struct fpu *from);

/* Which x87 or SSE exceptions the running task has pending that are not masked: FSW's or MXCSR's bits, IE to PE. */
#define FPU_EXCEPTIONS 0x3fu
u32 fpu_unmasked(struct fpu *fpu, bool sse);

/*
 * To and from the form that images have. fpu_to_image fills used_math, has_fxsr and all of xstate, from memory alone.
 * fpu_from_image gives a newly created `fpu` the image's x87 and SSE state, converted between FSAVE and FXSAVE where
 * needed.
 */
void fpu_to_image(struct fpu *fpu, struct cr_hdr_cpu *cpu);
void fpu_from_image(struct fpu *fpu, const struct cr_hdr_cpu *cpu);

/* Which extended components (2 and up) have saved state other than the initial one; and where one has it. */
u32 fpu_components(const struct fpu *fpu);
const void *fpu_component(const struct fpu *fpu, u32 component);
/* Where to put the state of a component that the layout has; marks it as present. */
void *fpu_set_component(struct fpu *fpu, u32 component);

/*
 * Asks the CPU itself whether it takes the saved state, by loading it; `current` is the running task's, which is put
 * back. False where the CPU raised #GP (reserved bits in BNDCFGU, an unknown tile palette, ...).
 */
bool fpu_loadable(struct fpu *fpu, struct fpu *current);

#endif
