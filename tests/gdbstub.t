#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
#
# A witness that shares no code with us: what QEMU's gdbstub says is in the registers of a restarted task, before its
# first instruction, is what its image says, register by register.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Machine;
use Test::More;
use Time::HiRes qw(sleep);

# The image's names to gdb's, where they differ. gdb shows selectors and x87 control registers as 32-bit numbers.
my %gdb_name = (FCW => 'fctrl', FSW => 'fstat', FTW => 'ftag', FOP => 'fop', MXCSR => 'mxcsr',
	(map { ("ST$_" => "st$_", "XMM$_" => "xmm$_") } 0 .. 7));
my @names = (qw(eax ebx ecx edx esi edi ebp esp eip eflags cs ss ds es fs gs FCW FSW MXCSR),
	map { ("ST$_", "XMM$_") } 0 .. 7);

# gdb's "eax 0x12 18", "st0 1 (raw 0x3fff8000000000000000)", "xmm0 {... uint128 = 0x12}".
sub gdb_registers
{
	my ($socket, $eip) = @_;
	my @commands = ('set confirm off', 'set pagination off', "target remote $socket", "hbreak *0x$eip", 'continue',
		'info all-registers', 'kill');
	my %value;

	my $pid = open(my $pipe, '-|') // die "fork: $!";
	if (!$pid) {
		open STDERR, '>', '/dev/null';
		exec qw(timeout -k 5 60 gdb -q -nx -batch), map { ('-ex', $_) } @commands or die "gdb: $!";
	}
	while (<$pipe>) {
		my ($name, $rest) = /^(\w+)\s+(.*)/ or next;
		($value{$name}) = grep { defined } $rest =~ /raw 0x([0-9a-f]+)|uint128 = 0x([0-9a-f]+)|^0x([0-9a-f]+)/;
	}
	close $pipe;
	return %value;
}

for my $cpu (qw(Haswell pentium3)) {
	my $written = boot('qemu', '--cpu', $cpu, '--append', 'selftest=no checkpoint=traveller@5 after=destroy',
		modules('traveller'));
	problems_of($written, "$cpu: traveller is checkpointed");
	my $image = "$written->{dir}/traveller.img";
	my %image = image_registers($image);

	my $socket = scratch() . "/gdb-$cpu";
	my $machine = begin('qemu', '--cpu', $cpu, '--gdb', $socket, '--append', 'selftest=no restart=traveller',
		'--module', $image);
	for (1 .. 100) {
		last if -S $socket;
		sleep 0.1;
	}
	my %gdb = gdb_registers($socket, number($image{eip}));
	finish($machine);
	for (@names) {
		my $there = $gdb{ $gdb_name{$_} // $_ } // 'gdb has none';
		my $here = $image{$_} // 'the image has none';
		is(number($there), number($here), "$cpu: $_");
	}
}
done_testing();
