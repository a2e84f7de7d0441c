#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
#
# The panic screen is whole: all that the console has of a panic is seen, and nothing is drawn over it.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Machine;
use Screen;
use Test::More;

my $machine = start('panic', qw(-cpu max -kernel), "$root/build/faulty", qw(-append run=trace));

ok(wait_for($machine, qr/^# FAILED: /m, 30), 'the kernel panics');
my ($panic) = console($machine) =~ /^(# kernel panic: .*)/ms;
my @lines = map { unpack '(A80)*', $_ } split /\n/, $panic // '';
my @screen = text_screen($machine);
cmp_ok(scalar @lines, '>=', 20, 'and has something to say');
is_deeply([ @screen[ 0 .. $#lines ] ], \@lines, 'all of which is on the screen');
stop($machine);
done_testing();
