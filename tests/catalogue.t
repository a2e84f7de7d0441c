#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
#
# The case engine's own test: cases that are wrong on purpose (tests/wrong/cases.asm). Each must fail as it should, with
# field, values, section and how to repeat it; a case that hangs is ended; and what comes behind it runs. Then what can be
# chosen on the command line.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Machine;
use Test::More;

my @paths = qw(plain switch restart lazy fsave fxsave xsave xsaveopt);

sub catalogue
{
	my ($kernel, $options) = @_;
	return boot('qemu', '--cpu', 'Haswell', '--kernel', "$root/build/$kernel", '--append', $options, '--timeout', 60);
}

my $wrong = catalogue('wrong', '');
my $said = $wrong->{console};

# The case: what it must say in brackets, in its first diagnostic, and the manual's section.
for (
	[ register => 'eax', 'eax is 00000001, expected 00000002', 'SDM 1 §3.4.1' ],
	[ forgotten => 'ebx', 'ebx is 00000001, expected b0b1b2b3', 'SDM 1 §3.4.1' ],
	[ bits => 'eflags.CF eflags.ZF', 'eflags CF ZF is 00000603, expected 00000642', 'SDM 1 §3.4.3' ],
	[ data => 'data', 'data [12] is 34, expected 35', 'SDM 1' ],
	[ guard => 'data', 'data [12] is 34, expected 00', 'SDM 1' ],
	[ end => 'end', 'ended by #UD(0) at code+0, expected #GP(0) at code+0', 'SDM 3 §6.15' ],
	[ place => 'end', 'ended by #UD(0) at code+1, expected #UD(0) at code+0', 'SDM 3 §6.15' ],
	[ error => 'error', 'ended by #GP(68) at code+5, expected #GP(6c) at code+5', 'SDM 3 §6.15' ],
	[ cr2 => 'cr2', 'cr2 is 10003000, expected 10003001', 'SDM 3 §6.15' ],
	[ hang => 'hang', 'it hung, and was ended by the watchdog', 'SDM 1' ],
	[ refused => 'refused', 'restart refused nothing, expected it to refuse CPU.flags', 'SDM 1' ],
	[ taken => 'refused', 'restart refused CPU.flags, expected it to refuse nothing', 'SDM 1' ],
) {
	my ($name, $fields, $first, $section) = @$_;
	my @failed = $name eq 'hang' ? 'plain' : @paths;    # the others are not tried
	like($said, qr/^not ok \d+ - wrong\.$name \[@failed: \Q$fields\E\]$/m, "$name fails, on each path, by $fields");
	like($said, qr/^not ok \d+ - wrong\.$name .*\n# path plain: \Q$first\E$/m, 'and says so');
	like($said, qr/^# $section; repeat: case=wrong\.$name path=@{[join ',', @failed]}$/m, 'and how to repeat it');
}
for (
	[ 'text.register', q('eex=1': expected a register, or REGISTER.FIELD) ],
	[ 'text.value', q('eax=@nowhere': expected a value) ],
	[ 'text.width', q('MXCSR.RC=4': expected a value that fits) ],
	[ 'text.end', q('#XX@here': expected #XX) ],
) {
	my ($name, $what) = @$_;
	like($said, qr/^not ok \d+ - wrong\.$name \[none: text\]$/m, "$name: the case itself is wrong");
	like($said, qr/^not ok \d+ - wrong\.$name .*\n# path none: \Q$what\E/m, 'and says where');
}
like($said, qr/^ok \d+ - wrong\.needs # SKIP it needs perpetual_motion$/m, 'a feature that is not there: skipped');
like($said, qr/^ok \d+ - wrong\.without # SKIP it needs a CPU without x87$/m, 'a feature that is there: skipped');
like($said, qr/^ok 1 - wrong\.nothing$/m, 'a case that is right passes');
like($said, qr/^ok 20 - wrong\.last$/m, 'and so does one after all that is wrong');
like($said, qr/^# conformance: 20 cases \(2 passed, 16 failed, 2 skipped\), \d+ runs, \d+ checks$/m, 'the sum');
isnt($wrong->{status}, 0, 'the run has failed');

# What can be chosen.
my $some = catalogue('conformance', 'case=state.*,general.push path=pl*,fsave');
like($some->{console}, qr/^# conformance: \d+ cases, paths: plain fsave$/m, 'path=');
like($some->{console}, qr/^ok \d+ - state\.everything\.integer$/m, 'case=');
unlike($some->{console}, qr/^(not )?ok \d+ - (?!state\.|general\.push)/m, 'and no other case');
is($some->{status}, 0, 'it passes');

my ($first, $second) = map { catalogue('conformance', "case=state.* part=$_/2") } 1, 2;
my @parts = map { [ $_->{console} =~ /^ok \d+ - (state\S+)/mg ] } $first, $second;
my @all = catalogue('conformance', 'case=state.*')->{console} =~ /^ok \d+ - (state\S+)/mg;
is_deeply([ sort map { @$_ } @parts ], [ sort @all ], 'part=: the parts are the whole');
ok(@{ $parts[0] } - @{ $parts[1] } <= 1, 'and of the same size');

my $twice = catalogue('conformance', 'case=state.everything.integer repeat=3');
is(() = $twice->{console} =~ /^ok \d+ - state/mg, 3, 'repeat=');

my $list = catalogue('conformance', 'list case=state.*');
like($list->{console},
	qr/^# case: state\.everything\.x87\tx87\tSDM 1 §8\.1\tall integer and x87 state at once comes back as it was$/m, 'list');
unlike($list->{console}, qr/^ok \d+ - state/m, 'runs nothing');

for (
	[ 'case=nothing.*', 'case=nothing.*: no case has such a name' ],
	[ 'case=state.*,nothing', 'case=nothing: no case has such a name' ],
	[ 'path=plain,straight', 'path=straight: no path has such a name' ],
	[ 'part=3/2', 'the command line was not understood (see above)' ],
) {
	my ($options, $why) = @$_;
	my $machine = catalogue('conformance', $options);
	like($machine->{console}, qr/^Bail out! \Q$why\E$/m, "$options: $why");
	isnt($machine->{status}, 0, 'is a failure');
}
my $plain = catalogue('kernel', 'case=state.*');
like($plain->{console}, qr/^Bail out! this kernel has no conformance cases: boot build\/conformance$/m, 'a kernel without');
done_testing();
