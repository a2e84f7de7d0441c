#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
#
# A slice of the attacks from ring 3 (`make soak` has a million system calls): hostile programs one after the other, beside
# a bystander (tests/attack/). Nothing is harmed. And what would be is noticed.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Machine;
use Test::More;

my @parts = qw(calls selectors descriptors debug fpu code kernel);

sub attack
{
	my ($machine, $options, @names) = @_;
	return boot(split(/ /, $machine), '--kernel', "$root/build/attack", '--timeout', 120, '--append',
		"selftest=no image=none run=spin $options", map { ('--module', "$root/build/programs/$_") } @names);
}

for (
	[ 'qemu --cpu max', 'fpu=lazy seed=1000 repeat=140' ],
	[ 'qemu --cpu 486', 'fpu=eager seed=2000 repeat=140' ],
	[ 'bochs --cpu corei7_skylake_x', 'fpu=eager seed=3000 repeat=21' ],
) {
	my ($machine, $options) = @$_;
	my $run = attack($machine, $options, 'spin', map { "hostile=$_" } @parts);

	problems_of($run, "$machine $options");
	like($run->{output}, qr/^ok \d+ - attack $_: [1-9]\d* programs/m, $_) for @parts;
}

my @twice = map { attack('qemu --cpu max', 'seed=7 repeat=20', 'spin', 'hostile=calls', 'hostile=code')->{console} } 1 .. 2;
is($twice[0], $twice[1], 'the same seed is the same run');

# A program that says that a promise is broken: here one that does not know what it is to do, and exits with 1.
my $breach = attack('qemu --cpu 486', 'seed=8 repeat=20', 'spin', 'hostile=nothing');
is($breach->{status}, 1, 'a program that fails is noticed');
like($breach->{output}, qr/^# program 0; repeat: seed=8 repeat=1, or nothing alone, seed=8 repeat=1$/m, 'and how to repeat it');

# A bystander that goes away.
my $bystander = attack('qemu --cpu 486', 'seed=9 repeat=20', 'integers=spin', 'hostile=code');
is($bystander->{status}, 1, 'a bystander that ends is noticed');
done_testing();
