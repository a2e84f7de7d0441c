#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
#
# Every place where the reader of images, of armour or of CPUID's XSAVE leaves refuses something is reached by a test that
# says what the refusal must be; one test a place. Then, for people, how much of each file all unit tests reach, and what
# they do not.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Machine qw($root);
use Test::More;

chdir $root or die "$root: $!";

my @files = qw(lib/restart.c lib/validate.c lib/armour.c lib/armour_read.c lib/base64.c lib/xstate.c);
my @of_refusals = map { "build/coverage/${_}_test" } qw(decisions refusals armour xstate);
my @others = grep { my $test = $_; !grep { $_ eq $test } @of_refusals } sort glob 'build/coverage/*_test';

# A statement that says no.
my $refusal = qr/\breturn .*\b(?:\w*refuse|REFUSE\w*)\(|\breturn (?:"|-E|-1 - |false;)|\berror = (?:-E|\(struct)/;

# The counters go on from run to run until they are removed.
sub run
{
	for my $test (@_) {
		system("$test >/dev/null") == 0 or BAIL_OUT("$test failed: call make, and run build/unit's to see why");
	}
}

# [line number, times executed, text] of each line that is code.
sub lines
{
	my ($file) = @_;
	my ($ours, @lines);

	open my $gcov, '-|', 'gcov', '--stdout', '--object-directory', 'build/coverage.d/lib', $file or die "gcov: $!";
	while (<$gcov>) {
		my ($count, $number, $text) = /^\s*([^:]+):\s*(\d+):(.*)/ or next;
		$ours = $text eq "Source:$file" if $text =~ /^Source:/;
		push @lines, [ $number, $count =~ /^(\d+)/ ? $1 : 0, $text ] if $ours && $number && $count ne '-';
	}
	close $gcov or die 'gcov failed';
	return @lines;
}

unlink glob 'build/coverage.d/lib/*.gcda';
run(@of_refusals);
for my $file (@files) {
	for (lines($file)) {
		my ($number, $count, $text) = @$_;
		cmp_ok($count, '>', 0, "$file:$number is reached: " . $text =~ s/^\s+//r) if $text =~ $refusal;
	}
}
run(@others);
for my $file (@files) {
	my @lines = lines($file) or BAIL_OUT("no coverage of $file");
	my @missed = grep { !$_->[1] } @lines;
	note(sprintf '%-15s %5.1f %% of %d lines', $file, 100 * (1 - @missed / @lines), scalar @lines);
	note(map { sprintf "    not reached: %4d %s\n", $_->[0], $_->[2] =~ s/^\s+//r } @missed) if @missed;
}
done_testing();
