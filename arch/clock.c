/* SPDX-License-Identifier: GPL-2.0-only */
#include "clock.h"
#include "port.h"
#include "timer.h"

enum {
	CMOS_INDEX = 0x70,
	CMOS_DATA = 0x71,
};

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

static bool has_clock;
static u64 boot_time;

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

u64 clock_now(void)
{
	return boot_time + timer_ticks() / timer_hz();
}
