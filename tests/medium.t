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
use IO::Socket::UNIX;
use Machine;
use Test::More;
use Time::HiRes qw(sleep time);

my ($rows, $columns) = (25, 80);
my $iso = "$root/build/cr86.iso";
my $kernel = "$root/build/conformance";

# --- a machine and its monitor ---

my $machines = 0;

sub start
{
	my ($name, @arguments) = @_;
	my $at = scratch() . '/' . ++$machines;
	my $pid = fork // die "fork: $!";

	if (!$pid) {
		open STDERR, '>', '/dev/null';
		exec qw(timeout -k 5 150 setpriv --pdeathsig KILL qemu-system-x86_64 -nodefaults -no-user-config -display none),
			qw(-vga std -no-reboot -m 128), '-serial', "file:$at.log", '-monitor', "unix:$at.monitor,server=on,wait=off",
			qw(-device isa-debug-exit,iobase=0xf4), @arguments or die "qemu: $!";
	}
	return { name => $name, pid => $pid, at => $at };
}

sub stop
{
	my ($machine) = @_;
	kill TERM => $machine->{pid};
	waitpid $machine->{pid}, 0;
}

sub monitor
{
	my ($machine, $command) = @_;
	my $socket = IO::Socket::UNIX->new(Peer => "$machine->{at}.monitor") or return '';
	my $said = '';

	print $socket "$command\n";
	for (1 .. 50) {
		$socket->blocking(0);
		sleep 0.02;
		sysread $socket, $said, 65536, length $said;
		last if ($said =~ s/\(qemu\) /$&/g) > 1;
	}
	return $said;
}

sub console
{
	my ($machine) = @_;
	return slurp("$machine->{at}.log") =~ s/\r//gr;
}

# Until the console has that, or QEMU is gone, or it takes too long.
sub wait_for
{
	my ($machine, $pattern, $seconds) = @_;
	my $end = time + $seconds;

	while (time < $end) {
		return 1 if console($machine) =~ $pattern;
		return 0 if waitpid($machine->{pid}, 1) > 0;
		sleep 0.2;
	}
	return 0;
}

# --- what the screen shows ---

# VGA's text buffer: a character and an attribute a cell. Lines without blanks at their ends.
sub text_screen
{
	my ($machine) = @_;
	my $file = "$machine->{at}.cells";

	monitor($machine, sprintf 'pmemsave 0xb8000 %d "%s"', $rows * $columns * 2, $file);
	return lines(map { substr $_, 0, 1 } unpack '(a2)*', slurp($file));
}

sub lines
{
	my $all = join '', @_;
	return map { s/ +$//r } unpack "(a$columns)*", $all;
}

# The glyphs that the kernel draws, as strings of 16 rows of 8 bits, and their characters.
sub glyphs
{
	my $code = 0x20;
	my %character;

	for (qx($root/arch/make-font)) {
		my @bytes = map { hex } /0x([0-9a-f]{2})/g or next;
		$character{join '', map { sprintf '%08b', $_ } @bytes} = chr($code == 0x7f ? 0x15 : $code);
		$code++;
	}
	return %character;
}

# A picture in PPM: a cell's background is the colour of its first pixel, where no glyph draws.
sub picture_screen
{
	my ($machine) = @_;
	my $file = "$machine->{at}.ppm";

	monitor($machine, "screendump \"$file\"");
	my ($width, $height, $pixels) = slurp($file) =~ /^P6\s+(\d+)\s+(\d+)\s+255\s(.*)/s or return ();
	my $scale = int($width / 640) < int($height / 400) ? int($width / 640) : int($height / 400);
	my ($left, $top) = (int(($width - 640 * $scale) / 2), int(($height - 400 * $scale) / 2));
	my $pixel = sub { substr $pixels, 3 * (($top + $_[1] * $scale) * $width + $left + $_[0] * $scale), 3 };
	my %character = glyphs();

	return lines(map {
		my $row = $_;
		map {
			my $column = $_;
			my $background = $pixel->(8 * $column, 16 * $row);
			my $bits = join '', map {
				my $y = $_;
				map { $pixel->(8 * $column + $_, 16 * $row + $y) eq $background ? 0 : 1 } 0 .. 7
			} 0 .. 15;
			$character{$bits} // '?'
		} 0 .. $columns - 1
	} 0 .. $rows - 1);
}

# What must stand there in the end: title, CPU, groups, sum, verdict, keys.
sub screen_is_right
{
	my ($machine, @screen) = @_;
	my ($checksum) = console($machine) =~ /checksum ([0-9a-f]{8})$/m;
	my ($cpu) = console($machine) =~ /^# CPU: .*, (.*)$/m;
	my ($cases, $passed, $failed, $skipped) =
		console($machine) =~ /^# conformance: (\d+) cases \((\d+) passed, (\d+) failed, (\d+) skipped\)/m;

	is(scalar @screen, $rows, "$machine->{name}: a screen of $rows lines") or return;
	like($screen[0], qr/^ cr86 /, 'the title');
	like($screen[1], qr/^\Q$cpu\E/, 'the CPU\'s name');
	like("@screen[1 .. 5]", qr/#####/, 'the verdict in large letters');
	like("@screen[6 .. 11]", qr/\bx87 +######/, 'a family and its bar, which is full');
	is($screen[12], "checksum of all results: $checksum", 'the checksum');
	like($screen[13], qr/ $cases of $cases: $passed passed, $failed failed, $skipped skipped$/, 'the sum');
	like($screen[24], qr/^r repeat  f a family /, 'the keys');
}

# --- the ways to boot ---

sub firmware
{
	my ($bits) = @_;
	my ($code, $variables) = $bits == 64 ? qw(OVMF_CODE_4M.fd OVMF_VARS_4M.fd) : qw(OVMF32_CODE_4M.secboot.fd OVMF32_VARS_4M.fd);
	my $copy = write_file(scratch() . "/variables$machines", slurp("/usr/share/OVMF/$variables"));

	return (qw(-machine q35,smm=on -global driver=cfi.pflash01,property=secure,value=on), '-drive',
		"if=pflash,format=raw,readonly=on,file=/usr/share/OVMF/$code", '-drive', "if=pflash,format=raw,file=$copy");
}

my @cd = ('-drive', "file=$iso,format=raw,if=none,id=medium,media=cdrom,readonly=on", '-device', 'ide-cd,drive=medium,bootindex=0');
my @stick = ('-drive', "file=$iso,format=raw,if=none,id=medium,readonly=on",
	qw(-device qemu-xhci -device usb-storage,drive=medium,bootindex=0));

sub net
{
	my ($file, $card) = @_;
	return ('-netdev', "user,id=net,tftp=$root/build/netboot,bootfile=$file", '-device', "$card,netdev=net,bootindex=0");
}

sub boots
{
	my ($name, $screen, @arguments) = @_;
	my $machine = start($name, @arguments);
	my $chosen = 0;

	# The menu waits for five seconds: the second entry is the quick run.
	for (1 .. 400) {
		last if console($machine) =~ /^TAP version/m || waitpid($machine->{pid}, 1) > 0;
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
my $gone = 0;
for (1 .. 50) {
	last if $gone = waitpid($machine->{pid}, 1) > 0;
	sleep 0.2;
}
ok($gone, 'o switches the machine off');
stop($machine) unless $gone;

stop(boots('BIOS, USB stick', \&text_screen, @stick));
stop(boots('UEFI, 64 bits, CD', \&picture_screen, firmware(64), @cd));
stop(boots('UEFI, 32 bits, USB stick', \&picture_screen, firmware(32), @stick));
stop(boots('BIOS, network', \&text_screen, net('bios.0', 'e1000')));

cmp_ok(-s $iso, '<=', 5 << 20, 'the medium has at most 5 MiB');
done_testing();
