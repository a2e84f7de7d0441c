#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
#
# A firmware that interrupts all the time, as those of real machines do behind every system's back: hundreds of SMIs while
# cases, programs and the timer run. The processor saves most of its state and RSM loads it again (SDM 3 §34.4, §34.3.2), so
# nobody may notice: each verdict is as it is without, programs pass, and no tick is lost.
#
# A write to port B2H raises one in QEMU's i440fx, whose SeaBIOS has allowed it. qtest is QEMU's way to write to ports; its log
# tells where each came.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use IO::Socket::UNIX;
use Machine;
use Screen;
use Test::More;
use Time::HiRes qw(sleep);

$SIG{PIPE} = 'IGNORE';    # of a QEMU that has ended, the console tells

# A machine that counts instructions, so that the kernel's watchdog does, too.
sub begin_run
{
	my ($name, @arguments) = @_;
	my $at = scratch() . "/$name";
	my $machine = start($name, qw(-machine pc -cpu Haswell -accel tcg), @counted, '-qtest', "unix:$at.qtest,server=on,wait=off",
		'-d', 'int', '-D', "$at.log", @arguments);

	$machine->{log} = "$at.log";
	for (1 .. 100) {
		return $machine if $machine->{qtest} = IO::Socket::UNIX->new(Peer => "$at.qtest");
		sleep 0.1;
	}
	BAIL_OUT('QEMU does not start');
}

sub kernel
{
	my ($kernel, $options, @programs) = @_;
	my @initrd = @programs ? ('-initrd', join ',', map { "$root/build/programs/$_" } @programs) : ();
	return ('-kernel', "$root/build/$kernel", '-append', "$options exit=off", @initrd);
}

# One, and some time for the machine to go on.
sub smi
{
	my ($machine) = @_;
	my $qtest = $machine->{qtest};

	print $qtest "outb 0xb2 1\n";
	readline $qtest;
	sleep 0.001;
}

# Runs a machine to its verdict, with SMIs from its first words on, or without. What it said, where SMIs came (the privilege
# level of each), and the clock at the end.
sub run
{
	my ($with_smis, @arguments) = @_;
	my $machine = begin_run(@arguments);

	wait_for($machine, qr/^# firmware: /m, 20);
	for (1 .. 1000) {
		last if console($machine) =~ /^# (PASSED|FAILED): .*\n/m || gone($machine);
		$with_smis ? map { smi($machine) } 1 .. 50 : sleep 0.05;
	}
	my $clock = clock($machine);
	stop($machine);
	return (console($machine), [ slurp($machine->{log}) =~ /^SMM: enter\n(?:.*\n){2}EIP=.* CPL=(\d)/mg ], $clock);
}

sub in_ring_3
{
	return scalar grep { $_ == 3 } @{ $_[0] };
}

# --- cases: FPU, debug registers, single steps, segments ---

my @cases = kernel('conformance', 'run=none path=plain case=x87.*,sse.*,debug.*,step.*,segments.*');
my ($quiet, $few) = run(0, 'quiet', @cases);
my ($noisy, $many) = run(1, 'noisy', @cases);

like($quiet, qr/^# (PASSED|FAILED): \d+ of \d{4} failed, checksum /m, 'cases without SMIs: what QEMU does wrong, it does wrong');
cmp_ok(@$many - @$few, '>', 300, 'hundreds of SMIs among cases');
cmp_ok(in_ring_3($many), '>', 0, 'some in their own code');
is($noisy, $quiet, 'each verdict and the checksum are the same');

# --- programs that hold a value in each register ---

my @names = qw(avx breakpoints counter flags integers ldt sse tls traveller x87);
my ($programs, $among) = run(1, 'programs', kernel('kernel', 'image=none', @names));

cmp_ok(in_ring_3($among), '>', 300, 'hundreds of SMIs in programs');
like($programs, qr/- run $_$/m, "$_ does not notice") for @names;
like($programs, qr/^# PASSED: /m, 'the run passes');

# --- the timer ---

my $seconds = 20;
my $ticks = 100 * $seconds;    # hz=100

sub spinning
{
	my ($noisy, $ticks) = @_;
	return run($noisy, "ticks$ticks", kernel('kernel', "checkpoint=spin\@$ticks after=destroy image=none", 'spin'));
}

my (undef, undef, $begin) = spinning(0, 1);
my (undef, $between, $end) = spinning(1, 1 + $ticks);

cmp_ok(@$between, '>', 30, 'dozens of SMIs among ticks');
cmp_ok(abs($end - $begin - $seconds), '<=', 1, "$ticks ticks are $seconds seconds: none is lost") or diag("from $begin to $end");
done_testing();
