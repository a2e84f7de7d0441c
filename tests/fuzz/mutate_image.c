/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Images that are nearly right: a field is changed where the project's own tables say that it stands, a page or a
 * component comes or goes, records are moved about; then what the change would give away at once is mostly mended.
 */
#include "image.h"
#include "pieces.h"

/* --- Fields --- */

struct place {
	u32 at;
	u32 size;
};

/* Where the bytes stand, in a record, that the rows of cr_registers count from. */
static u32 registers_base(const struct span *record)
{
	return record->at + sizeof(struct cr_hdr);
}

static bool same_record(const struct pieces *p, const struct span *record, const struct cr_register *r)
{
	u32 component = 0;

	if (r->record != CR_HDR_XSTATE || record->size < sizeof(struct cr_hdr) + sizeof(struct cr_hdr_xstate))
		return true;
	memcpy(&component, p->b.data + registers_base(record), sizeof(component));
	return component == r->component;
}

/* All fields of a record: of its header, those of tools/image.c, registers; and any four bytes. Returns how many. */
static u32 find_fields(struct pieces *p, const struct span *record, struct place *places)
{
	s16 type = record_type(&p->b, record);
	u32 count = 0, base = registers_base(record);

	places[count++] = (struct place){record->at + offsetof(struct cr_hdr, type), 2};
	places[count++] = (struct place){record->at + offsetof(struct cr_hdr, len), 2};
	places[count++] = (struct place){record->at + offsetof(struct cr_hdr, parent), 4};
	places[count++] = (struct place){record->at + pieces_random(p, record->size / 4 + 1) * 4, 4};
	for (u32 n = 0; n < field_count; n++)
		if (fields[n].record == type)
			places[count++] = (struct place){base + fields[n].offset, fields[n].size};
	if (type == CR_HDR_THREAD)
		base += sizeof(struct cr_hdr_thread);
	if (type == CR_HDR_XSTATE)
		base += sizeof(struct cr_hdr_xstate);
	for (u32 n = 0; n < cr_register_count; n++)
		if (cr_registers[n].record == type && same_record(p, record, &cr_registers[n]))
			places[count++] = (struct place){base + cr_registers[n].offset, cr_registers[n].size};
	return count;
}

/* Values at which something begins or ends; -1 and what is next to another come by themselves. */
static const u64 edges[] = {
	0,
	1,
	0x7fff,
	0x8000,
	0xbfffffff,
	0xbffff000,
	0xc0000000,
	0xfffff000,
	0x80000000,
	0xffffffff,
	0x08048000,
	0x73,
	0x7b,
	0x33,
	0x43,
	0x07,
	0x0f,
	0x1f80,
	PAGE_SIZE,
	0x202,
	0x00240ed7,
	0x01020304,
	(u64)1 << 32,
	(u64)-1,
	0x00cffa000000ffff,
	0x00cff2000000ffff,
};

static void change_field(struct pieces *p)
{
	static struct place places[512];
	struct span record = pieces_any(p);
	u32 count = find_fields(p, &record, places);
	struct place place = places[pieces_random(p, count)];
	u8 *bytes = p->b.data + place.at;
	u64 edge = edges[pieces_random(p, ARRAY_SIZE(edges))] + pieces_random(p, 3) - 1;

	if (place.at + place.size > p->b.size)
		return;
	switch (pieces_random(p, 4)) {
	case 0:
		bytes[pieces_random(p, place.size)] ^= (u8)BIT(pieces_random(p, 8));
		break;
	case 1:
		LLVMFuzzerMutate(bytes, place.size, place.size);
		break;
	case 2:
		bytes[0] += (u8)(1 - 2 * pieces_random(p, 2));
		break;
	default:
		memcpy(bytes, &edge, place.size < sizeof(edge) ? place.size : sizeof(edge));
		break;
	}
}

/* --- Pages, descriptors, components --- */

/* One page of a batch leaves, or all of them from one on. */
static void drop_pages(struct pieces *p, struct span record, u32 nr_pages)
{
	u32 addresses = record.at + sizeof(struct cr_hdr) + sizeof(struct cr_hdr_pgarr);
	u32 n = pieces_random(p, nr_pages), count = pieces_random(p, 2) ? 1 : nr_pages - n;
	u64 left = nr_pages - count;

	memcpy(p->b.data + addresses - sizeof(left), &left, sizeof(left));
	pieces_splice(p, addresses + nr_pages * (u32)sizeof(u32) + n * PAGE_SIZE, count * PAGE_SIZE, NULL, 0);
	pieces_splice(p, addresses + n * (u32)sizeof(u32), count * (u32)sizeof(u32), NULL, 0);
}

/* A batch becomes two. */
static void split_batch(struct pieces *p, struct span record, u32 nr_pages)
{
	u32 addresses = record.at + sizeof(struct cr_hdr) + sizeof(struct cr_hdr_pgarr);
	u32 first = 1 + pieces_random(p, nr_pages - 1), second = nr_pages - first;
	struct buffer b = {0};
	struct cr_ctx to = writer(&b);
	u32 *all = calloc(nr_pages, sizeof(*all));

	memcpy(all, p->b.data + addresses, nr_pages * sizeof(*all));
	addresses += nr_pages * (u32)sizeof(*all);
	cr_write_pgarr(&to, all, first);
	cr_kwrite(&to, p->b.data + addresses, first * PAGE_SIZE);
	cr_write_pgarr(&to, all + first, second);
	cr_kwrite(&to, p->b.data + addresses + first * PAGE_SIZE, second * PAGE_SIZE);
	pieces_splice(p, record.at, record.size, b.data, b.size);
	buffer_free(&b);
	free(all);
}

static void change_pages(struct pieces *p)
{
	struct span record = pieces_any(p);
	u64 nr_pages = 0;

	if (record_type(&p->b, &record) != CR_HDR_PGARR || record.size <= sizeof(struct cr_hdr) + sizeof(nr_pages))
		return;
	memcpy(&nr_pages, p->b.data + record.at + sizeof(struct cr_hdr), sizeof(nr_pages));
	if (record.size != sizeof(struct cr_hdr) + sizeof(nr_pages) + nr_pages * (sizeof(u32) + PAGE_SIZE))
		return; /* there are not as many */
	if (nr_pages > 1 && pieces_random(p, 2))
		split_batch(p, record, (u32)nr_pages);
	else
		drop_pages(p, record, (u32)nr_pages);
}

/* An LDT of any size becomes one of any other, of flat data segments and of nothing. */
static void change_ldt(struct pieces *p)
{
	static u64 ldt[LDT_ENTRIES + 1];
	struct buffer b = {0};
	struct cr_ctx to = writer(&b);
	u32 nldt = pieces_random(p, 2) ? pieces_random(p, 9) : LDT_ENTRIES - 1 + pieces_random(p, 3);

	for (u32 n = 0; n < nldt; n++)
		ldt[n] = pieces_random(p, 2) ? 0x00cff2000000ffff : 0;
	cr_write_mm_context(&to, ldt, nldt);
	for (u32 n = 0; n < p->count; n++)
		if (record_type(&p->b, &p->span[n]) == CR_HDR_MM_CONTEXT) {
			pieces_splice(p, p->span[n].at, p->span[n].size, b.data, b.size);
			break;
		}
	buffer_free(&b);
}

static void add_component(struct pieces *p)
{
	static const u16 sizes[] = {0, 1, 8, 16, 64, 128, 256, 512, 1024, 8192, 32759};
	u8 state[1 << 15] = {0};
	struct buffer b = {0};
	struct cr_ctx to = writer(&b);
	u32 size = sizes[pieces_random(p, ARRAY_SIZE(sizes))], component = pieces_random(p, 20);

	if (size)
		state[pieces_random(p, size)] = 0x5a;
	cr_write_xstate(&to, 0, component, state, size);
	for (u32 n = 0; n < p->count; n++)
		if (record_type(&p->b, &p->span[n]) == CR_HDR_TAIL) {
			pieces_splice(p, p->span[n].at, 0, b.data, b.size);
			break;
		}
	buffer_free(&b);
}

/* --- Mending: what an image says twice is the same again, and what must be 0 is --- */

/* The image under way, as found from its HEAD on. Payloads need not be aligned. */
struct tally {
	u8 *head, *mm; /* payloads, or NULL */
	u8 pid[4];
};

static void set(u8 *field, u64 value, u32 size)
{
	memcpy(field, &value, size);
}

static void mend_head(u8 *payload, struct tally *t)
{
	*t = (struct tally){.head = payload};
	set(payload + offsetof(struct cr_hdr_head, rev), CR_REV_RFC, 2);
}

static void mend_mm(u8 *payload, struct tally *t)
{
	t->mm = payload;
	set(payload + offsetof(struct cr_hdr_mm, map_count), 0, 4);
}

static void mend_vma(u8 *payload, struct tally *t)
{
	struct cr_hdr_vma vma;

	memcpy(&vma, payload, sizeof(vma));
	set(payload + offsetof(struct cr_hdr_vma, vm_page_prot), cr_page_prot(vma.vm_flags), 8);
	if (t->mm)
		t->mm[offsetof(struct cr_hdr_mm, map_count)]++;
}

static void mend_thread(u8 *payload, struct tally *t)
{
	u64 tls[CR_TLS_ENTRIES];

	memcpy(tls, payload + sizeof(struct cr_hdr_thread), sizeof(tls));
	memcpy(t->pid, payload - sizeof(t->pid), sizeof(t->pid));
	set(payload + offsetof(struct cr_hdr_thread, ntls), (tls[0] != 0) + (tls[1] != 0) + (tls[2] != 0), 2);
}

static void mend_fpu(struct cr_hdr_cpu *cpu)
{
	struct fxsave fx;
	struct fsave fs;

	memcpy(&fx, cpu->xstate, sizeof(fx));
	memcpy(&fs, cpu->xstate, sizeof(fs));
	memset(cpu->xstate, 0, sizeof(cpu->xstate));
	fxsave_canonical(&fx);
	fsave_canonical(&fs);
	if (cpu->has_fxsr)
		memcpy(cpu->xstate, &fx, sizeof(fx));
	else if (cpu->used_math)
		memcpy(cpu->xstate, &fs, sizeof(fs));
}

static void mend_cpu(u8 *payload, struct tally *t)
{
	struct cr_hdr_cpu cpu;

	memcpy(&cpu, payload, sizeof(cpu));
	cpu.uses_debug = (cpu.debugreg7 & DR7_ENABLE) != 0;
	cpu.has_fxsr &= cpu.used_math;
	mend_fpu(&cpu);
	memcpy(payload, &cpu, sizeof(cpu));
	memcpy(payload - sizeof(t->pid), t->pid, sizeof(t->pid));
}

/* Records that the RFC does not know. */
static void mend_rev(u8 *payload, struct tally *t)
{
	(void)payload;
	if (t->head)
		set(t->head + offsetof(struct cr_hdr_head, rev), CR_REV_XSTATE, 2);
}

static void mend_signal(u8 *payload, struct tally *t)
{
	memcpy(payload - sizeof(t->pid), t->pid, sizeof(t->pid));
	mend_rev(payload, t);
}

static void mend_xstate(u8 *payload, struct tally *t)
{
	struct cr_hdr h;

	memcpy(&h, payload - sizeof(h), sizeof(h));
	set(payload + offsetof(struct cr_hdr_xstate, size), (u64)(h.len - (s32)sizeof(struct cr_hdr_xstate)), 4);
	mend_signal(payload, t);
}

static const struct {
	s16 type;
	u16 size; /* of what is looked at */
	void (*mend)(u8 *payload, struct tally *t);
} mends[] = {
	{CR_HDR_HEAD, sizeof(struct cr_hdr_head), mend_head},
	{CR_HDR_MM, sizeof(struct cr_hdr_mm), mend_mm},
	{CR_HDR_VMA, sizeof(struct cr_hdr_vma), mend_vma},
	{CR_HDR_THREAD, sizeof(struct cr_hdr_thread) + CR_TLS_ENTRIES * sizeof(u64), mend_thread},
	{CR_HDR_CPU, sizeof(struct cr_hdr_cpu), mend_cpu},
	{CR_HDR_XSTATE, sizeof(struct cr_hdr_xstate), mend_xstate},
	{CR_HDR_SIGNAL, sizeof(struct cr_hdr_signal), mend_signal},
	{CR_HDR_PROGRAM, sizeof(struct cr_hdr_program), mend_rev},
};

static void mend(struct pieces *p)
{
	struct tally t = {0};

	for (u32 i = 0; i < p->count; i++)
		for (u32 n = 0; n < ARRAY_SIZE(mends); n++)
			if (mends[n].type == record_type(&p->b, &p->span[i]) &&
			    p->span[i].size >= sizeof(struct cr_hdr) + mends[n].size)
				mends[n].mend(p->b.data + p->span[i].at + sizeof(struct cr_hdr), &t);
}

/* --- The mutator --- */

static struct pieces image, other;

size_t mutate_image(u8 *data, size_t size, size_t max, unsigned seed)
{
	pieces_init(&image, data, size, max, seed, find_records);
	do {
		switch (pieces_random(&image, 16)) {
		case 0:
			change_ldt(&image);
			break;
		case 1:
			change_pages(&image);
			break;
		case 2:
			add_component(&image);
			break;
		case 3 ... 6:
			pieces_mutate(&image);
			break;
		default:
			change_field(&image);
			break;
		}
		image.count = find_records(&image.b, image.span, PIECES_MAX);
	} while (image.count && pieces_random(&image, 2));
	if (pieces_random(&image, 4))
		mend(&image);
	return image.b.size;
}

size_t cross_images(const u8 *a, size_t a_size, const u8 *b, size_t b_size, u8 *out, size_t max, unsigned seed)
{
	struct span into, from;

	if (a_size > max)
		a_size = max;
	memcpy(out, a, a_size);
	pieces_init(&image, out, a_size, max, seed, find_records);
	pieces_init(&other, (u8 *)b, b_size, b_size, seed, find_records);
	into = pieces_any(&image);
	from = pieces_any(&other);
	for (u32 n = 0; n < other.count && record_type(&image.b, &into) != record_type(&other.b, &from); n++)
		from = other.span[n];
	pieces_splice(&image, into.at, into.size, other.b.data + from.at, from.size);
	if (pieces_random(&image, 4))
		mend(&image);
	return image.b.size;
}
