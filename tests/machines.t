#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
#
# Machines that lack something, have more of it than usual, or say of themselves what is not so: what is missing is named on
# the screen, and a part of the catalogue runs to its end all the same. Screens of every kind are read back.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Hearsay;
use IO::Socket::UNIX;
use Machine;
use Screen;
use Test::More;
use Time::HiRes qw(sleep time);

my $kernel = "$root/build/conformance";
my $cases = 'run=none path=plain case=general.registers.*,state.*';

sub words
{
	return split ' ', $_[0];
}

# --- ways to start the kernel ---

sub kernel
{
	my (@options) = @_;
	return ('-kernel', $kernel, '-append', "$cases @options");
}

# A medium whose only entry starts the kernel at once, with what GRUB is to do before.
sub tree
{
	my ($name, $commands, @options) = @_;
	my $tree = scratch() . "/$name";
	my $entry = "$tree/boot/cr86/grub.cfg";

	system("$root/iso/make-entry", '--append', "$cases @options", $tree, $kernel) == 0 or die "make-entry\n";
	write_file($entry, slurp($entry) =~ s/^boot$/$commands\nboot/mr);
	return $tree;
}

sub medium
{
	my ($name, @tree) = @_;
	my $iso = scratch() . "/$name.iso";

	system("$root/iso/make-iso", "$root/build/grub", tree($name, @tree), $iso) == 0 or die "make-iso\n";
	return ('-drive', "file=$iso,format=raw,if=none,id=medium,media=cdrom,readonly=on", '-device', 'ide-cd,drive=medium');
}

sub netboot
{
	my ($file, $card) = @_;
	my $tree = tree('net', '');

	write_file("$tree/$file", slurp("$root/build/grub/net/$file"));
	return net($file, $card, $tree);
}

# --- boot information that is made up ---

sub told
{
	return hearsay($kernel, $cases, @_);
}

my %screen = (address => 0x7f00000, width => 640, height => 400, bits => 32, pitch => 2560);
my $above = { %screen, address => (1 << 32) + 0x23456000 };
my %choosing = (%screen, bits => 8, pitch => 640);

# VGA's colours as GRUB has them in a palette, where they do not come first, among others that nothing should look like.
my ($black, $blue, $white, $purple) = ([ 0, 0, 0 ], [ 0, 0, 0xa8 ], [ 0xfe, 0xfe, 0xfe ], [ 0xc0, 0, 0xff ]);
my @palette = (($purple) x 250, $white, $blue, [ 0xa8, 0xa8, 0xa8 ], [ 0x54, 0xfe, 0x54 ], [ 0, 0xa8, 0 ], $black);

# --- the machines: name; what the row of the frame says of machine and missing parts; how to read the screen; QEMU's arguments;
# lines that the console must have ---

my $bios = 'BIOS, 127 MiB';
my ($uefi32, $uefi64) = ('UEFI of 32 bits, \d+ MiB', 'UEFI of 64 bits, \d+ MiB');
my @many = map { [ 0x1000000 + $_ * 0x10000, 0xf000, $_ % 2 ? 1 : 2 ] } 0 .. 199;

my @machines = (
	[ 'a PC', $bios, \&text_screen, [ kernel() ] ],
	[ 'a PC of 32 MiB', 'BIOS, 3[12] MiB', \&text_screen, [ kernel(), '-m', 32 ] ],
	[ 'a PC of 6 GiB and four CPUs', 'BIOS, 6143 MiB, one of 4 CPUs used', \&text_screen, [ kernel(), qw(-machine q35 -m 6G -smp 4) ],
		qr/^# CPUs: 4, of which one is used$/m ],
	[ 'a PC with places for more CPUs', $bios, \&text_screen, [ kernel(), '-smp', '1,maxcpus=4' ] ],
	[ 'a PC of two CPUs, one of them without memory of its own', "$bios, one of 2 CPUs used", \&text_screen, [ kernel(), qw(-smp 2) ] ],
	[ 'no VGA', undef, undef, [ kernel(), qw(-vga none) ], qr/^# no screen: /m ],
	[ 'no serial port', "$bios, no serial port", \&text_screen, [ kernel(), qw(-serial none) ] ],
	[ 'no PS/2', "$bios, no keyboard", \&text_screen, [ kernel(), words('-machine pc,i8042=off') ], qr/^# no keyboard: /m ],
	[ 'no PIT', "$bios, no PIT, ticks by the local APIC", \&text_screen, [ kernel(), words('-machine pc,pit=off') ],
		qr/^# no PIT: ticks by the local APIC$/m ],
	[ 'no PIC', "$bios, no PIC, ticks by the local APIC", \&text_screen, [ kernel(), words('-machine pc,pic=off') ],
		qr/^# no PIC: ticks by the local APIC$/m ],
	[ 'no PIT, no local APIC', "$bios, no PIT, no timer ends what hangs", \&text_screen, [ kernel(), words('-machine pc,pit=off'),
		words('-cpu qemu32,-apic') ], qr/^# no PIT: no timer ends what hangs$/m ],
	[ 'no HPET, no ACPI', '.*no ACPI', \&text_screen, [ kernel(), words('-machine pc,hpet=off,acpi=off') ], qr/^# no ACPI: /m ],
	[ 'none of all these', undef, undef, [ kernel(), words('-machine microvm,pit=off,pic=off,rtc=off,isa-serial=off -vga none'),
		words('-serial none -device isa-serial,chardev=console') ],
		qr/^# no screen.*^# no keyboard.*^# no PIC: ticks of unknown length\n.*^# no clock.*^# no ACPI/ms ],

	[ 'a CPU that hides a leaf of CPUID', $bios, \&text_screen, [ kernel(), words('-cpu Haswell,level=5') ],
		qr/^# FPU state: fxsave.*^# CPUID leaf 0DH makes no sense: XSAVE is not used$/ms ],
	[ 'a CPU whose CPUID ends at 0, with a local APIC that nobody has set up', $bios, \&text_screen, [ kernel(), words('-cpu Haswell,level=0') ], qr/^# FPU state: fxsave/m ],
	[ 'a CPU that claims endless leaves', $bios, \&text_screen, [ kernel(), words('-cpu Haswell,level=0xffffffff,xlevel=0xffffffff') ],
		qr/^# FPU state: xsave/m ],

	(map { [ "the serial port ttyS$_", $bios, \&text_screen, [ kernel("console=ttyS$_"), qw(-serial none),
		'-device', "isa-serial,index=$_,chardev=console" ] ] } 1 .. 3),
	[ 'a serial port on a PCI card', $bios, \&text_screen, [ kernel('console=pci'), qw(-serial none),
		'-device', 'pci-serial,chardev=console' ], qr/^# firmware: BIOS/m ],
	[ 'a serial port on no PCI card', "$bios, no serial port", \&text_screen, [ kernel('console=pci'), qw(-serial none) ] ],
	[ 'a serial port where nothing is', "$bios, no serial port", \&text_screen, [ kernel('console=mmio:e0000000'),
		qw(-serial none) ] ],

	[ 'a memory map with holes', 'BIOS, 129 MiB', \&text_screen, [ told(memory_map(@usual, [ 0x4000000, 0x2000000, 2 ],
		[ 0x7f00000, 0x200000, 1 ], [ -4096, 0x2000, 1 ], [ -4096, 0xfff, 1 ], [ 5, 0, 1 ])) ],
		qr/^# firmware: .* (8\d|9[0-6]) of them free for use$/m ],
	[ 'a memory map of 200 ranges', 'BIOS, 130 MiB', \&text_screen, [ told(memory_map(@usual, @many)) ] ],

	(map {
		my ($name, $address, $cpu) = @$_;
		[ "a framebuffer $name", undef, undef, [ told(memory_map(@usual), framebuffer({ %screen, address => $address })), '-cpu', $cpu ],
			qr/^# the framebuffer is not used: it lies above 4 GiB, out of .*; the serial port has the output\n.*^# no screen: /ms ]
	} [ 'above 4 GiB, and no PAE paging', 1 << 32, 'pentium3' ], [ 'whose end is', 0xfffff000, 'pentium3' ],
		[ 'beyond the CPU\'s 40 address bits', (1 << 40) - 4096, 'Haswell' ], [ 'at the end of all addresses', -4096, 'Haswell' ]),
	(map {
		my ($what, $fb) = ($_->{what}, { %choosing, %$_ });
		[ "a framebuffer with $what", undef, undef, [ told(memory_map(@usual), framebuffer($fb)) ],
			qr/^# the framebuffer is not used: its pixels are not /m ]
	} { what => 'a palette and 4 bits', bits => 4, palette => \@palette }, { what => 'a palette of no colours', palette => [] },
		{ what => 'pixels of a kind that is unknown', bits => 32, type => 3 }),
	(map {
		my $fb = { %screen, %$_ };
		$fb->{pitch} = int(($fb->{bits} + 7) / 8) * $fb->{width} + ($_->{more} // 0);
		[ "a framebuffer of $fb->{width} by $fb->{height} by $fb->{bits}", 'BIOS, 127 MiB', sub { memory_screen($_[0], $fb) },
			[ told(memory_map(@usual), framebuffer($fb)), '-m', 256 ] ]
	} { bits => 32 }, { bits => 24, more => 32 }, { width => 800, height => 600, bits => 16 },
		{ width => 1920, height => 1200, bits => 24, address => 0x8000000 }, { width => 3840, height => 2160, address => 0x8000000 },
		{ bits => 8, palette => \@palette },
		{ width => 720, bits => 8, palette => [ $white, $black ] }),
	[ 'a framebuffer above 4 GiB', 'BIOS, 127 MiB', sub { memory_screen($_[0], $above) },
		[ told(memory_map(@usual), framebuffer($above)), '-m', '5G' ] ],

	[ 'UEFI, 64 bits, VGA, three CPUs', "$uefi64, one of 3 CPUs used", \&picture_screen, [ firmware(64), medium('x64', ''),
		qw(-smp 3) ] ],
	[ 'UEFI, 64 bits, Bochs display, 1920 by 1080', $uefi64, \&picture_screen, [ firmware(64), medium('bochs', ''),
		qw(-vga none -device), 'bochs-display,xres=1920,yres=1080' ] ],
	[ 'UEFI, 64 bits, RAM framebuffer, no PS/2', "$uefi64, no keyboard", \&picture_screen, [ firmware(64), medium('ramfb', ''),
		qw(-vga none -device ramfb -machine), 'i8042=off' ] ],
	[ 'UEFI, 64 bits, network', $uefi64, \&picture_screen, [ firmware(64), netboot('x64.efi', 'virtio-net-pci') ] ],
	[ 'UEFI, 32 bits, VGA, 640 by 480', $uefi32, \&picture_screen, [ firmware(32), medium('ia32', ''),
		words('-vga none -device VGA,xres=640,yres=480') ] ],
);

# --- each of them ---

# Has the run come to its end? Where there is no serial port, the screen tells.
sub ended
{
	my ($machine, $read) = @_;
	return 1 if gone($machine) || console($machine) =~ /^# (PASSED|FAILED): /m;
	return $machine->{silent} && join("\n", $read->($machine)) =~ /^checksum of all results/m;
}

sub check
{
	my ($row) = @_;
	my ($name, $says, $read, undef, $told) = @$row;
	my $machine = $row->[5];

	for (my $end = time + 60; time < $end && !ended($machine, $read); ) {
		sleep 0.1;
	}
	my @screen = $read ? $read->($machine) : ();
	for (my $n = 0; $read && ($screen[12] // '') !~ /^checksum/ && $n < 20; $n++) {    # it comes behind the serial line's
		sleep 0.1;
		@screen = $read->($machine);
	}

	ok($machine->{silent} || console($machine) =~ /^# PASSED: /m, "$name: the run passes") or diag(console($machine));
	like(console($machine), $told, 'the console says so') if $told;
	if ($read) {
		is(scalar @screen, $rows, 'a screen');
		like($screen[1], qr/^(QEMU|Intel)/, 'the CPU\'s name');
		like($screen[6], qr/^$says$/, 'what the machine has, and what it lacks');
		like($screen[12], qr/^checksum of all results: [0-9a-f]{8}$/, 'the checksum');
		like($screen[13], qr/ (\d+) of \1: /, 'all cases');
	}
	stop($machine);
}

# Two at a time.
my @under_way;
for my $row (@machines) {
	$row->[5] = start($row->[0], @{ $row->[3] });
	$row->[5]{silent} = grep { $_ eq 'none' } @{ $row->[3] }[ map { $_ + 1 } grep { $row->[3][$_] eq '-serial' } 0 .. $#{ $row->[3] } ];
	$row->[5]{silent} &&= !grep { /chardev=console/ } @{ $row->[3] };
	push @under_way, $row;
	check(shift @under_way) if @under_way == 2;
}
check($_) for @under_way;

# --- bad input: said on the screen, with a way on ---

# One test: the screen comes to have that.
sub screen_like
{
	my ($machine, $pattern, $what) = @_;
	like(screen_shows($machine, $pattern), $pattern, $what);
}

sub reboots
{
	my ($machine) = @_;

	monitor($machine, 'sendkey b');
	ok(ends($machine, 3), 'b reboots');
	stop($machine);
}

# The menu of the medium, which does not wait, with something wrong in it.
sub menu
{
	my ($name, $spoil) = @_;
	my $tree = scratch() . "/$name";
	my $entry = "$tree/boot/cr86/grub.cfg";

	system('cp', '-R', "$root/build/medium", $tree) == 0 or die "cp\n";
	write_file($entry, slurp($entry) =~ s/timeout=5/timeout=0/r);
	$spoil->($tree, $entry);
	system("$root/iso/make-iso", "$root/build/grub", $tree, "$tree.iso") == 0 or die "make-iso\n";
	return start($name, '-cdrom', "$tree.iso");
}

# How often each value stands in these lines of the framebuffer %choosing.
sub pixels_used
{
	my ($machine, @lines) = @_;
	my %used;

	memory_screen($machine, \%choosing);
	my @pixels = unpack 'C*', substr slurp("$machine->{at}.memory"), $lines[0] * $choosing{pitch}, @lines * $choosing{pitch};
	$used{$_}++ for @pixels;
	return %used;
}

sub change
{
	my ($file, $from, $to) = @_;
	write_file($file, slurp($file) =~ s/\Q$from\E/$to/r);
}

{
	my $machine = start('an option that is none', '-kernel', $kernel, '-append', 'run=none nonsense=7');
	screen_like($machine, qr/unknown option 'nonsense=7': .*Bail out! the command line was not understood.*\bb reboot/s,
		'an entry edited to an unknown option');
	press($machine, qw(r down));    # what could not begin cannot be repeated
	screen_like($machine, qr/unknown option 'nonsense=7'.*Bail out! the command line was not understood.*\ns to the/s,
		'and there it stays, as the last page');
	monitor($machine, 'sendkey home');
	screen_like($machine, qr/^# the options are:\n#   run=/m, 'while the options can be paged through');
	unlike(join("\n", text_screen($machine)), qr/#####/, 'of the CPU, there is no verdict');
	reboots($machine);

	$machine = menu('no kernel', sub { change($_[1], 'cr86 conformance.gz', 'cr86 nonsense.gz') });
	screen_like($machine, qr{file `/boot/cr86/nonsense.gz' not found.*Press any key}s, 'an entry edited to another file');
	monitor($machine, 'sendkey ret');
	screen_like($machine, qr/Failed to boot.*Press any key/s, 'which does not start by itself again');
	monitor($machine, 'sendkey ret');
	screen_like($machine, qr/Conformance: is this CPU right\?.*Switch off/s, 'a key leads back to the menu');
	stop($machine);

	my $image = write_file(scratch() . '/image', "no image\n" x 1000);
	$machine = start('a damaged image', '-kernel', "$root/build/kernel", '-append', 'run=none restart=image', '-initrd', $image);
	screen_like($machine, qr/^(?=.*restart image: HEAD\S* at offset 0: )(?=.*not ok 1 - restart image\b).*\bb reboot/s,
		'a damaged image on the medium');
	reboots($machine);

	$machine = start('safe settings', kernel('fpu=eager xstate=fxsave screen=no'));
	ok(wait_for($machine, qr/^# PASSED: /m, 20), 'safe settings: the run passes');
	is(join(' ', grep { $_ ne '' } text_screen($machine)), ' cr86 0.1.0: the serial line alone shows the run (screen=no)',
		'which only the serial line shows');
	stop($machine);

	$machine = start('safe settings', kernel('xstate=fxsave screen=no'), '-cpu', 'pentium');
	screen_like($machine, qr/xstate=fxsave: this CPU cannot do that/, 'but not that it cannot be');
	reboots($machine);

	$machine = start('safe settings', kernel('screen=no'), qw(-serial none));
	screen_like($machine, qr/checksum of all results/, 'and without a serial port the screen does');
	stop($machine);

	# T is an entry's PWT, which chooses write-combining, and C its PCD.
	$machine = start('combined', told(memory_map(@usual), framebuffer(\%screen)), '-m', 256);
	ok(wait_for($machine, qr/^# PASSED: /m, 20), 'a framebuffer: the run passes');
	like(monitor($machine, 'info tlb'), qr/: 80*7f00000 \S{5}-T-W/, 'and writes to it may be combined');
	stop($machine);

	$machine = start('palette', told(memory_map(@usual), framebuffer({ %choosing, palette => \@palette })), '-m', 256);
	ok(wait_for($machine, qr/^# PASSED: /m, 20), 'a palette: the run passes');
	my %used = pixels_used($machine, 0 .. 15);
	is(join(' ', sort keys %used), '250 251', 'the title is white on blue: the colours that are nearest');
	cmp_ok($used{251}, '>', $used{250}, 'and more of it is blue');
	%used = pixels_used($machine, 80 .. 95);
	is(join(' ', sort keys %used), '250 254 255', 'and the last row of PASS is white on green, beside what is black');
	stop($machine);

	$machine = start('no video mode', medium('mode', 'set gfxpayload=123x45'));
	screen_like($machine, qr/checksum of all results/, 'a video mode that there is not: text instead');
	stop($machine);

	for my $mode (qw(1024x768x16 800x600x24 640x480x32)) {
		$machine = start($mode, medium("mode$mode", "set gfxpayload=$mode"));
		ok(wait_for($machine, qr/^# PASSED: /m, 20), "BIOS, $mode: the run passes");
		sleep 0.5;
		like((picture_screen($machine))[12] // '', qr/^checksum of all results: /, 'and the screen shows it');
		stop($machine);
	}

	$machine = start('small', medium('small', 'set gfxpayload=320x200x32'));
	ok(wait_for($machine, qr/^# PASSED: /m, 20), 'a video mode that has no room: the run passes');
	like((picture_screen($machine))[0] // '', qr/^ too small: gfxpayload=640x480 or more$/, 'and the screen says so');
	stop($machine);
}

# --- what the frame says where there is much to say, or nothing ---

{
	my $name = 'A processor whose name has all 47 characters :-';
	my $machine = start('families', '-kernel', $kernel, '-append', 'run=none path=plain case=xsave.component.*,general.registers.*', '-cpu',
		"qemu64,model-id=$name");

	ok(wait_for($machine, qr/^# PASSED: /m, 20), 'a family whose cases are all skipped');
	screen_like($machine, qr/^xsave +##### skipped\b/m, 'is neither right nor wrong');
	screen_like($machine, qr/^general +##### \d+\b/m, 'beside one that is right');
	screen_like($machine, qr/^\Q$name\E +####    ###/m, 'a long name beside the large letters');
	stop($machine);
}

{
	my $machine = start('many parts', kernel(), qw(-serial none -smp 4 -machine), 'q35,i8042=off,pit=off,hpet=off');

	screen_like($machine, qr/^BIOS, 127 MiB, one of 4 CPUs used, no serial port, no keyboard, no PIT.*\.\.\.$/m, 'more missing parts than the row has room for');
	screen_like($machine, qr/^# no serial port: .*^# no keyboard: .*^# no PIT: ticks by the local APIC$/ms, 'stand below');
	stop($machine);
}

# --- the ways out, with the verdict on the serial line first; QEMU's debug exit with byte b is status 2 * b + 1 ---

for (
	[ 'reboot', 'general.registers.*', 0, 'PASSED' ],
	[ 'debug', 'general.registers.*', 2 * 0x10 + 1, 'PASSED' ],
	[ 'debug', 'x87.pointers.load', 2 * 0x11 + 1, 'FAILED' ],
) {
	my ($exit, $cases, $status, $verdict) = @$_;
	my $machine = start("exit=$exit", '-kernel', $kernel, '-append', "run=none path=plain case=$cases exit=$exit");

	ok(ends($machine, 20), "exit=$exit, $verdict: the machine ends");
	is($machine->{status}, $status, 'as it should');
	like(console($machine), qr/^# $verdict: .*\n\z/m, 'and the verdict is on the serial line');
}

# --- a serial port that takes its time: a run that the screen shows does not wait for it ---

# A machine whose serial port is a socket, which has room for a few hundred bytes.
sub with_port
{
	my ($name, @options) = @_;
	my $path = scratch() . "/$name.port";
	my $machine = start($name, kernel(@options), '-serial', 'chardev:port', '-S', '-chardev', "socket,id=port,path=$path,server=on,wait=off");

	for (1 .. 50) {
		last if $machine->{port} = IO::Socket::UNIX->new(Peer => $path);
		sleep 0.1;
	}
	monitor($machine, 'cont');
	return $machine;
}

# What comes until the run's last line, as fast as a reader can; it is given up after a while.
sub read_slowly
{
	my ($machine) = @_;
	my $text = '';

	for (my $end = time + 20; time < $end && $text !~ /^# PASSED: .*\n/m;) {
		sysread $machine->{port}, $text, 100, length $text or last;
	}
	return $text =~ s/\r//gr;
}

{
	my $read = start('read', kernel());
	ok(wait_for($read, qr/^# PASSED: /m, 20), 'text that is read at once');
	my $all = console($read);

	# For whoever connects a serial line only now.
	monitor($read, 'sendkey s');
	wait_for($read, qr/(.*^# PASSED: ){2}/ms, 10);
	is(console($read), $all x 2, 's: all of it once more');
	stop($read);
	my ($status, $said) = cr86('extract', "$read->{at}.log", '-o', scratch() . '/extracted');
	is($status, 0, 'which cr86 extract takes') or diag($said);
	is(slurp(scratch() . '/extracted/results-2.tap'), slurp(scratch() . '/extracted/results.tap'), 'for the same results');

	my $machine = with_port('unread');
	screen_like($machine, qr/checksum of all results/, 'text that nobody reads: the screen has the verdict');
	monitor($machine, 'sendkey home');
	screen_like($machine, qr/^# FPU state: /m, 'and keys are obeyed');
	is(read_slowly($machine), $all, 'all of the text comes as soon as somebody reads');
	stop($machine);

	$machine = with_port('slow', 'exit=off');
	is(read_slowly($machine), $all, 'text that is read slowly: all of it comes before the machine is switched off');
	ok(ends($machine, 5), 'and then it is');
	stop($machine);
}

# --- the medium itself in Bochs, whose menu nobody answers: it starts the conformance run, of which a few cases are enough ---

my $dir = scratch() . '/bochs';
my $pid = open my $adapter, '-|', "$root/tests/engines/bochs", '--out', $dir, '--boot', 'iso', '--iso', "$root/build/cr86.iso",
	'--timeout', 90 or die "bochs: $!";
my $said = '';
while (<$adapter>) {
	$said .= $_;
	last if /^ok 20 /;
}
kill TERM => $pid;
close $adapter;
like($said, qr/^ok 20 - /m, 'Bochs, CD: the conformance run starts by itself') or diag($said);
like(slurp("$dir/console.log"), qr/^# conformance: \d+ cases, paths: plain switch .*xsave/m, 'all of it');

done_testing();
