/* SPDX-License-Identifier: GPL-2.0-only */
/* CRC-32, base64 and the armour: what is written is read back, and no damage to a log goes unnoticed. */
#include <stdlib.h>
#include <zlib.h>

#include "armour.h"
#include "base64.h"
#include "crc32.h"
#include "tap.h"

/* --- CRC-32 --- */

static void test_crc32(void)
{
	u8 bytes[1000];
	bool same = true, pieces = true;

	for (u32 n = 0; n < sizeof(bytes); n++)
		bytes[n] = (u8)(n * n + 7 * n);
	is_number(crc32_update(0, "123456789", 9), 0xcbf43926,
		  "the check value that every description of CRC-32 gives");
	is_number(crc32_update(0, NULL, 0), 0, "of nothing");
	for (u32 n = 0; n < sizeof(bytes); n++) {
		u32 whole = crc32_update(0, bytes, sizeof(bytes));

		same &= crc32_update(0, bytes, n) == crc32(0, bytes, n);
		pieces &= crc32_update(crc32_update(0, bytes, n), bytes + n, (u32)sizeof(bytes) - n) == whole;
	}
	ok(same, "the same as zlib's, for lengths of 0 to 999");
	ok(pieces, "in two pieces as in one");
}

/* --- Base64 --- */

/* RFC 4648 §10 */
static void test_base64_vectors(void)
{
	static const char *const vectors[][2] = {
		{"", ""},
		{"f", "Zg=="},
		{"fo", "Zm8="},
		{"foo", "Zm9v"},
		{"foob", "Zm9vYg=="},
		{"fooba", "Zm9vYmE="},
		{"foobar", "Zm9vYmFy"},
	};

	for (u32 n = 0; n < ARRAY_SIZE(vectors); n++) {
		char text[16] = "";
		u8 bytes[16] = "";
		u32 length = base64_encode(text, vectors[n][0], (u32)strlen(vectors[n][0]));

		ok(length == strlen(vectors[n][1]) && strcmp(text, vectors[n][1]) == 0, "\"%s\" becomes \"%s\"",
		   vectors[n][0], vectors[n][1]);
		ok(base64_decode(bytes, vectors[n][1], length) == (s32)strlen(vectors[n][0]) &&
			   strcmp((char *)bytes, vectors[n][0]) == 0,
		   "and back");
	}
}

static void test_base64_alphabet(void)
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	char text[65] = "";
	u8 bytes[48];

	is_number((unsigned)base64_decode(bytes, alphabet, 64), 48, "all 64 characters are read");
	ok(bytes[0] == 0x00 && bytes[1] == 0x10 && bytes[2] == 0x83 && bytes[47] == 0xbf, "in their order");
	base64_encode(text, bytes, 48);
	is_text(text, alphabet, "and written");
}

static void test_base64_refusals(void)
{
	static const struct {
		const char *text;
		s32 result; /* -1 - the index of the first wrong character */
		const char *why;
	} rows[] = {
		{"Zm9*", -4, "a character outside the alphabet"},
		{"Zm-v", -3, "base64url"},
		{" m9v", -1, "a blank"},
		{"Zg==Zg==", -3, "padding before the end"},
		{"Z===", -2, "one character holds no byte"},
		{"====", -1, "padding alone"},
		{"Zg=v", -3, "padding with a character behind it"},
		{"Zh==", -2, "spare bits that are not 0, of two characters"},
		{"Zm9=", -3, "spare bits that are not 0, of three characters"},
		{"Zm\xc3v", -3, "a byte beyond ASCII"},
	};

	for (u32 n = 0; n < ARRAY_SIZE(rows); n++) {
		u8 bytes[16];
		s32 got = base64_decode(bytes, rows[n].text, (u32)strlen(rows[n].text));

		if (!ok(got == rows[n].result, "refused: %s", rows[n].why))
			note("got %d, expected %d", got, rows[n].result);
	}
	{
		u8 bytes[3];

		is_number((unsigned)base64_decode(bytes, "Zm\0v", 4), (unsigned)-3, "refused: NUL");
	}
}

/* --- A log --- */

enum { LINES = 64, IMAGE_SIZE = 1136 };

struct log {
	u32 count;
	char line[LINES][128];
};

static u8 image[IMAGE_SIZE];

static s32 image_source(void *cookie, u32 pos, void *buf, u32 count)
{
	return cr_bytes_source(&(struct cr_bytes){image, *(u32 *)cookie}, pos, buf, count);
}

static int log_line(void *cookie, const char *line)
{
	struct log *log = cookie;

	snprintf(log->line[log->count++], sizeof(log->line[0]), "%s", line);
	return 0;
}

/* The image's first `size` bytes in armour between other lines: the log that the tests below damage. */
static struct log make_log(const char *name, u32 size)
{
	struct log log = {0};

	log_line(&log, "TAP version 13");
	log_line(&log, "ok 1 - checkpoint traveller");
	armour_write(name, size, image_source, &size, log_line, &log);
	log_line(&log, "1..1");
	return log;
}

/* What the reader makes of a log. */
struct outcome {
	int complete; /* images */
	bool right;   /* the bytes of the last one are the image's */
	u32 refused;  /* number of the line, 0: none */
	char error[ARMOUR_ERROR_SIZE];
};

struct reading {
	struct armour_reader r;
	struct outcome o;
	u8 bytes[2 * IMAGE_SIZE];
};

/* One line, until one is refused. */
static void feed(struct reading *g, const char *line, u32 length)
{
	int event = g->o.refused ? 0 : armour_read_line(&g->r, line, length);

	if (event == ARMOUR_BYTES && g->r.received <= sizeof(g->bytes))
		memcpy(g->bytes + g->r.received - g->r.count, g->r.bytes, g->r.count);
	if (event == ARMOUR_END) {
		g->o.complete++;
		g->o.right &= g->r.size <= IMAGE_SIZE && memcmp(g->bytes, image, g->r.size) == 0;
	}
	if (event < 0)
		g->o.refused = g->r.line;
}

static struct outcome end_of(struct reading *g)
{
	if (!g->o.refused && armour_read_end(&g->r) < 0)
		g->o.refused = g->r.line;
	snprintf(g->o.error, sizeof(g->o.error), "%s", g->r.error);
	return g->o;
}

static struct outcome read_log(const struct log *log, const char *line_end)
{
	struct reading g = {.o.right = true};

	for (u32 n = 0; n < log->count; n++) {
		char line[160];

		snprintf(line, sizeof(line), "%s%s", log->line[n], line_end);
		feed(&g, line, (u32)strlen(line));
	}
	return end_of(&g);
}

static void test_lines(void)
{
	u32 size = 60;
	struct log log = {0};

	is_number((unsigned)armour_write("x", size, image_source, &size, log_line, &log), 0, "60 bytes are written");
	is_number(log.count, 4, "as BEGIN, two lines, END");
	is_text(log.line[0], "-----BEGIN CR86 IMAGE x 60-----", "BEGIN");
	is_number(strlen(log.line[1]), 76, "57 bytes in the first line");
	is_number(strlen(log.line[2]), 4, "3 bytes in the second");
	is_text(log.line[3] + 36, "-----", "END ends with dashes");
	ok(strncmp(log.line[3], "-----END CR86 IMAGE x crc32 ", 28) == 0, "END names the image");
	is_number(strtoul(log.line[3] + 28, NULL, 16), crc32(0, image, 60), "END has zlib's CRC-32");
}

static void test_sizes(void)
{
	bool good = true;

	for (u32 size = 0; size <= IMAGE_SIZE; size++) {
		struct log log = make_log("traveller-2.x_Y", size);
		struct outcome o = read_log(&log, size % 2 ? "\r\n" : "\n");

		if (o.complete != 1 || !o.right || o.refused) {
			note("%u bytes: %s", size, o.error);
			good = false;
		}
	}
	ok(good, "images of 0 to 1136 bytes come back");
}

static void test_several_images(void)
{
	struct log log = make_log("one", IMAGE_SIZE), more = make_log("two", 100);
	struct outcome o;

	for (u32 n = 0; n < more.count; n++)
		log_line(&log, more.line[n]);
	o = read_log(&log, "\r\n");
	ok(o.complete == 2 && o.right && !o.refused, "two images in one log");
	o = read_log(&log, "");
	ok(o.complete == 2 && o.right && !o.refused, "lines without their ends");
}

/* Takes as many lines as `cookie` says. */
static int failing_line(void *cookie, const char *line)
{
	(void)line;
	return (*(u32 *)cookie)-- ? 0 : -EIO;
}

static void test_failing_sink(void)
{
	enum { ARMOUR_LINES = 22 }; /* BEGIN, 20 of bytes, END */
	u32 size = IMAGE_SIZE, wrong = 0;

	for (u32 lines = 0; lines <= ARMOUR_LINES; lines++) {
		u32 left = lines;
		int ret = armour_write("x", size, image_source, &size, failing_line, &left);

		wrong += ret != (lines < ARMOUR_LINES ? -EIO : 0) || left != (lines < ARMOUR_LINES ? (u32)-1 : 0);
	}
	ok(wrong == 0, "a sink that fails at any line: its error, and nothing more is written");
}

static void test_writer_refusals(void)
{
	u32 size = 50;
	struct log log = {0};

	is_number((unsigned)armour_write("x", 60, image_source, &size, log_line, &log), (unsigned)-EPIPE,
		  "a source that ends early");
	is_number((unsigned)armour_write("", 50, image_source, &size, log_line, &log), (unsigned)-EINVAL, "no name");
	is_number((unsigned)armour_write("a b", 50, image_source, &size, log_line, &log), (unsigned)-EINVAL,
		  "a blank in the name");
	is_number((unsigned)armour_write("../x", 50, image_source, &size, log_line, &log), (unsigned)-EINVAL,
		  "a slash in the name");
	ok(armour_name_valid("0123456789012345678901234567890"), "a name of 31 characters");
	ok(!armour_name_valid("01234567890123456789012345678901"), "no name of 32");
}

/* --- Damage --- */

/* Refused, at line `line` (0: anywhere), the message beginning with the number of the line at which it was. */
static bool refused_at(const struct log *log, u32 line)
{
	struct outcome o = read_log(log, "\r\n");
	char prefix[16];

	snprintf(prefix, sizeof(prefix), "line %u: ", o.refused);
	if (o.refused && (!line || o.refused == line) && strncmp(o.error, prefix, strlen(prefix)) == 0)
		return true;
	note("expected line %u, got %u: %s", line, o.refused, o.error);
	return false;
}

/* Lines 3 (BEGIN) to 23 (END) of the log are the armour; 4 to 22 its bytes, the last of them shorter. */
enum { BEGIN_LINE = 3, FIRST = 4, LAST = 23, END_LINE = 24, LOG_LINES = 25 };

static void test_flipped_characters(const struct log *good)
{
	bool foreign = true, other = true;

	for (u32 line = FIRST; line <= LAST; line++)
		for (u32 n = 0; good->line[line - 1][n]; n++) {
			struct log log = *good;
			char *c = &log.line[line - 1][n];

			*c = '~';
			foreign &= refused_at(&log, line);
			*c = good->line[line - 1][n] == 'A' ? 'B' : 'A'; /* valid base64: only the CRC can tell */
			other &= refused_at(&log, strchr(good->line[line - 1], '=') ? 0 : END_LINE);
		}
	ok(foreign, "a character that is not base64 is refused at its line");
	ok(other, "another base64 character is refused at END");
}

static void test_flipped_frame(const struct log *good, u32 line, const char *what)
{
	bool all = true;

	for (u32 n = 0; good->line[line - 1][n]; n++) {
		static const char others[] = {'~', 'A', '0', '9', ' ', '-'};

		for (u32 i = 0; i < sizeof(others); i++) {
			struct log log = *good;

			if (log.line[line - 1][n] == others[i])
				continue;
			log.line[line - 1][n] = others[i];
			all &= refused_at(&log, 0);
		}
	}
	ok(all, "any character of %s changed is refused", what);
}

static void test_lost_characters(const struct log *good)
{
	bool lost = true, doubled = true;

	for (u32 line = BEGIN_LINE; line <= END_LINE; line++)
		for (u32 n = 0; good->line[line - 1][n]; n++) {
			bool frame = line == BEGIN_LINE || line == END_LINE;
			struct log log = *good;

			strcpy(log.line[line - 1] + n, good->line[line - 1] + n + 1);
			lost &= refused_at(&log, frame ? 0 : line);
			strcpy(log.line[line - 1] + n + 1, good->line[line - 1] + n);
			doubled &= refused_at(&log, frame ? 0 : line);
		}
	ok(lost, "a lost character is refused, in base64 at its line");
	ok(doubled, "a doubled character is refused, in base64 at its line");
}

static struct log with_line(const struct log *good, u32 before, const char *line)
{
	struct log log = *good;

	memmove(log.line[before], log.line[before - 1], (log.count - before + 1) * sizeof(log.line[0]));
	snprintf(log.line[before - 1], sizeof(log.line[0]), "%s", line);
	log.count++;
	return log;
}

static void test_lines_lost_and_added(const struct log *good)
{
	bool lost = true, doubled = true, swapped = true, text = true, empty = true, cut = true;

	for (u32 line = BEGIN_LINE; line <= END_LINE; line++) {
		struct log log = *good;

		memmove(log.line[line - 1], log.line[line], (log.count - line) * sizeof(log.line[0]));
		log.count--;
		lost &= refused_at(&log, 0);
		log = with_line(good, line, good->line[line - 1]);
		doubled &= refused_at(&log, 0);
		if (line < END_LINE) {
			log = *good;
			memcpy(log.line[line - 1], good->line[line], sizeof(log.line[0]));
			memcpy(log.line[line], good->line[line - 1], sizeof(log.line[0]));
			swapped &= refused_at(&log, 0);
			log = *good;
			log.count = line;
			cut &= refused_at(&log, line);
		}
		if (line > BEGIN_LINE) {
			log = with_line(good, line, "# timer: 100 Hz");
			text &= refused_at(&log, line);
			log = with_line(good, line, "");
			empty &= refused_at(&log, line);
		}
	}
	ok(lost, "a lost line is refused");
	ok(doubled, "a doubled line is refused");
	ok(swapped, "two lines exchanged are refused");
	ok(text, "a line of other output inside is refused at its number");
	ok(empty, "an empty line inside is refused at its number");
	ok(cut, "a log that ends inside is refused");
}

/* --- The log as a stream of bytes, as it comes over a serial line --- */

struct stream {
	u32 size, begin, end; /* from the first byte of BEGIN to behind the last of END's line */
	char bytes[LINES * 80];
};

static struct stream as_stream(const struct log *log)
{
	struct stream s = {0};

	for (u32 n = 0; n < log->count; n++) {
		if (n + 1 == BEGIN_LINE)
			s.begin = s.size;
		s.size += (u32)sprintf(s.bytes + s.size, "%s\r\n", log->line[n]);
		if (n + 1 == END_LINE)
			s.end = s.size;
	}
	return s;
}

static struct outcome read_stream(const char *bytes, u32 size)
{
	struct reading g = {.o.right = true};

	while (size) {
		const char *end = memchr(bytes, '\n', size);
		u32 length = end ? (u32)(end + 1 - bytes) : size;

		feed(&g, bytes, length);
		bytes += length;
		size -= length;
	}
	return end_of(&g);
}

/* Refused, by the number of a line; or the damage does not matter, and the image is there whole. */
static bool refused_or_whole(const char *bytes, u32 size, const char *what, u32 at)
{
	struct outcome o = read_stream(bytes, size);
	char prefix[16];

	snprintf(prefix, sizeof(prefix), "line %u: ", o.refused);
	if (o.refused ? strncmp(o.error, prefix, strlen(prefix)) == 0 : o.complete == 1 && o.right)
		return true;
	note("%s %u: refused at line %u (%s), %d images", what, at, o.refused, o.error, o.complete);
	return false;
}

static void test_each_byte(const struct log *log)
{
	struct stream good = as_stream(log), s;
	bool dropped = true, doubled = true, flipped = true;

	for (u32 at = good.begin; at < good.end; at++) {
		s = good;
		memmove(s.bytes + at, good.bytes + at + 1, good.size - at - 1);
		dropped &= refused_or_whole(s.bytes, good.size - 1, "without byte", at);
		s = good;
		memmove(s.bytes + at + 1, good.bytes + at, good.size - at);
		doubled &= refused_or_whole(s.bytes, good.size + 1, "twice byte", at);
		for (u32 bit = 0; bit < 8; bit++) {
			s = good;
			s.bytes[at] ^= (char)(1 << bit);
			flipped &= refused_or_whole(s.bytes, good.size, "with a flipped bit in byte", at);
		}
	}
	ok(dropped, "each byte of the armour lost, line ends included: refused, or the image is whole");
	ok(doubled, "each byte twice");
	ok(flipped, "each bit of each byte flipped");
}

/* Where the damage matters, it is noticed: of all the losses only those of a carriage return do not. */
static void test_what_does_not_matter(const struct log *log)
{
	struct stream good = as_stream(log), s;
	bool all = true;

	for (u32 at = good.begin; at < good.end; at++) {
		struct outcome o;

		s = good;
		memmove(s.bytes + at, good.bytes + at + 1, good.size - at - 1);
		o = read_stream(s.bytes, good.size - 1);
		all &= !o.refused == (good.bytes[at] == '\r');
	}
	ok(all, "no byte can be lost unnoticed but a carriage return");
}

static void test_messages(const struct log *good)
{
	struct log log = *good;
	struct outcome o;

	log.line[6][10] = '?';
	o = read_log(&log, "\n");
	is_text(o.error, "line 7: character 11 is not base64 (image traveller, begun on line 3)",
		"the message says where");
	log = *good;
	strcpy(log.line[END_LINE - 1], "-----END CR86 IMAGE traveller crc32 00000000-----");
	o = read_log(&log, "\n");
	ok(strstr(o.error, "line 24: image traveller, lines 3 to 24: its bytes have CRC-32 "),
	   "a wrong checksum: which lines");
	log = *good;
	strcpy(log.line[9], good->line[9] + 1);
	o = read_log(&log, "\n");
	is_text(o.error, "line 10: 75 characters, expected 76 of base64 (image traveller, begun on line 3)",
		"a lost character");
	log = *good;
	strcpy(log.line[LAST - 1], good->line[END_LINE - 1]);
	o = read_log(&log, "\n");
	is_text(o.error, "line 23: image traveller, begun on line 3, ends after 1083 of 1136 bytes: lines are missing",
		"a lost line");
	log = *good;
	snprintf(log.line[BEGIN_LINE - 1], sizeof(log.line[0]), "noise%.100s", good->line[BEGIN_LINE - 1]);
	ok(refused_at(&log, BEGIN_LINE), "other output before BEGIN on its line");
	strcpy(log.line[BEGIN_LINE - 1], "----BEGIN CR86 IMAGE traveller 1136-----");
	ok(refused_at(&log, BEGIN_LINE), "a damaged BEGIN is refused at its own line");
	strcpy(log.line[BEGIN_LINE - 1], "noise");
	o = read_log(&log, "\n");
	is_text(o.error, "line 24: END of an image whose BEGIN line is missing or damaged", "a lost BEGIN");
	log = *good;
	strcpy(log.line[END_LINE - 1], "noise");
	o = read_log(&log, "\n");
	is_text(o.error, "line 24: more than the 1136 bytes of image traveller, begun on line 3", "a lost END");
	log = *good;
	strcpy(log.line[BEGIN_LINE - 1], "-----BEGIN CR86 IMAGE traveller 99999999999-----");
	ok(refused_at(&log, BEGIN_LINE), "a size beyond 32 bits");
	strcpy(log.line[BEGIN_LINE - 1], "-----BEGIN CR86 IMAGE 01234567890123456789012345678901 1136-----");
	ok(refused_at(&log, BEGIN_LINE), "a name of 32 characters");
	strcpy(log.line[BEGIN_LINE - 1], "-----BEGIN CR86 IMAGE ../traveller 1136-----");
	ok(refused_at(&log, BEGIN_LINE), "a name with a slash");
}

int main(void)
{
	struct log good;

	for (u32 n = 0; n < IMAGE_SIZE; n++)
		image[n] = (u8)(n * 37 + (n >> 3));
	test_crc32();
	test_base64_vectors();
	test_base64_alphabet();
	test_base64_refusals();
	test_lines();
	test_sizes();
	test_several_images();
	test_failing_sink();
	test_writer_refusals();
	good = make_log("traveller", IMAGE_SIZE);
	if (!ok(good.count == LOG_LINES && read_log(&good, "\n").complete == 1, "the log to be damaged is good"))
		note("%u lines", good.count);
	test_flipped_characters(&good);
	test_flipped_frame(&good, BEGIN_LINE, "BEGIN");
	test_flipped_frame(&good, END_LINE, "END");
	test_lost_characters(&good);
	test_lines_lost_and_added(&good);
	test_each_byte(&good);
	test_what_does_not_matter(&good);
	test_messages(&good);
	return done_testing();
}
