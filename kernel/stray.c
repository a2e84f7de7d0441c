/* SPDX-License-Identifier: GPL-2.0-only */
#include "stray.h"
#include "console.h"
#include "machine.h"
#include "timer.h"

static struct {
	u32 count, told;
	u32 eip; /* of the last one */
	u8 reason;
} nmi;

static u32 interrupts;
static bool told[TRAP_VECTORS];

void stray_nmi(const struct trap_frame *frame)
{
	nmi.count++;
	nmi.eip = frame->eip;
	nmi.reason = nmi_reason();
}

void stray_tell(void)
{
	if (nmi.count == nmi.told)
		return;
	nmi.told = nmi.count;
	console_print("NMI %u at eip %08x: system control port %02x%s%s", nmi.count, nmi.eip, nmi.reason,
		      nmi.reason & NMI_PARITY ? ", memory parity or SERR#" : "",
		      nmi.reason & NMI_CHANNEL_CHECK ? ", I/O channel check" : "");
}

void stray_interrupt(u32 vector)
{
	interrupts++;
	pics_dismiss();
	if (told[vector])
		return;
	told[vector] = true;
	if (vector == TRAP_STRAY)
		console_print("an interrupt of vector %u or above, which nobody asked for", TRAP_IRQ_END);
	else
		console_print("interrupt %u (IRQ %u), which nobody asked for", vector, vector - TRAP_TIMER);
}

void stray_sum(void)
{
	if (nmi.count || interrupts)
		console_print("nobody asked for: %u NMIs, %u interrupts", nmi.count, interrupts);
}
