#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
#
# From outside, through QEMU's gdbstub: a case that is stopped at its first instruction has the registers that its text
# says. And can a verdict fail? One bit of one register is flipped, and the case goes on. It must notice; so for each bit
# of each register that the gdbstub can write.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Gdbstub;
use Machine;
use Test::More;

my $code = 0x10000000;    # where a case begins (tests/conformance/case.h)

# The registers by gdb's names, with the bits that are tried. Of EIP, only a change out of the instruction; of EFLAGS all
# but RF, which the next instruction clears by itself, and VIF and VIP, which QEMU never clears again; FSW.B is a copy of
# ES. Not CS and SS: to the gdbstub they are the whole segment, and with it the privilege level.
my @registers = (
	(map { [ $_, [ 0 .. 31 ] ] } qw(eax ecx edx ebx esp esi edi eip)),
	[ eflags => [ 0, 2, 4, 6 .. 7, 9 .. 14, 18, 21 ] ],
	(map { [ $_, [ 3 .. 15 ] ] } qw(ds es fs gs)),
	(map { [ "st$_", [ 0 .. 79 ] ] } 0 .. 7),
	[ fctrl => [ 0 .. 5, 8 .. 11 ] ], [ fstat => [ 0 .. 14 ] ],
	(map { [ "xmm$_", [ 0 .. 127 ] ] } 0 .. 7),
	[ mxcsr => [ 0 .. 15 ] ],
);

my $stub;
my $last = 'nothing';    # flipped

# The registers' numbers, which the gdbstub describes in XML. Whoever has not asked for that cannot write single ones.
sub numbers
{
	my ($number, %number) = (0);

	$stub->ask('qXfer:features:read:target.xml:0,fff') =~ /href="(i386[^"]*)"/ or die "no description of the registers\n";
	my ($annex, $xml) = ($1, '');
	while ($stub->ask(sprintf 'qXfer:features:read:%s:%x,fff', $annex, length $xml) =~ /^([ml])(.*)/s) {
		$xml .= $2;
		last if $1 eq 'l';
	}
	$xml =~ s/<!--.*?-->//gs;
	while ($xml =~ /<reg name="(\w+)"([^>]*)/g) {
		my ($name, $rest) = ($1, $2);
		$number = $1 if $rest =~ /regnum="(\d+)"/;
		$number{$name} = $number++;
	}
	return %number;
}

# Until the next case stands at its first instruction.
sub to_next_case
{
	my $stop = $stub->to_breakpoint(sprintf '%x', $code);
	$stop =~ /^[TS]05/ or die "after a flip of $last the machine did not come to the next case: $stop\n";
}

# Flips a bit. False: the gdbstub does not write this one.
sub flip
{
	my ($number, $bit) = @_;
	my $before = $stub->ask(sprintf 'p%x', $number);
	my $value = pack 'H*', $before;

	vec($value, $bit, 1) ^= 1;
	my $after = unpack 'H*', $value;
	return $stub->ask(sprintf 'P%x=%s', $number, $after) eq 'OK' && $stub->ask(sprintf 'p%x', $number) eq $after;
}

# The state before as the case's text has it: registers whose value is spelled out in digits, by gdb's names. QEMU's
# gdbstub counts x87 registers from R0, not from the top of the stack.
sub text_of_the_case
{
	my $top = 3;    # FSW=5d20
	my %gdb_name = (FCW => 'fctrl', FSW => 'fstat', MXCSR => 'mxcsr',
		map { ("ST$_" => 'st' . ($_ + $top & 7), "XMM$_" => "xmm$_") } 0 .. 7);
	my ($text) = slurp("$root/tests/cases/state.asm") =~ /(%macro everything_integer.*?); each NAME/s;
	my %value;

	while ($text =~ /["\s](e[a-ds][xip]|FCW|FSW|MXCSR|ST\d|XMM\d)=([0-9a-f_]+)(?=["\s])/g) {
		my ($name, $digits) = ($1, $2);
		$value{ $gdb_name{$name} // $name } = $digits =~ s/_//gr;
	}
	return %value;
}

# A register's value, most significant digit first; the gdbstub sends the least significant byte first.
sub value
{
	my ($number) = @_;
	return unpack 'H*', reverse pack 'H*', $stub->ask(sprintf 'p%x', $number);
}

my @flips = map { my $r = $_; map { [ $r->[0], $_ ] } @{ $r->[1] } } @registers;
my $path = scratch() . '/gdb';
my $runs = @flips + 2;    # the first and the last go through as they are
my $machine = begin('qemu', '--cpu', 'Haswell', '--gdb', $path, '--timeout', 280, '--kernel', "$root/build/conformance",
	'--append', "selftest=no case=state.everything.sse path=plain repeat=$runs");
my %written;

# Off the first instruction, then on to the next case.
sub to_next_case_after_step
{
	$stub->ask('s');
	to_next_case();
}

$stub = Gdbstub->new($path);
my %number = numbers();
to_next_case();
my %text = text_of_the_case();
cmp_ok(scalar(keys %text), '>=', 24, 'the text has the state');
is(value($number{$_}) =~ s/^0+(?=.)//r, $text{$_} =~ s/^0+(?=.)//r, "$_: the gdbstub shows what the text says") for sort keys %text;
for my $flip (@flips) {
	my ($register, $bit) = @$flip;
	to_next_case_after_step();
	$last = "$register $bit";
	$written{$last} = flip($number{$register}, $bit);
}
to_next_case_after_step();
$stub->ask('s');
$stub->leave;
finish($machine);

my %ok = map { /^(not )?ok (\d+)/ ? ($2 => !$1) : () } split /\n/, $machine->{console};
is(scalar(keys %ok), $runs, 'each run has a verdict') or diag($machine->{output});
ok($ok{1} && $ok{$runs}, 'without a flip it passes');
my $number = 1;
for my $register (@registers) {
	my ($name, $bits) = @$register;
	my (@missed, @not_written);

	for my $bit (@$bits) {
		$number++;
		push @not_written, $bit unless $written{"$name $bit"};
		push @missed, $bit if $written{"$name $bit"} && $ok{$number};
	}
	my $tried = @$bits - @not_written;
	is("@missed", '', "$name: each of $tried flipped bits is noticed");
	isnt($tried, 0, "$name: the gdbstub writes it");
}
done_testing();
