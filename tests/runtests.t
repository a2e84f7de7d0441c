#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
#
# tests/run-tests from outside: what it makes of cells that are none, that die, that say nothing, that show known
# defects; by itself, by GNU parallel, and over ssh to this machine. A copy of it runs stand-ins for the two suites.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use File::Copy qw(copy);
use Machine;
use Test::More;
use Time::HiRes qw(sleep time);

my $tree = scratch() . '/project';
mkdir "$_" for $tree, "$tree/tests";
for my $name (qw(run-tests Cells.pm Spread.pm Tee.pm)) {
	copy("$FindBin::Bin/$name", "$tree/tests/$name") or die "$name: $!";
}
chmod 0755, "$tree/tests/run-tests";

# A stand-in: what a "CPU model" prints, and its exit status.
my %does = (
	good => "TAP version 13\nok 1 - a\nok 2 - b # SKIP no FPU\n1..2", bad => "ok 1 - a\nnot ok 2 - b\n1..2",
	known => "not ok 1 - a # TODO known defect: one two\nok 2 - b\n1..2",
	gone => "ok 1 - a # TODO known defect: three\nok 2 - b\n1..2", half => "ok 1 - a", silent => '',
	skipped => '1..0 # SKIP not here', status => "ok 1 - a\n1..1",
);
my %status = (bad => 1, half => 255, status => 3);

for my $suite (qw(cell conform)) {
	my @cases = map { "$_) printf '%s' '$does{$_}'; exit " . ($status{$_} // 0) . " ;;\n" } sort keys %does;
	chmod 0755, write_file("$tree/tests/$suite", "#!/bin/sh\ncase \$2 in\n@{cases}esac\nexit 9\n");
}

sub said
{
	my ($lines, @options) = @_;
	my $cells = write_file(scratch() . '/cells', $lines);

	my $command = join ' ', "$tree/tests/run-tests 2>&1 --cells $cells", map { "'$_'" } @options;

	open my $pipe, '-|', $command or die "run-tests: $!";
	my $said = do { local $/; <$pipe> };
	close $pipe;
	return ($said, $? >> 8);
}

sub line
{
	my ($cpu) = @_;
	return "test cases qemu $cpu kernel\n";
}

# The sum in the last line, and the exit status.
sub sums
{
	my ($what, $lines, $sum, @options) = @_;
	my ($said, $status) = said($lines, @options);

	like($said, qr/\n\Q$sum\E\n\z/, $what) or diag($said);
	is($status, $sum =~ / 0 failed/ ? 0 : 1, 'its exit status');
	return $said;
}

# --- lines that are none: [what, line, what is said] ---

for (
	[ 'no such time', 'often cases qemu max kernel', qr/'often' is no time to run it: test matrix/ ],
	[ 'no such suite', 'test poems qemu max kernel', qr/there is no suite 'poems': cases programs/ ],
	[ 'no such engine', 'test cases vmware max kernel', qr/there is no engine 'vmware': qemu qemu-icount kvm bochs native/ ],
	[ 'no such boot way', 'test cases qemu max floppy', qr/there is no boot way 'floppy': kernel iso/ ],
	[ 'too few words', 'test cases qemu', qr/a cell is WHEN SUITE ENGINE CPU BOOT/ ],
	[ 'the same twice', 'matrix cases qemu good kernel', qr/the same as in line 1/ ],
) {
	my ($what, $line, $complaint) = @$_;
	local $ENV{VERBOSE} = 1;
	my $said = sums($what, line('good') . "\n$line # comment\n", '1 passed, 1 failed, 1 skipped');
	like($said, qr{^    not ok 1 - .*/cells:3: $complaint}m, 'and it is said where');
}
my $nothing = '0 passed, 1 failed, 0 skipped';
my $none = qr/no cell in it is for test/;
like(sums('no cell at all', "# none\n", $nothing), $none, 'and why');
like(sums('none for this time', "matrix cases qemu good kernel\n", $nothing), $none, 'and why');
like(sums('no such time', line('good'), $nothing, '--when', 'never'), qr/'never' is no time/, 'and why');
like(qx($tree/tests/run-tests --cells /nothing 2>&1),
	qr{^    not ok 1 - /nothing: No such file.*\n0 passed, 1 failed, 0 skipped\n\z}ms, 'no such list');
sums('nothing to run', "# none\n", $nothing, '--when', 'matrix');

# --- what cells do, however they are run: [what, CPU models, sum] ---

my @rows = (
	[ 'good ones', [qw(good)], '1 passed, 0 failed, 1 skipped' ],
	[ 'a failed test', [qw(good bad)], '2 passed, 1 failed, 1 skipped' ],
	[ 'a known defect', [qw(good known)], '2 passed, 0 failed, 1 skipped' ],
	[ 'one that is gone', [qw(gone)], '2 passed, 0 failed, 0 skipped' ],
	[ 'a cell that dies half way', [qw(good half)], '2 passed, 1 failed, 1 skipped' ],
	[ 'a cell that says nothing', [qw(good silent)], '1 passed, 1 failed, 1 skipped' ],
	[ 'a cell that is skipped', [qw(good skipped)], '1 passed, 0 failed, 2 skipped' ],
	[ 'only such cells', [qw(skipped)], '0 passed, 1 failed, 1 skipped' ],
	[ 'a complete plan and a bad end', [qw(good status)], '2 passed, 1 failed, 1 skipped' ],
	[ 'a script that is not there', [qw(good nothing)], '1 passed, 1 failed, 1 skipped' ],
);

sub rows
{
	my ($how, @options) = @_;
	sums("$how: $_->[0]", join('', map { line($_) } @{ $_->[1] }), $_->[2], @options) for @rows;
}

rows('here');
like((said(line('known')))[0], qr/^# 1 failed by known defects: one two\n.*\n\z/m, 'the known defects are counted');
like((said(line('gone')))[0], qr/^# passed, though known defects: three\n.*\n\z/m, 'so is one that is gone');
my $both = line('good') . "matrix cases qemu known kernel\n";
sums('make test', $both, '1 passed, 0 failed, 1 skipped', '--when', 'test');
sums('make matrix', $both, '2 passed, 0 failed, 1 skipped', '--when', 'matrix');

# --- JUnit ---

SKIP: {
	eval { require TAP::Formatter::JUnit }
		or skip('TAP::Formatter::JUnit is not installed (libtap-formatter-junit-perl)', 1);
	my $xml = scratch() . '/junit.xml';
	my $lines = join '', map { line($_) } qw(good bad known gone silent);

	sums('with JUnit', $lines, '5 passed, 2 failed, 1 skipped', '--junit', $xml);
	my $junit = slurp($xml);
	is(scalar(() = $junit =~ /<testsuite /g), 5, 'JUnit: a suite a cell');
	is(scalar(() = $junit =~ /<failure /g), 1, 'JUnit: the failed test, not the known defects');
	like($junit, qr/message="not ok 2 - b"/, 'JUnit: its name');
	like($junit, qr/No plan in TAP output/, 'JUnit: the silent cell');
	unlike($junit, qr/TodoTestSucceeded/, 'JUnit: a known defect that passes is no error');
}

# --- GNU parallel, here and over ssh ---

my ($sshd_pid, $ssh);
END { my $status = $?; kill 'TERM', $sshd_pid if $sshd_pid; $? = $status }

sub installed
{
	my ($program) = @_;
	return (grep { -x } map { "$_/$program" } split(/:/, $ENV{PATH}), '/usr/sbin')[0];
}

# An sshd of our own, on a port that nobody has, with keys made here: two names for this machine. Why not, or ''.
sub start_sshd
{
	my $sshd = installed('sshd') or return 'sshd is not installed (openssh-server)';
	my $dir = scratch() . '/ssh';
	my $port = 20000 + $$ % 20000;
	my $user = getpwuid $<;

	mkdir $dir, 0700;
	mkdir '/run/sshd', 0755 if $< == 0;    # without it, sshd does not start as root
	system("ssh-keygen -q -t ed25519 -N '' -f $dir/$_") == 0 or return 'no key by ssh-keygen' for qw(host user);
	copy("$dir/user.pub", "$dir/authorized");
	write_file("$dir/sshd_config", <<"END");
ListenAddress 127.0.0.1
Port $port
HostKey $dir/host
AuthorizedKeysFile $dir/authorized
StrictModes no
UsePAM no
PermitRootLogin prohibit-password
PasswordAuthentication no
PidFile none
END
	write_file("$dir/config", <<"END");
Host one two
	HostName 127.0.0.1
	Port $port
	User $user
	IdentityFile $dir/user
	IdentitiesOnly yes
	UserKnownHostsFile /dev/null
	StrictHostKeyChecking no
	LogLevel ERROR
END
	$sshd_pid = fork // die "fork: $!";
	if (!$sshd_pid) {
		my @tied = installed('setpriv') ? qw(setpriv --pdeathsig TERM) : ();    # it ends with us, even if we are killed
		open STDERR, '>', "$dir/log";
		exec @tied, $sshd, '-D', '-e', '-f', "$dir/sshd_config" or exit 1;
	}
	$ssh = "ssh -F $dir/config";
	my $end = time + 10;
	while (system("$ssh one true 2>/dev/null </dev/null") != 0) {
		return 'sshd does not let us in: ' . slurp("$dir/log") =~ s/\s+/ /gr if time > $end;
		sleep 0.2;
	}
	return '';
}

SKIP: {
	skip('GNU parallel is not installed', 1) unless installed('parallel');
	rows('parallel', '--parallel', 'parallel --jobs 2');
	sums('parallel itself does not run', line('good'), $nothing, '--parallel', 'false');
	my $more_than_a_pipe_holds = join '', map { line("good,$_" . 'x' x 1000) } 1 .. 100;
	sums('parallel does not read its jobs', $more_than_a_pipe_holds, '0 passed, 100 failed, 0 skipped', '--parallel', 'false');
	local $ENV{PARALLEL} = 'parallel --jobs 2';
	sums('PARALLEL in the environment is make\'s', line('good'), '1 passed, 0 failed, 1 skipped',
		'--parallel', $ENV{PARALLEL});
	delete $ENV{PARALLEL};

	my $why_not = start_sshd();
	skip($why_not, 1) if $why_not;
	my @hosts = ('--parallel', "parallel --ssh \"$ssh\" --sshlogin 1/one,1/two");
	rows('two hosts', @hosts);
	local $ENV{VERBOSE} = 1;
	my ($said) = said(join('', map { "test cases $_ good kernel\n" } qw(qemu kvm bochs native)), @hosts);
	like($said, qr/^# on one$/m, 'one host ran cells');
	like($said, qr/^# on two$/m, 'the other, too');
	sums('a host that is not there', line('good'), $nothing,
		'--parallel', "parallel --ssh \"$ssh\" --sshlogin 1/nobody.invalid");
	rename "$tree/tests/conform", "$tree/tests/elsewhere";
	sums('a host without the project', line('good'), $nothing, @hosts);

	# A real cell, and the real scripts.
	my $cells = write_file(scratch() . '/real', "test programs qemu 486,-fpu kernel\n");
	my $real = qx($FindBin::Bin/run-tests --cells $cells --parallel '$hosts[1]' 2>&1);
	like($real, qr/^# on (one|two)\n.*^[1-9]\d* passed, 0 failed, \d+ skipped\n\z/ms, 'a real cell');
}

# --- the real scripts: what a cell says that can not be run ---

sub conform
{
	my (@cell) = @_;
	return scalar qx($FindBin::Bin/conform @cell 2>&1);
}

like(conform(qw(qemu nonsense kernel)), qr/^not ok 1 - engine: QEMU knows no CPU model 'nonsense'/, 'an unknown CPU model');
{
	local $ENV{PATH} = scratch();
	like(conform(qw(qemu max kernel)), qr/^not ok 1 - engine: qemu\S* is not installed/, 'no QEMU');
	like(conform(qw(bochs pentium iso)), qr/^not ok 1 - engine: bochs is not installed/, 'no Bochs');
}
done_testing();
