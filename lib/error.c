/* SPDX-License-Identifier: GPL-2.0-only */
/* Names of records and errors, and the one line in which a refused image is explained. */
#include "checkpoint.h"
#include "printf.h"

const char *cr_record_name(s32 type)
{
	switch (type) {
	case CR_HDR_HEAD:
		return "HEAD";
	case CR_HDR_STRING:
		return "STRING";
	case CR_HDR_FNAME:
		return "FNAME";
	case CR_HDR_TASK:
		return "TASK";
	case CR_HDR_THREAD:
		return "THREAD";
	case CR_HDR_CPU:
		return "CPU";
	case CR_HDR_MM:
		return "MM";
	case CR_HDR_VMA:
		return "VMA";
	case CR_HDR_PGARR:
		return "PGARR";
	case CR_HDR_MM_CONTEXT:
		return "MM_CONTEXT";
	case CR_HDR_FILES:
		return "FILES";
	case CR_HDR_FD_ENT:
		return "FD_ENT";
	case CR_HDR_FD_DATA:
		return "FD_DATA";
	case CR_HDR_TAIL:
		return "TAIL";
	case CR_HDR_XSTATE:
		return "XSTATE";
	case CR_HDR_SIGNAL:
		return "SIGNAL";
	case CR_HDR_PROGRAM:
		return "PROGRAM";
	default:
		return NULL;
	}
}

const char *cr_errno_name(int error)
{
	static const struct {
		int error;
		const char *name;
	} names[] = {
		{EPERM, "EPERM"},     {ENOENT, "ENOENT"}, {ESRCH, "ESRCH"},   {EIO, "EIO"},
		{ENOEXEC, "ENOEXEC"}, {EBADF, "EBADF"},	  {EAGAIN, "EAGAIN"}, {ENOMEM, "ENOMEM"},
		{EFAULT, "EFAULT"},   {EBUSY, "EBUSY"},	  {EEXIST, "EEXIST"}, {EINVAL, "EINVAL"},
		{EMFILE, "EMFILE"},   {ENOSPC, "ENOSPC"}, {EPIPE, "EPIPE"},   {ENOSYS, "ENOSYS"},
	};

	for (u32 n = 0; n < ARRAY_SIZE(names); n++)
		if (names[n].error == -error)
			return names[n].name;
	return "error";
}

int cr_error_format(char *buf, u32 size, const struct cr_error *e)
{
	const char *record = e->record ? e->record : "image";
	const char *name = cr_errno_name(e->error);

	if (!e->expected)
		return lib_snprintf(buf, size, "%s at offset %u: %s", record, e->offset, name);
	if (!e->field)
		return lib_snprintf(buf, size, "%s at offset %u: expected %s (%s)", record, e->offset, e->expected,
				    name);
	return lib_snprintf(buf, size, "%s.%s at offset %u: found 0x%llx, expected %s (%s)", record, e->field,
			    e->offset, (unsigned long long)e->value, e->expected, name);
}
