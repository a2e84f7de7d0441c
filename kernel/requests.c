/* SPDX-License-Identifier: GPL-2.0-only */
#include "requests.h"
#include "armour.h"
#include "console.h"
#include "cr.h"
#include "every.h"
#include "export.h"
#include "options.h"
#include "report.h"
#include "signal.h"
#include "tap.h"

/* An image that was asked for goes out where image= says (most often nowhere). Returns its id, or the errno. */
static s32 take_image(struct task *t, const char *name, bool with_mm)
{
	s32 id = checkpoint_task(t, name, with_mm);

	if (id >= 0 && (options.image_serial || options.image_debug))
		export_image(store_get((u32)id));
	return id;
}

/*
 * checkpoint(2). The system call has returned 0 into the frame, and that is what the image of a task that checkpoints
 * itself holds: it will see 0 when it is restarted. Only then the caller gets the id.
 */
static void serve_checkpoint(struct task *t, const struct request *request)
{
	struct task *of = task_find(request->pid);
	const struct file *to = files_get(t->file, (u32)request->fd, FILE_NEW_IMAGE);

	t->context.frame->eax = (u32)(of && to ? take_image(of, to->name, to->store == STORE_MEMORY) : -ESRCH);
}

/* restart(2). On success the caller is no more: the frame is the image's. */
static void serve_restart(struct task *t, const struct request *request)
{
	const struct file *from = files_get(t->file, (u32)request->fd, FILE_IMAGE);
	const struct image *image = from ? store_get(from->id) : NULL;
	int ret = image ? restart_task(t, image) : -ENOENT;

	if (ret < 0) {
		if (image)
			restart_explain(image);
		t->context.frame->eax = (u32)ret;
	}
}

/* An image taken by the kernel has the task's name, if that can be a file's. */
static const char *image_name(const struct task *t)
{
	return armour_name_valid(t->comm) ? t->comm : "task";
}

/* checkpoint=NAME@TICKS, then after=. */
static void serve_kernel_checkpoint(struct task *t)
{
	u32 ticks = t->ticks, eip = t->context.frame->eip;
	const char *name = image_name(t);
	s32 id = take_image(t, name, true);
	const struct image *image = id < 0 ? NULL : store_get((u32)id);

	tap_result(image, "checkpoint %s", t->comm);
	if (!image)
		return;
	console_print("checkpoint %s: at eip %08x after %u ticks, image %d of %u bytes", t->comm, eip, ticks, id,
		      store_size(image));
	if (options.after == AFTER_RESTART)
		tap_result(restart_replace(t, image), "restart %s", store_name(image));
	else if (options.after == AFTER_DESTROY)
		task_destroy(t);
}

static void serve_request(struct task *t)
{
	const struct request *request = &t->request;

	t->work &= ~(u32)WORK_REQUEST;
	switch (request->kind) {
	case REQUEST_CHECKPOINT:
		serve_checkpoint(t, request);
		break;
	case REQUEST_RESTART:
		serve_restart(t, request);
		break;
	case REQUEST_KERNEL_CHECKPOINT:
		serve_kernel_checkpoint(t);
		break;
	case REQUEST_NO_MEMORY:
		console_print("[%u %s] there is no memory left for the page at %08x", t->pid, t->comm,
			      request->address & -PAGE_SIZE);
		report_end(t, false, "there is not enough memory");
		break;
	}
}

void requests_serve(struct task *t)
{
	if (t->work & WORK_REQUEST)
		serve_request(t);
	else if (t->work & WORK_SIGNAL)
		signal_deliver(t);
	else if (t->work & WORK_EVERY)
		every_restart(t);
}
