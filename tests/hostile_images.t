#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
#
# Images as an attacker would make them: each bit flipped, each half-word one more and one less, cut at each byte, records
# removed, doubled and swapped. The kernel tries them on itself (tests/hostile/), and so does a program in ring 3
# (tests/restarter/), with traveller beside it, whose checksum tells that nobody disturbed it; of images with memory only
# one change in five, another fifth on each machine, as each takes a millisecond. And allocations that fail.
# The figures are notes: prove -v tests/hostile_images.t
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Machine;
use Test::More;

sub kernel
{
	my ($cpu, $fpu) = @_;
	return begin('qemu', qw(--icount off --cpu), $cpu, '--timeout', 240, '--kernel', "$root/build/hostile", '--append', "run=none fpu=$fpu", modules('hello'));
}

sub program
{
	my ($cpu, $fpu, @names) = @_;
	return begin('qemu', '--cpu', $cpu, '--timeout', 240, '--append', "selftest=no image=none fpu=$fpu", modules('traveller'),
		map { ('--module', "$root/build/restarter=$_") } @names);
}

sub check_kernel
{
	my ($machine) = @_;

	tests_of($machine);
	note($_) for $machine->{console} =~ /^# (.* bytes, tried .*| +\d+ E\w+ .*)$/mg;
}

# What each program tells of its trials, and for each refusal a line of the kernel's: record, field, offset, errno.
sub check_program
{
	my ($machine, @names) = @_;
	my @said = $machine->{console} =~ /^\[\d+ restarter\w*\] image of (\d+ bytes: \d+ accepted, \d+ refused)$/mg;
	my @lines = $machine->{console} =~ /^# restart (?:tried-\d+|b): (.*)$/mg;
	my @unclear = grep { !/^[A-Z_]+(\.[\w.]+)? at offset \d+: .*expected .* \((E[A-Z]+)\)$/ } @lines;
	my ($refused, %count) = (0);

	is($machine->{status}, 0, "@names: an ordinary program with damaged images of itself")
		or diag(grep { !/restart tried/ } map { "$_\n" } split /\n/, $machine->{output});
	is(scalar @said, scalar @names, 'each has come to the end of them');
	$refused += $_ for map { /(\d+) refused/ } @said;
	is(scalar @lines, $refused, 'the kernel gives a reason for each refusal');
	is("@unclear[0 .. ($#unclear < 2 ? $#unclear : 2)]", '', 'with record, offset, what was expected, and errno');
	like($machine->{console}, qr/ traveller: checksum f585c3c1224a60fc,/, 'traveller did not notice');
	note($_) for @said;
	$count{ s/ at offset.*\(/ /r =~ s/\)$//r }++ for @lines;
	note(sprintf '%8d %s', $count{$_}, $_) for sort keys %count;
}

my @ways = (
	[ \&kernel, \&check_kernel, 'Haswell', 'eager' ],
	[ \&kernel, \&check_kernel, '486', 'lazy' ],
	[ \&program, \&check_program, 'Haswell', 'lazy', qw(restarter restarter_fpu restarter_xstate restarter_memory) ],
	[ \&program, \&check_program, '486', 'eager', qw(restarter restarter_fpu restarter_memory) ],
);

# Two machines at a time.
while (my @two = splice @ways, 0, 2) {
	my @machines = map { my ($start, undef, @arguments) = @$_; $start->(@arguments) } @two;
	for my $way (@two) {
		my (undef, $check, undef, undef, @names) = @$way;
		$check->(finish(shift @machines), @names);
	}
}
done_testing();
