# SPDX-License-Identifier: GPL-2.0-only
#
# A machine's console: its lines as they come, and what is wrong with them as TAP.
package Engine::Console;

use strict;
use warnings;

sub new
{
	my ($class, $file, $print) = @_;
	return bless { file => $file, print => $print, bytes => 0, rest => '', last => '', starts => 0, count => 0,
		failed => 0, armour => 0, problems => [] }, $class;
}

# Reads what is new in the file. Returns the number of new bytes.
sub follow
{
	my ($c) = @_;
	open my $file, '<:raw', $c->{file} or return 0;
	seek $file, $c->{bytes}, 0;
	my $new = do { local $/; <$file> } // '';

	$c->{bytes} += length $new;
	$c->{rest} .= $new;
	$c->line($1) while $c->{rest} =~ s/^([^\n]*)\n//;
	return length $new;
}

sub flush
{
	my ($c) = @_;
	my $rest = $c->{rest};

	$c->{rest} = '';
	return unless length $rest;
	$c->line($rest);
	$c->problem('the last line is not complete') if $rest =~ /^(not )?ok|^1\.\./;
}

sub problem
{
	my ($c, $text) = @_;
	push @{ $c->{problems} }, $text unless grep { $_ eq $text } @{ $c->{problems} };
}

sub line
{
	my ($c, $line) = @_;

	$line =~ s/\r+$//;
	$line =~ s/[^ -~]/?/g;
	$c->{last} = $line if length $line;
	if ($line =~ /^TAP version/) {
		$c->problem('reset: the kernel started again') if ++$c->{starts} == 2;
	} elsif ($line =~ /^(not )?ok\b\s*(\d*)\s*(.*)/) {
		$c->test($1 // '', $2, $3);
	} elsif ($line =~ /^1\.\.(\d+)/) {
		$c->problem('two plans') if defined $c->{plan};
		$c->{plan} = $1;
	} elsif ($line =~ /^Bail out!\s*(.*)/) {
		$c->{bail} //= $1;
	} else {
		$c->{armour} = 1 if $line =~ /^-----BEGIN CR86 IMAGE/;
		print "$line\n" if $c->{print} && !$c->{armour};
		$c->{armour} = 0 if $line =~ /^-----END CR86 IMAGE/;
	}
}

sub test
{
	my ($c, $not, $number, $text) = @_;
	my $expected = ++$c->{count};

	$c->problem('a test after the plan') if defined $c->{plan};
	if ($number eq '') {
		$c->problem("test $expected has no number");
	} elsif ($c->{seen}{$number}++) {
		$c->problem("number $number twice");
	} elsif ($number < ($c->{highest} // 0)) {
		$c->problem("number $number out of order");
	} else {
		$c->{highest} = $number;
	}
	$c->{failed}++ if $not && $text !~ /#\s*TODO\b/i;
	print "${not}ok $expected $text\n" if $c->{print};
}

sub missing_numbers
{
	my ($c) = @_;
	my $highest = $c->{highest} // 0;
	my $to = ($c->{plan} // 0) > $highest ? $c->{plan} : $highest;
	my @missing = grep { !$c->{seen}{$_} } 1 .. ($to < 100_000 ? $to : 0);    # a damaged number may be any

	return () unless @missing;
	my $numbers = @missing > 1 ? 'numbers' : 'number';
	return join ' ', "missing $numbers", splice(@missing, 0, 10), @missing ? '...' : ();
}

# All that is wrong with the whole output as TAP. Failed tests are not among it: they speak for themselves.
sub problems
{
	my ($c) = @_;
	my @problems = @{ $c->{problems} };

	push @problems, "the kernel bailed out: $c->{bail}" if defined $c->{bail};
	if (!defined $c->{plan}) {
		push @problems, "no plan (after $c->{count} tests)" unless defined $c->{bail};
	} elsif ($c->{plan} != $c->{count}) {
		push @problems, "plan mismatch: $c->{plan} planned, $c->{count} came";
	} elsif ($c->{plan} == 0) {
		push @problems, 'an empty plan';
	}
	push @problems, 'no "TAP version" line' unless $c->{starts};
	push @problems, $c->missing_numbers;
	return @problems;
}

1;
