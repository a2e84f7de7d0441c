#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
#
# every=: tasks that are checkpointed, destroyed and restarted all the time write, byte for byte, what they write when they
# are left alone.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Machine;
use Test::More;

# Programs of one kind or the other, as adapter options.
sub files
{
	return map { ('--module', -e "$root/build/programs/$_" ? "$root/build/programs/$_" : "$root/build/linux/$_") } @_;
}

# What each task wrote.
sub outputs
{
	my ($machine) = @_;
	my %output;

	$output{$1} .= "$2\n" while $machine->{console} =~ /^\[(\d+ \w+)\]\+? (.*)$/mg;
	return \%output;
}

my @all = qw(selfcheckpoint files mappings integers tls ldt x87 sse avx breakpoints);
my @no_sse = qw(integers tls ldt x87 breakpoints);
my @linux = qw(handlers threadlocal);    # of the C library
my @signals = qw(signals sigframes);
my @short = qw(flags hello);

for my $cell (
	[ 'qemu --cpu 486', 'fpu=lazy', 'hz=1000', ['random:1'], \@no_sse ],
	[ 'qemu --cpu Haswell', 'fpu=eager', 'hz=500', [ 1, 'random:2' ], \@all ],
	[ 'qemu --cpu Haswell', 'fpu=lazy', 'hz=500', [ 1, 'random:3' ], \@linux ],
	[ 'bochs --cpu corei7_skylake_x', 'fpu=eager', 'hz=1000', [ 'random:4' ], [qw(avx tls)] ],
	[ 'qemu --cpu 486', '', '', ['insns:40'], \@signals ],
	[ 'qemu --cpu Haswell', 'fpu=lazy', '', ['insns:23'], \@signals ],
	[ 'qemu --cpu 486', '', '', [ map { "insns:$_" } 1, 2 ], \@short ],
	[ 'qemu --cpu Haswell', 'xstate=fxsave', '', [ map { "insns:$_" } 1, 7 ], \@short ],
	[ 'bochs --cpu p3_katmai', '', '', ['insns:1'], \@short ],
) {
	my ($machine, $fpu, $hz, $values, $programs) = @$cell;
	my @boot = (split(/ /, $machine), '--timeout', 120, '--append');
	my $alone = boot(@boot, "selftest=no $fpu $hz", files(@$programs));

	problems_of($alone, "$machine $fpu");
	for my $every (@$values) {
		my $run = boot(@boot, "selftest=no $fpu $hz every=$every", files(@$programs));

		problems_of($run, "$machine $fpu every=$every");
		is_deeply(outputs($run), outputs($alone), 'the same output');
		cmp_ok(restarts($run, $_), '>', 0, "$_ was restarted") for @$programs;
	}
}
done_testing();
