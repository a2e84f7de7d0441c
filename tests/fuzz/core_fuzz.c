/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * cr86 from-core on any core file: an image comes out, which the reader takes and which becomes a core file and the same
 * image again, or nothing does.
 */
#include <elf.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "pieces.h"

static char image[4096], core[4096]; /* files that the command writes */

/* --- Cores that are nearly right --- */

/* The size of what stands at `at`: the ELF header, a program header, a note; where notes have ended, a word. */
static u32 piece_size(const struct buffer *b, u32 at)
{
	Elf32_Ehdr header = {0};
	Elf32_Nhdr note = {0};
	u32 left = b->size - at;

	memcpy(&header, b->data, b->size < sizeof(header) ? b->size : sizeof(header));
	if (at < sizeof(header))
		return sizeof(header);
	if (at < sizeof(header) + header.e_phnum * sizeof(Elf32_Phdr))
		return sizeof(Elf32_Phdr);
	memcpy(&note, b->data + at, left < sizeof(note) ? left : sizeof(note));
	if (note.n_namesz <= 8 && note.n_descsz <= 4096)
		return (u32)sizeof(note) + ((note.n_namesz + 3) & ~3u) + ((note.n_descsz + 3) & ~3u);
	return sizeof(u32);
}

static u32 find_pieces(const struct buffer *b, struct span *spans, u32 max)
{
	u32 count = 0;

	for (u32 at = 0; at < b->size && at < PAGE_SIZE && count < max; at += spans[count++].size) {
		u32 size = piece_size(b, at);

		spans[count] = (struct span){at, size < b->size - at ? size : b->size - at};
	}
	return count;
}

/* A word of a piece becomes another. Pieces rarely move: what stands behind them is found by its offset. */
static void change_word(struct pieces *p)
{
	struct span piece = pieces_any(p);
	u8 *word;

	if (piece.size < sizeof(u32))
		return;
	word = p->b.data + piece.at + pieces_random(p, piece.size / 4) * 4;
	if (pieces_random(p, 2))
		LLVMFuzzerMutate(word, sizeof(u32), sizeof(u32));
	else
		word[pieces_random(p, 4)] ^= (u8)BIT(pieces_random(p, 8));
}

size_t LLVMFuzzerCustomMutator(u8 *data, size_t size, size_t max, unsigned seed)
{
	static struct pieces p;

	pieces_init(&p, data, size, max, seed, find_pieces);
	if (pieces_random(&p, 8))
		change_word(&p);
	else
		pieces_mutate(&p);
	return p.b.size;
}

/* --- The test --- */

/* From the core to the image; the program's own file is none. Its bytes, or none where the core is refused. */
static struct file from_core(const char *path)
{
	struct outcome o = cr86("from-core", "--program", "/dev/null", path, "-o", image, NULL);
	struct file file = {NULL, 0};

	if (o.status == 0) {
		require(file_read(image, &file) && is_image(file.data, file.size), "an image comes out");
		require(unlink(image) == 0, "under its name");
	}
	require(access(image, F_OK) != 0, "else nothing is written");
	return file;
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct file once, again;
	struct outcome o;

	scratch_path(image, "image");
	scratch_path(core, "core");
	once = from_core(as_file(0, data, size));
	if (!once.data)
		return 0;
	o = cr86("core", as_file(1, once.data, once.size), "-o", core, NULL);
	require(o.status == 0, "the image becomes a core file: %s", o.err);
	again = from_core(core);
	unlink(core);
	require(again.data, "which becomes an image");
	o = cr86("diff", as_file(0, once.data, once.size), as_file(1, again.data, again.size), NULL);
	for (const char *line = o.out; *line; line = strchr(line, '\n') + 1)
		require(strncmp(line, "MM", 2) == 0, "of the same state, but for MM's bounds: %s", line);
	file_free(&once);
	file_free(&again);
	return 0;
}
