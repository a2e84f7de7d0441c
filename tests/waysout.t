#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
#
# The ways out for images: over the serial line in armour and over the debug port as bytes must give the same; a damaged
# line in the log is refused by its number; and a store that is full refuses, and all goes on.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Machine;
use Test::More;

# A log with one byte of the armour lost, doubled or with a bit flipped; whatever each of them does to it (all of them are
# in tests/unit/armour_test.c).
sub damaged
{
	my ($log, $way) = @_;
	my $begin = index $log, '-----BEGIN CR86';
	my $at = $begin + int rand index($log, "\n", index $log, '-----END CR86') - $begin;

	substr($log, $at, 1) = ('', substr($log, $at, 1) x 2, substr($log, $at, 1) ^ chr(1 << int rand 8))[$way];
	return $log;
}

# Refused by the number of a line, with no image left; or the image is whole.
sub refuses_damage
{
	my ($log, $image, $out) = @_;
	my @wrong;

	srand 1;
	for my $n (1 .. 90) {
		my ($status, $said) = cr86('extract', write_file("$out.damaged", damaged($log, $n % 3)), '-o', "$out-$n");
		my $got = slurp("$out-$n/integers.img");
		push @wrong, "$n: $said" unless $status == 2 ? $said =~ /line \d+/ && $got eq '' : $status == 0 && $got eq $image;
	}
	is("@wrong", '', '90 damaged logs: refused by line, or the image is whole');
}

for my $cell ([qw(qemu --cpu Haswell)], [qw(bochs --cpu p3_katmai)]) {
	my $machine = boot(@$cell, '--append', 'selftest=no image=serial,debug checkpoint=integers@1', modules('integers'));
	my $log = "$machine->{dir}/console.log";
	my $out = scratch() . "/$cell->[0]";

	problems_of($machine, "@$cell: image=serial,debug");
	my ($status, $said) = cr86('extract', $log, '-o', $out);
	is($status, 0, 'the image is in the log') or diag($said);
	my $image = slurp("$out/integers.img");
	ok(length $image && $image eq slurp("$machine->{dir}/integers.img"),
		'armour and debug port give the same bytes');

	refuses_damage(slurp($log), $image, $out);

	# One character of the tenth line of armour, then a line less.
	my @lines = split /\n/, slurp($log);
	my ($begin) = grep { $lines[$_] =~ /-BEGIN CR86 IMAGE integers / } 0 .. $#lines;
	my @shorter = @lines;
	splice @shorter, $begin + 10, 1;
	my @flipped = @lines;
	substr($flipped[ $begin + 10 ], 7, 1) = '!';
	my $line = $begin + 11;
	($status, $said) = cr86('extract', write_file("$out.flipped", join "\n", @flipped), '-o', "$out-flipped");
	is($status, 2, 'a damaged line is refused');
	like($said, qr/line $line\b/, 'by its number');
	($status, $said) = cr86('extract', write_file("$out.shorter", join "\n", @shorter), '-o', "$out-shorter");
	is($status, 2, 'a missing line is refused');
	like($said, qr/line \d+/, 'with the line where it shows');
	ok(!-e "$out-flipped/integers.img" && !-e "$out-shorter/integers.img", 'and no image is left');
}

my $full = boot(qw(qemu --cpu pentium3 --append), 'selftest=no store=8 checkpoint=integers@1', modules('integers'));
like($full->{console}, qr/^# checkpoint integers: [A-Z]+ at offset \d+: ENOSPC/m, 'a full store says so');
like($full->{output}, qr/^not ok \d+ - checkpoint integers$/m, 'the checkpoint failed');
like($full->{output}, qr/^ok \d+ - run integers$/m, 'and the task goes on');
is($full->{status}, 1, 'the run has not passed');

# The same from ring 3: -ENOSPC (28), and the caller goes on to tell.
$full = boot(qw(qemu --cpu pentium3 --append), 'selftest=no store=8', modules('selfcheckpoint'));
like($full->{console}, qr/checkpoint and restart: expected 0+, found ffffffe4/, 'checkpoint(2) on a full store returns -ENOSPC');
like($full->{output}, qr/^ok \d+ - engine:/m, 'and the machine ends well');
done_testing();
