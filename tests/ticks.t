#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
#
# Ticks where there is no PIT or no PIC: the local APIC's timer gives them. A program that never yields does not keep another
# one from running, a case that hangs is ended, and so many ticks take as long by the machine's clock as they should. Without a clock to
# measure the timer by, its ticks are of unknown length, and all the rest holds.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Machine;
use Screen;
use Test::More;
use Time::HiRes qw(sleep);

my $seconds = 20;
my $ticks = 100 * $seconds;    # hz=100

# A boot of a kernel with options and programs, as QEMU's arguments.
sub kernel
{
	my ($kernel, $options, @programs) = @_;
	return ('-kernel', "$root/build/$kernel", '-append', "selftest=no $options", '-initrd', join ',', map { "$root/build/programs/$_" } @programs);
}

# The clock, in seconds, when a machine that counts instructions is through with a run.
sub end_of
{
	my @arguments = @_;
	my $machine = start('counted', @arguments, @counted);
	my $off;

	for (1 .. 600) {
		last if ($off = is_off($machine)) || gone($machine);
		sleep 0.1;
	}
	my $clock = $off ? clock($machine) : 'nothing';
	stop($machine);
	return $clock;
}

my $short = 'run=hello exit=off';
my $long = "run=spin checkpoint=spin\@$ticks after=destroy exit=off";

# What the console says; does the machine know how long a tick is; QEMU's arguments
my @machines = (
	[ 'no PIT: ticks by the local APIC', 1, '-machine', 'pc,pit=off' ],
	[ 'no PIC: ticks by the local APIC', 1, '-machine', 'q35,pit=off,pic=off', qw(-smp 4) ],
	[ 'no PIC: ticks of unknown length by the local APIC', 0, '-machine', 'microvm,pit=off,pic=off' ],
);

for (@machines) {
	my ($says, $known, @machine) = @$_;
	my $spinning = start($says, @machine, kernel('kernel', 'checkpoint=spin@9 after=destroy', qw(hello spin)));
	my $hanging = start($says, @machine, kernel('wrong', 'run=none path=plain case=wrong.hang', 'hello'));

	ok(wait_for($spinning, qr/^# PASSED: /m, 30), "$says: the run passes") or diag(console($spinning));
	like(console($spinning), qr/^# \Q$says\E$/m, 'the console says so');
	like(console($spinning), qr/- run hello\n.*- checkpoint spin\n/s, 'hello runs while spin spins');
	wait_for($hanging, qr/^# (PASSED|FAILED): /m, 30);
	like(console($hanging), qr/^not ok 1 - wrong\.hang \[plain: hang\]$/m, 'a case that hangs is ended');
	stop($_) for $spinning, $hanging;
	next unless $known;
	my ($begin, $end) = map { end_of(@machine, kernel('kernel', $_, qw(hello spin))) } $short, $long;
	cmp_ok(abs($end - $begin - $seconds), '<=', 1, "$ticks ticks are $seconds seconds") or diag("from $begin to $end");
}
done_testing();
