#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
#
# The native adapter: what a run says, and that a machine which cannot be a witness is passed over.
use strict;
use warnings;
use File::Temp qw(tempdir);
use FindBin;
use Test::More;

my $root = "$FindBin::Bin/../..";
my $dir = tempdir('cr86-XXXXXX', TMPDIR => 1, CLEANUP => 1);

sub native
{
	my (@arguments) = @_;
	my $pid = open(my $pipe, '-|') // die "fork: $!";

	exec "$root/tests/engines/native", @arguments or exit 126 unless $pid;
	my $said = do { local $/; <$pipe> } // '';
	close $pipe;
	return ($? >> 8, $said);
}

# A file that stands in for build/native.
sub program
{
	my ($name, $text) = @_;
	open my $file, '>', "$dir/$name" or die "$dir/$name: $!";
	print $file $text;
	close $file;
	chmod 0755, "$dir/$name";
	return ('--program', "$dir/$name");
}

my ($status, $said) = native('--models');
is($said, "host\n", 'the one model is the host');

($status, $said) = native('--program', "$dir/none");
like($said, qr/^not ok 1 - engine: .*none is not there/, 'no program is a failure');
isnt($status, 0, '... by its exit status, too');

($status, $said) = native(program('refused', "#!/bin/sh\necho 'native: no ptrace here'\nexit 1\n"));
is($said, "1..0 # SKIP no ptrace here\n", 'what the machine does not allow is a reason to skip');
is($status, 0, '... and no failure');

($status, $said) = native(program('alien', "\x7fELF of another machine\n"));
is($said, "1..0 # SKIP this machine does not run 32-bit x86 Linux programs\n", 'so is a file that it cannot run');

($status, $said) = native(program('dies', "#!/bin/sh\n[ \$# = 1 ] && exit 0\necho TAP version 13\nkill -SEGV \$\$\n"),
	'--append', 'case=a path=b');
like($said, qr/^not ok 1 - engine: native host process: .*signal 11/m, 'a runner that dies is a failure');

SKIP: {
	($status, $said) = native('--append', 'case=general.registers.distinct selftest=no');
	skip($1, 6) if $said =~ /^1\.\.0 # SKIP (.*)/;
	is($status, 0, 'a case passes') or diag($said);
	like($said, qr/^# conformance: 1 cases, paths: plain .*^ok 1 - general\.registers\.distinct$/ms, '... by its name');
	like($said, qr/^ok 2 - engine: native host process: complete plan of 1$/m, '... in a complete plan');

	($status, $said) = native('--append', 'case=nothing.*');
	like($said, qr/^not ok 1 - engine: .*case=nothing\.\*: no case has such a name/m, 'a glob that matches nothing');

	($status, $said) = native('--append', 'list case=general.registers.*');
	like($said, qr/^# case: general\.registers\.distinct\b/m, 'a list');
	is($status, 0, '... passes');
}
done_testing();
