/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The reader on any bytes, for several machines. What it refuses has a place and a reason; what it accepts is written
 * again to the same bytes, and its FPU state goes to the other form and back.
 */
#include <string.h>

#include "fuzz.h"
#include "image_inputs.h"
#include "rewrite.h"

/* Components as an Intel CPU with AVX-512 and PKRU has them (SDM 1 §13.5). */
static const struct xstate_layout layout = {
	.xcr0 = 0x2e7,
	.component = {[XSTATE_AVX] = {576, 256},
		      [XSTATE_OPMASK] = {1088, 64},
		      [XSTATE_ZMM_HI256] = {1152, 512},
		      [XSTATE_HI16_ZMM] = {1664, 1024},
		      [XSTATE_PKRU] = {2688, 8}},
};
static const struct xstate_layout no_xsave;

enum { MACHINES = 5 };

/* Machines that lack something: whatever one of them takes, cr_any_machine takes, too. */
static struct cr_machine lesser_machine(u32 n)
{
	struct cr_machine m = cr_any_machine;

	m.xstate = n < 3 ? &no_xsave : &layout;
	m.mxcsr_mask = n < 3 ? MXCSR_MASK_DEFAULT : 0xffff;
	m.has_fpu = n != 0;
	m.has_fxsr = m.has_sse = n > 1;
	if (n == 4)
		m.task_size = 0x08050000;
	return m;
}

static void require_refusal(const struct cr_error *e, u32 size)
{
	char line[256];
	int length = cr_error_format(line, sizeof(line), e);

	require(e->error == -EINVAL || e->error == -EPIPE, "error %d", e->error);
	require(e->record && e->expected, "record and what was expected: %s", line);
	require(e->offset <= size, "the offset lies in the image: %s", line);
	require(length > 0 && length < (int)sizeof(line), "it fits a line: %s", line);
	require(strstr(line, e->record) == line && strstr(line, cr_errno_name(e->error)), "it is all said: %s", line);
}

/* By the source alone, and with a window: there is one answer. */
static int read_image(const struct buffer *b, const struct cr_machine *machine, struct cr_image *image)
{
	static struct cr_image again;
	struct cr_ctx ctx = reader(b), windowed = reader(b);
	int ret = cr_read_image(&ctx, machine, image);

	windowed.next = b->data;
	windowed.left = b->size - b->size / 3;
	require(cr_read_image(&windowed, machine, &again) == ret, "the window makes no difference");
	require(windowed.error.offset == ctx.error.offset, "nor for the error");
	require(ctx.error.error == ret, "the result is the error");
	if (ret < 0)
		require_refusal(&ctx.error, b->size);
	else
		require(ctx.pos == image->size && image->size <= b->size, "the image ends in its bytes");
	return ret;
}

/* An image is one spelling of a state: written again, it has the same bytes. */
static void require_same_bytes(const struct buffer *b, u32 size)
{
	struct buffer copy = {0};

	require(rewrite(b, &copy) == 0, "what was read can be written");
	require(copy.size == size && memcmp(copy.data, b->data, size) == 0, "and has the same bytes");
	buffer_free(&copy);
}

/* FXSAVE to FSAVE and back loses nothing, where it can be done. */
static void require_conversion_of_fxsave(const struct fxsave *fx)
{
	struct fxsave back;
	struct fsave fs;

	if (!fxsave_to_fsave(&fs, fx))
		return;
	require(fsave_stray_byte(&fs) < 0, "an FSAVE image in canonical form");
	fsave_to_fxsave(&back, &fs);
	require(memcmp(&back, fx, sizeof(back)) == 0, "FXSAVE to FSAVE and back: the same");
}

/* FSAVE to FXSAVE and back loses what kind of value a register holds, which the value itself says. */
static void require_conversion_of_fsave(const struct fsave *fs)
{
	struct fsave back, again;
	struct fxsave fx;

	fsave_to_fxsave(&fx, fs);
	require(fxsave_stray_byte(&fx) < 0, "an FXSAVE image in canonical form");
	require(fxsave_to_fsave(&back, &fx), "which has no SSE state");
	again = back;
	again.ftw = fs->ftw;
	require(memcmp(&again, fs, sizeof(again)) == 0, "FSAVE to FXSAVE and back: the same but for the tags");
	for (u32 n = 0; n < 8; n++)
		require((back.ftw >> 2 * n & 3) == 3 ? (fs->ftw >> 2 * n & 3) == 3 : (fs->ftw >> 2 * n & 3) != 3,
			"R%u is as empty as it was", n);
	require_conversion_of_fxsave(&fx);
}

static void require_conversion(const struct cr_hdr_cpu *cpu)
{
	struct fxsave fx;
	struct fsave fs;

	memcpy(&fx, cpu->xstate, sizeof(fx));
	memcpy(&fs, cpu->xstate, sizeof(fs));
	if (cpu->has_fxsr)
		require_conversion_of_fxsave(&fx);
	else if (cpu->used_math)
		require_conversion_of_fsave(&fs);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct buffer b = {(u8 *)data, (u32)size};
	static struct cr_image image, narrow;
	bool good = read_image(&b, &cr_any_machine, &image) == 0;

	for (u32 n = 0; n < MACHINES; n++) {
		struct cr_machine lesser = lesser_machine(n);

		require(read_image(&b, &lesser, &narrow) < 0 || good, "what machine %u takes, any takes", n);
	}
	if (good) {
		require_same_bytes(&b, image.size);
		require_conversion(&image.cpu);
	}
	return 0;
}
