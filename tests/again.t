#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
#
# Restart in the same boot: every program is checkpointed in the middle of its work, destroyed, and restarted at once from
# its image, while the others run. All must end as if nothing had been.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Machine;
use Test::More;

# Programs that run for at least that many ticks of their own; traveller needs an x87.
my %ticks = (integers => 9, tls => 2, ldt => 1, x87 => 5, traveller => 50, files => 3, mappings => 3);
my %more = (sse => 5, avx => 5);

for my $cell (
	[ 'qemu --cpu 486', 'fpu=lazy', \%ticks ],
	[ 'qemu --cpu Haswell', 'fpu=eager', { %ticks, %more } ],
	[ 'qemu --cpu Haswell', 'fpu=lazy', { %ticks, %more } ],
	[ 'bochs --cpu corei7_skylake_x', 'fpu=eager', { %ticks, %more } ],
) {
	my ($machine, $option, $programs) = @$cell;
	my @names = sort keys %$programs;
	my $run = boot(split(/ /, $machine), '--timeout', 120, '--append',
		"selftest=no hz=1000 $option after=restart checkpoint=" . join(',', map { "$_\@$programs->{$_}" } @names),
		modules(@names));

	problems_of($run, "$machine $option");
	for my $what (map { ("checkpoint $_", "restart $_", "run $_") } @names) {
		like($run->{output}, qr/^ok \d+ - $what$/m, $what);
	}
}
done_testing();
