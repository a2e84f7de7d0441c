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
my $image_head = pack 'ssLLL', 1, 224, 0, 0xc0a2d200, 0x00feed0c;    # how every image begins

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
	[ 'an image cut short', "${tap}ok 1 - a\r\n1..1\r\n$debug_port${image_head}cut$passed",
		qr/engine: .*images in debug\.raw/ ],
);

# The conformance catalogue: what the first boot says, and what each later one does, which is told resume=N.
my $head = "${tap}# CPU: any\r\n# conformance: 3 cases, paths: plain switch\r\n";
my $one = "${head}ok 1 - x.one\r\n";

sub catalogue
{
	my ($first, %later) = @_;
	return join '', $first, map { "\x1eresume=$_\n$later{$_}" } sort keys %later;
}

# How the second boot goes on where the first one died in case 2.
my $rest = "${head}not ok 2 - x.two [died]\r\nok 3 - x.three\r\n1..3\r\n$failed";
my $joined = qr/^ok 1 - x\.one\n# engine: case 2 .*^not ok 2 - x\.two \[died\]\nok 3 - x\.three\nok 4 - engine: .*plan of 3, 1 restart$/ms;

my @catalogue_rows = (
	[ 'a case hangs', catalogue("$one$spin", 2 => $rest), $joined, '--silence', 1 ],
	[ 'and how is said', catalogue("$one$spin", 2 => $rest), qr/^# engine: case 2 .*: silent for 1 s/m, '--silence', 1 ],
	[ 'a case ends in a triple fault', catalogue("$one$triple_fault", 2 => $rest), $joined ],
	[ 'a case resets the machine', catalogue("$one$reset", 2 => $rest), $joined ],
	[ 'a case ends the kernel', catalogue("$one$passed", 2 => $rest), $joined ],
	[ 'the kernel panics', catalogue("${one}Bail out! kernel panic\r\n$failed", 2 => $rest), $joined ],
	[ 'in the middle of a line', catalogue("${one}ok 2 - x.t$triple_fault", 2 => $rest),
		qr/^# cut short: ok 2 - x\.t\n.*^not ok 2 - x\.two \[died\]\nok 3 - x\.three\nok 4 - engine: /ms ],
	[ 'the first case, and the last', catalogue("$head$triple_fault",
			1 => "${head}not ok 1 - x.one [died]\r\nok 2 - x.two\r\n$triple_fault",
			3 => "${head}not ok 3 - x.three [died]\r\n1..3\r\n$failed"),
		qr/^not ok 1 - x\.one \[died\]\nok 2 .*^not ok 3 - x\.three \[died\]\nok 4 - engine: .*, 2 restarts$/ms ],
	[ 'after self-tests', catalogue("${tap}ok 1 - s.a\r\nok 2 - s.b\r\n" . ($head =~ s/^$tap//r) . "ok 3 - x.one\r\n$spin", 2 => $rest),
		qr/^ok 3 - x\.one\n# engine: case 2 .*^not ok 4 - x\.two \[died\]\nok 5 - x\.three\nok 6 - engine: .*plan of 5,/ms,
		'--silence', 1 ],
	[ 'a known defect', catalogue("$one$triple_fault", 2 => $rest),
		qr/^not ok 2 - x\.two \[died\] # TODO known defect: dies\n.*^ok 4 - engine: /ms, '--known-defects', 'defects' ],
	[ 'a known defect that does not show', catalogue("${one}ok 2 - x.two\r\nok 3 - x.three\r\n1..3\r\n$passed"),
		qr/^ok 4 - engine: 1 case, and none showed known defect dies # TODO .*\nok 5 - engine: /m, '--known-defects', 'defects' ],
	[ 'not passed over', catalogue("$one$triple_fault", 2 => "$head$triple_fault"),
		qr/^not ok 2 - engine: .*in case 2 again/m ],
	[ 'before the first case', catalogue("$tap$triple_fault"), qr/^not ok 1 - engine: .*triple fault/m ],
	[ 'after the last', catalogue("${one}ok 2 - x.two\r\nok 3 - x.three\r\n$triple_fault"),
		qr/^not ok 4 - engine: .*triple fault/m ],
);

# More deaths than are a matter of single cases.
sub endless
{
	my $many = $head =~ s/3 cases/99 cases/r;
	return catalogue("$many$triple_fault", map { ($_ => "${many}not ok $_ - x.$_ [died]\r\n$triple_fault") } 1 .. 30);
}

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

# The entry that explains a death of x.two.
sub write_defects
{
	my ($engine) = @_;

	open my $file, '>', "$dir/defects" or die "$dir/defects: $!";
	print $file <<"END";
[dies]
engine: $engine
version: 1 -
cpu: *
case: x.two
field: died
what: It dies.
manual: SDM 1 §1: "It lives."
right: another
reproduce: true
END
	close $file or die "$dir/defects: $!";
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

	my @more = $engine eq 'qemu' ? [ 'too many deaths', endless(), qr/engine: .*given up after 20 restarts/ ] : ();

	write_defects($engine);
	for my $row (@rows, @catalogue_rows, @more) {
		my ($what, $does, $says, @options) = map { $_ eq 'defects' ? "$dir/defects" : $_ } @$row;
		my ($output, $status) = machine($engine, $does, @options);
		like($output, $says, "$engine: $what");
		my $good = $output !~ /^not ok(?!.*# TODO)/m;
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
