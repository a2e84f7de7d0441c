/* SPDX-License-Identifier: GPL-2.0-only */
#include "timer.h"
#include "apic.h"
#include "measure.h"
#include "port.h"
#include "trap.h"

enum {
	PIC1_COMMAND = 0x20,
	PIC1_DATA = 0x21,
	PIC2_COMMAND = 0xa0,
	PIC2_DATA = 0xa1,
	PIC_INIT = 0x11, /* ICW1: edge-triggered, cascade, ICW4 follows */
	PIC_8086 = 0x01, /* ICW4 */
	PIC_EOI = 0x20,	 /* OCW2: non-specific end of interrupt */
	PIC_ISR = 0x0b,	 /* OCW3: the next read gives the interrupts in service */
	PIC_CASCADE = 2, /* the second PIC hangs on input 2 of the first */
	PIC_TIMER_ONLY = 0xfe,
	PIC_NONE = 0xff,

	PIT_CHANNEL0 = 0x40,
	PIT_MODE = 0x43,
	PIT_RATE_GENERATOR = 0x34, /* channel 0, low byte then high byte, mode 2, binary */
	PIT_LATCH = 0x00,	   /* channel 0: the next two reads give its count as it is now */
	TRIAL = 1193,		   /* a period for trying, of a millisecond */
};

/* What the ticks come from. A period is in counts of the PIT's clock, whoever counts it. */
struct source {
	void (*start)(u32 period);
	u32 (*count)(void);   /* what is left of the period, in counts of its own */
	void (*served)(void); /* an interrupt is: the next may come */
};

static const struct source *source; /* NULL: none come */

static volatile u32 ticks; /* they come at any time while timer_init tries */
static u32 ticks_per_second;

/* False: there are none, for the first one's mask is not what was written. */
static bool pic_init(void)
{
	outb(PIC1_COMMAND, PIC_INIT);
	outb(PIC2_COMMAND, PIC_INIT);
	outb(PIC1_DATA, TRAP_TIMER);
	outb(PIC2_DATA, TRAP_TIMER + 8);
	outb(PIC1_DATA, BIT(PIC_CASCADE));
	outb(PIC2_DATA, PIC_CASCADE);
	outb(PIC1_DATA, PIC_8086);
	outb(PIC2_DATA, PIC_8086);
	outb(PIC1_DATA, PIC_TIMER_ONLY);
	outb(PIC2_DATA, PIC_NONE);
	return inb(PIC1_DATA) == PIC_TIMER_ONLY;
}

/* --- the PIT, through the PIC --- */

static void pit_start(u32 period)
{
	outb(PIT_MODE, PIT_RATE_GENERATOR);
	outb(PIT_CHANNEL0, period & 0xff);
	outb(PIT_CHANNEL0, (u8)(period >> 8));
}

static u32 pit_count(void)
{
	u32 low;

	outb(PIT_MODE, PIT_LATCH);
	low = inb(PIT_CHANNEL0);
	return low | (u32)inb(PIT_CHANNEL0) << 8;
}

static void pic_served(void)
{
	outb(PIC1_COMMAND, PIC_EOI);
}

static const struct source pit = {pit_start, pit_count, pic_served};

/* --- the local APIC's timer --- */

#define GUESS (100000000u / (PIT_FREQUENCY >> MEASURE_SHIFT)) /* as far as at 100 MHz, a usual bus clock */

static u32 counts_measured;

static void apic_start(u32 period)
{
	apic_timer_start((u32)((u64)period * counts_measured >> MEASURE_SHIFT), TRAP_TIMER);
}

static const struct source apic = {apic_start, apic_timer_count, apic_end_of_interrupt};

/* --- which of them --- */

void timer_period(u32 counts)
{
	if (source)
		source->start(counts);
}

/* A count that goes on from its start is another one soon, whatever stands in the way of its interrupts. */
static bool counts(void)
{
	u32 count = source->count();

	for (u32 n = 0; n < 10000; n++)
		if (source->count() != count)
			return true;
	return false;
}

/* One interrupt is awaited, for as long as fifty take. */
static bool interrupts_come(void)
{
	u32 rounds = 0;

	__asm__ volatile("sti");
	for (u32 last = 0, now; !ticks && rounds < 50; last = now) {
		now = source->count();
		rounds += now > last;
	}
	__asm__ volatile("cli");
	return ticks;
}

/* The way from the PIC to the CPU leads through the local APIC, where there is one. */
static const char *try_pit(void)
{
	if (!pic_init())
		return "PIC";
	source = &pit;
	timer_period(TRIAL);
	if (!counts())
		return "PIT";
	if (interrupts_come() || (apic_pass_pic() && interrupts_come()))
		return NULL;
	return "way for the PIC's interrupts to the CPU";
}

static const char *try_apic(void)
{
	static const char none[] = "no timer ends what hangs";
	u32 measured;

	outb(PIC1_DATA, PIC_NONE); /* of a PIT that comes late, nobody would wait for the end */
	source = NULL;
	if (!apic_timer_init())
		return none;
	measured = measure_apic_timer();
	counts_measured = measured ? measured : GUESS;
	source = &apic;
	timer_period(measured ? TRIAL : 10 * TRIAL); /* a timer of 1 GHz is ten times as fast as the guess */
	if (counts() && interrupts_come())
		return measured ? "ticks by the local APIC" : "ticks of unknown length";
	apic_timer_start(0, 0);
	source = NULL;
	return none;
}

__cold const char *timer_init(u32 hz, const char **instead)
{
	const char *missing = try_pit();

	if (missing)
		*instead = try_apic();
	ticks = 0;
	ticks_per_second = hz;
	timer_begin();
	return missing;
}

/*
 * A new period may begin with an edge, and so with an interrupt of its own; and one may wait from before. What waits comes
 * while the count is read.
 */
void timer_begin(void)
{
	if (!source)
		return;
	timer_period((PIT_FREQUENCY + ticks_per_second / 2) / ticks_per_second);
	__asm__ volatile("sti");
	source->count();
	__asm__ volatile("cli");
}

void timer_tick(void)
{
	ticks++;
	if (source)
		source->served();
}

void timer_wait(void)
{
	if (!source)
		ticks++;
}

u32 timer_ticks(void)
{
	return ticks;
}

u32 timer_hz(void)
{
	return ticks_per_second;
}

static void pic_dismiss(u16 command)
{
	outb(command, PIC_ISR);
	if (inb(command))
		outb(command, PIC_EOI);
}

void pics_dismiss(void)
{
	pic_dismiss(PIC2_COMMAND);
	pic_dismiss(PIC1_COMMAND);
}
