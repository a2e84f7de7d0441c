/* SPDX-License-Identifier: GPL-2.0-only */
#include "apic.h"
#include "cpu.h"
#include "msr.h"
#include "paging.h"

enum {
	CPUID_APIC = BIT(9), /* of CPUID.1:EDX */

	MSR_APIC_BASE = 0x1b,
	BASE_X2 = BIT(10), /* registers are MSRs, not memory */
	BASE_ON = BIT(11),
	MSR_X2APIC = 0x800, /* the first of them: one for 16 bytes */

	APIC_SPURIOUS = 0xf0,
	APIC_LINT0 = 0x350,
	APIC_REGISTERS = 0x400,
	SPURIOUS_ON = 0x1ff, /* the APIC is on by software, too; vector 255 */
	LINT_EXTINT = 0x700, /* not masked: the PIC says the vector */
};

bool apic_pass_pic(void)
{
	static const struct {
		u32 reg, value;
	} writes[] = {{APIC_SPURIOUS, SPURIOUS_ON}, {APIC_LINT0, LINT_EXTINT}};
	u8 *memory;
	u64 base;

	if (!(cpu.features_edx & CPUID_APIC) || !msr_read(MSR_APIC_BASE, &base) || !(base & BASE_ON))
		return false;
	memory = base & BASE_X2 ? NULL : paging_map_device(base & 0xfffff000, APIC_REGISTERS);
	if (!memory && !(base & BASE_X2))
		return false;
	for (u32 n = 0; n < ARRAY_SIZE(writes); n++) {
		if (memory)
			*(volatile u32 *)(memory + writes[n].reg) = writes[n].value;
		else
			msr_write(MSR_X2APIC + writes[n].reg / 16, writes[n].value);
	}
	return true;
}
