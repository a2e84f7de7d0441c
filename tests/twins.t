#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
#
# Every program beside a twin of itself, which holds other values in the same registers. A register that a switch forgets
# is noticed here, even if no other program uses it.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Machine;
use Test::More;

my @programs = qw(avx512 avx breakpoints ldt mpx pkru sse tls x87);

for my $cell (
	[ 'qemu --cpu max', 'fpu=eager' ],
	[ 'qemu --cpu max', 'fpu=lazy' ],
	[ 'qemu --cpu 486', 'fpu=lazy' ],
	[ 'bochs --cpu corei7_skylake_x', 'fpu=lazy' ],
) {
	my ($machine, $option) = @$cell;
	for my $half ([ @programs[0 .. 4] ], [ @programs[5 .. 8] ]) {
		my @modules = map { ('--module', "$root/build/programs/$_", '--module', "$root/build/programs/$_=${_}_twin") } @$half;
		my $run = boot(split(/ /, $machine), '--timeout', 120, '--append', "selftest=no hz=1000 $option", @modules);
		problems_of($run, "$machine $option: @$half, each twice");
	}
}
done_testing();
