/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Writes the unit tests' sample images to a directory, one file each, for the tests of the host command: a base and
 * images that differ from it in one thing. No test itself.
 */
#include <stdio.h>

#include "armour.h"
#include "samples.h"

static const char *directory;

static FILE *create(const char *name)
{
	char path[4096];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	f = fopen(path, "wb");
	if (!f) {
		perror(path);
		exit(1);
	}
	return f;
}

static void save(const char *name, const struct sample *s)
{
	struct buffer b = sample_write(s);
	FILE *f = create(name);

	if (fwrite(b.data, 1, b.size, f) != b.size || fclose(f) != 0) {
		perror(name);
		exit(1);
	}
	buffer_free(&b);
}

/* Fields that say something of the writer, not of the task. */
static void save_other_writer(struct sample s)
{
	s.head.time++;
	s.head.patch++;
	strcpy(s.head.version, "AuthenticAMD 25/1/1");
	strcpy(s.head.release, "another release");
	s.pid = 12;
	save("writer.img", &s);
}

static void save_registers(struct sample s)
{
	struct fxsave fx = sample_fxsave();

	save("registers.img", &s);
	s.cpu.ax ^= 1;
	fx.mxcsr &= ~0x40u;
	fx.mxcsr ^= 0x6000;
	sample_set_fxsave(&s, &fx);
	s.tls[1] += 1;
	s.cpu.flags ^= 0x41;
	save("changed.img", &s);
}

/* One x87 state in both forms, and the initial state as such and as "not used". */
static void save_forms(struct sample s)
{
	struct fxsave fx = sample_fxsave();
	struct fsave fs;

	fx.mxcsr = 0x1f80;
	memset(fx.xmm, 0, sizeof(fx.xmm));
	sample_set_fxsave(&s, &fx);
	save("fxsave.img", &s);
	fxsave_to_fsave(&fs, &fx);
	memset(s.cpu.xstate, 0, sizeof(s.cpu.xstate));
	memcpy(s.cpu.xstate, &fs, sizeof(fs));
	s.cpu.has_fxsr = 0;
	save("fsave.img", &s);
	memset(s.cpu.xstate, 0, sizeof(s.cpu.xstate));
	s.cpu.used_math = 0;
	save("unused.img", &s);
}

static void save_xstate(struct sample s)
{
	struct sample tile = s, less = s, odd = s;

	save("xstate.img", &s);
	sample_add_component(&tile, XSTATE_XTILEDATA, 1024, 2); /* a component without names for its bytes */
	save("xstate-tile.img", &tile);
	less.components = 1;
	less.component[0].size = 32; /* YMM0_Hi128, and YMM1's, which 32-bit code cannot reach then */
	memset(less.component[0].bytes + 16, 0, sizeof(less.component[0].bytes) - 16);
	save("xstate-short.img", &less);
	sample_add_component(&odd, 10, 1, 1); /* behind which TAIL is not aligned */
	save("xstate-odd.img", &odd);
	s.component[0].bytes[17] ^= 0xff; /* YMM1_Hi128 */
	s.component[2].bytes[0] ^= 0x0c;  /* PKRU */
	save("xstate-changed.img", &s);
	s.components = 1;
	save("xstate-avx.img", &s);
}

static void save_signal(struct sample s)
{
	save("signal.img", &s);
	s.signal.action[9].mask ^= 1;
	s.signal.blocked = 0;
	save("signal-changed.img", &s);
}

static void save_program(struct sample s)
{
	save("program.img", &s);
	s.program.file.crc32 ^= 1;
	save("program-other.img", &s);
	s = sample_program();
	strcpy(s.program.name, "/module/traveler");
	save("program-moved.img", &s);
}

static void save_memory(struct sample s)
{
	struct buffer b = sample_write(&s);
	FILE *f;

	save("memory.img", &s);
	b.data[500 + 4096 + 200] ^= 1; /* somewhere in the first page of data */
	f = create("memory-changed.img");
	if (fwrite(b.data, 1, b.size, f) != b.size || fclose(f) != 0)
		exit(1);
	buffer_free(&b);
	s.data_pages = 1;
	s.data_end = 0x0804e000;
	save("memory-vma.img", &s);
	s = sample_memory();
	s.data_first = s.data_pages = 1;
	save("memory-page.img", &s);
	s = sample_memory();
	s.fd[0].data.f_pos = 0;
	s.fd[1].ent.fd = 4;
	save("memory-fds.img", &s);
	s = sample_memory();
	s.ldt[0] = 0x0040f30000000fffull;
	strcpy(s.comm, "a\"b\\c\233[1m");
	save("memory-ldt.img", &s);
}

static int put_line(void *cookie, const char *line)
{
	return fprintf(cookie, "%s\r\n", line) < 0 ? -EIO : 0;
}

/* A console log with two images of one name between other lines. */
static void save_log(const struct sample *s)
{
	struct buffer b = sample_write(s);
	FILE *f = create("console.log");

	put_line(f, "TAP version 13");
	armour_write("traveller", b.size, buffer_source, &b, put_line, f);
	put_line(f, "ok 1 - checkpoint traveller");
	armour_write("traveller", b.size, buffer_source, &b, put_line, f);
	put_line(f, "1..1");
	if (fclose(f) != 0)
		exit(1);
	buffer_free(&b);
}

int main(int argc, char **argv)
{
	struct sample registers = sample_registers();

	if (argc != 2) {
		fprintf(stderr, "usage: %s DIRECTORY\n", argv[0]);
		return 2;
	}
	directory = argv[1];
	save_registers(registers);
	save_other_writer(registers);
	save_forms(registers);
	save_signal(sample_signal());
	save_xstate(sample_xstate());
	save_memory(sample_memory());
	save_program(sample_program());
	save_log(&registers);
	return 0;
}
