#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
#
# The medium that people boot: build/cr86.iso as a CD and as a disk, and build/netboot, by BIOS and by UEFI of either word
# size. The second menu entry is chosen by its key; the run must come to its end on the serial line, and the screen show
# the verdict. A BIOS has text mode, whose cells are read; UEFI has a framebuffer, whose glyphs are. Then the keys, the other
# menu entries, and media that are damaged.
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
	like("@screen[7 .. 11]", qr/\bx87 +##### /, 'a family and its bar, which is full');
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
	my @screen;
	for (1 .. 50) {    # the keys are drawn last, behind what the serial line says
		@screen = $screen->($machine);
		last if ($screen[24] // '') =~ /^r repeat .*pages$/;
		sleep 0.1;
	}
	screen_is_right($machine, @screen);
	return $machine;
}

my $machine = boots('BIOS, CD', \&text_screen, @cd);

# Keys, after the run: the first failure is what is shown behind the first page; "o" switches off.
my ($first) = console($machine) =~ /^not ok (\d+ - \S+)/m;
press($machine, qw(end home pgdn));
sleep 1;
like(join("\n", (text_screen($machine))[14 .. 23]), qr/\Q$first\E/, 'home, and a page down: the first failure, for which the screen has no room') if $first;
monitor($machine, 'sendkey end');
like(screen_shows($machine, qr/^# FAILED: .*\nr repeat/m), qr/^# conformance: .*^1\.\.\d+\n# FAILED: .*\nr repeat/ms, 'end: the last page');

# The console's runs so far: of how many cases each was.
sub runs
{
	return console($machine) =~ /^1\.\.(\d+)$/mg;
}
my ($all) = runs();
monitor($machine, 'sendkey f');
like(screen_shows($machine, qr/^which family\? /m), qr/^avx +a .*\ncr0 +b .*^which family\? its letter/ms, 'f: each family has a letter');
monitor($machine, 'sendkey spc');
like(screen_shows($machine, qr/^r repeat/m), qr/^avx +#####/m, 'space: none is chosen');
press($machine, qw(f b));
ok(wait_for($machine, qr/(.*^# (?:PASSED|FAILED): ){2}/ms, 60), 'f and b: the second family once more');
like((runs())[1], qr/^(?!$all$)\d+$/, 'it alone');
like(console($machine), qr/^(?:not )?ok 1 - cr0\.(?!.*\bok 1 - )/ms, 'by its name');
screen_shows($machine, qr/^r repeat/m);
monitor($machine, 'sendkey r');
ok(wait_for($machine, qr/(.*^# (?:PASSED|FAILED): ){3}/ms, 60), 'r: another run');
is((runs())[2], $all, 'of all cases again');
screen_shows($machine, qr/^r repeat/m);
my $before = length console($machine);
monitor($machine, 'sendkey s');
ok(wait_for($machine, qr/(.*^# (?:PASSED|FAILED): ){4}/ms, 10), 's: the serial line gets the verdict');
like(substr(console($machine), $before), qr/^TAP version 13\n.*^not ok \d+ - .*\n# path .*^1\.\.$all$/ms, 'and what else the screen has shown');
monitor($machine, 'sendkey o');
ok(ends($machine, 10), 'o switches the machine off');
stop($machine);

stop(boots('BIOS, USB stick', \&text_screen, @stick));
stop(boots('UEFI, 64 bits, CD', \&picture_screen, firmware(64), @cd));
stop(boots('UEFI, 32 bits, USB stick', \&picture_screen, firmware(32), @stick));
stop(boots('BIOS, network', \&text_screen, net('bios.0', 'e1000')));

# --- the safe settings, chosen with the arrow keys, on a CPU that has better to offer ---

# A machine whose menu has been answered with keys.
sub choose
{
	my ($name, $keys, @arguments) = @_;
	my $machine = start($name, @arguments);

	screen_shows($machine, qr/Switch off/);
	press($machine, @$keys);
	return $machine;
}

my @safe = ((('down') x 5), 'ret');
my @able = ('-cpu', 'max');

$machine = choose('safe settings', \@safe, @able, @cd);
ok(wait_for($machine, qr/^ok 1 - /m, 60), 'safe settings: the run begins') or diag(console($machine));
like(console($machine), qr/^# FPU state: fxsave, eager switching$/m, 'with FXSAVE and eager switching');
like(console($machine), qr/^# conformance: \d+ cases, paths: plain switch restart fsave fxsave$/m, 'on the paths that need no more');
is(join(' ', grep { $_ ne '' } text_screen($machine)), ' cr86 0.1.0: the serial line alone shows the run (screen=no)',
	'which only the serial line shows');
stop($machine);

# A pause, so that what has gone from the screen can be looked for.
$machine = choose('safe settings, no serial port', [ 'a' ], @able, qw(-serial none), @cd);
like(screen_shows($machine, qr/^now: /m), qr/^FPU state by fxsave$/m, 'without a serial port, by its key: the screen says how');
monitor($machine, 'sendkey spc');
screen_shows($machine, qr/^paused: /m);
monitor($machine, 'sendkey home');
my $told = screen_shows($machine, qr/^# FPU state: /m);
like($told, qr/^# FPU state: fxsave, eager switching$/m, 'with FXSAVE and eager switching');
for (1 .. 20) {
	last if $told =~ /paths: /;
	monitor($machine, 'sendkey down');
	$told = join "\n", text_screen($machine);
}
like($told, qr/^# conformance: \d+ cases, paths: plain switch restart fsave fxsave$/m, 'on the paths that need no more');
stop($machine);

# --- the other entries ---

$machine = choose('a 486 with 8 MiB', ['q'], qw(-cpu 486 -m 8), @cd);
ok(wait_for($machine, qr/^ok 20 - /m, 30), 'a 486 with 8 MiB: GRUB and the kernel start') or diag(console($machine));
like(screen_shows($machine, qr/^now: /m), qr/^family 4 model .*\nFPU\nFPU state by fsave\n/m, 'and the screen says what it is');
stop($machine);

$machine = choose('the long run', [ 'down', 'down', 'down', 'ret' ], @cd);
like(screen_shows($machine, qr/ left$/m), qr/^now: \S+ +\d+:\d\d left\n[#.]+ \d+ of \d+00: .* skipped$/m,
	'the long run: a hundred times as much, and how long it will take');
stop($machine);

$machine = choose('programs', [ ('down') x 4, 'ret' ], net('bios.0', 'e1000'));
ok(wait_for($machine, qr/^# (PASSED|FAILED): /m, 60), 'self-tests and programs, over the network: the run comes to its end') or diag(console($machine));
like(console($machine), qr/^ok \d+ - selftest: .*^ok \d+ - run traveller\n.*^# PASSED: /ms, 'they pass');
stop($machine);

# Types a text, each letter when the one before it stands on the screen: a busy machine loses keys. One that is lost is typed
# again.
my %key = (' ' => 'spc', '=' => 'equal', '.' => 'dot', '*' => 'shift-8');

sub type
{
	my ($machine, $text) = @_;
	my $typed = '';

	for my $letter (split //, $text) {
		$typed .= $letter;
		for my $try (1 .. 100) {
			monitor($machine, 'sendkey ' . ($key{$letter} // $letter)) if $try % 20 == 1;
			last if $letter eq ' ' || join('', text_screen($machine)) =~ /\Q$typed\E/;
			sleep 0.1;
		}
	}
}

# An entry that is edited: the options are typed behind those that are there, in its third line.
$machine = choose('an entry that is edited', ['e'], @cd);
screen_shows($machine, qr/setparams/);
press($machine, qw(down down end));
type($machine, ' case=general.reg* exit=off');
monitor($machine, 'sendkey ctrl-x');
ok(ends($machine, 30), 'an entry that is edited: exit=off switches the machine off');
like(console($machine), qr/^ok 1 - general\.r.*^# PASSED: /ms, 'behind the cases that case= names');
stop($machine);

# Images on the medium: each has an entry, above the last one.
{
	my $tree = scratch() . '/images';
	my $iso = "$tree.iso";
	my $run = boot(qw(qemu --cpu pentium3 --append), 'selftest=no checkpoint=integers@3 after=destroy', modules('integers'));

	system('cp', '-R', "$root/build/medium", $tree) == 0 or die "cp\n";
	write_file("$tree/boot/cr86/images/$_.img", slurp("$run->{dir}/integers.img")) for 'a program', 'integers';
	write_file("$tree/boot/cr86/images/none.img", 'no image');
	system("$root/iso/make-iso", "$root/build/grub", $tree, $iso) == 0 or die "make-iso\n";
	for (
		[ 'a program', 3, qr/^ok 1 - restart image\n.*^\[\d+ integers\] .* checks passed\n.*^ok 2 - run integers\n.*^# PASSED: /ms ],
		[ 'integers', 2, qr/^# PASSED: /m ],
		[ 'none', 1, qr/^# restart image: HEAD.*^not ok 1 - restart image\n.*^# FAILED: /ms ],
	) {
		my ($name, $up, $told) = @$_;

		$machine = choose($name, [ 'end', ('up') x $up ], cd($iso));
		like(screen_shows($machine, qr/Restart/), qr{Restart /boot/cr86/images/\Q$name.img\E }, "the image $name has an entry");
		monitor($machine, 'sendkey ret');
		ok(wait_for($machine, $told, 30), 'which restarts it, or says why not') or diag(console($machine));
		stop($machine);
	}
}

# --- a medium that is damaged: said on the screen, and the menu comes back ---

# Four bytes of a file, changed.
sub damage
{
	my ($bytes, $at) = @_;

	substr($$bytes, $at, 4) ^= "\x55" x 4;
}

# The same medium with four bytes of a file changed, wherever that lies.
sub damaged_cd
{
	my ($file, $at) = @_;
	my ($bytes, $content) = (slurp($iso), slurp("$root/build/medium/boot/cr86/$file"));
	my $start = index $bytes, $content;

	die "$file is not in $iso\n" if $start < 0;
	damage(\$bytes, $start + $at);
	return cd(write_file(scratch() . '/damaged.iso', $bytes));
}

# The same of the tree that a TFTP server has.
sub damaged_net
{
	my ($file, $at) = @_;
	my $tree = scratch() . '/net' . $at;
	my $bytes = slurp("$root/build/netboot/boot/cr86/$file");

	system('cp', '-R', "$root/build/netboot", $tree) == 0 or die "cp\n";
	damage(\$bytes, $at);
	write_file("$tree/boot/cr86/$file", $bytes);
	return net('bios.0', 'e1000', $tree);
}

# The medium; what is damaged, and where; the menu's key that wants it; what GRUB calls it
for (
	[ \&damaged_cd, 'conformance.gz', 100_000, 'ret', 'conformance.gz' ],
	[ \&damaged_cd, 'conformance.gz', 270_000, 'q', 'conformance.gz' ],
	[ \&damaged_cd, 'showme.gz', 20, 's', 'showme.gz' ],
	[ \&damaged_cd, 'programs/counter', 0x1234, 's', 'programs' ],
	[ \&damaged_net, 'conformance.gz', 200_000, 'q', 'conformance.gz' ],
	[ \&damaged_net, 'programs/counter', 0x1000, 's', 'programs' ],
) {
	my ($medium, $file, $at, $key, $called) = @$_;
	my $name = "$file, damaged at byte $at";

	$machine = choose($name, [$key], $medium->($file, $at));
	like(screen_shows($machine, qr/ to the menu\.$/m), qr/^\Q$file\E: HASH MISMATCH\n\Q$called\E: damaged\. Write this medium anew\. Escape leads to the menu\.$/m,
		"$name: the screen says so");
	monitor($machine, 'sendkey esc');
	like(screen_shows($machine, qr/Switch off/), qr/^(?!.*automatically).*Conformance: is this CPU right\?.*Switch off/s,
		'Escape leads to the menu, which waits');
	is(console($machine), '', 'no kernel was started');
	press($machine, qw(end ret));
	ok(ends($machine, 10), 'and whose entries can be chosen');
	stop($machine);
}

cmp_ok(-s $iso, '<=', 5 << 20, 'the medium has at most 5 MiB');
done_testing();
