#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
#
# A slice of the long runs (`make soak`): some hundred rounds of checkpoint, destruction and restart on CPUs that keep FPU
# state in different ways. The programs find nothing wrong, and no frame is lost. The same seed is the same run.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Machine;
use Test::More;


sub soak
{
	my ($machine, $options, @modules) = @_;
	return boot(split(/ /, $machine), '--kernel', "$root/build/soak", '--timeout', 120, '--append',
		"selftest=no image=none $options", modules(@modules));
}

my %checksum;
for (
	[ 'qemu --cpu max', 'fpu=lazy seed=1 repeat=300', qw(traveller integers x87 sse avx tls ldt breakpoints) ],
	[ 'qemu --cpu 486', 'fpu=eager seed=2 repeat=300', qw(traveller integers x87 ldt) ],
	[ 'bochs --cpu corei7_skylake_x', 'fpu=eager seed=3 repeat=100', qw(traveller avx breakpoints) ],
) {
	my ($machine, $options, @programs) = @$_;
	my $run = soak($machine, $options, @programs);
	my $ended = @programs;

	problems_of($run, "$machine $options");
	like($run->{output}, qr/^ok \d+ - soak: \d+ rounds, $ended programs ended$/m, 'all programs end well');
	$checksum{$1} = 1 if $run->{console} =~ /checksum (\w+)/;
}
is(keys %checksum, 1, 'traveller has the same checksum everywhere');

my @twice = map { soak('qemu --cpu pentium3', 'fpu=lazy seed=4 repeat=50', qw(integers tls))->{console} } 1 .. 2;
is($twice[0], $twice[1], 'the same seed is the same run');
my $other = soak('qemu --cpu pentium3', 'fpu=lazy seed=5 repeat=50', qw(integers tls));
isnt($twice[0], $other->{console}, 'another seed is another');

# A program that finds a fault ends the run, with how to repeat it.
my $faulty = soak('qemu --cpu 486', 'seed=6 repeat=400', qw(integers crash_stack));
is($faulty->{status}, 1, 'a program that faults is a failure');
like($faulty->{output}, qr/^# repeat: seed=6 repeat=\d+$/m, 'and how to repeat it is said');
done_testing();
