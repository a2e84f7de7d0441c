# SPDX-License-Identifier: GPL-2.0-only
#
# Runs commands by GNU parallel, which may spread them over several machines (--sshlogin): the project lies at the same
# place on each of them. What a job printed and how it ended comes back as files.
package Spread;

use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(dirname);
use File::Temp qw(tempdir);

my $tests = abs_path(dirname(__FILE__));
my $dir;    # lives as long as we do

sub shell_word
{
	my ($word) = @_;
	return $word =~ m{^[\w./=:,+-]+$} ? $word : "'" . $word =~ s/'/'\\''/gr . "'";
}

# A job as a line for the other machine's shell. That a host can not be reached or lacks the project ends it, too.
sub job
{
	my ($script, @arguments) = @_;
	my $command = join ' ', map { shell_word($_) } "tests/$script", @arguments;
	return 'cd ' . shell_word("$tests/..") . " && exec $command";
}

# Runs all jobs by COMMAND, a shell's words; returns for each a command that prints what it printed and ends as it did.
sub run
{
	my ($command, @jobs) = @_;
	$dir = tempdir('cr86-spread-XXXXXX', TMPDIR => 1, CLEANUP => 1);

	# parallel takes a variable of this name for options of its own, and make hands on what it was called with.
	local %ENV = %ENV;
	delete $ENV{PARALLEL};
	# Whoever ends without having read its jobs has run none of them: the log tells, and no SIGPIPE is to end us first.
	local $SIG{PIPE} = 'IGNORE';
	open my $pipe, '|-', "$command --joblog $dir/log --results $dir/{#} >/dev/null" or die "$command: $!\n";
	print $pipe job(@$_), "\n" for @jobs;
	close $pipe;    # how each job ended is in the log
	my %ended = ended();
	return map { [ 'sh', '-c', result($_, $ended{$_}) ] } 1 .. @jobs;
}

# Job number => [host, exit status].
sub ended
{
	open my $log, '<', "$dir/log" or return ();
	my %ended;
	while (<$log>) {
		my ($number, $host, $status, $signal) = (split /\t/)[0, 1, 6, 7];
		$ended{$number} = [ $host, $status || $signal ];
	}
	return %ended;
}

sub result
{
	my ($number, $ended) = @_;
	return "echo 'not ok 1 - parallel did not run this cell'; echo 1..1; exit 1" unless $ended;
	my ($host, $status) = @$ended;
	my $say = "cat $dir/$number; ";

	$say .= "cat $dir/$number.err >&2; " if $status;
	$say .= "printf '\\n# on $host\\n'; " if $host ne ':';
	return "${say}exit $status";
}

1;
