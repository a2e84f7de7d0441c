#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
#
# Ticks where there is no PIT or no PIC: the local APIC's timer gives them. A program that never yields does not keep
# another one from running, a case that hangs is ended, the first tick comes no sooner than a period after the first
# task has begun, and so many ticks take as long by the machine's clock as they should, whichever clock the timer is
# measured by: the HPET, or ACPI's timer where that is missing or stands still. Without such a clock, ticks are of
# unknown length, and all the rest holds.
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

# A table that tells of an HPET (IA-PC HPET 1.0a §3.2.4) where there is memory: registers that say that a count takes 10 ns
# (§2.3.4), and never change. cr86 does not use memory above 768 MiB.
my $still = 0x38000000;
my $hpet_table = write_file(scratch() . '/hpet-table', pack 'V C4 Q< C S< C', 0x8086a201, 0, 64, 0, 0, $still, 0, 0, 0);
my $hpet = write_file(scratch() . '/hpet', pack 'VVx1016', 0x8086a201, 10_000_000);
my @still = (qw(-m 1024 -acpitable), "sig=HPET,data=$hpet_table", '-device', "loader,file=$hpet,addr=$still,force-raw=on");

# Is that HPET to count (§2.3.5: ENABLE_CNF)?
sub hpet_is_on
{
	my ($machine, $address) = @_;
	return monitor($machine, sprintf 'xp /1wx 0x%x', $address + 0x10) =~ /: 0x[0-9a-f]*[13579bdf]\s/;
}

# A tick that has waited since boot would find spin at its first instruction; a period later, it is in its endless loop.
my ($loop) = map { /^ *([0-9a-f]+):.*\bjmp +\1 / } qx(objdump -d $root/build/programs/spin);

sub is_in_loop
{
	my ($out) = @_;
	my %register = image_registers("$out/spin.img");
	is(number($register{eip}), $loop, 'the first tick finds spin in its loop');
}

sub first_tick
{
	my ($says, @machine) = @_;
	my $machine = start($says, @machine, kernel('kernel', 'run=spin checkpoint=spin@1 after=destroy image=serial', 'spin'), @counted);
	my $out = "$machine->{at}.images";

	wait_for($machine, qr/^# (PASSED|FAILED): /m, 30);
	stop($machine);
	is((cr86('extract', "$machine->{at}.log", '-o', $out))[0], 0, 'a checkpoint at the first tick') and is_in_loop($out);
}

# What the console says; does the machine know how long a tick is; where it has an HPET; QEMU's arguments
my @machines = (
	[ 'no PIT: ticks by the local APIC', 1, 0xfed00000, '-machine', 'pc,pit=off' ],
	[ 'no PIT: ticks by the local APIC', 1, undef, '-machine', 'pc,pit=off,hpet=off' ],
	[ 'no PIT: ticks by the local APIC', 1, $still, '-machine', 'pc,pit=off,hpet=off', @still ],
	[ 'no PIC: ticks by the local APIC', 1, 0xfed00000, '-machine', 'q35,pit=off,pic=off', qw(-smp 4) ],
	[ 'no PIC: ticks of unknown length', 0, undef, '-machine', 'microvm,pit=off,pic=off' ],
);

for (@machines) {
	my ($says, $known, $hpet, @machine) = @$_;
	my $spinning = start($says, @machine, kernel('kernel', 'checkpoint=spin@9 after=destroy', qw(hello spin)));
	my $hanging = start($says, @machine, kernel('wrong', 'run=none path=plain case=wrong.hang', 'hello'));

	ok(wait_for($spinning, qr/^# PASSED: /m, 30), "@machine: the run passes") or diag(console($spinning));
	like(console($spinning), qr/^# \Q$says\E$/m, 'the console says so');
	like(console($spinning), qr/- run hello\n.*- checkpoint spin\n/s, 'hello runs while spin spins');
	ok(hpet_is_on($spinning, $hpet), 'the HPET was made to count') if $hpet;
	wait_for($hanging, qr/^# (PASSED|FAILED): /m, 30);
	like(console($hanging), qr/^not ok 1 - wrong\.hang \[plain: hang\]$/m, 'a case that hangs is ended');
	stop($_) for $spinning, $hanging;
	next unless $known;
	first_tick($says, @machine);
	my ($begin, $end) = map { end_of(@machine, kernel('kernel', $_, qw(hello spin))) } $short, $long;
	cmp_ok(abs($end - $begin - $seconds), '<=', 1, "$ticks ticks are $seconds seconds") or diag("from $begin to $end");
}
first_tick('a PIT', qw(-machine pc));
done_testing();
