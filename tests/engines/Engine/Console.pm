# SPDX-License-Identifier: GPL-2.0-only
#
# A machine's console: its lines as they come, and what is wrong with them as TAP. A run of the conformance catalogue
# may take several boots (see Engine.pm): their consoles follow each other here, as one.
package Engine::Console;

use strict;
use warnings;

sub new
{
	my ($class, $file, $print, $defects) = @_;
	return bless { file => $file, print => $print, bytes => 0, rest => '', last => '', starts => 0, count => 0,
		failed => 0, armour => 0, problems => [], defects => $defects, boots => 1, base => 0, in_head => 1,
		head => {} }, $class;
}

# Another boot goes on where this one died. What the console lacks because the machine died is not wrong with the whole;
# what it said of the cases stays.
sub next_boot
{
	my ($c) = @_;

	@$c{qw(bytes rest starts armour in_head)} = (0, '', 0, 0, 1);
	delete @$c{qw(bail in_cases)};
	@{ $c->{problems} } = grep { !/^reset:|^the last line/ } @{ $c->{problems} };
	$c->{boots}++;
}

# Reads what is new in the file. Returns the number of new bytes.
sub follow
{
	my ($c) = @_;
	open my $file, '<:raw', $c->{file} or return 0;
	seek $file, $c->{bytes}, 0;
	my $new = do { local $/; <$file> } // '';

	my @lines = split /\n/, $c->{rest} . $new, -1;

	$c->{bytes} += length $new;
	$c->{rest} = pop(@lines) // '';
	$c->line($_) for @lines;
	return length $new;
}

sub flush
{
	my ($c) = @_;
	my $rest = $c->{rest};

	$c->{rest} = '';
	return unless length $rest;
	if ($c->{in_cases} && $rest =~ /^(not )?ok/) {
		print "# cut short: ", $rest =~ s{[^ -~]}{?}gr, "\n" if $c->{print};    # the next boot speaks of this case again
	} else {
		$c->line($rest);
	}
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
	$line =~ s/([\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2})|[^ -~]/$1 \/\/ '?'/ge;    # the manuals' sections: UTF-8
	$c->{last} = $line if length $line;
	if ($line =~ /^TAP version/) {
		$c->problem('reset: the kernel started again') if ++$c->{starts} == 2;
	} elsif ($line =~ /^(not )?ok\b\s*(\d*)\s*(.*)/) {
		$c->test($1 // '', $2, $3);
	} elsif ($line =~ /^1\.\.(\d+)/) {
		$c->problem('two plans') if defined $c->{plan};
		$c->{plan} = $1 + ($c->{boots} > 1 ? $c->{base} : 0);
	} elsif ($line =~ /^Bail out!\s*(.*)/) {
		$c->{bail} //= $1;
	} else {
		$c->catalogue($1, $2) if $line =~ /^# conformance: (\d+) cases?, paths:\s*(.*)/;
		$c->other($line);
	}
}

# Of a later boot's head, only what differs from the first one's is worth showing.
sub other
{
	my ($c, $line) = @_;
	my $known = $c->{in_head} && $c->{head}{$line}++ && $c->{boots} > 1;

	$c->{armour} = 1 if $line =~ /^-----BEGIN CR86 IMAGE/;
	print "$line\n" if $c->{print} && !$c->{armour} && !$known;
	$c->{armour} = 0 if $line =~ /^-----END CR86 IMAGE/;
}

# The line before the first verdict of a case. Only the first boot runs self-tests before it: a later one has no other
# tests, and numbers the cases from 1.
sub catalogue
{
	my ($c, $cases, $paths) = @_;

	$c->{base} = $c->{count} if !defined $c->{cases};
	$c->{cases} //= $cases;
	$c->{in_cases} = 1;
	$c->{defects}{paths} = [ split ' ', $paths ] if $c->{defects};
}

# The number of the case that is under way; undef before the first, after the last, and in any other kernel.
sub case_under_way
{
	my ($c) = @_;
	my $verdicts = $c->{count} - $c->{base};

	return undef if !$c->{in_cases} || defined $c->{plan} || $verdicts >= $c->{cases};
	return $verdicts + 1;
}

sub test
{
	my ($c, $not, $number, $text) = @_;
	my $expected = ++$c->{count};

	$c->{in_head} = 0;
	$number += $c->{base} if $number ne '' && $c->{boots} > 1;
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
	$text .= $c->{defects}->directive(!$not, $text) if $c->{defects} && $c->{in_cases};
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
