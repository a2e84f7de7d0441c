#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
#
# Real silicon as a witness: the programs are static i386 Linux executables, so this machine's own CPU can run them. They
# must pass here too, and traveller must come to the same checksum as in an emulator.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Machine;
use Test::More;

my $limit = 60;    # seconds

# What a program says and its exit status; killed after the time limit.
sub run_here
{
	my ($name) = @_;
	my $pid = open(my $pipe, '-|') // die "fork: $!";

	if (!$pid) {
		alarm $limit;    # goes with the process through exec
		exec "$root/build/programs/$name" or exit 126;
	}
	my $said = do { local $/; <$pipe> } // '';
	close $pipe;
	return ($?, $said);
}

my ($status) = run_here('hello');
plan(skip_all => 'this machine does not run 32-bit x86 Linux programs') if $status;

# These test what only cr86 has: checkpoint, restart, its refusals.
my %not_here = map { $_ => 1 } qw(badcalls selfcheckpoint);
my $checksum;
for my $name (grep { !$not_here{$_} } map { s{.*/}{}r } sort grep { !m{/(crash_|bench|spin|hostile)} } glob "$root/build/programs/*") {
	my ($status, $said) = run_here($name);
	SKIP: {
		skip($said =~ s/\n.*//sr, 1) if $status >> 8 == 77;
		is($status, 0, "$name passes on this machine's CPU") or diag($said);
	}
	($checksum) = $said =~ /checksum (\w+)/ if $name eq 'traveller';
}

my $machine = boot(qw(qemu --cpu pentium3 --append selftest=no), modules('traveller'));
like($machine->{console}, qr/checksum $checksum,/, "traveller comes to the same checksum, $checksum, in QEMU");
done_testing();
