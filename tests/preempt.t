#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
#
# The timer takes the CPU from a program that never gives it up: spin is the first to run (the second in the ring is), and
# hello ends all the same before spin has had nine ticks.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Machine;
use Test::More;

for my $hz (19, 100, 1000) {
	my $run = boot(qw(qemu --cpu 486 --append), "selftest=no hz=$hz checkpoint=spin\@9 after=destroy", modules(qw(hello spin)));

	problems_of($run, "hz=$hz");
	like($run->{console}, qr/- run hello\n.*- checkpoint spin\n/s, 'hello runs while spin spins');
}
done_testing();
