#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
#
# The medium that people boot: build/cr86.iso as a CD and as a disk, and build/netboot, by BIOS and by UEFI of either word
# size. The second menu entry is chosen by its key; the run must come to its end on the serial line, and the screen show
# the verdict. A BIOS has text mode, whose cells are read; UEFI has a framebuffer, whose glyphs are.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Machine;
use Screen;
use Test::More;
use Time::HiRes qw(sleep time);

my $iso = "$root/build/cr86.iso";

# What must stand there in the end: title, CPU, groups, sum, verdict, keys.
sub screen_is_right
{
	my ($machine, @screen) = @_;
	my ($firmware) = console($machine) =~ /^# firmware: (.*?);/m;
	my ($checksum) = console($machine) =~ /checksum ([0-9a-f]{8})$/m;
	my ($cpu) = console($machine) =~ /^# CPU: .*, (.*)$/m;
	my ($cases, $passed, $failed, $skipped) =
		console($machine) =~ /^# conformance: (\d+) cases \((\d+) passed, (\d+) failed, (\d+) skipped\)/m;

	is(scalar @screen, $rows, "$machine->{name}: a screen of $rows lines") or return;
	like($screen[0], qr/^ cr86 /, 'the title');
	like($screen[1], qr/^\Q$cpu\E/, 'the CPU\'s name');
	like($screen[2], qr/^family \d+ model \d+ stepping \d+ microcode [0-9a-f]+\b/, 'its model, and its microcode');
	like("@screen[1 .. 5]", qr/#####/, 'the verdict in large letters');
	like($screen[6], qr/^\Q$firmware\E, \d+ MiB$/, 'firmware and memory, and that nothing is missing');
	like("@screen[7 .. 11]", qr/\bx87 +######/, 'a family and its bar, which is full');
	is($screen[12], "checksum of all results: $checksum", 'the checksum');
	like($screen[13], qr/ $cases of $cases: $passed passed, $failed failed, $skipped skipped$/, 'the sum');
	like($screen[24], qr/^r repeat  f a family /, 'the keys');
}

# --- the ways to boot ---

sub boots
{
	my ($name, $screen, @arguments) = @_;
	my $machine = start($name, @arguments);

	# The menu waits for five seconds: the second entry is the quick run.
	for (1 .. 400) {
		last if console($machine) =~ /TAP version/ || gone($machine);
		monitor($machine, 'sendkey q') if $_ % 2;
		sleep 0.3;
	}
	ok(wait_for($machine, qr/^# (PASSED|FAILED): /m, 100), "$name: the run comes to its end") or diag(console($machine));
	like(console($machine), qr/^# conformance: \d+ cases, paths: plain$/m, 'it is the entry that was chosen');
	like(console($machine), qr/^1\.\.\d+$/m, 'with its plan');
	screen_is_right($machine, $screen->($machine));
	return $machine;
}

my $machine = boots('BIOS, CD', \&text_screen, @cd);

# Keys, after the run: the first failure is what is shown after "home"; "o" switches off.
my ($first) = console($machine) =~ /^not ok (\d+ - \S+)/m;
monitor($machine, "sendkey $_") for qw(end home);
sleep 1;
like(join("\n", (text_screen($machine))[14 .. 23]), qr/\Q$first\E/, 'home: the first failure, for which the screen has no room') if $first;
monitor($machine, 'sendkey f');
sleep 1;
monitor($machine, 'sendkey b');
ok(wait_for($machine, qr/(.*^# (?:PASSED|FAILED): ){2}/ms, 60), 'f and b: the second family once more');
monitor($machine, 'sendkey o');
ok(ends($machine, 10), 'o switches the machine off');
stop($machine);

stop(boots('BIOS, USB stick', \&text_screen, @stick));
stop(boots('UEFI, 64 bits, CD', \&picture_screen, firmware(64), @cd));
stop(boots('UEFI, 32 bits, USB stick', \&picture_screen, firmware(32), @stick));
stop(boots('BIOS, network', \&text_screen, net('bios.0', 'e1000')));

cmp_ok(-s $iso, '<=', 5 << 20, 'the medium has at most 5 MiB');
done_testing();
