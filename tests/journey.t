#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
#
# tests/journey: programs from machine to machine; what it says where one cannot go on, and where it is asked for nonsense.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Machine;
use Programs;
use Test::More;

plan skip_all => 'this machine does not run programs for i386, which would say what is right' unless runs_natively();

# What it must say, then its arguments.
sub journey_says
{
	my ($what, $status, $pattern, @arguments) = @_;
	my ($ended, $said) = outcome_of("$root/tests/journey", @arguments);

	is($ended, $status, $what) or diag($said);
	like($said, $pattern, 'and it says so');
	return $said;
}

# --- there and back ---

# It has no AVX state, and the C library is told to choose none of the functions that a Pentium III cannot run.
my $said = journey_says('from Haswell to Pentium III and back', 0, qr/^PASSED/m, 'memory', '--hops',
	'qemu:Haswell,qemu:pentium3,bochs:p3_katmai@20,qemu:Haswell', '--env', 'GLIBC_TUNABLES=glibc.cpu.hwcaps=-SSE2,-SSSE3');
like($said, qr/^$_\. \S+ +0 bytes of output, image of \d+ bytes after \d+ ticks$/m, "machine $_ passes it on") for 1 .. 3;
like($said, qr/^4\. qemu:Haswell +[1-9]\d* bytes of output, exit status 0$/m, 'and the last one lets it run');

my $lines = write_file(scratch() . '/lines', join '', map { "line $_\n" } 1 .. 60);
journey_says('standard input, arguments, environment, features of a CPU model', 0, qr/^PASSED/m, 'echo', '--stdin', $lines,
	'--hops', 'qemu:Haswell,-avx2@4,qemu:EPYC', '--env', 'TEXT=a b', '--', '-x', q{it's});

# --- who cannot go on ---

journey_says('a CPU that lacks state of the image', 1, qr/^FAILED: qemu:pentium3: the image is refused: XSTATE\.AVX at offset \d+: found 0x2,/m,
	'avx', '--hops', 'qemu:Haswell@1,qemu:pentium3');
journey_says('and one that has no SSE', 1, qr/^FAILED: qemu:pentium2: the image is refused: CPU\.\w+ at .*no SSE state/m,
	'sse', '--hops', 'qemu:pentium3@1,qemu:pentium2');
journey_says('a program that ends too early', 1, qr/^FAILED: qemu:486: it has ended already, before its last machine/m,
	'hello', '--hops', 'qemu:486,qemu:pentium');
journey_says('a program of the wrong kind', 1, qr/^FAILED: qemu:max: it is a 64-bit program$/m, '/bin/true', '--hops', 'qemu:max');

# --- nonsense ---

for (
	[ 'no program', qr/^journey: which program\?/, '--hops', 'qemu:max' ],
	[ 'no machines', qr/^journey: --hops says through which machines/, 'hello' ],
	[ 'a program that is not there', qr/^journey: nosuch: there is no such program$/, 'nosuch', '--hops', 'qemu:max' ],
	[ 'no engine', qr/^journey: hop 'max': expected ENGINE:CPU/, 'hello', '--hops', 'max' ],
	[ 'an unknown engine', qr/^journey: hop 'vmware:max': there is no engine 'vmware'; there are: qemu bochs$/, 'hello', '--hops', 'qemu:max,vmware:max' ],
	[ 'an unknown CPU', qr/^journey: hop 'bochs:Haswell': Bochs knows no CPU model 'Haswell'; it has: /, 'hello', '--hops', 'qemu:max,bochs:Haswell' ],
	[ 'a file that is not there', qr/^journey: nosuch: No such file/, 'hello', '--hops', 'qemu:max', '--stdin', 'nosuch' ],
	[ 'an unknown option', qr/^journey: unknown option: hop$/, 'hello', '--hop', 'qemu:max' ],
	[ 'no program for Linux', qr/^journey: Linux cannot run it: \S+: Permission denied$/, $lines, '--hops', 'qemu:max' ],
	[ 'a program that Linux ends', qr/^journey: under Linux signal \d+ ends it$/, 'crash_insn', '--hops', 'qemu:max' ],
) {
	my ($what, $pattern, @arguments) = @$_;
	journey_says($what, 2, $pattern, @arguments);
}
done_testing();
