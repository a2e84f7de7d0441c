# SPDX-License-Identifier: GPL-2.0-only
#
# Linux programs: what one prints natively, and what it printed on the consoles of machines.
package Programs;

use strict;
use warnings;
use Exporter qw(import);
use FindBin;
use lib $FindBin::Bin;
use Machine;
use POSIX ();

our @EXPORT = qw(native runs_natively output_of restart_refused first_difference run_option env_option debian_i386);

# Standard output, exit status and the signal that ended a program under Linux itself: native([NAME, ARG...], file => PATH,
# stdin => FILE, environment => { ... }, dir => DIR, seconds => its limit). Its output is a pipe, its first argument is its
# name, as in cr86. Dies, with the reason, where Linux cannot run it.
sub native
{
	my ($argv, %o) = @_;
	pipe my $trouble, my $tell or die "pipe: $!\n";
	my $pid = open(my $pipe, '-|') // die "fork: $!\n";

	if (!$pid) {
		exec_program($argv, %o) or print $tell $!;
		close $tell;
		POSIX::_exit(127);
	}
	close $tell;    # an exec that succeeds closes the other one
	my $why = do { local $/; <$trouble> } // "";
	binmode $pipe;
	my $said = do { local $/; <$pipe> } // '';
	close $pipe;
	die "$o{file}: $why\n" if length $why;
	return ($said, $? >> 8, $? & 127);
}

# Returns only where something failed.
sub exec_program
{
	my ($argv, %o) = @_;

	open STDIN, '<', $o{stdin} // '/dev/null' or return;
	chdir $o{dir} or return if defined $o{dir};
	%ENV = %{ $o{environment} // {} };
	alarm $o{seconds} if $o{seconds};
	no warnings 'exec';
	exec { $o{file} } @$argv;
}

# Whether this machine runs programs for i386 at all.
sub runs_natively
{
	my ($said) = eval { native(['start'], file => "$root/build/linux/start") };
	return defined $said && length $said;
}

# What the task called NAME wrote to the consoles of one machine after the other, byte for byte: a line "[PID NAME]+" goes
# on with the task's last one.
sub output_of
{
	my ($name, @machines) = @_;
	my $comm = substr $name, 0, 15;
	my $text = '';
	my $open = 0;

	for my $line (map { split /\n/, slurp("$_->{dir}/console.log") } @machines) {
		$line =~ s/\r$//;
		next unless $line =~ s/^\[\d+ \Q$comm\E\](\+?) //;
		$text .= "\n" if $open && !$1;
		$text .= $line;
		$open = 1;
	}
	$text .= "\n" if $open && !grep { slurp("$_->{dir}/console.log") =~ /^# \[\d+ \Q$comm\E\] its last line has no end/m } @machines;
	return $text;
}

# Why a machine refused the image of that name: record, field and what was expected; undef: it did not.
sub restart_refused
{
	my ($name, $machine) = @_;
	return $machine->{console} =~ /^# restart \Q$name\E: (.*)/m ? $1 : undef;
}

# Where two outputs part.
sub first_difference
{
	my @said = split /\n/, $_[0], -1;
	my @expected = split /\n/, $_[1], -1;

	for my $n (0 .. ($#said > $#expected ? $#said : $#expected)) {
		my ($said, $expected) = map { $_ // '(nothing)' } $said[$n], $expected[$n];
		return 'line ' . ($n + 1) . ": $said\n  expected: $expected" if $said ne $expected;
	}
	return 'no line';
}

# A word that shells, GRUB and the kernel read the same way.
sub quoted
{
	my ($word) = @_;
	return "'" . $word =~ s/'/'\\''/gr . "'";
}

# The kernel options for a program with its arguments, and for an environment { NAME => VALUE }.
sub run_option
{
	return 'run=' . quoted(join ' ', map { quoted($_) } @_);
}

sub env_option
{
	my ($environment) = @_;
	return 'env=' . quoted(join ' ', map { quoted("$_=$environment->{$_}") } sort keys %$environment);
}

# The files of Debian's packages for i386, in a directory that they are unpacked to; undef and why where that cannot be.
# apt's own lists and architectures are left alone.
sub debian_i386
{
	my (@packages) = @_;
	my $dir = "$root/build/debian-i386";
	my $said = qx(timeout 120 $root/tests/debian-i386 $dir @packages 2>&1);

	return $? ? (undef, 'Debian\'s packages for i386 cannot be had: ' . ((split /\n/, $said)[-1] // 'no answer')) : ($dir);
}

1;
