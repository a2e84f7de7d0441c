# SPDX-License-Identifier: GPL-2.0-only
#
# The lists of cells: tests/cells says what a line is. What is wrong with a line is said as a failed test in its place.
package Cells;

use strict;
use warnings;

my @whens = qw(test matrix);
my %runner = (programs => 'cell', cases => 'conform');    # the script in tests/ that runs a suite on a cell
my @engines = qw(qemu qemu-icount kvm bochs native);
my @boots = qw(kernel iso iso1 -);

# What is wrong with a cell, or nothing.
sub complaint
{
	my ($when, $suite, $engine, $cpu, $boot) = @_;

	return 'a cell is WHEN SUITE ENGINE CPU BOOT [OPTION]...' unless defined $boot;
	return "'$when' is no time to run it: @whens" unless grep { $_ eq $when } @whens;
	return "there is no suite '$suite': " . join ' ', sort keys %runner unless $runner{$suite};
	return "there is no engine '$engine': @engines" unless grep { $_ eq $engine } @engines;
	return "there is no boot way '$boot': @boots" unless grep { $_ eq $boot } @boots;
	return '';
}

sub failed
{
	my ($file, $complaint) = @_;
	return { name => $file, tap => "not ok 1 - $file: $complaint\n1..1\n" };
}

# The cells of FILE for one time: `matrix` is all of them. Each is a hash: its name, and either a command - a script in
# tests/ with its arguments - or TAP that says what is wrong.
sub load
{
	my ($file, $time) = @_;
	my (@cells, %line);

	return failed('cells', "'$time' is no time to run them: @whens") unless grep { $_ eq $time } @whens;
	open my $handle, '<', $file or return failed($file, $!);
	while (<$handle>) {
		my @words = split ' ', s/#.*//sr or next;
		my $complaint = complaint(@words);
		my ($when, $suite, @cell) = @words;
		my $name = join ' ', $suite // '', @cell;

		$complaint ||= "the same as in line $line{$name}" if $line{$name};
		$line{$name} //= $.;
		if ($complaint) {
			push @cells, failed("$file:$.", $complaint);
		} elsif ($time eq 'matrix' || $when eq $time) {
			push @cells, { name => $name, command => [ $runner{$suite}, @cell ] };
		}
	}
	return @cells ? @cells : failed($file, "no cell in it is for $time");
}

1;
