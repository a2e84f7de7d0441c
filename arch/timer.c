/* SPDX-License-Identifier: GPL-2.0-only */
#include "timer.h"
#include "apic.h"
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
	PIC_POLL = 0x0c, /* OCW3: the next read takes the interrupt that waits, as the CPU would */
	PIC_POLL_PENDING = 0x80,
	PIC_ISR = 0x0b,	 /* OCW3: the next read gives the interrupts in service */
	PIC_CASCADE = 2, /* the second PIC hangs on input 2 of the first */
	PIC_TIMER_ONLY = 0xfe,
	PIC_NONE = 0xff,

	PIT_CHANNEL0 = 0x40,
	PIT_MODE = 0x43,
	PIT_RATE_GENERATOR = 0x34, /* channel 0, low byte then high byte, mode 2, binary */
	PIT_LATCH = 0x00,	   /* channel 0: the next two reads give its count as it is now */
	PIT_FREQUENCY = 1193182,   /* Hz */
	PIT_TRIAL = 1193,	   /* a period for trying, of a millisecond */

	CMOS_INDEX = 0x70,
	CMOS_DATA = 0x71,
};

static volatile u32 ticks; /* they come at any time while timer_init tries */
static u32 ticks_per_second;
static bool ticks_come;
static bool has_clock;
static u64 boot_time;

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

/* MC146818 registers */
enum { RTC_SECOND = 0, RTC_MINUTE = 2, RTC_HOUR = 4, RTC_DAY = 7, RTC_MONTH = 8, RTC_YEAR = 9, RTC_A = 10, RTC_B = 11 };
#define RTC_A_UPDATING BIT(7)
#define RTC_B_BINARY   BIT(2)
#define RTC_B_24H      BIT(1)
#define RTC_HOUR_PM    BIT(7)

static u8 cmos(u8 index)
{
	outb(CMOS_INDEX, index);
	return inb(CMOS_DATA);
}

static u32 rtc_value(u8 index, u8 mask)
{
	u8 value = cmos(index) & mask;

	return cmos(RTC_B) & RTC_B_BINARY ? value : (value >> 4) * 10u + (value & 15);
}

/* Days from 1 January 1970; the year is taken to begin in March, so that the leap day comes last. */
static u32 days_since_1970(u32 year, u32 month, u32 day)
{
	if (month <= 2) {
		month += 12;
		year--;
	}
	return 365 * year + year / 4 - year / 100 + year / 400 + (153 * (month - 3) + 2) / 5 + day - 719469;
}

static u64 clock_read(void)
{
	u32 patience = 10000, second, minute, hour, days;

	/* While the clock counts on, its registers are not to be read. That takes 2 ms. */
	while (cmos(RTC_A) & RTC_A_UPDATING && patience--)
		;
	second = rtc_value(RTC_SECOND, 0x7f);
	minute = rtc_value(RTC_MINUTE, 0x7f);
	hour = rtc_value(RTC_HOUR, 0x7f);
	if (!(cmos(RTC_B) & RTC_B_24H))
		hour = hour % 12 + (cmos(RTC_HOUR) & RTC_HOUR_PM ? 12 : 0);
	days = days_since_1970(2000 + rtc_value(RTC_YEAR, 0xff), rtc_value(RTC_MONTH, 0x1f), rtc_value(RTC_DAY, 0x3f));
	return (u64)days * 86400 + hour * 3600 + minute * 60 + second;
}

void timer_period(u32 counts)
{
	outb(PIT_MODE, PIT_RATE_GENERATOR);
	outb(PIT_CHANNEL0, counts & 0xff);
	outb(PIT_CHANNEL0, (u8)(counts >> 8));
}

static u32 pit_count(void)
{
	u32 low;

	outb(PIT_MODE, PIT_LATCH);
	low = inb(PIT_CHANNEL0);
	return low | (u32)inb(PIT_CHANNEL0) << 8;
}

/* A count that goes on from its start is another one soon, whatever stands in the way of its interrupts. */
static bool pit_counts(void)
{
	u32 count = pit_count();

	for (u32 n = 0; n < 10000; n++)
		if (pit_count() != count)
			return true;
	return false;
}

/*
 * The way from the PIC to the CPU leads through the local APIC, where there is one. So one interrupt is awaited, for as
 * long as the PIT takes for fifty.
 */
static bool interrupts_come(void)
{
	u32 rounds = 0;

	__asm__ volatile("sti");
	for (u32 last = 0, now; !ticks && rounds < 50; last = now) {
		now = pit_count();
		rounds += now > last;
	}
	__asm__ volatile("cli");
	return ticks;
}

static const char *try_timer(void)
{
	if (!pic_init())
		return "PIC";
	timer_period(PIT_TRIAL);
	if (!pit_counts())
		return "PIT";
	if (interrupts_come() || (apic_pass_pic() && interrupts_come()))
		return NULL;
	return "way for the PIC's interrupts to the CPU";
}

const char *timer_init(u32 hz)
{
	const char *missing = try_timer();

	ticks = 0;
	ticks_come = !missing;
	ticks_per_second = hz;
	timer_begin();
	return missing;
}

/* A new period may begin with an edge, and so with an interrupt of its own. */
void timer_begin(void)
{
	timer_period((PIT_FREQUENCY + ticks_per_second / 2) / ticks_per_second);
	if (!ticks_come)
		return;
	outb(PIC1_COMMAND, PIC_POLL);
	if (inb(PIC1_COMMAND) & PIC_POLL_PENDING)
		timer_tick();
}

bool clock_init(void)
{
	has_clock = cmos(RTC_A) != 0xff || cmos(RTC_B) != 0xff;
	boot_time = has_clock ? clock_read() : 0;
	return has_clock;
}

u32 clock_running(void)
{
	static u8 second;
	static u32 seconds;

	if (has_clock && cmos(RTC_SECOND) != second) {
		second = cmos(RTC_SECOND);
		seconds = (u32)(clock_read() - boot_time);
	}
	return seconds;
}

void timer_tick(void)
{
	ticks++;
	outb(PIC1_COMMAND, PIC_EOI);
}

void timer_wait(void)
{
	if (!ticks_come)
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

u64 clock_now(void)
{
	return boot_time + ticks / ticks_per_second;
}
