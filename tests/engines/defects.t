#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
#
# The known-defects file: what makes an entry bad, where it applies, and which verdicts it explains. No machine runs.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Engine::Console;
use Engine::Defects;
use File::Temp;
use Test::More;

my %good = (
	engine => 'qemu', version => '7.2 - 9.1', cpu => '*', case => 'x87.pointers.*', field => 'FIP, FCS', what => 'It is wrong.',
	manual => 'SDM 1 §8.1.8: "It is right."', right => 'bochs 2.7', reproduce => 'true',
);

# The text of an entry: the good one with other values; undef leaves a key out.
sub entry
{
	my ($name, %other) = @_;
	my %all = (%good, %other);
	return join '', "[$name]\n", map { defined $all{$_} ? "$_: $all{$_}\n" : () } sort keys %all;
}

sub file_of
{
	my ($text) = @_;
	my $file = File::Temp->new;

	print $file $text;
	close $file;
	return $file;
}

sub load
{
	my ($text) = @_;
	my $file = file_of($text);
	my ($entries, $complaints) = Engine::Defects::load($file->filename);

	return ($entries, join "\n", map { s/^\Q$file\E//r } @$complaints);
}

# --- bad entries: [what, the file, the complaint] ---

for my $row (
	[ 'an unknown key', "# x\n" . entry('a', colour => 'red'), qr/^:4: unknown key 'colour'; there are: engine/ ],
	[ 'a missing key', entry('a', manual => undef), qr/^:1: \[a\] lacks manual$/ ],
	[ 'an empty value', entry('a', right => ''), qr/^:1: \[a\] lacks right$/ ],
	[ 'an empty path', entry('a', path => ''), qr/^:1: \[a\] has an empty path$/ ],
	[ 'a key twice', entry('a') . "what: again\n", qr/^:11: 'what' twice in a$/ ],
	[ 'a name twice', entry('a') . entry('a'), qr/^:11: two entries are called a$/ ],
	[ 'an unknown engine', entry('a', engine => 'vmware'), qr/^:1: \[a\] engine: 'vmware' is none of qemu / ],
	[ 'a version that is none', entry('a', version => 'all'), qr/^:1: \[a\] version: 'all' is neither / ],
	[ 'a range that is none', entry('a', version => '7.2-9.1'), qr/^:1: \[a\] version: / ],
	[ 'a range backwards', entry('a', version => '10.0 - 9.1'), qr/^:1: \[a\] version: .* ends before it begins$/ ],
	[ 'a manual without its sentence', entry('a', manual => 'SDM 1 §8.1.8'), qr/^:1: \[a\] manual: / ],
	[ 'text before the first entry', "engine: qemu\n" . entry('a'), qr/^:1: neither / ],
	[ 'a line that is nothing', entry('a') . "what now\n", qr/^:11: neither .*'what now'$/ ],
) {
	my ($what, $text, $complaint) = @$row;
	like((load($text))[1], $complaint, "bad: $what");
}
is((load("# nothing\n\n" . entry('a', what => "It\n  is\n\twrong.", path => 'switch') . "\n" . entry('b')))[1], '', 'good ones');
is((load(entry('a', what => "It\n  is\n\twrong.")))[0][0]{what}, 'It is wrong.', 'a value that goes on');
is((load("# nothing\n"))[1], '', 'an empty file');
like((Engine::Defects::load('/nothing'))[1][0], qr{^/nothing: No such file}, 'no file');
my $adapter_says = qx($FindBin::Bin/qemu --known-defects @{[ my $bad = file_of("[a]\n") ]});
like($adapter_says, qr/^not ok 1 - engine: .*:1: \[a\] lacks engine .*\n1\.\.1\n\z/, 'an adapter fails by a bad file');

# --- where an entry applies: [key, value, engine, version, CPU model, does it] ---

sub applies
{
	my ($text, $engine, $version, $cpu) = @_;
	return scalar @{ Engine::Defects->new((load($text))[0], [ split ' ', $engine ], sub { $version }, $cpu)->{entries} };
}

for my $row (
	[ version => '7.2', qemu => '7.2.22', max => 1 ], [ version => '7.2', qemu => '7.3', max => 0 ],
	[ version => '7.2.5', qemu => '7.2', max => 0 ],
	[ version => '7.2 - 9.1', qemu => '7.1.9', max => 0 ], [ version => '7.2 - 9.1', qemu => '7.2', max => 1 ],
	[ version => '7.2 - 9.1', qemu => '9.1.3', max => 1 ], [ version => '7.2 - 9.1', qemu => '10.0', max => 0 ],
	[ version => '7.2 -', qemu => '10.0', max => 1 ], [ version => '9.10 -', qemu => '9.9', max => 0 ],
	[ engine => 'kvm', qemu => '7.2', max => 0 ], [ engine => 'qemu-icount', 'qemu qemu-icount' => '7.2', max => 1 ],
	[ engine => 'qemu-icount', qemu => '7.2', max => 0 ], [ engine => 'qemu', 'qemu qemu-icount' => '7.2', max => 1 ],
	[ engine => 'bochs', bochs => '7.2', any => 1 ],
	[ cpu => 'Haswell', qemu => '7.2', 'Haswell,-avx' => 0 ], [ cpu => 'Haswell*', qemu => '7.2', 'Haswell,-avx' => 1 ],
	[ cpu => 'max,-avx, EPYC', qemu => '7.2', 'max,-avx' => 1 ], [ cpu => 'max,-avx, EPYC', qemu => '7.2', EPYC => 1 ],
	[ cpu => 'max,EPYC', qemu => '7.2', EPYC => 1 ], [ cpu => 'max,-avx, EPYC', qemu => '7.2', max => 0 ],
	[ cpu => 'max*, !*,-xsave', qemu => '7.2', 'max,-avx' => 1 ], [ cpu => '*, !max', qemu => '7.2', max => 0 ],
	[ cpu => '*, !max,-avx, !EPYC', qemu => '7.2', 'max,-avx' => 0 ],
	[ cpu => 'core?duo', qemu => '7.2', core2duo => 1 ], [ cpu => 'a.c', qemu => '7.2', abc => 0 ],
) {
	my ($key, $value, @machine) = @$row;
	my $expected = pop @machine;
	is(applies(entry('a', $key => $value), @machine), $expected, "$key $value, @machine: " . ($expected ? 'yes' : 'no'));
}

# --- which verdicts are explained: [what, the entries, the line's text, the names that explain it] ---

my $two = entry('fip', field => 'FIP', path => 'switch, xsave*') . entry('fop', field => 'FOP DS*');
for my $row (
	[ 'one field', entry('a'), '- x87.pointers.load [switch: FIP]', 'a' ],
	[ 'all its fields, on all paths', entry('a'), '- x87.pointers.load [switch lazy: FIP FCS]', 'a' ],
	[ 'another field, too', entry('a'), '- x87.pointers.load [switch: FIP FDP]', '' ],
	[ 'another case', entry('a'), '- x87.control.load [switch: FIP]', '' ],
	[ 'left out of one entry, in another', entry('a', case => '*, !x87.pointers.load') . entry('b'), '- x87.pointers.load [switch: FIP]', 'b' ],
	[ 'two entries together', $two, '- x87.pointers.load [switch xsaveopt: FIP FOP]', 'fip fop' ],
	[ 'a path that only one is for', $two, '- x87.pointers.load [switch lazy: FIP FOP]', '' ],
	[ 'more than are named', entry('a', field => '*'), '- x87.pointers.load [switch: FIP ...]', 'a' ],
	[ 'more than are named, and not all meant', entry('a'), '- x87.pointers.load [switch: FIP ...]', '' ],
	[ 'a death', entry('a', field => 'died'), '- x87.pointers.load [died]', 'a' ],
	[ 'a death, of an entry for a path', entry('a', field => 'died', path => '*'), '- x87.pointers.load [died]', '' ],
	[ 'nothing said of what was wrong', entry('a', field => '*'), '- x87.pointers.load', '' ],
) {
	my ($what, $text, $line, $names) = @$row;
	my $defects = Engine::Defects->new((load($text))[0], ['qemu'], sub { '7.2' }, 'max');
	is($defects->directive(0, $line), $names && " # TODO known defect: $names", "explained: $what");
}

# --- a whole run: the entries that did not show ---

sub absent
{
	my ($text, @lines) = @_;
	my $defects = Engine::Defects->new((load($text))[0], ['qemu'], sub { '7.2' }, 'max');

	$defects->{paths} = [qw(plain switch)];
	$defects->directive(!/^not /, s/^(not )?ok //r) for @lines;
	return [ map { "$_->[0] $_->[1]" } $defects->absent ];
}

my @cases = map { "- x87.pointers.$_" } qw(load store);
is_deeply(absent(entry('a'), map { "ok $_" } @cases), ['a 2'], 'all its cases passed');
is_deeply(absent(entry('a'), "not ok $cases[0] [switch: FIP]", "ok $cases[1]"), [], 'one showed it');
is_deeply(absent(entry('a'), "not ok $cases[0] [switch: FDP]", "ok $cases[1]"), [], 'one failed, unexplained');
is_deeply(absent(entry('a') . entry('b', field => 'FDP'), "not ok $cases[0] [switch: FDP]", "ok $cases[1]"), ['a 2'],
	'one failed, and another entry explains it');
is_deeply(absent(entry('a'), 'ok - sse.load'), [], 'none of its cases ran');
is_deeply(absent(entry('a'), "ok $cases[0] # SKIP no FPU"), [], 'they were skipped');
is_deeply(absent(entry('a', path => 'restart'), "ok $cases[0]"), [], 'not on its paths');
done_testing();
