# SPDX-License-Identifier: GPL-2.0-only
#
# Each adapter has to name what a machine does wrong: real machines that do it, by the kernel misbehave/parrot.asm.
# A new misbehaviour is one row of @rows: what the machine does, what the adapter must say, more adapter options.
package Misbehave;

use strict;
use warnings;
use FindBin;
use File::Temp qw(tempdir);
use Test::More;
use Time::HiRes qw(sleep time);

my ($halt, $spin, $triple_fault, $reset, $passed, $failed, $debug_port) = map { chr } 0 .. 6;
my $tap = "TAP version 13\r\n";
my $head = pack 'ssLLL', 1, 224, 0, 0xc0a2d200, 0x00feed0c;    # how every image begins

my @rows = (
	[ 'a good machine', "${tap}ok 1 - a\r\n1..1\r\n$passed", qr/^ok 2 - engine: .*complete plan of 1/m ],
	[ 'exit=stay, which ends by its plan', "${tap}ok 1 - a\r\n1..1\r\n$halt", qr/^ok 2 - engine:/m,
		'--append', 'exit=stay' ],
	[ 'a failed test', "${tap}not ok 1 - a\r\n1..1\r\n$failed", qr/^not ok 1 - a\n.*^ok 2 - engine:/ms ],
	[ 'a hang', "${tap}ok 1 - a\r\n$spin", qr/engine: .*timeout: still running after 3 s/, '--timeout', 3 ],
	[ 'silence', $halt, qr/engine: .*silence: not one byte/, '--timeout', 3 ],
	[ 'silence, then the end', $passed, qr/engine: .*silence: not one byte/ ],
	[ 'a triple fault', "${tap}ok 1 - a\r\n$triple_fault", qr/engine: .*triple fault/ ],
	[ 'a triple fault after the plan', "${tap}ok 1 - a\r\n1..1\r\n$triple_fault", qr/engine: .*triple fault/ ],
	[ 'a reset', "${tap}ok 1 - a\r\n$reset", qr/engine: .*reset/ ],
	[ 'an early end', "${tap}ok 1 - a\r\n$passed", qr/engine: .*ended early.*no plan \(after 1 tests\)/ ],
	[ 'an image cut short', "${tap}ok 1 - a\r\n1..1\r\n$debug_port${head}cut$passed",
		qr/engine: .*images in debug\.raw/ ],
);

my $parrot = "$FindBin::Bin/../../build/misbehave/parrot";
my $dir = tempdir(CLEANUP => 1);

sub adapter
{
	my ($engine, @arguments) = @_;

	open my $pipe, '-|', "$FindBin::Bin/$engine", @arguments or die "$engine: $!";
	my $output = do { local $/; <$pipe> };
	close $pipe;
	return ($output, $? >> 8);
}

sub machine
{
	my ($engine, $does, @options) = @_;

	open my $file, '>:raw', "$dir/orders" or die "$dir/orders: $!";
	print $file $does;
	close $file;
	return adapter($engine, '--kernel', $parrot, '--module', "$dir/orders", @options);
}


# Ends the adapter in the middle of a run, and looks for the emulator.
sub killed
{
	my ($engine, $signal) = @_;
	my $out = "$dir/killed-$signal";
	my $pid = fork // die "fork: $!";

	if (!$pid) {
		open STDOUT, '>', '/dev/null';
		exec "$FindBin::Bin/$engine", '--kernel', $parrot, '--module', "$dir/orders", '--out', $out;
	}
	my $in_it = sub { grep { (readlink("$_/cwd") // '') eq $out } glob '/proc/[0-9]*' };
	my $end = time + 20;
	sleep 0.1 until -s "$out/console.log" || time > $end;
	ok($in_it->(), "$engine runs before the adapter gets SIG$signal");
	kill $signal, $pid;
	waitpid $pid, 0;
	sleep 0.1 for grep { $in_it->() } 1 .. 20;
	is_deeply([ $in_it->() ], [], "and is gone after it");
}

sub run
{
	my ($engine, $real_model) = @_;

	for my $row (@rows) {
		my ($what, $does, $says, @options) = @$row;
		my ($output, $status) = machine($engine, $does, @options);
		like($output, $says, "$engine: $what");
		my $good = $output !~ /^not ok/m;
		is($status, $good ? 0 : 1, "its exit status");
	}

	my ($output, $status) = adapter($engine, '--cpu', 'nonsense');
	like($output, qr/^not ok 1 - engine: .* no CPU model 'nonsense'; it has: .*\b$real_model\b/,
		"$engine: unknown CPU model");
	is($status, 2, 'its exit status');
	($output, $status) = adapter($engine, '--kernel', $parrot, '--module', "$dir/nothing");
	like($output, qr{^not ok 1 - engine: module .*/nothing: No such file}m, "$engine: a missing module");
	($output, $status) = adapter($engine, '--kernel', "$dir/nothing");
	like($output, qr{^not ok 1 - engine: kernel .*/nothing: No such file}m, "$engine: a missing kernel");
	($output, $status) = do { local $ENV{PATH} = $dir; adapter($engine) };
	like($output, qr/^not ok 1 - engine: .* is not installed/m, "$engine: no emulator");
	is($status, 2, 'its exit status');

	open my $orders, '>:raw', "$dir/orders";
	print $orders "$tap$spin";
	close $orders;
	killed($engine, $_) for qw(TERM KILL);
	done_testing();
}

1;
