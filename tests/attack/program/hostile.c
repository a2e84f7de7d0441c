/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A hostile program. Its name says what it tries, and the seed: "calls-0000002a". tests/attack/attack.c starts one after
 * the other and watches; each alone can be run in any kernel: --module build/programs/hostile=calls-0000002a.
 */
#include "hostile.h"

static struct random dice;
u32 steps_done;
u8 playground[3 * PAGE_SIZE] __attribute__((aligned(PAGE_SIZE), section(".bss.playground")));

static const struct {
	const char *name;
	void (*attack)(void);
} parts[] = {
	{"calls-", attack_calls},
	{"selectors-", attack_selectors},
	{"descriptors-", attack_descriptors},
	{"debug-", attack_debug},
	{"fpu-", attack_fpu},
	{"code-", attack_code},
	{"kernel-", attack_kernel},
};

u32 any(void)
{
	return random_u32(&dice);
}

u32 below(u32 n)
{
	return random_below(&dice, n);
}

bool one_in(u32 n)
{
	return below(n) == 0;
}

u32 edge(void)
{
	static const u32 edges[] = {0, 0xffffffff, 0x7fffffff, 0x80000000, KERNEL_START, PAGE_SIZE};

	switch (below(3)) {
	case 0:
		return edges[below(ARRAY_SIZE(edges))] + below(3) - 1;
	case 1:
		return BIT(below(32)) - below(2);
	default:
		return any();
	}
}

u32 pointer(void)
{
	u32 own = address(playground), end = own + sizeof(playground);

	switch (below(8)) {
	case 0:
		return edge();
	case 1:
		return KERNEL_START + (any() & 0x3fffffff);
	case 2:
		return KERNEL_START - below(64);
	case 3:
		return end - below(64); /* straddles the end */
	case 4:
		return address(main) + below(PAGE_SIZE); /* read-only */
	default:
		return own + below(sizeof(playground) - PAGE_SIZE);
	}
}

static _Noreturn void leave(u32 status, const char *text)
{
	for (;;)
		system_call(SYS_EXIT_GROUP, status, address(text), steps_done, 0);
}

void breach(const char *what)
{
	leave(EXIT_FAILED, what);
}

void done(void)
{
	leave(EXIT_PASSED, NULL);
}

void check_privilege(void)
{
	u32 eflags, cs = 0;

	asm volatile("pushfl\n\tpopl %0\n\tmov %%cs, %1" : "=r"(eflags), "+r"(cs));
	if (eflags & (EFLAGS_IOPL | EFLAGS_VM))
		breach("IOPL or VM is set");
	if (!(eflags & EFLAGS_IF))
		breach("IF is clear");
	if ((cs & 3) != 3)
		breach("this is not ring 3");
}

/* Eight hexadecimal digits. */
static u32 seed_of(const char *digits)
{
	u32 value = 0;

	for (; *digits; digits++)
		value = value << 4 | (u32)(*digits <= '9' ? *digits - '0' : *digits - 'a' + 10);
	return value;
}

int main(int argc, char **argv)
{
	const char *name = argc ? argv[0] : "";

	for (u32 i = 0; i < ARRAY_SIZE(parts); i++) {
		u32 length = strlen(parts[i].name);

		if (strncmp(name, parts[i].name, length) != 0)
			continue;
		dice = random_from(seed_of(name + length));
		parts[i].attack();
		done();
	}
	print("hostile: '%s' is not PART-SEED", name);
	return EXIT_FAILED;
}
