/* SPDX-License-Identifier: GPL-2.0-only */
#include "timer.h"
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
	PIT_FREQUENCY = 1193182,   /* Hz */

	CMOS_INDEX = 0x70,
	CMOS_DATA = 0x71,
};

static u32 ticks, ticks_per_second;
static u64 boot_time;

static void pic_init(void)
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
	u32 patience = 100000, second, minute, hour, days;

	/* While the clock counts on, its registers are not to be read; a machine without one never stops "updating". */
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

void timer_init(u32 hz)
{
	boot_time = clock_read();
	ticks_per_second = hz;
	pic_init();
	timer_period((PIT_FREQUENCY + hz / 2) / hz);
}

void timer_tick(void)
{
	ticks++;
	outb(PIC1_COMMAND, PIC_EOI);
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
