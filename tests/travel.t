#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
#
# Images written by each engine are restarted on each other one: from every machine of a row to every other of it. The
# programs check themselves, so one that runs to its end on the other machine has lost nothing.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Machine;
use Test::More;

my @old = qw(integers tls ldt x87);
my @sse = (@old, 'sse', 'traveller');
my @avx = (@sse, 'avx');

# The programs, then machines among which their images may travel.
my @rows = (
	[ \@avx, [qw(qemu --cpu Haswell)], [qw(qemu --cpu EPYC)], [qw(bochs --cpu corei7_skylake_x)] ],
	[ \@sse, [qw(qemu --cpu pentium3)], [qw(bochs --cpu p3_katmai)] ],
	[ \@old, [qw(qemu --cpu 486)], [qw(bochs --cpu pentium)] ],
);

# One way only: the second machine has state that the first one does not know.
my @upwards = (
	[ \@old, [qw(qemu --cpu 486)], [qw(bochs --cpu p3_katmai)] ],
	[ \@sse, [qw(bochs --cpu p3_katmai)], [qw(qemu --cpu Haswell)] ],
	[ \@sse, [qw(qemu --cpu pentium3)], [qw(bochs --cpu corei7_skylake_x)] ],
);

# traveller leaves late on QEMU and early on Bochs: the long part of its way is the fast engine's.
my %ticks_of_traveller = (qemu => 80, bochs => 20);
my %written;    # machine => what it wrote

sub images
{
	my ($programs, $machine) = @_;

	return $written{"@$machine"} //= do {
		my $late = $ticks_of_traveller{ $machine->[0] };
		my $checkpoints = join ',', map { $_ eq 'traveller' ? "$_\@$late" : "$_\@1" } @$programs;
		my $run = boot(@$machine, '--append', "selftest=no checkpoint=$checkpoints after=destroy",
			modules(@$programs));
		problems_of($run, "@$machine writes images");
		$run->{dir};
	};
}

# QEMU does not load FIP, FDP and FOP, by whichever instruction; Bochs does, and x87 compares them. MXCSR.DAZ is there
# on QEMU's Pentium III, as on later ones, but not on Bochs's, and sse uses what it found at its start.
sub can_travel
{
	my ($program, $from, $to) = @_;

	return "$from->[0] $to->[0]" ne 'bochs qemu' if $program eq 'x87';
	return "@$from @$to" ne 'qemu --cpu pentium3 bochs --cpu p3_katmai' if $program eq 'sse';
	return 1;
}

sub travel
{
	my ($programs, $from, $to) = @_;
	my $dir = images($programs, $from);
	my @programs = grep { can_travel($_, $from, $to) } @$programs;
	my $run = boot(@$to, '--append', 'selftest=no restart=' . join(',', @programs),
		map { ('--module', "$dir/$_.img") } @programs);

	problems_of($run, "from @$from to @$to");
	for (@programs) {
		ok($run->{output} =~ /^ok \d+ - restart $_$/m, "$_ is restarted");
		ok($run->{output} =~ /^ok \d+ - run $_$/m, 'and runs to its end');
	}
}

for my $row (@rows) {
	my ($programs, @machines) = @$row;
	for my $from (@machines) {
		travel($programs, $from, $_) for grep { $_ != $from } @machines;
	}
}
travel(@$_) for @upwards;
done_testing();
