#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
#
# What the kernel does when it is wrong itself, or the hardware is: it says so, and never dies of a triple fault. And what
# keeps its faults from being more than that: pages that allow no more than they must, SMEP, SMAP, NX, canaries.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use IO::Socket::UNIX;
use Machine;
use Test::More;
use Time::HiRes qw(sleep);

# --- the kernel's own faults: build/faulty commits them ---

# Fault; the lines of the panic screen, in order, as patterns of how they begin; whether a 486 does not notice.
my $at = qr/at \w+/;    # where it happened; the calls that led there follow
my @faults = (
	[ 'registers', [ 'kernel panic: trap in the kernel', 'by #UD, error code 0',
		'eax a1a1a1a1  ebx b1b1b1b1  ecx c1c1c1c1  edx d1d1d1d1', 'esi 51515151  edi d2d2d2d2  ebp b2b2b2b2',
		'cs 0060  ss 0068  ds 0068  es 0068  fs 007b', 'dr0 08049000', "$at registers\\+", '\w+ selftest\+' ] ],
	[ 'trace', [ 'kernel panic: for the test', "$at panic_here\\+", map { "\\w+ $_\\+" }
		qw(step_two step_one trace selftest kernel_main entry) ] ],
	[ 'overflow', [ 'kernel panic: kernel stack overflow', 'by #DF', "$at overflow\\+", '\w+ overflow\+', '\w+ selftest\+' ] ],
	[ 'no_stack', [ 'kernel panic: double fault', 'by #DF', 'esi .* esp 00001000', "$at no_stack\\+" ] ],
	[ 'null', [ 'kernel panic: trap in the kernel', 'by #PF, error code 2', 'cr0 .* cr2 00000008', "$at null\\+" ] ],
	[ 'smash', [ 'kernel panic: the stack was overwritten', '\w+ smash\+' ] ],
	[ 'write_text', [ 'by #PF, error code 3', "$at write_text\\+" ] ],
	[ 'execute_data', [ 'by #PF, error code 11', '\w+ execute_data\+' ], 1 ],
	[ 'execute_user', [ 'by #PF, error code 11', 'cr0 .* cr2 08048000', '\w+ execute_user\+' ], 1 ],
	[ 'read_user', [ 'by #PF, error code 1$', 'cr0 .* cr2 08048000', "$at read_user\\+" ], 1 ],
);

my ($note) = slurp("$root/build/faulty") =~ /\x04\0\0\0\x14\0\0\0\x03\0\0\0GNU\0(.{20})/s;
my $id = unpack 'H*', $note // '';

sub panics
{
	my ($cell, $fault, $lines) = @_;
	my $says = join '.*', map { "^# +$_" } @$lines;
	my $machine = boot(@$cell, '--kernel', "$root/build/faulty", '--append', "run=$fault", '--timeout', 20);
	my ($screen) = $machine->{console} =~ /^(# kernel panic: .*)/ms;

	$screen //= 'no panic';
	like($screen, qr/$says/ms, "@$cell: $fault");
	my @missing = grep { $screen !~ /\b$_ [0-9a-f]+\b/ } qw(eax ebx ecx edx esi edi ebp esp eip eflags cs ss ds es fs gs cr0 cr2
		cr3 cr4 dr0 dr1 dr2 dr3 dr6 dr7);
	is("@missing", '', 'all registers');
	like($screen, qr/^# cr86 \S+, build $id$/m, "the build's id is the file's");
	like($screen, qr/^# Please report .*\n# .*README.*\nBail out! kernel panic: /m, 'what to report');
	like($machine->{output}, qr/^not ok \d+ - engine: [^:]*: the kernel bailed out/m, 'and the machine ends in order');
}

for my $fault (@faults) {
	my ($name, $lines, $max_alone) = @$fault;
	panics([qw(qemu --cpu max)], $name, $lines);
	panics([qw(qemu --cpu 486)], $name, $lines) unless $max_alone;
	panics([qw(bochs --cpu corei7_skylake_x)], $name, $lines) if $name =~ /overflow|read_user|execute_data/;
}
my $twice = boot('qemu', '--kernel', "$root/build/faulty", '--append', 'run=panic_twice', '--timeout', 20);
like($twice->{console}, qr/^Bail out! kernel panic, in the panic: /m, 'a panic that faults ends in order');

# --- the hardware's: commands to QEMU's monitor ---

sub monitor
{
	my ($socket) = @_;

	for (1 .. 100) {
		my $monitor = IO::Socket::UNIX->new(Peer => $socket);
		return $monitor if $monitor;
		sleep 0.05;
	}
	die "$socket: $!\n";
}

# A machine whose only program goes on for ever.
sub spinning
{
	my ($cpu) = @_;
	my $socket = scratch() . "/monitor-$cpu";
	my $machine = begin('qemu', '--cpu', $cpu, '--monitor', $socket, '--timeout', 20, '--append', 'selftest=no', modules('spin'));

	return ($machine, monitor($socket));
}

# Gives commands until the console shows what is waited for.
sub provoke
{
	my ($machine, $monitor, $shows, $what, @commands) = @_;
	my $console = '';

	print $monitor "$_\n" for @commands;
	for (1 .. 100) {
		$console = slurp("$machine->{dir}/console.log") =~ s/\r//gr;
		last if $console =~ $shows;
		sleep 0.05;
	}
	like($console, $shows, "$machine->{name}: $what");
}

for my $cpu (qw(486 Haswell)) {
	my ($machine, $monitor) = spinning($cpu);

	$machine->{name} = $cpu;
	provoke($machine, $monitor, qr/FPU state/, 'boots');
	provoke($machine, $monitor, qr/^# NMI 1 at eip \w+: /m, 'an NMI is told', 'nmi');
	# The PICs are told to let through what nobody has asked for: a key, the clock.
	provoke($machine, $monitor, qr/^# interrupt 33 \(IRQ 1\), which nobody/m, 'an interrupt is told', 'o /b 0x21 0xf8', 'sendkey a');
	provoke($machine, $monitor, qr/^# interrupt 40 \(IRQ 8\), which nobody/m, "the second PIC's, too", 'o /b 0xa1 0xfe', 'o /b 0x70 0x0b',
		'o /b 0x71 0x42');
	provoke($machine, $monitor, qr/^# NMI 2 at eip \w+: /m, 'and the machine goes on', 'nmi');
	if ($cpu eq 'Haswell') {
		provoke($machine, $monitor,
			qr/^# kernel panic: machine check.*^# by #MC.*^# bank 1: status be0{11}135 address 0{9}1234000 misc 0{14}8c\n.*^Bail/ms,
			'a machine check is told, with its bank',
			'mce 0 1 0xbe00000000000135 5 0x1234000 0x8c');
	} else {
		print $monitor "quit\n";
	}
	finish($machine);
	unlike($machine->{output}, qr/triple/, "$cpu: no triple fault");
}

# NMIs at any moment, in the kernel and out of it, while all programs run.
{
	my $socket = scratch() . '/monitor-storm';
	my $machine = begin('qemu', '--cpu', 'Haswell', '--monitor', $socket, '--append', 'selftest=no hz=1000', modules());
	my $monitor = monitor($socket);
	local $SIG{PIPE} = 'IGNORE';

	provoke($machine, $monitor, qr/FPU state/, 'boots');
	for (1 .. 100) {
		print $monitor "nmi\n" x 5 or last;
		sleep 0.002;
	}
	finish($machine);
	problems_of($machine, 'programs under NMIs');
	my ($nmis) = $machine->{console} =~ /^# nobody asked for: (\d+) NMIs, 0 interrupts$/m;
	cmp_ok($nmis // 0, '>', 20, 'of which there were many');
}

# --- the last IRET, and the way in: gdb changes what is under way ---

# A machine under gdb, which knows a kernel's symbols: the machine, and what gdb said.
sub under_gdb
{
	my ($kernel, $commands, @arguments) = @_;
	my $socket = scratch() . "/gdb-$kernel";
	my $machine = begin('qemu', '--gdb', $socket, '--timeout', 30, '--kernel', "$root/build/$kernel", @arguments);

	for (1 .. 100) {
		last if -S $socket;
		sleep 0.05;
	}
	my $said = gdb([ "$root/build/$kernel.debug" ], 'set confirm off', "target remote $socket", @$commands, 'delete', 'continue');
	finish($machine);
	return ($machine, $said);
}

# What is put into the frame that IRET is about to take EIP, CS, EFLAGS, ESP and SS from (or elsewhere), and the fault
# (SDM 2A, IRET; where SS is not present, QEMU 7.2 raises #NP instead of #SS). TLS slots of hello are empty. The second
# task in the ring is the first to run. (A limit below EIP is for Bochs: restart.accepted.ip.limit. TCG has no such check.)
my $not_present = '0x0040720000000fff';
my $code_not_present = '0x00407a0000000fff';
my @irets = (
	[ 'CS: an empty descriptor', 'set {int}($esp + 4) = 0x33', '#GP', '30' ],
	[ 'CS: data', 'set {int}($esp + 4) = 0x7b', '#GP', '78' ],
	[ 'CS: null', 'set {int}($esp + 4) = 3', '#GP', '0' ],
	[ 'CS: not present', "set gdt[8] = $code_not_present\nset {int}(\$esp + 4) = 0x43", '#NP', '40' ],
	[ 'SS: null', 'set {int}($esp + 16) = 3', '#GP', '0' ],
	[ 'SS: code', 'set {int}($esp + 16) = 0x73', '#GP', '70' ],
	[ 'SS: ring 0', 'set {int}($esp + 16) = 0x68', '#GP', '68' ],
	[ 'SS: not present', "set gdt[8] = $not_present\nset {int}(\$esp + 16) = 0x43", '#(SS|NP)', '40' ],
	[ 'NT, and no task to go back to', 'set $eflags |= 0x4000', '#TS', '0' ],
);
my @names = map { "iret$_" } 1 .. @irets;
my ($machine) = under_gdb('kernel', [ 'hbreak *trap_iret if current', map { ('continue', split /\n/, $_->[1]) } @irets ],
	'--cpu', 'Haswell', '--append', 'selftest=no', map { ('--module', "$root/build/programs/hello=$_") } 'last', @names);
my @ended = $machine->{console} =~ /^# \[\d+ iret\d+\] ended by (#\w+ at eip \w+: error code \w+)$/mg;
for (@irets) {
	my ($what, undef, $exception, $error) = @$_;
	like(shift @ended // 'nothing', qr/^$exception at .*: error code $error$/, "IRET refused: $what");
}
like($machine->{output}, qr/^ok \d+ - run last$/m, 'and the last program, whose IRETs are left alone, passes');
unlike($machine->{output}, qr/panic|triple/, 'the kernel goes on');

my (undef, $log) = under_gdb('conformance', [ 'hbreak trap if (frame->eflags & 0x40400) == 0x40400', 'continue',
	'print/x frame->eflags & 0x40400', 'print/x $eflags & 0x44700' ],
	'--cpu', 'max', '--append', 'case=restart.accepted.flags.all path=plain');
like($log, qr/^\$1 = 0x40400$/m, 'a task with AC and DF set enters the kernel');
like($log, qr/^\$2 = 0x0$/m, 'which runs without, and without TF, IF and NT');

# --- the pages ---

my %expected = (max => ' SMEP SMAP UMIP MCE NX', Haswell => ' SMEP MCE NX', 486 => '', 'Haswell,-nx' => ' SMEP MCE');

for my $cpu (sort keys %expected) {
	my ($protection) = boot('qemu', '--cpu', $cpu, '--append', 'selftest=no', modules('hello'))->{console} =~
		/^# protection:(.*)\n# page tables: \d+ pages can be written, \d+ executed, none both$/m;
	is($protection, $expected{$cpu}, "$cpu: what protects the kernel, and no page can be written and executed");
}
done_testing();
