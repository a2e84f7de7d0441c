/* SPDX-License-Identifier: GPL-2.0-only */
#include "program.h"
#include "elf.h"
#include "files.h"
#include "printf.h"

/* What is no ELF file may bear a program's name, as its image often does, but it is none. */
static const struct image *find(const char *path)
{
	const struct image *module;
	struct file f;

	if (file_lookup(&f, path, O_RDONLY) < 0 || f.store != STORE_MODULE)
		return NULL;
	module = store_get(f.id);
	return module && elf_is(store_module(module), store_size(module)) ? module : NULL;
}

void program_name(struct cr_program *program, const char *module)
{
	struct file f;

	if (file_lookup(&f, module, O_RDONLY) == 0 && f.store == STORE_MODULE)
		file_path(&f, program->name);
}

static struct cr_hdr_program identity(const struct image *module)
{
	return (struct cr_hdr_program){.size = store_size(module), .crc32 = store_crc32(module)};
}

/* No program is empty, so size 0 is: nobody has asked yet. */
void program_identify(struct cr_program *program)
{
	if (!program->file.size)
		program->file = identity(find(program->name));
}

static int differs(struct cr_ctx *ctx, const struct cr_image *image, const char *field, u32 offset, u64 found, u64 here)
{
	static char expected[80];

	lib_snprintf(expected, sizeof(expected), "%s %x, as %s here has: it is another program", field, (u32)here,
		     image->vmas.program.name);
	return cr_refuse(ctx, -EINVAL, CR_HDR_PROGRAM, field, image->program_pos + sizeof(struct cr_hdr) + offset,
			 found, expected);
}

int program_find(struct cr_ctx *ctx, const struct cr_image *image, const struct image **module)
{
	const struct cr_hdr_program *file = &image->vmas.program.file;
	struct cr_hdr_program here;

	*module = image->vmas.program.name[0] ? find(image->vmas.program.name) : NULL;
	if (!*module)
		return 0;
	here = identity(*module);
	if (file->size != here.size)
		return differs(ctx, image, "size", offsetof(struct cr_hdr_program, size), file->size, here.size);
	if (file->crc32 != here.crc32)
		return differs(ctx, image, "crc32", offsetof(struct cr_hdr_program, crc32), file->crc32, here.crc32);
	return 0;
}
