#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
#
# Ordinary Linux programs, static, of the distribution's compiler and C libraries: each prints in cr86, byte for byte, what
# it prints under Linux; also where it is taken out of the machine in the middle, and goes on in the same one or another.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Machine;
use Programs;
use Test::More;

my @programs = qw(syscalls rounding functions vectors sorting memory jumps handlers threadlocal echo start start_pie);
my @arguments = ('one', 'two words', '', q{it's}, 'a,b');
my %environment = (TEXT => 'two words');

plan skip_all => 'this machine does not run programs for i386, which would say what is right' unless runs_natively();

my $stdin = write_file(scratch() . '/stdin', join '', map { "line $_ of standard input\n" } 1 .. 200);
my %file = map { ($_ => "$root/build/linux/$_") } @programs;

# --- other C libraries, and a program that nobody here compiled ---

my ($debian, $why) = debian_i386(qw(busybox-static musl-dev));

sub link_with_musl
{
	my ($program) = @_;
	my $lib = "$debian/usr/lib/i386-linux-musl";
	my $to = scratch() . "/${program}_musl";
	chomp(my $libgcc = qx(i686-linux-gnu-gcc -print-libgcc-file-name));
	my @command = (qw(i686-linux-gnu-gcc -std=gnu11 -O2 -D_GNU_SOURCE -U_FORTIFY_SOURCE -static -nostdlib -nostdinc),
		'-isystem', "$debian/usr/include/i386-linux-musl", '-isystem', $libgcc =~ s{[^/]*$}{include}r, '-o', $to,
		"$lib/crt1.o", "$lib/crti.o", "$root/tests/linux/$program.c", "$lib/libc.a", $libgcc, "$lib/crtn.o");

	is(system(@command), 0, "$program is built with musl");
	$file{"${program}_musl"} = $to;
}

if ($debian) {
	link_with_musl($_) for qw(rounding memory jumps handlers threadlocal echo);
	$file{busybox} = "$debian/bin/busybox";
} else {
	SKIP: { skip "musl and busybox: $why", 1 }
}

# --- what Linux says ---

my %argv = map { ($_ => [$_]) } keys %file;
push @{ $argv{$_} }, @arguments for qw(start start_pie);
my %native;

for my $name (sort keys %file) {
	next if $name eq 'busybox';
	($native{$name}, my $status) = native($argv{$name}, file => $file{$name}, stdin => $stdin, environment => \%environment);
	is($status, 0, "Linux: $name");
	cmp_ok(length $native{$name}, '>', 20, 'and prints something');
}

# --- the same in cr86 ---

sub options
{
	my ($more, @names) = @_;
	my @with_arguments = grep { @{ $argv{$_} } > 1 } @names;
	my $alone = join ',', grep { @{ $argv{$_} } == 1 } @names;

	return join ' ', "selftest=no $more", env_option(\%environment), "run=" . ($alone || 'none'), map { run_option(@{ $argv{$_} }) } @with_arguments;
}

sub files
{
	return map { ('--module', $_) } $stdin, map { "$file{$_}=$_" } @_;
}

sub same_output
{
	my ($name, $where, @machines) = @_;
	my $said = output_of($name, @machines);

	ok($said eq $native{$name}, "$where: $name prints what it prints under Linux") or diag(first_difference($said, $native{$name}));
}

my @all = sort keys %native;
my @machine = qw(qemu --timeout 240 --memory 256);

sub ran
{
	my ($machine, $what, @names) = @_;

	problems_of($machine, $what);
	like($machine->{output}, qr/^ok \d+ - run \Q@{[ substr $_, 0, 15 ]}\E$/m, "$what: $_ ends well") for @names;
}

{
	my $machine = boot(@machine, '--cpu', 'Haswell', '--append', options('fpu=lazy', @all), files(@all));

	ran($machine, 'side by side', @all);
	same_output($_, 'side by side', $machine) for @all;
	unlike($machine->{console}, qr/system call (?!222)\d+ .* is missing/, 'no system call is missing but the one that is none');
}

# Ticks of 125000 instructions: in the middle of each.
my %ticks = (syscalls => 3, rounding => 100, functions => 10, vectors => 10, sorting => 400, memory => 60, jumps => 6,
	handlers => 5, threadlocal => 20, echo => 8, start => 0, start_pie => 0, rounding_musl => 60, memory_musl => 50,
	jumps_musl => 4, handlers_musl => 4,
	threadlocal_musl => 10, echo_musl => 8);
my $marks = join ',', map { substr($_, 0, 15) . "\@$ticks{$_}" } @all;

{
	my $machine = boot(@machine, '--cpu', 'Haswell', '--append', options("hz=1000 after=restart checkpoint=$marks", @all), files(@all));

	ran($machine, 'restarted', @all);
	for (map { substr $_, 0, 15 } @all) {
		like($machine->{output}, qr/^ok \d+ - restart \Q$_\E$/m, "restarted: $_ was");
	}
	same_output($_, 'restarted', $machine) for @all;
}

# From one machine to the other: those that have memory of all kinds, x87, SSE and AVX state, TLS, and a file half read.
sub travel
{
	my ($from, $to, @names) = @_;
	my $where = "from @$from to @$to";
	my $marks = join ',', map { "$_\@$ticks{$_}" } @names;
	my $first = boot(@$from, qw(--timeout 240 --memory 256), '--append', options("hz=1000 after=destroy checkpoint=$marks", @names), files(@names));
	my $second = boot(@$to, qw(--timeout 240 --memory 256), '--append', 'selftest=no run=none restart=' . join(',', @names),
		'--module', $stdin, map { ('--module', "$first->{dir}/$_.img") } @names);

	problems_of($first, "$where: leaves");
	ran($second, $where, @names);
	same_output($_, $where, $first, $second) for @names;
}

travel([qw(qemu --cpu Haswell)], [qw(bochs --cpu corei7_skylake_x)], qw(vectors memory jumps threadlocal echo), $debian ? 'handlers_musl' : ());
travel([qw(bochs --cpu corei7_skylake_x)], [qw(qemu --cpu EPYC)], qw(jumps echo start_pie));

# Through thousands of restarts: at each tick, of which an instruction that takes longer makes four times as many.
{
	my $machine = boot(@machine, qw(--icount 5 --cpu Haswell --append), options('hz=1000 every=1', 'rounding'), files('rounding'));

	ran($machine, 'restarted at each tick', 'rounding');
	same_output('rounding', 'restarted at each tick', $machine);
	cmp_ok(restarts($machine, 'rounding'), '>', 2000, 'thousands of times');
}

# --- busybox, as Debian has built it ---

SKIP: {
	skip $why, 1 unless $debian;
	my @lines = (
		[qw(busybox sha256sum stdin)], [qw(busybox sort -r stdin)], [qw(busybox wc)],
		[qw(busybox sed -n), 's/line \(.*\) of/<\1>/p', 'stdin'],
		[qw(busybox awk), 'BEGIN { for (i = 1; i < 40; i++) printf "%.15g %.3e\n", 1 / i, i * i / 7 }'],
		[qw(busybox sh -c), 'i=0; while [ $i -lt 300 ]; do i=$((i + 1)); echo $i $((i * i % 77)); done'],
		[qw(busybox factor 123456789012 600851475143)],
	);
	for my $n (0 .. $#lines) {
		my $machine = boot(@machine, '--cpu', 'pentium3', '--append', 'hz=1000 selftest=no after=restart checkpoint=busybox@2 ' .
			run_option(@{ $lines[$n] }), files('busybox'));
		my $where = "@{ $lines[$n] }"; 
		ran($machine, $where, 'busybox');
		($native{busybox}) = native($lines[$n], file => $file{busybox}, stdin => $stdin, dir => scratch());
		same_output('busybox', $where, $machine);
	}
}
done_testing();
