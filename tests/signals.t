#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
#
# Signals between tasks and their default actions; and handlers that are under way when their task goes to another CPU:
# what they interrupted stands in a frame that the first CPU has laid out. (The frames themselves, and exceptions as
# signals, are for the programs signals and sigframes, which every cell runs, and Linux, too.)
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Machine;
use Test::More;

sub program
{
	return map { ('--module', "$root/build/programs/crash_signal=$_") } @_;
}

# --- between tasks ---

my $run = boot(qw(qemu --cpu Haswell --append selftest=no), program(qw(waiter killer term kill blocked ignored no_stack nothing)));
my %ends = (
	term => 'ended by SIGTERM',
	kill => 'ended by SIGKILL',
	blocked => 'ended by #DE',
	ignored => 'ended by #DE',
	no_stack => 'ended by SIGSEGV: no place for a signal frame',
);

like($run->{console}, qr/^\[1 waiter\] signal 10 from 2$/m, 'a signal from another task, and from which');
like($run->{output}, qr/^ok \d+ - run $_$/m, "$_ passes") for qw(waiter killer nothing);
like($run->{output}, qr/^not ok \d+ - run $_ # $ends{$_}$/m, "$_: $ends{$_}") for sort keys %ends;
like($run->{console}, qr/^# \[\d+ ignored\] ended by #DE at eip .*\n(?:# .*\n)*# .*eax/m, 'with a report of its registers');

# Calls that wait for them; also where the task gives way to another of its image in the middle.
for my $every ('', ' every=7', ' every=insns:97') {
	$run = boot(qw(qemu --cpu pentium3 --append), "selftest=no hz=1000$every", program(qw(pauser prodder)));
	problems_of($run, "calls that wait for signals$every");
	like($run->{output}, qr/^ok \d+ - run $_$/m, "$_ passes") for qw(pauser prodder);
}

# Every exception that this CPU model raises, where QEMU leaves some out.
$run = boot(qw(bochs --cpu corei7_skylake_x --append selftest=no), modules('signals'));
problems_of($run, 'signals on Bochs');
like($run->{console}, qr/\] $_$/m, $_)
	for 'an address that is not aligned: signal 7, code 1', 'x87, denormal: signal 8, code 5', 'SSE, division by 0: signal 8, code 3';

# --- journeys ---

sub journey
{
	my ($name, $from, $to, $end) = @_;
	my $there = boot(@$from, '--append', "selftest=no hz=1000 checkpoint=$name\@4 after=destroy", program($name));
	my $image = "$there->{dir}/$name.img";

	problems_of($there, "@$from: $name leaves in its handler");
	my $here = boot(@$to, '--append', "selftest=no restart=$name", '--module', $image);
	like($here->{output}, $end // qr/^ok \d+ - run $name$/m, "@$to: and arrives") or diag($here->{output});
	like($here->{output}, qr/^ok \d+ - restart $name/m, 'it was restarted');
}

my @fsave = qw(qemu --cpu 486);
my @fxsave = qw(qemu --cpu pentium3);
my @xsave = qw(qemu --cpu Haswell);
my @larger = qw(bochs --cpu corei7_skylake_x);
my $refused = qr/^not ok \d+ - run \w+ # ended by SIGSEGV: no signal frame$/m;

journey('journey_x87', \@fsave, \@xsave);
journey('journey_x87', \@xsave, \@fsave);
journey('journey_sse', \@fxsave, \@xsave);
journey('journey_sse', \@xsave, \@fxsave);
journey('journey_sse', \@xsave, \@larger);
journey('journey_avx', \@xsave, \@xsave);
journey('journey_sse', \@fxsave, \@fsave, $refused);
journey('journey_avx', \@xsave, \@fxsave, $refused);
done_testing();
