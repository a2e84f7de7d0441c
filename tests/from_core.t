#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
#
# cr86 from-core: processes of this machine's Linux, stopped somewhere, go on in cr86 as if nothing had been. The cores
# are Linux's own and gdb's.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Machine;
use Test::More;
use Time::HiRes qw(sleep);

my $lines = 12;
my @natively = split /\n/, qx($root/build/hosted/steady $lines 0 -);

plan(skip_all => 'this machine does not run 32-bit x86 Linux programs') if @natively != $lines;
chdir scratch() or die scratch() . ": $!";

# Starts a program below c0000000, its output to FILE. Returns its id.
sub start
{
	my ($file, $program, @arguments) = @_;
	my $pid = fork // die "fork: $!";

	if (!$pid) {
		alarm 60;    # goes with the process through exec
		open STDOUT, '>', $file or die "$file: $!";
		open STDERR, '>&', \*STDOUT;
		exec 'sh', '-c', 'ulimit -c unlimited; exec setarch i386 --3gb "$@"', 'sh', $program, @arguments;
	}
	return $pid;
}

sub wait_until
{
	my ($true) = @_;

	for (1 .. 600) {
		return if $true->();
		sleep 0.05;
	}
	BAIL_OUT('the process does not come to where it should');
}

# The image of a core, and what cr86 said.
sub image_of
{
	my ($core, @options) = @_;
	my ($status, $said) = cr86('from-core', @options, $core, '-o', "$core.img");

	is($status, 0, "an image of $core") or diag($said);
	return ("$core.img", $said);
}

# Goes on in cr86; what it says there.
sub carry_on
{
	my ($image) = @_;
	my $run = boot(qw(qemu --cpu Haswell --append), 'selftest=no restart=process', '--module', "$image=process");

	problems_of($run, "$image goes on in cr86, and comes to its end");
	return $run->{console} =~ /^\[\d+ [^\]]*\] (.*)$/mg;
}

sub is_continued
{
	my ($output, $image) = @_;
	my @before = split /\n/, slurp($output);

	cmp_ok(scalar @before, '<', $lines, "$output: stopped after line " . @before);
	is_deeply([ @before, carry_on($image) ], \@natively, "$output: both parts are the output of one run");
}

sub mm_of
{
	my ($image) = @_;
	my ($mm) = grep { $_->{record} eq 'MM' } image_records($image);
	return $mm;
}

# What Linux said of the heap and of the arguments, while the process lived.
sub mm_is_linuxs
{
	my ($image, $maps, $where) = @_;
	my ($start, $end) = $maps =~ /^(\w+)-(\w+) .*\[heap\]$/m;
	my $mm = mm_of($image);

	is($mm->{start_brk}, $start, "$where: the heap begins where Linux put it");
	is($mm->{brk}, $end, 'and ends where Linux has it');
	return $mm;
}

# --- Linux writes the core of a process that raised SIGABRT ---

SKIP: {
	my $pattern = slurp('/proc/sys/kernel/core_pattern');
	skip("Linux does not write core files to the current directory here: $pattern", 1) if $pattern =~ m{[|/%]};

	my $pid = start('linux.out', "$root/build/hosted/steady", $lines, 5, 'abort');
	waitpid $pid, 0;
	my ($core) = glob 'core*' or BAIL_OUT('there is no core');
	rename $core, 'linux.core';
	my ($image, $said) = image_of('linux.core');

	like($said, qr/^gs: 0063 on x86-64 is 0033 on i386$/m, 'selectors are told');
	like($said, qr/^program: [1-9]\d* pages that the core leaves out are from .*steady$/m, 'text is from the program');
	like($said, qr/^vDSO: [4-7] functions that read Linux's clocks are system calls now$/m, 'clocks, too');
	is_continued('linux.out', $image);

	my $mm = mm_of($image);
	my ($stack) = grep { $_->{record} eq 'VMA' && hex $_->{vm_start} < hex $mm->{start_stack}
		&& hex $_->{vm_end} > hex $mm->{start_stack} } image_records($image);
	is(hex($stack->{vm_end}) - hex($stack->{vm_start}), 8 << 20, 'the stack has 8 MiB');
	is(hex($mm->{arg_end}) - hex($mm->{arg_start}), length("$root/build/hosted/steady 12 5 abort") + 1, 'and the arguments');
	like(gdb([ "$root/build/hosted/steady", core_again($image) ], 'bt'), qr/^#\d+ .* in main \(argc=/m,
		'gdb finds main in a core of the image');
}

sub core_again
{
	my ($image) = @_;
	cr86('core', $image, '-o', 'again.core');
	return 'again.core';
}

# --- gdb writes the core of a static PIE that waits in a system call; it knows no TLS descriptors ---

{
	my $pid = start('gdb.out', "$root/build/hosted/steady-pie", $lines, 7, 'poll');
	wait_until(sub { slurp('gdb.out') =~ /^7 /m && slurp("/proc/$pid/stat") =~ /\) S / });
	my $maps = slurp("/proc/$pid/maps");
	gdb([ '-p', $pid ], 'gcore gdb.core');
	kill 'KILL', $pid;
	waitpid $pid, 0;
	my ($image, $said) = image_of('gdb.core');

	like($said, qr/^TLS: no NT_386_TLS; the thread control block is at \w+$/m, 'the thread control block is found');
	like($said, qr/^system call 168 was interrupted: it is made again$/m, 'poll is made again');
	is_continued('gdb.out', $image);
	mm_is_linuxs($image, $maps, 'a static PIE');
}

# --- Programs that know what is to be in the registers, stopped by gdb where all of it is ---

for my $program (qw(sse avx)) {
	SKIP: {
		my $file = "$root/build/programs/$program";
		my $said = gdb([$file], 'set exec-wrapper setarch i386 --3gb', 'break live_through_switches', 'run', "gcore $program.core",
			'kill');
		skip("$program does not run here", 1) if !-e "$program.core" && $said =~ /exited with code 0?77/;

		my ($image) = image_of("$program.core");
		carry_on($image);
		is((cr86('check', $image))[0], 0, "$program: a good image");
	}
}

# A program that begins above what cr86 has cannot go there.
{
	my $said = gdb(["$root/build/programs/sse"], 'break main', 'run', 'gcore high.core', 'kill');
	my ($status, $why) = cr86('from-core', 'high.core', '-o', 'high.img');

	is($status, 2, 'a process that lived above c0000000 is refused') or diag($said);
	like($why, qr/^cr86: high\.core: p_vaddr at offset \d+: found 0x\w+, expected memory below c0000000.*setarch i386 --3gb$/m,
		'with the way out');
	ok(!-e 'high.img', 'and there is no image');
}
done_testing();
