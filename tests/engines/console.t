#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
#
# What the adapters find wrong with a console's output as TAP; no machine takes part. A row: what, output, problems.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Engine;
use File::Temp;
use Test::More;

my $tap = "TAP version 13\n";
my @rows = (
	[ 'a complete plan', "${tap}# hello\nok 1 - a\n[1 x] text\nok 2\n1..2\n" ],
	[ 'failed tests, which speak for themselves', "${tap}not ok 1 - a\nnot ok 2 - b # TODO later\n1..2\n" ],
	[ 'no plan', "${tap}ok 1 - a\n", 'no plan (after 1 tests)' ],
	[ 'nothing at all after the version', $tap, 'no plan (after 0 tests)' ],
	[ 'an empty plan', "${tap}1..0\n", 'an empty plan' ],
	[ 'fewer tests than planned', "${tap}ok 1 - a\n1..3\n",
		'plan mismatch: 3 planned, 1 came', 'missing numbers 2 3' ],
	[ 'more tests than planned', "${tap}ok 1 - a\nok 2 - b\n1..1\n", 'plan mismatch: 1 planned, 2 came' ],
	[ 'a number twice', "${tap}ok 1 - a\nok 1 - b\n1..2\n", 'number 1 twice', 'missing number 2' ],
	[ 'a number missing', "${tap}ok 1 - a\nok 3 - b\n1..2\n", 'missing number 2' ],
	[ 'numbers out of order', "${tap}ok 2 - a\nok 1 - b\n1..2\n", 'number 1 out of order' ],
	[ 'a test without number', "${tap}ok - a\n1..1\n", 'test 1 has no number', 'missing number 1' ],
	[ 'a test after the plan', "${tap}ok 1 - a\n1..2\nok 2 - b\n", 'a test after the plan' ],
	[ 'two plans', "${tap}ok 1 - a\n1..1\n1..1\n", 'two plans' ],
	[ 'Bail out!', "${tap}ok 1 - a\nBail out! no memory\n", 'the kernel bailed out: no memory' ],
	[ 'a second start', "${tap}ok 1 - a\n${tap}ok 1 - a\n1..1\n",
		'reset: the kernel started again', 'number 1 twice', 'plan mismatch: 1 planned, 2 came' ],
	[ 'no version line', "ok 1 - a\n1..1\n", 'no "TAP version" line' ],
	[ 'a plan that was cut', "${tap}ok 1 - a\n1..1", 'the last line is not complete' ],
	[ 'TAP inside an image or a program\'s line', "${tap}[1 x] ok 1 - a\nok 1 - a\n1..1\n" ],
);

for my $row (@rows) {
	my ($what, $output, @expected) = @$row;
	my $file = File::Temp->new;

	print $file $output =~ s/\n/\r\n/gr;
	close $file;
	my $console = Engine::Console->new($file->filename, 0);
	$console->follow;
	$console->flush;
	is_deeply([ $console->problems ], \@expected, $what);
}

# The same output, one byte at a time: lines are seen when they are complete, and once.
my $file = File::Temp->new;
my $console = Engine::Console->new($file->filename, 0);
$file->autoflush(1);
for my $byte (split //, "${tap}ok 1 - a\r\nok 2 - b\r\n1..2\r\n") {
	print $file $byte;
	$console->follow;
}
$console->flush;
is_deeply([ $console->problems ], [], 'byte by byte');
is($console->{count}, 2, 'each test counted once');
done_testing();
