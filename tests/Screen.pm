# SPDX-License-Identifier: GPL-2.0-only
#
# QEMU as people see a machine: started from a medium or a kernel, by BIOS or UEFI, its screen read back and its keys typed
# through QEMU's monitor. A BIOS has text mode, whose cells are read; UEFI has a framebuffer, whose glyphs are.
package Screen;

use strict;
use warnings;
use Exporter qw(import);
use IO::Socket::UNIX;
use Machine;
use Time::HiRes qw(sleep time);

our @EXPORT = qw($rows $columns cd @cd @stick @counted start stop gone ends monitor press console wait_for clock is_off text_screen screen_shows picture_screen memory_screen firmware net);

our ($rows, $columns) = (25, 80);
my $iso = "$root/build/cr86.iso";

# --- a machine and its monitor ---

my $machines = 0;

# A PC with VGA and a serial port, unless the arguments have -vga or -serial. The chardev called "console" is what console()
# reads.
sub start
{
	my ($name, @arguments) = @_;
	my $at = scratch() . '/' . ++$machines;
	my @standard = ((grep { /^-vga$/ } @arguments) ? () : qw(-vga std),
		(grep { /^-serial$/ } @arguments) ? () : qw(-serial chardev:console));
	my $pid = fork // die "fork: $!";

	if (!$pid) {
		open STDERR, '>', '/dev/null';
		exec qw(timeout -k 5 150 setpriv --pdeathsig KILL qemu-system-x86_64 -nodefaults -no-user-config -display none),
			qw(-no-reboot -m 128), @standard, '-chardev', "file,id=console,path=$at.log", '-monitor',
			"unix:$at.monitor,server=on,wait=off", '-device', 'isa-debug-exit,iobase=0xf4', @arguments or die "qemu: $!";
	}
	return { name => $name, pid => $pid, at => $at };
}

sub stop
{
	my ($machine) = @_;
	kill TERM => $machine->{pid} unless gone($machine);
	waitpid $machine->{pid}, 0 unless $machine->{gone};
}

# Has QEMU ended? Its exit status is then in $machine->{status}.
sub gone
{
	my ($machine) = @_;

	return 1 if $machine->{gone};
	$machine->{gone} = waitpid($machine->{pid}, 1) > 0 or return 0;
	$machine->{status} = $? >> 8;
	return 1;
}

# Whether QEMU ends by itself in so many seconds.
sub ends
{
	my ($machine, $seconds) = @_;

	for (1 .. 10 * $seconds) {
		last if gone($machine);
		sleep 0.1;
	}
	return gone($machine);
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

# Presses keys, no faster than a person does: a busy machine loses some.
sub press
{
	my ($machine, @keys) = @_;

	for (@keys) {
		monitor($machine, "sendkey $_");
		sleep 0.2;
	}
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
		return 0 if gone($machine);
		sleep 0.2;
	}
	return 0;
}

# A machine that counts instructions, and whose clock goes by them and not by the host's; one that is switched off stops,
# and can be looked at.
our @counted = (qw(-icount shift=9 -rtc), 'base=2020-01-01T00:00:00,clock=vm', qw(-action shutdown=pause));

# Seconds by the machine's CMOS clock.
sub clock
{
	my ($machine) = @_;
	my %time = monitor($machine, 'qom-get /machine rtc-time') =~ /"tm_(hour|min|sec)": (\d+)/g;

	return 3600 * $time{hour} + 60 * $time{min} + $time{sec};
}

# Has it been switched off?
sub is_off
{
	my ($machine) = @_;
	return monitor($machine, 'info status') =~ /paused \(shutdown\)/;
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

# The same as one text, as soon as it has that; or what it has instead, when QEMU is gone or it takes too long.
sub screen_shows
{
	my ($machine, $pattern) = @_;
	my $screen = '';

	for (1 .. 200) {
		$screen = join "\n", text_screen($machine);
		last if $screen =~ $pattern || gone($machine);
		sleep 0.1;
	}
	return $screen;
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

# The cells of a framebuffer, as the kernel draws them: in the middle, enlarged as often as there is room for all, twice at most; or, where
# there is not, those that there is room for. $pixel->(x, y) is a pixel, in any form. A cell's background is the colour of its
# first one, where no glyph draws.
sub glyph_screen
{
	my ($width, $height, $pixel) = @_;
	my ($across, $down) = (int($width / 8), int($height / 16));
	my $scale = 1;

	($across, $down) = ($columns, $rows) if $across >= $columns && $down >= $rows;
	$scale++ while $scale < 2 && ($scale + 1) * 8 * $columns <= $width && ($scale + 1) * 16 * $rows <= $height;
	$across = $columns if $across > $columns;
	$down = $rows if $down > $rows;
	my ($left, $top) = (int(($width - 8 * $across * $scale) / 2), int(($height - 16 * $down * $scale) / 2));
	my %character = glyphs();

	return map {
		my $row = $_;
		my $line = join '', map {
			my $column = $_;
			my $at = sub { $pixel->($left + (8 * $column + $_[0]) * $scale, $top + (16 * $row + $_[1]) * $scale) };
			my $background = $at->(0, 0);
			my $bits = join '', map {
				my $y = $_;
				map { $at->($_, $y) eq $background ? 0 : 1 } 0 .. 7
			} 0 .. 15;
			$character{$bits} // '?'
		} 0 .. $across - 1;
		$line =~ s/ +$//r
	} 0 .. $down - 1;
}

# A picture in PPM.
sub picture_screen
{
	my ($machine) = @_;
	my $file = "$machine->{at}.ppm";

	monitor($machine, "screendump \"$file\"");
	my ($width, $height, $pixels) = slurp($file) =~ /^P6\s+(\d+)\s+(\d+)\s+255\s(.*)/s or return ();
	return glyph_screen($width, $height, sub { substr $pixels, 3 * ($_[1] * $width + $_[0]), 3 });
}

# A framebuffer that nobody shows: { address, width, height, bits, pitch }.
sub memory_screen
{
	my ($machine, $fb) = @_;
	my $file = "$machine->{at}.memory";
	my $bytes = int(($fb->{bits} + 7) / 8);

	monitor($machine, sprintf 'pmemsave 0x%x %d "%s"', $fb->{address}, $fb->{pitch} * $fb->{height}, $file);
	my $pixels = slurp($file);
	return glyph_screen($fb->{width}, $fb->{height}, sub { substr $pixels, $_[1] * $fb->{pitch} + $_[0] * $bytes, $bytes });
}

# --- the ways to boot ---

sub firmware
{
	my ($bits) = @_;
	my ($code, $variables) = $bits == 64 ? qw(OVMF_CODE_4M.fd OVMF_VARS_4M.fd) : qw(OVMF32_CODE_4M.secboot.fd OVMF32_VARS_4M.fd);
	my $copy = write_file(scratch() . '/variables' . ++$machines, slurp("/usr/share/OVMF/$variables"));

	return ('-machine', 'q35,smm=on', '-global', 'driver=cfi.pflash01,property=secure,value=on', '-drive',
		"if=pflash,format=raw,readonly=on,file=/usr/share/OVMF/$code", '-drive', "if=pflash,format=raw,file=$copy");
}

sub cd
{
	my ($file) = @_;
	return ('-drive', "file=$file,format=raw,if=none,id=medium,media=cdrom,readonly=on", '-device', 'ide-cd,drive=medium,bootindex=0');
}

our @cd = cd($iso);
our @stick = ('-drive', "file=$iso,format=raw,if=none,id=medium,readonly=on", qw(-device qemu-xhci),
	'-device', 'usb-storage,drive=medium,bootindex=0');

sub net
{
	my ($file, $card, $tree) = @_;
	$tree //= "$root/build/netboot";
	return ('-netdev', "user,id=net,tftp=$tree,bootfile=$file", '-device', "$card,netdev=net,bootindex=0");
}

1;
