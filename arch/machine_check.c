/* SPDX-License-Identifier: GPL-2.0-only */
#include "machine_check.h"
#include "cpu.h"
#include "msr.h"

#define CPUID_MCA BIT(14) /* of CPUID.1:EDX */

enum { MCG_CAP = 0x179, MCG_CTL = 0x17b }; /* SDM 4 table 2-2 */

#define MCG_BANKS 0xffu
#define MCG_CTL_P BIT(8)

#define STATUS_VAL   ((u64)1 << 63)
#define STATUS_MISCV ((u64)1 << 59)
#define STATUS_ADDRV ((u64)1 << 58)

static u64 capabilities(void)
{
	u64 value = 0;

	if (cpu.features_edx & CPUID_MCA)
		msr_read(MCG_CAP, &value);
	return value;
}

u32 machine_check_banks(void)
{
	return (u32)capabilities() & MCG_BANKS;
}

/* SDM 3 §15.5. Bank 0 of the P6 family is the chipset's: its control register is left alone (§15.3.2.1). */
void machine_check_init(void)
{
	bool chipset = cpu.family == 6 && cpu.model < 0x1a;

	if (capabilities() & MCG_CTL_P)
		msr_write(MCG_CTL, ~(u64)0);
	for (u32 n = 0; n < machine_check_banks(); n++) {
		if (n || !chipset)
			msr_write(MC_CTL + MC_BANK * n, ~(u64)0);
		msr_write(MC_STATUS + MC_BANK * n, 0);
	}
}

bool machine_check_read(u32 n, struct machine_check *to)
{
	*to = (struct machine_check){0};
	if (!msr_read(MC_STATUS + MC_BANK * n, &to->status) || !(to->status & STATUS_VAL))
		return false;
	if (to->status & STATUS_ADDRV)
		msr_read(MC_ADDR + MC_BANK * n, &to->address);
	if (to->status & STATUS_MISCV)
		msr_read(MC_MISC + MC_BANK * n, &to->misc);
	return true;
}
