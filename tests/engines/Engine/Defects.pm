# SPDX-License-Identifier: GPL-2.0-only
#
# The known-defects file: reading it, and judging a run's verdicts by it. tests/known-defects says what an entry is.
package Engine::Defects;

use strict;
use warnings;

our @engines = qw(qemu qemu-icount kvm bochs native);
our @keys = qw(engine version cpu case path field what manual right upstream reproduce);
my %optional = (path => 1, upstream => 1);

# --- reading ---

# Returns ([entry...], [complaint...]); a complaint begins with file and line. With any complaint, the entries are not
# to be relied on.
sub load
{
	my ($file) = @_;
	my (@entries, @complaints, $key, %names);

	open my $handle, '<:encoding(UTF-8)', $file or return ([], ["$file: $!"]);
	while (my $line = <$handle>) {
		my $entry = $entries[-1];
		my $here = "$file:$.";

		$line =~ s/\s+\z//;
		next if $line =~ /^(#|$)/;
		if ($line =~ /^\[([\w.-]+)\]$/) {
			push @entries, { name => $1, line => $. };
			push @complaints, "$here: two entries are called $1" if $names{$1}++;
			undef $key;
		} elsif ($line =~ /^\s+(\S.*)$/ && defined $key) {
			$entry->{$key} .= " $1";
		} elsif ($line =~ /^(\w+):\s*(.*)$/ && $entry) {
			$key = $1;
			push @complaints, "$here: unknown key '$key'; there are: @keys"
				unless grep { $_ eq $key } @keys;
			push @complaints, "$here: '$key' twice in $entry->{name}" if exists $entry->{$key};
			$entry->{$key} = $2;
		} else {
			push @complaints, "$here: neither [NAME] nor KEY: VALUE: '$line'";
		}
	}
	for my $entry (@entries) {
		my $wrong = check($entry) or next;
		push @complaints, "$file:$entry->{line}: [$entry->{name}] $wrong";
	}
	return (\@entries, \@complaints);
}

# What is wrong with an entry as a whole, or nothing. Takes its version apart.
sub check
{
	my ($e) = @_;
	my @missing = grep { !$optional{$_} && ($e->{$_} // '') eq '' } @keys;

	return "lacks @missing" if @missing;
	for (sort keys %optional) {
		return "has an empty $_" if defined $e->{$_} && $e->{$_} eq '';
	}
	return "engine: '$e->{engine}' is none of @engines" unless grep { $_ eq $e->{engine} } @engines;
	my $number = qr/\d+(?:\.\d+)*/;
	$e->{version} =~ /^($number)(?:\s+(-)(?:\s+($number))?)?$/
		or return "version: '$e->{version}' is neither A, 'A - B' nor 'A -'";
	@$e{qw(from to)} = ($1, $2 ? $3 : $1);
	return "version: '$e->{version}' ends before it begins"
		if defined $e->{to} && version_order($e->{from}, $e->{to}) > 0;
	return 'manual: names a section and quotes its sentence: SDM 1 §10.5.1: "..."'
		unless $e->{manual} =~ /^\S.*?\S: ".+"$/;
	return '';
}

# --- matching ---

# Numeric, component by component, as far as the bound goes: 7.2.22 is within 7.2.
sub version_order
{
	my ($version, $bound) = @_;
	my @version = split /\./, $version;
	my @bound = split /\./, $bound;

	for my $n (0 .. $#bound) {
		my $order = ($version[$n] // 0) <=> $bound[$n];
		return $order if $order;
	}
	return 0;
}

# A CPU model's features follow it after commas: those do not part two globs.
sub globs
{
	my ($list) = @_;
	return grep { length } split /\s*,\s*(?![-+])|\s+/, $list;
}

# A pattern that matches what any of the globs does.
sub any
{
	my $any = join '|', map { s/([*?])|(\W)/$1 ? $1 eq '*' ? '.*' : '.' : "\\$2"/ger } @_;
	return qr/^(?:$any)$/;
}

# A list is asked for again with each case: it becomes two patterns, once. A glob after '!' takes away.
my %patterns;

sub matches
{
	my ($list, $word) = @_;
	my ($in, $out) = @{ $patterns{$list} //= do {
		my @out = map { /^!(.*)/s ? $1 : () } globs($list);
		[ any(grep { !/^!/ } globs($list)), @out ? any(@out) : undef ];
	} };

	return $word =~ $in && !(defined $out && $word =~ $out);
}

sub for_version
{
	my ($e, $version) = @_;
	return 0 if version_order($version, $e->{from}) < 0;
	return !defined $e->{to} || version_order($version, $e->{to}) <= 0;
}

# --- judging a run ---

# The entries for one engine, which may have several names, and CPU. VERSION is a function: asking an emulator takes
# time, and is seldom needed.
sub new
{
	my ($class, $entries, $engines, $version, $cpu) = @_;
	my %named = map { $_ => 1 } @$engines;
	my @entries = grep { $named{ $_->{engine} } && matches($_->{cpu}, $cpu) } @$entries;
	my $number = @entries ? $version->() : '';

	@entries = grep { for_version($_, $number) } @entries;
	my $all = any(grep { !/^!/ } map { globs($_->{case}) } @entries);
	return bless { entries => \@entries, all => $all, paths => [], ran => {}, shown => {} }, $class;
}

# The entries that a case is in. Most cases are in none, which is soon known.
sub about
{
	my ($d, $name) = @_;
	return () unless $name =~ $d->{all};
	return grep { matches($_->{case}, $name) } @{ $d->{entries} };
}

# What a verdict line is about: "NAME [PATH...: FIELD...]"; one that died has no path.
sub parse
{
	my ($text) = @_;
	my ($name, $what) = $text =~ /^(?:-\s+)?(\S+)(?:\s+\[([^\]]*)\])?/ or return;
	my ($fields, $paths) = reverse split /:/, $what // '', 2;

	return ($name, [ split ' ', $paths // '' ], [ split ' ', $fields // '' ]);
}

# The names of those of the case's entries that explain a failure in full, or nothing. Each pair of failed path and wrong
# field needs one: the line does not say which field was wrong on which path.
sub explain
{
	my ($entries, $paths, $fields) = @_;
	my %used;

	return () unless @$fields;
	for my $path (@$paths ? @$paths : undef) {
		for my $field (@$fields) {
			my @by = grep { matches($_->{field}, $field) && on_path($_, $path) } @$entries or return ();
			$used{ $_->{name} } = 1 for @by;
		}
	}
	return sort keys %used;
}

sub on_path
{
	my ($e, $path) = @_;
	return 1 unless defined $e->{path};
	return defined $path && matches($e->{path}, $path);
}

# Takes note of one verdict line of a case; returns the directive that it gets: "" or " # TODO ...".
sub directive
{
	my ($d, $ok, $text) = @_;
	my ($name, $paths, $fields) = parse($text);

	return '' if !@{ $d->{entries} } || !defined $name || $text =~ /#\s*(SKIP|TODO)\b/i;
	my @about = $d->about($name);
	$d->{ran}{ $_->{name} }++ for @about;
	return '' if $ok;
	my @names = explain(\@about, $paths, $fields);
	$d->{shown}{$_} = 1 for @names ? @names : map { $_->{name} } @about;    # unexplained: any may have a part in it
	return @names ? ' # TODO known defect: ' . join(' ', @names) : '';
}

# The entries that no failure of their cases showed, each with the number of these cases. Those for other paths than the
# run's had no chance to show.
sub absent
{
	my ($d) = @_;
	my @paths = @{ $d->{paths} };

	my @chance = grep { my $e = $_; !@paths || grep { on_path($e, $_) } @paths } @{ $d->{entries} };

	return map { [ $_, $d->{ran}{$_} ] } grep { $d->{ran}{$_} && !$d->{shown}{$_} } map { $_->{name} } @chance;
}

1;
